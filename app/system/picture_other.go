//go:build !linux

package system

import (
	"fmt"
	"sync"

	"golang.design/x/clipboard"
)

// opened makes the clipboard ready, once.
var opened = sync.OnceValue(clipboard.Init)

// CopyPicture puts a picture, a PNG, on the system's clipboard; the system keeps it there.
// It must not be called on the UI thread.
func CopyPicture(png []byte, _ func()) error {
	if err := opened(); err != nil {
		return fmt.Errorf("copy a picture: %w", err)
	}
	clipboard.Write(clipboard.FmtImage, png)
	return nil
}
