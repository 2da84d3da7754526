package cmdlet_test

import (
	"cmp"
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"postroom/session/cmdlet"
	"postroom/test/fixture"
)

// parsedLine is a command line as PowerShell's own parser read it.
type parsedLine struct {
	Line       string
	Errors     []struct{ ID string }
	Statements []struct {
		AST      string
		Elements []node
	}
	Background bool
}

type node struct {
	AST          string
	Text         string
	Command      string
	Invocation   string
	Redirections int
	Parts        []node
	Name         string
	Argument     *node
	Value        string
	Quote        string
	Items        []node
	Pairs        [][2]node
	Elements     []node
	Expression   *node
	Pipeline     *node
	Variable     string
	Constant     bool
}

// literal gives what a syntax tree is worth, when it is a literal.
func (n node) literal(parameter string) (any, bool) {
	switch n.AST {
	case "StringConstantExpression":
		return n.Value, true
	case "ConstantExpression":
		return n, true
	case "VariableExpression":
		switch strings.ToLower(n.Variable) {
		case "true":
			return true, n.Constant
		case "false":
			return false, n.Constant
		case "null":
			return nil, n.Constant
		}
	case "ArrayLiteral":
		items, ok := literals(n.Items)
		if n.bare() {
			return words{text: n.Text, items: items}, ok
		}
		return items, ok
	case "ArrayExpression":
		var all []any
		for _, item := range n.Items {
			v, ok := item.literal("")
			if !ok {
				return nil, false
			}
			if bare, isWords := v.(words); isWords {
				v = bare.items
			}
			if several, isList := v.([]any); isList {
				all = append(all, several...)
			} else {
				all = append(all, v)
			}
		}
		return all, true
	case "Hashtable":
		table := map[string]any{}
		for _, pair := range n.Pairs {
			v, ok := pair[1].literal("")
			if !ok {
				return nil, false
			}
			table[pair[0].Value] = v
		}
		return table, true
	case "Pipeline":
		if len(n.Elements) == 1 && n.Elements[0].AST == "CommandExpression" {
			return n.Elements[0].Expression.literal("")
		}
	case "ParenExpression":
		return n.Pipeline.literal("")
	case "ScriptBlockExpression":
		if strings.HasSuffix(parameter, "Filter") {
			return strings.TrimSpace(n.Text[1 : len(n.Text)-1]), true
		}
	}
	return nil, false
}

// words are a list that was written without quotes: the text where nothing is known of its
// parameter.
type words struct {
	text  string
	items any
}

// bare says that a list has nothing but words.
func (n node) bare() bool {
	for _, item := range n.Items {
		if item.Quote != "BareWord" && item.AST != "ConstantExpression" {
			return false
		}
	}
	return true
}

func literals(nodes []node) (any, bool) {
	var all []any
	for _, n := range nodes {
		v, ok := n.literal("")
		if !ok {
			return nil, false
		}
		all = append(all, v)
	}
	return all, true
}

type expectedArg struct {
	name  string
	bare  bool // a name without a value
	value any
}

// expected gives the command and arguments, when the line is one call of literals.
func (p parsedLine) expected() (command string, args []expectedArg, ok bool) {
	if len(p.Errors) > 0 || len(p.Statements) != 1 || p.Background || p.Statements[0].AST != "Pipeline" {
		return "", nil, false
	}
	elements := p.Statements[0].Elements
	if len(elements) != 1 || elements[0].AST != "Command" || elements[0].Redirections > 0 || elements[0].Invocation == "Dot" {
		return "", nil, false
	}
	c := elements[0]
	for i := 1; i < len(c.Parts); i++ {
		part := c.Parts[i]
		if part.AST != "CommandParameter" {
			v, plain := part.literal("")
			if !plain {
				return "", nil, false
			}
			args = append(args, expectedArg{value: v})
			continue
		}
		if part.Name == "-" {
			continue
		}
		a := expectedArg{name: part.Name, bare: true}
		value := part.Argument
		if value == nil && i+1 < len(c.Parts) && c.Parts[i+1].AST != "CommandParameter" {
			i++
			value = &c.Parts[i]
		}
		if value != nil {
			a.bare = false
			if a.value, ok = value.literal(part.Name); !ok {
				return "", nil, false
			}
		}
		args = append(args, a)
	}
	return c.Command, args, true
}

