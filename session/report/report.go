package report

import (
	"slices"
	"strings"
)

// Report is one report, as it stands in a file.
type Report struct {
	// Name is the id: small letters, digits and hyphens.
	Name string `json:"name"`
	// Rank is the place among the most useful ones, from 1; 0 has none.
	Rank  int  `json:"rank,omitempty"`
	Title Text `json:"title"`
	// Asks is the question that it answers, Caveat what to know about the answer.
	Asks   Text   `json:"asks,omitzero"`
	Caveat Text   `json:"caveat,omitzero"`
	Group  string `json:"group,omitempty"`
	// Services have it: EXO, EOP, ONPREM, SCC; none means any.
	Services  []string   `json:"services,omitempty"`
	Questions []Question `json:"questions,omitempty"`
	Steps     []Step     `json:"steps,omitempty"`
	// Shape is what is made of the rows.
	Shape
	// Compare makes it a report of what changed in others; it has no steps then.
	Compare *Compare `json:"compare,omitempty"`
	// Variants replace steps and shape for the services that they name.
	Variants []Variant `json:"variants,omitempty"`
	// Own says that a person made it.
	Own bool `json:"-"`
	// Allowed says that the person lets it change something. Only one's own do.
	Allowed bool `json:"-"`
}

// Shape is what a report makes of the rows of its steps, in this order: expand,
// compute, keep, group, mark, sort.
type Shape struct {
	Expand  *Expand  `json:"expand,omitempty"`
	Columns []Column `json:"columns"`
	// Order are the names of the columns that are given, where that is not their
	// own order: a column that is computed from another stands behind it.
	Order []string `json:"order,omitempty"`
	// Keep is the condition on a row; "" keeps all. A row whose follow-up failed stays.
	Keep string `json:"keep,omitempty"`
	// GroupBy are the columns whose values make the groups; the other columns
	// have a Total then.
	GroupBy []string `json:"group_by,omitempty"`
	// Grouped is a column whose values stand as headings over their rows in a window.
	Grouped string `json:"grouped,omitempty"`
	// Sort has columns, the most important first, "Name desc" from large to small.
	Sort  []string `json:"sort,omitempty"`
	Marks []Mark   `json:"marks,omitempty"`
}

// Variant is how some services do it.
type Variant struct {
	Services []string `json:"services"`
	Steps    []Step   `json:"steps"`
	Shape
}

// Text is what people read, by language.
type Text struct {
	En string `json:"en"`
	De string `json:"de,omitempty"`
}

// In gives the text in a language by its BCP 47 tag; English where there is no
// other.
func (t Text) In(language string) string {
	if t.De != "" && (language == "de" || strings.HasPrefix(language, "de-") || strings.HasPrefix(language, "de_")) {
		return t.De
	}
	return t.En
}

// Kinds of questions.
const (
	AskText     = "text"
	AskIdentity = "identity" // a mailbox, a group: something that a cmdlet's -Identity takes
	AskChoice   = "choice"
	AskDate     = "date" // also relative: today-7d, now-2h
	AskNumber   = "number"
	// AskReports is for names of reports, with commas between; Choices are offered.
	AskReports = "reports"
)

// Question is what a report asks before it runs.
type Question struct {
	Name string `json:"name"`
	// Kind is one of AskText and its kin.
	Kind  string `json:"kind"`
	Label Text   `json:"label,omitzero"`
	// Choices are offered for AskChoice; Several says that more than one may be
	// taken, with commas between.
	Choices []string `json:"choices,omitempty"`
	Several bool     `json:"several,omitempty"`
	Default string   `json:"default,omitempty"`
	// Needed says that the report cannot run without an answer.
	Needed bool `json:"needed,omitempty"`
	// Of names the things that an answer may be (see Thing): a cell or a row of
	// such a thing leads to the report.
	Of []string `json:"of,omitempty"`
	// From are columns of such a row that answer a question which is not Of it.
	From []string `json:"from,omitempty"`
}

// How a step follows the ones before.
const (
	Each  = "each"  // once for each row of the step before
	Once  = "once"  // one more call; its rows are joined to those before by On
	Whole = "whole" // one more call; expressions see its columns as lists of all values
)

