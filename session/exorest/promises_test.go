package exorest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/exorest"
	"postroom/session/simulator"
)

// What is sent is what the sample has, value by value; secrets are encrypted with
// the module file's key, and nobody else reads them.
func TestValuesOfTheSample(t *testing.T) {
	s := readSample(t, "values.json")
	server := startSimulator(t, simulator.Options{Rows: 5})
	w := newWorld(t, playing(sampleResponse{Status: 200, Body: []byte(`{"value":[]}`)}))
	at := time.Date(2026, 11, 27, 13, 0, 0, 0, time.FixedZone("CET", 3600))
	inv := call("Get-Widget",
		"Switch", cmdlet.Switch(true), "Bool", false, "Text", "a", "Number", int64(5), "Enum", "Red", "List", []string{"a", "b"}, "Date", at, "Span", 14*24*time.Hour,
		"Size", "35MB", "Null", nil, "Change", map[string]any{"Add": []string{"a"}, "Remove": []any{"b"}}, "Clear", map[string]any{},
		"Nested", map[string]any{"Inner": map[string]any{"k": "v"}}, "Tables", []any{map[string]any{"Name": "x", "minCount": "1"}},
		"File", []byte{1, 2, 255}, "Files", []any{[]byte{1}, []byte{2}}, "Filter", "IsValid -eq $true", "Verbose", cmdlet.Switch(true),
	)
	if err := w.dial(&tokens{tenant: tenant}).Run(t.Context(), inv, newHeard()); err != nil {
		t.Fatal(err)
	}
	var want struct {
		CmdletInput struct{ Parameters map[string]any }
	}
	if err := json.Unmarshal(s.Body, &want); err != nil {
		t.Fatal(err)
	}
	delete(want.CmdletInput.Parameters, "Secret")
	if got := w.requests()[0].parameters(t); !reflect.DeepEqual(got, want.CmdletInput.Parameters) {
		t.Errorf("sent %v\nwant %v", got, want.CmdletInput.Parameters)
	}
	if text := string(w.requests()[0].body); strings.Contains(text, "Verbose") {
		t.Error("a common parameter travels")
	}
	// Nothing is left out, and there always are Parameters.
	c := w.dial(&tokens{tenant: tenant})
	if err := c.Run(t.Context(), call("Get-Widget", "Empty", "", "None", nil), newHeard()); err != nil {
		t.Fatal(err)
	}
	if got := w.requests()[1].parameters(t); !reflect.DeepEqual(got, map[string]any{"Empty": "", "None": nil}) {
		t.Errorf("sent %v", got)
	}
	if err := c.Run(t.Context(), call("Get-Widget"), newHeard()); err != nil || !strings.Contains(string(w.requests()[2].body), `"Parameters":{}`) {
		t.Errorf("%v: %s", err, w.requests()[2].body)
	}
	// The simulator reads a secret with its own key: what it changes is what was meant.
	m, id := openREST(t, server, "soleil.example")
	set := call("Set-Mailbox", "Identity", firstMailbox(t, m, id), "Password", credential.NewSecret("Gr0ß & geheim"), "Confirm", cmdlet.Switch(false))
	if err := m.Run(t.Context(), id, set, newHeard()); err != nil {
		t.Errorf("Set-Mailbox -Password: %v", err)
	}
}

func firstMailbox(t *testing.T, m *session.Manager, id session.ID) string {
	t.Helper()
	h := newHeard()
	if err := m.Run(t.Context(), id, call("Get-Mailbox", "ResultSize", int64(1)), h); err != nil || h.rows() != 1 {
		t.Fatalf("%d mailboxes, %v", h.rows(), err)
	}
	return h.cell(t, 0, "PrimarySmtpAddress").Text
}

// everything is a Tracer that keeps all texts.
type everything struct {
	mu sync.Mutex
	b  bytes.Buffer
	n  int
}

func (e *everything) Trace(v session.TraceEvent) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.n++
	fmt.Fprintf(&e.b, "%+v\n", v)
}

// The token and what is secret in a call are in no trace, no error and no panic,
// also when the service, or something before it, sends them back.
func TestNoTokenIsShown(t *testing.T) {
	const password = "Tr0ub4dor & 3"
	echo := func(status int, kind string) func(http.ResponseWriter, sent) {
		return func(w http.ResponseWriter, r sent) {
			if strings.Contains(r.uri, "EXOModuleFile") {
				server := moduleOf()
				server.write(w)
				return
			}
			w.Header().Set("Content-Type", kind)
			w.Header().Set("Retry-After", "0")
			w.Header().Set("X-Echo", r.header.Get("Authorization"))
			w.Header().Set("Set-Cookie", "session=verysecretcookie; path=/")
			w.WriteHeader(status)
			if kind == "application/json" {
				b, err := json.Marshal(map[string]any{"error": map[string]any{"code": "X", "message": r.header.Get("Authorization")}})
				if err != nil {
					t.Error(err)
				}
				_, _ = w.Write(b)
				return
			}
			_, _ = fmt.Fprintf(w, "<html>%s</html>", r.header.Get("Authorization"))
		}
	}
	for _, status := range []int{200, 302, 400, 401, 403, 404, 429, 500, 503} {
		for _, kind := range []string{"text/html", "application/json"} {
			w := newWorld(t, echo(status, kind))
			all := &everything{}
			c := w.dial(&tokens{tenant: tenant}, func(t *session.Target) { t.Trace = all })
			h := newHeard()
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			err := c.Run(ctx, call("Get-Mailbox", "Identity", user), h)
			cancel()
			set := call("Set-Mailbox", "Identity", user, "Password", credential.NewSecret(password))
			setErr := c.Run(t.Context(), set, h)
			text := all.b.String() + fmt.Sprintf("%v %+v %#v %v %+v %#v %+v %#v", err, err, err, setErr, setErr, setErr, h.messages, c)
			if all.n < 2 {
				t.Errorf("HTTP %d: %d events in the trace", status, all.n)
			}
			for _, hiddenText := range []string{secret, "verysecretcookie", password} {
				if strings.Contains(text, hiddenText) {
					t.Errorf("HTTP %d %s: %q is shown: %s", status, kind, hiddenText, text[max(0, strings.Index(text, hiddenText)-300):][:400])
				}
			}
		}
	}
}

