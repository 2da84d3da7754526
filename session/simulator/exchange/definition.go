package exchange

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"postroom/session/cmdlet"
	"postroom/session/psrp"
)

// definition is a cmdlet of the server: what it says of itself, and what it does.
type definition struct {
	meta       cmdlet.Cmdlet // what travels
	parameters []parameter
	services   string
	sets       []string
	impact     impact
	// confirm is the text of the confirmation, with %s for the row's name.
	confirm string
	// task is what the cmdlet is called in error ids.
	task string
	run  func(x *execution) *psrp.RemoteError
	// streams says that the command takes rows one by one and passes them on.
	streams bool
	// properties are what the cmdlet's output has, for those that do not list.
	classes []*class
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
	code     string // id, string, bool, int, switch, date, unlimited, size, secure, credential, hashtable, guid, span, mvp
	services string
	list     bool
	// required are the sets in which it must be given; "*" stands for all.
	required []string
	// pipeline is how it takes pipeline input: v by value, n by property name,
	// 1 by either.
	pipeline       string
	min, max, size int64
	usual          int64 // -PageSize and -ResultSize when they are not given
}

// readCmdlets reads data/cmdlets.tsv.
func (t *tables) readCmdlets(text string) error {
	shared := common()
	process := shouldProcess()
	for line := range strings.Lines(text) {
		fields := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(fields) < 4 {
			return fmt.Errorf("cmdlets.tsv: %q", line)
		}
		d := &definition{services: fields[1], task: "Microsoft.Exchange.Management.Tasks." + strings.ReplaceAll(fields[0], "-", "")}
		d.meta.Name = fields[0]
		if fields[3] != "" {
			d.sets = strings.Split(fields[3], "|")
		}
		for i, s := range d.sets {
			if strings.HasPrefix(s, "*") {
				d.sets[i], d.meta.DefaultSet = s[1:], s[1:]
			}
		}
		for _, field := range fields[4:] {
			p, err := d.readParameter(field)
			if err != nil {
				return fmt.Errorf("cmdlets.tsv: %s: %w", d.meta.Name, err)
			}
			d.parameters = append(d.parameters, p)
		}
		if fields[2] != "" {
			d.impact = alters
			d.parameters = append(d.parameters, process...)
		}
		d.parameters = append(d.parameters, shared...)
		t.define(d)
	}
	slices.Sort(t.names)
	return nil
}

// define adds a cmdlet to the tables.
func (t *tables) define(d *definition) {
	for _, p := range d.parameters {
		d.meta.Parameters = append(d.meta.Parameters, cmdlet.Parameter{Name: p.Name, Type: p.Type, Kind: p.Kind, Aliases: p.Aliases, Position: -1})
	}
	t.cmdlets[strings.ToLower(d.meta.Name)] = d
	t.names = append(t.names, d.meta.Name)
}

// readParameter reads "Name Type key:value ...", as tools/simtables writes it.
func (d *definition) readParameter(field string) (parameter, error) {
	words := strings.Fields(field)
	if len(words) < 2 {
		return parameter{}, fmt.Errorf("parameter %q", field)
	}
	p := parameter{Parameter: cmdlet.Parameter{Name: words[0], Position: -1}, services: d.services}
	unit := ""
	for _, w := range words[2:] {
		key, v, _ := strings.Cut(w, ":")
		var err error
		switch key {
		case "a":
			p.services = v
		case "s":
			p.Sets, err = d.setNames(v)
		case "r":
			if v == "*" {
				p.required = []string{"*"}
			} else {
				p.required, err = d.setNames(v)
			}
		case "p":
			p.Position, err = strconv.Atoi(v)
		case "i":
			p.pipeline = v
		case "l":
			p.Aliases = strings.Split(v, "|")
		case "v":
			p.Choices = strings.Split(v, "|")
		case "u":
			unit = v
		case "min", "max", "len", "d":
			err = p.bound(key, v)
		default:
			err = fmt.Errorf("%q is not known", w)
		}
		if err != nil {
			return p, err
		}
	}
	p.typed(words[1], unit)
	return p, nil
}

func (p *parameter) bound(key, text string) error {
	n, err := strconv.ParseFloat(text, 64)
	switch key {
	case "min":
		p.min = int64(n)
	case "max":
		p.max = int64(n)
	case "len":
		p.size = int64(n)
	case "d":
		p.usual = int64(n)
	}
	return err
}

func (d *definition) setNames(list string) ([]string, error) {
	var names []string
	for text := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n >= len(d.sets) {
			return nil, fmt.Errorf("set %q", text)
		}
		names = append(names, d.sets[n])
	}
	return names, nil
}

