package app

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"postroom/app/desktest"
	"postroom/app/runs"
	"postroom/app/settings"
	"postroom/app/tenants"
	"postroom/session/credential"
	"postroom/session/simulator"
	"postroom/widgets"
)

// What a person does with keys and mouse, and what the window may do with it.
// Nothing here looks at how the window is made.

// ctrl is a key with Ctrl, or Command on a Mac.
func ctrl(key fyne.KeyName) fyne.Shortcut {
	return &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}
}

// fillIdentity fills in what the form in front is about.
func fillIdentity(t *testing.T, w *mainWindow, value string) {
	t.Helper()
	w.middle.withFront(func(tab *runs.Tab) { tab.Form().SetValues(map[string]string{"Identity": value}) })
}

// TestAShortcutDoesNotReachBehindAQuestion: Ctrl+Enter twice on a change asked
// twice, and both answers sent it; Ctrl+T changed the tenant under the question.
func TestAShortcutDoesNotReachBehindAQuestion(t *testing.T) {
	a, q := connected(t)
	w := a.window
	w.opening.cmdlet("Remove-TransportRule")
	fillIdentity(t, w, "Disclaimer")
	w.commands.keys.TypedShortcut(ctrl(fyne.KeyReturn))
	if w.desk.Sheets.Count() != 1 {
		t.Fatalf("%d questions for one change", w.desk.Sheets.Count())
	}
	asked := w.desk.Sheets.Top()
	for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyT, fyne.KeyK, fyne.KeyL, fyne.KeyW, fyne.KeyE, fyne.KeyF} {
		w.commands.keys.TypedShortcut(ctrl(key))
		q.Drain()
	}
	for _, menu := range w.window.MainMenu().Items {
		for _, item := range menu.Items {
			if item.Shortcut != nil && !item.IsQuit {
				item.Action()
			}
		}
	}
	if w.desk.Sheets.Count() != 1 || w.desk.Sheets.Top() != asked || len(w.window.Canvas().Overlays().List()) != 1 {
		t.Errorf("%d sheets, %d things lie over the window", w.desk.Sheets.Count(), len(w.window.Canvas().Overlays().List()))
	}
	if desktest.Type(w.desk, fyne.KeyEscape); w.desk.Sheets.Count() != 0 {
		t.Error("Escape does not take the question away")
	}
	if len(w.middle.tabs.Items()) != 1 {
		t.Error("a shortcut reached the tabs behind the question")
	}
	if n := w.demo.Server.Stats().CommandsByName["Remove-TransportRule"]; n != 0 {
		t.Errorf("%d commands were sent, and nobody agreed", n)
	}
}

// TestAFormBelongsToItsTenant: another tenant, chosen at the top, gets a form of
// its own. The one that was filled in stays where it was aimed at.
func TestAFormBelongsToItsTenant(t *testing.T) {
	a, q := connected(t)
	w := a.window
	first, second := demoTenant(w, 0), demoTenant(w, 1)
	w.opening.cmdlet("Remove-TransportRule")
	fillIdentity(t, w, "Disclaimer")
	w.tenants.chosen(tenants.Item(second))
	q.Drain()
	if desktest.Buttons(w.desk)["Run on "+second.Name] == nil || desktest.Buttons(w.desk)["Run on "+first.Name] != nil {
		t.Errorf("in front is %s", desktest.Text(w.desk))
	}
	w.middle.withFront(func(tab *runs.Tab) {
		if got := tab.Form().Values()["Identity"]; got != "" {
			t.Errorf("what was to be removed from one tenant stands in the form of another: %q", got)
		}
	})
	items := w.middle.tabs.Items()
	if len(items) != 2 || items[0].Detail != first.Name || items[1].Detail != second.Name {
		t.Fatalf("the tabs are %v", items)
	}
	w.middle.tabs.Select(items[0])
	if desktest.Buttons(w.desk)["Run on "+first.Name] == nil {
		t.Error("the first form is aimed at another tenant")
	}
	w.tenants.chosen(tenants.Item(second))
	if len(w.middle.tabs.Items()) != 2 {
		t.Error("a form that is there already is opened again")
	}

	w.opening.cmdlet("Get-Mailbox")
	w.middle.withFront(func(tab *runs.Tab) { tab.Form().SetValues(map[string]string{"ResultSize": "10"}) })
	w.tenants.chosen(tenants.Item(first))
	w.middle.withFront(func(tab *runs.Tab) {
		if got := tab.Form().Values()["ResultSize"]; got != "10" {
			t.Errorf("a form that only reads is filled in anew: %q", got)
		}
	})
}

