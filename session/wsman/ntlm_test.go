package wsman_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"postroom/session/credential"
	"postroom/session/wsman"
)

func withConn(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

// whole opens a shell, sends and receives, and deletes it.
func whole(t *testing.T, c wsman.Config) {
	t.Helper()
	s := mustCreate(t, mustClient(t, c))
	if err := s.Command(t.Context(), commandID, []byte(strings.Repeat("first", 1000))); err != nil {
		t.Fatal(err)
	}
	r, err := s.Receive(t.Context(), commandID)
	if err != nil || string(r.Data) != "--Encrypted Boundary--\r\n"+commandID {
		t.Errorf("%q, %v", r.Data, err)
	}
	if err := s.Delete(t.Context()); err != nil {
		t.Error(err)
	}
}

func (s *ntlmServer) ops() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, q := range s.requests {
		out = append(out, q.Op)
	}
	if len(s.clear) > 0 {
		s.t.Errorf("in the clear: %q", s.clear)
	}
	return strings.Join(out, " ")
}

func TestSealedNTLM(t *testing.T) {
	for _, exchange := range []bool{false, true} {
		srv := newNTLMServer(t)
		srv.exchange = exchange
		whole(t, srv.config())
		if ops := srv.ops(); ops != "Create Command Receive Delete" || srv.signIns != 1 {
			t.Errorf("exchange %v: %s with %d sign-ins", exchange, ops, srv.signIns)
		}
	}
}

func TestSealedNTLMOnlyScheme(t *testing.T) {
	srv := newNTLMServer(t)
	srv.offers = []string{"NTLM", `Basic realm="x"`}
	whole(t, srv.config())
	if srv.ops() == "" {
		t.Error("nothing came")
	}
}

// Requests at the same time have a connection and a context each.
func TestSealedAtTheSameTime(t *testing.T) {
	srv := newNTLMServer(t)
	s := mustCreate(t, mustClient(t, srv.config()))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 5 {
				r, err := s.Receive(t.Context(), commandID)
				if err != nil || !strings.HasSuffix(string(r.Data), commandID) {
					t.Errorf("%q, %v", r.Data, err)
				}
				r.Release()
			}
		})
	}
	wg.Wait()
	if ops := srv.ops(); strings.Count(ops, "Receive") != 40 {
		t.Errorf("%s", ops)
	}
	if srv.signIns > 9 {
		t.Errorf("%d sign-ins for 41 requests", srv.signIns)
	}
}

