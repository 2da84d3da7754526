package simulator

import (
	"strings"

	"postroom/session/clixml"
	"postroom/session/psrp"
)

// addShellCmdlets adds what every Exchange session has beside the cmdlets of
// the role.
func (all *catalogue) addShellCmdlets() {
	nothing := func(*execution) *psrp.RemoteError { return nil }
	all.add("Get-Command", "Lists the commands of this session.", "Name string[] 0; Verb string[]; Noun string[]; Module string[]; CommandType string[]; ArgumentList string[]; ListImported switch; TotalCount int", definition{run: getCommand})
	all.add("Get-Help", "Says what a command does.", "Name string 0; Category string[]; Full switch; Detailed switch; Examples switch; Parameter string", definition{run: getHelp})
	all.add("Get-FormatData", "Lists the formats of types.", "TypeName string[] 0; PowerShellVersion string", definition{run: nothing})
	all.add("Exit-PSSession", "Leaves the session.", "", definition{run: nothing})
	all.add("Out-Default", "Sends the output to the client.", "InputObject string pipe; Transcript switch", definition{run: nothing})
	all.add("Select-Object", "Keeps some properties and some objects.", "Property string[] 0; First int min:0; Last int; Skip int; Unique switch; ExcludeProperty string[]; ExpandProperty string; InputObject string pipe", definition{run: nothing})
	all.add("Measure-Object", "Counts objects.", "Property string[] 0; Sum switch; Average switch; Maximum switch; Minimum switch; InputObject string pipe", definition{run: nothing})
}

func getCommand(x *execution) *psrp.RemoteError {
	patterns := x.args.list("Name")
	if verbs, nouns := x.args.list("Verb"), x.args.list("Noun"); len(verbs)+len(nouns) > 0 {
		patterns = nil
		for _, verb := range patternsOrAll(verbs) {
			for _, noun := range patternsOrAll(nouns) {
				patterns = append(patterns, verb+"-"+noun)
			}
		}
	}
	found := x.server().catalogue.match(patterns)
	if len(found) == 0 {
		for _, p := range patterns {
			if !strings.ContainsAny(p, "*?") {
				return x.fail(newProblem(categoryObjectNotFound, "CommandNotFoundException,Microsoft.PowerShell.Commands.GetCommandCommand", automation+"CommandNotFoundException", "Get-Command", p, "String",
					"The term '"+p+"' is not recognized as the name of a cmdlet, function, script file, or operable program. Check the spelling of the name, or if a path was included, verify that the path is correct and try again."))
			}
		}
	}
	for _, d := range found {
		if !x.out.object(d.commandInfo()) {
			return nil
		}
	}
	return nil
}

// commandInfo is a FunctionInfo as remoting shows it at depth 1.
func (d *definition) commandInfo() *clixml.Object {
	parameters := &clixml.Object{Types: []string{"System.Collections.Generic.Dictionary`2[[System.String, mscorlib],[System.Management.Automation.ParameterMetadata, System.Management.Automation]]", "System.Object"}, Kind: clixml.Dictionary}
	for _, p := range d.parameters {
		parameters.Entries = append(parameters.Entries, clixml.Entry{Key: p.Name, Value: automation + "ParameterMetadata"})
	}
	sets := &clixml.Object{Types: []string{"System.Collections.ObjectModel.ReadOnlyCollection`1[[System.Management.Automation.CommandParameterSetInfo, System.Management.Automation]]", "System.Object"}, Kind: clixml.List, Items: []clixml.Value{d.syntax()}}
	return &clixml.Object{
		Types: []string{automation + "FunctionInfo", automation + "CommandInfo", "System.Object"}, ToString: d.meta.Name, HasToString: true,
		Adapted: []clixml.Property{
			{Name: "Name", Value: d.meta.Name},
			{Name: "CommandType", Value: "Function"},
			{Name: "DefaultParameterSet", Value: d.meta.DefaultSet},
			{Name: "ModuleName", Value: ""},
			{Name: "Verb", Value: d.meta.Name[:strings.IndexByte(d.meta.Name, '-')]},
			{Name: "Noun", Value: d.meta.Name[strings.IndexByte(d.meta.Name, '-')+1:]},
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
	b.WriteString(d.meta.Name)
	for _, p := range d.parameters[:len(d.parameters)-len(common())] {
		text := "-" + p.Name
		if p.Position >= 0 {
			text = "[" + text + "]"
		}
		if p.code != "switch" {
			text += " <" + p.Type[strings.LastIndexByte(strings.Split(p.Type, "`")[0], '.')+1:] + ">"
		}
		if !p.Mandatory {
			text = "[" + text + "]"
		}
		b.WriteString(" " + text)
	}
	return b.String() + " [<CommonParameters>]"
}

func getHelp(x *execution) *psrp.RemoteError {
	for _, d := range x.server().catalogue.match(x.args.list("Name")) {
		if !x.out.object(&clixml.Object{
			Types: []string{"MamlCommandHelpInfo#ExchangeOnline#HelpInfoShort", "System.Object"},
			Extended: []clixml.Property{
				{Name: "Name", Value: d.meta.Name}, {Name: "Category", Value: "Function"}, {Name: "Synopsis", Value: d.meta.Synopsis}, {Name: "Syntax", Value: d.syntax()},
			},
		}) {
			return nil
		}
	}
	return nil
}
