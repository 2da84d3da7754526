package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"postroom/session/reference"
)

// cmdletJSON is a cmdlet as `cmdlets --json` writes it (docs/command-line.md).
type cmdletJSON struct {
	Name       string          `json:"name"`
	Synopsis   string          `json:"synopsis"`
	Risk       string          `json:"risk"`
	Services   []string        `json:"services"`
	Retired    string          `json:"retired"`
	ReplacedBy string          `json:"replaced_by"`
	Source     string          `json:"source"`
	DefaultSet string          `json:"default_set"`
	Sets       []string        `json:"sets"`
	Parameters []parameterJSON `json:"parameters"`
}

// parameterJSON is one of its parameters.
type parameterJSON struct {
	Name     string   `json:"name"`
	Type     string   `json:"type"`
	Kind     string   `json:"kind"`
	Required any      `json:"required"` // true where every set needs it, else those that do
	Position *int     `json:"position"` // null: it must be named
	Sets     []string `json:"sets"`
	Aliases  []string `json:"aliases"`
	Choices  []string `json:"choices"`
	Several  bool     `json:"several"`
	Help     string   `json:"help"`
}

// requiredBy is true where every set needs the parameter, else the list of the sets that do.
func requiredBy(sets reference.Membership) any {
	switch {
	case sets.Always && len(sets.In) == 0:
		return true
	case sets.Always:
		return sets.In
	}
	return listed(sets.Required)
}

// listed is the list, never null.
func listed(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func writeCmdletsJSON(w io.Writer, all []known) error {
	out := make([]cmdletJSON, len(all))
	for i, k := range all {
		out[i] = cmdletJSON{
			Name: k.Name, Synopsis: k.synopsis, Risk: riskWord(k.Risk()), Services: k.Services.Names(),
			Retired: k.State.String(), ReplacedBy: k.ReplacedBy, Source: k.source,
			DefaultSet: k.DefaultSet, Sets: listed(k.Sets), Parameters: make([]parameterJSON, len(k.Parameters)),
		}
		for j, p := range k.Parameters {
			out[i].Parameters[j] = parameterJSON{
				Name: p.Name, Type: p.Type, Kind: p.Kind.String(), Required: requiredBy(p.Sets), Sets: listed(p.Sets.In),
				Aliases: listed(p.Aliases), Choices: listed(p.Choices.Values), Several: p.Several, Help: k.help(p.Name),
			}
			if p.Position >= 0 {
				out[i].Parameters[j].Position = &p.Position
			}
		}
	}
	return writeJSON(w, out)
}

// writeCmdletList writes a line for each.
func writeCmdletList(w io.Writer, all []known) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	say(t, "NAME\tRISK\tWHAT IT DOES\n")
	for _, k := range all {
		say(t, "%s\t%s\t%s\n", k.Name, riskWord(k.Risk()), k.synopsis)
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("write the cmdlets: %w", err)
	}
	return nil
}

// describeCmdlets writes all that is known of each.
func describeCmdlets(w io.Writer, all []known) {
	r := reference.New()
	for i, k := range all {
		if i > 0 {
			say(w, "\n")
		}
		describe(w, r, k)
	}
}

func describe(w io.Writer, r *reference.Reference, k known) {
	say(w, "%s (%s)\n%s%s\n", k.Name, riskWord(k.Risk()), indent, k.synopsis)
	if k.Services != 0 {
		say(w, "%sServices: %s\n", indent, k.Services)
	}
	if state := k.State.String(); state != "" {
		say(w, "%sState: %s\n", indent, state)
	}
	if k.ReplacedBy != "" {
		say(w, "%sUse instead: %s\n", indent, k.ReplacedBy)
	}
	if len(k.Sets) > 1 {
		sayList(w, "Parameter sets", k.Sets)
	}
	begin := r.Columns(k.Name)
	sayList(w, "Rows begin with", begin)
	var also []string
	for _, p := range r.Properties(k.Name) {
		if !slices.Contains(begin, p.Name) && !reference.Incidental(p.Name) {
			also = append(also, p.Name)
		}
	}
	sayList(w, "Rows also have", also)
	say(w, "%sSource: %s\n", indent, k.source)
	for _, p := range k.Parameters {
		describeParameter(w, p, k.help(p.Name))
		var asked []string
		for _, f := range r.Filterable(k.Name, p.Name) {
			asked = append(asked, f.Property)
		}
		sayList(w, "Can ask for", asked)
	}
}

// sayList writes a list in a line, nothing for an empty one.
func sayList(w io.Writer, title string, list []string) {
	if len(list) > 0 {
		say(w, "%s%s: %s\n", indent, title, strings.Join(list, ", "))
	}
}

func describeParameter(w io.Writer, p reference.Parameter, help string) {
	say(w, "\n  -%s <%s>%s\n%s%s\n", p.Name, p.Type, marks(p), indent, help)
	sayList(w, "One of", p.Choices.Values)
	sayList(w, "Named by", p.Identity.Ways())
	sayList(w, "Limits", limits(p))
	sayList(w, "In", p.Sets.In)
}

// limits are what bounds a value, in words.
func limits(p reference.Parameter) []string {
	var words []string
	for _, bound := range []struct{ format, value string }{
		{"from %s", p.Limits.Least}, {"to %s", p.Limits.Greatest}, {"up to %s characters", p.Limits.Longest}, {"by default %s", p.Usual},
	} {
		if bound.value != "" {
			words = append(words, fmt.Sprintf(bound.format, bound.value))
		}
	}
	if p.UTC {
		words = append(words, "read as UTC")
	}
	return words
}

// marks are the words behind a parameter's name.
func marks(p reference.Parameter) string {
	var words []string
	switch {
	case p.Sets.Always:
		words = append(words, "required")
	case len(p.Sets.Required) > 0:
		words = append(words, "required in "+strings.Join(p.Sets.Required, ", "))
	}
	if p.Several {
		words = append(words, "several")
	}
	if p.Position >= 0 {
		words = append(words, fmt.Sprintf("position %d", p.Position))
	}
	if len(words) == 0 {
		return ""
	}
	return "  " + strings.Join(words, ", ")
}