// TestTheWindowComesBackAsItWas: size, theme, the width of the list, the folded
// sessions.
func TestTheWindowComesBackAsItWas(t *testing.T) {
	q := desktest.NewQueue()
	d := Deps{Post: q.Post, Passwords: credential.NewMemory(), Config: t.TempDir(), State: t.TempDir()}
	a, err := New(test.NewTempApp(t), d)
	if err != nil {
		t.Fatal(err)
	}
	endsWith(t, a, q)
	w := a.window
	w.window.Resize(fyne.NewSize(1111, 777))
	w.look.split.SetWidth(333)
	w.look.choose(settings.Dark)
	w.runAction(t, "Fold or show the sessions")
	w.closing.request()
	q.Until(t, "the settings in their file", func() bool {
		kept, openErr := settings.Open(d.Config)
		return openErr == nil && kept.Get().Window.Width > 0 && kept.Get().Theme == settings.Dark
	})

	q = desktest.NewQueue()
	d.Post, d.State = q.Post, t.TempDir()
	again, err := New(test.NewTempApp(t), d)
	if err != nil {
		t.Fatal(err)
	}
	endsWith(t, again, q)
	size := again.window.window.Canvas().Size()
	if size.Width != 1111 || size.Height != 777 || again.window.look.split.Width() != 333 || !again.window.look.panels.folded {
		t.Errorf("it comes back %v large, the list %v wide, folded %v", size, again.window.look.split.Width(), again.window.look.panels.folded)
	}
	shown := again.fyne.Settings().Theme().Color(theme.ColorNameBackground, theme.VariantLight)
	if dark := widgets.NewTheme(widgets.AlwaysDark).Color(theme.ColorNameBackground, theme.VariantLight); shown != dark {
		t.Errorf("it comes back on %v, and was dark: %v", shown, dark)
	}
}

// TestANarrowWindowFoldsTheSessions, so that the rows have room, until a person
// asks for them.
func TestANarrowWindowFoldsTheSessions(t *testing.T) {
	a, _ := connected(t)
	w := a.window
	w.opening.cmdlet("Get-Mailbox")
	w.window.Resize(fyne.NewSize(800, 600))
	if size := w.window.Canvas().Size(); size.Width > 800 {
		t.Errorf("the window does not become narrower than %v", size.Width)
	}
	if desktest.Buttons(w.desk)["Disconnect all"] != nil {
		t.Error("the sessions take the room of the rows")
	}
	desktest.Shot(t, w.desk, "800 x 600")
	w.look.panels.toggle()
	if desktest.Buttons(w.desk)["Disconnect all"] == nil {
		t.Error("who asks for the sessions does not see them")
	}
	w.look.panels.toggle()
	w.window.Resize(fyne.NewSize(1366, 768))
	if desktest.Buttons(w.desk)["Disconnect all"] != nil {
		t.Error("what a person folded is shown again by itself")
	}
}

// runAction does what an item of the menus stands for.
func (w *mainWindow) runAction(t *testing.T, title string) {
	t.Helper()
	for _, a := range w.commands.all() {
		if a.title == title {
			a.do()
			return
		}
	}
	t.Fatalf("no action is called %q", title)
}

// TestTheDemoLeavesTheListOfTenantsAlone: its tenants are made up.
func TestTheDemoLeavesTheListOfTenantsAlone(t *testing.T) {
	a, q := connected(t)
	ran(t, a.window, q, "Get-AcceptedDomain")
	if all := a.tenants.All(); len(all) != 0 {
		t.Errorf("the demo has left %d tenants in the person's list, such as %s", len(all), all[0].Name)
	}
	if found := a.window.tenants.search(""); len(found) < 6 {
		t.Errorf("while the demo runs %d tenants are offered", len(found))
	}
}

// TestCtrlLReplacesTheOldSearch, and does not add to it.
func TestCtrlLReplacesTheOldSearch(t *testing.T) {
	a, _ := connected(t)
	w := a.window
	w.commands.keys.TypedShortcut(ctrl(fyne.KeyL))
	search := desktest.Entry(t, w.desk, "Find a report or cmdlet")
	test.Type(search, "old")
	w.desk.Focus(nil)
	w.commands.keys.TypedShortcut(ctrl(fyne.KeyL))
	if focused := w.window.Canvas().Focused(); focused != fyne.Focusable(search) {
		t.Fatalf("Ctrl+L gives the keyboard to %T", focused)
	}
	search.TypedRune('x')
	if search.Text != "x" {
		t.Errorf("typing after Ctrl+L gives %q", search.Text)
	}
}

