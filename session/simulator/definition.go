package simulator

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	"postroom/session/cmdlet"
	"postroom/session/psrp"
)

// definition is a cmdlet of the server: what it says of itself, and what it does.
type definition struct {
	meta       cmdlet.Cmdlet
	parameters []parameter
	impact     impact
	// confirm is the text of the confirmation, with %s for the row's name.
	confirm string
	run     func(x *execution) *psrp.RemoteError
	// class is what the cmdlet is about in error ids, such as
	// "Microsoft.Exchange.Management.RecipientTasks.GetMailbox".
	task string
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
	code     string // id, string, bool, int, switch, date, unlimited, size, secure, hashtable, enum, guid, smtp, mvp
	list     bool
	pipeline bool // takes objects of the pipeline, by their Identity
	min, max int64
}

// parseParameters reads "Name type attribute ...; ...". Types: those of code,
// with [] for an array, id:Noun, enum:A|B. Attributes: a digit is the position,
// ! mandatory, in:Set, alias:Name, pipe, min:n, max:n.
func parseParameters(spec string) []parameter {
	var all []parameter
	for entry := range strings.SplitSeq(spec, ";") {
		words := strings.Fields(entry)
		if len(words) == 0 {
			continue
		}
		p := parameter{Parameter: cmdlet.Parameter{Name: words[0], Position: -1}}
		code, detail, _ := strings.Cut(words[1], ":")
		p.code, p.list = strings.CutSuffix(code, "[]")
		p.Type = netType(p.code, detail)
		if p.list && p.code != "mvp" {
			p.Type += "[]"
		}
		if p.code == "enum" {
			p.Choices = strings.Split(detail, "|")
			p.Type = "System.String"
			if p.list {
				p.Type += "[]"
			}
		}
		p.Secret = p.code == "secure"
		for _, a := range words[2:] {
			p.attribute(a)
		}
		p.Kind = cmdlet.KindOf(p.Type)
		if len(p.Choices) > 0 && !p.list {
			p.Kind = cmdlet.Choice
		}
		all = append(all, p)
	}
	return all
}

func (p *parameter) attribute(a string) {
	name, v, _ := strings.Cut(a, ":")
	switch {
	case a == "!":
		p.Mandatory = true
	case a == "pipe":
		p.pipeline = true
	case name == "in":
		p.Sets = strings.Split(v, ",")
	case name == "alias":
		p.Aliases = strings.Split(v, ",")
	case name == "min" || name == "max":
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			panic("simulator: parameter " + p.Name + ": " + a) // the tables of this package are wrong
		}
		if name == "min" {
			p.min = n
		} else {
			p.max = n
		}
	default:
		n, err := strconv.Atoi(a)
		if err != nil {
			panic("simulator: parameter " + p.Name + ": " + a) // the tables of this package are wrong
		}
		p.Position = n
	}
}

func netType(code, detail string) string {
	switch code {
	case "id":
		return "Microsoft.Exchange.Configuration.Tasks." + detail + "IdParameter"
	case "bool":
		return "System.Boolean"
	case "int":
		return "System.Int32"
	case "switch":
		return "System.Management.Automation.SwitchParameter"
	case "date":
		return "System.DateTime"
	case "unlimited":
		return "Microsoft.Exchange.Data.Unlimited`1[[System.UInt32, mscorlib, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089]]"
	case "size":
		return "Microsoft.Exchange.Data.Unlimited`1[[Microsoft.Exchange.Data.ByteQuantifiedSize, Microsoft.Exchange.Data, Version=15.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35]]"
	case "secure":
		return "System.Security.SecureString"
	case "credential":
		return "System.Management.Automation.PSCredential"
	case "hashtable":
		return "System.Collections.Hashtable"
	case "guid":
		return "System.Guid"
	case "smtp":
		return "Microsoft.Exchange.Data.SmtpAddress"
	case "mvp":
		return "Microsoft.Exchange.Data.MultiValuedProperty`1[[System.String, mscorlib, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089]]"
	case "span":
		return "Microsoft.Exchange.Data.EnhancedTimeSpan"
	}
	return "System.String"
}

// common are the parameters that every cmdlet has.
func common() []parameter {
	return parseParameters(`Verbose switch alias:vb; Debug switch alias:db; ErrorAction enum:SilentlyContinue|Stop|Continue|Inquire|Ignore|Suspend alias:ea;
		WarningAction enum:SilentlyContinue|Stop|Continue|Inquire|Ignore|Suspend alias:wa; InformationAction enum:SilentlyContinue|Stop|Continue|Inquire|Ignore|Suspend alias:infa;
		ErrorVariable string alias:ev; WarningVariable string alias:wv; InformationVariable string alias:iv; OutVariable string alias:ov; OutBuffer int alias:ob; PipelineVariable string alias:pv`)
}

func shouldProcess() []parameter {
	return parseParameters("WhatIf switch alias:wi; Confirm switch alias:cf")
}

// catalogue is all cmdlets by lower-case name.
type catalogue struct {
	byName map[string]*definition
	names  []string // sorted
}

func (all *catalogue) add(name, synopsis, parameters string, d definition) *definition {
	d.meta.Name, d.meta.Synopsis = name, synopsis
	d.parameters = parseParameters(parameters)
	if d.impact != reads {
		d.parameters = append(d.parameters, shouldProcess()...)
	}
	d.parameters = append(d.parameters, common()...)
	sets := map[string]bool{}
	for _, p := range d.parameters {
		d.meta.Parameters = append(d.meta.Parameters, p.Parameter)
		for _, s := range p.Sets {
			sets[s] = true
		}
	}
	if sets["Identity"] {
		d.meta.DefaultSet = "Identity"
	}
	if d.task == "" {
		d.task = "Microsoft.Exchange.Management.Tasks." + strings.ReplaceAll(name, "-", "")
	}
	key := strings.ToLower(name)
	if all.byName[key] != nil {
		panic(fmt.Sprintf("simulator: cmdlet %s twice", name)) // the tables of this package are wrong
	}
	all.byName[key] = &d
	all.names = append(all.names, name)
	sort.Strings(all.names)
	return &d
}

func (all *catalogue) find(name string) *definition {
	if i := strings.LastIndexByte(name, '\\'); i >= 0 {
		name = name[i+1:]
	}
	return all.byName[strings.ToLower(name)]
}

// match gives the cmdlets that the patterns name; no pattern means all.
func (all *catalogue) match(patterns []string) []*definition {
	var found []*definition
	for _, n := range all.names {
		for _, p := range patternsOrAll(patterns) {
			if newWildcard(p).match(n) {
				found = append(found, all.find(n))
				break
			}
		}
	}
	return found
}

func patternsOrAll(patterns []string) []string {
	if len(patterns) == 0 {
		return []string{"*"}
	}
	return patterns
}

// isSwitch tells psrp how "-Name" without a value is meant.
func (all *catalogue) isSwitch(command, name string) bool {
	d := all.find(command)
	if d == nil {
		return false
	}
	p, ambiguous := d.parameter(name)
	return p != nil && ambiguous == nil && p.code == "switch"
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
