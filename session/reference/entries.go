package reference

import (
	"slices"
	"strings"

	"postroom/session/cmdlet"
	"postroom/session/search"
)

// Entries makes cmdlets findable: by name, by the words that people use, by synopsis in
// both languages, by parameters and their values. A name that the reference does not know
// is found by its own words.
func (r *Reference) Entries(names []string) []search.Entry {
	spoken := r.spoken()
	lists := map[string][]string{}
	entries := make([]search.Entry, len(names))
	for i, name := range names {
		_, text, described := find(r.text.Synopses, bare(name))
		synopsis := parseText(text)
		if !described {
			synopsis = sentence(bare(name))
		}
		said := spoken[strings.ToLower(bare(name))]
		entries[i] = search.Entry{
			Kind: search.Cmdlet, ID: name, Title: name,
			Names: slices.Concat(said.first, said.also), Prime: len(said.first), Texts: []string{synopsis.English, synopsis.German},
			Common: described, Order: int(cmdlet.RiskOf(bare(name))),
		}
		details, leaving := r.details(name, lists)
		if entries[i].Details = details; leaving {
			entries[i].Order += retiring
		}
	}
	return entries
}

// retiring puts what is on its way out behind what fits alike.
const retiring = 10

// details are the parameters of a cmdlet and the values that they take, and whether it is
// on its way out. It reads the line
// and parses no parameter: it is asked for all cmdlets at once. lists keeps the choices
// that were looked up already.
func (r *Reference) details(cmdletName string, lists map[string][]string) (details []string, leaving bool) {
	_, rest, found := find(r.text.Cmdlets, bare(cmdletName))
	if !found {
		return nil, false
	}
	_, rest, _ = strings.Cut(rest, "\t") // services
	attributes, rest, _ := strings.Cut(rest, "\t")
	leaving = strings.Contains(attributes, "state=") || strings.Contains(attributes, " by=")
	details = make([]string, 0, strings.Count(rest, "\t")+8)
	for cell := range strings.SplitSeq(rest, "\t") {
		name, marks, _ := strings.Cut(cell, " ")
		typeName, marks, _ := strings.Cut(marks, " ")
		if strings.Contains(cell, " internal") || strings.Contains(cell, " old=") {
			continue
		}
		details = append(details, name)
		if _, list, has := strings.Cut(" "+marks, " :"); has {
			list, _, _ = strings.Cut(list, " ")
			if list == "" {
				list = typeName
			}
			values, looked := lists[list]
			if !looked {
				values = r.choices(list, "")
				lists[list] = values
			}
			details = append(details, values...)
		}
	}
	return details, leaving
}

// phrases are what people type: for what a thing answers first, and what it answers also.
type phrases struct{ first, also []string }

// spoken gives, for each cmdlet, the phrases that people use for what it does.
func (r *Reference) spoken() map[string]phrases { return r.phrasesFor(2) }

// phrasesFor reads the phrases for what a column of the words names, by its name in lower
// case. The words name what answers best first.
func (r *Reference) phrasesFor(column int) map[string]phrases {
	all := map[string]phrases{}
	for line := range strings.Lines(r.text.Words) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		texts := slices.Concat(strings.Split(cells[0], ";"), strings.Split(cells[1], ";"))
		for i, name := range strings.Split(strings.ToLower(cells[column]), ",") {
			said := all[name]
			if i == 0 {
				said.first = append(said.first, texts...)
			} else {
				said.also = append(said.also, texts...)
			}
			all[name] = said
		}
	}
	return all
}

// ReportWords gives, for a report by its id in the facts, the phrases that people use for
// what it answers; the first so many of them are those that it answers best of all.
func (r *Reference) ReportWords() func(id string) (names []string, prime int) {
	all := r.phrasesFor(3)
	return func(id string) ([]string, int) {
		said := all[id]
		return slices.Concat(said.first, said.also), len(said.first)
	}
}
