package cmdlet

import (
	"errors"
	"fmt"
)

// BindError says that the text for one parameter does not make a value.
type BindError struct {
	// Parameter is the parameter's name without the dash; empty when it is not about one.
	Parameter string
	// Text is what was given. Empty when it must not be shown.
	Text string
	// Want is what would have been right.
	Want Want
	// Kind is the parameter's kind where it is known.
	Kind Kind
	// Names are the allowed choices, or the parameters that an ambiguous name may mean.
	Names []string
}

// Want is what would have been right instead of a text that could not be bound.
type Want uint8

const (
	// wantNothing is for use within the package: there is no error.
	wantNothing Want = iota
	// WantKind means that the text does not read as the parameter's kind.
	WantKind
	// WantChoice means that the text is none of the choices, which are in Names.
	WantChoice
	// WantValue means that a mandatory parameter, or one that takes a value, has none.
	WantValue
	// WantKnown means that the cmdlet has no such parameter.
	WantKnown
	// WantUnambiguous means that the name is the beginning of several parameters' names,
	// which are in Names.
	WantUnambiguous
	// WantOnce means that the parameter was given twice, or an entry of a hashtable.
	WantOnce
	// WantSyntax means that the text is not complete: a quote, a brace or a parenthesis is
	// open, or a value is missing after a comma.
	WantSyntax
	// WantPosition means that there are more arguments without a name than the cmdlet takes.
	WantPosition
	// WantRange means that a number is outside what the parameter's type holds.
	WantRange
	// WantLiteral means that the text is an expression, a variable or a script block; only
	// literal values can be sent.
	WantLiteral
	// WantCommand means that the line is not one statement of cmdlets with their arguments:
	// there is none, or more than one, an assignment or a redirection.
	WantCommand
	// WantStage means that a command of a pipeline, or a parameter of it, is neither one
	// for the server nor one that this program does itself.
	WantStage
	// WantBefore means that a command of a pipeline would have to stand before the one in
	// Names, which this program does with the rows that come.
	WantBefore
	// WantSecret means that the line leaves a secret out: it has (Read-Host -AsSecureString),
	// (Get-Credential) or (ConvertTo-SecureString) in its place.
	WantSecret
	// WantCredential means that the user name or the password is missing.
	WantCredential
)

var wantTexts = [...]string{
	wantNothing: "nothing", WantKind: "a value of its kind", WantChoice: "one of its choices",
	WantValue: "a value", WantKnown: "a parameter of the cmdlet",
	WantUnambiguous: "an unambiguous name", WantOnce: "it once", WantSyntax: "a complete text",
	WantPosition: "a parameter's name", WantRange: "a number in range",
	WantLiteral: "a literal value", WantCommand: "one statement", WantStage: "a command that is understood",
	WantBefore: "an earlier place", WantSecret: "a secret",
	WantCredential: "a user name and a password",
}

// String gives what was wanted in a few words.
func (w Want) String() string {
	if int(w) < len(wantTexts) {
		return wantTexts[w]
	}
	return "Want(?)"
}

// Error gives the fact in a few words; session/diagnose has the sentence for people.
func (e *BindError) Error() string {
	what := e.Want.String()
	if e.Want == WantKind {
		what = e.Kind.String()
	}
	switch {
	case e.Parameter == "":
		return fmt.Sprintf("arguments: %q: want %s", e.Text, what)
	case e.Text == "":
		return fmt.Sprintf("parameter %s: want %s", e.Parameter, what)
	}
	return fmt.Sprintf("parameter %s: %q: want %s", e.Parameter, e.Text, what)
}

// BindErrors gives every *BindError within err, in order.
func BindErrors(err error) []*BindError {
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		var all []*BindError
		for _, e := range several.Unwrap() {
			all = append(all, BindErrors(e)...)
		}
		return all
	}
	if e, ok := errors.AsType[*BindError](err); ok {
		return []*BindError{e}
	}
	return nil
}
