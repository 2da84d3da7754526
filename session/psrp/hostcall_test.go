package psrp_test

import (
	"errors"
	"reflect"
	"testing"

	"postroom/session/clixml"
	"postroom/session/cmdlet"
	"postroom/session/psrp"
)

func recordedCalls(t *testing.T) map[string][]psrp.HostCall {
	t.Helper()
	calls := map[string][]psrp.HostCall{}
	for _, c := range conversations(t) {
		if is24(c.name) {
			continue
		}
		raw := rawMessages(t, c.pieces)
		r := newReplay(t, c, raw[0].pool)
		for _, p := range c.pieces {
			r.play(p, whole)
		}
		calls[c.name] = each[psrp.HostCall](r.events)
	}
	return calls
}

func TestRecordedPrompts(t *testing.T) {
	calls := recordedCalls(t)
	prompt, ok := calls["05-host-prompt"][0].AsPrompt()
	want := psrp.PromptCall{Caption: "PCap alpha", Message: "PMsg", Fields: []psrp.PromptField{
		{Name: "Name", Help: "help Name", Type: "System.String", Mandatory: true},
		{Name: "Age", Help: "help Age", Type: "System.Int32", Mandatory: true},
		{Name: "Secret", Help: "help Secret", Type: "System.Security.SecureString", Mandatory: true, Secret: true},
	}}
	if !ok || !reflect.DeepEqual(prompt, want) {
		t.Errorf("prompt %+v", prompt)
	}
	choice, ok := calls["05-host-choice"][0].AsChoice()
	wantChoice := psrp.ChoiceCall{Caption: "Caption alpha", Message: "Message?", Choices: []psrp.Choice{{Label: "&Yes", Help: "do it"}, {Label: "&No", Help: "skip"}}, Defaults: []int32{1}}
	if !ok || !reflect.DeepEqual(choice, wantChoice) {
		t.Errorf("choice %+v", choice)
	}
	many, ok := calls["05-host-multichoice"][0].AsChoice()
	wantMany := psrp.ChoiceCall{Caption: "Caption alpha", Message: "Pick many", Choices: []psrp.Choice{{Label: "&A"}, {Label: "&B"}, {Label: "&C"}}, Defaults: []int32{0, 2}, Multiple: true}
	if !ok || !reflect.DeepEqual(many, wantMany) {
		t.Errorf("several choices %+v", many)
	}
	credential, ok := calls["05-host-credentialex"][0].AsCredential()
	if !ok || credential != (psrp.CredentialCall{Caption: "cap alpha", Message: "msg", User: "ualpha", Target: "target", Types: 1, Options: 3}) {
		t.Errorf("credential %+v", credential)
	}
	for name, list := range calls {
		for _, c := range list {
			_, isPrompt := c.AsPrompt()
			_, isChoice := c.AsChoice()
			_, isCredential := c.AsCredential()
			_, isWrite := c.AsWrite()
			p, isProgress := c.AsProgress()
			if isProgress && (p.Activity == "" || p.Status == "") {
				t.Errorf("%s: progress %+v", name, p)
			}
			n := 0
			for _, is := range []bool{isPrompt, isChoice, isCredential, isWrite, isProgress} {
				if is {
					n++
				}
			}
			screen := c.Method == psrp.HostSetShouldExit || c.Method >= psrp.HostGetForegroundColor && c.Method <= psrp.HostScrollBufferContents
			if n > 1 || n == 0 && !screen {
				t.Errorf("%s: %d readings of %v", name, n, c.Method)
			}
		}
	}
}

// TestRepeatedRecords checks which of the recorded calls are marked as saying
// again what a record said: all of Write-Warning and its kind, but not what was
// written to the host alone.
func TestRepeatedRecords(t *testing.T) {
	calls := recordedCalls(t)
	for _, name := range []string{"04-streams", "03c-invoke-command", "20-typetable"} {
		n := 0
		for _, c := range calls[name] {
			if !c.Repeats {
				t.Errorf("%s: %v %v is not marked", name, c.Method, c.Params)
			}
			n++
		}
		if n == 0 && name == "04-streams" {
			t.Errorf("%s: no host calls", name)
		}
	}
	alone := map[string]bool{
		"ui.write": true, "ui.writeline alpha": true, "errline": true, "coloured": true,
		`What if: Performing the operation "Remove-TransportRule" on target "transport rule 'Rule 2'".`: true,
	}
	seen := 0
	for _, name := range []string{"05-host-writehost", "05-confirm"} {
		for _, c := range calls[name] {
			w, ok := c.AsWrite()
			if !ok {
				continue
			}
			if c.Repeats == alone[w.Text] {
				t.Errorf("%s: %v %q: repeats %v", name, c.Method, w.Text, c.Repeats)
			}
			if alone[w.Text] {
				seen++
			}
		}
	}
	if seen < 4 {
		t.Errorf("only %d calls that repeat nothing", seen)
	}
}

