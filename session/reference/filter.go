package reference

import (
	"slices"
	"strings"
	"unicode"
)

// Property is something that rows of a cmdlet hold.
type Property struct {
	// Name of the property.
	Name string
	// Type is string, bool, int, double, datetime, timespan, bytesize, unlimited, enum,
	// list, guid, hashtable, object, version or bytes.
	Type string
	// Cloud and OnPremises say where it was seen.
	Cloud, OnPremises bool
	// Doubtful says that one source alone has it.
	Doubtful bool
}

// Properties lists what rows of a cmdlet are known to hold, sorted by name.
func (r *Reference) Properties(cmdletName string) []Property {
	_, l, found := find(r.text.Properties, bare(cmdletName))
	if !found {
		return nil
	}
	var all []Property
	for cell := range strings.SplitSeq(l, "\t") {
		name, rest, _ := strings.Cut(cell, " ")
		typeName, where, _ := strings.Cut(rest, " ")
		all = append(all, Property{
			Name: name, Type: typeName, Doubtful: strings.HasSuffix(where, "?"),
			Cloud: where[0] != 'o', OnPremises: where[0] != 'c',
		})
	}
	return all
}

// CloudProperties are the names of those that rows of a cmdlet are known to have in
// Exchange Online, by more than one source. What has an Identity anywhere has it there.
func (r *Reference) CloudProperties(cmdletName string) []string {
	var names []string
	for _, p := range r.Properties(cmdletName) {
		if p.Cloud && !p.Doubtful || p.Name == "Identity" {
			names = append(names, p.Name)
		}
	}
	return names
}

// Filterable is a property that a filter on the server may ask for (OPATH).
type Filterable struct {
	// Property that is compared.
	Property string
	// Value is what it is compared with: string, bool, int, datetime, timespan, bytesize,
	// dn, guid, other, or the words of an enumeration.
	Value string
	Words []string
	// Wildcards says that * may stand in the value, Null that $null may be asked for.
	Wildcards, Null bool
}

// Filterable lists what a parameter named Filter or RecipientFilter of the cmdlet may ask
// for, in alphabetical order; nothing for other parameters. The words of an enumeration are
// those of the facts, else those of the parameter of that name: of the cmdlet itself, of
// the one that changes such objects, of Get-Recipient.
func (r *Reference) Filterable(cmdletName, parameter string) []Filterable {
	var way string
	switch {
	case strings.EqualFold(parameter, "Filter"):
		way = "F"
	case strings.EqualFold(parameter, "RecipientFilter"):
		way = "R"
	default:
		return nil
	}
	var all []Filterable
	for l := range strings.Lines(r.text.Filters) {
		cells := strings.Split(strings.TrimSuffix(l, "\n"), "\t")
		takers := strings.Fields(cells[3])
		if cells[1] != way || len(takers) > 0 && !containsFold(takers, bare(cmdletName)) || len(takers) == 0 && way == "F" {
			continue
		}
		all = append(all, parseFilterable(cells[0], cells[4]))
	}
	r.giveWords(cmdletName, all)
	return all
}

// giveWords gives properties that are enumerations the words of the parameter of that name.
func (r *Reference) giveWords(cmdletName string, all []Filterable) {
	_, noun, _ := strings.Cut(bare(cmdletName), "-")
	var alike []Cmdlet
	for _, name := range []string{cmdletName, "Set-" + noun, "Get-Recipient"} {
		if c, known := r.Cmdlet(name); known {
			alike = append(alike, c)
		}
	}
	for i := range all {
		f := &all[i]
		for _, c := range alike {
			p, has := c.Parameter(f.Property)
			if has && len(p.Choices.Values) > 1 && len(f.Words) == 0 && (f.Value == "string" || f.Value == "other") {
				f.Value, f.Words = "enum", p.Choices.Values
			}
		}
	}
}

func parseFilterable(property, value string) Filterable {
	f := Filterable{Property: property}
	value, f.Null = strings.CutSuffix(value, "?")
	value, f.Wildcards = strings.CutSuffix(value, "*")
	value, words, _ := strings.Cut(value, ":")
	f.Value = value
	if words == "" {
		return f
	}
	// What the pages give as an example stands there like an enumeration: one value, or
	// values that are no names.
	f.Words = strings.Split(words, ",")
	if len(f.Words) < 2 || slices.ContainsFunc(f.Words, func(w string) bool { return strings.ContainsFunc(w, notOfName) }) {
		f.Value, f.Words = "other", nil
	}
	return f
}

func notOfName(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

func containsFold(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
}
