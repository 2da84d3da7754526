package widgets

import "fyne.io/fyne/v2"

// CompletionEntry is an entry that offers what Search finds while somebody types. Down
// goes into the offers, Enter takes one or submits the text as it is, Escape closes them.
type CompletionEntry struct {
	Entry

	Search      SearchFunc
	OnChosen    func(Item)
	OnTyped     func(text string) // a person changed the text
	OnSubmitted func(text string) // Enter without an offer chosen

	chooser *chooser
}

// NewCompletionEntry returns an empty entry.
func NewCompletionEntry(search SearchFunc) *CompletionEntry {
	e := &CompletionEntry{Search: search}
	e.ExtendBaseWidget(e)
	e.Entry.OnChanged = e.typed
	e.Entry.OnKey = e.key
	return e
}

// SetText replaces the text. It calls no callback and opens nothing.
func (e *CompletionEntry) SetText(text string) { e.setSilently(text) }

func (e *CompletionEntry) setSilently(text string) {
	changed := e.Entry.OnChanged
	e.Entry.OnChanged = nil
	e.Entry.SetText(text)
	e.Entry.OnChanged = changed
}

// Opened tells whether offers are shown.
func (e *CompletionEntry) Opened() bool { return e.chooser != nil && e.chooser.shown() }

func (e *CompletionEntry) key(k *fyne.KeyEvent) bool {
	switch k.Name {
	case fyne.KeyDown:
		e.open()
		if e.chooser != nil {
			e.chooser.list.step(1)
		}
	case fyne.KeyReturn, fyne.KeyEnter:
		if e.OnSubmitted != nil {
			e.OnSubmitted(e.Text)
		}
	default:
		return false
	}
	return true
}

func (e *CompletionEntry) typed(text string) {
	if e.OnTyped != nil {
		e.OnTyped(text)
	}
	if text != "" && e.Search != nil && len(e.Search(text)) > 0 {
		e.open()
	}
}

// open lays a second entry with the same text over this one: keys go to a popup only.
func (e *CompletionEntry) open() {
	on := fyne.CurrentApp().Driver().CanvasForObject(e)
	if on == nil || e.Disabled() || e.Opened() {
		return
	}
	c := newChooser(e.Search)
	c.first = false
	c.leave = e.closeOffers
	refresh := c.entry.OnChanged
	c.entry.OnChanged = func(text string) {
		e.setSilently(text)
		refresh(text)
		if e.OnTyped != nil {
			e.OnTyped(text)
		}
	}
	c.chosen = func(i Item) {
		e.setSilently(i.Title)
		e.closeOffers()
		if e.OnChosen != nil {
			e.OnChosen(i)
		}
	}
	c.submit = func(text string) {
		e.closeOffers()
		if e.OnSubmitted != nil {
			e.OnSubmitted(text)
		}
	}
	e.chooser = c
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(e)
	c.open(on, chooserPlace{at: at, width: max(e.Size().Width, 260), rows: 8, text: e.Text})
}

func (e *CompletionEntry) closeOffers() {
	if e.chooser == nil {
		return
	}
	e.chooser.close()
	e.chooser = nil
	e.CursorColumn = len([]rune(e.Text))
	if c := fyne.CurrentApp().Driver().CanvasForObject(e); c != nil {
		c.Focus(e)
	}
}
