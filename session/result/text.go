package result

import (
	"context"
	"io"
)

// TextOptions say how a console table is written.
type TextOptions struct {
	// Width is the console's width in character cells; 0 is without limit.
	Width int
}

// WriteText writes the view as a table for a console. The error is the writer's or the
// context's.
func WriteText(ctx context.Context, w io.Writer, v *View, o TextOptions) error { return nil }
