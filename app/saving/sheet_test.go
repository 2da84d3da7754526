package saving

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"fyne.io/fyne/v2"

	"postroom/app/desk"
	"postroom/app/desktest"
	"postroom/app/settings"
	"postroom/widgets"
)

func TestMain(m *testing.M) {
	if err := desktest.English(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// asked is a sheet on the screen, and what came of it.
type asked struct {
	*sheet
	*desktest.Queue
	desk  *desk.Desk
	home  string
	saved string

	mu     sync.Mutex // the desktop is asked on a worker
	opened []string
}

// open is the desktop's.
func (a *asked) open(u *url.URL) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.opened = append(a.opened, u.Path)
	return nil
}

// leads is where the name leads; "" nowhere.
func (a *asked) leads() string {
	path, err := a.path()
	if err != nil {
		return ""
	}
	return path
}

// opens are what the desktop was asked to open.
func (a *asked) opens() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.opened)
}

func ask(t *testing.T) *asked {
	t.Helper()
	dir, home := t.TempDir(), t.TempDir()
	d, q := desktest.New(t)
	d.Window.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) { d.Sheets.Typed(k) })
	kept, err := settings.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	a := &asked{Queue: q, desk: d, home: home}
	if err := kept.Change(func(s *settings.Settings) { s.SaveFolder = a.home })(t.Context()); err != nil {
		t.Fatal(err)
	}
	saver := New(d, kept, a.open)
	a.sheet = newSheet(saver, Question{
		Title: "Export", Name: "rows.csv",
		Types: []Type{{Title: "CSV", Ext: ".csv"}, {Title: "Excel", Ext: ".xlsx"}},
		Save:  func(path string) { a.saved = path },
	})
	a.show()
	q.Until(t, "the first look", func() bool { return a.hint.Value() != "" })
	return a
}

func TestANameIsSavedInTheFolderOfTheLastTime(t *testing.T) {
	a := ask(t)
	desktest.Shot(t, a.desk, "save")
	desktest.Press(t, a.desk, "Save")
	a.Until(t, "the name", func() bool { return a.saved != "" })
	if a.saved != filepath.Join(a.home, "rows.csv") || a.desk.Sheets.Count() != 0 {
		t.Errorf("saved to %s", a.saved)
	}
}

// TestAPathIsAName: typed or pasted, with quotes, file:// and ~ as people have them. It stays
// as it is, and the folder says where it leads.
func TestAPathIsAName(t *testing.T) {
	a := ask(t)
	other := t.TempDir()
	whole := filepath.Join(other, "x.xlsx")
	for _, text := range []string{whole, `"` + whole + `"`, "file://" + filepath.ToSlash(whole), "  " + whole + " "} {
		a.name.SetText("rows.csv")
		a.folder.SetText(a.home)
		a.name.SetText(text)
		kind, _ := a.kind.Item()
		if a.name.Text != text || a.leads() != whole || a.folder.Text != other || kind.ID != ".xlsx" {
			t.Errorf("%q becomes %q in %q, of kind %s: %s", text, a.name.Text, a.folder.Text, kind.ID, a.leads())
		}
	}
	a.name.SetText("")
	for i := range whole { // letter by letter
		a.name.SetText(whole[:i+1])
		if a.name.Text != whole[:i+1] {
			t.Fatalf("%q becomes %q while it is typed", whole[:i+1], a.name.Text)
		}
	}
	if a.leads() != whole {
		t.Errorf("typed it is %s", a.leads())
	}
	a.folder.SetText(a.home) // another folder for the same name
	if want := filepath.Join(a.home, "x.xlsx"); a.leads() != want || a.name.Text != "x.xlsx" {
		t.Errorf("in another folder it is %s", a.leads())
	}
	a.name.SetText(other + string(filepath.Separator))
	if a.leads() != "" {
		t.Errorf("a folder alone is saved as %s", a.leads())
	}
	home, err := os.UserHomeDir()
	if err != nil {
		t.Skip(err)
	}
	if got, err := ReadPath("~/a.csv"); err != nil || got != filepath.Join(home, "a.csv") {
		t.Errorf("~ is %s", got)
	}
}

