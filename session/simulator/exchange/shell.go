package exchange

import (
	"slices"
	"strconv"
	"strings"

	"postroom/session/clixml"
	"postroom/session/psrp"
)

// runShellCmdlets says what the cmdlets of data/shell.tsv do, which every session
// has beside those of the role.
func (t *tables) runShellCmdlets() {
	silent := func(*execution) *psrp.RemoteError { return nil }
	for name, run := range map[string]func(*execution) *psrp.RemoteError{
		"get-command": getCommand, "get-help": getHelp, "get-formatdata": silent, "exit-pssession": silent, "out-default": silent, "select-object": silent, "measure-object": silent,
	} {
		t.cmdlets[name].run = run
		t.cmdlets[name].streams = slices.Contains([]string{"out-default", "select-object", "measure-object"}, name)
	}
}

func getCommand(x *execution) *psrp.RemoteError {
	patterns := x.args.list("Name")
	if verbs, nouns := x.args.list("Verb"), x.args.list("Noun"); len(verbs)+len(nouns) > 0 {
		patterns = nil
		for _, verb := range orAll(verbs) {
			for _, noun := range orAll(nouns) {
				patterns = append(patterns, verb+"-"+noun)
			}
		}
	}
	found := x.tenant.offer().match(patterns)
	for _, p := range patterns {
		if len(found) == 0 && !strings.ContainsAny(p, "*?") {
			problem := commandNotFound(p)
			problem.FullyQualifiedID += ",Microsoft.PowerShell.Commands.GetCommandCommand"
			problem.CategoryActivity = "Get-Command"
			return x.fail(problem)
		}
	}
	for _, d := range found {
		if !x.out.put(object{value: d.commandInfo()}) {
			return nil
		}
	}
	return nil
}

func orAll(patterns []string) []string {
	if len(patterns) == 0 {
		return []string{"*"}
	}
	return patterns
}

// commandInfo is a FunctionInfo as remoting shows it at depth 1.
func (d *definition) commandInfo() *clixml.Object {
	parameters := &clixml.Object{Types: []string{"System.Collections.Generic.Dictionary`2[[System.String, mscorlib],[System.Management.Automation.ParameterMetadata, System.Management.Automation]]", "System.Object"}, Kind: clixml.Dictionary}
	for _, p := range d.parameters {
		parameters.Entries = append(parameters.Entries, clixml.Entry{Key: p.Name, Value: automation + "ParameterMetadata"})
	}
	sets := &clixml.Object{Types: []string{"System.Collections.ObjectModel.ReadOnlyCollection`1[[System.Management.Automation.CommandParameterSetInfo, System.Management.Automation]]", "System.Object"}, Kind: clixml.List, Items: []clixml.Value{d.syntax()}}
	return &clixml.Object{
		Types: []string{automation + "FunctionInfo", automation + "CommandInfo", "System.Object"}, ToString: d.name, HasToString: true,
		Adapted: []clixml.Property{
			{Name: "Name", Value: d.name},
			{Name: "CommandType", Value: "Function"},
			{Name: "DefaultParameterSet", Value: d.defaultSet},
			{Name: "ModuleName", Value: ""},
			{Name: "Verb", Value: d.verb()},
			{Name: "Noun", Value: d.noun()},
			{Name: "Definition", Value: d.syntax()},
			{Name: "Parameters", Value: parameters},
			{Name: "ParameterSets", Value: sets},
			{Name: "Visibility", Value: "Public"},
			{Name: "RemotingCapability", Value: "PowerShell"},
		},
	}
}

// syntax writes the parameters as Get-Command -Syntax does.
func (d *definition) syntax() string {
	var b strings.Builder
	b.WriteString(d.name)
	for _, p := range d.parameters[:len(d.parameters)-d.shared] {
		text := "-" + p.Name
		if p.Position >= 0 {
			text = "[" + text + "]"
		}
		if p.code != "switch" {
			text += " <" + p.Type[strings.LastIndexByte(strings.Split(p.Type, "`")[0], '.')+1:] + ">"
		}
		if len(p.required) == 0 {
			text = "[" + text + "]"
		}
		b.WriteString(" " + text)
	}
	return b.String() + " [<CommonParameters>]"
}

func getHelp(x *execution) *psrp.RemoteError {
	for _, d := range x.tenant.offer().match(x.args.list("Name")) {
		if !x.out.put(object{value: d.help()}) {
			return nil
		}
	}
	return nil
}

// help is what Get-Help makes of a file of help (MAML).
func (d *definition) help() *clixml.Object {
	maml := func(kind string, properties ...clixml.Property) *clixml.Object {
		return &clixml.Object{Types: []string{"MamlCommandHelpInfo#" + kind, "System.Management.Automation.PSCustomObject", "System.Object"}, Extended: properties}
	}
	list := func(items ...clixml.Value) *clixml.Object {
		return &clixml.Object{Types: []string{"System.Management.Automation.PSObject[]", "System.Array", "System.Object"}, Kind: clixml.List, Items: items}
	}
	var parameters []clixml.Value
	for _, p := range d.parameters[:len(d.parameters)-d.shared] {
		text := "The " + p.Name + " parameter specifies the " + words(p.Name) + "."
		parameters = append(parameters, maml("parameter",
			clixml.Property{Name: "description", Value: list(maml("para", clixml.Property{Name: "Text", Value: text}))},
			clixml.Property{Name: "name", Value: p.Name},
			clixml.Property{Name: "required", Value: strconv.FormatBool(slices.Contains(p.required, "*"))},
		))
	}
	return maml("ExchangeOnline#"+d.name,
		clixml.Property{Name: "Name", Value: d.name}, clixml.Property{Name: "Category", Value: "Function"},
		clixml.Property{Name: "Synopsis", Value: d.synopsis()}, clixml.Property{Name: "Syntax", Value: d.syntax()},
		clixml.Property{Name: "parameters", Value: maml("parameters", clixml.Property{Name: "parameter", Value: list(parameters...)})},
	)
}

// synopsis is a sentence on what the cmdlet does.
func (d *definition) synopsis() string {
	verb := d.verb()
	switch verb {
	case "Get", "Search":
		verb = "View"
	case "Set", "Update":
		verb = "Modify"
	case "New", "Add":
		verb = "Create"
	}
	return "Use the " + d.name + " cmdlet to " + strings.ToLower(verb) + " " + words(d.noun()) + " objects."
}
