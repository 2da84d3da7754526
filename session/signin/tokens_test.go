package signin_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"postroom/session"
	"postroom/session/endpoint"
	"postroom/session/signin"
)

func TestBrowserSignIn(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	_, err := b.tokens.Token(t.Context(), b.person(), session.TokenRequest{Tenant: b.server.TenantID()})
	var needed *session.NeedsSignInError
	if !errors.As(err, &needed) || needed.Account != b.server.Account() || needed.Tenant != b.server.TenantID() || needed.Err != nil {
		t.Fatalf("nobody has signed in: %v", err)
	}
	token := b.signIn()
	if token.Account != b.server.Account() || token.Tenant != b.server.TenantID() || time.Until(token.Expires) < 30*time.Minute {
		t.Errorf("%+v", token)
	}
	again, err := b.tokens.Token(t.Context(), b.person(), session.TokenRequest{Tenant: b.server.TenantID()})
	if err != nil || !again.Secret.Equal(token.Secret) {
		t.Errorf("the token that was given is not used: %v", err)
	}
}

func TestDeviceSignIn(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	token, err := b.tokens.Device(t.Context(), b.target("", endpoint.AuthDevice), signin.SignIn{}, b.device(t.Context(), b.server.Account()))
	if err != nil || token.Account != b.server.Account() || token.Tenant != b.server.TenantID() {
		t.Errorf("%+v, %v", token, err)
	}
}

// Forty tenants, one after the other and at once: each gets its own token.
func TestSilentForFortyTenants(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signIn()
	var wg sync.WaitGroup
	for n := range 40 {
		id := b.id(fmt.Sprintf("customer%02d.example", n+1))
		wg.Go(func() {
			token, err := b.tokens.Token(t.Context(), b.person(), session.TokenRequest{Tenant: id})
			if err != nil || token.Tenant != id {
				t.Errorf("%s: %+v, %v", id, token, err)
			}
		})
	}
	wg.Wait()
}