// typed sets the full name of the type, and how values are read.
func (p *parameter) typed(short, unit string) {
	element, list := strings.CutSuffix(short, "[]")
	p.list = list && element != "Byte"
	p.code, p.Type = netType(element, unit)
	if list {
		p.Type += "[]"
	}
	p.Kind = cmdlet.KindOf(p.Type)
	p.Secret = p.code == "secure"
}

const mscorlib = ", mscorlib, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089"

const exchangeData = ", Microsoft.Exchange.Data, Version=15.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35"

// netType gives how values of a type are read, and the type's full name.
func netType(short, unit string) (code, full string) {
	switch short {
	case "String", "Uri", "Object":
		return "string", "System." + short
	case "Boolean":
		return "bool", "System.Boolean"
	case "Int32", "UInt32", "Int64", "UInt64", "Int16":
		return "int", "System." + short
	case "DateTime":
		return "date", "System.DateTime"
	case "ExDateTime":
		return "date", "Microsoft.Exchange.ExchangeSystem.ExDateTime"
	case "SwitchParameter", "PSCredential":
		return map[string]string{"SwitchParameter": "switch", "PSCredential": "credential"}[short], automation + short
	case "Unlimited":
		switch unit {
		case "b":
			return "size", "Microsoft.Exchange.Data.Unlimited`1[[Microsoft.Exchange.Data.ByteQuantifiedSize" + exchangeData + "]]"
		case "t":
			return "span", "Microsoft.Exchange.Data.Unlimited`1[[Microsoft.Exchange.Data.EnhancedTimeSpan" + exchangeData + "]]"
		}
		return "unlimited", "Microsoft.Exchange.Data.Unlimited`1[[System.UInt32" + mscorlib + "]]"
	case "ByteQuantifiedSize":
		return "size", "Microsoft.Exchange.Data.ByteQuantifiedSize"
	case "EnhancedTimeSpan":
		return "span", "Microsoft.Exchange.Data.EnhancedTimeSpan"
	case "TimeSpan":
		return "span", "System.TimeSpan"
	case "SecureString":
		return "secure", "System.Security.SecureString"
	case "PswsHashtable", "Hashtable":
		return "hashtable", "System.Collections.Hashtable"
	case "Guid":
		return "guid", "System.Guid"
	case "MultiValuedProperty":
		return "mvp", "Microsoft.Exchange.Data.MultiValuedProperty`1[[System.String" + mscorlib + "]]"
	case "ProxyAddressCollection":
		return "mvp", "Microsoft.Exchange.Data.ProxyAddressCollection"
	case "Byte":
		return "string", "System.Byte"
	case "CultureInfo":
		return "string", "System.Globalization.CultureInfo"
	}
	if strings.HasSuffix(short, "IdParameter") {
		return "id", "Microsoft.Exchange.Configuration.Tasks." + short
	}
	return "string", "Microsoft.Exchange.Data." + short
}

// shortly makes a parameter of this package's own cmdlets.
func shortly(name, short string, aliases ...string) parameter {
	p := parameter{Parameter: cmdlet.Parameter{Name: name, Position: -1, Aliases: aliases}}
	p.typed(short, "")
	return p
}

// common are the parameters that every cmdlet has.
func common() []parameter {
	return []parameter{
		shortly("Verbose", "SwitchParameter", "vb"), shortly("Debug", "SwitchParameter", "db"),
		action("ErrorAction", "ea"), action("WarningAction", "wa"), action("InformationAction", "infa"),
		shortly("ErrorVariable", "String", "ev"), shortly("WarningVariable", "String", "wv"), shortly("InformationVariable", "String", "iv"),
		shortly("OutVariable", "String", "ov"), shortly("OutBuffer", "Int32", "ob"), shortly("PipelineVariable", "String", "pv"),
	}
}

func action(name, alias string) parameter {
	p := shortly(name, "String", alias)
	p.Type = automation + "ActionPreference"
	p.Choices = []string{"SilentlyContinue", "Stop", "Continue", "Inquire", "Ignore", "Suspend"}
	return p
}

func shouldProcess() []parameter {
	return []parameter{shortly("WhatIf", "SwitchParameter", "wi"), shortly("Confirm", "SwitchParameter", "cf")}
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

// noun is what stands behind the dash.
func (d *definition) noun() string {
	_, noun, _ := strings.Cut(d.meta.Name, "-")
	return noun
}

// verb is what stands before it.
func (d *definition) verb() string {
	verb, _, _ := strings.Cut(d.meta.Name, "-")
	return verb
}
