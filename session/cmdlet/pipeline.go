package cmdlet

import (
	"strconv"
	"strings"
)

// Pipeline is commands of which each gets what the one before it gives. It is sent as one:
// nothing of it is script text.
type Pipeline []Invocation

// PowerShell gives the commands as a person would type them, with | between.
func (p Pipeline) PowerShell() string {
	texts := make([]string, len(p))
	for i, inv := range p {
		texts[i] = inv.PowerShell()
	}
	return strings.Join(texts, " | ")
}

// Commands gives the commands.
func (p Pipeline) Commands() []Invocation { return p }

// Risk is the greatest of the commands' risks.
func (p Pipeline) Risk() Risk {
	risk := Reads
	for _, inv := range p {
		risk = max(risk, RiskOf(inv.Cmdlet))
	}
	return risk
}

// PowerShell gives the commands and what is done with their rows as a person would type
// it. [Reader.Line] reads it back to the same Line.
func (l Line) PowerShell() string {
	text := l.Pipeline.PowerShell()
	for _, stage := range l.Shape.stages() {
		text += " | " + stage
	}
	return text
}

// Shape is what this program does with the rows of a pipeline, in this order: keep some,
// make groups of them and keep some of those, sort, keep the first, show or save some
// columns.
type Shape struct {
	// Where is which rows are kept; nil means all.
	Where *Condition
	// Group has the columns whose values make the groups. A group is a row with the columns
	// Count and Name.
	Group []string
	// Having is which groups are kept; nil means all.
	Having *Condition
	// Sort has the keys, the most important one first.
	Sort []SortKey
	// First is how many rows are kept at most; 0 means all.
	First int64
	// Columns are those to show and to save, in this order; none means all.
	Columns []string
	// Table says that Format-Table named the columns, and not Select-Object.
	Table bool
	// List says that a row is shown as a list of its values, as Format-List does.
	List bool
	// Export is the file to write; nil means none.
	Export *Export
}

// SortKey is a column to sort by.
type SortKey struct {
	Column     string
	Descending bool
}

// Export is a CSV file to write.
type Export struct {
	Path string
	// Delimiter stands between two values; 0 means that of the person's settings.
	Delimiter rune
}

// Filter says as PowerShell what takes rows or groups away; empty when nothing does.
func (s Shape) Filter() string {
	var all []string
	for _, c := range []*Condition{s.Where, s.Having} {
		if c != nil {
			all = append(all, c.PowerShell())
		}
	}
	if s.First > 0 {
		all = append(all, "-First "+strconv.FormatInt(s.First, 10))
	}
	return strings.Join(all, "; ")
}

// IsZero says that rows stay as they come.
func (s Shape) IsZero() bool { return s.last() == "" }

// last gives the last command that makes something of the rows here; empty when none does.
func (s Shape) last() string {
	switch {
	case s.Export != nil:
		return "Export-Csv"
	case s.List:
		return "Format-List"
	case s.Table:
		return "Format-Table"
	case s.Columns != nil, s.First > 0:
		return "Select-Object"
	case s.Sort != nil:
		return "Sort-Object"
	case s.Having != nil, s.Where != nil && s.Group == nil:
		return "Where-Object"
	case s.Group != nil:
		return "Group-Object"
	}
	return ""
}

// stages writes each command of the shape.
func (s Shape) stages() []string {
	var all []string
	add := func(inv Invocation) { all = append(all, inv.PowerShell()) }
	if s.Where != nil {
		all = append(all, "Where-Object {"+s.Where.PowerShell()+"}")
	}
	if len(s.Group) > 0 {
		add(Invocation{"Group-Object", []Arg{{"Property", oneOrMore(s.Group)}}})
	}
	if s.Having != nil {
		all = append(all, "Where-Object {"+s.Having.PowerShell()+"}")
	}
	if len(s.Sort) > 0 {
		all = append(all, sortText(s.Sort)...)
	}
	var chosen, formatted []Arg
	if s.List || s.Table && s.Export == nil {
		formatted = columnsArg(s.Columns)
	} else {
		chosen = columnsArg(s.Columns)
	}
	if s.First > 0 {
		chosen = append(chosen, Arg{"First", s.First})
	}
	if len(chosen) > 0 {
		add(Invocation{"Select-Object", chosen})
	}
	switch {
	case s.List:
		add(Invocation{"Format-List", formatted})
	case len(formatted) > 0:
		add(Invocation{"Format-Table", formatted})
	}
	if s.Export != nil {
		inv := Invocation{"Export-Csv", []Arg{{"Path", s.Export.Path}, {"NoTypeInformation", Switch(true)}}}
		if s.Export.Delimiter != 0 {
			inv.Args = append(inv.Args, Arg{"Delimiter", string(s.Export.Delimiter)})
		}
		add(inv)
	}
	return all
}

func columnsArg(columns []string) []Arg {
	if len(columns) == 0 {
		return nil
	}
	return []Arg{{"Property", oneOrMore(columns)}}
}

func oneOrMore(list []string) any {
	if len(list) == 1 {
		return list[0]
	}
	return list
}

// sortText writes the keys: Sort-Object has one direction for all, so that the last
// command has the most important keys.
func sortText(keys []SortKey) []string {
	var all []string
	for end := len(keys); end > 0; {
		start := end - 1
		for start > 0 && keys[start-1].Descending == keys[end-1].Descending {
			start--
		}
		columns := make([]string, 0, end-start)
		for _, k := range keys[start:end] {
			columns = append(columns, k.Column)
		}
		inv := Invocation{"Sort-Object", []Arg{{"Property", oneOrMore(columns)}}}
		if keys[start].Descending {
			inv.Args = append(inv.Args, Arg{"Descending", Switch(true)})
		}
		all = append(all, inv.PowerShell())
		end = start
	}
	return all
}
