package cli

import (
	"io"
	"text/tabwriter"
)

// writeEntries writes entries as JSON, or as a table; of none a table has no head.
func writeEntries[E any](s Streams, asJSON bool, entries []E, head string, row func(io.Writer, E)) error {
	if asJSON {
		return writeJSON(s.Out, entries)
	}
	if len(entries) == 0 {
		return nil
	}
	w := tabwriter.NewWriter(s.Out, 0, 4, 2, ' ', 0)
	sayOwn(w, head)
	for _, e := range entries {
		row(w, e)
	}
	return w.Flush()
}
