package main

import (
	_ "embed" // for the table below
	"fmt"
	"slices"
	"strings"
)

// ourWords are phrases that people type and the facts do not have, in the same columns,
// the cmdlet and the report that answer best first; where no report answers, as it is
// with what one does, the list of reports begins with a comma.
//
//go:embed words.tsv
var ourWords string

// filterLines writes what a filter may ask for, a property a line: property, F for -Filter
// or R for -RecipientFilter, services (P for Exchange Server), cmdlets (none: all that take
// it), kind of value.
func filterLines(in facts) string {
	var b strings.Builder
	for _, r := range in.filters {
		way := "F"
		if r["parameter"] == "RecipientFilter" {
			way = "R"
		}
		b.WriteString(strings.Join([]string{r["property"], way, r["services"], r["cmdlets"], r["value"]}, "\t") + "\n")
	}
	return b.String()
}

// propertyLines writes what rows of a cmdlet have, a cmdlet a line: name, then property,
// type and where it was seen (c cloud, o on-premises, b both), with ? behind what one
// source alone says.
func propertyLines(in facts) string {
	var b strings.Builder
	last := ""
	rows := slices.Clone(in.properties)
	slices.SortStableFunc(rows, func(a, b row) int {
		return strings.Compare(strings.ToLower(a["cmdlet"]), strings.ToLower(b["cmdlet"]))
	})
	for _, r := range rows {
		if r["cmdlet"] != last {
			if last != "" {
				b.WriteByte('\n')
			}
			last = r["cmdlet"]
			b.WriteString(last)
		}
		where := "b"
		switch strings.TrimSuffix(r["where"], "*") {
		case "cloud":
			where = "c"
		case "onprem":
			where = "o"
		}
		doubt := ""
		if r["confidence"] == "low" {
			doubt = "?"
		}
		b.WriteString("\t" + r["property"] + " " + strings.TrimSuffix(r["type"], "?") + " " + where + doubt)
	}
	return b.String() + "\n"
}

// wordLines writes the words that people type, a subject a line: English, German (apart by
// semicolons), cmdlets, reports (apart by commas). Those of the table come after those of
// the facts.
func wordLines(in facts, table string) (string, error) {
	known := func(name string) bool {
		return slices.ContainsFunc(in.cmdlets, func(c fact) bool { return c.Name == name })
	}
	list := func(text, separator string, keep func(string) bool) string {
		var kept []string
		for word := range strings.SplitSeq(text, separator) {
			if word = strings.TrimSpace(word); word != "" && (keep == nil || keep(word)) {
				kept = append(kept, word)
			}
		}
		return strings.Join(kept, separator)
	}
	var b strings.Builder
	for _, r := range in.words {
		b.WriteString(strings.Join([]string{
			list(r["words_en"], ";", nil), list(r["words_de"], ";", nil),
			list(r["cmdlets"], ",", known), list(r["reports"], ",", nil), // client-only ones are left out
		}, "\t") + lineBreak)
	}
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.TrimSuffix(line, lineBreak), "\t")
		if len(cells) != wordCells {
			return "", fmt.Errorf("words.tsv: %d cells: %.60s", len(cells), line)
		}
		for name := range strings.SplitSeq(cells[2], ",") {
			if !known(name) {
				return "", fmt.Errorf("words.tsv: there is no %s", name)
			}
		}
		for id := range strings.SplitSeq(cells[3], ",") {
			if id != "" && !slices.ContainsFunc(in.reports, func(r row) bool { return r["id"] == id }) {
				return "", fmt.Errorf("words.tsv: there is no report %s", id)
			}
		}
		b.WriteString(line)
	}
	return b.String(), nil
}

// wordCells are the columns of the table of words.
const wordCells = 4
