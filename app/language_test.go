package app

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/test"

	"postroom/app/desktest"
	"postroom/app/settings"
	"postroom/assets"
	"postroom/session/credential"
)

// TestMain gives the tests English texts, whatever language the machine speaks:
// New reads the language from the environment. On Windows and macOS it asks the
// system, whose language then has to be English.
func TestMain(m *testing.M) {
	for name, value := range map[string]string{"LC_ALL": "en_US.UTF-8", "LANGUAGE": "en"} {
		if err := os.Setenv(name, value); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// A language is chosen in a menu or in the palette, whatever the desktop speaks, and is that
// of the next start.
func TestALanguageIsChosen(t *testing.T) {
	config := t.TempDir()
	start := func(name, system string, then func(*testing.T, *mainWindow, *desktest.Queue)) {
		t.Run(name, func(t *testing.T) {
			for variable, value := range map[string]string{"LC_ALL": "", "LC_MESSAGES": "", "LANGUAGE": "", "LANG": system} {
				t.Setenv(variable, value)
			}
			a, q := newTestAppOver(t, test.NewTempApp(t), credential.NewMemory(), usual, config)
			then(t, a.window, q)
		})
	}
	kept := func(t *testing.T, q *desktest.Queue, want settings.Language) {
		t.Helper()
		q.Until(t, "the settings in their file", func() bool {
			s, err := settings.Peek(config)
			return err == nil && s.Language == want
		})
	}
	speaks := func(t *testing.T, w *mainWindow, menu, fynes string) {
		t.Helper()
		if got := w.window.MainMenu().Items[2].Label; got != menu {
			t.Errorf("the menu is called %s, want %s", got, menu)
		}
		if got := lang.L("Cut"); got != fynes { // of the menu that Fyne shows in a field
			t.Errorf("Fyne says %s, want %s", got, fynes)
		}
	}
	start("by the menu", "en", func(t *testing.T, w *mainWindow, q *desktest.Queue) {
		speaks(t, w, "View", "Cut")
		items := w.window.MainMenu().Items[2].Items
		at := slices.IndexFunc(items, func(i *fyne.MenuItem) bool { return i.Label == "Language: Deutsch" })
		if at < 0 || items[at].Checked || !items[at+1].Checked || !items[at-2].IsSeparator {
			t.Fatalf("the menu View has it at %d, with a mark", at)
		}
		items[at].Action()
		if !items[at].Checked || items[at+1].Checked {
			t.Error("the menu does not mark what was chosen")
		}
		if text := desktest.Text(w.desk); !strings.Contains(text, "The language changes with the next start of Postroom.") {
			t.Errorf("nothing says when it changes: %s", text)
		}
		kept(t, q, settings.German)
	})
	start("by the palette", "en", func(t *testing.T, w *mainWindow, q *desktest.Queue) {
		speaks(t, w, "Ansicht", "Ausschneiden")
		for typed, want := range map[string]string{"english": "Sprache: English", "englisch": "Sprache: English", "sprache": "Sprache: English", "language": "Sprache: English", "german": "Sprache: Deutsch"} {
			if found := w.palette.search(typed); len(found) == 0 || found[0].Title != want {
				t.Errorf("Enter after %q does not do %s: %v", typed, want, found)
			}
		}
		w.palette.chosen(w.palette.search("englisch")[0])
		kept(t, q, settings.English)
	})
	start("over a German desktop", "de", func(t *testing.T, w *mainWindow, q *desktest.Queue) {
		speaks(t, w, "View", "Cut")
		w.look.speak(settings.German)
		kept(t, q, settings.German)
	})
	start("over a French desktop", "fr_FR.UTF-8", func(t *testing.T, w *mainWindow, q *desktest.Queue) {
		speaks(t, w, "Ansicht", "Ausschneiden")
		w.palette.chosen(w.palette.search("Sprache: wie der Desktop")[0])
		kept(t, q, settings.DesktopLanguage)
	})
	start("as the desktop", "de", func(t *testing.T, w *mainWindow, _ *desktest.Queue) { speaks(t, w, "Ansicht", "Ausschneiden") })
	if err := os.WriteFile(filepath.Join(config, "settings.json"), []byte(`{"version":1,"data":{"language":"fr"}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	start("one that is not there", "de", func(t *testing.T, w *mainWindow, _ *desktest.Queue) { speaks(t, w, "Ansicht", "Ausschneiden") })
}

// TestFynesOwnWordsAreThose: the copies are those of the Fyne that is built in.
func TestFynesOwnWordsAreThose(t *testing.T) {
	module, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "fyne.io/fyne/v2").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range []string{"en", "de"} {
		want, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(module)), "lang", "translations", "base."+language+".json"))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := assets.Translations().ReadFile("translations/fyne." + language + ".json"); err != nil || !bytes.Equal(got, want) {
			t.Errorf("fyne.%s.json is not Fyne's base.%[1]s.json: copy it again (%v)", language, err)
		}
	}
}
