package widgets

import "image/color"

// Item is one thing to choose: a tenant, an endpoint, a cmdlet, a report. Pickers, the
// completion entry and the command palette show items.
type Item struct {
	ID     string      // given back when the item is chosen
	Title  string      // first words, in the text colour
	Detail string      // secondary words, muted
	Group  string      // heading under which the item stands; items come in the order given
	Hint   string      // at the right end: a shortcut, a count
	Color  color.Color // of the badge; nil for no badge
	Pinned bool        // shown with a star
}

// SearchFunc returns the items for what was typed; empty text asks for the first choice
// (pinned, recent, all). It is called on the UI thread with every key, so it answers from
// memory: thousands of items are fine.
type SearchFunc func(text string) []Item
