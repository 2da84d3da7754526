package runs

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session/cmdlet"
	"postroom/session/reference"
	"postroom/widgets"
)

// formSpec is the form of a cmdlet: what the server said about it, what the reference
// adds, and what the server's Get-Help has beyond that, as far as it has come. The server
// decides which fields there are.
func formSpec(known *reference.Reference, server cmdlet.Cmdlet, help cmdlet.Help) widgets.FormSpec {
	laid := known.Needed(known.Lay(server), help)
	spec := widgets.FormSpec{DefaultSet: usualSet(laid), About: about(known, server, laid, help)}
	for i, fact := range laid.Parameters {
		p := server.Parameters[i]
		field := widgets.Field{
			Name: p.Name, Label: spaced(p.Name), Type: shortType(p.Type), Kind: fieldKind(p, fact),
			Needs: needs(p, fact), Sets: fact.Sets.In, Common: common(p.Name) || fact.Hidden, Rank: fact.Rank,
			Choices: fact.Choices.Values, Open: fact.Choices.Open, Several: fact.Several,
			Unlimited: fact.Kind == cmdlet.UnlimitedByteSize || fact.Kind == cmdlet.UnlimitedNumber,
			Limits:    limits(fact.Limits), Placeholder: fact.Usual,
		}
		switch field.Kind {
		case widgets.FieldAddRemove:
			field.Changes = listChanges()
		case widgets.FieldFilter:
			field.Filter = filterProperties(known.Filterable(server.Name, p.Name))
		}
		field.Help = fieldHelp(p, fact, words.Of(known.Explains(server.Name, p.Name, help)))
		spec.Fields = append(spec.Fields, field)
	}
	spec.Sets = formSets(laid)
	return spec
}

// listChanges is PowerShell's way to change a list.
func listChanges() widgets.ListNotation {
	return widgets.ListNotation{
		Write: func(add, remove []string) string { return cmdlet.ListChange{Add: add, Remove: remove}.PowerShell() },
		Read: func(text string) (add, remove []string, ok bool) {
			c, ok := cmdlet.ReadListChange(text)
			return c.Add, c.Remove, ok
		},
	}
}

// about says what the cmdlet does, in the server's words or the reference's, and whether it
// is on its way out.
func about(known *reference.Reference, server cmdlet.Cmdlet, laid reference.Cmdlet, help cmdlet.Help) string {
	text := cmp.Or(server.Synopsis, words.Of(known.Summary(server.Name, help)))
	switch {
	case laid.ReplacedBy != "":
		text += " " + fmt.Sprintf(lang.L("It is being retired; use %s instead."), laid.ReplacedBy)
	case laid.State == reference.CloudRetired:
		text += " " + lang.L("No longer available in Microsoft 365.")
	case laid.State != reference.Current:
		text += " " + lang.L("It is being retired.")
	}
	return text
}

// fieldKind says which editor a parameter has: text where nothing better is known.
func fieldKind(p cmdlet.Parameter, fact reference.Parameter) widgets.FieldKind {
	several := fact.Several || fact.Kind == cmdlet.List
	choices := len(fact.Choices.Values) > 0 && fact.Kind != cmdlet.Bool && fact.Kind != cmdlet.SwitchKind
	switch {
	case p.Secret && fact.Kind != cmdlet.Credential:
		return widgets.FieldSecret
	case isFilter(p.Name):
		return widgets.FieldFilter
	case choices && several:
		return widgets.FieldMultiChoice
	case choices:
		return widgets.FieldChoice
	case fact.AddRemove:
		return widgets.FieldAddRemove
	case fact.Names():
		return widgets.FieldIdentity
	}
	kind := kindOfField(fact.Kind, several)
	if kind == widgets.FieldText && prose(p.Name) {
		return widgets.FieldMultiline
	}
	return kind
}

