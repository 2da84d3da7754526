package app

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"postroom/widgets"
)

func TestTenantsAreKeptInOrder(t *testing.T) {
	w, q := withDemo(t)
	s := w.newTenantSheet()
	s.show()
	known := len(w.app.tenants.All())
	s.name.SetText("Weingut Moser")
	s.domain.SetText("https://weingut-moser.example/x")
	s.tags.SetText("wine, Austria")
	s.pinned.SetChecked(true)
	s.save()
	q.until(t, "the new tenant", func() bool { return s.chosen != "" })
	kept, err := w.app.tenants.Find("weingut-moser.example")
	if err != nil || !kept.Pinned || len(kept.Tags) != 2 || kept.Color == "" {
		t.Fatalf("%+v, %v", kept, err)
	}
	if first := w.searchTenants("")[1]; first.ID != kept.Domain || first.Group != "Pinned" {
		t.Errorf("the pinned tenant is not first: %+v", first)
	}
	shot(t, w, "tenants")

	s.color.SetItem(colorItem("#7b1fa2"))
	s.name.SetText("Moser")
	s.save()
	q.until(t, "the change", func() bool { x, _ := w.app.tenants.Find(kept.Domain); return x.Name == "Moser" && x.Color == "#7b1fa2" })

	s.open("")
	s.domain.SetText("not a domain")
	s.save()
	q.until(t, "the error", s.wrong.Visible)
	shot(t, w, "tenants wrong domain")

	s.open(kept.Domain)
	s.removeChosen()
	q.until(t, "the removal", func() bool { return len(w.app.tenants.All()) == known && s.report.Visible() })
	if s.domain.Text != kept.Domain {
		t.Error("what was removed cannot be put back")
	}
	s.save()
	q.until(t, "the tenant again", func() bool { return len(w.app.tenants.All()) == known+1 })
}

func TestWholeListsComeInAndGoOut(t *testing.T) {
	inGerman(t)
	w, q := withDemo(t)
	s := w.newTenantSheet()
	s.show()
	fyne.CurrentApp().Clipboard().SetContent("Alpha;alpha.example\nBeta;beta.example\nno domain here\n")
	s.paste()
	q.until(t, "the list", s.report.Visible)
	if text := s.report.Value(); !strings.HasPrefix(text, "2 hinzugefügt") || !strings.Contains(text, "\n") {
		t.Errorf("it says %q", text)
	}
	w.setTheme(widgets.AlwaysDark)
	shot(t, w, "tenants german dark")
	w.window.Resize(fyne.NewSize(560, 700))
	s.sheet.Arrange()
	shot(t, w, "tenants german narrow")
	var out bytes.Buffer
	if err := w.app.tenants.Export(&out); err != nil || !strings.Contains(out.String(), "beta.example") {
		t.Errorf("the export is %q, %v", out.String(), err)
	}
}

// TestTheSheetFindsAsThePickerDoes: among a thousand, without accents and by
// several words.
func TestTheSheetFindsAsThePickerDoes(t *testing.T) {
	w, q := withDemo(t)
	s := w.newTenantSheet()
	s.show()
	var list strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&list, "M\u00fcller & S\u00f6hne %d;kunde%d.example\n", i, i)
	}
	fyne.CurrentApp().Clipboard().SetContent(list.String())
	s.paste()
	q.until(t, "the list", s.report.Visible)
	found := s.find("muller 77 sohne")
	if len(found) != 1 || !slices.ContainsFunc(found[0].Items, func(i widgets.SideItem) bool { return i.ID == "kunde77.example" }) {
		t.Errorf("found %+v", found)
	}
	if none := s.find("nobody at all"); none != nil {
		t.Errorf("found %+v", none)
	}
}

func TestAnEditedTenantShowsWhereItIsInUse(t *testing.T) {
	a, q := connected(t)
	w := a.window
	s := w.newTenantSheet()
	s.show()
	s.open(w.connection.tenant.Domain)
	s.name.SetText("Renamed")
	s.save()
	q.until(t, "the new name", func() bool { return w.connection.tenant.Name == "Renamed" })
	if n := len(a.manager.Sessions()); n != 1 {
		t.Errorf("%d sessions after a tenant was edited", n)
	}
}
