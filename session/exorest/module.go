package exorest

import (
	"cmp"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"postroom/session/cmdlet"
)

// module is the module that the service makes for a role: what it may run, with
// parameters and sets, and the key for secrets.
type module struct {
	names   []string // as the service exports them
	cmdlets map[string]moduleCmdlet
	key     *rsa.PublicKey
	print   string // of its text: the same as long as the set of commands is
}

// moduleCmdlet is a function of the module.
type moduleCmdlet struct {
	cmdlet.Cmdlet
	// asks says that it takes Confirm and WhatIf; high that it asks by itself.
	asks, high bool
	// piped are the parameters that take a row of the pipeline, named those that
	// take the property of their name.
	piped, named []string
}

// find gives what the module says of a cmdlet; letter case does not matter.
func (m *module) find(name string) (moduleCmdlet, bool) {
	c, ok := m.cmdlets[strings.ToLower(name)]
	return c, ok
}

// list gives the cmdlets in the order of the service.
func (m *module) list() []cmdlet.Cmdlet {
	list := make([]cmdlet.Cmdlet, 0, len(m.names))
	for _, name := range m.names {
		c, ok := m.find(name)
		if !ok {
			c.Name = name // exported, and its function not in the text
		}
		list = append(list, c.Cmdlet)
	}
	return list
}

// readModule reads the answer to EXOModuleFile: files of a name and a text, and
// the exported names beside one of them.
func readModule(in io.Reader) (*module, error) {
	var answer struct {
		Value []struct {
			FileName    string `json:"fileName"`
			FileContent string `json:"fileContent"`
			Exported    string `json:"exportedCmdlets"`
		} `json:"value"`
	}
	if err := json.NewDecoder(in).Decode(&answer); err != nil {
		return nil, &JSONError{Err: fmt.Errorf("read the module file: %w", err)}
	}
	m := &module{cmdlets: map[string]moduleCmdlet{}}
	sum := sha256.New()
	var found []string
	for _, file := range answer.Value {
		for name := range strings.SplitSeq(file.Exported, ",") {
			if name = strings.TrimSpace(name); name != "" {
				m.names = append(m.names, name)
			}
		}
		if !strings.HasSuffix(strings.ToLower(file.FileName), ".psm1") {
			continue
		}
		_, _ = io.WriteString(sum, file.FileContent) // a hash takes all
		if m.key == nil {
			m.key = publicKey(file.FileContent)
		}
		for _, c := range functions(file.FileContent) {
			m.cmdlets[strings.ToLower(c.Name)] = c
			found = append(found, c.Name)
		}
	}
	if len(m.names) == 0 {
		m.names = found
	}
	slices.SortFunc(m.names, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	m.names = slices.CompactFunc(m.names, strings.EqualFold)
	m.print = hex.EncodeToString(sum.Sum([]byte(nil))[:12])
	return m, nil
}

// publicKey finds the RSA key in the module's text, as .NET's XML; nil where
// there is none.
func publicKey(text string) *rsa.PublicKey {
	between := func(tag string) *big.Int {
		_, after, ok := strings.Cut(text, "<"+tag+">")
		inside, _, closed := strings.Cut(after, "</"+tag+">")
		b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(inside))
		if !ok || !closed || err != nil {
			return nil
		}
		return new(big.Int).SetBytes(b)
	}
	n, e := between("Modulus"), between("Exponent")
	if n == nil || e == nil || n.BitLen() < 1024 || !e.IsInt64() || e.Int64() < 3 || e.Int64() > 1<<31-1 {
		return nil
	}
	return &rsa.PublicKey{N: n, E: int(e.Int64())}
}

