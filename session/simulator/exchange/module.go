package exchange

import (
	"fmt"
	"strings"
)

// ModuleFile is the module that the REST door makes for a role: the cmdlets
// that it may run as functions, with their sets, and types as far as a module
// has them; and their names. key is the RSA key for secrets, as .NET's XML.
func (t *Tenant) ModuleFile(key string) (script string, exported []string) {
	var b strings.Builder
	fmt.Fprintf(&b, "$script:PublicKey = '%s'\n", key)
	o := t.offer()
	for _, name := range o.names {
		d := o.find(name)
		if d.services == "" { // every session has it, and no module
			continue
		}
		exported = append(exported, name)
		d.writeFunction(&b)
	}
	return b.String(), exported
}

func (d *definition) writeFunction(b *strings.Builder) {
	fmt.Fprintf(b, "\nfunction script:%s\n{\n    [CmdletBinding(", d.name)
	var arguments []string
	if d.defaultSet != "" {
		arguments = append(arguments, "DefaultParameterSetName='"+d.defaultSet+"'")
	}
	switch d.impact {
	case alters:
		arguments = append(arguments, "SupportsShouldProcess=$true, ConfirmImpact='Medium'")
	case asks:
		arguments = append(arguments, "SupportsShouldProcess=$true, ConfirmImpact='High'")
	}
	fmt.Fprintf(b, "%s)]\n    param(\n", strings.Join(arguments, ", "))
	shared := d.shared
	if d.impact != reads {
		shared += len(load().process)
	}
	own := d.parameters[:len(d.parameters)-shared]
	for i := range own {
		if i > 0 {
			b.WriteString(",\n\n")
		}
		own[i].write(b, d)
	}
	b.WriteString("\n    )\n    begin { }\n    process { }\n    end { }\n}\n")
}

// write writes a parameter: an attribute for each of its sets, its type, its
// name.
func (p *parameter) write(b *strings.Builder, d *definition) {
	sets := p.Sets
	if len(sets) == 0 {
		sets = []string{""}
		if len(p.required) > 0 && p.required[0] != "*" {
			sets = d.sets
		}
	}
	for _, set := range sets {
		var arguments []string
		if set != "" {
			arguments = append(arguments, "ParameterSetName='"+set+"'")
		}
		for _, r := range p.required {
			if r == "*" || r == set {
				arguments = append(arguments, "Mandatory=$true")
			}
		}
		if p.Position >= 0 {
			arguments = append(arguments, fmt.Sprintf("Position=%d", p.Position))
		}
		if p.pipeline == "v" || p.pipeline == "1" {
			arguments = append(arguments, "ValueFromPipeline=$true")
		}
		if p.pipeline == "n" || p.pipeline == "1" {
			arguments = append(arguments, "ValueFromPipelineByPropertyName=$true")
		}
		fmt.Fprintf(b, "        [Parameter(%s)]\n", strings.Join(arguments, ", "))
	}
	fmt.Fprintf(b, "        [%s]\n        ${%s}", p.accelerator(), p.Name)
}

// accelerator is the type as the module has it: what PowerShell has a short
// name for, else an object.
func (p *parameter) accelerator() string {
	short := map[string]string{
		"System.String": "string", "System.Boolean": "bool", "System.Int32": "int", automation + "SwitchParameter": "switch", "System.DateTime": "datetime",
		"System.Security.SecureString": "securestring", automation + "PSCredential": "pscredential", "System.Uri": "uri", "System.Globalization.CultureInfo": "cultureinfo",
		"System.Collections.Hashtable": "hashtable", "System.Byte[]": "byte[]", "System.String[]": "string[]", "System.Guid": "guid",
	}[p.Type]
	switch {
	case short != "":
		return short
	case p.list || p.code == "mvp":
		return "System.Object[]"
	}
	return "System.Object"
}

// TakesUnlimited says whether a cmdlet has a parameter for which Unlimited is a
// value, beside numbers.
func (t *Tenant) TakesUnlimited(command, name string) bool {
	p := t.parameter(command, name)
	return p != nil && strings.Contains(p.Type, "Unlimited")
}

// Takes says whether a cmdlet has a parameter.
func (t *Tenant) Takes(command, name string) bool { return t.parameter(command, name) != nil }

// IsSwitch says whether a parameter, by any way that PowerShell finds it, is a
// switch.
func (t *Tenant) IsSwitch(command, name string) bool {
	p := t.parameter(command, name)
	return p != nil && p.code == "switch"
}

// parameter finds a parameter as PowerShell does; nil when there is none, or
// several may be meant.
func (t *Tenant) parameter(command, name string) *parameter {
	d := t.offer().find(command)
	if d == nil {
		return nil
	}
	p, _ := d.parameter(name)
	return p
}
