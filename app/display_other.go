//go:build !linux

package app

// watchDisplay has nothing to watch: only an X server goes away by itself.
func watchDisplay(func()) {}
