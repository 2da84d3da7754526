package signin_test

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	msal "github.com/AzureAD/microsoft-authentication-library-for-go/apps/errors"

	"postroom/session"
	"postroom/session/signin"
)

// Tokens are in no file, no error and no text that something of this package makes,
// also when the authority puts them where they do not belong.
func TestTokensAreFoundNowhere(t *testing.T) {
	t.Parallel()
	a := newScripted(t)
	dir, keys := t.TempDir(), newKeyring()
	p := newProcess(dir, keys)
	secret := a.signIn(p, ada)
	marks := []string{refreshMark, accessMark, "device_code=", secret.Secret.Reveal()}
	search := func(where, text string) {
		t.Helper()
		for _, mark := range marks {
			if strings.Contains(text, mark) {
				t.Errorf("%s: a token is in it: %.300s", where, text)
			}
		}
	}
	tokens := map[string]any{"access_token": secret.Secret.Reveal(), "refresh_token": refreshMark + "x"}
	scripts := map[string]func(url.Values, http.ResponseWriter) bool{
		"a refusal":              refuse(400, map[string]any{"error": "invalid_grant", "error_description": "AADSTS700082: over", "error_codes": []int{700082}}),
		"a refusal that has one": refuse(400, tokens),
		"cut off": func(_ url.Values, w http.ResponseWriter) bool {
			_, err := fmt.Fprintf(w, `{"access_token":"%s","refresh_token":"%sx`, secret.Secret.Reveal(), refreshMark)
			return err == nil
		},
		"of another kind": refuse(200, map[string]any{"access_token": secret.Secret.Reveal(), "refresh_token": refreshMark, "expires_in": "soon", "scope": "x"}),
		"an id token that is none": refuse(200, map[string]any{
			"access_token": secret.Secret.Reveal(), "refresh_token": refreshMark, "id_token": "x." + secret.Secret.Reveal(), "expires_in": 3600, "token_type": "Bearer", "scope": "x", "client_info": "?",
		}),
		"no scope": refuse(200, tokens),
		"a page":   refuse(502, refreshMark),
		"dropped": func(url.Values, http.ResponseWriter) bool {
			panic(http.ErrAbortHandler)
		},
	}
	for name, script := range scripts {
		a.set(script)
		_, silent := p.Token(t.Context(), a.target(ada), session.TokenRequest{Tenant: otherID})
		_, device := p.Device(t.Context(), a.target(bob), signin.SignIn{}, func(signin.DeviceCode) {})
		_, browser := p.Browser(t.Context(), a.target(bob), signin.SignIn{}, func(address string) error {
			u, err := url.Parse(address)
			if err != nil {
				return err
			}
			return answer(t, u.Query().Get("redirect_uri"), url.Values{"code": {refreshMark + "code"}, "state": {u.Query().Get("state")}})
		})
		for way, err := range map[string]error{"silent": silent, "device": device, "browser": browser} {
			if err == nil {
				t.Errorf("%s, %s: no error", name, way)
				continue
			}
			for _, form := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
				search(name+", "+way, fmt.Sprintf(form, err))
			}
			search(name+", verbose", msal.Verbose(err))
			for each := err; each != nil; each = errors.Unwrap(each) {
				search(name+", unwrapped", fmt.Sprintf("%+v %#v", each, each))
			}
			if _, is := errors.AsType[msal.CallErr](err); is {
				t.Errorf("%s, %s: the request is in the error", name, way)
			}
		}
	}
	search("the tokens themselves", fmt.Sprintf("%+v %#v %+v", p.Tokens, p.Tokens, secret))
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		search(name, string(b))
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
