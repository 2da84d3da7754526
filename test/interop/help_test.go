package interop

import (
	"errors"
	"reflect"
	"testing"

	"postroom/session"
	"postroom/session/cmdlet"
)

// TestManagerExplainsOnPsrpcore: what Get-Help gives is the tree of a help file, with one
// parameter or several, paragraphs or a text; no slot is spent and no session opened for it.
func TestManagerExplainsOnPsrpcore(t *testing.T) {
	p := startBasic(t)
	m := manage(t, p)
	to := target(p, "contoso.example")
	if _, err := m.Explain(patient(t), to, "Get-Mailbox"); !errors.Is(err, session.ErrNotIdle) {
		t.Errorf("without a session: %v", err)
	}
	if _, err := m.Open(patient(t), to); err != nil {
		t.Fatal(err)
	}
	identity := cmdlet.ParameterHelp{Name: "Identity", Text: "Whom it is about.\nA name, or an address.", Required: true}
	for name, want := range map[string]cmdlet.Help{
		"Get-Mailbox": {Synopsis: "Gives what is there.", Parameters: []cmdlet.ParameterHelp{
			identity, {Name: "Novel"}, {Name: "Plain", Text: "No paragraph."},
		}},
		"Get-Blob":    {Synopsis: "Gives what is there.", Parameters: []cmdlet.ParameterHelp{identity}},
		"Get-Unknown": {},
	} {
		got, err := m.Explain(patient(t), to, name)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v\nwant %+v", name, got, err, want)
		}
	}
	before := p.count(t, "Command")
	if _, err := m.Explain(patient(t), to, "get-mailbox"); err != nil {
		t.Error(err)
	}
	if again := p.count(t, "Command"); again != before {
		t.Errorf("what is known is asked again: %d commands, then %d", before, again)
	}
	if n := p.count(t, "Create"); n != 1 {
		t.Errorf("%d sessions", n)
	}
	rows := newSink()
	if err := m.Run(patient(t), m.Sessions()[0].ID, cmdlet.Invocation{Cmdlet: "Get-Mailbox"}, rows); err != nil {
		t.Errorf("a run afterwards: %v", err)
	}
}
