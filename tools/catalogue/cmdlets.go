package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// cmdletLines writes a cmdlet a line, cells apart by tabs: name, services, attributes,
// then its parameters, the most used first. Attributes and a parameter's marks are words
// apart by blanks; session/reference/line.go reads them, and says there what each means. usageTable is the
// text of usage.tsv.
func cmdletLines(in facts, choices *choices, usageTable string) (string, error) {
	var b strings.Builder
	usage, err := readUsage(in, usageTable)
	if err != nil {
		return "", err
	}
	for _, c := range in.cmdlets {
		cells := []string{c.Name, c.Services, strings.Join(attributes(c), " ")}
		usage.order(c)
		for _, p := range c.Parameters {
			if foldedAway(c, p) {
				continue
			}
			if usage.sure[c.Name+" -"+p.Name] {
				p.Doubt = strings.ReplaceAll(p.Doubt, "r", "")
			}
			cells = append(cells, p.line(c, choices))
		}
		for _, cell := range cells {
			if strings.ContainsAny(cell, "\t\n") {
				return "", fmt.Errorf("%s: a tab or line end in %q", c.Name, cell)
			}
		}
		b.WriteString(strings.Join(cells, "\t") + "\n")
	}
	return b.String(), nil
}

// foldedAway leaves out WhatIf and Confirm where the cmdlet's own mark says them.
func foldedAway(c fact, p parameter) bool {
	return strings.Contains(c.Asks, "w") && p.Name == "WhatIf" || strings.Contains(c.Asks, "c") && p.Name == "Confirm"
}

func attributes(c fact) []string {
	var words []string
	add := func(key, value string) {
		if value != "" {
			words = append(words, key+value)
		}
	}
	add("group=", c.Group)
	add("sets=", strings.Join(c.Sets, ","))
	if c.Default != nil {
		add("default=", c.Sets[*c.Default])
	}
	add("asks=", c.Asks)
	add("idle=", c.Idle)
	add("state=", strings.Join(c.States, ","))
	add("by=", c.ReplacedBy)
	if c.Internal == 1 {
		add("internal", " ")
	}
	for i := range words {
		words[i] = strings.TrimSpace(words[i])
	}
	return words
}

// line writes a parameter: name, type, marks; its usual value, which may have blanks, last.
func (p parameter) line(c fact, choices *choices) string {
	words := []string{p.Name, p.Type}
	add := func(key, value string) {
		if value != "" {
			words = append(words, key+value)
		}
	}
	mark := func(key string, set bool) {
		if set {
			words = append(words, key)
		}
	}
	add("@", p.Services)
	add("/", numbers(p.Sets))
	switch {
	case strings.Contains(p.Doubt, "r"): // the page contradicts itself: the server judges
	case p.Required.all:
		mark("!", true)
	default:
		add("!", numbers(p.Required.list))
	}
	if p.Position != nil {
		add("#", strconv.Itoa(*p.Position))
		add("##", numbers(p.PositionIn))
	}
	add("|", string(p.Pipeline))
	add("=", strings.Join(p.Aliases, ","))
	if name, partial := choices.of(c.Name, p); name != "" {
		mark("~", partial)
		if name == strings.TrimSuffix(p.Type, "[]") {
			mark(":", true)
		} else {
			add(":", name)
		}
	}
	mark("*", p.Several == 1)
	mark("**", p.Several == 2)
	mark("+-", p.AddRemove == 1)
	add("^", p.Unlimited)
	add(">", text(p.Least))
	add("<", text(p.Greatest))
	add("%", text(p.Longest))
	add("&", p.Identity)
	mark("utc", p.UTC == 1)
	add("only=", p.Only)
	mark("internal", p.Internal == 1)
	add("old=", string(p.Deprecated))
	if !p.halfASize() {
		add("usual=", p.Default)
	}
	return strings.Join(words, " ")
}

// halfASize tells a usual size that the page gives without its unit: "1.899" is no number of
// bytes, and whoever is shown it cannot know what it counts.
func (p parameter) halfASize() bool {
	_, err := strconv.ParseFloat(p.Default, 64)
	return err == nil && p.Unlimited == "b" && strings.Contains(p.Default, ".")
}

func numbers(list []int) string {
	texts := make([]string, len(list))
	for i, n := range list {
		texts[i] = strconv.Itoa(n)
	}
	return strings.Join(texts, ",")
}

func text(n *number) string {
	if n == nil {
		return ""
	}
	return n.String()
}

// choices are the lists of accepted values, each once: named by the type that has it, with
// a number where one type has several.
type choices struct {
	borrowed map[string][]string
	names    map[string]string // list to name
	lists    []string          // name, tab, list
	count    map[string]int
}

func newChoices(in facts) *choices {
	return &choices{borrowed: in.enums, names: map[string]string{}, count: map[string]int{}}
}

// of gives the name of a parameter's list, empty for none, and whether there are surely
// more values than those written down.
func (x *choices) of(cmdlet string, p parameter) (name string, partial bool) {
	values, partial := p.Values, p.Quality == "p"
	if len(values) == 0 {
		values, partial = x.borrowed[cmdlet+" -"+p.Name], true
	}
	if len(values) == 0 {
		return "", false
	}
	base := strings.TrimSuffix(p.Type, "[]")
	list := strings.Join(values, ",")
	name, known := x.names[base+"\t"+list]
	if !known {
		name = base
		if x.count[base]++; x.count[base] > 1 {
			name += "." + strconv.Itoa(x.count[base])
		}
		x.names[base+"\t"+list] = name
		x.lists = append(x.lists, name+"\t"+list)
	}
	return name, partial
}

// lineBreak ends a line of a catalogue.
const lineBreak = "\n"

func (x *choices) all() string {
	slices.SortFunc(x.lists, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	return strings.Join(x.lists, lineBreak) + lineBreak
}
