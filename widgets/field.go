package widgets

// FieldKind says which editor a field has.
type FieldKind int

// The kinds of fields.
const (
	FieldText FieldKind = iota
	FieldMultiline
	FieldNumber
	FieldBool        // yes, no or not set
	FieldSwitch      // set or not
	FieldChoice      // one of Choices
	FieldMultiChoice // some of Choices
	FieldList        // any number of texts, one a line
	FieldDateTime
	FieldSecret
)

// Field describes one parameter of a form.
type Field struct {
	Name        string // key of its value
	Label       string // Name when empty
	Help        string // shown under the field on request
	Type        string // what the server calls its type; shown with the help
	Kind        FieldKind
	Mandatory   bool
	Common      bool     // every cmdlet has it: it comes last
	Choices     []string // for the choice kinds
	Sets        []string // parameter sets that have it; none means all of them
	Placeholder string
	Default     string // value at first
}

// ParameterSet is one of several ways to call a cmdlet.
type ParameterSet struct{ Name, Label string }

// FormSpec describes a form.
type FormSpec struct {
	Fields     []Field
	Sets       []ParameterSet // a choice is offered when there are two or more
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
	if len(f.Sets) == 0 || set == "" {
		return true
	}
	for _, s := range f.Sets {
		if s == set || s == allSets {
			return true
		}
	}
	return false
}

// found tells whether a search matches the field.
func (f *Field) found(needle []rune) bool {
	return containsFold(f.label(), needle) || containsFold(f.Name, needle) || containsFold(f.Help, needle)
}
