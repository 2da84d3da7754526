package signin

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"

	"postroom/session"
	"postroom/session/holder"
)

// SignIn is what a sign-in of a person is about.
type SignIn struct {
	// Tenant is the GUID of the tenant to sign in to; "" is the account's own.
	Tenant string
	// Claims is the JSON that a *session.NeedsSignInError asks for.
	Claims string
}

// browserTime is how long a person may take in the browser: that it was closed
// does not show.
const browserTime = 5 * time.Minute

// ErrBrowserTime is a browser that did not come back in the time that there was.
var ErrBrowserTime = errors.New("sign in: nobody signed in in the browser in time")

// Browser lets the person sign in in the system's browser, which open brings to an
// address; it waits until they have, ctx ends, or five minutes are over. The
// target's account is suggested; with none, the person chooses, and the token's
// Account says who it was. *WrongAccountError says that it was another.
//
// Other errors: *AuthorityError, *BrowserError, ErrBrowserTime, what open returns,
// *session.WrongTenantError, and those of Token.
func (t *Tokens) Browser(ctx context.Context, to session.Target, s SignIn, open func(address string) error) (session.Token, error) {
	return t.signIn(ctx, to, s, func(ctx context.Context, c *client, scope string) (public.AuthResult, error) {
		ctx, cancel := context.WithTimeoutCause(ctx, cmp.Or(t.o.BrowserTime, browserTime), ErrBrowserTime)
		defer cancel()
		ctx, fail := context.WithCancelCause(ctx)
		defer fail(nil)
		options := []public.AcquireInteractiveOption{public.WithOpenURL(func(address string) error {
			go func() { // ends with open: some browsers keep their caller until they are closed
				if err := open(address); err != nil {
					fail(fmt.Errorf("open the browser: %w", err))
				}
			}()
			return nil
		})}
		if to.Account != "" {
			options = append(options, public.WithLoginHint(to.Account))
		}
		if s.Tenant != "" {
			options = append(options, public.WithTenantID(s.Tenant))
		}
		if s.Claims != "" {
			options = append(options, public.WithClaims(s.Claims))
		}
		got, err := c.public.AcquireTokenInteractive(ctx, []string{scope}, options...)
		switch {
		case err == nil:
			return got, nil
		case ctx.Err() != nil:
			return got, context.Cause(ctx)
		}
		if shown := refusalOf(ctx, c.http.host, err); shown != nil {
			return got, shown
		}
		return got, browserRefusal(err)
	})
}

// DeviceCode is what a person types on another device.
type DeviceCode struct {
	Code    string
	Address string    // where to type it
	Expires time.Time // until then
}

// Device lets the person sign in on another device: show is told the code and the
// address, then Device waits until they have signed in there, ctx ends, or the code
// is over. Errors are those of Browser without the browser's.
func (t *Tokens) Device(ctx context.Context, to session.Target, s SignIn, show func(DeviceCode)) (session.Token, error) {
	return t.signIn(ctx, to, s, func(ctx context.Context, c *client, scope string) (public.AuthResult, error) {
		var options []public.AcquireByDeviceCodeOption
		if s.Tenant != "" {
			options = append(options, public.WithTenantID(s.Tenant))
		}
		if s.Claims != "" {
			options = append(options, public.WithClaims(s.Claims))
		}
		code, err := c.public.AcquireTokenByDeviceCode(ctx, []string{scope}, options...)
		if err == nil {
			show(DeviceCode{Code: code.Result.UserCode, Address: code.Result.VerificationURL, Expires: code.Result.ExpiresOn})
			var got public.AuthResult
			if got, err = code.AuthenticationResult(ctx); err == nil {
				return got, nil
			}
		}
		if shown := refusalOf(ctx, c.http.host, err); shown != nil {
			return public.AuthResult{}, shown
		}
		return public.AuthResult{}, &InvalidAnswerError{Authority: c.http.host}
	})
}

// WrongAccountError is a sign-in of somebody else than the target's account, who is
// signed in now: the target may be opened as that, or the sign-in tried again.
type WrongAccountError struct{ Wanted, Got string }

// Error names both.
func (e *WrongAccountError) Error() string {
	return fmt.Sprintf("sign in: %s was to sign in, and %s did", e.Wanted, e.Got)
}

// WrongAccount gives both.
func (e *WrongAccountError) WrongAccount() (wanted, got string) { return e.Wanted, e.Got }

// signIn lets a person sign in, and keeps what came of it.
func (t *Tokens) signIn(ctx context.Context, to session.Target, s SignIn, ask func(context.Context, *client, string) (public.AuthResult, error)) (session.Token, error) {
	m, err := to.Endpoint.SignIn()
	if err != nil {
		return session.Token{}, fmt.Errorf("sign in: %w", err)
	}
	if s.Tenant != "" {
		if _, err = checked(to, session.TokenRequest{Tenant: s.Tenant, Claims: s.Claims}); err != nil {
			return session.Token{}, err
		}
	} else if err = checkClaims(s.Claims); err != nil {
		return session.Token{}, err
	}
	c, err := t.clientOf(to, m)
	if err != nil {
		return session.Token{}, err
	}
	if err = t.cacheOf(originOf(m)).retry(ctx); err != nil { // the person is there, and may unlock the keyring
		return session.Token{}, err
	}
	if err = t.askAtProxy(ctx, wayOf(to, originOf(m))); err != nil {
		return session.Token{}, err
	}
	got, err := ask(ctx, c, m.Scope)
	if err != nil {
		return session.Token{}, fmt.Errorf("sign in at %s: %w", m.Authority, withConsent(m, s.Tenant, t.heedProxy(ctx, err)))
	}
	name := got.Account.PreferredUsername
	token, err := read(got.AccessToken, name, got.ExpiresOn, s.Tenant)
	if err != nil {
		return session.Token{}, err
	}
	token.Home = homeOf(got.Account.HomeAccountID)
	t.hold(tokenKey{origin: originOf(m), account: holder.AccountKey(name), tenant: token.Tenant, scope: m.Scope}, token)
	t.o.Changed(ctx, name)
	if to.Account != "" && !holder.SameAccount(to.Account, name) {
		return session.Token{}, &WrongAccountError{Wanted: to.Account, Got: name}
	}
	return token, nil
}
