package reference

import (
	"strings"

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
		entries[i] = search.Entry{
			Kind: search.Cmdlet, ID: name, Title: name,
			Names: spoken[strings.ToLower(bare(name))], Texts: []string{synopsis.English, synopsis.German},
			Common: described,
		}
		entries[i].Details = r.details(name, lists)
	}
	return entries
}

// details are the parameters of a cmdlet and the values that they take. It reads the line
// and parses no parameter: it is asked for all cmdlets at once. lists keeps the choices
// that were looked up already.
func (r *Reference) details(cmdletName string, lists map[string][]string) []string {
	_, rest, found := find(r.text.Cmdlets, bare(cmdletName))
	if !found {
		return nil
	}
	_, rest, _ = strings.Cut(rest, "\t") // services
	_, rest, _ = strings.Cut(rest, "\t") // attributes
	details := make([]string, 0, strings.Count(rest, "\t")+8)
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
	return details
}

// spoken gives, for each cmdlet, the phrases that people use for what it does.
func (r *Reference) spoken() map[string][]string {
	phrases := map[string][]string{}
	for line := range strings.Lines(r.text.Words) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		var names []string
		for _, cell := range cells[:2] {
			names = append(names, strings.Split(cell, ";")...)
		}
		for name := range strings.SplitSeq(cells[2], ",") {
			key := strings.ToLower(name)
			phrases[key] = append(phrases[key], names...)
		}
	}
	return phrases
}

// ReportWords gives the phrases that people use for what a report answers, by the report's
// id in the facts.
func (r *Reference) ReportWords(id string) []string {
	var names []string
	for line := range strings.Lines(r.text.Words) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		for report := range strings.SplitSeq(cells[3], ",") {
			if report == id {
				for _, cell := range cells[:2] {
					names = append(names, strings.Split(cell, ";")...)
				}
			}
		}
	}
	return names
}
