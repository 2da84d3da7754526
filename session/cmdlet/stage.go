package cmdlet

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// A stage reads the arguments of a command that PowerShell would run in its own process.
// Select-Object and Measure-Object are on every server too.
type stage func(s *scanner, l *Line) error

// stageNamed gives the stage of a name or alias, nil for a command of the server.
func stageNamed(name string) stage {
	switch strings.ToLower(plainName(name)) {
	case "where-object", "where", "?":
		return where
	case "sort-object", "sort":
		return sortRows
	case "group-object", "group":
		return group
	case "select-object", "select":
		return selectColumns
	case "measure-object", "measure":
		return measure
	case "format-table", "ft":
		return formatTable
	case "format-list", "fl":
		return formatList
	case "export-csv", "epcsv":
		return exportCSV
	}
	return nil
}

// isOfTheClient says that the command only exists where PowerShell itself runs. Sent to a
// server it would fail there.
func isOfTheClient(name string) bool {
	lower := strings.ToLower(plainName(name))
	switch lower {
	case "%", "foreach", "tee", "gm", "fw", "fc", "ogv", "oh", "sls", "ipcsv", "gc", "cat", "type", "icm":
		return true
	}
	return slices.Contains([]string{
		"foreach-object", "tee-object", "compare-object", "new-object", "get-member", "format-wide", "format-custom",
		"out-file", "out-gridview", "out-host", "out-null", "out-string", "out-printer", "set-content", "add-content",
		"get-content", "import-csv", "import-clixml", "export-clixml", "convertto-csv", "convertto-html", "convertto-json",
		"convertto-xml", "convertto-securestring", "convertfrom-csv", "convertfrom-json", "select-string", "write-host",
		"write-output", "write-warning", "write-error", "write-verbose", "read-host", "get-date", "get-credential",
		"invoke-command", "invoke-expression", "start-sleep", "new-pssession", "import-pssession", "remove-pssession",
		"enter-pssession", "connect-exchangeonline", "connect-ippssession", "disconnect-exchangeonline", "import-module",
	}, lower)
}

// options describes the parameters of a stage that are understood.
func options(name string, parameters ...Parameter) Cmdlet {
	for i := range parameters {
		if parameters[i].Name != "Property" && parameters[i].Name != "Path" {
			parameters[i].Position = -1
		}
	}
	return Cmdlet{Name: name, Parameters: parameters}
}

// property is the parameter that names columns.
func property() Parameter { return Parameter{Name: "Property", Kind: List} }

func switches(names ...string) []Parameter {
	all := make([]Parameter, len(names))
	for i, name := range names {
		all[i] = Parameter{Name: name, Kind: SwitchKind}
	}
	return all
}

// describedAs is the Kinds of one stage.
type describedAs Cmdlet

// Describe gives the stage's description.
func (d describedAs) Describe(string) (Cmdlet, bool) { return Cmdlet(d), true }

// readStage reads the arguments of a stage. What it does not know is refused by name.
func readStage(s *scanner, c Cmdlet) (Invocation, error) {
	s.skipSpace(false)
	start := s.pos
	tokens, wrong := s.arguments()
	if wrong != nil {
		return Invocation{}, wrong
	}
	b := Reader{Kinds: describedAs(c)}.binder(c.Name)
	inv, err := b.bind(tokens)
	if err != nil {
		return Invocation{}, err
	}
	positional := 0
	for _, a := range inv.Args {
		if a.Name == "" {
			positional++
		}
		if _, ok := c.Parameter(a.Name); !ok && a.Name != "" || positional > 1 {
			return Invocation{}, &BindError{Text: strings.TrimSpace(c.Name + " " + dashed(a.Name)), Want: WantStage}
		}
		if items, ok := a.Value.([]any); ok && len(items) > 0 {
			return Invocation{}, s.wrong("", start, WantStage) // @{n='x'; e={…}} and the like
		}
	}
	for i := range inv.Args {
		if inv.Args[i].Name == "" {
			inv.Args[i].Name = c.Parameters[0].Name
		}
		if list, ok := inv.Args[i].Value.([]string); ok {
			inv.Args[i].Value = oneOrMore(list)
		}
	}
	return inv, nil
}

func dashed(name string) string {
	if name == "" {
		return ""
	}
	return "-" + name
}

// Texts gives the texts of an argument: its own, or those of the items of a list; nil where
// it has none.
func (i Invocation) Texts(name string) []string {
	a, _ := i.Arg(name)
	switch v := a.Value.(type) {
	case string:
		return []string{v}
	case []string:
		return v
	case []any:
		var all []string
		for _, item := range v {
			all = append(all, fmt.Sprint(item))
		}
		return all
	}
	return nil
}

func (i Invocation) on(name string) bool {
	a, _ := i.Arg(name)
	on, _ := a.Value.(Switch)
	return bool(on)
}

// before says that the command may not stand behind one that has done more already.
func before(name string, l *Line, allowed ...string) error {
	if last := l.Shape.last(); last != "" && !slices.Contains(allowed, last) {
		return &BindError{Text: name, Want: WantBefore, Names: []string{last}}
	}
	return nil
}

// among is before for what filters and sorts. Behind Select-Object it does the same as
// before it where it asks for columns that were chosen, of all rows.
func among(name string, l *Line, columns []string) error {
	allowed := []string{"Where-Object", "Sort-Object", "Group-Object"}
	chosen := func(column string) bool {
		return slices.ContainsFunc(l.Shape.Columns, func(c string) bool { return strings.EqualFold(c, column) })
	}
	if l.Shape.First == 0 && !slices.ContainsFunc(columns, func(c string) bool { return !chosen(c) }) {
		allowed = append(allowed, "Select-Object")
	}
	return before(name, l, allowed...)
}

