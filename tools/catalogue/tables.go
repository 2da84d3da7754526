package main

import (
	_ "embed" // for the tables below
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ourWords are phrases that people type and the facts do not have, in the same columns,
// the cmdlet and the report that answer best first; where no report answers, as it is
// with what one does, the list of reports begins with a comma.
//
//go:embed words.tsv
var ourWords string

// filterRanges are the properties that Microsoft's lists have under one heading,
// "CustomAttribute1 to CustomAttribute15", and the facts for that reason not at all: the
// name, how many there are, then as filterLines writes them.
//
//go:embed filterable.tsv
var filterRanges string

// filterLines writes what a filter may ask for, a property a line in alphabetical order:
// property, F for -Filter or R for -RecipientFilter, services (P for Exchange Server),
// cmdlets (none: all that take it), kind of value. To the facts come those of ranges.
func filterLines(in facts, ranges string) (string, error) {
	var lines []string
	for _, r := range in.filters {
		way := "F"
		if r["parameter"] == "RecipientFilter" {
			way = "R"
		}
		lines = append(lines, strings.Join([]string{r["property"], way, r["services"], r["cmdlets"], r["value"]}, "\t")+"\n")
	}
	for line := range strings.Lines(ranges) {
		name, rest, _ := strings.Cut(line, "\t")
		count, rest, _ := strings.Cut(rest, "\t")
		n, err := strconv.Atoi(count)
		if err != nil {
			return "", fmt.Errorf("filterable.tsv: %s: %w", name, err)
		}
		for i := 1; i <= n; i++ {
			lines = append(lines, name+strconv.Itoa(i)+"\t"+rest)
		}
	}
	slices.SortStableFunc(lines, func(a, b string) int {
		return strings.Compare(strings.ToLower(property(a)), strings.ToLower(property(b)))
	})
	return strings.Join(lines, ""), nil
}

// property is the first cell of a line.
func property(line string) string {
	name, _, _ := strings.Cut(line, "\t")
	return name
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
