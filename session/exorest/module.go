package exorest

import (
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

// functionLine begins a function, at the beginning of a line.
const functionLine = "function script:"

// functions reads the functions of a module's text. What is not understood of a
// parameter makes it one that takes text.
func functions(text string) []moduleCmdlet {
	var list []moduleCmdlet
	for at := 0; at < len(text); {
		i := strings.Index(text[at:], functionLine)
		if i < 0 {
			return list
		}
		at += i
		start := at
		at += len(functionLine)
		if start > 0 && text[start-1] != '\n' {
			continue
		}
		s := &psm1{text: text, at: at}
		name := s.word()
		if !strings.Contains(name, "-") {
			continue
		}
		c := moduleCmdlet{Cmdlet: cmdlet.Cmdlet{Name: name}}
		s.function(&c)
		list = append(list, c)
		at = s.at
	}
	return list
}

// psm1 reads the text of a module.
type psm1 struct {
	text    string
	at      int
	endless bool // a bracket was not closed
}

// word reads a name of letters, digits and - _ .
func (s *psm1) word() string {
	s.space()
	start := s.at
	for s.at < len(s.text) && (isLetter(s.text[s.at]) || strings.IndexByte("0123456789-_.", s.text[s.at]) >= 0) {
		s.at++
	}
	return s.text[start:s.at]
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// space passes over white space and comments.
func (s *psm1) space() {
	for s.at < len(s.text) {
		switch rest := s.text[s.at:]; {
		case strings.IndexByte(" \t\r\n", rest[0]) >= 0:
			s.at++
		case strings.HasPrefix(rest, "<#"):
			s.behind("#>")
		case rest[0] == '#':
			s.behind("\n")
		default:
			return
		}
	}
}

func (s *psm1) behind(mark string) {
	if i := strings.Index(s.text[s.at:], mark); i >= 0 {
		s.at += i + len(mark)
		return
	}
	s.at = len(s.text)
}

// group goes behind the bracket that closes the one at s.at, and gives what is
// inside. Brackets in texts and comments do not count.
func (s *psm1) group() string {
	start, depth := s.at+1, 0
	for s.at < len(s.text) {
		switch c := s.text[s.at]; c {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth--; depth == 0 {
				s.at++
				return s.text[start : s.at-1]
			}
		case '\'', '"':
			s.quoted(c)
			continue
		case '@':
			if here := s.text[s.at:]; strings.HasPrefix(here, "@'") || strings.HasPrefix(here, `@"`) {
				s.behind("\n" + here[1:2] + "@")
				continue
			}
		case '#':
			s.space()
			continue
		case '<':
			if strings.HasPrefix(s.text[s.at:], "<#") {
				s.space()
				continue
			}
		}
		s.at++
	}
	s.endless = true
	return s.text[min(start, len(s.text)):]
}

// quoted goes behind a text in quotes.
func (s *psm1) quoted(quote byte) {
	for s.at++; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; {
		case c == '`' && quote == '"':
			s.at++
		case c == quote && s.at+1 < len(s.text) && s.text[s.at+1] == quote:
			s.at++
		case c == quote:
			s.at++
			return
		}
	}
}

// function reads a function from behind its name on.
func (s *psm1) function(c *moduleCmdlet) {
	s.space()
	if s.at >= len(s.text) || s.text[s.at] != '{' {
		return
	}
	start := s.at
	body := &psm1{text: s.group()}
	if s.endless { // something in it is not understood: the next function begins at its line
		body.text, _, _ = strings.Cut(body.text, "\n"+functionLine)
		s.at, s.endless = start, false
	}
	for {
		body.space()
		if body.at >= len(body.text) || body.text[body.at] != '[' {
			break
		}
		name, arguments := attribute(body.group())
		if strings.EqualFold(name, "CmdletBinding") {
			c.DefaultSet = arguments["defaultparametersetname"]
			c.asks = isTrue(arguments["supportsshouldprocess"])
			c.high = strings.EqualFold(cmpOr(arguments["confirmimpact"], usualImpact(c.Name)), "High")
		}
	}
	if !strings.EqualFold(body.word(), "param") {
		return
	}
	body.space()
	if body.at < len(body.text) && body.text[body.at] == '(' {
		inside := &psm1{text: body.group()}
		inside.parameters(c)
	}
}

// usualImpact is what the verb says, where the module says nothing.
func usualImpact(name string) string {
	if cmdlet.RiskOf(name) == cmdlet.Destroys {
		return "High"
	}
	return "Medium"
}

// attribute takes Name(A=b, C='d') apart. Names of arguments are in lower case.
func attribute(text string) (name string, arguments map[string]string) {
	name, rest, _ := strings.Cut(text, "(")
	arguments = map[string]string{}
	s := &psm1{text: strings.TrimSuffix(strings.TrimSpace(rest), ")")}
	for s.at < len(s.text) {
		start := s.at
		for s.at < len(s.text) && s.text[s.at] != ',' {
			if c := s.text[s.at]; c == '\'' || c == '"' {
				s.quoted(c)
				continue
			}
			s.at++
		}
		key, value, has := strings.Cut(s.text[start:s.at], "=")
		if !has {
			value = "$true"
		}
		arguments[strings.ToLower(strings.TrimSpace(key))] = strings.Trim(strings.TrimSpace(value), `'"`)
		s.at++
	}
	return strings.TrimSpace(name), arguments
}

func isTrue(text string) bool { return strings.EqualFold(strings.TrimPrefix(text, "$"), "true") }

// parameters reads what is inside of param( ): attributes and a type before each
// name.
func (s *psm1) parameters(c *moduleCmdlet) {
	p := newParameter()
	for {
		s.space()
		switch {
		case s.at >= len(s.text):
			return
		case s.text[s.at] == '[':
			p.take(s.group())
		case s.text[s.at] == '$':
			s.at++
			if s.at < len(s.text) && s.text[s.at] == '{' {
				p.Name = strings.TrimSpace(s.group())
			} else {
				p.Name = s.word()
			}
			p.addTo(c)
			p = newParameter()
		case s.text[s.at] == '=': // a default
			s.at++
			s.value()
		default:
			s.at++
		}
	}
}

// value passes over a default value.
func (s *psm1) value() {
	for s.at < len(s.text) && s.text[s.at] != ',' {
		switch c := s.text[s.at]; {
		case c == '\'' || c == '"':
			s.quoted(c)
		case strings.IndexByte("([{", c) >= 0:
			s.group()
		default:
			s.at++
		}
	}
}

// moduleParameter is a parameter that is being read.
type moduleParameter struct {
	cmdlet.Parameter
	needed       []string // the sets in which it must be given; "" for all
	piped, named bool
}

func newParameter() *moduleParameter {
	return &moduleParameter{Parameter: cmdlet.Parameter{Position: -1}}
}

// take reads what stands in square brackets before a parameter's name.
func (p *moduleParameter) take(text string) {
	name, arguments := attribute(text)
	switch strings.ToLower(name) {
	case "parameter":
		set := arguments["parametersetname"]
		if set == "__AllParameterSets" {
			set = ""
		}
		if set != "" {
			p.Sets = append(p.Sets, set)
		}
		if isTrue(arguments["mandatory"]) {
			p.needed = append(p.needed, set)
		}
		if n, err := strconv.Atoi(arguments["position"]); err == nil && n >= 0 {
			p.Position = n
		}
		p.piped = p.piped || isTrue(arguments["valuefrompipeline"])
		p.named = p.named || isTrue(arguments["valuefrompipelinebypropertyname"])
	case "validateset":
		p.Choices = texts(text)
	case "alias":
		p.Aliases = texts(text)
	case "validatenotnullorempty", "validatenotnull", "allownull", "allowemptystring", "allowemptycollection", "obsolete":
	default:
		if !strings.Contains(text, "(") {
			p.Type = fullType(strings.TrimSpace(text))
		}
	}
}

// texts gives the texts that stand as arguments of an attribute.
func texts(attribute string) []string {
	var all []string
	s := &psm1{text: attribute}
	for s.at < len(s.text) {
		c := s.text[s.at]
		if c != '\'' && c != '"' {
			s.at++
			continue
		}
		start := s.at
		s.quoted(c)
		all = append(all, strings.Trim(s.text[start:s.at], `'"`))
	}
	return all
}

// addTo adds the parameter to its cmdlet.
func (p *moduleParameter) addTo(c *moduleCmdlet) {
	if p.Name == "" {
		return
	}
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
