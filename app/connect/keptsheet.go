package connect

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session/credential"
	"postroom/widgets"
)

// keptSheet lists what is kept with the keyring's help: each with what can be done about
// it, and a button for all of it.
type keptSheet struct {
	of     *Connector
	sheet  *widgets.Sheet
	rows   *fyne.Container
	wait   *widgets.Text // that the keyring waits, or what went wrong
	all    *widgets.Button
	load   func()             // reads the list and shows it
	cancel context.CancelFunc // of what is on its way; nil when nothing is
}

// newKeptSheet makes the page; load is set by whoever has the list.
func (c *Connector) newKeptSheet(spec widgets.SheetSpec, all *widgets.Button) *keptSheet {
	s := &keptSheet{of: c, rows: widgets.NewColumn(8), wait: widgets.NewParagraph("", widgets.WarningText), all: all}
	s.wait.Hide()
	spec.Width, spec.Foot = 680, widgets.NewFoot(all, widgets.NewButton(lang.L("Close"), s.leave))
	s.sheet = c.Desk.Sheets.New(spec, s.rows, s.wait)
	s.sheet.Leave = s.leave
	return s
}

func (s *keptSheet) show() {
	s.sheet.Show(s.all)
	s.load()
}

// leave ends what still waits for the keyring, and closes the page.
func (s *keptSheet) leave() {
	if s.cancel != nil {
		s.cancel()
	}
	s.sheet.Hide()
}

// list shows the rows, or a sentence where there are none.
func (s *keptSheet) list(rows []fyne.CanvasObject, none string) {
	s.rows.Objects = rows
	if len(rows) == 0 {
		s.rows.Add(widgets.NewParagraph(none, widgets.MutedText))
		s.all.Disable()
	} else {
		s.all.Enable()
	}
	s.sheet.Arrange()
}

// do works with the keyring on a worker, and says when that waits for the person; then is
// called on the UI thread when it has ended.
func (s *keptSheet) do(work func(context.Context) error, then func()) {
	if s.cancel != nil {
		s.cancel()
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	ctx = credential.NotifyWaiting(ctx, func(waiting bool) {
		s.of.Desk.Post(func() {
			s.say("")
			if waiting {
				s.say(lang.L("Waiting for your keyring to be unlocked ..."))
			}
		})
	})
	s.of.Desk.Spawn(func() { // ends with the keyring's answer, or when the page is left
		err := work(ctx)
		s.of.Desk.Post(func() {
			s.say("")
			if err != nil && ctx.Err() == nil {
				s.say(words.Explain(err).Title + " " + words.Explain(err).Fix)
			}
			cancel()
			then()
		})
	})
}

func (s *keptSheet) say(text string) {
	s.wait.SetText(text)
	widgets.SetVisible(s.wait, text != "")
	s.sheet.Arrange()
}

// sure asks once more before all of it goes: there is no way back.
func (s *keptSheet) sure(title, explanation, button string, work func(context.Context) error) {
	var sure *widgets.Sheet
	no := widgets.NewButton(lang.L("Cancel"), func() { sure.Hide() })
	yes := widgets.NewDangerButton(button, func() {
		sure.Hide()
		s.do(work, s.load)
	})
	sure = s.of.Desk.Sheets.New(widgets.SheetSpec{Title: title, Width: 480, Foot: widgets.NewFoot(nil, no, yes)}, widgets.NewParagraph(explanation, widgets.BodyText))
	sure.Show(no)
}