// TestTypingGoesToTheFormThatWasOpened, by mouse and by keyboard, and not to the
// search over the list.
func TestTypingGoesToTheFormThatWasOpened(t *testing.T) {
	a, q := connected(t)
	w := a.window
	q.Until(t, "the index", func() bool { return len(w.cmdlets.found("mail flow rule")) > 0 })
	search := desktest.Entry(t, w.desk, "Find a report or cmdlet")
	for name, open := range map[string]func(){
		"Enter in the search": func() {
			w.desk.Focus(search)
			search.SetText("Get-Mailbox")
			search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		},
		"a click": func() {
			search.SetText("Get-AcceptedDomain")
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject(w.gallery.List)
			for y, tabs := float32(20), len(w.middle.tabs.Items()); y < 220 && len(w.middle.tabs.Items()) == tabs; y += 14 {
				test.TapCanvas(w.window.Canvas(), at.AddXY(60, y)) // headings open nothing
			}
		},
	} {
		before := len(w.middle.tabs.Items())
		open()
		if len(w.middle.tabs.Items()) != before+1 {
			t.Fatalf("%s opens no form", name)
		}
		text := search.Text
		if f := w.window.Canvas().Focused(); f == nil {
			t.Errorf("after %s nobody has the keyboard", name)
		} else {
			f.TypedRune('q')
		}
		if search.Text != text {
			t.Errorf("after %s typing goes into the search: %q", name, search.Text)
		}
	}
}

// TestClosingAsksWhileAChangeRuns: what is half done cannot be seen afterwards.
func TestClosingAsksWhileAChangeRuns(t *testing.T) {
	a, q := connected(t)
	w := a.window
	faults(t, w, simulator.Rule{Fault: simulator.Hang, On: simulator.Receive})
	w.opening.cmdlet("Remove-TransportRule")
	fillIdentity(t, w, "Disclaimer")
	w.commands.keys.TypedShortcut(ctrl(fyne.KeyReturn))
	w.confirmTop(t)
	q.Until(t, "the change", func() bool { return len(w.middle.changing()) == 1 })
	w.closing.request()
	w.closing.request() // closing the window twice asks once
	if w.closing.begun || w.desk.Sheets.Count() != 1 {
		t.Fatalf("closing: %v, %d questions", w.closing.begun, w.desk.Sheets.Count())
	}
	desktest.Shot(t, w.desk, "closing asks")
	desktest.Press(t, w.desk, "Keep running")
	if w.closing.begun || w.desk.Sheets.Count() != 0 {
		t.Error("'Keep running' closes")
	}
	w.closing.request()
	w.closing.now() // a signal, or the end of the desktop session: nobody may be there to ask
	if !w.closing.begun {
		t.Error("a signal waits for an answer")
	}
}

// confirmTop agrees to the change that is asked about.
func (w *mainWindow) confirmTop(t *testing.T) {
	t.Helper()
	for text, b := range desktest.Buttons(w.desk) {
		if strings.HasPrefix(text, "Delete from ") {
			test.Tap(b)
			return
		}
	}
	t.Fatalf("nothing agrees; on the screen is %s", desktest.Text(w.desk))
}

// TestAnExportReplacesAFileOnlyByAWholeOne: Fyne's dialog emptied the old file
// before a row was written. A link stays a link, and rights stay as they are.
func TestAnExportReplacesAFileOnlyByAWholeOne(t *testing.T) {
	dir := t.TempDir()
	a, q := connected(t)
	w := a.window
	tab := ran(t, w, q, "Get-TransportRule")
	view := tab.Shown()
	old, link := filepath.Join(dir, "real.csv"), filepath.Join(dir, view.Provenance().FileName(".csv"))
	if err := errors.Join(os.WriteFile(old, []byte("old"), 0o600), os.Symlink(old, link),
		a.settings.Change(func(s *settings.Settings) { s.SaveFolder = dir })(t.Context())); err != nil {
		t.Fatal(err)
	}
	x := extracted(t, tab)
	w.exporter.export(x)
	q.Until(t, "the warning", func() bool { return desktest.Buttons(w.desk)["Replace"] != nil })
	desktest.Shot(t, w.desk, "export replaces")
	if b, err := os.ReadFile(old); err != nil || string(b) != "old" {
		t.Fatalf("asking for a name has changed the file: %q, %v", b, err)
	}
	desktest.Press(t, w.desk, "Replace")
	q.Until(t, "the file", func() bool { return desktest.Buttons(w.desk)["Show in folder"] != nil })
	desktest.Shot(t, w.desk, "exported")
	b, err := os.ReadFile(old)
	if err != nil || !strings.Contains(string(b), "Disclaimer") {
		t.Errorf("what the link leads to holds %.40q, %v", b, err)
	}
	if info, err := os.Stat(old); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its rights are %v, %v", info.Mode(), err)
	}
	if to, err := os.Readlink(link); err != nil || to != old {
		t.Errorf("the link leads to %s, %v", to, err)
	}
}

