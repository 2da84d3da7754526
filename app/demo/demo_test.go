package demo_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"postroom/app/demo"
	"postroom/session"
	"postroom/session/endpoint"
	"postroom/session/signin"
)

func start(t *testing.T) *demo.Demo {
	t.Helper()
	directory, err := endpoint.OpenDirectory(filepath.Join(t.TempDir(), "endpoints.json"), nil)
	if err != nil {
		t.Fatal(err)
	}
	d, err := demo.Start(t.Context(), directory, demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Stop)
	return d
}

func target(d *demo.Demo) session.Target {
	return session.Target{Endpoint: d.Online, RootCAs: d.Server.RootCAs()}
}

// A newcomer signs in to the demo's Exchange Online without a browser.
func TestVisit(t *testing.T) {
	d := start(t)
	tokens := signin.NewTokens(signin.TokenOptions{Dir: t.TempDir(), Program: "Postroom"})
	token, err := tokens.Browser(t.Context(), target(d), signin.SignIn{}, func(address string) error { return d.Visit(t.Context(), address, "") })
	if err != nil || token.Tenant != d.Server.TenantID() || token.Account != d.Server.Account() {
		t.Fatalf("%s of %s, %v", token.Account, token.Tenant, err)
	}
	again := target(d)
	again.Account = token.Account
	if silent, err := tokens.Token(t.Context(), again, session.TokenRequest{Tenant: token.Tenant}); err != nil || silent.Tenant != token.Tenant {
		t.Errorf("%s, %v", silent.Tenant, err)
	}
}

func TestVisitOfAnUnknownAccount(t *testing.T) {
	d := start(t)
	tokens := signin.NewTokens(signin.TokenOptions{Dir: t.TempDir(), Program: "Postroom"})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	_, err := tokens.Browser(ctx, target(d), signin.SignIn{}, func(address string) error {
		return d.Visit(ctx, address, "nobody@nowhere.example")
	})
	if err == nil {
		t.Error("nobody@nowhere.example signed in")
	}
}

func TestEnterCode(t *testing.T) {
	d := start(t)
	tokens := signin.NewTokens(signin.TokenOptions{Dir: t.TempDir(), Program: "Postroom"})
	entered := make(chan error, 1)
	token, err := tokens.Device(t.Context(), target(d), signin.SignIn{}, func(c signin.DeviceCode) {
		entered <- d.EnterCode(t.Context(), c.Address, c.Code, "")
	})
	if err != nil || token.Tenant != d.Server.TenantID() {
		t.Fatalf("%s, %v", token.Tenant, err)
	}
	if err := <-entered; err != nil {
		t.Error(err)
	}
}

func TestBothDoorsAreTheDemos(t *testing.T) {
	d := start(t)
	for _, address := range []string{d.Endpoint.URL, d.Online.URL, d.Online.URL + "/"} {
		if !d.At(address) {
			t.Errorf("%s is not the demo's", address)
		}
	}
	var none *demo.Demo
	if none.At(d.Online.URL) || d.At("https://elsewhere.example") {
		t.Error("another's address is the demo's")
	}
	for _, e := range []endpoint.Endpoint{d.Endpoint, d.Online} {
		if err := e.Validate(); err != nil {
			t.Error(err)
		}
	}
	if !errors.Is(d.EnterCode(t.Context(), d.Server.AuthorityURL()+"/../devicelogin", "x", "nobody@x.example"), demo.ErrPage) {
		t.Error("an unknown account was let in")
	}
}
