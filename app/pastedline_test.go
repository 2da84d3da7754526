package app

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"postroom/app/desktest"
	"postroom/session/cmdlet"
)

// TestAPastedLineFillsAForm, wherever something can be searched for; what stands behind its
// first command runs along.
func TestAPastedLineFillsAForm(t *testing.T) {
	a, q := connected(t)
	w := a.window
	q.Until(t, "the index", func() bool { return w.side.Find != nil })
	const line = "PS C:\\> Get-Mailbox -ResultSize 50 -SortBy 'DisplayName' | where { $_.RecipientTypeDetails -eq 'SharedMailbox' } | sort DisplayName -Descending | select DisplayName,Alias -First 3"
	items := w.palette.search(line)
	if len(items) == 0 || items[0].Group != "Pasted line" {
		t.Fatalf("the palette finds %+v", items)
	}
	if side := w.search.results(line); len(side) != 1 || len(side[0].Items) != 1 || side[0].Items[0].Title != items[0].Title {
		t.Errorf("the list finds %+v", side)
	}
	w.palette.chosen(items[0])
	if len(w.middle.open) != 1 {
		t.Fatal("no form was opened")
	}
	tab := w.middle.open[0]
	if v := tab.Form().Values(); v["ResultSize"] != "50" || v["SortBy"] != "DisplayName" {
		t.Errorf("the form has %q", v)
	}
	if shown := desktest.Text(w.desk); !strings.Contains(shown, "Then: Where-Object {$_.RecipientTypeDetails -eq 'SharedMailbox'}") {
		t.Errorf("what follows is not shown: %s", shown)
	}
	tab.Form().Run()
	q.Until(t, "the rows", func() bool { return tab.Ran() && tab.Shown() != nil })
	q.Until(t, "three rows", func() bool { rows, _ := tab.Shown().Size(); return rows == 3 })
	if _, columns := tab.Shown().Size(); columns != 2 || tab.Shown().Cell(0, 0) < tab.Shown().Cell(2, 0) {
		t.Errorf("%d columns, from %s to %s", columns, tab.Shown().Cell(0, 0), tab.Shown().Cell(2, 0))
	}
}

// TestALineIsPastedIntoAForm, into any of its fields; a text that is no line stays a text.
func TestALineIsPastedIntoAForm(t *testing.T) {
	a, _ := connected(t)
	w := a.window
	tab := w.opening.cmdlet("Get-Mailbox")
	clipboard := fyne.CurrentApp().Clipboard()
	paste := func(text string) {
		clipboard.SetContent(text)
		tab.Form().FocusField("Anr")
		w.window.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutPaste{Clipboard: clipboard})
	}
	paste("Get-Mailbox -ResultSize 7 | sort Alias")
	if v := tab.Form().Values(); v["ResultSize"] != "7" || v["Anr"] != "" {
		t.Errorf("the form has %q", v)
	}
	paste("Get-User -ResultSize 9")
	if v := tab.Form().Values(); v["ResultSize"] != "7" || !strings.Contains(desktest.Text(w.desk), "That line is for Get-User") {
		t.Errorf("a line of another cmdlet: %q", v)
	}
	paste("smith")
	if v := tab.Form().Values(); v["Anr"] != "smith" || v["ResultSize"] != "7" {
		t.Errorf("a text: %q", v)
	}
}

// TestAPipelineRunsFromAForm: the server runs the commands that follow.
func TestAPipelineRunsFromAForm(t *testing.T) {
	a, q := connected(t)
	w := a.window
	w.opening.found(pastedLine + "Get-Mailbox -ResultSize Unlimited | Measure-Object")
	tab := w.middle.open[0]
	tab.Form().Run()
	q.Until(t, "the count", func() bool {
		if !tab.Ran() || tab.Shown() == nil {
			return false
		}
		rows, _ := tab.Shown().Size()
		_, counted := tab.Shown().Column("Count")
		return rows == 1 && counted
	})
}

// TestWhatALineAsksForInVainIsTold, before anything is opened or beside the form.
func TestWhatALineAsksForInVainIsTold(t *testing.T) {
	a, q := connected(t)
	w := a.window
	q.Until(t, "the index", func() bool { return w.side.Find != nil })
	w.accounts.now.cmdlets = slices.DeleteFunc(slices.Clone(w.accounts.now.cmdlets), func(c cmdlet.Cmdlet) bool {
		return c.Name == "Get-ExchangeServer"
	})
	for line, want := range map[string]string{
		"Get-Mailbox | ForEach-Object { $_.Name }": "ForEach-Object { $_.Name } is not understood here.",
		"Get-Mailbox -Identity $user":              "Identity must be a plain value.",
		"Get-ExchangeServer -Status":               "Get-ExchangeServer is not among the cmdlets of your role.",
	} {
		items := w.palette.search(line)
		if len(items) == 0 || items[0].Title != want {
			t.Errorf("%s: %+v", line, items)
			continue
		}
		w.palette.chosen(items[0])
		if len(w.middle.open) != 0 {
			t.Errorf("%s opened a form", line)
		}
	}
	for _, words := range []string{"mail flow rule", "Get-Mailbox", "e-mail forwarding", "get mailbox"} {
		if items := w.palette.search(words); len(items) > 0 && items[0].Group == "Pasted line" {
			t.Errorf("%q is taken for a line", words)
		}
	}
	w.opening.found(pastedLine + "Get-Mailbox -NoSuch x | Set-Mailbox -HiddenFromAddressListsEnabled:$true")
	shown := desktest.Text(w.desk)
	for _, want := range []string{"NoSuch", "The rest changes something and is left out: Set-Mailbox"} {
		if !strings.Contains(shown, want) {
			t.Errorf("%s is not told: %s", want, shown)
		}
	}
	if len(w.middle.open) != 1 {
		t.Error("the rest of the line was not taken")
	}
}
