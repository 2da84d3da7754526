package main

import (
	_ "embed" // for the table below
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// usageTable names, for a cmdlet or a noun, the parameters that people come for, the
// first the most wanted; those with an exclamation mark are needed in the sets that the
// page says, although it contradicts itself. It is ours, not a fact of the pages.
//
//go:embed usage.tsv
var usageTable string

// usage ranks the parameters of a cmdlet.
type usage struct {
	wanted  map[string][]string // cmdlet or noun to parameters
	sure    map[string]bool     // "Cmdlet -Parameter" that is needed as its page says
	reports map[string]int      // "Cmdlet -Parameter" to how many reports use it
	common  map[string]int      // parameter to how many cmdlets have it
}

var call = regexp.MustCompile(`\b[A-Z][A-Za-z]+-[A-Z][A-Za-z0-9]+\b[^;]*`)

var parameterUse = regexp.MustCompile(` -([A-Z][A-Za-z0-9]*)`)

func readUsage(in facts, table string) (usage, error) {
	u := usage{wanted: map[string][]string{}, sure: map[string]bool{}, reports: map[string]int{}, common: map[string]int{}}
	known := map[string]bool{}
	for _, c := range in.cmdlets {
		known[c.Name] = true
		_, noun, _ := strings.Cut(c.Name, "-")
		known[noun] = true
		for _, p := range c.Parameters {
			known[c.Name+" -"+p.Name], known[noun+" -"+p.Name] = true, true
			u.common[p.Name]++
		}
	}
	for line := range strings.Lines(table) {
		name, list, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if !known[name] {
			return u, fmt.Errorf("usage.tsv: there is no %s", name)
		}
		for p := range strings.FieldsSeq(list) {
			p, sure := strings.CutSuffix(p, "!")
			u.wanted[name] = append(u.wanted[name], p)
			u.sure[name+" -"+p] = sure
			if !known[name+" -"+p] {
				return u, fmt.Errorf("usage.tsv: %s has no -%s", name, p)
			}
		}
	}
	for _, r := range in.reports {
		for _, text := range call.FindAllString(r["step1"]+";"+r["step2"], -1) {
			name, rest, _ := strings.Cut(text, " ")
			for _, m := range parameterUse.FindAllStringSubmatch(" "+rest, -1) {
				u.reports[name+" -"+m[1]]++
			}
		}
	}
	return u, nil
}

// order sorts a cmdlet's parameters by use: what every call needs; what the table wants, in
// its order; what some sets need; what reports use; what many cmdlets have; and what nobody should meet last.
func (u usage) order(c fact) {
	_, noun, _ := strings.Cut(c.Name, "-")
	wanted := slices.Concat(u.wanted[c.Name], u.wanted[noun])
	score := func(p parameter) int {
		switch place := slices.Index(wanted, p.Name); {
		case p.Internal == 1 || p.Deprecated != "":
			return 9_000_000
		case late(p.Name):
			return 8_000_000
		case p.Position != nil && *p.Position == 0 && p.Name == "Identity":
			return 0
		case p.Required.all && len(p.Sets) == 0 && place >= 0:
			return 10 + place
		case p.Required.all && len(p.Sets) == 0:
			return 500
		case place >= 0:
			return 1000 + place
		case p.Required.all || len(p.Required.list) > 0:
			return 5000
		default:
			return 1_000_000 - 10_000*min(u.reports[c.Name+" -"+p.Name], 50) - min(u.common[p.Name], 999)
		}
	}
	slices.SortStableFunc(c.Parameters, func(a, b parameter) int { return score(a) - score(b) })
}

// late are parameters that many cmdlets have and few people need.
func late(name string) bool {
	switch name {
	case "DomainController", "Confirm", "WhatIf", "IgnoreDefaultScope", "ReadFromDomainController",
		"Organization", "OverrideRecipientQuotas", "Force", "Instance", "Credential":
		return true
	}
	return false
}
