package runs

import "sync/atomic"

// This file is no part of the program; see watched.go beside it.
var planted atomic.Bool

// PlantRedraw makes the next redraw of a tab's run panic, and asks for it.
func PlantRedraw(t *Tab) {
	planted.Store(true)
	t.run.redraw.news()
}

func plantedRedraw() {
	if planted.Load() {
		panic("planted in a redraw")
	}
}
