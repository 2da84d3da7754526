package signin_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"postroom/session"
	"postroom/session/credential"
	"postroom/session/diagnose"
	"postroom/session/endpoint"
	"postroom/session/signin"
	"postroom/test/fixture"
)

// The traps of sign-in with MSAL, each under its name.

func TestATenantIsAlwaysNamedByItsGUID(t *testing.T) {
	t.Parallel()
	a := newScripted(t)
	p := newProcess(t.TempDir(), credential.NewMemory())
	a.signIn(p, ada)
	before := len(a.asks())
	for _, tenant := range []string{"", "organizations", "common", "nordwind.example", "../x", homeID + "/../x", strings.ToUpper(otherID), "{" + otherID + "}", " " + otherID, otherID[:35]} {
		if _, err := p.Token(t.Context(), a.target(ada), session.TokenRequest{Tenant: tenant}); !errors.Is(err, signin.ErrTenantID) {
			t.Errorf("%q: %v", tenant, err)
		}
		if tenant == "" {
			continue
		}
		_, err := p.Device(t.Context(), a.target(ada), signin.SignIn{Tenant: tenant}, func(signin.DeviceCode) { t.Errorf("%q was asked", tenant) })
		if !errors.Is(err, signin.ErrTenantID) {
			t.Errorf("sign in to %q: %v", tenant, err)
		}
	}
	if n := len(a.asks()); n != before {
		t.Errorf("%d requests went out", n-before)
	}
}

// MSAL's silent call without a tenant answers the home tenant's token. Here the
// authority itself gives a wrong one.
func TestATokenOfAnotherTenantIsNotGiven(t *testing.T) {
	t.Parallel()
	a := newScripted(t)
	p := newProcess(t.TempDir(), credential.NewMemory())
	a.signIn(p, ada)
	a.tid = homeID
	for range 2 { // nor is it kept for the next
		_, err := p.Token(t.Context(), a.target(ada), session.TokenRequest{Tenant: otherID})
		var wrong *session.WrongTenantError
		if !errors.As(err, &wrong) || wrong.Chosen != otherID || wrong.Got != homeID {
			t.Fatalf("%v", err)
		}
	}
	a.tid = ""
	// MSAL has kept it under the tenant's name: only a fresh one helps.
	got, err := p.Token(t.Context(), a.target(ada), session.TokenRequest{Tenant: otherID, Fresh: true})
	if err != nil || got.Tenant != otherID {
		t.Errorf("%+v, %v", got, err)
	}
	a.tid = "not a GUID"
	if _, err := p.Token(t.Context(), a.target(ada), session.TokenRequest{Tenant: otherID, Fresh: true}); !errors.Is(err, signin.ErrUnreadableToken) {
		t.Errorf("a token that says nothing: %v", err)
	}
}

// A sign-in at 'organizations' is one at the home tenant; asking for that by its
// GUID is another entry in MSAL's cache, and works in the next process too.
func TestTheHomeTenantIsAskedByGUID(t *testing.T) {
	t.Parallel()
	a := newScripted(t)
	dir, keys := t.TempDir(), credential.NewMemory()
	p := newProcess(dir, keys)
	first := a.signIn(p, ada)
	for _, each := range []*process{p, newProcess(dir, keys)} {
		got, err := each.Token(t.Context(), a.target(ada), session.TokenRequest{Tenant: homeID})
		if err != nil || got.Tenant != homeID || each == p && !got.Secret.Equal(first.Secret) {
			t.Errorf("%+v, %v", got, err)
		}
		other, err := each.Token(t.Context(), a.target(ada), session.TokenRequest{Tenant: otherID})
		if err != nil || other.Home != homeID || got.Home != homeID || first.Home != homeID {
			t.Errorf("at home in %q, in %q, in %q, %v", other.Home, got.Home, first.Home, err)
		}
	}
}

