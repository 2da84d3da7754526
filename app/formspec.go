package app

import (
	"strings"

	"postroom/session/cmdlet"
	"postroom/widgets"
)

// formSpec is the form of a cmdlet, made from what the server said about it.
func formSpec(c cmdlet.Cmdlet) widgets.FormSpec {
	spec := widgets.FormSpec{DefaultSet: c.DefaultSet}
	sets := map[string]bool{}
	for _, p := range c.Parameters {
		spec.Fields = append(spec.Fields, widgets.Field{
			Name: p.Name, Label: spaced(p.Name), Help: p.Help, Type: shortType(p.Type),
			Kind: fieldKind(p), Mandatory: p.Mandatory, Common: common(p.Name),
			Choices: p.Choices, Sets: p.Sets,
		})
		for _, s := range p.Sets {
			if !sets[s] && s != "__AllParameterSets" {
				sets[s] = true
				spec.Sets = append(spec.Sets, widgets.ParameterSet{Name: s, Label: spaced(s)})
			}
		}
	}
	return spec
}

// fieldKinds says which editor a kind of parameter has; text for the others.
var fieldKinds = map[cmdlet.Kind]widgets.FieldKind{
	cmdlet.Number: widgets.FieldNumber, cmdlet.Bool: widgets.FieldBool, cmdlet.SwitchKind: widgets.FieldSwitch,
	cmdlet.Choice: widgets.FieldChoice, cmdlet.List: widgets.FieldList, cmdlet.Date: widgets.FieldDateTime,
	cmdlet.SecretKind: widgets.FieldSecret, cmdlet.Hashtable: widgets.FieldMultiline,
}

func fieldKind(p cmdlet.Parameter) widgets.FieldKind {
	switch {
	case p.Secret:
		return widgets.FieldSecret
	case p.Kind == cmdlet.List && len(p.Choices) > 0:
		return widgets.FieldMultiChoice
	case len(p.Choices) > 0 && p.Kind != cmdlet.Bool:
		return widgets.FieldChoice
	}
	return fieldKinds[p.Kind]
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
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		upper := r >= 'A' && r <= 'Z'
		afterLower := i > 0 && runes[i-1] >= 'a' && runes[i-1] <= 'z'
		beforeLower := i+1 < len(runes) && runes[i+1] >= 'a' && runes[i+1] <= 'z'
		if i > 0 && upper && (afterLower || beforeLower) {
			b.WriteByte(' ')
			if beforeLower {
				r += 'a' - 'A'
			}
		}
		b.WriteRune(r)
	}
	return b.String()
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