// prose tells the parameters whose text people write in several lines.
func prose(name string) bool {
	for _, end := range []string{"Message", "MailTip", "DisclaimerText", "NotificationText", "AdditionalResponse", "SignatureHtml", "SignatureText"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}

func kindOfField(k cmdlet.Kind, several bool) widgets.FieldKind {
	switch k {
	case cmdlet.Bool:
		return widgets.FieldBool
	case cmdlet.SwitchKind:
		return widgets.FieldSwitch
	case cmdlet.Date:
		return widgets.FieldDateTime
	case cmdlet.Duration:
		return widgets.FieldDuration
	case cmdlet.ByteSize, cmdlet.UnlimitedByteSize:
		return widgets.FieldSize
	case cmdlet.Hashtable:
		return widgets.FieldMultiline
	case cmdlet.SecretKind:
		return widgets.FieldSecret
	case cmdlet.Credential:
		return widgets.FieldCredential
	case cmdlet.File:
		return widgets.FieldFile
	}
	switch {
	case several:
		return widgets.FieldList
	case k == cmdlet.Number:
		return widgets.FieldNumber
	}
	return widgets.FieldText
}

// isFilter tells the parameters that take OPATH.
func isFilter(name string) bool {
	return strings.EqualFold(name, "Filter") || strings.EqualFold(name, "RecipientFilter")
}

// needs says when a parameter has to be filled in, and whether the server itself said so.
func needs(p cmdlet.Parameter, fact reference.Parameter) widgets.Requirement {
	return widgets.Requirement{Always: fact.Sets.Always, In: fact.Sets.Required, Certain: p.Mandatory}
}

func limits(l reference.Limits) widgets.FieldLimits {
	least, errLeast := strconv.ParseFloat(l.Least, 64)
	greatest, errGreatest := strconv.ParseFloat(l.Greatest, 64)
	longest, err := strconv.Atoi(l.Longest)
	if err != nil {
		longest = 0 // none is known
	}
	return widgets.FieldLimits{Bounded: errLeast == nil && errGreatest == nil, Least: least, Greatest: greatest, Longest: longest}
}

func filterProperties(known []reference.Filterable) []widgets.FilterProperty {
	out := make([]widgets.FilterProperty, len(known))
	for i, f := range known {
		out[i] = widgets.FilterProperty{Name: f.Property, Words: f.Words, Bare: f.Value == "bool" || f.Value == "int"}
		if f.Value == "bool" {
			out[i].Words, out[i].Truth = []string{"$true", "$false"}, true
		}
	}
	return out
}

// fieldHelp is what stands beside a field: the server's own help, else the reference's and
// what is known of the value.
func fieldHelp(p cmdlet.Parameter, fact reference.Parameter, help string) string {
	if p.Help != "" {
		return p.Help
	}
	parts := []string{help}
	if l := fact.Limits; l.Least != "" && l.Greatest != "" && fact.Kind == cmdlet.Number {
		parts = append(parts, fmt.Sprintf(lang.L("From %s to %s."), l.Least, l.Greatest))
	}
	if fact.UTC {
		parts = append(parts, lang.L("The server reads it as UTC."))
	}
	return strings.Join(parts, " ")
}

// formSets are the parameter sets that exclude each other, named by what tells them apart.
// A set that another one contains is no choice, and neither is one alone; where there are
// several, the one that the form begins with stands among them.
func formSets(c reference.Cmdlet) []widgets.ParameterSet {
	offered, usual := ownSets(c), usualSet(c)
	if len(offered) < 2 {
		return nil
	}
	if same := slices.IndexFunc(offered, func(set string) bool { return within(c, set, usual) }); same >= 0 {
		offered[same] = usual // one by two names
	}
	var out []widgets.ParameterSet
	for _, set := range c.Sets {
		if set == usual || slices.Contains(offered, set) {
			out = append(out, widgets.ParameterSet{Name: set, Label: setLabel(c, set)})
		}
	}
	for i, s := range out { // two that the same parameter tells from the others are told apart by name
		if slices.ContainsFunc(out, func(other widgets.ParameterSet) bool {
			return other.Name != s.Name && setLabel(c, other.Name) == s.Label
		}) {
			out[i].Label = spaced(s.Name)
		}
	}
	slices.SortStableFunc(out, func(a, b widgets.ParameterSet) int { // the usual one first
		first := func(s widgets.ParameterSet) int {
			if s.Name == usual {
				return 0
			}
			return 1
		}
		return first(a) - first(b)
	})
	return out
}

// ownSets are those that no other set contains; of two that are the same, the first.
func ownSets(c reference.Cmdlet) (own []string) {
	for i, set := range c.Sets {
		contained := slices.ContainsFunc(c.Sets, func(other string) bool {
			return other != set && within(c, set, other) && (!within(c, other, set) || slices.Index(c.Sets, other) < i)
		})
		if !contained {
			own = append(own, set)
		}
	}
	return own
}

// The sets of many cmdlets: by which an object is named, which needs nothing, and which
// lists and searches.
const (
	byName    = "Identity"
	bare      = "Default"
	searching = "AnrSet"
)

// usualSet is the set to begin with: the default; else, to read, one that lists without more
// being named; else the one by which an object is named; else, of those that need nothing out
// of the ordinary, the one that has most of what people come for.
func usualSet(c reference.Cmdlet) string {
	lists := slices.DeleteFunc(ownSets(c), func(set string) bool { return !isList(c, set) })
	switch {
	case c.DefaultSet != "":
		return c.DefaultSet
	case c.Risk() == cmdlet.Reads && len(lists) > 0:
		return lists[0]
	case slices.Contains(c.Sets, byName):
		return byName
	case len(c.Sets) == 0:
		return ""
	}
	unnamed := func(set string) int {
		if namesObject(c, set) {
			return 0
		}
		return 1
	}
	return slices.MinFunc(c.Sets, func(a, b string) int {
		return cmp.Or(unnamed(a)-unnamed(b), special(c, a)-special(c, b), comesFor(c, b)-comesFor(c, a))
	})
}

// namesObject tells whether a set needs an identity.
func namesObject(c reference.Cmdlet, set string) bool {
	return slices.ContainsFunc(c.Parameters, func(p reference.Parameter) bool { return p.Name == byName && p.Sets.Needed(set) })
}

// special counts what a set needs that hardly another one has, and that is not what people
// come for: the cases that are not the usual one each have a parameter that says so.
func special(c reference.Cmdlet, set string) (count int) {
	const wanted = 4
	for _, p := range c.Parameters {
		foreign := strings.HasPrefix(p.Name, "Linked")     // to another forest, or another connector
		sorts := p.Kind == cmdlet.SwitchKind && p.Rank > 0 // a room, a shared one
		if (p.Rank >= wanted || sorts || foreign) && p.Sets.Needed(set) && setsWith(c, p) < 3 {
			count++
		}
	}
	return count
}

// setsWith is how many sets have a parameter.
func setsWith(c reference.Cmdlet, p reference.Parameter) (count int) {
	for _, s := range c.Sets {
		if p.Sets.Has(s) {
			count++
		}
	}
	return count
}

// comesFor weighs a set by what people come for among its parameters, the first the most.
func comesFor(c reference.Cmdlet, set string) (weight int) {
	const counted = 16
	for _, p := range c.Parameters {
		if wanted := counted - p.Rank; p.Sets.Has(set) && wanted > 0 {
			weight += wanted * wanted * wanted * wanted // one that is wanted outweighs three that are less so
		}
	}
	return weight
}

// within tells whether a call by one set is a call by the other, too: the other has all of
// its parameters and needs none beyond those that it needs.
func within(c reference.Cmdlet, set, other string) bool {
	for _, p := range c.Parameters {
		if p.Hidden {
			continue
		}
		if p.Sets.Has(set) && !p.Sets.Has(other) || p.Sets.Needed(other) && !p.Sets.Needed(set) {
			return false
		}
	}
	return true
}

// setLabel names a set by the parameter that few others have, of those that it needs; where
// it needs none of its own, by its name, as far as that says something.
func setLabel(c reference.Cmdlet, set string) string {
	label, weight := "", 0
	for _, p := range c.Parameters {
		with := setsWith(c, p)
		if !p.Sets.Needed(set) || p.Hidden || with == len(c.Sets) || p.Kind == cmdlet.SecretKind { // a password tells no case
			continue
		}
		if w := with*10_000 + p.Rank; label == "" || w < weight {
			label, weight = spaced(p.Name), w
		}
	}
	if label != "" {
		return label
	}
	short := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(set, "Set"), "Parameter"), "Task")
	switch usual := set == byName || set == bare; {
	case set == searching, usual && isList(c, set) && !slices.Contains(c.Sets, searching):
		return lang.L("List")
	case usual && !slices.Contains(c.Sets, searching):
		return lang.L("Default")
	}
	return spaced(short)
}

