package exchange

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"postroom/session/cmdlet"
	"postroom/session/psrp"
)

// definition is a cmdlet of the server: what it says of itself, and what it does.
type definition struct {
	name, defaultSet string
	parameters       []parameter
	shared           int // of them, at the end, every cmdlet has
	services         string
	sets             []string
	impact           impact
	// confirm is the text of the confirmation, with %s for the row's name.
	confirm string
	// task is what the cmdlet is called in error ids.
	task string
	run  func(x *execution) *psrp.RemoteError
	// streams says that the command takes rows one by one and passes them on.
	streams bool
	// properties are what the cmdlet's output has, for those that do not list.
	classes []*class
}

// impact is a cmdlet's ConfirmImpact.
type impact uint8

const (
	reads  impact = iota // does not support ShouldProcess
	alters               // asks only with -Confirm
	asks                 // asks unless -Confirm:$false
)

// parameter is a parameter as the server binds it.
type parameter struct {
	cmdlet.Parameter
	key string // the name in lower case
	// technical: it is about the call and not about the object (list technical of
	// data/classes.txt).
	technical bool
	code      string // id, string, bool, int, switch, date, unlimited, size, secure, credential, hashtable, guid, span, mvp
	services  string
	list      bool
	// required are the sets in which it must be given; "*" stands for all.
	required []string
	// pipeline is how it takes pipeline input: v by value, n by property name,
	// 1 by either.
	pipeline       string
	min, max, size int64
	usual          int64 // -PageSize and -ResultSize when they are not given
}

// readCmdlets reads data/shell.tsv or data/cmdlets.tsv. The first two lines of the
// former are the parameters that every cmdlet has, and those of cmdlets that ask.
func (t *tables) readCmdlets(text string) error {
	for line := range strings.Lines(text) {
		fields := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(fields) < 4 {
			return fmt.Errorf("%q", line)
		}
		d := &definition{services: fields[1], task: "Microsoft.Exchange.Management.Tasks." + strings.ReplaceAll(fields[0], "-", "")}
		d.name = fields[0]
		if fields[3] != "" {
			d.sets = strings.Split(fields[3], "|")
		}
		for i, s := range d.sets {
			if strings.HasPrefix(s, "*") {
				d.sets[i], d.defaultSet = s[1:], s[1:]
			}
		}
		d.parameters = make([]parameter, 0, len(fields)-4+len(t.process)+len(t.common))
		for _, field := range fields[4:] {
			p, err := t.readParameter(d, field)
			if err != nil {
				return fmt.Errorf("%s: %w", d.name, err)
			}
			d.parameters = append(d.parameters, p)
		}
		switch d.name {
		case "(common)":
			t.common = d.parameters
			continue
		case "(process)":
			t.process = d.parameters
			continue
		}
		if fields[2] != "" {
			d.impact = alters
			d.parameters = append(d.parameters, t.process...)
		}
		d.parameters = append(d.parameters, t.common...)
		d.shared = len(t.common)
		t.cmdlets[strings.ToLower(d.name)] = d
		t.names = append(t.names, d.name)
	}
	slices.Sort(t.names)
	return nil
}

// readParameter reads "Name Type key:value ...", as tools/simtables writes it.
func (t *tables) readParameter(d *definition, field string) (parameter, error) {
	words := strings.Fields(field)
	if len(words) < 2 {
		return parameter{}, fmt.Errorf("parameter %q", field)
	}
	p := parameter{Parameter: cmdlet.Parameter{Name: words[0], Position: -1}, key: strings.ToLower(words[0]), services: d.services}
	p.technical = slices.Contains(t.lists["technical"], p.Name)
	unit := ""
	for _, w := range words[2:] {
		key, v, _ := strings.Cut(w, ":")
		var err error
		switch key {
		case "a":
			p.services = v
		case "s":
			p.Sets, err = d.setNames(v)
		case "r":
			if v == "*" {
				p.required = []string{"*"}
			} else {
				p.required, err = d.setNames(v)
			}
		case "p":
			p.Position, err = strconv.Atoi(v)
		case "i":
			p.pipeline = v
		case "l":
			p.Aliases = strings.Split(v, "|")
		case "v":
			p.Choices = strings.Split(v, "|")
		case "u":
			unit = ":" + v
		case "min", "max", "len", "d":
			err = p.bound(key, v)
		default:
			err = fmt.Errorf("%q is not known", w)
		}
		if err != nil {
			return p, err
		}
	}
	t.typed(&p, words[1], unit)
	return p, nil
}

func (p *parameter) bound(key, text string) error {
	n, err := strconv.ParseFloat(text, 64)
	switch key {
	case "min":
		p.min = int64(n)
	case "max":
		p.max = int64(n)
	case "len":
		p.size = int64(n)
	case "d":
		p.usual = int64(n)
	}
	return err
}

func (d *definition) setNames(list string) ([]string, error) {
	var names []string
	for text := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n >= len(d.sets) {
			return nil, fmt.Errorf("set %q", text)
		}
		names = append(names, d.sets[n])
	}
	return names, nil
}

const exchangeData = ", Microsoft.Exchange.Data, Version=15.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35"

// netType is how values of a type are read, and the type's full name. In
// data/types.json the types stand by the short names of cmdlets.tsv (behind a
// colon the unit of an Unlimited). What does not stand there is read as a text,
// NAMEIdParameter as an identity.
type netType struct{ Code, Full string }

// typed sets the full name of the type, and how values are read.
func (t *tables) typed(p *parameter, short, unit string) {
	element, list := strings.CutSuffix(short, "[]")
	p.list = list && element != "Byte"
	found, known := t.types[element+unit]
	if !known {
		found, known = t.types[element]
	}
	switch {
	case known:
	case strings.HasSuffix(element, "IdParameter"):
		found = netType{"id", "Microsoft.Exchange.Configuration.Tasks." + element}
	default:
		found = netType{"string", "Microsoft.Exchange.Data." + element}
	}
	if p.code, p.Type = found.Code, found.Full; list {
		p.Type += "[]"
	}
	p.Kind = cmdlet.KindOf(p.Type)
	p.Secret = p.code == "secure"
}

// parameter finds a parameter as PowerShell does: by name, by alias, by an
// unambiguous beginning. When it is ambiguous, the names that it may mean are
// given.
func (d *definition) parameter(name string) (*parameter, []string) {
	for i := range d.parameters {
		if p := &d.parameters[i]; strings.EqualFold(p.Name, name) {
			return p, nil
		}
	}
	var found *parameter
	var possible []string
	for i := range d.parameters {
		p := &d.parameters[i]
		for _, a := range p.Aliases {
			if strings.EqualFold(a, name) {
				return p, nil
			}
		}
		if len(p.Name) > len(name) && strings.EqualFold(p.Name[:len(name)], name) {
			found, possible = p, append(possible, "-"+p.Name)
		}
	}
	if len(possible) > 1 {
		return nil, possible
	}
	return found, nil
}

// noun is what stands behind the dash.
func (d *definition) noun() string {
	_, noun, _ := strings.Cut(d.name, "-")
	return noun
}

// verb is what stands before it.
func (d *definition) verb() string {
	verb, _, _ := strings.Cut(d.name, "-")
	return verb
}
