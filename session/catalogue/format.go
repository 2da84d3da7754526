package catalogue

import (
	"bytes"
	"errors"
	"strconv"
	"strings"

	"postroom/session/cmdlet"
)

// The format: lines of cells apart by tabs. First magic and key; then the types, each
// once; then a cmdlet a line: name, synopsis, default set, parameters. A parameter has
// parts apart by unit separators: name, number of its type, marks, position, aliases,
// sets, choices, help; within a list, record separators. Texts that hold any of these
// have them escaped.
const (
	magic = "postroom catalogue 1"
	unit  = "\x1f"
	group = "\x1e"
)

// errFormat is a file that this program did not write, or not whole.
var errFormat = errors.New("catalogue: not a whole catalogue")

// end is the last line: a file without it was cut off.
const end = "end"

var escape = strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`, unit, `\u`, group, `\g`)

var unescape = strings.NewReplacer(`\\`, `\`, `\t`, "\t", `\n`, "\n", `\u`, unit, `\g`, group)

func plain(text string) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	return unescape.Replace(text)
}

func write(b *bytes.Buffer, c Catalogue) {
	line := func(cells ...string) { b.WriteString(strings.Join(cells, "\t") + "\n") }
	line(magic, escape.Replace(c.Key))
	types, places := []string{}, map[string]int{}
	for _, each := range c.Cmdlets {
		for _, p := range each.Parameters {
			if _, known := places[p.Type]; !known {
				places[p.Type] = len(types)
				types = append(types, escape.Replace(p.Type))
			}
		}
	}
	line(types...)
	for _, each := range c.Cmdlets {
		cells := []string{escape.Replace(each.Name), escape.Replace(each.Synopsis), escape.Replace(each.DefaultSet)}
		for _, p := range each.Parameters {
			cells = append(cells, strings.Join([]string{
				escape.Replace(p.Name), strconv.Itoa(places[p.Type]), marksOf(p), strconv.Itoa(p.Position),
				list(p.Aliases), list(p.Sets), list(p.Choices), escape.Replace(p.Help),
			}, unit))
		}
		line(cells...)
	}
	line(end)
}

// marksOf writes kind and flags: the kind by its name, so that it can be read by a
// program whose kinds have other numbers.
func marksOf(p cmdlet.Parameter) string {
	marks := p.Kind.String()
	if p.Mandatory {
		marks += "!"
	}
	if p.Secret {
		marks += "?"
	}
	return marks
}

func list(items []string) string {
	escaped := make([]string, len(items))
	for i, item := range items {
		escaped[i] = escape.Replace(item)
	}
	return strings.Join(escaped, group)
}

func parse(text string) (Catalogue, error) {
	body, whole := strings.CutSuffix(text, "\n"+end+"\n")
	head, body, _ := strings.Cut(body, "\n")
	key, ours := strings.CutPrefix(head, magic+"\t")
	if !whole || !ours {
		return Catalogue{}, errFormat
	}
	c := Catalogue{Key: plain(key)}
	first, body, _ := strings.Cut(body, "\n")
	types := strings.Split(first, "\t")
	for i := range types {
		types[i] = plain(types[i])
	}
	if body == "" {
		return c, nil
	}
	c.Cmdlets = make([]cmdlet.Cmdlet, 0, strings.Count(body, "\n")+1)
	for line := range strings.SplitSeq(body, "\n") {
		cells := strings.Split(line, "\t")
		if len(cells) < 3 {
			return Catalogue{}, errFormat
		}
		each := cmdlet.Cmdlet{Name: plain(cells[0]), Synopsis: plain(cells[1]), DefaultSet: plain(cells[2])}
		each.Parameters = make([]cmdlet.Parameter, len(cells)-3)
		for i, cell := range cells[3:] {
			if err := parseParameter(cell, types, &each.Parameters[i]); err != nil {
				return Catalogue{}, err
			}
		}
		c.Cmdlets = append(c.Cmdlets, each)
	}
	return c, nil
}

func parseParameter(cell string, types []string, p *cmdlet.Parameter) error {
	var parts [8]string
	n := 0
	for part := range strings.SplitSeq(cell, unit) {
		if n == len(parts) {
			return errFormat
		}
		parts[n] = part
		n++
	}
	place, err := strconv.Atoi(parts[1])
	if n != len(parts) || err != nil || place < 0 || place >= len(types) {
		return errFormat
	}
	p.Name, p.Type, p.Help = plain(parts[0]), types[place], plain(parts[7])
	marks, secret := strings.CutSuffix(parts[2], "?")
	marks, mandatory := strings.CutSuffix(marks, "!")
	p.Secret, p.Mandatory = secret, mandatory
	if p.Kind, err = kindNamed(marks); err != nil {
		return err
	}
	if p.Position, err = strconv.Atoi(parts[3]); err != nil {
		return errFormat
	}
	p.Aliases, p.Sets, p.Choices = items(parts[4]), items(parts[5]), items(parts[6])
	return nil
}

// kindNamed finds the kind again.
func kindNamed(name string) (cmdlet.Kind, error) {
	for k := cmdlet.Text; k <= cmdlet.File; k++ {
		if k.String() == name {
			return k, nil
		}
	}
	return cmdlet.Text, errFormat
}

func items(text string) []string {
	if text == "" {
		return nil
	}
	all := strings.Split(text, group)
	for i := range all {
		all[i] = plain(all[i])
	}
	return all
}
