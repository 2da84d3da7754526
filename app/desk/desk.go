// Package desk is what every panel of the window works on: the canvas, the
// sheets over it, the notes in its corner, and the way between the UI thread and
// the workers. It knows no panel.
package desk

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"postroom/app/words"
	"postroom/widgets"
)

// Desk is the window as its panels need it. UI thread only, apart from Post and
// Spawn.
type Desk struct {
	Window fyne.Window
	Sheets *widgets.Sheets
	Toasts *widgets.ToastLayer
	// Post runs a function on the UI thread, soon, and never waits: fyne.Do, or
	// a queue in tests.
	Post func(func())
	// Spawn starts a goroutine. The caller says what ends it.
	Spawn func(func())

	clipboard fyne.Clipboard
	offered   []*fyne.MenuItem // by the menu that was opened last
}

// Offered are the items of the menu that was opened last.
func (d *Desk) Offered() []*fyne.MenuItem { return d.offered }

// New returns the desk of a window of a program.
func New(f fyne.App, w fyne.Window, post, spawn func(func())) *Desk {
	return &Desk{
		Window: w, Sheets: widgets.NewSheets(w.Canvas()), Toasts: widgets.NewToastLayer(),
		Post: post, Spawn: spawn, clipboard: f.Clipboard(),
	}
}

// Free tells that nothing lies over the window: no sheet that asks, no list that
// is open. What a key of the window stands for happens only then.
func (d *Desk) Free() bool { return d.Window.Canvas().Overlays().Top() == nil }

// Focus gives the keyboard to a widget.
func (d *Desk) Focus(f fyne.Focusable) { d.Window.Canvas().Focus(f) }

// Copy puts a text on the clipboard.
func (d *Desk) Copy(text string) { d.clipboard.SetContent(text) }

// Pasted gives the text of the clipboard.
func (d *Desk) Pasted() string { return d.clipboard.Content() }

// Menu shows a menu at a place on the canvas.
func (d *Desk) Menu(at fyne.Position, items ...*fyne.MenuItem) {
	d.offered = items
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", items...), d.Window.Canvas(), at)
}

// noteTime is how long a note stays on screen.
const noteTime = 6 * time.Second

// Note shows a short text in the corner for a moment.
func (d *Desk) Note(s widgets.Severity, text string) {
	d.Toasts.Add(widgets.Toast{Severity: s, Text: text, Until: time.Now().Add(noteTime)})
	time.AfterFunc(noteTime, func() { d.Post(func() { d.Toasts.Expire(time.Now()) }) })
}

// Problem shows an error that belongs to no panel. It stays until a person
// closes it, and leads to what support needs, and to what can be done about it. Of which
// file it is stands in it.
func (d *Desk) Problem(err error, actions ...widgets.Action) {
	p := words.Explain(err)
	text := strings.TrimSuffix(p.Title, ".") + ". "
	if p.Names {
		text += p.Cause + " "
	}
	d.Toasts.Add(widgets.Toast{
		Severity: widgets.Failure, Text: strings.TrimSpace(text + p.Fix),
		Actions: append(actions, widgets.Action{Label: lang.L("Details"), OnTapped: func() { d.ProblemSheet(err) }}),
	})
}

// Keep brings a file what has changed in memory, on a worker. What goes wrong is shown.
// keep waits for no person, and not without end for another process.
func (d *Desk) Keep(keep func(context.Context) error) {
	d.Spawn(func() { // ends when the file is written
		if err := keep(context.Background()); err != nil {
			d.Post(func() { d.Problem(err) })
		}
	})
}

// ProblemSheet shows an error whole.
func (d *Desk) ProblemSheet(err error) {
	var s *widgets.Sheet
	done := widgets.NewPrimaryButton(lang.L("Close"), func() { s.Hide() })
	s = d.Sheets.New(widgets.SheetSpec{Title: lang.L("Details"), Width: 620, Foot: widgets.NewFoot(nil, done)}, d.ProblemCard(err))
	s.Show(done)
}

// ProblemCard is an explained error, with the texts that go to whoever can help.
func (d *Desk) ProblemCard(err error) *widgets.ProblemCard {
	p := words.Explain(err)
	card := widgets.NewProblemCard(widgets.Problem{
		Severity: widgets.Failure, Title: p.Title, Cause: p.Cause, Fix: p.Fix, Who: words.Mender(p),
		Details: strings.TrimSpace("problem: " + p.ID + "\n" + p.Details), // by its name support finds the row of the table
	})
	card.OnCopy = d.Copy
	return card
}

// Fill is the layout of the window's content: it gives the whole window to what
// is in it, and the sheets over it a size that fits.
func (d *Desk) Fill() fyne.Layout { return &fill{d.Sheets} }

type fill struct{ sheets *widgets.Sheets }

// MinSize is Fyne's.
func (*fill) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.Size{}
	for _, o := range objects {
		size = size.Max(o.MinSize())
	}
	return size
}

// Layout is Fyne's.
func (l *fill) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.NewPos(0, 0))
		o.Resize(size)
	}
	l.sheets.Arrange()
}
