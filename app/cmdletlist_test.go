package app

import (
	"slices"
	"strings"
	"testing"

	"postroom/session/search"
	"postroom/widgets"
)

// listed are the titles of the items under the headings.
func listed(sections []widgets.SideSection) (titles []string) {
	for _, s := range sections {
		for _, i := range s.Items {
			titles = append(titles, i.Title)
		}
	}
	return titles
}

// TestAWholeNameIsFoundAtOnce: the first moment after the sign-in, the index has the
// reports alone, and Enter behind the name of a cmdlet opened one of them.
func TestAWholeNameIsFoundAtOnce(t *testing.T) {
	a, q := connected(t)
	w := a.window
	w.finder.Set(search.Cmdlet, func() *search.Index { return search.New(nil) })
	q.Until(t, "an index without cmdlets", func() bool {
		return w.side.Find != nil && len(w.cmdlets.found("mail flow rule")) == 0 && len(w.reports.found("mailbox")) > 0
	})
	found := w.search.results("get-mailbox ")
	if got := listed(found); len(got) < 2 || got[0] != "Get-Mailbox" {
		t.Errorf("found %v", got)
	}
}

// TestTheListIsSearchedAsPeopleAsk: by words, in German too, and misspelt by a letter.
func TestTheListIsSearchedAsPeopleAsk(t *testing.T) {
	a, q := connected(t)
	w := a.window
	q.Until(t, "the index", func() bool {
		return w.side.Find != nil && len(w.cmdlets.found("mail flow rule")) > 0 && len(w.reports.found("size")) > 0
	})
	for text, want := range map[string]string{
		"mail flow rule": "Get-TransportRule", "Transportregln": "Get-TransportRule", "weiterleitung": "Get-Mailbox", "get-mailbox": "Get-Mailbox",
	} {
		for _, section := range w.search.results(text) {
			found := listed([]widgets.SideSection{section})
			if strings.HasPrefix(section.Title, "Cmdlets") && (len(found) == 0 || !slices.Contains(found[:min(5, len(found))], want)) {
				t.Errorf("%q finds %v", text, found)
			}
		}
	}
	for text, want := range map[string]string{"weiterleitung": "Mailboxes that forward", "who has access": "Full access to mailboxes", "zu groß": "Mailbox sizes and quotas"} {
		if found := listed(w.search.results(text)[:1]); !slices.Contains(found[:min(5, len(found))], want) {
			t.Errorf("%q finds %v first", text, found)
		}
	}
	palette := w.palette.search("transportrule")
	i := slices.IndexFunc(palette, func(i widgets.Item) bool { return i.Title == "Get-TransportRule" })
	if i < 0 || palette[i].Detail == "" {
		t.Errorf("the palette finds %v", palette)
	}
}

// TestFavouritesAndRecentStandFirst, above all others.
// TestThePaletteBeginsWithWhatWasTyped: Enter opens what stands first, so that is the
// action whose name begins so, not the report that is about such things.
func TestThePaletteBeginsWithWhatWasTyped(t *testing.T) {
	a, q := connected(t)
	w := a.window
	q.Until(t, "the index", func() bool { return w.side.Find != nil })
	for typed, want := range map[string]string{"endpoints": "Endpoints ...", "hist": "History ...", "Get-Mailbox": "Get-Mailbox", "dark": "Dark"} {
		if items := w.palette.search(typed); len(items) < 1 || items[0].Title != want {
			t.Errorf("%s: %+v", typed, items[:min(2, len(items))])
		}
	}
}

func TestFavouritesAndRecentStandFirst(t *testing.T) {
	a, q := connected(t)
	w := a.window
	w.side.OnFavourite("Get-TransportRule", true)
	w.opening.cmdlet("Get-Mailbox")
	sections := func() []string { return listed(w.contents.sections(w.accounts.now.cmdlets)[:2]) }
	q.Until(t, "both", func() bool { return slices.Equal(sections(), []string{"Get-TransportRule", "Get-Mailbox"}) })
	if s := w.contents.sections(w.accounts.now.cmdlets)[0]; !s.Items[0].Favourite {
		t.Error("a favourite has no star")
	}
}
