package widgets

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Message is something that was said while a run went on.
type Message struct {
	Severity Severity
	Text     string
	Source   string // tenant or cmdlet, shown behind the text; may be empty
	Time     string // as it should be shown; may be empty
}

// MessageList shows messages in the order in which they came, with counts that filter,
// the whole text of the current one, and Copy all.
type MessageList struct {
	widget.BaseWidget

	OnCopy func(text string) // nil: the list writes to the clipboard
	OnOpen func(i int)       // a message was opened with Enter or a tap, number in the order given

	messages []Message
	counts   [Failure + 1]int
	shown    []int // messages that pass the filter
	filter   int   // -1 all, else the lowest severity of the filter
	list     *focusList
	full     *Text
	filters  [3]*Button // errors, warnings, all
	copyAll  *Button
}

// NewMessageList returns an empty list.
func NewMessageList() *MessageList {
	l := &MessageList{filter: -1, full: NewParagraph("", BodyText)}
	l.list = newFocusList(l.row)
	l.list.onTap = l.open
	l.list.onKey = func(e *fyne.KeyEvent) bool {
		if l.list.key(e.Name) {
			l.showFull()
			return true
		}
		return false
	}
	l.list.onCut = func(s fyne.Shortcut) bool {
		if _, ok := s.(*fyne.ShortcutCopy); ok {
			l.copyOne()
			return true
		}
		return false
	}
	for i, f := range []int{int(Failure), int(Warning), -1} {
		l.filters[i] = NewButton("", func() { l.setFilter(f) })
		l.filters[i].Style, l.filters[i].Small = QuietButton, true
	}
	l.copyAll = NewLink(tr("Copy all"), l.copyEverything)
	l.copyAll.Small = true
	l.ExtendBaseWidget(l)
	l.rebuild()
	return l
}

// SetMessages replaces the messages.
func (l *MessageList) SetMessages(m []Message) {
	l.messages = slices.Clone(m)
	l.list.current = -1
	l.recount()
}

// Append adds messages at the end, and keeps the end in sight when it was.
func (l *MessageList) Append(m ...Message) {
	atEnd := l.atEnd()
	for _, message := range m {
		l.messages = append(l.messages, message)
		l.count(message)
		if l.passes(message) {
			l.shown = append(l.shown, len(l.messages)-1)
		}
	}
	l.showCounts(atEnd)
}

// Clear takes all messages away.
func (l *MessageList) Clear() { l.SetMessages(nil) }

// Count returns how many messages of a severity there are.
func (l *MessageList) Count(s Severity) int {
	if s < 0 || int(s) >= len(l.counts) {
		return 0
	}
	return l.counts[s]
}

func (l *MessageList) recount() {
	l.counts = [Failure + 1]int{}
	for _, m := range l.messages {
		l.count(m)
	}
	l.rebuild()
}

func (l *MessageList) count(m Message) {
	if m.Severity >= 0 && int(m.Severity) < len(l.counts) {
		l.counts[m.Severity]++
	}
}

func (l *MessageList) passes(m Message) bool { return l.filter < 0 || int(m.Severity) == l.filter }

// atEnd tells whether the last line is in sight and nobody has gone elsewhere.
func (l *MessageList) atEnd() bool {
	return l.list.count == 0 || l.list.current < 0 && l.list.top+int(l.list.Size().Height/listRow)+1 >= l.list.count
}

func (l *MessageList) setFilter(f int) {
	l.filter = f
	l.list.current = -1
	l.rebuild()
}

func (l *MessageList) rebuild() {
	atEnd := l.atEnd()
	l.shown = l.shown[:0]
	for i, m := range l.messages {
		if l.passes(m) {
			l.shown = append(l.shown, i)
		}
	}
	l.showCounts(atEnd)
}

func (l *MessageList) showCounts(atEnd bool) {
	l.filters[0].SetText(tr("Errors {{.count}}", "count", grouped(l.counts[Failure])))
	l.filters[1].SetText(tr("Warnings {{.count}}", "count", grouped(l.counts[Warning])))
	l.filters[2].SetText(tr("Messages {{.count}}", "count", grouped(len(l.messages))))
	for i, f := range []int{int(Failure), int(Warning), -1} {
		style := QuietButton
		if f == l.filter {
			style = LinkButton
		}
		l.filters[i].SetStyle(style)
	}
	show(l.copyAll, len(l.messages) > 0)
	l.list.setCount(max(1, len(l.shown)), l.list.current)
	if atEnd {
		l.list.scrollTo(len(l.shown) - 1)
	}
	l.showFull()
}

