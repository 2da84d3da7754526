package find_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2/test"

	"postroom/app/desk"
	"postroom/app/find"
	"postroom/app/settings"
	"postroom/session/search"
)

// worker holds back what is spawned, so that a test says when it runs.
type worker struct{ waiting []func() }

func (w *worker) spawn(do func()) { w.waiting = append(w.waiting, do) }

func (w *worker) runAll() {
	for len(w.waiting) > 0 {
		do := w.waiting[0]
		w.waiting = w.waiting[1:]
		do()
	}
}

func newFinder(t *testing.T, dir string) (*find.Finder, *worker) {
	t.Helper()
	s, err := settings.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	w := &worker{}
	app := test.NewTempApp(t)
	return find.New(desk.New(app, app.NewWindow(""), func(do func()) { do() }, w.spawn), s), w
}

func of(kind search.Kind, names ...string) func() *search.Index {
	return func() *search.Index {
		var all []search.Entry
		for _, n := range names {
			all = append(all, search.Entry{Kind: kind, ID: n, Title: n})
		}
		return search.New(all)
	}
}

func titles(found []search.Entry) []string {
	var list []string
	for _, e := range found {
		list = append(list, e.Title)
	}
	return list
}

func TestKindsComeTogetherInWhateverOrder(t *testing.T) {
	for _, order := range [][3]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} { // workers end as they like
		f, w := newFinder(t, t.TempDir())
		changed := 0
		f.OnChanged = func() { changed++ }
		if f.Ready() || f.Find("mailbox") != nil {
			t.Error("something was found before there was anything")
		}
		f.Set(search.Cmdlet, of(search.Cmdlet, "Old mailbox"))
		f.Set(search.Report, of(search.Report, "Mailbox sizes"))
		f.Set(search.Cmdlet, of(search.Cmdlet, "Get-Mailbox"))
		began := slices.Clone(w.waiting)
		for i, n := range order {
			w.waiting[i] = began[n]
		}
		w.runAll()
		if got := titles(f.Find("mailbox")); len(got) != 2 || slices.Contains(got, "Old mailbox") || changed == 0 {
			t.Errorf("ended in the order %v: found %v after %d changes", order, got, changed)
		}
		f.Set(search.Cmdlet, of(search.Cmdlet))
		w.runAll()
		if got := titles(f.Find("mailbox")); !slices.Equal(got, []string{"Mailbox sizes"}) {
			t.Errorf("found %v after the cmdlets went", got)
		}
	}
}

func TestWhatWasMarkedAndUsedIsRemembered(t *testing.T) {
	dir := t.TempDir()
	f, w := newFinder(t, dir)
	f.Set(search.Cmdlet, of(search.Cmdlet, "Get-A", "Get-B", "Get-C", "Get-D"))
	key := func(name string) string { return search.Entry{Kind: search.Cmdlet, ID: name}.Key() }
	for _, name := range []string{"Get-B", "Get-D", "Get-B"} {
		f.Used(key(name))
	}
	f.Mark(key("Get-C"), true)
	f.Mark(key("Get-A"), true)
	f.Mark(key("Get-A"), false)
	w.runAll()
	again, w := newFinder(t, dir)
	again.Set(search.Cmdlet, of(search.Cmdlet, "Get-A", "Get-B", "Get-C", "Get-D"))
	w.runAll()
	if got := titles(again.Find("get")); !slices.Equal(got, []string{"Get-C", "Get-B", "Get-D", "Get-A"}) {
		t.Errorf("found %v", got)
	}
	if !again.Favourite(key("Get-C")) || again.Favourite(key("Get-A")) {
		t.Errorf("favourites %v", again.Preference().Favourites)
	}
	for i := range 40 {
		again.Used(key(string(rune('a' + i))))
	}
	w.runAll()
	if n := len(again.Preference().Recent); n > 12 {
		t.Errorf("%d things used last are remembered", n)
	}
}
