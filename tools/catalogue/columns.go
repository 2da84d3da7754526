package main

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// mostColumns is how many columns a cmdlet's rows begin with at most; a window of 1366
// pixels shows about ten.
const mostColumns = 12

// columnLines writes for each cmdlet that gives rows the columns that they begin with: the
// columns of the reports on it, those that show all rows first, then what the pages' own
// examples show, led by what tells rows apart.
func columnLines(in facts) string {
	properties := map[string][]string{}
	for _, r := range in.properties {
		properties[r["cmdlet"]] = append(properties[r["cmdlet"]], r["property"])
	}
	wanted := reportColumns(in)
	var b strings.Builder
	for _, c := range in.cmdlets {
		columns := wanted[c.Name]
		for _, name := range c.Shown {
			columns = addColumn(columns, name)
		}
		columns = lead(columns, properties[c.Name])
		if len(columns) > 0 {
			b.WriteString(c.Name + "\t" + strings.Join(columns[:min(len(columns), mostColumns)], ",") + "\n")
		}
	}
	return b.String()
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
// the columns is one; a display name or a name stands there in any case.
func lead(columns, properties []string) []string {
	names := []string{"DisplayName", "Name", "Identity", "PrimarySmtpAddress", "Subject", "UserPrincipalName", "Domain", "User", "Id"}
	for _, name := range names {
		switch at := slices.Index(columns, name); {
		case at > 1 && (name == "DisplayName" || name == "Name"):
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
