package main

import (
	"cmp"
	_ "embed" // for the table below
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// mostColumns is how many columns a cmdlet's rows begin with at most; a window of 1366
// pixels shows about ten.
const mostColumns = 12

// columnTable names, for a cmdlet, the columns that people look for first, where reports
// and pages say too little or put something else in front. It is ours, not a fact of the
// pages.
//
//go:embed columns.tsv
var columnTable string

// columnLines writes for each cmdlet that gives rows the columns that they begin with:
// those of table, then those of the reports on it, or on the cmdlet that replaces it, the
// reports that show all rows first; then what the pages' own examples show. What tells
// rows apart leads.
func columnLines(in facts, table string) (string, error) {
	properties := map[string][]string{}
	for _, r := range in.properties {
		properties[r["cmdlet"]] = append(properties[r["cmdlet"]], r["property"])
	}
	ours, err := readColumns(in, table)
	if err != nil {
		return "", err
	}
	wanted := reportColumns(in)
	var b strings.Builder
	for _, c := range in.cmdlets {
		columns := slices.Clone(ours[c.Name])
		named := len(columns) > 0
		reported := wanted[c.Name]
		if len(reported) == 0 && verb(c.ReplacedBy) == verb(c.Name) {
			reported = both(wanted[c.ReplacedBy], properties[c.Name])
		}
		for _, name := range slices.Concat(reported, c.Shown) {
			columns = addColumn(columns, name)
		}
		if !named {
			columns = lead(columns, properties[c.Name])
		}
		if len(columns) > 0 {
			b.WriteString(c.Name + "\t" + strings.Join(columns[:min(len(columns), mostColumns)], ",") + "\n")
		}
	}
	return b.String(), nil
}

func verb(cmdletName string) string {
	verb, _, _ := strings.Cut(cmdletName, "-")
	return verb
}

// readColumns reads the table: a cmdlet a line, its columns apart by blanks.
func readColumns(in facts, table string) (map[string][]string, error) {
	columns := map[string][]string{}
	for line := range strings.Lines(table) {
		name, list, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if !slices.ContainsFunc(in.cmdlets, func(c fact) bool { return c.Name == name }) {
			return nil, fmt.Errorf("columns.tsv: there is no %s", name)
		}
		columns[name] = strings.Fields(list)
	}
	return columns, nil
}

// both are the columns that a cmdlet has as the one that replaces it; all where nothing is
// known of its rows.
func both(columns, properties []string) []string {
	if len(properties) == 0 {
		return columns
	}
	return slices.DeleteFunc(slices.Clone(columns), func(c string) bool { return !slices.Contains(properties, c) })
}

// reportColumns gives what reports show of each cmdlet, the widest question first.
func reportColumns(in facts) map[string][]string {
	reports := slices.Clone(in.reports)
	weight := func(r row) int {
		n, err := strconv.Atoi(r["rank"])
		if err != nil {
			n = 100 // not ranked
		}
		if r["step2"] != "" {
			n += 50 // what it asks first is only the way to something else
		}
		if strings.Contains(r["step1"], "-Filter ") {
			n += 1000 // about some rows only
		}
		return n
	}
	slices.SortStableFunc(reports, func(a, b row) int { return cmp.Compare(weight(a), weight(b)) })
	columns := map[string][]string{}
	for _, r := range reports {
		steps := stepCmdlets(r)
		for column := range strings.SplitSeq(r["columns"], ",") {
			column = strings.TrimSpace(column)
			step := 0
			if head, name, found := strings.Cut(column, "."); found && len(head) == 1 && head[0] >= '1' && head[0] <= '9' {
				step, column = int(head[0]-'1'), name
			}
			if column == "" || step >= len(steps) || strings.Contains(r["filter_or_computed"], column+" :=") {
				continue
			}
			columns[steps[step]] = addColumn(columns[steps[step]], column)
		}
	}
	return columns
}

// stepCmdlets names the cmdlet of each step.
func stepCmdlets(r row) []string {
	var names []string
	for step := range strings.SplitSeq(r["step1"]+"->"+r["step2"], "->") {
		if m := call.FindString(step); m != "" {
			name, _, _ := strings.Cut(m, " ")
			names = append(names, name)
		}
	}
	return names
}

func addColumn(columns []string, name string) []string {
	if slices.ContainsFunc(columns, func(c string) bool { return strings.EqualFold(c, name) }) {
		return columns
	}
	if name == "IsValid" || name == "OriginatingServer" { // about the copy, not the object
		return columns
	}
	return append(columns, name)
}

// lead puts a column that tells rows apart in front, where the cmdlet has one and none of
// the columns is one. A display name or a name stands there in any case, and so does an
// identity where nothing else tells rows apart: that of a permission's row is the object.
func lead(columns, properties []string) []string {
	const last = "Identity"
	names := []string{
		"DisplayName", "Name", "UserDisplayName", "PrimarySmtpAddress", "Subject", "MessageSubject", "UserPrincipalName", "Domain", "DomainName", "SenderAddress", "Id", last,
	}
	for _, name := range names {
		at := slices.Index(columns, name)
		inFront := name == "DisplayName" || name == "Name" || name == last
		switch {
		case at > 1 && inFront, at == 1 && name == last:
			return append([]string{name}, slices.Delete(slices.Clone(columns), at, at+1)...)
		case at >= 0:
			return columns
		}
	}
	for _, name := range names {
		if slices.Contains(properties, name) {
			return append([]string{name}, columns...)
		}
	}
	return columns
}