// The access check names each step, and the one that failed is the last.
func TestAccessCheck(t *testing.T) {
	s := startSimulator(t, simulator.Options{Rows: 5})
	var steps []string
	each := func(s session.Step) {
		steps = append(steps, s.Name)
		if s.Elapsed < 0 {
			t.Errorf("%s took %v", s.Name, s.Elapsed)
		}
	}
	d := doorTo(s)
	if err := d.Probe(t.Context(), restTarget(s, "soleil.example"), each); err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(steps, " "), "name tcp tls sign-in token tenant role cmdlets read"; got != want {
		t.Errorf("steps %s, want %s", got, want)
	}
	other := restTarget(s, "soleil.example")
	other.Account = "norole@postroom.example"
	for name, c := range map[string]struct {
		target session.Target
		last   string
	}{
		"no role":    {other, exorest.StepRole},
		"wrong name": {func() session.Target { t := restTarget(s, "soleil.example"); t.RootCAs = nil; return t }(), exorest.StepTLS},
		"no tenant":  {func() session.Target { t := restTarget(s, "nobody.example"); return t }(), exorest.StepTenant},
	} {
		steps = nil
		err := d.Probe(t.Context(), c.target, each)
		if name == "no role" {
			d = doorTo(s)
			steps = nil
			err = d.Probe(t.Context(), c.target, each)
		}
		if err == nil || len(steps) == 0 || steps[len(steps)-1] != c.last {
			t.Errorf("%s: steps %v, %v", name, steps, err)
		}
	}
}

// The pace of a tenant halves at a complaint and waits for the time that the
// service names; what waits says so.
func TestPaceFollowsTheService(t *testing.T) {
	s := startSimulator(t, simulator.Options{Rows: 5, Faults: &simulator.Faults{Rules: []simulator.Rule{
		{Fault: simulator.Concurrency, On: simulator.Invoke, Nth: []int{1}, Retry: simulator.Duration(time.Second)},
	}}})
	m, id := openREST(t, s, "soleil.example")
	waited := make(chan time.Time, 8)
	m.Observe(session.ObserverFunc(func(i session.Info) {
		if !i.WaitUntil.IsZero() {
			select {
			case waited <- i.WaitUntil:
			default:
			}
		}
	}))
	h := newHeard()
	if err := m.Run(t.Context(), id, call("Get-AcceptedDomain"), h); err != nil || h.rows() == 0 {
		t.Fatalf("%d rows, %v", h.rows(), err)
	}
	select {
	case <-waited:
	case <-time.After(time.Minute): // another goroutine may be telling it
		t.Error("nobody was told that it waits")
	}
	said := false
	for _, message := range h.messages {
		said = said || message.Progress.Doing.Wait > 0
	}
	if !said {
		t.Errorf("said %+v", h.messages)
	}
}

// A tenant that is not known is not guessed.
func TestATenantIsNeverGuessed(t *testing.T) {
	k := &tokens{tenant: tenant}
	d := exorest.NewDoor(exorest.Options{Tokens: k})
	_, err := d.Dial(t.Context(), session.Target{
		Endpoint: endpoint.Endpoint{URL: front, Door: endpoint.REST, Auth: []string{endpoint.AuthModern}}, Account: user,
	}, session.DialOptions{})
	if !errors.Is(err, exorest.ErrNoTenant) || len(k.requests()) != 0 {
		t.Errorf("%v after %d tokens", err, len(k.requests()))
	}
}

// A change whose answer is lost is unsure, and sent once.
func TestALostAnswerToAChangeIsUnsure(t *testing.T) {
	s := startSimulator(t, simulator.Options{Rows: 5, Faults: &simulator.Faults{Rules: []simulator.Rule{
		{Fault: simulator.DropAfter, On: simulator.Invoke, Cmdlet: "Set-Mailbox"},
	}}})
	m, id := openREST(t, s, "soleil.example")
	set := call("Set-Mailbox", "Identity", firstMailbox(t, m, id), "CustomAttribute1", "x", "Confirm", cmdlet.Switch(false))
	err := m.Run(t.Context(), id, set, newHeard())
	var partial *session.PartialError
	if !errors.As(err, &partial) || !partial.Unsure {
		t.Errorf("Run = %v", err)
	}
	for call, times := range s.Stats().ChangesByCall {
		if times != 1 {
			t.Errorf("%s was run %d times", call, times)
		}
	}
	if len(s.Stats().ChangesByCall) != 1 {
		t.Errorf("changes %v", s.Stats().ChangesByCall)
	}
}