func TestAnAccountIsListedOnceWhateverItsTenants(t *testing.T) {
	t.Parallel()
	a := newScripted(t)
	p := newProcess(t.TempDir(), credential.NewMemory())
	a.signIn(p, ada)
	a.signIn(p, bob)
	if _, err := p.Token(t.Context(), a.target(ada), session.TokenRequest{Tenant: otherID}); err != nil {
		t.Fatal(err)
	}
	list, err := p.Accounts(t.Context(), a.target(""))
	if err != nil || len(list) != 2 || list[0].Name != ada || list[0].Home != homeID || !slices.Equal(list[0].Tenants, []string{homeID, otherID}) || list[1].Name != bob {
		t.Errorf("%+v, %v", list, err)
	}
	all, err := p.SignedIn(t.Context())
	if err != nil || len(all) != 2 || all[0].Name != ada || all[0].Authority != a.URL || all[0].ClientID != clientID {
		t.Errorf("%+v, %v", all, err)
	}
	if err := p.SignOut(t.Context(), a.target(ada)); err != nil {
		t.Fatal(err)
	}
	for _, tenant := range []string{homeID, otherID} {
		_, err := p.Token(t.Context(), a.target(ada), session.TokenRequest{Tenant: tenant})
		if _, needed := errors.AsType[*session.NeedsSignInError](err); !needed {
			t.Errorf("signed out, and a token of %s all the same: %v", tenant, err)
		}
	}
	if _, err := p.Token(t.Context(), a.target(bob), session.TokenRequest{Tenant: otherID}); err != nil {
		t.Errorf("bob was signed out too: %v", err)
	}
}

