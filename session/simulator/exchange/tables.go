package exchange

import (
	"embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// The tables: cmdlets.tsv, properties.tsv and filterable.tsv are made by tools/simtables from
// the facts about Exchange, the others are written by hand.
//
//go:embed data
var files embed.FS

// tables are what the files say. They never change.
type tables struct {
	cmdlets    map[string]*definition // by lower-case name
	names      []string               // of the cmdlets, sorted
	properties map[string][]property  // of cmdlets' output, by lower-case cmdlet
	// filterable are the properties that -Filter takes, by lower-case cmdlet and
	// property, with the services that know it ("" for all). A cmdlet that is not in
	// it takes every property.
	filterable map[string]map[string]string
	classes    map[string]*class
	lists      map[string][]string
	defaults   map[string]definedColumn // by lower-case column
	people     map[string]*names
	profiles   []profile
	settings   map[string]*settings // by lower-case cmdlet
	offers     map[offerKey]func() *offer
	types      map[string]netType // by short name
	// common are the parameters that every cmdlet has, process those of cmdlets
	// that ask.
	common, process []parameter
}

// property is one of a cmdlet's output and the letter of its type.
type property struct{ name, letter string }

// definedColumn is a column as a file writes it.
type definedColumn struct{ name, kind, program string }

// settings are what data/classes.txt says of a cmdlet: what it does, on which
// classes, and how its parameters are meant.
type settings struct {
	verb    string
	classes []string
	types   []string
	words   map[string][]string
	// texts are what a person reads: confirm, the question, and refusal, the text
	// of an error and its exception's type before it. %s is the name of the row.
	texts map[string]string
}

// load reads the tables, once. What is wrong in them is a mistake of this
// package, which its tests find.
var load = sync.OnceValue(func() *tables {
	t := &tables{
		cmdlets: map[string]*definition{}, properties: map[string][]property{}, classes: map[string]*class{}, lists: map[string][]string{},
		defaults: map[string]definedColumn{}, settings: map[string]*settings{},
	}
	if err := t.read(); err != nil {
		panic("simulator: tables: " + err.Error())
	}
	t.makeOffers()
	return t
})

func (t *tables) read() error {
	r := classReader{tables: t}
	for _, file := range []struct {
		name string
		read func(text string) error
	}{
		{"names.json", into(&t.people)},
		{"tenants.json", into(&t.profiles)},
		{"types.json", into(&t.types)},
		{"properties.tsv", t.readProperties},
		{"filterable.tsv", t.readFilterable},
		{"classes.txt", r.read},
		{"shell.tsv", t.readCmdlets},
		{"cmdlets.tsv", t.readCmdlets},
	} {
		text, err := files.ReadFile("data/" + file.name)
		if err == nil {
			err = file.read(string(text))
		}
		if err != nil {
			return fmt.Errorf("%s: %w", file.name, err)
		}
	}
	return t.finish()
}

func into(v any) func(text string) error {
	return func(text string) error { return json.Unmarshal([]byte(text), v) }
}

// readProperties reads lines of a cmdlet and its properties, each with a colon
// and the letter of its type behind it.
func (t *tables) readProperties(text string) error {
	for line := range strings.Lines(text) {
		cmdlet, list, _ := strings.Cut(line, "\t")
		for field := range strings.FieldsSeq(list) {
			name, letter, ok := strings.Cut(field, ":")
			if !ok {
				return fmt.Errorf("%q has no type", field)
			}
			t.properties[strings.ToLower(cmdlet)] = append(t.properties[strings.ToLower(cmdlet)], property{name, letter})
		}
	}
	return nil
}

// readFilterable reads lines of a cmdlet and the properties that its -Filter takes,
// some with a colon and the services that know them behind it.
func (t *tables) readFilterable(text string) error {
	t.filterable = map[string]map[string]string{}
	for line := range strings.Lines(strings.ToLower(text)) {
		cmdlet, list, _ := strings.Cut(line, "\t")
		t.filterable[cmdlet] = pairs(strings.Fields(list), ":")
	}
	return nil
}

// classReader reads data/classes.txt line by line.
type classReader struct {
	tables *tables
	class  *class
	get    *settings
	line   int
}

func (r *classReader) read(text string) error {
	for line := range strings.Lines(text) {
		r.line++
		line = escapes.Replace(strings.TrimRight(line, "\r\n"))
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		var err error
		if line[0] == ' ' {
			err = r.inner(strings.TrimSpace(line))
		} else {
			err = r.outer(line)
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", r.line, err)
		}
	}
	return nil
}

// outer reads a line that begins something.
func (r *classReader) outer(line string) error {
	word, rest, _ := strings.Cut(line, " ")
	name, after, _ := strings.Cut(rest, " ")
	r.class, r.get = nil, nil
	switch word {
	case "list":
		r.tables.lists[name] = items(after)
	case "default":
		d, err := splitColumn(rest)
		r.tables.defaults[strings.ToLower(d.name)] = d
		return err
	case "class":
		return r.begin(name, strings.Fields(after))
	case "get", "set", "new", "remove", "assign", "member", "child", "nothing":
		words := strings.Fields(after)
		r.get = &settings{verb: word, words: map[string][]string{}, texts: map[string]string{}}
		if len(words) > 0 {
			r.get.classes, r.get.types = strings.Split(words[0], ","), words[1:]
		}
		for cmdlet := range strings.SplitSeq(name, ",") {
			if old := r.tables.settings[strings.ToLower(cmdlet)]; old != nil {
				return fmt.Errorf("%s stands twice", cmdlet)
			}
			r.tables.settings[strings.ToLower(cmdlet)] = r.get
		}
	default:
		return fmt.Errorf("%q begins nothing", word)
	}
	return nil
}

// begin reads "class NAME [like CLASS] [people WORD] [of PARENT A..B] [rows
// COUNT]".
func (r *classReader) begin(name string, words []string) error {
	c := &class{name: name, byName: map[string]int{}, known: true}
	if r.tables.classes[name] != nil {
		return fmt.Errorf("class %s stands twice", name)
	}
	r.tables.classes[name], r.class = c, c
	for len(words) > 1 {
		switch words[0] {
		case "people":
			if c.people = populations()[words[1]]; c.people == nil {
				return fmt.Errorf("there are no people %q", words[1])
			}
			c.templates = append(c.templates, &template{count: words[1], sources: map[string]string{}})
		case "rows":
			c.templates = append(c.templates, &template{count: words[1], sources: map[string]string{}})
		case "like":
			if err := c.like(r.tables.classes[words[1]]); err != nil {
				return err
			}
		case "of":
			if c.parent = r.tables.classes[words[1]]; c.parent == nil || len(words) < 3 {
				return fmt.Errorf("class %s: its parent must stand before it, and how many rows there are behind", name)
			}
			var err error
			if c.least, c.most, err = span(words[2]); err != nil {
				return err
			}
			c.templates = append(c.templates, &template{sources: map[string]string{}})
			words = words[1:]
		default:
			return fmt.Errorf("%q is not known", words[0])
		}
		words = words[2:]
	}
	return nil
}

// inner reads a line of a class or of a cmdlet.
func (r *classReader) inner(line string) error {
	word, rest, _ := strings.Cut(line, " ")
	if r.get != nil {
		if word == "confirm" || word == "refusal" {
			r.get.texts[word] = rest
		} else {
			r.get.words[word] = append(r.get.words[word], strings.Fields(rest)...)
		}
		return nil
	}
	if r.class == nil {
		return fmt.Errorf("%q belongs to nothing", line)
	}
	if word == "row" || strings.HasPrefix(word, "row*") {
		s := &template{count: strings.TrimPrefix(strings.TrimPrefix(word, "row"), "*"), sources: map[string]string{}}
		if s.count == "" {
			s.count = "1"
		}
		for part := range strings.SplitSeq(rest, " ;; ") {
			name, program, ok := strings.Cut(part, "=")
			if !ok {
				return fmt.Errorf("%q is no COLUMN=PROGRAM", part)
			}
			s.sources[strings.TrimSpace(name)] = program
		}
		r.class.templates = append(r.class.templates, s)
		return nil
	}
	if word == "key" {
		for name := range strings.FieldsSeq(rest) {
			r.class.keys = append(r.class.keys, r.declare(definedColumn{name: name}))
		}
		return nil
	}
	d, err := splitColumn(line)
	if err != nil {
		return err
	}
	k := r.declare(d)
	r.class.columns[k].source = d.program
	return nil
}

// declare adds a column whose kind is said, or will be found out.
func (r *classReader) declare(d definedColumn) int {
	info := columnKinds[d.kind]
	info.name, info.source = d.name, missingProgram
	k := r.class.add(info)
	if d.kind != "" {
		info.source = r.class.columns[k].source
		r.class.columns[k] = info
	}
	return k
}

// missingProgram stands for the program of a column that has none yet.
const missingProgram = "\x00"

// splitColumn reads "NAME[ KIND]: PROGRAM".
func splitColumn(line string) (definedColumn, error) {
	head, program, ok := strings.Cut(line, ":")
	words := strings.Fields(head)
	if !ok || len(words) == 0 || len(words) > 2 {
		return definedColumn{}, fmt.Errorf("%q is no COLUMN: PROGRAM", line)
	}
	d := definedColumn{name: words[0], program: strings.TrimPrefix(program, " ")}
	if len(words) == 2 {
		d.kind = words[1]
		if _, err := newColumn(d.name, d.kind); err != nil {
			return d, err
		}
	}
	return d, nil
}

// span reads "3" or "0..5".
func span(text string) (least, most int, err error) {
	a, b, ranged := strings.Cut(text, "..")
	if least, err = strconv.Atoi(a); err != nil {
		return 0, 0, fmt.Errorf("count %q cannot be read", text)
	}
	if most = least; ranged {
		if most, err = strconv.Atoi(b); err != nil || most < least {
			return 0, 0, fmt.Errorf("count %q cannot be read", text)
		}
	}
	return least, most, nil
}

func itoa(n int) string { return strconv.Itoa(n) }
