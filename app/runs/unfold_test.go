package runs_test

import (
	"context"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"postroom/app/desktest"
	"postroom/session"
	"postroom/session/clixml"
	"postroom/widgets"
)

// ruleRow is a row with an object: its properties are a text, a list of objects, nothing, and
// the object itself.
func ruleRow(t *testing.T) func(context.Context, session.Sink) error {
	t.Helper()
	rule := &clixml.Object{ToString: "Invoices", HasToString: true}
	rule.Extended = []clixml.Property{
		{Name: "Priority", Value: int32(3)},
		{Name: "Actions", Value: &clixml.Object{Kind: clixml.List, Items: []clixml.Value{
			&clixml.Object{Extended: []clixml.Property{{Name: "Folder", Value: "Archive"}, {Name: "Stop", Value: true}}}, "MarkAsRead",
		}}},
		{Name: "Description", Value: nil},
		{Name: "Self", Value: rule},
	}
	raw, err := clixml.Append(nil, rule)
	if err != nil {
		t.Fatal(err)
	}
	return func(_ context.Context, sink session.Sink) error {
		sink.BeginRow()
		sink.Text([]byte("Name"), []byte("Ada"))
		sink.Nested([]byte("Rule"), []byte("Invoices"), raw)
		sink.Nested([]byte("Odd"), []byte("what it shows"), []byte("<Obj><broken"))
		sink.List([]byte("Texts"), [][]byte{[]byte("one"), []byte("two")}, nil)
		return sink.EndRow()
	}
}

// TestDetailsUnfoldObjects: an object shows its properties, level by level, though it has
// itself in it; one that cannot be read keeps its text.
func TestDetailsUnfoldObjects(t *testing.T) {
	b := newBench(t)
	b.usual = ruleRow(t)
	tab := b.tab("Get-Something", "Identity")
	b.run(tab)
	b.desk.Focus(tab.Grid())
	tab.Grid().SetCurrent(0, 0)
	keys(b, "", fyne.KeyReturn)
	b.settle()
	b.reads("Rule  4", "Invoices", "what it shows", "Texts  2")
	if strings.Contains(b.text(), "Priority") {
		t.Error("the object is unfolded from the beginning")
	}
	keys(b, "arch") // the search opens what it finds
	b.settle()
	b.reads("Rule  4", "Actions  2", "Folder", "Archive")
	var details *widgets.RowDetails
	desktest.Walk(desktest.Front(b.desk), func(o fyne.CanvasObject) {
		if d, is := o.(*widgets.RowDetails); is {
			details = d
		}
	})
	if details == nil {
		t.Fatal("no details")
	}
	if want := "Rule\tInvoices\n"; !strings.Contains(details.Text(), want) {
		t.Errorf("what is copied has no %q: %q", want, details.Text())
	}
}