func TestHostAnswers(t *testing.T) {
	p := newPair(t, host(), psrp.ServerOptions{})
	p.open()
	r := p.start(psrp.PipelineOptions{}, call("X"))
	list := func(v ...clixml.Value) *clixml.Object { return &clixml.Object{Kind: clixml.List, Items: v} }
	choices := list(&clixml.Object{Extended: []clixml.Property{{Name: "label", Value: "&Yes"}, {Name: "helpMessage", Value: "h"}}})
	for _, c := range []struct {
		name   string
		method psrp.HostMethod
		params []clixml.Value
		answer clixml.Value
		want   func(clixml.Value) bool
	}{
		{"choice", psrp.HostPromptForChoice, []clixml.Value{"c", "m", choices, int32(0)}, int32(2), func(v clixml.Value) bool { return v == int32(2) }},
		{"line", psrp.HostReadLine, nil, "text", func(v clixml.Value) bool { return v == "text" }},
		{"secure line", psrp.HostReadLineAsSecureString, nil, secret("s"), func(v clixml.Value) bool {
			s, ok := v.(clixml.SecureString)
			text, err := p.server.Decrypt(s)
			return ok && err == nil && text == "s"
		}},
		{"credential", psrp.HostPromptForCredential2, []clixml.Value{"c", "m", "u", "t", int32(1), int32(0)}, cmdlet.PSCredential{User: "u", Password: secret("p")}, func(v clixml.Value) bool {
			o, ok := v.(*clixml.Object)
			user, _ := o.Get("UserName")
			return ok && user == "u"
		}},
		{"prompt", psrp.HostPrompt, []clixml.Value{"c", "m", list()}, map[string]any{"Name": "n", "Secret": secret("s")}, func(v clixml.Value) bool {
			o, ok := v.(*clixml.Object)
			return ok && o.Kind == clixml.Dictionary && len(o.Entries) == 2
		}},
		{"null", psrp.HostGetBufferContents, nil, nil, func(v clixml.Value) bool { return v == nil }},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, pipeline := range []psrp.GUID{r.ID, {}} {
				id, err := p.server.HostCall(pipeline, c.method, c.params...)
				must(t, err)
				got := one[psrp.HostCall](t, p.toClient())
				if got.ID != id || got.Pipeline != pipeline || got.Method != c.method || !got.NeedsAnswer() || len(got.Params) != len(c.params) {
					t.Fatalf("%+v", got)
				}
				must(t, p.pool.Answer(got, c.answer))
				h := one[psrp.HostResponse](t, p.settle())
				if h.ID != id || h.Pipeline != pipeline || h.Method != c.method || h.Err != nil || !c.want(h.Value) {
					t.Fatalf("%+v", h)
				}
				var state *psrp.StateError
				if err := p.pool.Answer(got, c.answer); !errors.As(err, &state) {
					t.Fatalf("a second answer: %v", err)
				}
			}
		})
	}
	_, err := p.server.HostCall(r.ID, psrp.HostReadLine)
	must(t, err)
	must(t, p.pool.AnswerError(one[psrp.HostCall](t, p.toClient()), "nobody is here"))
	if h := one[psrp.HostResponse](t, p.toServer()); h.Err == nil || h.Err.Message != "nobody is here" {
		t.Fatalf("%+v", h)
	}
	id, err := p.server.HostCall(r.ID, psrp.HostWriteLine3, int32(1), int32(2), "x")
	must(t, err)
	c := one[psrp.HostCall](t, p.toClient())
	w, ok := c.AsWrite()
	if id != -100 || c.NeedsAnswer() || !ok || w != (psrp.WriteCall{Text: "x", NewLine: true, Foreground: 1, Background: 2}) {
		t.Fatalf("%+v %+v", c, w)
	}
}

func TestNullHostTakesNoCalls(t *testing.T) {
	p := newPair(t, psrp.PoolOptions{}, psrp.ServerOptions{})
	p.open()
	r := p.start(psrp.PipelineOptions{}, call("X"))
	for _, id := range []psrp.GUID{{}, r.ID} {
		var state *psrp.StateError
		if _, err := p.server.HostCall(id, psrp.HostReadLine); !errors.As(err, &state) {
			t.Fatal(err)
		}
	}
}
