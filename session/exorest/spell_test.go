package exorest_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/credential"
	"postroom/session/diagnose"
	"postroom/session/exorest"
	"postroom/session/reference"
	"postroom/session/simulator"
)

// widgetKinds is a reference that knows two of Get-Widget's parameters, one with an alias.
type widgetKinds struct{}

func (widgetKinds) Describe(name string) (cmdlet.Cmdlet, bool) {
	return cmdlet.Cmdlet{Name: "Get-Widget", Parameters: []cmdlet.Parameter{
		{Name: "Identity", Position: 0}, {Name: "ResultSize", Position: -1}, {Name: "IncludeOld", Aliases: []string{"Old"}, Kind: cmdlet.SwitchKind, Position: -1},
	}}, strings.EqualFold(name, "Get-Widget")
}

// widgetModule is a module file of Get-Widget, which names no aliases, and of a cmdlet that
// no reference knows.
func widgetModule(t *testing.T) sampleResponse {
	t.Helper()
	const parameters = `
    [CmdletBinding()]
    param(
        [Parameter(Position=0, ValueFromPipeline=$true)]
        [System.Object]
        ${Identity},
        [System.Object]
        ${ResultSize},
        [switch]
        ${IncludeOld},
        [switch]
        ${IncludeHidden}
    )
    process { }
`
	script := "function script:Get-Widget\n{" + parameters + "}\n\nfunction script:Get-Newest\n{" + parameters + "}\n"
	b, err := json.Marshal(map[string]any{"value": []any{map[string]any{"fileName": "ExchangeOnline.psm1", "fileContent": script}}})
	if err != nil {
		t.Fatal(err)
	}
	return sampleResponse{Status: 200, Body: b}
}

// Aliases, beginnings of names and values without a name travel as the full names that
// alone the service knows; the module file is asked only where the reference is not sure.
func TestNamesTravelInFull(t *testing.T) {
	modules := 0
	var body []byte
	w := newWorld(t, func(w http.ResponseWriter, r sent) {
		if strings.Contains(r.uri, "EXOModuleFile") {
			modules++
			widgetModule(t).write(w)
			return
		}
		body = r.body
		sampleResponse{Status: 200, Body: []byte(`{"value":[]}`)}.write(w)
	})
	for _, c := range []struct {
		call    cmdlet.Invocation
		sent    map[string]any // nil: nothing
		want    cmdlet.Want
		modules int
	}{
		{call: call("Get-Widget", "Identity", "a", "resultsize", int64(3), "ErrorAction", "Stop"), sent: map[string]any{"Identity": "a", "resultsize": 3.0}},
		{call: call("Get-Widget", "Ident", "a"), sent: map[string]any{"Identity": "a"}, modules: 1},
		{call: call("Get-Widget", "Old", cmdlet.Switch(true), "", "a"), sent: map[string]any{"IncludeOld": true, "Identity": "a"}, modules: 1},
		{call: call("Get-Widget", "wi", cmdlet.Switch(false), "Verb", cmdlet.Switch(true), "IncludeH", cmdlet.Switch(true)), sent: map[string]any{"IncludeHidden": true}, modules: 1},
		{call: call("Get-Newest", "Res", int64(7)), sent: map[string]any{"ResultSize": 7.0}, modules: 1},
		{call: call("Get-Widget", "NoSuch", "x"), sent: map[string]any{"NoSuch": "x"}, modules: 1}, // the service has the last word
		{call: call("Get-Widget", "Incl", cmdlet.Switch(true)), want: cmdlet.WantUnambiguous, modules: 1},
		{call: call("Get-Widget", "", "a", "", "b"), want: cmdlet.WantPosition, modules: 1},
		{call: call("Get-Widget", "Identity", "a", "Id", "b"), want: cmdlet.WantOnce, modules: 1},
	} {
		d := exorest.NewDoor(exorest.Options{Tokens: &tokens{tenant: tenant}, Kinds: widgetKinds{}, Pause: time.Millisecond})
		conn, err := d.Dial(t.Context(), w.target(), session.DialOptions{})
		if err != nil {
			t.Fatal(err)
		}
		modules, body = 0, nil
		err = conn.Run(t.Context(), c.call, newHeard())
		_ = conn.Close(t.Context())
		wrong, isWrong := errors.AsType[*cmdlet.BindError](err)
		if isWrong != (c.sent == nil) || isWrong && (wrong.Want != c.want || body != nil) || !isWrong && err != nil {
			t.Errorf("%s: %v, sent %s", c.call.PowerShell(), err, body)
			continue
		}
		if c.sent != nil {
			if got := (sent{body: body}).parameters(t); !reflect.DeepEqual(got, c.sent) {
				t.Errorf("%s travels as %v, want %v", c.call.PowerShell(), got, c.sent)
			}
		}
		if modules != c.modules {
			t.Errorf("%s: the module file was asked for %d times", c.call.PowerShell(), modules)
		}
	}
}

// A line is resolved by one function for both doors: what a server of PowerShell makes of a
// shortened name, the REST door makes too.
func TestShortNamesMeanTheSameOverBothDoors(t *testing.T) {
	server := startSimulator(t, simulator.Options{Rows: 8})
	m, id := openREST(t, server, "soleil.example")
	for _, line := range []string{"Get-Mailbox -Res 3", "Get-Mailbox -ResultS 3 -ea Stop", "get-mailbox -RecipientTypeD UserMailbox -Result 3"} {
		read, err := cmdlet.Reader{}.Line(line) // as somebody gives it who knows no cmdlet
		if err != nil {
			t.Fatal(err)
		}
		h := newHeard()
		if err := m.Run(t.Context(), id, read.Pipeline, h); err != nil || h.rows() != 3 {
			t.Errorf("%s: %d rows, %v", line, h.rows(), err)
		}
	}
}

// A user name with a password is refused before anything is asked of anybody: how the
// service takes one is not published. The refusal says what to do instead.
func TestACredentialIsRefusedAtOnce(t *testing.T) {
	w := newWorld(t, playing(sampleResponse{Status: 200, Body: []byte(`{"value":[]}`)}))
	k := &tokens{tenant: tenant}
	d := exorest.NewDoor(exorest.Options{Tokens: k, Kinds: reference.New()})
	given := cmdlet.PSCredential{User: "ada", Password: credential.NewSecret("Gr0ß & geheim")}
	for _, value := range []any{given, []any{"a", given}, map[string]any{"Inner": map[string]any{"k": given}}} {
		err := d.Accepts(call("New-MigrationEndpoint", "Name", "Old", "Credentials", value))
		problem := diagnose.Explain(err)
		if problem == nil || problem.ID != "rest-credential" || problem.Mender != diagnose.MenderPerson {
			t.Fatalf("%v: %+v", err, problem)
		}
		said := problem.Title + problem.Cause + problem.Fix + problem.Details
		if !strings.Contains(problem.Title, "New-MigrationEndpoint -Credentials") || strings.Contains(said, "geheim") {
			t.Errorf("it says %q", said)
		}
	}
	if err := d.Accepts(call("New-MigrationEndpoint", "Name", "Old", "Password", given.Password)); err != nil {
		t.Errorf("a secret can be sent: %v", err)
	}
	// And should somebody not have asked: nothing is sent.
	if err := w.dial(k).Run(t.Context(), call("New-MigrationEndpoint", "Credentials", given), newHeard()); diagnose.Explain(err).ID != "rest-credential" {
		t.Errorf("%v", err)
	}
	for _, r := range w.requests() {
		if !strings.Contains(r.uri, "EXOModuleFile") {
			t.Errorf("%s was sent: %s", r.uri, r.body)
		}
	}
}