func where(s *scanner, l *Line) error {
	s.skipSpace(false)
	c, err := s.condition()
	if err != nil {
		return err
	}
	if err := among("Where-Object", l, c.columns()); err != nil {
		return err
	}
	kept := &l.Shape.Where
	if l.Shape.Group != nil {
		kept = &l.Shape.Having
	}
	if *kept != nil {
		c = Condition{Logic: And, Parts: []Condition{**kept, c}}
	}
	*kept = &c
	return nil
}

func sortRows(s *scanner, l *Line) error {
	inv, err := readStage(s, options("Sort-Object", append([]Parameter{property()}, switches("Descending")...)...))
	if err != nil {
		return err
	}
	columns := inv.Texts("Property")
	if len(columns) == 0 {
		return &BindError{Parameter: "Property", Want: WantValue}
	}
	if err := among("Sort-Object", l, columns); err != nil {
		return err
	}
	keys := make([]SortKey, len(columns))
	for i, column := range columns {
		keys[i] = SortKey{Column: column, Descending: inv.on("Descending")}
	}
	l.Shape.Sort = append(keys, l.Shape.Sort...) // the later command is the more important one
	return nil
}

func group(s *scanner, l *Line) error {
	if err := before("Group-Object", l, "Where-Object", "Sort-Object"); err != nil {
		return err
	}
	if l.Shape.Group != nil {
		return &BindError{Text: "Group-Object", Want: WantBefore, Names: []string{"Group-Object"}}
	}
	inv, err := readStage(s, options("Group-Object", append([]Parameter{property()}, switches("NoElement")...)...))
	if err != nil {
		return err
	}
	if l.Shape.Group = inv.Texts("Property"); len(l.Shape.Group) == 0 {
		return &BindError{Parameter: "Property", Want: WantValue}
	}
	l.Shape.Sort = nil // groups have an order of their own
	return nil
}

// selectColumns goes to the server unless something was done here before.
func selectColumns(s *scanner, l *Line) error {
	first := Parameter{Name: "First", Type: "System.UInt32"}
	c := options("Select-Object", property(), first)
	here := !l.Shape.IsZero()
	if !here {
		c = options("Select-Object", append([]Parameter{property(), first, {Name: "ExpandProperty"}}, switches("Unique")...)...)
	}
	inv, err := readStage(s, c)
	switch {
	case err != nil:
		return err
	case !here:
		l.Pipeline = append(l.Pipeline, inv)
		return nil
	}
	if a, ok := inv.Arg("First"); ok {
		if err := before("Select-Object -First", l, "Where-Object", "Sort-Object", "Group-Object", "Select-Object"); err != nil {
			return err
		}
		first, _ := a.Value.(int64)
		if l.Shape.First > 0 {
			first = min(first, l.Shape.First)
		}
		l.Shape.First = first
	}
	if columns := inv.Texts("Property"); len(columns) > 0 {
		if err := before("Select-Object", l, "Where-Object", "Sort-Object", "Group-Object", "Select-Object"); err != nil {
			return err
		}
		l.Shape.Columns = columns
	}
	return nil
}

func measure(s *scanner, l *Line) error {
	if err := before("Measure-Object", l); err != nil {
		return err
	}
	c := options("Measure-Object", append([]Parameter{property()}, switches("Sum", "Average", "Maximum", "Minimum")...)...)
	inv, err := readStage(s, c)
	l.Pipeline = append(l.Pipeline, inv)
	return err
}

func formatTable(s *scanner, l *Line) error { return format(s, l, "Format-Table") }

func formatList(s *scanner, l *Line) error {
	err := format(s, l, "Format-List")
	l.Shape.List = true
	return err
}

// format takes the columns; how wide they are is decided by whoever shows them.
func format(s *scanner, l *Line, name string) error {
	if err := before(name, l, "Where-Object", "Sort-Object", "Select-Object", "Group-Object", "Format-Table"); err != nil {
		return err
	}
	inv, err := readStage(s, options(name, append([]Parameter{property()}, switches("AutoSize", "Wrap")...)...))
	if err != nil {
		return err
	}
	if columns := inv.Texts("Property"); len(columns) > 0 && !slices.Equal(columns, []string{"*"}) {
		l.Shape.Columns, l.Shape.Table = columns, name == "Format-Table"
	}
	return nil
}

func exportCSV(s *scanner, l *Line) error {
	if err := before("Export-Csv", l, "Where-Object", "Sort-Object", "Group-Object", "Select-Object", "Format-Table"); err != nil {
		return err
	}
	inv, err := readStage(s, options("Export-Csv", append([]Parameter{
		{Name: "Path", Aliases: []string{"LiteralPath"}}, {Name: "Delimiter"}, {Name: "Encoding"},
	}, switches("NoTypeInformation", "UseCulture", "Force")...)...))
	if err != nil {
		return err
	}
	e := &Export{}
	if path := inv.Texts("Path"); len(path) == 1 {
		e.Path = path[0]
	} else {
		return &BindError{Parameter: "Path", Want: WantValue}
	}
	for _, encoding := range inv.Texts("Encoding") {
		if !strings.HasPrefix(strings.ToLower(encoding), "utf8") && !equalFold(encoding, "UTF-8") {
			return &BindError{Text: "Export-Csv -Encoding " + encoding, Want: WantStage}
		}
	}
	for _, delimiter := range inv.Texts("Delimiter") {
		r, n := utf8.DecodeRuneInString(delimiter)
		if n != len(delimiter) || !strings.ContainsRune(",;\t", r) {
			return &BindError{Text: "Export-Csv -Delimiter " + delimiter, Want: WantStage}
		}
		e.Delimiter = r
	}
	l.Shape.Export, l.Shape.Table = e, false // a file has columns and no layout
	return nil
}
