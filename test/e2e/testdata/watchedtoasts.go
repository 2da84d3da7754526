package widgets

import (
	"fmt"
	"os"
)

// This file is no part of the program; see app/watched.go, beside which it is built.

// tellToast tells of a toast, which may have gone before somebody looks.
func tellToast(t Toast) { fmt.Fprintf(os.Stderr, "toast: %q\n", t.Text) }
