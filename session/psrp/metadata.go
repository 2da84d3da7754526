package psrp

import (
	"strings"

	"postroom/session/clixml"
	"postroom/session/cmdlet"
)

// allCommandTypes is Alias, Function, Filter, Cmdlet and Configuration: what
// Import-PSSession asks for (MS-PSRP 2.2.3.19).
const allCommandTypes int32 = 271

// writeGetMetadata makes the payload of GET_COMMAND_METADATA (MS-PSRP 2.2.2.14).
func writeGetMetadata(names []string) clixml.Value {
	if len(names) == 0 {
		names = []string{"*"}
	}
	list := make([]clixml.Value, len(names))
	for i, n := range names {
		list[i] = n
	}
	return bag(
		prop("Name", listOf(stringArrayTypes(), list)),
		prop("CommandType", enum("System.Management.Automation.CommandTypes", "Alias, Function, Filter, Cmdlet, Configuration", allCommandTypes)),
		prop("Namespace", listOf(stringArrayTypes(), nil)),
		prop("FullyQualifiedModule", nil),
		prop("ArgumentList", nil),
	)
}

func readGetMetadata(id GUID, o *clixml.Object) GetCommandMetadata {
	return GetCommandMetadata{
		ID:        id,
		Names:     texts(get(o, "Name")),
		Types:     getInt32(o, "CommandType", allCommandTypes),
		Namespace: texts(get(o, "Namespace")),
		Arguments: get(o, "ArgumentList"),
	}
}

// readMetadata reads an answer to GET_COMMAND_METADATA (MS-PSRP 2.2.3.20 to 24):
// first the number of commands, then each.
func readMetadata(pipeline GUID, v clixml.Value) Event {
	o, ok := v.(*clixml.Object)
	if !ok || o == nil {
		return nil
	}
	if _, named := o.Get("Name"); !named {
		n, ok := getNumber(o, "Count")
		if !ok {
			return nil
		}
		return MetadataCount{Pipeline: pipeline, Count: int(n)}
	}
	c := cmdlet.Cmdlet{Name: getText(o, "Name"), DefaultSet: getText(o, "DefaultParameterSet")}
	parameters := getObject(o, "Parameters")
	if parameters != nil {
		for _, e := range parameters.Entries {
			p, _ := e.Value.(*clixml.Object)
			c.Parameters = append(c.Parameters, readParameter(display(e.Key), p))
		}
		for _, v := range parameters.Items {
			p, _ := v.(*clixml.Object)
			c.Parameters = append(c.Parameters, readParameter("", p))
		}
	}
	return Metadata{Pipeline: pipeline, Command: c, Value: o}
}

// readParameter reads a ParameterMetadata (MS-PSRP 2.2.3.23). Whether it is
// mandatory, its place and its sets come only where a server's serialization
// depth reaches that far.
func readParameter(key string, o *clixml.Object) cmdlet.Parameter {
	p := cmdlet.Parameter{
		Name:     getText(o, "Name"),
		Type:     getText(o, "ParameterType"),
		Aliases:  texts(get(o, "Aliases")),
		Position: -1,
	}
	if p.Name == "" {
		p.Name = key
	}
	if p.Type == "" && getBool(o, "SwitchParameter") {
		p.Type = "System.Management.Automation.SwitchParameter"
	}
	p.Kind = cmdlet.KindOf(p.Type)
	if getBool(o, "SwitchParameter") {
		p.Kind = cmdlet.SwitchKind
	}
	p.Secret = strings.HasSuffix(p.Type, "SecureString") || strings.HasSuffix(p.Type, "PSCredential")
	if sets := getObject(o, "ParameterSets"); sets != nil {
		for _, e := range sets.Entries {
			set, _ := e.Value.(*clixml.Object)
			if name := display(e.Key); name != "__AllParameterSets" {
				p.Sets = append(p.Sets, name)
			}
			p.Mandatory = p.Mandatory || getBool(set, "IsMandatory")
			if n, ok := getNumber(set, "Position"); ok && n >= 0 {
				p.Position = int(n)
			}
		}
	}
	return p
}

// writeMetadata makes one command of an answer as PowerShell makes it: kind,
// mandatory, position and choices do not travel.
func writeMetadata(c cmdlet.Cmdlet) clixml.Value {
	parameters := &clixml.Object{
		Types: []string{
			"System.Collections.Generic.Dictionary`2[[System.String, mscorlib, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089],[System.Management.Automation.ParameterMetadata, System.Management.Automation, Version=3.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35]]",
			"System.Object",
		},
		Kind: clixml.Dictionary,
	}
	for _, p := range c.Parameters {
		typeName := p.Type
		isSwitch := p.Kind == cmdlet.SwitchKind
		if typeName == "" {
			typeName = "System.String"
			if isSwitch {
				typeName = "System.Management.Automation.SwitchParameter"
			}
		}
		aliases := make([]clixml.Value, len(p.Aliases))
		for i, a := range p.Aliases {
			aliases[i] = a
		}
		parameters.Entries = append(parameters.Entries, clixml.Entry{Key: p.Name, Value: &clixml.Object{
			Types:    []string{"System.Management.Automation.ParameterMetadata", "System.Object"},
			ToString: "System.Management.Automation.ParameterMetadata", HasToString: true,
			Adapted: []clixml.Property{
				prop("Name", p.Name), prop("ParameterType", typeName),
				prop("Aliases", listOf([]string{
					"System.Collections.ObjectModel.Collection`1[[System.String, mscorlib, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089]]",
					"System.Object",
				}, aliases)),
				prop("IsDynamic", false), prop("SwitchParameter", isSwitch),
			},
		}})
	}
	return &clixml.Object{
		Types: []string{"Selected.System.Management.Automation.CmdletInfo", "System.Management.Automation.PSCustomObject", "System.Object"},
		Extended: []clixml.Property{
			prop("Name", c.Name), prop("Namespace", "Microsoft.Exchange.Management.PowerShell"), prop("HelpUri", ""),
			prop("CommandType", enum("System.Management.Automation.CommandTypes", "Cmdlet", 8)),
			prop("ResolvedCommandName", nil),
			prop("OutputType", listOf([]string{
				"System.Collections.ObjectModel.ReadOnlyCollection`1[[System.Management.Automation.PSTypeName, System.Management.Automation, Version=3.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35]]",
				"System.Object",
			}, nil)),
			prop("Parameters", parameters),
		},
	}
}

// writeMetadataCount makes the first object of an answer.
func writeMetadataCount(n int) clixml.Value {
	return &clixml.Object{
		Types: []string{
			"Selected.Microsoft.PowerShell.Commands.GenericMeasureInfo",
			"System.Management.Automation.PSCustomObject", "System.Object",
		},
		Extended: []clixml.Property{prop("Count", int32(n))},
	}
}