// Step is one command or pipeline.
type Step struct {
	// Run is PowerShell text. {Name} stands for that property of the row of the
	// step before, {1.Name} of step 1, {?name} for an answer (a parameter with an
	// empty one is left out), {now-2d}, {today-7d} for times, {page} for a number
	// that counts up until a page is short, {guid} for one new GUID a run. They
	// are put in as values: nothing in an answer or in a row becomes a command.
	Run string `json:"run"`
	// How is "" for the first step, else Each, Once or Whole.
	How string `json:"how,omitempty"`
	// On joins, for Once; for Each it says how the rows of one pipeline of both
	// steps are told apart, so that one round trip does for all rows.
	On *Join `json:"on,omitempty"`
	// Per does for all rows of an Each step with On where no pipeline serves.
	Per *Per `json:"per,omitempty"`
	// Keep is a condition on this step's own rows before they are joined.
	Keep string `json:"keep,omitempty"`
}

// Join says which rows belong together: where Left of the step before has the
// value that Right of this step has. Missing rows of this step leave empty cells.
type Join struct {
	Left  string `json:"left"`
	Right string `json:"right"`
}

// Per is how some services give the rows of a step by what holds them, such as a
// mailbox database: a call for each of these instead of one for each row.
type Per struct {
	Services []string `json:"services"`
	// Of gives what holds the rows; Run is called for each, {Name} is that property
	// of it.
	Of  string `json:"of"`
	Run string `json:"run"`
}

// Expand makes a row of each entry of lists.
type Expand struct {
	// Lists are the properties whose entries are taken.
	Lists []string `json:"lists"`
	// Entry and List name the two new properties: the entry, and which list had it.
	Entry string `json:"entry"`
	List  string `json:"list,omitempty"`
}

// Column is one column of a report.
type Column struct {
	// Name stands in files.
	Name string `json:"name"`
	// Title is its heading for people; empty means the name's own words.
	Title Text `json:"title,omitzero"`
	// Value computes it; "" takes the property of that name.
	Value string `json:"value,omitempty"`
	// Total is, in a grouped report, what is made of a group's rows: "count",
	// "distinct", "sum", "min", "max" of Value; with Value "" and "count" the rows.
	Total string `json:"total,omitempty"`
	// Hidden columns are computed, for others and for Keep, Sort and Marks, and
	// not given.
	Hidden bool `json:"hidden,omitempty"`
}

// Mark says something of a row that stands out.
type Mark struct {
	// Column is the cell that is marked.
	Column string `json:"column"`
	// When is the condition, over the report's columns and the rows' properties.
	When string `json:"when"`
	// Text is the fact, a few words.
	Text Text `json:"text"`
}

// MarksColumn is our own column with the texts of a row's marks. A server's
// property of that name stands as "Marks (server)".
const MarksColumn = "Marks"

// For gives steps and shape for a service; "" takes the report's own.
func (r Report) For(service string) ([]Step, Shape) {
	for _, v := range r.Variants {
		if slices.Contains(v.Services, service) {
			shape := v.Shape
			if len(shape.Columns) == 0 {
				shape = r.Shape
			}
			return v.Steps, shape
		}
	}
	return r.Steps, r.Shape
}

// Has says that a service has the report.
func (r Report) Has(service string) bool {
	return service == "" || len(r.Services) == 0 || slices.Contains(r.Services, service)
}

// Question finds a question by its name, letter case aside.
func (r Report) Question(name string) (Question, bool) {
	for _, q := range r.Questions {
		if strings.EqualFold(q.Name, name) {
			return q, true
		}
	}
	return Question{}, false
}

func (r Report) questionNames() []string {
	var names []string
	for _, q := range r.Questions {
		names = append(names, q.Name)
	}
	return names
}

// Slow says that it makes a call for each row of a step which one pipeline
// cannot do for all.
func (r Report) Slow(service string) bool {
	steps, _ := r.For(service)
	return slices.ContainsFunc(steps, func(s Step) bool { return s.How == Each && s.On == nil })
}
