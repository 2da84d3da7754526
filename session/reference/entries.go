package reference

import (
	"slices"
	"strings"
	"sync"

	"postroom/session/cmdlet"
	"postroom/session/search"
)

// Entries makes cmdlets findable: by name, by the words that people use, by synopsis in
// both languages, by parameters and their values. A name that the reference does not know
// is found by its own words.
func (r *Reference) Entries(names []string) []search.Entry {
	spoken := r.spoken()
	entries := make([]search.Entry, len(names))
	lists, nouns := map[string][]string{}, map[string]nounWords{}
	wordsOf := func(noun string) nounWords { // several verbs have the same noun
		words, known := nouns[noun]
		if !known {
			words = wordsOfNoun(noun)
			nouns[noun] = words
		}
		return words
	}
	for i, name := range names {
		_, text, described := find(r.text.Synopses, bare(name))
		synopsis := parseText(text)
		if !described {
			synopsis = sentence(bare(name), wordsOf)
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

// Index makes cmdlets findable as Entries does. What is known of cmdlets is read once for
// the whole program, [Prepare] says when: after that it takes a fraction of the time, for
// each account and tenant.
func (r *Reference) Index(names []string) *search.Index {
	prepared := prepare()
	wanted, others := make(map[string]bool, len(names)), []string(nil)
	for _, name := range names {
		if prepared.names[name] {
			wanted[name] = true
		} else {
			others = append(others, name)
		}
	}
	return search.Join(prepared.index.Only(func(e search.Entry) bool { return wanted[e.ID] }), search.New(r.Entries(others)))
}

// Prepare reads what is known of all cmdlets so that [Reference.Index] finds it done. It
// takes some ten milliseconds the first time and nothing after that; a program calls it on
// a worker while nobody waits.
func Prepare() { prepare() }

// known is the index of all cmdlets of the reference, and their names.
type known struct {
	index *search.Index
	names map[string]bool
}

var prepare = sync.OnceValue(func() known {
	r := New()
	names := r.Names(0)
	k := known{search.New(r.Entries(names)), make(map[string]bool, len(names))}
	for _, name := range names {
		k.names[name] = true
	}
	return k
})

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
		if strings.Contains(marks, "internal") || strings.Contains(marks, "old=") {
			continue
		}
		details = append(details, name)
		if list, has := listIn(marks); has {
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

// listIn gives the name of the list of choices among a parameter's marks, empty for that
// of its type.
func listIn(marks string) (name string, has bool) {
	if !strings.HasPrefix(marks, ":") {
		at := strings.Index(marks, " :")
		if at < 0 {
			return "", false
		}
		marks = marks[at+1:]
	}
	name, _, _ = strings.Cut(marks[1:], " ")
	return name, true
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
