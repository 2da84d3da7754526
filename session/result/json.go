package result

import (
	"context"
	"io"
)

// JSONOptions say how JSON is written.
type JSONOptions struct {
	// Lines writes one object a line instead of an array.
	Lines bool
	// Indent makes an array readable; not with Lines.
	Indent bool
}

// WriteJSON writes the view as JSON: an object for each row, keys in column order,
// numbers as numbers, dates as ISO 8601 texts, lists as arrays, null as null, absent
// cells left away. The error is the writer's or the context's.
func WriteJSON(ctx context.Context, w io.Writer, v *View, o JSONOptions) error { return nil }
