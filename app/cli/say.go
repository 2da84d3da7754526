package cli

import (
	"fmt"
	"io"

	"postroom/session/harmless"
)

// say writes to a terminal, or to what may be one. Whatever is put into the
// format is made harmless: texts of servers, files and people cannot move the
// cursor, and their further lines are indented, so that none passes for a line
// of ours. Everything that this package prints for people goes through here;
// the linter knows.
func say(w io.Writer, format string, args ...any) {
	for i, a := range args {
		switch a := a.(type) {
		case string:
			args[i] = harmless.Terminal(a, indent)
		case error:
			args[i] = harmless.Terminal(a.Error(), indent)
		case fmt.Stringer:
			args[i] = harmless.Terminal(a.String(), indent)
		}
	}
	//lint:ignore forbidden this is the one place that prints
	_, _ = fmt.Fprintf(w, format, args...) // nothing can be done about a closed terminal
}

// indent stands before the further lines of what others wrote.
const indent = "    "

// sayOwn writes a text of ours of several lines, as it is.
func sayOwn(w io.Writer, text string) {
	//lint:ignore forbidden the text is a constant of this package, or made of such
	_, _ = io.WriteString(w, text) // nothing can be done about a closed terminal
}
