package tenants

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"postroom/app/desktest"
	"postroom/app/saving"
	"postroom/app/settings"
	"postroom/session/endpoint"
	"postroom/widgets"
)

func TestMain(m *testing.M) {
	if err := desktest.English(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// newBook is a book of three tenants.
func newBook(t *testing.T) (*Book, *desktest.Queue) {
	t.Helper()
	dir := t.TempDir()
	d, q := desktest.New(t)
	d.Window.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) { d.Sheets.Typed(k) })
	list, err := endpoint.OpenTenants(filepath.Join(dir, "tenants.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, domain := range []string{"alpenhof.example", "nordsee.example", "contoso.example"} {
		if _, err := list.Add(t.Context(), endpoint.Tenant{Domain: domain}); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := settings.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return NewBook(d, list, saving.New(d, kept, func(*url.URL) error { return nil })), q
}

func TestTenantsAreKeptInOrder(t *testing.T) {
	b, q := newBook(t)
	s := b.newSheet()
	s.show()
	known := len(b.list.All())
	s.name.SetText("Weingut Moser")
	s.domain.SetText("https://weingut-moser.example/x")
	s.tags.SetText("wine, Austria")
	s.pinned.SetChecked(true)
	s.save()
	q.Until(t, "the new tenant", func() bool { return s.chosen != "" })
	kept, err := b.list.Find("weingut-moser.example")
	if err != nil || !kept.Pinned || len(kept.Tags) != 2 || kept.Color == "" {
		t.Fatalf("%+v, %v", kept, err)
	}
	if first := b.Search("")[1]; first.ID != kept.Domain || first.Group != "Pinned" {
		t.Errorf("the pinned tenant is not first: %+v", first)
	}
	desktest.Shot(t, b.desk, "tenants")
	desktest.Press(t, b.desk, "Save")
	if again, err := b.list.Find(kept.Domain); err != nil || again.ReadOnly {
		t.Errorf("read only without being asked: %+v, %v", again, err)
	}
	s.reads.SetChecked(true)
	s.save()
	<-s.working // and what the saves say has been said: it shows the tenant anew
	q.Drain()
	if again, err := b.list.Find(kept.Domain); err != nil || !again.ReadOnly || !s.reads.Checked {
		t.Errorf("not read only: %+v, %v", again, err)
	}

	s.color.SetItem(colorItem("#7b1fa2"))
	s.name.SetText("Moser")
	s.save()
	q.Until(t, "the change", func() bool { x, _ := b.list.Find(kept.Domain); return x.Name == "Moser" && x.Color == "#7b1fa2" })

	s.open("")
	s.domain.SetText("not a domain")
	s.save()
	q.Until(t, "the error", s.wrong.Visible)
	desktest.Shot(t, b.desk, "tenants wrong domain")

	s.open(kept.Domain)
	s.removeChosen()
	q.Until(t, "the removal", func() bool { return len(b.list.All()) == known && s.report.Visible() })
	if s.domain.Text != kept.Domain || !s.reads.Checked {
		t.Error("what was removed cannot be put back as it was")
	}
	s.save()
	q.Until(t, "the tenant again", func() bool { return len(b.list.All()) == known+1 })
}

// TestWhatIsDoneMeanwhileStays: another process may hold the file for a while. What was typed
// or opened until it is written is not overwritten.
func TestWhatIsDoneMeanwhileStays(t *testing.T) {
	b, q := newBook(t)
	var held []func()
	spawn := b.desk.Spawn
	b.desk.Spawn = func(f func()) { held = append(held, f) }
	written := func(s *sheet) {
		t.Helper()
		for _, f := range held {
			spawn(f)
		}
		held = nil
		<-s.working
		q.Drain()
	}
	s := b.newSheet()
	s.show()
	s.domain.SetText("kellerei-hofer.example")
	s.save()
	s.save() // pressed twice
	s.tags.SetText("wine")
	s.save()
	written(s)
	if kept, err := b.list.Find("kellerei-hofer.example"); err != nil || len(kept.Tags) != 1 || s.wrong.Visible() || b.desk.Toasts.Count() > 0 {
		t.Fatalf("kept is %+v, %v; on the screen is %s", kept, err, desktest.Text(b.desk))
	}
	s.open("")
	s.domain.SetText("weingut-moser.example")
	s.save()
	s.reads.SetChecked(true)
	written(s)
	if kept, err := b.list.Find("weingut-moser.example"); err != nil || kept.ReadOnly || !s.reads.Checked || s.chosen != kept.Domain {
		t.Fatalf("kept is %+v, %v; ticked %v in the form of %q", kept, err, s.reads.Checked, s.chosen)
	}
	s.save()
	s.open("alpenhof.example")
	s.tags.SetText("hotels")
	written(s)
	if kept, err := b.list.Find("weingut-moser.example"); err != nil || !kept.ReadOnly || s.chosen != "alpenhof.example" || s.tags.Text != "hotels" {
		t.Errorf("kept is %+v, %v; in the form is %q with %q", kept, err, s.chosen, s.tags.Text)
	}
	s.removeChosen()
	s.open("nordsee.example")
	written(s)
	if _, err := b.list.Find("alpenhof.example"); err == nil || s.chosen != "nordsee.example" {
		t.Errorf("it is not removed, or in the form is %q", s.chosen)
	}
}

func TestWholeListsComeInAndGoOut(t *testing.T) {
	desktest.German(t)
	b, q := newBook(t)
	s := b.newSheet()
	s.show()
	b.desk.Copy("Alpha;alpha.example\nBeta;beta.example\nno domain here\n")
	s.paste()
	q.Until(t, "the list", s.report.Visible)
	if text := s.report.Value(); !strings.HasPrefix(text, "2 hinzugefügt") || !strings.Contains(text, "\n") {
		t.Errorf("it says %q", text)
	}
	fyne.CurrentApp().Settings().SetTheme(widgets.NewTheme(widgets.AlwaysDark))
	desktest.Shot(t, b.desk, "tenants german dark")
	b.desk.Window.Resize(fyne.NewSize(560, 700))
	s.sheet.Arrange()
	desktest.Shot(t, b.desk, "tenants german narrow")
	path := filepath.Join(t.TempDir(), "out.csv")
	s.exportTo(path)
	q.Until(t, "the file", func() bool { return strings.Contains(desktest.Notes(b.desk), "5 Mandanten") })
	if out, err := os.ReadFile(path); err != nil || !strings.Contains(string(out), "beta.example") {
		t.Errorf("the export is %q, %v", out, err)
	}
}

// TestTheSheetFindsAsThePickerDoes: among a thousand, without accents and by
// several words.
func TestTheSheetFindsAsThePickerDoes(t *testing.T) {
	b, q := newBook(t)
	s := b.newSheet()
	s.show()
	var list strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&list, "M\u00fcller & S\u00f6hne %d;kunde%d.example\n", i, i)
	}
	b.desk.Copy(list.String())
	s.paste()
	q.Until(t, "the list", s.report.Visible)
	found := s.find("muller 77 sohne")
	if len(found) != 1 || !slices.ContainsFunc(found[0].Items, func(i widgets.SideItem) bool { return i.ID == "kunde77.example" }) {
		t.Errorf("found %+v", found)
	}
	if none := s.find("nobody at all"); none != nil {
		t.Errorf("found %+v", none)
	}
}

