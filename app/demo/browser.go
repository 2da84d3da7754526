package demo

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// ErrPage is a sign-in page of the demo that refused.
var ErrPage = errors.New("the demo's sign-in page refused the account or its password")

// Visit plays the browser and the person in it: it opens an address of the demo's
// sign-in page, fills in an account and the demo's password, and carries the answer
// to the program that waits for it on loopback. A real browser would not trust the
// demo's certificate. It returns when the answer has arrived.
func (d *Demo) Visit(ctx context.Context, address, account string) error {
	if account == "" {
		account = d.Server.Account()
	}
	b := d.browser()
	page, err := b.get(ctx, address)
	if err != nil {
		return fmt.Errorf("open the demo's sign-in page: %w", err)
	}
	page.fields.Set("login", account)
	page.fields.Set("passwd", d.Server.Password())
	if page, err = b.post(ctx, page); err != nil {
		return fmt.Errorf("sign in at the demo: %w", err)
	}
	if page.action == nil || page.asks { // the same page again says what is wrong
		return ErrPage
	}
	if _, err := b.post(ctx, page); err != nil {
		return fmt.Errorf("hand on the demo's answer: %w", err)
	}
	return nil
}

// EnterCode plays the other device: it types a code, an account and the demo's
// password into the page for codes.
func (d *Demo) EnterCode(ctx context.Context, address, code, account string) error {
	if account == "" {
		account = d.Server.Account()
	}
	b := d.browser()
	page, err := b.get(ctx, address)
	if err != nil {
		return fmt.Errorf("open the demo's page for codes: %w", err)
	}
	page.fields.Set("user_code", code)
	page.fields.Set("login", account)
	page.fields.Set("passwd", d.Server.Password())
	if page, err = b.post(ctx, page); err != nil {
		return fmt.Errorf("enter the code at the demo: %w", err)
	}
	if strings.Contains(page.problem, "incorrect") {
		return ErrPage
	}
	return nil
}

// browser is a client that trusts the demo.
type browser struct{ client *http.Client }

func (d *Demo) browser() browser {
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: d.Server.RootCAs(), MinVersion: tls.VersionTLS12}, DisableKeepAlives: true}
	return browser{&http.Client{Transport: transport, Timeout: 30 * time.Second}}
}

// page is a form of a page.
type page struct {
	action  *url.URL // nil where there is no form
	fields  url.Values
	asks    bool // for a password
	problem string
}

func (b browser) get(ctx context.Context, address string) (page, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return page{}, err
	}
	return b.send(r)
}

func (b browser) post(ctx context.Context, p page) (page, error) {
	if p.action == nil {
		return page{}, ErrPage
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.action.String(), strings.NewReader(p.fields.Encode()))
	if err != nil {
		return page{}, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.send(r)
}

// mostPage is how much of a page is read, in bytes.
const mostPage = 1 << 20

func (b browser) send(r *http.Request) (page, error) {
	resp, err := b.client.Do(r)
	if err != nil {
		return page{}, err
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end or given up
	root, err := html.Parse(io.LimitReader(resp.Body, mostPage))
	if err != nil {
		return page{}, err
	}
	p := page{fields: url.Values{}}
	for n := range root.Descendants() {
		p.take(n, resp.Request.URL)
	}
	return p, nil
}

// take takes over what a form has.
func (p *page) take(n *html.Node, base *url.URL) {
	value := func(name string) string {
		for _, a := range n.Attr {
			if a.Key == name {
				return a.Val
			}
		}
		return ""
	}
	switch n.Data {
	case "form":
		if to, err := base.Parse(value("action")); err == nil {
			p.action = to
		}
	case "input":
		p.fields.Set(value("name"), value("value"))
		p.asks = p.asks || value("type") == "password"
	case "p":
		if n.FirstChild != nil {
			p.problem = n.FirstChild.Data
		}
	}
}
