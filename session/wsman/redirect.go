package wsman

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// redirected is the answer "go elsewhere", before anybody decided about it.
type redirected struct {
	status   int
	location []string
}

func (r *redirected) Error() string { return fmt.Sprintf("redirected with HTTP %d", r.status) }

// late makes a redirect of anything but Create an error: the target of a
// session is fixed when the shell is opened.
func late(err error, from *url.URL) error {
	var r *redirected
	if !errors.As(err, &r) {
		return err
	}
	e := &RedirectError{From: from, Reason: RedirectLate}
	if len(r.location) == 1 {
		e.Location = r.location[0]
		if to, err := from.Parse(e.Location); err == nil {
			e.To = to
		}
	}
	return e
}

// trail is the way of a Create so far.
type trail struct {
	first   *url.URL
	visited map[string]bool
	hops    int
}

func newTrail(first *url.URL) *trail {
	return &trail{first: first, visited: map[string]bool{first.String(): true}}
}

// follow decides where a redirect leads. Nothing is sent there yet.
func (c *Client) follow(ctx context.Context, from *url.URL, r *redirected, t *trail) (*url.URL, error) {
	to, err := t.target(from, r)
	if err != nil {
		return nil, err
	}
	refuse := func(reason RedirectReason, err error) error {
		return &RedirectError{From: from, To: to, Location: r.location[0], Reason: reason, Err: err}
	}
	switch {
	case to.Scheme != "https":
		return nil, refuse(RedirectDowngrade, nil)
	case t.visited[to.String()]:
		return nil, refuse(RedirectLoop, nil)
	case t.hops >= maxRedirects:
		return nil, refuse(RedirectTooMany, nil)
	case !sameTenant(t.first, to):
		return nil, refuse(RedirectTenantLost, nil)
	}
	if c.cfg.AllowRedirect != nil {
		if err := c.cfg.AllowRedirect(ctx, from, to); err != nil {
			return nil, refuse(RedirectRefused, err)
		}
	} else if to.Host != from.Host || from.Scheme != to.Scheme {
		return nil, refuse(RedirectRefused, nil)
	}
	t.visited[to.String()] = true
	t.hops++
	return to, nil
}

// target reads the Location header.
func (t *trail) target(from *url.URL, r *redirected) (*url.URL, error) {
	if len(r.location) == 0 || r.location[0] == "" {
		return nil, &RedirectError{From: from, Reason: RedirectNoLocation}
	}
	location := r.location[0]
	bad := func(err error) error {
		return &RedirectError{From: from, Location: location, Reason: RedirectBadLocation, Err: err}
	}
	if len(r.location) > 1 {
		return nil, bad(errors.New("more than one"))
	}
	if strings.ContainsFunc(location, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, bad(errors.New("a character that a URL may not have"))
	}
	to, err := from.Parse(location)
	if err != nil {
		var bare *url.Error
		if errors.As(err, &bare) {
			err = bare.Err
		}
		return nil, bad(err)
	}
	if err := checkURL(to); err != nil {
		return nil, bad(err)
	}
	return to, nil
}

// sameTenant holds a session to the tenant that it was asked for: a target
// without DelegatedOrg, with another one, or with two of which the server may
// take either, would open the session in the wrong organization.
func sameTenant(first, to *url.URL) bool {
	asked, offered := delegatedOrgs(first), delegatedOrgs(to)
	if len(asked) == 0 {
		return len(offered) == 0
	}
	return len(offered) == 1 && strings.EqualFold(asked[0], offered[0])
}

// delegatedOrgs reads a query whose parts are separated by & or ;, as Exchange
// has both, and gives what the server may take for the tenant. Names are
// compared as the server decodes them.
func delegatedOrgs(u *url.URL) []string {
	var found []string
	for part := range strings.FieldsFuncSeq(u.RawQuery, func(r rune) bool { return r == '&' || r == ';' }) {
		name, value, _ := strings.Cut(part, "=")
		if strings.EqualFold(strings.TrimSpace(unescaped(name)), "DelegatedOrg") {
			found = append(found, strings.TrimSpace(unescaped(value)))
		}
	}
	return found
}

// unescaped decodes a part of a query once; what is not encoded as one stays.
func unescaped(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

// retryAfter reads the header in both of its forms, in seconds.
func retryAfter(h http.Header, now time.Time) int {
	v := h.Get("Retry-After")
	if n, err := strconv.Atoi(v); err == nil && n > 0 {
		return min(n, maxRetryAfter)
	}
	if at, err := http.ParseTime(v); err == nil && at.After(now) {
		return int(min(at.Sub(now), maxRetryAfter*time.Second).Seconds())
	}
	return 0
}

// maxRetryAfter is the longest wait that a server is believed, in seconds: a
// day. Exchange's budgets are refilled within the hour.
const maxRetryAfter = 24 * 60 * 60
