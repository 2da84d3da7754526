package reference

import (
	"strconv"
	"strings"

	"postroom/session/cmdlet"
)

// parseCmdlet reads a line of the catalogue behind the name: services, attributes,
// parameters, apart by tabs.
func (r *Reference) parseCmdlet(name, rest string) Cmdlet {
	letters, rest, _ := strings.Cut(rest, "\t")
	attributes, rest, _ := strings.Cut(rest, "\t")
	c := Cmdlet{Name: name, Services: servicesOf(letters)}
	for word := range strings.SplitSeq(attributes, " ") {
		key, value, _ := strings.Cut(word, "=")
		switch key {
		case "group":
			c.Group = value
		case "sets":
			c.Sets = strings.Split(value, ",")
		case "default":
			c.DefaultSet = value
		case "asks":
			c.WhatIf, c.Confirm = strings.Contains(value, "w"), strings.Contains(value, "c")
		case "state":
			c.State = parseState(value)
		case "by":
			c.ReplacedBy = value
		case "internal":
			c.Internal = true
		}
	}
	c.Parameters = make([]Parameter, 0, strings.Count(rest, "\t")+3)
	if rest != "" {
		for cell := range strings.SplitSeq(rest, "\t") {
			p := r.parseParameter(cell, c)
			p.Rank = len(c.Parameters)
			c.Parameters = append(c.Parameters, p)
		}
	}
	for _, asked := range []struct {
		has  bool
		name string
	}{{c.WhatIf, "WhatIf"}, {c.Confirm, "Confirm"}} {
		if asked.has {
			c.Parameters = append(c.Parameters, Parameter{
				Name: asked.name, Type: "SwitchParameter", Kind: cmdlet.SwitchKind, Services: c.Services,
				Position: -1, Rank: len(c.Parameters),
			})
		}
	}
	return c
}

func parseState(words string) State {
	switch {
	case strings.Contains(words, "cloud-retired"):
		return CloudRetired
	case strings.Contains(words, "dep"):
		return Deprecated
	case strings.Contains(words, "going"):
		return Going
	}
	return Current
}

// parseParameter reads a parameter: name, type, then marks, apart by blanks.
//
//	@0369sXE services   /0,2 sets it is in   !  required, !0,2 in these sets
//	#0 position         |vn from the pipeline   =Alias,Alias
//	:Name list of choices, : that of its type, ~ there are more than the list has
//	*  several values, ** by the text only   +- takes @{Add=…;Remove=…}
//	^b ^n ^t bytes, number or time, or Unlimited   >1 <9 least, greatest   %64 longest
//	&nadc how it is named   utc   only=onprem|cloud   internal   old=1|cloud
//	usual=… what a new object gets, with blanks, to the end
func (r *Reference) parseParameter(cell string, c Cmdlet) Parameter {
	cell, usual, _ := strings.Cut(cell, " usual=")
	p := Parameter{Services: c.Services, Position: -1, Usual: usual}
	p.Name, cell, _ = strings.Cut(cell, " ")
	p.Type, cell, _ = strings.Cut(cell, " ")
	unlimited, byText := "", false
	for mark := range strings.FieldsSeq(cell) {
		rest := mark[1:]
		switch mark[0] {
		case '@':
			p.Services = servicesOf(rest)
		case '/':
			p.Sets.In = pick(c.Sets, rest)
		case '!':
			p.Sets.Required, p.Sets.Always = pick(c.Sets, rest), rest == ""
		case '#':
			if n, err := strconv.Atoi(rest); err == nil { // ##0,1: the sets it is positional in
				p.Position = n
			}
		case '|':
			p.Pipeline = true
		case '=':
			p.Aliases = strings.Split(rest, ",")
		case ':':
			p.Choices.Values = r.choices(rest, p.Type)
		case '~':
			p.Choices.Open = true
		case '*':
			p.Several, byText = true, rest != ""
		case '+':
			p.AddRemove = true
		case '^':
			unlimited = rest
		case '>':
			p.Limits.Least = rest
		case '<':
			p.Limits.Greatest = rest
		case '%':
			p.Limits.Longest = rest
		case '&':
			p.Identity = Identity(rest)
		default:
			p.word(mark)
		}
	}
	p.Kind = p.kind(unlimited, byText)
	return p
}

// word reads a mark that is a word.
func (p *Parameter) word(mark string) {
	key, value, _ := strings.Cut(mark, "=")
	switch key {
	case "utc":
		p.UTC = true
	case "internal", "old":
		p.Hidden = true
	case "only":
		cloud := ExchangeOnline | ExchangeOnlineProtection | SecurityCompliance
		if value == "cloud" {
			p.Services &= cloud
		} else {
			p.Services &^= cloud
		}
	}
}

// kind is what the value is for a person. The pages' type has lost the argument of
// Unlimited, and says of an enumeration only its name.
func (p *Parameter) kind(unlimited string, byText bool) cmdlet.Kind {
	switch unlimited {
	case "b":
		return cmdlet.UnlimitedByteSize
	case "n":
		return cmdlet.UnlimitedNumber
	case "t":
		return cmdlet.Text // a duration or the word: the server reads both
	}
	k := cmdlet.KindOf(p.Type)
	switch {
	case k == cmdlet.Text && p.Several && !byText:
		return cmdlet.List
	case k == cmdlet.Text && len(p.Choices.Values) > 0 && !p.Several:
		return cmdlet.Choice
	}
	return k
}

// pick gives the sets at the places that are listed.
func pick(sets []string, places string) []string {
	if places == "" {
		return nil
	}
	picked := make([]string, 0, strings.Count(places, ",")+1)
	for place := range strings.SplitSeq(places, ",") {
		if n, err := strconv.Atoi(place); err == nil && n < len(sets) {
			picked = append(picked, sets[n])
		}
	}
	return picked
}
