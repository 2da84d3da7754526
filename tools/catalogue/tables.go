package main

import (
	"slices"
	"strings"
)

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
// semicolons), cmdlets, reports (apart by commas).
func wordLines(in facts) string {
	client := func(name string) bool {
		return !slices.ContainsFunc(in.cmdlets, func(c fact) bool { return c.Name == name })
	}
	list := func(text, separator string, drop func(string) bool) string {
		var kept []string
		for word := range strings.SplitSeq(text, separator) {
			if word = strings.TrimSpace(word); word != "" && (drop == nil || !drop(word)) {
				kept = append(kept, word)
			}
		}
		return strings.Join(kept, separator)
	}
	var b strings.Builder
	for _, r := range in.words {
		b.WriteString(strings.Join([]string{
			list(r["words_en"], ";", nil), list(r["words_de"], ";", nil),
			list(r["cmdlets"], ",", client), list(r["reports"], ",", nil),
		}, "\t") + "\n")
	}
	return b.String()
}