// A server that forgets the context, or closes the connection, costs a new
// sign-in and nothing else: each message arrives once.
func TestSealedConnectionLost(t *testing.T) {
	srv := newNTLMServer(t)
	s := mustCreate(t, mustClient(t, srv.config()))
	srv.mu.Lock()
	srv.forget = 1
	srv.mu.Unlock()
	if err := s.Command(t.Context(), commandID, nil); err != nil {
		t.Fatal(err)
	}
	srv.mu.Lock()
	srv.closing = 1
	srv.mu.Unlock()
	if _, err := s.Receive(t.Context(), commandID); err != nil {
		t.Fatal(err)
	}
	if err := s.Send(t.Context(), commandID, "stdin", []byte("x")); err != nil {
		t.Fatal(err)
	}
	srv.CloseClientConnections()
	err := s.Delete(t.Context())
	if err != nil && wsman.SentMaybe(err) { // the request met the end of the connection; a Delete may be repeated
		err = s.Delete(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	if ops := srv.ops(); ops != "Create Command Receive Send Delete" || srv.signIns != 4 {
		t.Errorf("%s with %d sign-ins", ops, srv.signIns)
	}
}

// What would weaken the sealing is an error, and nothing goes out in the clear.
func TestNeverInTheClear(t *testing.T) {
	weak := newNTLMServer(t)
	weak.weak = true
	_, err := mustClient(t, weak.config()).Create(t.Context(), wsman.CreateOptions{ShellID: shellID})
	if !errors.Is(err, wsman.ErrClearText) || wsman.SentMaybe(err) {
		t.Errorf("without the seal flag: %v", err)
	}
	if ops := weak.ops(); ops != "" {
		t.Errorf("it got %s", ops)
	}
	for name, change := range map[string]func(*ntlmServer){
		"unsealed answer": func(s *ntlmServer) { s.unsealed = true },
		"tampered answer": func(s *ntlmServer) { s.tamper = true },
	} {
		srv := newNTLMServer(t)
		change(srv)
		s := mustCreate(t, mustClient(t, srv.config()))
		_, err := s.Receive(t.Context(), commandID)
		var p *wsman.ProtocolError
		if !errors.As(err, &p) || errors.Is(err, wsman.ErrClearText) != srv.unsealed {
			t.Errorf("%s: %v", name, err)
		}
		srv.ops()
	}
}

func TestSignInRefused(t *testing.T) {
	srv := newNTLMServer(t)
	c := srv.config()
	c.Credential.Secret = credential.NewSecret("not this one")
	_, err := mustClient(t, c).Create(t.Context(), wsman.CreateOptions{ShellID: shellID})
	var a *wsman.AuthError
	if !errors.As(err, &a) || a.HTTP != 401 || a.Auth != wsman.NTLM || strings.Join(a.Schemes, " ") != "Negotiate NTLM" {
		t.Errorf("%v", err)
	}
	basic := newNTLMServer(t)
	basic.offers = []string{"Basic"}
	_, err = mustClient(t, basic.config()).Create(t.Context(), wsman.CreateOptions{ShellID: shellID})
	if !errors.As(err, &a) || strings.Join(a.Schemes, " ") != "Basic" || wsman.SentMaybe(err) {
		t.Errorf("%v", err)
	}
	if srv.ops()+basic.ops() != "" {
		t.Error("something went out")
	}
}

// Whatever a server says instead of a challenge is an error of the sign-in, and
// no envelope goes out.
func TestHostileSignIn(t *testing.T) {
	long := "TlRMTVNTUAACAAAA" + strings.Repeat("/", 64) // lengths and offsets beyond the message
	for name, token := range map[string]string{
		"not base64":           "%%%",
		"not NTLM":             "aGVsbG8sIHRoaXMgaXMgbm8gY2hhbGxlbmdlIGF0IGFsbA==",
		"another message":      "TlRMTVNTUAADAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"lengths that lie":     long,
		"too short":            "TlRMTVNTUAACAAAA",
		"a challenge for ever": "TlRMTVNTUAACAAAADgAOADgAAAA1goniASNFZ4mrze8AAAAAAAAAABYAFgBGAAAACgBjRQAAAA9DAE8ATgBUAE8AUwBPAAIADgBDAE8ATgBUAE8AUwBPAAAAAAA=",
		"nothing":              "",
	} {
		var sent atomic.Int64
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if n, err := io.Copy(io.Discard, r.Body); n > 0 || err != nil {
				sent.Add(1)
			}
			w.Header().Set("WWW-Authenticate", "Negotiate")
			if r.Header.Get("Authorization") != "" {
				w.Header().Set("WWW-Authenticate", strings.TrimSpace("Negotiate "+token))
			}
			w.WriteHeader(http.StatusUnauthorized)
		}))
		t.Cleanup(srv.Close)
		_, err := mustClient(t, wsman.Config{
			URL: srv.URL + "/PowerShell/", Configuration: "Microsoft.Exchange", Auth: wsman.NTLM,
			Credential: credential.Credential{User: `CONTOSO\Ann`, Secret: credential.NewSecret(testPassword)},
		}).Create(t.Context(), wsman.CreateOptions{ShellID: shellID})
		var a *wsman.AuthError
		if !errors.As(err, &a) || a.Auth != wsman.NTLM || wsman.SentMaybe(err) || strings.Contains(err.Error(), testPassword) {
			t.Errorf("%s: %v", name, err)
		}
		if sent.Load() != 0 {
			t.Errorf("%s: an envelope went out", name)
		}
	}
}

// A probe over http signs in as well.
func TestProbeSealed(t *testing.T) {
	srv := newNTLMServer(t)
	steps, err := probe(t, srv.config())
	if err != nil || names(steps) != "name tcp http sign-in" {
		t.Errorf("%s, %v", names(steps), err)
	}
}
