package search

// Kind is what sort of thing an entry is.
type Kind uint8

const (
	// Cmdlet is a command of a server.
	Cmdlet Kind = iota
	// Report is a prepared question.
	Report
	// Tenant is an organization that is looked after.
	Tenant
	// Action is something that the program does.
	Action
	// Setting is something that can be set in the program.
	Setting

	kinds = iota // how many there are
)

// Entry is a thing that can be found.
type Entry struct {
	Kind Kind
	// ID tells it from others of its kind.
	ID string
	// Title is its name, as it is shown.
	Title string
	// Names are other names and the words that people use for it, a phrase each. The first
	// Prime of them are those that it answers best of all.
	Names []string
	Prime int
	// Texts are sentences about it, in each language.
	Texts []string
	// Details are names within it: parameters, values, columns.
	Details []string
	// Common says that people look for it more than for others.
	Common bool
	// Order decides between things that fit alike: the lower comes first.
	Order int
}

// Preference is what a person has used: found first where words fit alike, and shown
// while nothing is typed.
type Preference struct {
	// Favourites and Recent have keys as [Entry.Key] gives them, the first first.
	Favourites, Recent []string
}

// Key tells the entry from all others, of other kinds too.
func (e Entry) Key() string { return string(rune('0'+e.Kind)) + e.ID }
