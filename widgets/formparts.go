package widgets

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// formHead is what stands over the fields: the parameter sets, the search, and 'More
// parameters'.
type formHead struct {
	asks   headAsks
	sets   []ParameterSet
	tabs   *Segments
	list   *Picker // where the tabs are too many to stand beside each other
	search *Entry
	more   *Button
	box    *fyne.Container
}

const mostTabs = 4

// headAsks is what the head asks of its form.
type headAsks struct {
	choose func(set string) // as a person who chooses a parameter set
	search func(text string)
	more   func() // to show the fields that are not shown, or to hide them again
	first  func() // to give the keyboard to the first field
	pasted func(text string) bool
}

func newFormHead(asks headAsks) *formHead {
	h := &formHead{asks: asks, tabs: NewSegments(nil), search: NewEntry()}
	h.tabs.OnChanged = func(i int) { asks.choose(h.sets[i].Name) }
	h.list = NewPicker(h.find, func(i Item) { asks.choose(i.ID) })
	h.search.SetPlaceHolder(tr("Find a parameter"))
	h.search.OnChanged = asks.search
	h.search.OnKey = h.searchKey
	h.search.OnPaste = asks.pasted
	h.more = NewLink("", asks.more)
	height := h.search.MinSize().Height
	h.box = hline(12, 3, h.tabs, sized(h.list, 210, height), sized(h.search, 220, height), gap(), h.more)
	return h
}

// setSets shows the sets, one of them chosen.
func (h *formHead) setSets(sets []ParameterSet, chosen string) {
	h.sets = sets
	words, at := make([]string, len(sets)), 0
	for i, s := range sets {
		words[i] = s.title()
		if s.Name == chosen {
			at = i
			h.list.SetItem(Item{ID: s.Name, Title: s.title()})
		}
	}
	h.tabs.SetWords(words, at)
	h.fit(0)
	h.search.setSilently("")
}

// roomToSearch is how wide the search has to be beside the sets.
const roomToSearch = 160

// fit shows the sets as tabs where they have room beside each other, else as a list; width 0
// is not known yet.
func (h *formHead) fit(width float32) {
	tabs := len(h.sets) > 1 && len(h.sets) <= mostTabs
	if width > 0 && tabs && h.box.Objects[2].Visible() {
		room := width - h.tabs.MinSize().Width - roomToSearch - 12
		if h.more.Visible() {
			room -= h.more.MinSize().Width + 12
		}
		tabs = room >= 0
	}
	show(h.tabs, tabs)
	show(h.box.Objects[1], len(h.sets) > 1 && !tabs)
}

func (h *formHead) find(text string) []Item {
	var out []Item
	needle := []rune(strings.ToLower(text))
	for _, s := range h.sets {
		if len(needle) == 0 || containsFold(s.title(), needle) {
			out = append(out, Item{ID: s.Name, Title: s.title()})
		}
	}
	return out
}

func (s ParameterSet) title() string {
	if s.Label != "" {
		return s.Label
	}
	return s.Name
}

// searchKey leaves the search, or goes from it to the first field that it found.
func (h *formHead) searchKey(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyEscape:
		if h.search.Text == "" {
			return false
		}
		h.search.SetText("")
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyDown:
		h.asks.first()
	default:
		return false
	}
	return true
}

// tell says how many fields there are, and how many of them are not shown; more is that those
// are shown too.
func (h *formHead) tell(all, hidden int, more bool) {
	show(h.box.Objects[2], all >= searchFrom)
	show(h.more, h.search.Text == "" && (hidden > 0 || more))
	h.more.SetText(tr("More parameters ({{.count}})", "count", strconv.Itoa(hidden)))
	if more {
		h.more.SetText(tr("Fewer parameters"))
	}
}

// visible tells whether there is anything to show over the fields.
func (h *formHead) visible() bool {
	return h.tabs.Visible() || h.box.Objects[1].Visible() || h.box.Objects[2].Visible() || h.more.Visible()
}

// formFoot is the row of Run and Stop: what holds Run back, how many values are sent, and
// more actions.
type formFoot struct {
	run     *Button
	stop    *Button
	mend    *Button // goes to the first field that holds Run back
	sent    *Text
	clear   *Button
	running bool
	barred  bool // nothing can be run
	folded  bool
	counted bool            // some values are sent
	said    *fyne.Container // Run, and what it says
	more    *fyne.Container // the actions
	box     *fyne.Container // both
}

