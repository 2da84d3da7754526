package wsman

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/masterzen/winrm/soap"
)

var guidForm = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

// Create opens a shell (MS-WSMV 3.1.4.5.2). It follows redirects by hand: each
// target is asked for at AllowRedirect, told to Intend, and gets a new Create.
// The last one is the shell's URL for its whole life.
//
// When the shell may exist although Create failed (SentMaybe), the Shell comes
// with the error, so that it can be deleted.
func (c *Client) Create(ctx context.Context, o CreateOptions) (*Shell, error) {
	if !guidForm.MatchString(o.ShellID) {
		return nil, fmt.Errorf("%w: shell id %q is not a GUID", ErrConfig, o.ShellID)
	}
	j, err := newJar()
	if err != nil {
		return nil, err
	}
	j.restore(c.url, o.Cookies)
	at, way, session := c.url, newTrail(c.url), newMessageID()
	for {
		s, err := c.createAt(ctx, at, j, session, o)
		var r *redirected
		if !errors.As(err, &r) {
			return s, err
		}
		next, err := c.follow(ctx, at, r, way)
		if c.cfg.Trace != nil {
			e := Event{Body: strings.Join(r.location, ", "), Status: r.status}
			if err != nil {
				e.Err = err.Error()
			}
			c.trace(opCreate, at, time.Now())("redirect", e)
		}
		if err != nil {
			return nil, err
		}
		at = next
	}
}

// Front gives the cookies that the server's front end hands out to any request,
// one without a sign-in and without content among them: nil when it gives none.
// Where a load balancer binds a client to one of its servers by them, a Create
// that carries them can be found again although its answer is lost.
func (c *Client) Front(ctx context.Context) ([]Cookie, error) {
	limit, cancel := context.WithTimeout(ctx, c.cfg.OperationTimeout+c.cfg.Grace)
	defer cancel()
	j, err := newJar()
	if err != nil {
		return nil, err
	}
	tr := c.plain
	if tr == nil {
		tr = c.newTransport(c.url.Scheme)
		defer tr.CloseIdleConnections()
	}
	asked := &call{op: opFront, url: c.url, jar: j, started: time.Now()}
	a, err := roundTrip(limit, tr, asked, nil)
	if err != nil {
		return nil, (&link{c: c, url: c.url, jar: j}).netError(ctx, limit, asked, err)
	}
	a.buf.release()
	return j.export(c.url), nil
}

// createAt sends one Create to one URL.
func (c *Client) createAt(ctx context.Context, at *url.URL, j *jar, session string, o CreateOptions) (*Shell, error) {
	f := c.frame(at.String(), session)
	t := f.create(o)
	if t.length(len(o.Open)) > f.maxEnvelope {
		return nil, fmt.Errorf("%w: %d bytes to open a shell, room for %d", ErrTooLarge, len(o.Open), t.room(f.maxEnvelope))
	}
	if o.Intend != nil {
		if err := o.Intend(Record{
			ShellID: strings.ToUpper(o.ShellID), URL: at.String(), Configuration: c.cfg.Configuration, Cookies: j.export(at),
		}); err != nil {
			return nil, err
		}
	}
	l := c.link(at, j)
	s := c.newShell(l, f, strings.ToUpper(o.ShellID))
	x, err := l.call(ctx, opCreate, t, fill{data: o.Open})
	if err == nil {
		err = s.created(x)
	}
	var r *redirected
	switch {
	case err == nil:
		return s, nil
	case !errors.As(err, &r) && SentMaybe(err):
		return s, err
	}
	l.close()
	return nil, err
}

// created reads ResourceCreated and rsp:Shell.
func (s *Shell) created(x envelope) error {
	rc := x.body.child(soap.NS_TRANSFER, "ResourceCreated")
	set := rc.child(soap.NS_ADDRESSING, "ReferenceParameters").child(soap.NS_WSMAN_DMTF, "SelectorSet")
	id := ""
	if set != nil {
		for _, c := range set.children {
			if c.name.Local == "Selector" && c.attr("Name") == "ShellId" {
				id = c.trimmed()
			}
		}
	}
	shell := x.body.child(soap.NS_WIN_SHELL, "Shell")
	if id == "" {
		id = shell.childText(soap.NS_WIN_SHELL, "ShellId")
	}
	if id == "" {
		return &ProtocolError{Op: opCreate, What: "the answer names no shell"}
	}
	s.id = id
	for name, into := range map[string]*time.Duration{"IdleTimeOut": &s.idle, "MaxIdleTimeOut": &s.maxIdle} {
		text := shell.childText(soap.NS_WIN_SHELL, name)
		if text == "" {
			continue
		}
		d, err := parseDuration(text)
		if err != nil {
			return &ProtocolError{Op: opCreate, What: name, Err: err}
		}
		*into = d
	}
	s.build(s.frame.maxEnvelope)
	return nil
}

// Attach gives a shell that an earlier process has opened, with its URL and
// cookies as they were recorded: to delete it.
func (c *Client) Attach(r Record) (*Shell, error) {
	u, err := parseURL(r.URL)
	if err != nil {
		return nil, fmt.Errorf("%w: recorded url: %w", ErrConfig, err)
	}
	if c.cfg.Auth == Basic && u.Scheme != "https" {
		return nil, ErrBasicOverHTTP
	}
	if r.ShellID == "" {
		return nil, fmt.Errorf("%w: record without a shell id", ErrConfig)
	}
	j, err := newJar()
	if err != nil {
		return nil, err
	}
	j.restore(u, r.Cookies)
	f := c.frame(u.String(), newMessageID())
	if r.Configuration != "" {
		f.resourceURI = resourceURI(r.Configuration)
	}
	s := c.newShell(c.link(u, j), f, r.ShellID)
	if r.Configuration != "" {
		s.configuration = r.Configuration
	}
	return s, nil
}