// An export that fails after Replace leaves the file, its rights and the link to it as
// they were.
func TestAFailedExportLeavesTheFileThatWasThere(t *testing.T) {
	dir := t.TempDir()
	a, q := connected(t)
	w := a.window
	tab := ran(t, w, q, "Get-TransportRule")
	old, link := filepath.Join(dir, "real.csv"), filepath.Join(dir, tab.Shown().Provenance().FileName(".csv"))
	if err := errors.Join(os.WriteFile(old, []byte("old"), 0o600), os.Symlink(old, link),
		a.settings.Change(func(s *settings.Settings) { s.SaveFolder = dir })(t.Context())); err != nil {
		t.Fatal(err)
	}
	close(a.exports.giveUp) // as at the program's end
	w.exporter.export(extracted(t, tab))
	q.Until(t, "the warning", func() bool { return desktest.Buttons(w.desk)["Replace"] != nil })
	desktest.Press(t, w.desk, "Replace")
	q.Until(t, "what went wrong", func() bool { return w.exporter.under == 0 && desktest.Buttons(w.desk)["Details"] != nil })
	b, err := os.ReadFile(old)
	info, statErr := os.Stat(old)
	to, linkErr := os.Readlink(link)
	if err := errors.Join(err, statErr, linkErr); err != nil {
		t.Fatal(err)
	}
	if string(b) != "old" || info.Mode().Perm() != 0o600 || to != old {
		t.Errorf("the file holds %q with %v, the link leads to %s", b, info.Mode(), to)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 2 {
		t.Errorf("%v is left in the folder, %v", left, err)
	}
}

// TestConnectAgainIsAButton once all sessions are disconnected.
func TestConnectAgainIsAButton(t *testing.T) {
	a, q := connected(t)
	w := a.window
	w.sessions.DisconnectAll()
	q.Until(t, "the button", func() bool { return desktest.Buttons(w.desk)["Connect again"] != nil })
	desktest.Press(t, w.desk, "Connect again")
	q.Until(t, "the session", func() bool { return len(a.manager.Sessions()) == 1 && desktest.Buttons(w.desk)["Disconnect"] != nil })
}

// TestARunAfterDisconnectIsConnected: the tab opens a session again, and the top says so.
func TestARunAfterDisconnectIsConnected(t *testing.T) {
	a, q := connected(t)
	w := a.window
	tab := w.opening.cmdlet("Get-TransportRule")
	test.Tap(w.bar.connect)
	q.Until(t, "no session", func() bool { return len(a.manager.Sessions()) == 0 })
	if w.accounts.now != nil || w.bar.connect.AccessibilityLabel() != "Connect" {
		t.Fatal("still connected")
	}
	tab.Form().Run()
	q.Until(t, "the run", func() bool { return tab.Ran() })
	q.Until(t, "the connection", func() bool { return w.accounts.now != nil })
	if tab.Err() != nil || w.bar.connect.AccessibilityLabel() != "Disconnect" {
		t.Errorf("the run: %v; the button is %q", tab.Err(), w.bar.connect.AccessibilityLabel())
	}
}

// TestCmdletsStandInTheOrderOfPeople: bytes put MailUser before Mailbox.
func TestCmdletsStandInTheOrderOfPeople(t *testing.T) {
	a, _ := connected(t)
	var nouns []string
	for _, s := range a.window.contents.sections(a.window.accounts.now.cmdlets) {
		var groups []string
		for _, g := range s.Groups {
			groups = append(groups, g.Title)
		}
		if !slices.IsSortedFunc(groups, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }) {
			t.Errorf("%s: the groups are %v", s.Title, groups)
		}
		nouns = append(nouns, groups...)
	}
	if user, box := slices.Index(nouns, "MailUser"), slices.Index(nouns, "Mailbox"); user < box {
		t.Errorf("MailUser stands at %d, before Mailbox at %d", user, box)
	}
}