// TestATenantIsFoundByItsName holds the search to its answer, not to
// a time: the first of a thousand is found by its name.
func TestATenantIsFoundByItsName(t *testing.T) {
	b, _ := newBook(t)
	var list strings.Builder
	for i := range 1000 {
		list.WriteString("Customer " + strconv.Itoa(i) + ";c" + strconv.Itoa(i) + ".example\n")
	}
	if _, err := b.list.Import(t.Context(), strings.NewReader(list.String())); err != nil {
		t.Fatal(err)
	}
	items := b.Search("c777.example")
	if len(items) == 0 || items[0].ID != "c777.example" {
		t.Errorf("found %+v", items)
	}
}

// TestASheetFitsIntoItsWindow: its buttons stay in sight whatever the size.
func TestASheetFitsIntoItsWindow(t *testing.T) {
	b, _ := newBook(t)
	b.ShowSheet()
	foot := desktest.Buttons(b.desk)["Close"]
	for _, size := range []fyne.Size{{Width: 1360, Height: 860}, {Width: 700, Height: 420}, {Width: 380, Height: 500}, {Width: 1000, Height: 700}} {
		b.desk.Window.Resize(size)
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(foot)
		room := b.desk.Window.Canvas().Size()
		if at.X < 0 || at.X+foot.Size().Width > room.Width || at.Y+foot.Size().Height > room.Height {
			t.Errorf("in a window of %v the buttons are at %v, %v large", room, at, foot.Size())
		}
	}
}

// TestTheOwnTenantIsFoundByWhatPeopleCallIt: before, only the empty search had it.
func TestTheOwnTenantIsFoundByWhatPeopleCallIt(t *testing.T) {
	b, _ := newBook(t)
	for _, text := range []string{"", "own", "OWN ten", "my own", "organisation"} {
		if found := b.Search(text); len(found) == 0 || found[0].ID != "" {
			t.Errorf("%q finds %+v, want the account's own tenant first", text, found)
		}
	}
	if found := b.Search("alpenhof"); len(found) != 1 || found[0].ID != "alpenhof.example" {
		t.Errorf("another word finds %+v", found)
	}
}

// TestEscapeLeavesTheSheetWhateverHasTheKeyboard goes through all that can have it.
func TestEscapeLeavesTheSheetWhateverHasTheKeyboard(t *testing.T) {
	b, _ := newBook(t)
	s := b.newSheet()
	for _, f := range []fyne.Focusable{s.name, s.domain, s.tags, s.pinned, s.color, s.list.List(), s.remove} {
		s.show()
		b.desk.Focus(f)
		desktest.Type(b.desk, fyne.KeyEscape)
		if b.desk.Sheets.Count() != 0 {
			t.Errorf("with the keyboard on %T Escape does nothing", f)
			s.sheet.Hide()
		}
	}
}

// TestALostListIsConfirmedHere: the sheet says that a list could not be read, and takes the
// person's word that nothing is missing in it.
func TestALostListIsConfirmedHere(t *testing.T) {
	b, q := newBook(t)
	lost := error(&endpoint.LostError{Path: "tenants.json", Kept: "tenants.json.unreadable-1"})
	b.Lost = func() error { return lost }
	b.Confirm = func(context.Context) error { lost = nil; return nil }
	s := b.newSheet()
	s.show()
	q.Until(t, "what is lost", s.lost.Visible)
	if shown := desktest.Text(b.desk); !strings.Contains(shown, "tenants.json could not be read: nothing is changed until you confirm your lists.") {
		t.Errorf("shown is %s", shown)
	}
	desktest.Shot(t, b.desk, "tenants lost")
	desktest.Press(t, b.desk, "My lists are right")
	q.Until(t, "the confirmation", func() bool { return !s.lost.Visible() })
}
