package desk_test

import (
	"testing"

	"postroom/app/desk"
)

// What was read earlier never takes the place of what was read later, in whatever order the
// workers end; what comes in order is taken each time.
func TestOrderKeepsTheNewest(t *testing.T) {
	for _, ends := range [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		var o desk.Order
		var overtaken []func() bool
		for range 3 {
			overtaken = append(overtaken, o.Begin())
		}
		newest := -1
		for _, n := range ends {
			if old := overtaken[n](); old != (n < newest) {
				t.Errorf("ended in the order %v: %d after %d is overtaken: %v", ends, n, newest, old)
			}
			newest = max(newest, n)
		}
	}
}
