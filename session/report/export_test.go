package report

import (
	"maps"
	"slices"
)

// Functions are the names of the functions of the language, sorted.
func Functions() []string { return slices.Sorted(maps.Keys(functions)) }