// functions reads the functions of a module's text. What is not understood of a
// parameter makes it one that takes text.
func functions(text string) []moduleCmdlet {
	declared := cmdlet.Functions(text)
	list := make([]moduleCmdlet, len(declared))
	for i, f := range declared {
		c := &list[i]
		c.Name = f.Name
		for _, a := range f.Attributes {
			if strings.EqualFold(a.Name, "CmdletBinding") {
				c.DefaultSet = a.Named["defaultparametersetname"]
				c.asks = a.Named["supportsshouldprocess"] == "true"
				c.high = strings.EqualFold(cmp.Or(a.Named["confirmimpact"], usualImpact(c.Name)), "High")
			}
		}
		for _, declared := range f.Parameters {
			newParameter(declared).addTo(c)
		}
	}
	return list
}

// usualImpact is what the verb says, where the module says nothing.
func usualImpact(name string) string {
	if cmdlet.RiskOf(name) == cmdlet.Destroys {
		return "High"
	}
	return "Medium"
}

// moduleParameter is a parameter that is being read.
type moduleParameter struct {
	cmdlet.Parameter
	needed       []string // the sets in which it must be given; "" for all
	piped, named bool
}

func newParameter(declared cmdlet.FunctionParameter) *moduleParameter {
	p := &moduleParameter{Parameter: cmdlet.Parameter{Name: declared.Name, Position: -1}}
	for _, a := range declared.Attributes {
		p.take(a)
	}
	return p
}

// take reads what stands in square brackets before a parameter's name.
func (p *moduleParameter) take(a cmdlet.Attribute) {
	if a.IsType {
		p.Type = fullType(a.Name)
		return
	}
	switch strings.ToLower(a.Name) {
	case "parameter":
		set := a.Named["parametersetname"]
		if set == "__AllParameterSets" {
			set = ""
		}
		if set != "" {
			p.Sets = append(p.Sets, set)
		}
		if a.Named["mandatory"] == "true" {
			p.needed = append(p.needed, set)
		}
		if n, err := strconv.Atoi(a.Named["position"]); err == nil && n >= 0 {
			p.Position = n
		}
		p.piped = p.piped || a.Named["valuefrompipeline"] == "true"
		p.named = p.named || a.Named["valuefrompipelinebypropertyname"] == "true"
	case "validateset":
		p.Choices = a.Values
	case "alias":
		p.Aliases = a.Values
	}
}

// addTo adds the parameter to its cmdlet.
func (p *moduleParameter) addTo(c *moduleCmdlet) {
	p.Kind = cmdlet.KindOf(p.Type)
	p.Secret = p.Kind == cmdlet.SecretKind || p.Kind == cmdlet.Credential
	p.Mandatory = slices.Contains(p.needed, "") || slices.ContainsFunc(p.needed, func(set string) bool { return strings.EqualFold(set, c.DefaultSet) })
	if p.piped {
		c.piped = append(c.piped, p.Name)
	}
	if p.named {
		c.named = append(c.named, p.Name)
	}
	c.Parameters = append(c.Parameters, p.Parameter)
}

// fullType is the .NET type behind a short name of PowerShell. The module calls
// enums and Exchange's own types System.Object: nothing is known of them.
func fullType(short string) string {
	element, list := strings.CutSuffix(short, "[]")
	full, known := map[string]string{
		"string": "System.String", "bool": "System.Boolean", "int": "System.Int32", "int32": "System.Int32", "long": "System.Int64", "int64": "System.Int64",
		"uint32": "System.UInt32", "uint64": "System.UInt64", "switch": "System.Management.Automation.SwitchParameter", "datetime": "System.DateTime",
		"securestring": "System.Security.SecureString", "pscredential": "System.Management.Automation.PSCredential", "uri": "System.Uri",
		"cultureinfo": "System.Globalization.CultureInfo", "hashtable": "System.Collections.Hashtable", "byte": "System.Byte", "guid": "System.Guid",
		"timespan": "System.TimeSpan", "object": "System.Object",
	}[strings.ToLower(element)]
	if !known {
		return short
	}
	if list {
		return full + "[]"
	}
	return full
}
