package reference_test

import (
	"slices"
	"testing"

	"postroom/session/reference"
	"postroom/session/search"
)

// TestAnAccountsIndexFindsWhatANewOneFinds: what was read before for all cmdlets, cut down
// to those of an account and joined with those that nobody knows, answers as an index that
// is made of the account's cmdlets alone.
func TestAnAccountsIndexFindsWhatANewOneFinds(t *testing.T) {
	r := reference.New()
	var names []string
	for i, name := range r.Names(0) {
		if i%3 != 0 {
			names = append(names, name)
		}
	}
	names = append(names, "Get-ContosoMailboxReport", "Set-Übergabe2", `Own\Get-Mailbox`)
	slices.Reverse(names) // the server's order is its own
	entries := r.Entries(names)
	whole, own := search.New(entries), r.Index(names)
	if own.Len() != len(names) {
		t.Fatalf("%d entries of %d", own.Len(), len(names))
	}
	queries := []string{"", "mailbox", "get", "Weiterleitung", "who has access", "forwrad", "zu groß", "contoso", "übergabe", "SharedMailbox"}
	for i := 0; i < len(entries); i += 9 {
		queries = append(queries, entries[i].Title, entries[i].Texts[0])
		if len(entries[i].Details) > 3 {
			queries = append(queries, entries[i].Details[3])
		}
	}
	used := search.Preference{Favourites: []string{entries[40].Key()}, Recent: []string{entries[3].Key(), entries[0].Key()}}
	ids := func(found []search.Entry) (ids []string) {
		for _, e := range found {
			ids = append(ids, e.ID)
		}
		return ids
	}
	for _, query := range queries {
		want, got := ids(whole.Find(query, used)), ids(own.Find(query, used))
		if !slices.Equal(got, want) || own.Fit(query, used) != whole.Fit(query, used) {
			t.Errorf("%q finds %d: %.8q, not %d: %.8q", query, len(got), got, len(want), want)
		}
	}
	if n := r.Index(nil).Len(); n != 0 {
		t.Errorf("an account without cmdlets finds %d", n)
	}
}
