//go:build !linux

package system

// WatchDisplay has nothing to watch: only an X server goes away by itself.
func WatchDisplay(func()) {}
