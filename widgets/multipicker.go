package widgets

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
)

// MultiPicker lets a person choose some of a list of words: the list stays open, Enter or
// a tap ticks, Escape closes.
// Most of its methods are the Picker's, which it is with ticks.
type MultiPicker struct {
	Picker

	OnChanged func(chosen []string)
	// Titled gives what people call a choice; nil where that is the choice itself.
	Titled func(choice string) string

	choices []string
	chosen  []string
}

// NewMultiPicker returns a picker with nothing chosen.
func NewMultiPicker(choices []string, changed func(chosen []string)) *MultiPicker {
	p := &MultiPicker{choices: slices.Clone(choices), OnChanged: changed}
	p.PlaceHolder = tr("not set")
	p.outer = p
	p.ExtendBaseWidget(p)
	p.Search = p.find
	return p
}

// Chosen returns what is ticked, in the order of the choices.
func (p *MultiPicker) Chosen() []string { return slices.Clone(p.chosen) }

// SetChosen ticks these choices and no others; words that are no choice are kept.
func (p *MultiPicker) SetChosen(chosen []string) {
	p.chosen = slices.Clone(chosen)
	p.showChosen()
}

func (p *MultiPicker) find(text string) []Item {
	needle := []rune(strings.ToLower(text))
	var items []Item
	for _, c := range p.choices {
		if len(needle) == 0 || containsFold(p.titled(c), needle) {
			items = append(items, Item{ID: c, Title: p.titled(c)})
		}
	}
	return items
}

func (p *MultiPicker) titled(choice string) string {
	if p.Titled == nil {
		return choice
	}
	return p.Titled(choice)
}

func (p *MultiPicker) showChosen() {
	if len(p.chosen) == 0 {
		p.Clear()
		return
	}
	titles := make([]string, len(p.chosen))
	for i, c := range p.chosen {
		titles[i] = p.titled(c)
	}
	p.SetItem(Item{Title: strings.Join(titles, ", ")})
}

// Open opens the list.
func (p *MultiPicker) Open() { p.openTicks("") }

// Tapped opens the list.
func (p *MultiPicker) Tapped(*fyne.PointEvent) {
	if !p.Disabled() {
		focus(p)
	}
	p.Open()
}

// TypedKey opens the list.
func (p *MultiPicker) TypedKey(e *fyne.KeyEvent) {
	if p.OnKey != nil && p.OnKey(e) {
		return
	}
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter, fyne.KeyDown:
		spend(e)
		p.Open()
	default:
		passKey(p, e)
	}
}

// TypedRune opens the list and searches.
func (p *MultiPicker) TypedRune(c rune) {
	if c != ' ' {
		p.openTicks(string(c))
	}
}

func (p *MultiPicker) openTicks(text string) {
	p.openChooser(text, func(c *chooser) {
		c.mark = func(i Item) Icon {
			if slices.Contains(p.chosen, i.ID) {
				return IconBoxOn
			}
			return IconBox
		}
		c.chosen = func(i Item) {
			p.toggle(i.ID)
			c.list.Refresh()
		}
	})
}

func (p *MultiPicker) toggle(word string) {
	if i := slices.Index(p.chosen, word); i >= 0 {
		p.chosen = slices.Delete(p.chosen, i, i+1)
	} else {
		p.chosen = append(p.chosen, word)
		slices.SortStableFunc(p.chosen, func(a, b string) int {
			return slices.Index(p.choices, a) - slices.Index(p.choices, b)
		})
	}
	p.showChosen()
	if p.OnChanged != nil {
		p.OnChanged(p.Chosen())
	}
}