// sameValue compares a literal of PowerShell's parser with ours. A number may be text on
// our side when it is written as PowerShell's source has it: a server reads it the same.
func sameValue(want, got any) bool {
	switch want := want.(type) {
	case words:
		if text, ok := got.(string); ok {
			return text == want.text
		}
		return sameValue(want.items, got)
	case node:
		if text, ok := got.(string); ok {
			return text == want.Text
		}
		w, err := strconv.ParseFloat(want.Value, 64)
		return err == nil && w == number(got)
	case string:
		if n, err := strconv.ParseFloat(want, 64); err == nil {
			if text, ok := got.(string); ok {
				return text == want
			}
			return n == number(got)
		}
		return want == got
	case bool:
		return got == want || got == cmdlet.Switch(want)
	case []any:
		items, ok := list(got)
		if !ok || len(items) != len(want) {
			return false
		}
		for i := range want {
			if !sameValue(want[i], items[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		table, ok := got.(map[string]any)
		if !ok || len(table) != len(want) {
			return false
		}
		for key, v := range want {
			if !sameValue(v, table[key]) {
				return false
			}
		}
		return true
	}
	return want == nil && got == nil
}

func number(v any) float64 {
	switch v := v.(type) {
	case int64:
		return float64(v)
	case uint64:
		return float64(v)
	case float64:
		return v
	}
	return -12345.6789
}

func list(v any) ([]any, bool) {
	switch v := v.(type) {
	case []any:
		return v, true
	case []string:
		items := make([]any, len(v))
		for i, s := range v {
			items[i] = s
		}
		return items, true
	}
	return nil, false
}

// refused are lines that PowerShell takes and Line does not, each for a reason.
var refused = map[string]string{
	"Get-Mailbox --% a b": "the stop-parsing token passes text to native programs",
	"-ResultSize 5":       "no cmdlet has such a name: a line is missing its beginning",
}

// beyond are lines that Line takes although they are no call of literals.
var beyond = map[string]string{
	`Set-Mailbox u1 -X ([datetime]"2026-01-01")`:                             "Set-Mailbox u1 -X ([datetime]'2026-01-01T00:00:00+01:00')",
	"Get-MessageTrace -StartDate (Get-Date).AddDays(-2) -EndDate (Get-Date)": "Get-MessageTrace -StartDate ([datetime]'2026-11-25T12:00:00+01:00') -EndDate ([datetime]'2026-11-27T12:00:00+01:00')",
	`PS C:\> Get-Mailbox jeff`:                                               "Get-Mailbox jeff",
	`[PS] C:\>Get-Mailbox jeff`:                                              "Get-Mailbox jeff",
	"Get-Mailbox|Select-Object Name":                                         "Get-Mailbox | Select-Object -Property Name",
	"Get-Mailbox | Select-Object Name,Alias":                                 "Get-Mailbox | Select-Object -Property 'Name','Alias'",
	"Get-Mailbox | Export-Csv x.csv -NoTypeInformation":                      "Get-Mailbox | Export-Csv -Path x.csv -NoTypeInformation",
	`Get-Mailbox | where {$_.Name -eq "a"}`:                                  "Get-Mailbox | Where-Object {$_.Name -eq 'a'}",
}

func TestLinesAreReadAsPowerShellReadsThem(t *testing.T) {
	var lines []parsedLine
	if err := json.Unmarshal(fixture.Read(t, "powershell", "cmdline", "parsed.json"), &lines); err != nil {
		t.Fatal(err)
	}
	taken := 0
	for _, line := range lines {
		command, args, ok := line.expected()
		if refused[line.Line] != "" {
			ok = false
		}
		if want := beyond[line.Line]; want != "" {
			l, err := described.Line(line.Line)
			if got := l.PowerShell(); err != nil || got != want {
				t.Errorf("%q is %s, %v; want %s", line.Line, got, err, want)
			}
			continue
		}
		inv, err := oneCommand(cmdlet.Reader{}, line.Line)
		if !ok {
			if err == nil {
				t.Errorf("%q: taken as %#v, want an error", line.Line, inv)
			}
			if len(cmdlet.BindErrors(err)) == 0 {
				t.Errorf("%q: error %v is no *BindError", line.Line, err)
			}
			continue
		}
		taken++
		if err != nil {
			t.Errorf("%q: %v", line.Line, err)
			continue
		}
		compareCall(t, line.Line, command, args, inv)
		if inv, err = oneCommand(cmdlet.Reader{Kinds: allLists(args)}, line.Line); err != nil {
			t.Errorf("%q: with lists: %v", line.Line, err)
		}
		for i, want := range args {
			if list, ok := want.value.(words); ok && !sameValue(list.items, inv.Args[i].Value) {
				t.Errorf("%q: with lists, argument %d is %#v, want %#v", line.Line, i, inv.Args[i].Value, list.items)
			}
		}

		// What we write is read back to the same call.
		again, err := oneCommand(cmdlet.Reader{}, inv.PowerShell())
		if err != nil {
			t.Errorf("%q: written as %q: %v", line.Line, inv.PowerShell(), err)
			continue
		}
		compareCall(t, inv.PowerShell(), command, args, again)
	}
	if taken < 100 {
		t.Errorf("only %d lines were calls of literals", taken)
	}
}

// allLists describes every cmdlet so that what is written as a list goes to one.
func allLists(args []expectedArg) cmdlet.Kinds {
	c := cmdlet.Cmdlet{}
	for i, a := range args {
		if _, ok := a.value.(words); ok {
			c.Parameters = append(c.Parameters, cmdlet.Parameter{Name: cmp.Or(a.name, "Any"), Kind: cmdlet.List, Position: i})
		}
	}
	return everyCmdlet(c)
}

// everyCmdlet describes all cmdlets alike.
type everyCmdlet cmdlet.Cmdlet

func (e everyCmdlet) Describe(string) (cmdlet.Cmdlet, bool) { return cmdlet.Cmdlet(e), true }

func compareCall(t *testing.T, line, command string, args []expectedArg, inv cmdlet.Invocation) {
	t.Helper()
	if inv.Cmdlet != command {
		t.Errorf("%q: cmdlet %q, want %q", line, inv.Cmdlet, command)
	}
	if len(inv.Args) != len(args) {
		t.Errorf("%q: %d arguments, want %d: %#v", line, len(inv.Args), len(args), inv.Args)
		return
	}
	for i, want := range args {
		got := inv.Args[i]
		if got.Name != want.name {
			t.Errorf("%q: argument %d is named %q, want %q", line, i, got.Name, want.name)
		}
		if want.bare && got.Value != cmdlet.Switch(true) || !want.bare && !sameValue(want.value, got.Value) {
			t.Errorf("%q: argument %d is %#v, want %#v", line, i, got.Value, want.value)
		}
	}
}
