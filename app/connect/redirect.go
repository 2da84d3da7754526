package connect

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"fyne.io/fyne/v2/lang"

	"postroom/session/endpoint"
	"postroom/widgets"
)

// allowRedirect is the redirect policy of an endpoint with a person to ask:
// hosts of the policy and those allowed before pass, others are asked about
// once, and http and downgrades never pass. What it returns is called on
// workers, by several at once.
func (c *Connector) allowRedirect(e endpoint.Endpoint) func(context.Context, *url.URL, *url.URL) error {
	return func(ctx context.Context, from, to *url.URL) error {
		refused, err := c.refusedRedirect(e, from, to)
		if refused == nil || !refused.Askable() {
			return err
		}
		select {
		case c.asking <- struct{}{}: // one question at a time
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		defer func() { <-c.asking }()
		// It may have been answered for another session in the meantime.
		if refused, err = c.refusedRedirect(e, from, to); refused == nil {
			return err
		}
		allowed, askErr := c.askRedirect(ctx, refused)
		if askErr != nil {
			return askErr
		}
		if !allowed {
			return err
		}
		return c.rememberRedirect(context.WithoutCancel(ctx), e, refused)
	}
}

// refusedRedirect asks the policy. refused is nil when it allows, and when the
// error is another one.
func (c *Connector) refusedRedirect(e endpoint.Endpoint, from, to *url.URL) (refused *endpoint.RedirectRefused, err error) {
	if known, ok := c.Directory.Recognize(e); ok {
		e = known // it may have got its ID only now
	}
	err = c.Directory.AllowRedirect(e, from, to)
	if !errors.As(err, &refused) {
		return nil, err
	}
	return refused, err
}

// rememberRedirect keeps what the person allowed. An address that was only
// typed becomes one of their own, because that is what the host is kept with.
func (c *Connector) rememberRedirect(ctx context.Context, e endpoint.Endpoint, refused *endpoint.RedirectRefused) error {
	directory := c.Directory
	known, ok := directory.Recognize(e)
	if !ok {
		own := e
		own.ID, own.Own, own.Texts, own.Closed = "", true, nil, ""
		var err error
		if known, err = directory.Add(ctx, own); err != nil {
			return fmt.Errorf("remember the redirect to %s: %w", refused.Host, err)
		}
	}
	if err := directory.RememberRedirect(ctx, known.ID, refused); err != nil {
		return fmt.Errorf("remember the redirect to %s: %w", refused.Host, err)
	}
	return nil
}

// askRedirect shows the host asked for and the host offered, and waits for the
// answer. On a worker.
func (c *Connector) askRedirect(ctx context.Context, refused *endpoint.RedirectRefused) (bool, error) {
	answers := make(chan bool, 1)
	var shown *widgets.Sheet // UI thread only
	c.Desk.Post(func() {
		if ctx.Err() == nil {
			shown = c.showRedirect(refused, func(yes bool) {
				shown.Hide()
				answers <- yes
			})
		}
	})
	select {
	case yes := <-answers:
		return yes, nil
	case <-ctx.Done():
		c.Desk.Post(func() {
			if shown != nil {
				shown.Hide()
			}
		})
		return false, context.Cause(ctx)
	}
}

func (c *Connector) showRedirect(refused *endpoint.RedirectRefused, answer func(bool)) *widgets.Sheet {
	asked, offered := refused.From, refused.Host
	if u, err := url.Parse(refused.From); err == nil {
		asked = u.Host
	}
	if u, err := url.Parse(refused.To); err == nil && u.Host != "" {
		offered = u.Host // with its port, which may be all that differs
	}
	once := false
	give := func(yes bool) func() {
		return func() {
			if !once {
				once = true
				answer(yes)
			}
		}
	}
	no := widgets.NewButton(lang.L("Stay here"), give(false))
	yes := widgets.NewPrimaryButton(lang.L("Send the password there"), give(true))
	s := c.Desk.Sheets.New(widgets.SheetSpec{
		Title: lang.L("The server is redirecting you"),
		Width: 560, Foot: widgets.NewFoot(nil, no, yes),
	},
		widgets.NewTextRow(lang.L("Requested"), widgets.NewParagraph(asked, widgets.StrongText)),
		widgets.NewTextRow(lang.L("Redirected to"), widgets.NewParagraph(offered, widgets.StrongText)),
		widgets.NewParagraph(lang.L("Your account name and password would go to the new host. Allow this only if it belongs to the same operator. Your answer is remembered for this address."), widgets.BodyText),
	)
	s.Leave = give(false)
	s.Show(no)
	return s
}