// TestWhatIsNotAllSaysSoInItsName, whatever is typed, and once.
func TestWhatIsNotAllSaysSoInItsName(t *testing.T) {
	a := ask(t)
	a.asked.Partial = true
	for typed, want := range map[string]string{
		"mine": "mine_partial.csv", "mine.xlsx": "mine_partial.xlsx", "mine_partial.csv": "mine_partial.csv",
		filepath.Join(a.home, "x.csv"): "x_partial.csv",
	} {
		a.name.SetText(typed)
		if got := a.leads(); got != filepath.Join(a.home, want) {
			t.Errorf("%s is saved as %s", typed, got)
		}
		a.name.SetText("rows.csv")
	}
	a.Until(t, "why", func() bool {
		return strings.Contains(a.hint.Value(), "rows_partial.csv") && strings.Contains(a.hint.Value(), "may be missing")
	})
	if err := os.WriteFile(filepath.Join(a.home, "rows_partial.csv"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	a.name.SetText("rows")
	a.Until(t, "the warning", func() bool { return a.save.Text == "Replace" })
}

// TestTheKindGivesTheExtension, and one that is typed gives the kind.
func TestTheKindGivesTheExtension(t *testing.T) {
	a := ask(t)
	a.kindChosen(widgets.Item{ID: ".xlsx"})
	if a.name.Text != "rows.xlsx" {
		t.Errorf("the name is %q", a.name.Text)
	}
	a.name.SetText("v1.2 of November")
	if got := a.leads(); got != filepath.Join(a.home, "v1.2 of November.xlsx") {
		t.Errorf("a name without extension is saved as %s", got)
	}
	a.name.SetText("rows.CSV")
	if kind, _ := a.kind.Item(); kind.ID != ".csv" {
		t.Errorf("the kind of rows.CSV is %s", kind.ID)
	}
}

// TestNothingIsReplacedUnseen: the button says so, and a folder that is not
// there is told before anything is written.
func TestNothingIsReplacedUnseen(t *testing.T) {
	a := ask(t)
	old := filepath.Join(a.home, "old.csv")
	if err := os.WriteFile(old, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	a.name.SetText("old.csv")
	a.submit() // at once, before it was seen
	a.Until(t, "the warning", func() bool { return strings.Contains(a.hint.Value(), "will be replaced") })
	a.Drain()
	if a.saved != "" || a.save.Text != "Replace" {
		t.Errorf("it was saved over the old file; the button says %s", a.save.Text)
	}
	if need := a.save.MinSize().Width; a.save.Size().Width < need {
		t.Errorf("the button is %v wide, and its text needs %v", a.save.Size().Width, need)
	}
	desktest.Press(t, a.desk, "Replace")
	a.Until(t, "the name", func() bool { return a.saved == old })
	if b, err := os.ReadFile(old); err != nil || string(b) != "old" {
		t.Errorf("asking for a name has changed the file: %q, %v", b, err)
	}

	a = ask(t)
	a.folder.SetText(filepath.Join(a.home, "no such"))
	a.Until(t, "the word about the folder", func() bool { return strings.Contains(a.hint.Value(), "does not exist") })
	if !a.save.Disabled() {
		t.Error("it can be saved into a folder that is not there")
	}
	desktest.Type(a.desk, fyne.KeyEscape)
	if a.desk.Sheets.Count() != 0 {
		t.Error("Escape does not leave the sheet")
	}
}

// TestAWarningIsAnsweredAfterItWasSeen: a key that was pressed before the warning was on the
// screen replaces nothing, neither by the field nor by the button.
func TestAWarningIsAnsweredAfterItWasSeen(t *testing.T) {
	a := ask(t)
	if err := os.WriteFile(filepath.Join(a.home, "old.csv"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	a.desk.Spawn = func(look func()) { look() }
	var drawn []func()
	a.of.onScreen = func(then func()) { drawn = append(drawn, then) }
	warned := func() {
		t.Helper()
		a.name.SetText("old.csv")
		a.Until(t, "the warning", func() bool { return a.save.Text == "Replace" })
	}
	warned()
	a.name.SetText("new.csv")
	a.Until(t, "the free name", func() bool { return a.save.Text == "Save" })
	warned()
	drawn[0]() // what was said first, and is not what is said now
	for _, answer := range []func(){a.submit, func() { desktest.Press(t, a.desk, "Replace") }} {
		answer()
		a.Drain() // what the look has found
		if a.saved != "" || a.desk.Sheets.Count() != 1 {
			t.Fatalf("%q was replaced before the warning was seen", a.saved)
		}
	}
	drawn[len(drawn)-1]()
	desktest.Press(t, a.desk, "Replace")
	a.Until(t, "the name", func() bool { return a.saved == filepath.Join(a.home, "old.csv") })
}

// TestTheSheetGoesAtOnce: a key that is pressed after Save is for the window. Where the file
// has come meanwhile the sheet comes back, and the file stays as it is.
func TestTheSheetGoesAtOnce(t *testing.T) {
	a := ask(t)
	a.submit()
	if a.desk.Sheets.Count() != 0 {
		t.Error("the sheet is still there after Save")
	}
	a.Until(t, "the name", func() bool { return a.saved != "" })

	a = ask(t)
	if err := os.WriteFile(filepath.Join(a.home, "rows.csv"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	a.submit()
	a.Until(t, "the sheet", func() bool { return a.desk.Sheets.Count() == 1 })
	if a.saved != "" || a.save.Text != "Replace" {
		t.Errorf("saved %q; the button says %s", a.saved, a.save.Text)
	}
	desktest.Press(t, a.desk, "Replace")
	a.Until(t, "the name", func() bool { return a.saved != "" })

	a = ask(t)
	a.name.SetText("other.csv")
	a.submit() // not said yet: the sheet stays
	desktest.Type(a.desk, fyne.KeyEscape)
	a.Drain()
	a.Until(t, "the look", func() bool { return a.said == filepath.Join(a.home, "other.csv") })
	if a.saved != "" {
		t.Errorf("%s was saved after the sheet was left", a.saved)
	}
}

// TestWhatIsSavedCanBeOpened: the file, and its folder.
func TestWhatIsSavedCanBeOpened(t *testing.T) {
	a := ask(t)
	a.sheet.sheet.Hide()
	path := filepath.Join(a.home, "rows.csv")
	for _, press := range []string{"Open", "Show in folder"} {
		a.of.Saved(widgets.Success, "19 rows written.", path)
		desktest.Press(t, a.desk, press)
	}
	a.Until(t, "both", func() bool { return len(a.opens()) == 2 })
	if got := strings.Join(a.opens(), " "); !strings.Contains(got, "rows.csv") || !strings.Contains(got, filepath.ToSlash(a.home)) {
		t.Errorf("opened were %s", got)
	}
}

// TestChoices are asked beside name and format, and told when they are made.
func TestChoices(t *testing.T) {
	a := ask(t)
	made := -1
	s := newSheet(a.of, Question{
		Title: "Export", Name: "rows.csv", Types: []Type{{Title: "CSV", Ext: ".csv"}},
		Choices: []Choice{{Label: "Sizes", Options: []string{"As text", "In bytes"}, Chosen: 1, OnChosen: func(i int) { made = i }}},
	})
	if item, ok := s.pickers[0].Item(); !ok || item.Title != "In bytes" {
		t.Errorf("at first %+v is chosen", item)
	}
	s.pickers[0].OnChosen(widgets.Item{ID: "0"})
	if made != 0 {
		t.Errorf("option %d was told", made)
	}
}

// TestWhatIsBeingWrittenIsNoName, however it is spelt; it is one again afterwards.
func TestWhatIsBeingWrittenIsNoName(t *testing.T) {
	a := ask(t)
	trace := filepath.Join(a.home, "trace.csv")
	if err := os.WriteFile(trace, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("trace.csv", filepath.Join(a.home, "link.csv")); err != nil {
		t.Skip(err)
	}
	done := a.of.Writing(trace)
	for _, name := range []string{"trace.csv", "link.csv"} {
		a.name.SetText(name)
		a.Until(t, "the word about the file", func() bool { return a.hint.Value() == name+" is being written now." })
		a.submit()
		a.Drain()
		if a.saved != "" || !a.save.Disabled() {
			t.Errorf("%s can be chosen: %q", name, a.saved)
		}
	}
	done()
	a.name.SetText("trace.csv")
	a.Until(t, "the other word", func() bool { return strings.Contains(a.hint.Value(), "will be replaced") })
}

// TestAPathOfAnotherSystemIsTold, and nothing is saved there.
func TestAPathOfAnotherSystemIsTold(t *testing.T) {
	if filepath.Separator == '\\' {
		t.Skip("it is one of this system")
	}
	a := ask(t)
	for text, want := range map[string]string{`"C:\Reports\a.csv"`: "path of Windows", "file://server/share/a.csv": "another computer", "file:///tmp/50%.csv": "not the address"} {
		a.name.SetText(text)
		a.submit()
		a.Drain()
		if !strings.Contains(a.hint.Value(), want) || !a.save.Disabled() || a.saved != "" {
			t.Errorf("%s: %q; saved to %q", text, a.hint.Value(), a.saved)
		}
	}
	a.name.SetText("a.csv")
	a.Until(t, "the look", func() bool { return !a.save.Disabled() })
}
