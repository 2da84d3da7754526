package cli

import (
	"encoding/json"
	"fmt"
	"io"
)

// writeJSON writes what every --json prints but rows, which session/result writes: indented,
// with <, > and & as they are, as rows have them. No browser reads it, people and scripts do.
func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}
