package report

import "postroom/session/search"

// Words give, for a report of the catalogue, the phrases that people use for what it
// answers; the first prime of them are those that it answers best of all.
type Words func(name string) (names []string, prime int)

// unranked is the order of reports that are not among the most useful; the others come
// before them, and all before cmdlets that fit as well.
const unranked = -1

// Entries makes reports and packs findable, with their titles in a language: by title and
// question in both languages, by the words of people, by columns.
func Entries(reports []Report, packs []Pack, language string, words Words) []search.Entry {
	entries := make([]search.Entry, 0, len(reports)+len(packs))
	for _, r := range reports {
		names, prime := words(r.Name)
		e := search.Entry{
			Kind: search.Report, ID: r.Name, Title: r.Title.In(language), Names: append(names, r.Title.En, r.Title.De), Prime: prime,
			Texts: []string{r.Asks.En, r.Asks.De}, Common: r.Rank > 0, Order: r.Rank - 1000,
		}
		if r.Rank == 0 {
			e.Order = unranked
		}
		for _, c := range r.Columns {
			e.Details = append(e.Details, c.Name)
		}
		entries = append(entries, e)
	}
	for _, p := range packs { // their names tell them from reports
		entries = append(entries, search.Entry{
			Kind: search.Report, ID: p.Name, Title: p.Title.In(language), Names: []string{p.Title.En, p.Title.De, "Pack", "Paket"},
			Texts: []string{p.Asks.En, p.Asks.De}, Common: true, Order: unranked,
		})
	}
	return entries
}