// footAsks is what the foot asks of its form.
type footAsks struct{ run, stop, mend, clear func() }

func newFormFoot(asks footAsks) *formFoot {
	b := &formFoot{run: NewPrimaryButton(tr("Run"), asks.run), sent: NewCutText("", MutedText)}
	b.stop = NewButton(tr("Stop"), asks.stop)
	b.stop.Disable()
	b.mend = NewLink("", asks.mend)
	b.mend.Icon, b.mend.cut, b.mend.leading = IconFailure, true, true
	b.mend.Hide()
	b.clear = styled(tr("Clear"), QuietButton, asks.clear)
	b.said = hline(8, 3, b.run, b.stop, b.mend, b.sent, b.clear)
	b.more = newFlowAtEnd(8)
	b.box = &fyne.Container{Layout: &footLines{gap: 8}, Objects: []fyne.CanvasObject{b.said, b.more}}
	return b
}

func (b *formFoot) setActions(actions []fyne.CanvasObject) {
	b.more.Objects = actions
}

// footLines puts Run with what it says, and the actions, beside each other; where both do not
// fit, the actions stand below: Run names where it runs, and nothing is cut away or stands over
// what is beside the form.
type footLines struct{ gap float32 }

// beside is the width of the actions in one line, with a gap before each, and tells whether
// they fit beside Run.
func (l *footLines) beside(objects []fyne.CanvasObject, width float32) (actions float32, fits bool) {
	for _, o := range objects[1].(*fyne.Container).Objects {
		if o.Visible() {
			actions += l.gap + o.MinSize().Width
		}
	}
	return actions, actions == 0 || objects[0].MinSize().Width+actions <= width
}

// HeightFor is the height of both, at a width.
func (l *footLines) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	height := objects[0].MinSize().Height
	if _, fits := l.beside(objects, width); fits {
		return height
	}
	return height + l.gap + HeightFor(objects[1], width)
}

// MinSize is that of one line.
func (l *footLines) MinSize(objects []fyne.CanvasObject) fyne.Size {
	actions, _ := l.beside(objects, 0)
	return objects[0].MinSize().AddWidthHeight(actions, 0)
}

// Layout is Fyne's.
func (l *footLines) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	said, more := objects[0].(*fyne.Container), objects[1].(*fyne.Container)
	height := said.MinSize().Height
	actions, fits := l.beside(objects, size.Width)
	if fits {
		layLine(said, fyne.NewPos(0, 0), fyne.NewSize(size.Width-actions, height), 0)
		lay(more, fyne.NewPos(size.Width-actions+l.gap, 0), fyne.NewSize(actions-l.gap, height)) // they may be others than before
		return
	}
	layLine(said, fyne.NewPos(0, 0), fyne.NewSize(size.Width, height), 0)
	lay(more, fyne.NewPos(0, height+l.gap), fyne.NewSize(size.Width, HeightFor(more, size.Width)))
}

func (b *formFoot) setRunning(running bool) {
	b.running = running
	b.run.Enable()
	if running || b.barred {
		b.run.Disable()
	}
	b.stop.Disable()
	if running {
		b.stop.Enable()
	}
}

// tell says how many values are sent and which fields hold Run back.
func (b *formFoot) tell(sent int, bad []*formCell) {
	text := ""
	switch sent {
	case 0:
	case 1:
		text = tr("1 value will be sent")
	default:
		text = tr("{{.n}} values will be sent", "n", strconv.Itoa(sent))
	}
	b.sent.SetText(text)
	show(b.mend, len(bad) > 0)
	b.counted = sent > 0
	b.fold(b.folded)
	if l, ok := b.said.Layout.(*line); ok { // the one that says something takes the room
		l.grow = slices.Index(b.said.Objects, fyne.CanvasObject(b.sent))
		if len(bad) > 0 {
			l.grow = slices.Index(b.said.Objects, fyne.CanvasObject(b.mend))
		}
	}
	switch len(bad) {
	case 0:
	case 1:
		b.mend.SetText(tr("1 field to correct: {{.field}}", "field", bad[0].field.label()))
	default:
		b.mend.SetText(tr("{{.n}} fields to correct, first: {{.field}}", "n", strconv.Itoa(len(bad)), "field", bad[0].field.label()))
	}
	b.box.Refresh()
}

