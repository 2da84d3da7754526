package reference

import (
	"slices"
	"strings"
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
// for, in alphabetical order; nothing for other parameters.
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
	return all
}

func parseFilterable(property, value string) Filterable {
	f := Filterable{Property: property}
	value, f.Null = strings.CutSuffix(value, "?")
	value, f.Wildcards = strings.CutSuffix(value, "*")
	value, words, _ := strings.Cut(value, ":")
	f.Value = value
	if words != "" {
		f.Words = strings.Split(words, ",")
	}
	return f
}

func containsFold(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
}
