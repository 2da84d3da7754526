package connect

import (
	"testing"

	"postroom/session"
	"postroom/session/catalogue"
	"postroom/session/credential"
)

// TestWhatMayBeRunIsAskedOnce: as long as the server's key is the same, the list on disk
// does, for this tenant alone.
func TestWhatMayBeRunIsAskedOnce(t *testing.T) {
	b := newBench(t, credential.NewMemory())
	d := b.ShowDemo(b.demo)
	d.Submit()
	b.Until(t, "the sign-in", func() bool { return b.signed != nil })
	id := b.Manager.Sessions()[0].ID
	asked := func() int64 { return int64(b.demo.Server.Stats().Commands) }
	before := asked()
	again, err := b.MayRun(t.Context(), id, *b.signed)
	if err != nil || len(again.Cmdlets) == 0 || again.Key != b.Manager.CommandsKey(id) || again.Key == "" {
		t.Fatalf("%d cmdlets under the key %q: %v", len(again.Cmdlets), again.Key, err)
	}
	if asked() != before {
		t.Error("the server was asked although its key is the same")
	}
	owner := catalogue.Owner{Holder: b.signed.Holder(), Tenant: b.signed.Tenant.Domain}
	if err := b.Catalogues.Save(owner, catalogue.Catalogue{Key: "another"}); err != nil {
		t.Fatal(err)
	}
	came := 0
	changed, err := b.MayRun(session.NotifyCommands(t.Context(), func(n, _ int) { came = n }), id, *b.signed)
	if err != nil || len(changed.Cmdlets) != len(again.Cmdlets) || came != len(again.Cmdlets) {
		t.Errorf("after another key: %d cmdlets, %d told: %v", len(changed.Cmdlets), came, err)
	}
	if asked() == before {
		t.Error("the server was not asked although its key is another")
	}
	kept, err := b.Catalogues.Load(owner)
	if err != nil || kept.Key != again.Key || len(kept.Cmdlets) != len(again.Cmdlets) {
		t.Errorf("kept under %q: %v", kept.Key, err)
	}
}
