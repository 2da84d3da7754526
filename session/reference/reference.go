package reference

import (
	"strings"

	"postroom/assets"
	"postroom/session/cmdlet"
)

// Reference answers what is known of cmdlets. It may be used by several goroutines.
type Reference struct{ text assets.Reference }

// New gives the reference that the program carries with it. It costs nothing: the texts
// are sorted, and a question finds its line where it lies.
func New() *Reference { return &Reference{text: assets.CmdletReference()} }

// find gives the line of a key, before and behind the first tab, in a text whose lines are
// sorted by what stands before it, letter case aside.
func find(text, key string) (spelt, rest string, found bool) {
	from, to := 0, len(text) // the line begins from here on and before there; from is a beginning
	for from < to {
		begin := from
		if middle := (from + to) / 2; middle > from {
			end := strings.IndexByte(text[middle-1:], '\n') // forwards: backwards takes ten times as long
			if end < 0 || middle+end >= to {
				to = middle
				continue
			}
			begin = middle + end
		}
		line, _, _ := strings.Cut(text[begin:], "\n")
		head, tail, _ := strings.Cut(line, "\t")
		switch order := compareFold(head, key); {
		case order == 0:
			return head, tail, true
		case order < 0:
			from = begin + len(line) + 1
		default:
			to = begin
		}
	}
	return "", "", false
}

// choices gives the list of that name, or that of the type.
func (r *Reference) choices(name, typeName string) []string {
	if name == "" {
		name = typeName
	}
	_, list, found := find(r.text.Choices, strings.TrimSuffix(name, "[]"))
	if !found {
		return nil
	}
	return strings.Split(list, ",")
}

// compareFold compares ASCII names, letter case aside, without making copies.
func compareFold(a, b string) int {
	for i := range min(len(a), len(b)) {
		if x, y := lower(a[i]), lower(b[i]); x != y {
			return int(x) - int(y)
		}
	}
	return len(a) - len(b)
}

func lower(b byte) byte {
	if b >= 'A' && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}

// Cmdlet gives what is known of a cmdlet, letter case aside, with or without a module's
// name and a backslash before it.
func (r *Reference) Cmdlet(name string) (Cmdlet, bool) {
	name, rest, found := find(r.text.Cmdlets, bare(name))
	if !found {
		return Cmdlet{}, false
	}
	return r.parseCmdlet(name, rest), true
}

// bare takes a module's name off.
func bare(name string) string { return name[strings.LastIndexByte(name, '\\')+1:] }

// Names lists the cmdlets that one of the services has, all for none, sorted by name.
func (r *Reference) Names(services Services) []string {
	var names []string
	for l := range strings.Lines(r.text.Cmdlets) {
		name, rest, _ := strings.Cut(l, "\t")
		letters, _, _ := strings.Cut(rest, "\t")
		if services == 0 || servicesOf(letters).Any(services) {
			names = append(names, name)
		}
	}
	return names
}

// Describe gives what a reader of typed text may know of a cmdlet: parameters with kinds,
// aliases and positions, so that it is a cmdlet.Kinds. Choices and required marks are left
// out: they are to be offered, and a server that takes more must not be kept from it.
func (r *Reference) Describe(name string) (cmdlet.Cmdlet, bool) {
	c, found := r.Cmdlet(name)
	if !found {
		return cmdlet.Cmdlet{}, false
	}
	described := cmdlet.Cmdlet{Name: c.Name, DefaultSet: c.DefaultSet, Parameters: make([]cmdlet.Parameter, len(c.Parameters))}
	for i, p := range c.Parameters {
		described.Parameters[i] = cmdlet.Parameter{
			Name: p.Name, Type: p.Type, Kind: p.Kind, Aliases: p.Aliases, Sets: p.Sets.In, Position: p.Position,
			Secret: p.Kind == cmdlet.SecretKind || p.Kind == cmdlet.Credential,
		}
	}
	return described, true
}
