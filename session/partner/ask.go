package partner

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"postroom/session"
	"postroom/session/bounded"
)

// asking is one list on its way.
type asking struct {
	graph   *Graph
	base    *url.URL
	target  session.Target
	tenant  string // the partner's GUID
	consent string // where its administrator consents to the application
	client  *http.Client
	waits   func(time.Time)
}

func (g *Graph) ask(ctx context.Context, t session.Target, waits func(time.Time)) (*asking, error) {
	at, err := At(t)
	if err != nil {
		return nil, err
	}
	_, base, err := at.Endpoint.AtGraph()
	if err != nil {
		return nil, err
	}
	modern, err := at.Endpoint.SignIn()
	if err != nil {
		return nil, err
	}
	tenant, err := g.o.FindTenant(ctx, at)
	if err != nil {
		return nil, err
	}
	roots, err := at.Endpoint.Roots(at.RootCAs)
	if err != nil {
		return nil, err
	}
	if err = g.o.Proxies.Prepare(ctx, at.Endpoint.Proxy, base); err != nil {
		return nil, err
	}
	if waits == nil {
		waits = func(time.Time) {}
	}
	client := g.o.Client(at.Endpoint.Proxy, roots)
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &asking{graph: g, base: base, target: at, tenant: tenant, consent: modern.ConsentPage(tenant), client: client, waits: waits}, nil
}

func (a *asking) address(what string) *url.URL { return a.base.JoinPath(what) }

// all gives the entries of a list, page by page.
func all[T any](ctx context.Context, a *asking, what string) ([]T, error) {
	var list []T
	seen := map[string]bool{}
	for at := a.address(what); ; {
		var page struct {
			Value []T    `json:"value"`
			Next  string `json:"@odata.nextLink"`
		}
		if err := a.get(ctx, at, &page); err != nil {
			return nil, err
		}
		list = append(list, page.Value...)
		if page.Next == "" {
			return list, nil
		}
		next, err := url.Parse(page.Next)
		if err != nil || !a.ours(next) || seen[page.Next] {
			return nil, &ForeignLinkError{Link: hostOf(next)}
		}
		seen[page.Next], at = true, next
	}
}

// ours says that a token may go to an address: it is below the Graph's.
func (a *asking) ours(u *url.URL) bool {
	return u.Scheme == a.base.Scheme && strings.EqualFold(u.Host, a.base.Host) && u.User == nil && strings.HasPrefix(u.Path, a.base.Path+"/") && !strings.Contains(u.Path, "..")
}

func hostOf(u *url.URL) string {
	if u == nil {
		return "an address that cannot be read"
	}
	return u.Host
}

const (
	// timeout bounds one request, most is how much of an answer is read, in bytes.
	timeout = 30 * time.Second
	most    = 16 << 20
	// attempts are how often something is asked for that Graph wants to be asked for
	// later, longest how long is waited in between at most.
	attempts = 5
	longest  = 2 * time.Minute
)

// get asks for something, as often as Graph wants to be asked again.
func (a *asking) get(ctx context.Context, at *url.URL, into any) error {
	claims, fresh := "", false
	for n := 1; ; n++ {
		token, err := a.token(ctx, claims, fresh)
		if err != nil {
			return err
		}
		said, err := a.once(ctx, at, token)
		if err != nil {
			return err
		}
		switch {
		case said.status == http.StatusOK:
			if err := json.Unmarshal(said.body, into); err != nil {
				return &AnswerError{What: a.what(at), Status: said.status, Message: "no JSON", RequestID: said.request()}
			}
			return nil
		case said.status == http.StatusUnauthorized && !fresh:
			claims, fresh = claimsOf(said.header), true
			continue
		case !said.busy():
			return said.refusal(a.what(at), a.consent)
		}
		until := said.until(n)
		if n == attempts || time.Until(until) > longest {
			return &ThrottledError{What: a.what(at), Until: until}
		}
		a.waits(until)
		select {
		case <-time.After(time.Until(until)):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// token gets a token of the partner's own tenant, and of no other.
func (a *asking) token(ctx context.Context, claims string, fresh bool) (session.Token, error) {
	token, err := a.graph.o.Tokens.Token(ctx, a.target, session.TokenRequest{Tenant: a.tenant, Scope: a.target.Endpoint.Modern.Scope, Claims: claims, Fresh: fresh})
	if err == nil && token.Tenant != a.tenant {
		err = &session.WrongTenantError{Chosen: a.tenant, Got: token.Tenant}
	}
	return token, err
}

// what is an address below the Graph's, without what pages have in it.
func (a *asking) what(at *url.URL) string {
	return strings.TrimPrefix(strings.TrimPrefix(at.Path, a.base.Path), "/")
}

// answer is what Graph said.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// busy says that Graph wants to be asked again later.
func (s answer) busy() bool {
	return s.status == http.StatusTooManyRequests || s.status == http.StatusServiceUnavailable || s.status == http.StatusGatewayTimeout
}

func (a *asking) once(ctx context.Context, at *url.URL, token session.Token) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return answer{}, fmt.Errorf("ask %s: %w", a.what(at), err)
	}
	r.Header.Set("Authorization", "Bearer "+token.Secret.Reveal())
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", a.graph.o.Program)
	resp, err := a.client.Do(r)
	if err != nil {
		_, err = a.graph.o.Proxies.Heed(ctx, err)
		return answer{}, fmt.Errorf("ask Microsoft Graph for %s: %w", a.what(at), err)
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end or given up
	body, err := bounded.ReadAll(resp.Body, a.what(at), most)
	if err != nil {
		return answer{}, fmt.Errorf("read what Microsoft Graph says of %s: %w", a.what(at), err)
	}
	return answer{status: resp.StatusCode, header: resp.Header, body: body}, nil
}

// until is when to ask again: as Graph says, in seconds or as a date, else later
// with each attempt.
func (s answer) until(attempt int) time.Time {
	text := s.header.Get("Retry-After")
	if seconds, err := strconv.Atoi(text); err == nil && seconds >= 0 {
		return time.Now().Add(time.Duration(seconds) * time.Second)
	}
	if at, err := http.ParseTime(text); err == nil {
		return at
	}
	return time.Now().Add(time.Second << attempt)
}

func (s answer) request() string { return s.header.Get("Request-Id") }

// refusal reads an error of Graph's.
func (s answer) refusal(what, consent string) error {
	var said struct {
		Error struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		} `json:"error"`
	}
	if json.Unmarshal(s.body, &said) != nil {
		said.Error.Message = "no JSON" // a page of a proxy; the status says something too
	}
	if s.status == http.StatusForbidden || s.status == http.StatusUnauthorized {
		return &RefusedError{What: what, Status: s.status, Code: said.Error.Code, Message: said.Error.Message, RequestID: s.request(), Consent: consent}
	}
	return &AnswerError{What: what, Status: s.status, Code: said.Error.Code, Message: said.Error.Message, RequestID: s.request()}
}

var challenged = regexp.MustCompile(`claims="([^"]+)"`)

// claimsOf gives the JSON of a claims challenge, which stands in base64; "" for none.
func claimsOf(h http.Header) string {
	for _, challenge := range h.Values("Www-Authenticate") {
		if m := challenged.FindStringSubmatch(challenge); m != nil {
			b, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(m[1], "="))
			if err == nil && json.Valid(b) {
				return string(b)
			}
		}
	}
	return ""
}