func (l *MessageList) row(i int) row {
	if i >= len(l.shown) {
		return row{Title: tr("No messages"), Note: true}
	}
	m := l.messages[l.shown[i]]
	role := severityRole(m.Severity)
	if m.Severity == Success {
		role = BodyText
	}
	return row{Mark: severityIcon(m.Severity), MarkRole: severityRole(m.Severity), Title: m.Text, Role: role, Detail: m.Source, Hint: m.Time}
}

func (l *MessageList) open(i int) {
	l.list.choose(i)
	l.showFull()
	if i < len(l.shown) && l.OnOpen != nil {
		l.OnOpen(l.shown[i])
	}
}

// showFull shows the whole text of the current message under the list.
func (l *MessageList) showFull() {
	text := ""
	if i := l.list.current; i >= 0 && i < len(l.shown) {
		text = l.messages[l.shown[i]].Text
	}
	l.full.SetText(text)
	show(l.full, text != "")
	l.Refresh()
}

func (l *MessageList) copyOne() {
	if i := l.list.current; i >= 0 && i < len(l.shown) {
		l.copy(l.messages[l.shown[i]].Text)
	}
}

func (l *MessageList) copyEverything() {
	var b strings.Builder
	for _, m := range l.messages {
		for _, part := range []string{m.Time, severityName(m.Severity), m.Source} {
			if part != "" {
				b.WriteString(part + "\t")
			}
		}
		b.WriteString(strconv.Quote(m.Text) + "\n")
	}
	l.copy(b.String())
}

// severityName is for copied text, which support reads: it is not translated.
func severityName(s Severity) string {
	switch s {
	case Failure:
		return "error"
	case Warning:
		return "warning"
	case Success:
		return "done"
	default:
		return "information"
	}
}

func (l *MessageList) copy(text string) {
	if l.OnCopy != nil {
		l.OnCopy(text)
		return
	}
	fyne.CurrentApp().Clipboard().SetContent(text)
}

// CreateRenderer is Fyne's.
func (l *MessageList) CreateRenderer() fyne.WidgetRenderer {
	r := &messageRenderer{l: l, back: newFlat(), line: newFlat()}
	r.head = hline(10, 3, l.filters[0], l.filters[1], l.filters[2], gap(), l.copyAll)
	r.objs = []fyne.CanvasObject{r.back, r.head, l.list, r.line, l.full}
	r.Refresh()
	return r
}

type messageRenderer struct {
	l          *MessageList
	back, line *canvas.Rectangle
	head       *fyne.Container
	objs       []fyne.CanvasObject
}

func (r *messageRenderer) Destroy()                     {}
func (r *messageRenderer) Objects() []fyne.CanvasObject { return r.objs }
func (r *messageRenderer) MinSize() fyne.Size           { return fyne.NewSize(r.head.MinSize().Width+16, 84) }

func (r *messageRenderer) Layout(s fyne.Size) {
	h := r.head.MinSize().Height
	place(r.back, 0, 0, s.Width, s.Height)
	place(r.head, 8, 4, s.Width-16, h)
	r.head.Layout.Layout(r.head.Objects, r.head.Size()) // a count may have grown by a digit
	bottom := s.Height
	if r.l.full.Visible() {
		need := min(r.l.full.HeightFor(s.Width-28)+12, s.Height/2)
		bottom -= need
		place(r.l.full, 14, bottom+6, s.Width-28, need-12)
		place(r.line, 0, bottom, s.Width, 1)
	}
	place(r.l.list, 6, h+8, s.Width-12, bottom-h-8)
}

func (r *messageRenderer) Refresh() {
	r.back.FillColor = colorOf(r.l, ColorNamePanel)
	r.line.FillColor = colorOf(r.l, theme.ColorNameSeparator)
	show(r.line, r.l.full.Visible())
	r.Layout(r.l.Size())
	canvas.Refresh(r.l)
}
