package exchange

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// finish puts cmdlets, properties and classes together: each cmdlet gets the
// classes that it is about, each class the columns that its cmdlets show and
// set, each column its program.
func (t *tables) finish() error {
	t.runShellCmdlets()
	for _, name := range t.names {
		d := t.cmdlets[strings.ToLower(name)]
		if d.run != nil {
			continue
		}
		if err := t.attach(d); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	t.settleClasses()
	for _, c := range t.classes { // a column may be made of one of the parent's
		if err := c.compile(t); err != nil {
			return err
		}
	}
	for _, name := range t.names {
		d := t.cmdlets[strings.ToLower(name)]
		if d.run != nil {
			continue
		}
		if err := t.perform(d); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// settleClasses gives each class rows, keys and a program for each column.
func (t *tables) settleClasses() {
	for _, c := range t.classes {
		if len(c.templates) == 0 {
			c.templates = generic(c.name)
		}
		for _, name := range []string{"Identity", "Name", "Guid"} {
			if len(c.keys) == 0 || name != "Guid" {
				t.column(c, name, "")
			}
		}
		if len(c.keys) == 0 {
			c.keys, _ = c.find([]string{"Name", "Identity", "Guid"})
		}
		for k := range c.columns {
			t.settle(c, &c.columns[k])
		}
	}
}

// generic are the rows of a class of which the tables say nothing.
func generic(noun string) []*template {
	return []*template{
		{count: "1", sources: map[string]string{"Name": "Default"}},
		{count: "1", sources: map[string]string{"Name": "{t.label} " + words(noun)}},
	}
}

// words takes a noun apart: TransportRule is "transport rule".
func words(noun string) string {
	var b strings.Builder
	before := ' '
	for _, r := range noun {
		if unicode.IsUpper(r) && unicode.IsLower(before) {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
		before = r
	}
	return b.String()
}

// attach finds the classes of a cmdlet and adds the columns that it needs.
func (t *tables) attach(d *definition) error {
	s := t.settings[strings.ToLower(d.name)]
	written := s != nil
	if !written {
		s = t.implied(d)
		t.settings[strings.ToLower(d.name)] = s
	}
	for _, name := range s.classes {
		c := t.classes[name]
		if c == nil {
			if written {
				return fmt.Errorf("there is no class %s", name)
			}
			c = &class{name: name, byName: map[string]int{}}
			t.classes[name] = c
		}
		d.classes = append(d.classes, c)
	}
	t.require(d, s)
	switch s.verb {
	case "get":
		for _, c := range d.classes {
			c.known = c.known || t.properties[strings.ToLower(d.name)] != nil
			for _, p := range t.shown(d, s) {
				t.column(c, p.from, p.letter)
			}
		}
	case "set", "new":
		renames := pairs(s.words["rename"], ">")
		for _, p := range d.parameters {
			if name, ok := renames[p.Name]; ok {
				p.Name = name
			}
			if !p.technical {
				for _, c := range d.classes {
					t.column(c, p.Name, letterOf(p))
				}
			}
		}
	}
	return nil
}

// implied is what a cmdlet does of which data/classes.txt says nothing: what
// its verb says, to the class of its noun, if there is one.
func (t *tables) implied(d *definition) *settings {
	noun := d.noun()
	s := &settings{words: map[string][]string{}}
	if get := t.settings["get-"+strings.ToLower(noun)]; get != nil {
		s.classes = get.classes
	} else if t.classes[noun] != nil || d.verb() == "Get" || t.cmdlets["get-"+strings.ToLower(noun)] != nil {
		s.classes = []string{noun}
	}
	switch d.verb() {
	case "Get":
		s.verb = "get"
	case "Set", "Update":
		s.verb = "set"
	case "New":
		s.verb = "new"
	case "Remove", "Delete":
		s.verb = "remove"
	case "Enable", "Disable", "Suspend", "Resume", "Start", "Stop":
		s.verb = "assign"
		s.words["value"] = []string{map[string]string{"Enable": "Enabled=true", "Disable": "Enabled=false", "Suspend": "Status=Suspended", "Resume": "Status=InProgress", "Start": "Status=InProgress", "Stop": "Status=Stopped"}[d.verb()]}
	default:
		s.verb = "nothing"
	}
	if len(s.classes) == 0 {
		s.verb = "nothing"
	}
	return s
}

// require adds what the reference does not know: "require Password@Set" makes
// a parameter one of a set, and needed there; "optional" takes back what a page
// says. Of the cmdlets that list all
// objects of a kind some have a page that says that -Identity must be given;
// they run without.
func (t *tables) require(d *definition, s *settings) {
	if p, _ := d.parameter("Identity"); p != nil && s.verb == "get" && s.words["by"] == nil && !slices.ContainsFunc(d.classes, func(c *class) bool { return c.people != nil }) {
		p.required = nil
	}
	for i := range d.parameters {
		if slices.Contains(s.words["optional"], d.parameters[i].Name) {
			d.parameters[i].required = nil
		}
	}
	for _, w := range s.words["require"] {
		name, set, _ := strings.Cut(w, "@")
		for i := range d.parameters {
			if p := &d.parameters[i]; p.Name == name {
				p.required = []string{"*"}
				if set != "" {
					p.required, p.Sets = []string{set}, []string{set}
				}
			}
		}
	}
}

// shownColumn is a property of a cmdlet's output: its name, the column that
// it is made from, the letter of its type.
type shownColumn struct{ name, from, letter string }

// shown gives what a cmdlet's rows have, in order.
func (t *tables) shown(d *definition, s *settings) []shownColumn {
	renames := pairs(s.words["shown"], "=")
	var all []shownColumn
	for _, p := range t.properties[strings.ToLower(d.name)] {
		from := p.name
		if name, ok := renames[p.name]; ok {
			from = name
			delete(renames, p.name)
		}
		all = append(all, shownColumn{p.name, from, p.letter})
	}
	for _, w := range s.words["shown"] {
		name, from, _ := strings.Cut(w, "=")
		if _, left := renames[name]; left {
			all = append(all, shownColumn{name, from, ""})
		}
	}
	if len(all) == 0 {
		return nil
	}
	return append(all, naming(d, all)...)
}

// naming are the properties by which every object of the directory is named,
// also where no public text that shows the cmdlet's output has them: those of
// Identity, Name and Guid that are keys of the class.
func naming(d *definition, shown []shownColumn) []shownColumn {
	var more []shownColumn
	for _, name := range []string{"Identity", "Name", "Guid"} {
		has := slices.ContainsFunc(shown, func(s shownColumn) bool { return strings.EqualFold(s.name, name) })
		if k, ok := d.classes[0].column(name); ok && !has && slices.Contains(d.classes[0].keys, k) {
			more = append(more, shownColumn{name: name, from: name})
		}
	}
	return more
}

func pairs(list []string, separator string) map[string]string {
	m := map[string]string{}
	for _, w := range list {
		a, b, _ := strings.Cut(w, separator)
		m[a] = b
	}
	return m
}

// column gives the class a column; what its kind is the letter tells, unless
// the class has said so itself.
func (t *tables) column(c *class, name, letter string) {
	kind, program := kindOfLetter(c, name, letter), missingProgram
	if d, ok := t.defaults[strings.ToLower(name)]; ok {
		program = d.program
		if d.kind != "" {
			kind = d.kind
		}
	}
	info, err := newColumn(name, kind)
	if err != nil {
		panic(err) // kindOfLetter gives none that is not known
	}
	info.source = program
	if program == missingProgram {
		info.source = emptyProgram(info, letter)
	}
	k, ok := c.column(name)
	if !ok {
		c.add(info)
		return
	}
	if was := &c.columns[k]; was.kind == kindUnset {
		source := was.source
		*was = info
		if source != missingProgram {
			was.source = source
		}
	}
}

// settle gives a column that nothing else described a kind and a program.
func (t *tables) settle(c *class, info *columnInfo) {
	if info.kind == kindUnset {
		t.column(c, info.name, "s")
	}
	if info.source == missingProgram {
		info.source = emptyProgram(*info, "s")
		if d, ok := t.defaults[strings.ToLower(info.name)]; ok {
			info.source = d.program
		}
	}
}

// kindOfLetter is the kind of a column by the letter of data/properties.tsv.
// Sizes are texts where rows are many, and objects, as servers send them,
// where they are few.
func kindOfLetter(c *class, name, letter string) string {
	switch {
	case letter == "i" && c.people != nil && strings.HasSuffix(name, "Count"):
		return "long"
	case letter == "t" && strings.HasSuffix(name, "UTC"):
		return "time"
	case letter == "z" && c.people == nil:
		return "quota"
	}
	kinds := map[string]string{"b": "bool", "i": "int", "d": "real", "t": "local", "p": "span", "g": "guid", "l": "list"}
	return cmp.Or(kinds[letter], "text")
}

// letterOf is the letter of a parameter's type.
func letterOf(p parameter) string {
	if p.list {
		return "l"
	}
	letters := map[string]string{"bool": "b", "switch": "b", "int": "i", "date": "t", "mvp": "l", "guid": "g", "size": "z", "string": "s"}
	return cmp.Or(letters[p.code], "e")
}

// perform makes what a cmdlet does.
func (t *tables) perform(d *definition) error {
	s := t.settings[strings.ToLower(d.name)]
	if d.impact != reads && slices.Contains([]string{"Remove", "Disable", "Delete", "Clear"}, d.verb()) {
		d.impact = asks
		d.confirm = map[string]string{"Disable": "Disabling", "Clear": "Clearing"}[d.verb()]
		if d.confirm == "" {
			d.confirm = "Removing"
		}
		d.confirm += " the " + words(d.noun()) + " \"%s\"."
	}
	d.confirm = cmp.Or(s.texts["confirm"], d.confirm)
	if len(s.classes) > 0 {
		d.task = "Microsoft.Exchange.Management.Tasks." + strings.ReplaceAll(d.name, "-", "")
	}
	var err error
	switch s.verb {
	case "get":
		d.run, err = t.getter(d, s)
	case "set":
		d.run = setter(d, s)
	case "new":
		d.run, err = t.creator(d, s)
	case "remove":
		d.run = remover(d)
	case "assign":
		d.run, err = assigner(d, s)
	case "member":
		d.run, err = memberChanger(d, s)
	case "child":
		d.run, err = t.childChanger(d, s)
	default:
		d.run = accept
	}
	return err
}