// isList tells whether a call by the set reads without naming anything.
func isList(c reference.Cmdlet, set string) bool {
	return c.Risk() == cmdlet.Reads && !slices.ContainsFunc(c.Parameters, func(p reference.Parameter) bool { return p.Sets.Has(set) && p.Sets.Needed(set) })
}

// common says that every cmdlet has the parameter (about_CommonParameters), so
// that the form puts it last.
func common(name string) bool {
	switch strings.ToLower(name) {
	case "verbose", "debug", "erroraction", "warningaction", "informationaction", "errorvariable",
		"warningvariable", "informationvariable", "outvariable", "outbuffer", "pipelinevariable",
		"progressaction", "whatif", "confirm", "asjob":
		return true
	}
	return false
}

// spaced makes words of a name: RecipientTypeDetails is Recipient type details.
func spaced(name string) string {
	said := reference.Words(name)
	first, size := utf8.DecodeRuneInString(said)
	if size == 0 || strings.HasPrefix(said, "eDiscovery") {
		return said
	}
	return string(unicode.ToUpper(first)) + said[size:]
}

// shortType is a .NET type without its namespace and assembly.
func shortType(full string) string {
	name, _, _ := strings.Cut(full, ",")
	name, arguments, generic := strings.Cut(name, "[[")
	name, _, _ = strings.Cut(name, "`")
	name = name[strings.LastIndexByte(name, '.')+1:]
	if generic {
		name += " of " + shortType(strings.TrimRight(arguments, "]"))
	}
	return name
}
