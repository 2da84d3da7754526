package widgets

import (
	"cmp"
	"slices"
	"strings"
)

// FieldKind says which editor a field has, and how its value is written as text.
type FieldKind int

// The kinds of fields.
const (
	FieldText        FieldKind = iota
	FieldMultiline             // text of several lines
	FieldNumber                // as typed
	FieldSize                  // "10 MB", as typed, or "Unlimited"
	FieldDuration              // "7d", "12h", "90m", "30s", or as typed
	FieldBool                  // "true", "false"
	FieldSwitch                // "true", "false"
	FieldChoice                // one of Choices
	FieldMultiChoice           // some of Choices, one a line
	FieldList                  // any number of texts, one a line
	FieldAddRemove             // a list that replaces, or PowerShell's @{Add='a','b';Remove='c'}, or $null
	FieldDateTime              // "2026-12-31 14:30" on this computer's clock, or with a zone behind it
	FieldSecret                // never shown
	FieldCredential            // the user's name, a line end and the password
	FieldFile                  // what ChooseFile gave
	FieldIdentity              // text that can be picked
	FieldFilter                // OPATH
)

// Field describes one parameter of a form. It has a field for each
// thing that can be said of a parameter.
type Field struct {
	Name        string // key of its value
	Label       string // Name when empty
	Help        string // beside the field
	Type        string // what the server calls its type; shown with the name on request
	Kind        FieldKind
	Needs       Requirement
	Sets        []string          // parameter sets that have it; none means all of them
	Common      bool              // every cmdlet has it: it comes last
	Rank        int               // place by use, 0 for the most used
	Choices     []string          // for the choice kinds
	Titles      map[string]string // what people call choices that have another name in the value
	Open        bool              // other values than the choices may be right
	Several     bool              // an identity takes more than one, one a line
	Unlimited   bool              // the number or size may be Unlimited
	Limits      FieldLimits
	Filter      []FilterProperty // for FieldFilter
	Changes     ListNotation     // for FieldAddRemove
	Placeholder string           // in the empty field: a hint, never sent
}

// ListNotation is how a change of a list is written as a text, and read.
type ListNotation struct {
	Write func(add, remove []string) string // "" where nothing changes
	Read  func(text string) (add, remove []string, ok bool)
}

// Requirement says when a field has to be filled in.
type Requirement struct {
	Always  bool
	In      []string // parameter sets in which it has to be
	Certain bool     // else a person may send the call without it, when asked again
}

// FieldLimits are the bounds of a value as they are known; zero is none. A value outside is
// doubted, never held back.
type FieldLimits struct {
	Bounded         bool    // Least and Greatest count
	Least, Greatest float64 // of a number
	Longest         int     // characters
}

// ParameterSet is one of several ways to call a cmdlet. The label says what tells it apart.
type ParameterSet struct{ Name, Label string }

// FormSpec describes a form.
type FormSpec struct {
	About      string // a sentence or two above the fields
	Fields     []Field
	Sets       []ParameterSet // tabs are offered when there are two or more
	DefaultSet string         // chosen at first; the first set when empty or unknown
}

func (f *Field) label() string {
	if f.Label != "" {
		return f.Label
	}
	return f.Name
}

// allSets is the name that PowerShell gives to being in every set.
const allSets = "__AllParameterSets"

func (f *Field) in(set string) bool {
	return len(f.Sets) == 0 || set == "" || slices.Contains(f.Sets, set) || slices.Contains(f.Sets, allSets)
}

// needed tells whether the field has to be filled in in a set.
func (f *Field) needed(set string) bool {
	return f.Needs.Always || slices.Contains(f.Needs.In, set) || slices.Contains(f.Needs.In, allSets)
}

// found tells whether a search matches the field.
func (f *Field) found(needle []rune) bool {
	if containsFold(f.label(), needle) || containsFold(f.Name, needle) || containsFold(f.Help, needle) {
		return true
	}
	return slices.ContainsFunc(f.Choices, func(c string) bool { return containsFold(c, needle) || containsFold(f.titled(c), needle) })
}

// titled is what people call a choice.
func (f *Field) titled(choice string) string { return cmp.Or(f.Titles[choice], choice) }

// hidden tells whether the value is never shown.
func (f *Field) hidden() bool { return f.Kind == FieldSecret || f.Kind == FieldCredential }

// lines splits a text of one item a line; empty lines count for nothing. A row or column
// that was copied from a spreadsheet has its cells apart by tabs.
func lines(text string) []string {
	var items []string
	for _, item := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' || r == '\t' }) {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}