func TestClaimsPassTheCacheByAndTheirTokenIsKept(t *testing.T) {
	t.Parallel()
	a := newScripted(t)
	p := newProcess(t.TempDir(), credential.NewMemory())
	first := a.signIn(p, ada)
	claims := `{"access_token":{"nbf":{"essential":true, "value":"1764244800"}}}`
	for _, wrong := range []string{"{", base64.StdEncoding.EncodeToString([]byte(claims))} {
		if _, err := p.Token(t.Context(), a.target(ada), session.TokenRequest{Tenant: homeID, Claims: wrong}); !errors.Is(err, signin.ErrClaims) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	got, err := p.Token(t.Context(), a.target(ada), session.TokenRequest{Tenant: homeID, Claims: claims})
	if err != nil || got.Secret.Equal(first.Secret) {
		t.Fatalf("the old token again: %v", err)
	}
	asks := a.asks()
	sent := asks[len(asks)-1].Get("claims")
	if !strings.Contains(sent, "1764244800") || !strings.Contains(strings.ToLower(sent), `"cp1"`) {
		t.Errorf("asked with the claims %s", sent)
	}
	again, err := p.Token(t.Context(), a.target(ada), session.TokenRequest{Tenant: homeID})
	if err != nil || !again.Secret.Equal(got.Secret) || len(a.asks()) != len(asks) {
		t.Errorf("the new token is not kept: %v", err)
	}
}

// Each refusal of the fixtures, as it comes for somebody who is signed in.
func TestRefusals(t *testing.T) {
	t.Parallel()
	var recorded struct {
		Bodies []map[string]any `json:"bodies"`
	}
	if err := json.Unmarshal(fixture.Read(t, "exo-rest/entra-errors.json"), &recorded); err != nil {
		t.Fatal(err)
	}
	a := newScripted(t)
	p := newProcess(t.TempDir(), credential.NewMemory())
	a.signIn(p, ada)
	for _, body := range recorded.Bodies {
		numbers, _ := body["error_codes"].([]any)
		number := int(numbers[0].(float64))
		sub, _ := body["suberror"].(string)
		claims, _ := body["claims"].(string)
		a.set(refuse(400, body))
		_, err := p.Token(t.Context(), a.target(ada), session.TokenRequest{Tenant: otherID})
		var said *signin.AuthorityError
		if !errors.As(err, &said) || said.Number != number || said.Sub != sub || said.OAuth != body["error"] || said.Claims != claims || said.Status != 400 || said.Text == "" {
			t.Errorf("%d: %+v", number, said)
			continue
		}
		for _, rest := range []string{"Trace ID", "Correlation", "Timestamp", "AADSTS"} {
			if strings.Contains(said.Text, rest) {
				t.Errorf("%d: %q is for the support, not for people", number, said.Text)
			}
		}
		needed, person := errors.AsType[*session.NeedsSignInError](err)
		if person != (number != 50020) {
			t.Errorf("%d: the person may mend it: %v", number, person)
		}
		if person && (needed.Claims != claims || needed.Tenant != otherID || needed.Account != ada) {
			t.Errorf("%d: %+v", number, needed)
		}
	}
}

// Who lacks a consent is told the page where the tenant's administrator gives it: of the
// tenant that was asked for, however the token was asked for, and of the administrator's
// own where none was.
func TestARefusalNamesTheConsentPage(t *testing.T) {
	t.Parallel()
	a := newScripted(t)
	p := newProcess(t.TempDir(), credential.NewMemory())
	a.signIn(p, ada)
	a.set(refuse(400, map[string]any{"error": "invalid_grant", "error_codes": []int{65001}, "error_description": "AADSTS65001: No consent."}))
	app := a.application(p)
	for name, c := range map[string]struct {
		tenant string
		ask    func() error
	}{
		"silent": {otherID, func() error {
			_, err := p.Token(t.Context(), a.target(ada), session.TokenRequest{Tenant: otherID})
			return err
		}},
		"by code": {otherID, func() error {
			_, err := p.Device(t.Context(), a.target(ada), signin.SignIn{Tenant: otherID}, func(signin.DeviceCode) {})
			return err
		}},
		"by code, of no tenant": {"organizations", func() error {
			_, err := p.Device(t.Context(), a.target(ada), signin.SignIn{}, func(signin.DeviceCode) {})
			return err
		}},
		"an application": {otherID, func() error {
			_, err := p.Token(t.Context(), app, session.TokenRequest{Tenant: otherID})
			return err
		}},
	} {
		want := a.URL + "/" + c.tenant + "/adminconsent?client_id=" + clientID
		if told := diagnose.Explain(c.ask()); told.ID != "no-consent" || !strings.Contains(told.Fix, want+" ") {
			t.Errorf("%s: %s: %q does not name %s", name, told.ID, told.Fix, want)
		}
	}
}

// What a refusal asks for is asked for by the sign-in in the browser.
func TestTheClaimsOfARefusalGoToTheSignIn(t *testing.T) {
	t.Parallel()
	a := newScripted(t)
	p := newProcess(t.TempDir(), credential.NewMemory())
	const claims = `{"access_token":{"polids":{"essential":true,"values":["9ab03e19-0000-4c1f-0000-0f1c00000000"]}}}`
	got, err := p.Browser(t.Context(), a.target(ada), signin.SignIn{Tenant: otherID, Claims: claims}, func(address string) error {
		u, err := url.Parse(address)
		if err != nil {
			return err
		}
		q := u.Query()
		if !strings.Contains(q.Get("claims"), "9ab03e19") || q.Get("login_hint") != ada || q.Get("response_mode") != "form_post" || q.Get("code_challenge_method") != "S256" ||
			!strings.HasPrefix(u.Path, "/"+otherID+"/") || q.Get("scope") == "" {
			t.Errorf("the browser is sent to %s", address)
		}
		return answer(t, q.Get("redirect_uri"), url.Values{"code": {ada}, "state": {q.Get("state")}})
	})
	if err != nil || got.Tenant != otherID {
		t.Errorf("%+v, %v", got, err)
	}
}

// answer posts to the program's own listener, as the authority's page does.
func answer(t *testing.T, to string, form url.Values) error {
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, to, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func TestABusyAuthorityIsLeftAlone(t *testing.T) {
	t.Parallel()
	a := newScripted(t)
	p := newProcess(t.TempDir(), credential.NewMemory())
	a.signIn(p, ada)
	before := len(a.asks())
	busy := 2
	a.set(func(_ url.Values, w http.ResponseWriter) bool {
		if busy == 0 {
			return false
		}
		busy--
		w.Header().Set("Retry-After", "0")
		send(w, 429, map[string]any{"error": "temporarily_unavailable"})
		return true
	})
	if _, err := p.Token(t.Context(), a.target(ada), session.TokenRequest{Tenant: otherID}); err != nil {
		t.Errorf("busy for a moment: %v", err)
	}
	if n := len(a.asks()) - before; n != 3 {
		t.Errorf("%d requests, not 3", n)
	}
	a.set(func(_ url.Values, w http.ResponseWriter) bool {
		w.Header().Set("Retry-After", "120")
		send(w, 429, map[string]any{"error": "temporarily_unavailable"})
		return true
	})
	before = len(a.asks())
	_, err := p.Token(t.Context(), a.target(ada), session.TokenRequest{Tenant: otherID, Fresh: true})
	var said *signin.AuthorityError
	if !errors.As(err, &said) || said.Status != 429 || said.RetryAfter != 2*time.Minute || len(a.asks()) != before+1 {
		t.Errorf("busy for long: %+v after %d requests", said, len(a.asks())-before)
	}
	if _, needed := errors.AsType[*session.NeedsSignInError](err); needed {
		t.Error("nobody has to sign in because the authority is busy")
	}
}

// Any GET to the program's listener ends the sign-in in MSAL. It can be tried
// again at once.
func TestAStrangerAtTheListenerEndsTheSignIn(t *testing.T) {
	t.Parallel()
	a := newScripted(t)
	p := newProcess(t.TempDir(), credential.NewMemory())
	visit := func(address string) (url.Values, error) {
		u, err := url.Parse(address)
		return u.Query(), err
	}
	_, err := p.Browser(t.Context(), a.target(ada), signin.SignIn{}, func(address string) error {
		q, err := visit(address)
		if err != nil {
			return err
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, q.Get("redirect_uri")+"/favicon.ico", nil)
		if err != nil {
			return err
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			return err
		}
		return resp.Body.Close()
	})
	if _, ok := errors.AsType[*signin.BrowserError](err); !ok {
		t.Errorf("a favicon was asked for: %v", err)
	}
	_, err = p.Browser(t.Context(), a.target(ada), signin.SignIn{}, func(address string) error {
		q, reading := visit(address)
		if reading != nil {
			return reading
		}
		return answer(t, q.Get("redirect_uri"), url.Values{"error": {"access_denied"}, "error_description": {"AADSTS65004: User declined to consent to access the app. Trace ID: 1 Correlation ID: 2 Timestamp: 3"}})
	})
	var said *signin.AuthorityError
	if !errors.As(err, &said) || said.Number != 65004 || said.Text != "User declined to consent to access the app." || said.Trace != "1" || said.Correlation != "2" || said.Time != "3" {
		t.Errorf("declined: %+v, %v", said, err)
	}
	_, err = p.Browser(t.Context(), a.target(ada), signin.SignIn{}, func(address string) error {
		q, reading := visit(address)
		if reading != nil {
			return reading
		}
		return answer(t, q.Get("redirect_uri"), url.Values{"code": {ada}, "state": {q.Get("state")}})
	})
	if err != nil {
		t.Errorf("tried again: %v", err)
	}
}

// That a browser was closed does not show: the time is bounded, and the person may
// cancel.
func TestABrowserThatDoesNotComeBack(t *testing.T) {
	t.Parallel()
	a := newScripted(t)
	target := a.target(ada)
	wont := errors.New("there is no browser")
	stopped := errors.New("the person pressed Cancel")
	for name, c := range map[string]struct {
		open func(cancel func()) error
		time time.Duration
		want error
	}{
		"cancelled":                       {func(cancel func()) error { cancel(); return nil }, 0, stopped},
		"out of time":                     {func(func()) error { return nil }, time.Millisecond, signin.ErrBrowserTime},
		"no browser":                      {func(func()) error { return wont }, 0, wont},
		"a browser that keeps its caller": {func(cancel func()) error { cancel(); <-t.Context().Done(); return nil }, 0, stopped},
	} {
		p := signin.NewTokens(signin.TokenOptions{Dir: t.TempDir(), Program: "Postroom", Version: "test", BrowserTime: c.time})
		ctx, cancel := contextWithCause(t, stopped)
		_, err := p.Browser(ctx, target, signin.SignIn{}, func(string) error { return c.open(cancel) })
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestADeviceCodeIsCancelled(t *testing.T) {
	t.Parallel()
	a := newScripted(t)
	p := newProcess(t.TempDir(), credential.NewMemory())
	pending := map[string]any{"error": "authorization_pending", "error_description": "AADSTS70016: pending", "error_codes": []int{70016}}
	a.set(refuse(400, pending))
	stopped := errors.New("the person pressed Cancel")
	ctx, cancel := contextWithCause(t, stopped)
	_, err := p.Device(ctx, a.target(ada), signin.SignIn{}, func(c signin.DeviceCode) {
		if c.Code != "ABCD1234" || c.Address != a.URL+"/device" || time.Until(c.Expires) < 10*time.Minute {
			t.Errorf("%+v", c)
		}
		cancel()
	})
	if !errors.Is(err, stopped) {
		t.Errorf("%v", err)
	}
	if list, err := p.Accounts(t.Context(), a.target("")); err != nil || len(list) > 0 {
		t.Errorf("%v is left behind, %v", list, err)
	}
	a.set(refuse(400, map[string]any{"error": "access_denied", "error_description": "AADSTS530036: blocked", "error_codes": []int{530036}}))
	var said *signin.AuthorityError
	if _, err := p.Device(t.Context(), a.target(ada), signin.SignIn{}, func(signin.DeviceCode) {}); !errors.As(err, &said) || said.Number != 530036 {
		t.Errorf("device codes are blocked: %v", err)
	}
}

func TestAnotherAccountThanTheTargets(t *testing.T) {
	t.Parallel()
	a := newScripted(t)
	p := newProcess(t.TempDir(), credential.NewMemory())
	a.set(func(form url.Values, _ http.ResponseWriter) bool {
		form.Set("device_code", bob)
		return false
	})
	_, err := p.Device(t.Context(), a.target(ada), signin.SignIn{}, func(signin.DeviceCode) {})
	var wrong *signin.WrongAccountError
	if !errors.As(err, &wrong) || wrong.Wanted != ada || wrong.Got != bob {
		t.Fatalf("%v", err)
	}
	if _, err := p.Token(t.Context(), a.target(ada), session.TokenRequest{Tenant: homeID}); err == nil {
		t.Error("bob's token is given for ada")
	}
	if _, err := p.Token(t.Context(), a.target("BOB@nordwind.example"), session.TokenRequest{Tenant: homeID}); err != nil {
		t.Errorf("bob has signed in: %v", err)
	}
}

// Tokens are asked for once, not for each command; one that was refused, and one
// that is about to end, are not given again.
func TestTokensAreHeldUntilTheyAreAboutToEnd(t *testing.T) {
	t.Parallel()
	a := newScripted(t)
	p := newProcess(t.TempDir(), credential.NewMemory())
	a.signIn(p, ada)
	get := func(r session.TokenRequest) session.Token {
		t.Helper()
		r.Tenant = otherID
		got, err := p.Token(t.Context(), a.target(ada), r)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	first := get(session.TokenRequest{})
	if again := get(session.TokenRequest{}); !again.Secret.Equal(first.Secret) {
		t.Error("the token is asked for again")
	}
	fresh := get(session.TokenRequest{Fresh: true})
	if fresh.Secret.Equal(first.Secret) {
		t.Error("the token that was refused is given again")
	}
	if again := get(session.TokenRequest{}); !again.Secret.Equal(fresh.Secret) {
		t.Error("the fresh token is not held")
	}
	p.Close(a.target(ada), otherID)
	if again := get(session.TokenRequest{}); !again.Secret.Equal(fresh.Secret) {
		t.Error("closing has signed somebody out: MSAL's own is gone")
	}
	a.life = 299
	short := get(session.TokenRequest{Fresh: true})
	if again := get(session.TokenRequest{}); again.Secret.Equal(short.Secret) {
		t.Error("a token that ends in less than five minutes is given")
	}
	other := session.TokenRequest{Scope: "https://ps.compliance.protection.outlook.com/.default"}
	a.life = 3600
	if compliance := get(other); compliance.Secret.Equal(get(session.TokenRequest{}).Secret) {
		t.Error("the token of another service is given")
	}
}

func TestWhoWantsTheSameWaitsForIt(t *testing.T) {
	t.Parallel()
	a := newScripted(t)
	p := newProcess(t.TempDir(), credential.NewMemory())
	a.signIn(p, ada)
	before := len(a.asks())
	done := make(chan error)
	for range 20 {
		go func() {
			_, err := p.Token(t.Context(), a.target(ada), session.TokenRequest{Tenant: otherID})
			done <- err
		}()
	}
	for range 20 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if n := len(a.asks()) - before; n != 1 {
		t.Errorf("%d requests for one token", n)
	}
}

func TestOurNameIsOurOwn(t *testing.T) {
	t.Parallel()
	a := newScripted(t)
	a.signIn(newProcess(t.TempDir(), credential.NewMemory()), ada)
	for _, h := range a.header {
		if h.Get("User-Agent") != "Postroom/test" || h.Get("X-App-Name") != "Postroom" || h.Get("X-App-Ver") != "test" {
			t.Errorf("%v", h)
		}
	}
	if len(a.header) == 0 {
		t.Error("nothing was asked")
	}
}

// A document that leads elsewhere, and a redirect, take no token along.
func TestNothingGoesToAForeignHost(t *testing.T) {
	t.Parallel()
	elsewhere := newScripted(t)
	a := newScripted(t)
	p := newProcess(t.TempDir(), credential.NewMemory())
	a.signIn(p, ada)
	a.set(func(_ url.Values, w http.ResponseWriter) bool {
		w.Header().Set("Location", elsewhere.URL+"/"+otherID+"/oauth2/v2.0/token")
		w.WriteHeader(http.StatusTemporaryRedirect)
		return true
	})
	if _, err := p.Token(t.Context(), a.target(ada), session.TokenRequest{Tenant: otherID}); err == nil {
		t.Error("the redirect was followed")
	}
	if n := len(elsewhere.asks()); n != 0 {
		t.Errorf("%d requests went to a foreign host", n)
	}
	target := a.target(ada)
	target.Endpoint.Modern.Authority = "https://login.microsoftonline.com"
	if got, err := p.Token(t.Context(), target, session.TokenRequest{Tenant: otherID}); err == nil {
		t.Errorf("signed in at one authority, and a token of another: %+v", got)
	}
}

func TestApplicationsSignInByCertificate(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	app := b.target("", endpoint.AuthApp)
	id := b.id("customer01.example")
	if _, err := b.tokens.Token(t.Context(), app, session.TokenRequest{Tenant: id}); !errors.Is(err, signin.ErrNoCertificate) {
		t.Errorf("no certificate: %v", err)
	}
	if err := b.tokens.UseCertificate(app, b.certificate()); err != nil {
		t.Fatal(err)
	}
	for _, tenant := range []string{id, b.server.TenantID()} { // never at 'organizations', which the authority refuses
		got, err := b.tokens.Token(t.Context(), app, session.TokenRequest{Tenant: tenant})
		if err != nil || got.Tenant != tenant || got.Account != b.server.ClientID() {
			t.Errorf("%+v, %v", got, err)
			continue
		}
		again, err := b.tokens.Token(t.Context(), app, session.TokenRequest{Tenant: tenant})
		if err != nil || !again.Secret.Equal(got.Secret) {
			t.Errorf("asked again: %v", err)
		}
	}
	if err := b.tokens.SignOut(t.Context(), app); err != nil {
		t.Error(err)
	}
	if _, err := b.tokens.Token(t.Context(), app, session.TokenRequest{Tenant: id}); !errors.Is(err, signin.ErrNoCertificate) {
		t.Errorf("signed out: %v", err)
	}
}

// An authority that does not answer ends in an error, not in a wait.
func TestAnAuthorityThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	a := newScripted(t)
	dir, keys := t.TempDir(), newKeyring()
	a.signIn(newProcess(dir, keys), ada)
	over := make(chan struct{})
	defer close(over)
	a.set(func(url.Values, http.ResponseWriter) bool { <-over; return true })
	p := signin.NewTokens(signin.TokenOptions{Dir: dir, Keys: keys, Program: "Postroom", Version: "test", AnswerTime: 50 * time.Millisecond})
	_, err := p.Token(t.Context(), a.target(ada), session.TokenRequest{Tenant: otherID})
	if network, ok := errors.AsType[*url.Error](err); !ok || !network.Timeout() || t.Context().Err() != nil {
		t.Errorf("%v", err)
	}
	if _, needed := errors.AsType[*session.NeedsSignInError](err); needed {
		t.Error("nobody has to sign in because the authority is silent")
	}
}