// fold hides how many values are sent, and Clear, where the line of the folded form says
// which they are: so the buttons fit beside it.
func (b *formFoot) fold(folded bool) {
	b.folded = folded
	show(b.clear, b.counted && !folded)
	show(b.sent, !b.mend.Visible() && !folded)
}

// formStrip shows the PowerShell of the call as it is typed.
type formStrip struct {
	hooks  *FormHooks
	folded bool
	fold   *Button
	text   *Text
	wrong  *Text
	copy   *Button
	box    *fyne.Container
	height float32 // of the call that was written last
}

func newFormStrip(hooks *FormHooks, turn func()) *formStrip {
	s := &formStrip{hooks: hooks, text: NewParagraph("", CodeText), wrong: NewParagraph("", ErrorText)}
	s.fold = NewIconButton(IconChevronDown, tr("Show or hide the PowerShell"), turn)
	s.copy = NewButton(tr("Copy"), func() { fyne.CurrentApp().Clipboard().SetContent(s.text.Value()) })
	s.copy.Small = true
	words := NewColumn(2, s.text, s.wrong)
	rolls := &fyne.Container{Layout: &rolled{inside: words}, Objects: []fyne.CanvasObject{container.NewVScroll(words)}}
	s.box = hline(8, 2, s.fold, NewSign(IconTerminal, MutedText, "PowerShell"), rolls, s.copy)
	return s
}

// tell writes the call, and tells whether that takes another height at a width than the one
// before. A value that cannot be sent is named, not written.
func (s *formStrip) tell(values map[string]string, bad []*formCell, width float32) (grown bool) {
	if s.hooks.Preview == nil {
		return false
	}
	var names []string
	for _, c := range bad {
		delete(values, c.field.Name)
		if c.editor.text() != "" {
			names = append(names, "-"+c.field.Name)
		}
	}
	s.text.SetText(s.hooks.Preview(values))
	s.wrong.SetText("")
	if len(names) > 0 {
		s.wrong.SetText(tr("Not written: {{.names}}", "names", strings.Join(names, ", ")))
	}
	show(s.wrong, len(names) > 0)
	was := s.height
	s.height = s.heightFor(width)
	return s.height != was
}

// rolled gives what stands in a scroll the height that it wants, as far as there is room;
// the rest can be scrolled to.
type rolled struct{ inside fyne.CanvasObject }

// HeightFor is the height of all.
func (r *rolled) HeightFor(_ []fyne.CanvasObject, width float32) float32 {
	return HeightFor(r.inside, width)
}

func (r *rolled) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

func (r *rolled) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	place(objects[0], 0, 0, size.Width, size.Height)
}

// heightFor is the height of the strip at a width, 0 where nothing writes PowerShell.
func (s *formStrip) heightFor(width float32) float32 {
	switch {
	case s.hooks.Preview == nil:
		return 0
	case s.folded:
		return 26
	}
	return min(HeightFor(s.box, width), 74) + 10
}

// formFold is the line that a folded form shows: what was asked.
type formFold struct {
	folded bool
	asked  *Text
	box    *fyne.Container
}

func newFormFold(unfold func()) *formFold {
	d := &formFold{asked: NewCutText("", MutedText)}
	open, change := NewIconButton(IconChevronRight, tr("Show the form"), unfold), NewLink(tr("Change"), unfold)
	d.box = hline(8, 2, open, NewText(tr("Asked"), StrongText), d.asked, change)
	return d
}

// show hides the text of a folded strip.
func (s *formStrip) show() {
	s.fold.SetIcon(IconChevronDown)
	if s.folded {
		s.fold.SetIcon(IconChevronRight)
	}
	show(s.box.Objects[2], !s.folded)
	show(s.copy, !s.folded)
}

// FormKeys lists what the keyboard does in a ParameterForm, in English, which is the key of
// a translation.
func FormKeys() []KeyHelp {
	return []KeyHelp{
		{"Enter in a line of text", "Run"},
		{"F1 in a field", "Name and type of the parameter"},
		{"Delete on a label", "Do not send the field"},
		{"Up, Down in a number or date", "Increase or decrease; next or previous day"},
		{"F4 in a date", "Calendar"},
		{"Left, Right on options side by side", "Choose another"},
		{"Space, Enter, Down or a letter on a list", "Open it and search"},
	}
}