// TestEveryActionIsFoundByKeyboardAndMouse: what a menu has, the palette has.
// Also the beginning of a German word finds what the program does.
func TestActionsAreFoundInGerman(t *testing.T) {
	desktest.German(t)
	a, _ := connected(t)
	for typed, want := range map[string]string{
		"vergl": "Mit dem vorigen Lauf vergleichen", "untersch": "Mit dem vorigen Lauf vergleichen", "expor": "Exportieren", "diagr": "Diagramm ein- oder ausblenden",
		"gesp": "Gespeicherte Kennwörter ...", "zeitpl": "Regelmäßig ausführen ...",
	} {
		if items := a.window.palette.search(typed); !slices.ContainsFunc(items, func(i widgets.Item) bool { return i.Title == want && i.Group == "Aktionen" }) {
			t.Errorf("%q does not find %s: %v", typed, want, items)
		}
	}
	if items := a.window.palette.search("vergl"); len(items) == 0 || items[0].Title != "Mit dem vorigen Lauf vergleichen" {
		t.Errorf("Enter after 'vergl' does %v", items)
	}
}

// TestEveryEntryOfTheMenusIsFound: by its own words and by those that people say for it, in
// each language, Quit and what stands at the end of a menu among them.
func TestEveryEntryOfTheMenusIsFound(t *testing.T) {
	for _, language := range []string{"en", "de"} {
		t.Run(language, func(t *testing.T) {
			if language == "de" {
				desktest.German(t)
			}
			a, _ := connected(t)
			w := a.window
			finds := func(typed, title string) {
				t.Helper()
				if !slices.ContainsFunc(w.palette.search(typed), func(i widgets.Item) bool {
					return i.Title == title && strings.HasPrefix(i.ID, paletteAction)
				}) {
					t.Errorf("%q does not find %s", typed, title)
				}
			}
			entries := 0
			for _, m := range w.window.MainMenu().Items {
				for _, i := range m.Items {
					if i.IsSeparator {
						continue
					}
					entries++
					finds(i.Label, i.Label)
					finds(strings.ToLower(strings.TrimSuffix(i.Label, " ...")), i.Label)
				}
			}
			if entries < 25 {
				t.Errorf("the menus have %d entries", entries)
			}
			for _, action := range w.palette.actions() {
				for word := range strings.SplitSeq(action.words, ",") {
					if word = strings.TrimSpace(word); word != "" {
						finds(word, action.title)
					}
				}
			}
			forget := map[string]string{"en": "forget passwords", "de": "Kennwörter vergessen"}[language]
			if items := w.palette.search(forget); len(items) == 0 || items[0].Title != lang.L("Remembered passwords ...") {
				t.Errorf("Enter after %q does %v", forget, items)
			}
		})
	}
}

func TestEveryActionIsFoundByKeyboardAndMouse(t *testing.T) {
	a, _ := connected(t)
	w := a.window
	for _, want := range []string{"Endpoints ...", "Tenants ...", "Remembered passwords ...", "Keyboard", "Fold or show the sessions"} {
		inMenu := slices.ContainsFunc(w.window.MainMenu().Items, func(m *fyne.Menu) bool {
			return slices.ContainsFunc(m.Items, func(i *fyne.MenuItem) bool { return i.Label == want })
		})
		inPalette := slices.ContainsFunc(w.palette.search(want), func(i widgets.Item) bool { return i.Title == want })
		if !inMenu || !inPalette {
			t.Errorf("%s: in a menu %v, in the palette %v", want, inMenu, inPalette)
		}
	}
	for typed, want := range map[string]string{
		"theme": "Light", "colours": "Light", "drak": "Dark", "histroy": "History ...", "endpionts": "Endpoints ...",
		"compa": "Compare with the run before", "differen": "Compare with the run before", "expor": "Export", "filter rows": "Filter rows", "chart": "Show or hide the chart",
	} {
		if items := w.palette.search(typed); len(items) == 0 || items[0].Title != want {
			t.Errorf("Enter after %q does not do %s: %v", typed, want, items)
		}
	}
	// What is spelt well is no action misspelt.
	if items := w.palette.search("rights"); len(items) == 0 || items[0].Group == "Actions" {
		t.Errorf("'rights' finds %v first", items)
	}
	w.palette.chosen(widgets.Item{ID: "action:Endpoints ..."})
	if top := w.desk.Sheets.Top(); top == nil || top.Title() != "Endpoints" {
		t.Error("the palette does not open the endpoints")
	}
}
