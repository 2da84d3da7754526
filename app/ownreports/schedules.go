package ownreports

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/session/schedule"
	"postroom/widgets"
)

// Scheduler is what the page of schedules does through the command line, which the
// computer's scheduler calls.
type Scheduler struct {
	Book *schedule.Book
	// Add checks and installs one, Remove takes it away, Try runs it now.
	Add    func(context.Context, schedule.Schedule) (schedule.Schedule, error)
	Remove func(ctx context.Context, id string) error
	Try    func(ctx context.Context, id string) error
}

// NewSchedule asks when something should run, and where its files go.
func NewSchedule(d *desk.Desk, by Scheduler, of schedule.Schedule) {
	when, dir, keep := widgets.NewEntry(), widgets.NewEntry(), widgets.NewEntry()
	when.SetText(lang.L("Monday 07:00"))
	dir.SetText(of.Dir)
	keep.SetText("8")
	said := widgets.NewParagraph("", widgets.ErrorText)
	said.Hide()
	var s *widgets.Sheet
	tell := func(text string) {
		said.SetText(text)
		said.Show()
		s.Arrange()
	}
	add := func() {
		at, err := schedule.ParseWhen(when.Text)
		if err != nil {
			tell(lang.L("Enter days and a time: Monday 07:00, Mon,Thu 7:30, daily 06:00, monthly 1 07:00."))
			d.Focus(when)
			return
		}
		of.When, of.Dir = at, strings.TrimSpace(dir.Text)
		if _, err := fmt.Sscanf(strings.TrimSpace(keep.Text), "%d", &of.Keep); err != nil || of.Keep < 0 {
			tell(lang.L("Enter how many runs to keep files of; 0 keeps all."))
			d.Focus(keep)
			return
		}
		d.Spawn(func() { // ends when the scheduler has it
			added, err := by.Add(context.Background(), of)
			d.Post(func() {
				if err != nil {
					tell(problemText(err))
					return
				}
				s.Hide()
				d.Note(widgets.Success, fmt.Sprintf(lang.L("%s runs %s."), added.Title, added.When.In(lang.L("en"))))
			})
		})
	}
	when.OnSubmitted = func(string) { add() }
	row := func(label string, field fyne.CanvasObject) fyne.CanvasObject {
		return widgets.NewFormRow(widgets.NewParagraph(label, widgets.LabelText), field)
	}
	s = d.Sheets.New(widgets.SheetSpec{
		Title:       fmt.Sprintf(lang.L("Run %s regularly"), of.Title),
		Explanation: lang.L("This computer's scheduler runs it, even while Postroom is closed. The password comes from the keyring: let it be remembered when you sign in."),
		Width:       saveWidth, Foot: widgets.NewFoot(nil, widgets.NewButton(lang.L("Cancel"), func() { s.Hide() }), widgets.NewPrimaryButton(lang.L("Run regularly"), add)),
	}, row(lang.L("When"), when), row(lang.L("Folder"), dir), row(lang.L("Keep the files of the last runs"), keep),
		widgets.NewParagraph("postroom "+strings.Join(of.Args, " "), widgets.MutedText), said)
	s.Show(when)
	when.TypedShortcut(&fyne.ShortcutSelectAll{})
}

// scheduled is the page of what runs regularly.
type scheduled struct {
	desk    *desk.Desk
	by      Scheduler
	sheet   *widgets.Sheet
	list    *widgets.SideList
	about   *widgets.Text
	said    *widgets.Text
	actions []*widgets.Button

	all     []schedule.Schedule
	reading desk.Order // of all
	chosen  string     // ID
}

// ShowSchedules lists what runs regularly, and how it came out.
func ShowSchedules(d *desk.Desk, by Scheduler) {
	p := &scheduled{desk: d, by: by, list: widgets.NewSideList(), about: widgets.NewParagraph("", widgets.BodyText), said: widgets.NewParagraph("", widgets.MutedText)}
	p.list.SetPlaceHolder(lang.L("Find a schedule"))
	p.list.OnOpen = func(id string) { p.chosen = id; p.show() }
	button := func(text string, do func(context.Context, string) error, said string) *widgets.Button {
		b := widgets.NewButton(text, func() { p.change(do, said) })
		p.actions = append(p.actions, b)
		return b
	}
	side := widgets.NewColumn(10, p.about, widgets.NewFlow(8,
		button(lang.L("Try now"), by.Try, lang.L("Run finished.")),
		button(lang.L("Remove"), by.Remove, lang.L("Removed."))), p.said)
	p.sheet = d.Sheets.New(widgets.SheetSpec{
		Title:       lang.L("Scheduled runs"),
		Explanation: lang.L("This computer's scheduler runs these. To add one, choose Run regularly on a report or pack."),
		Width:       pageWidth, Foot: widgets.NewFoot(nil, widgets.NewButton(lang.L("Close"), func() { p.sheet.Hide() })),
	}, widgets.NewSideBySide(p.list, side))
	p.show()
	p.sheet.Show(nil)
	p.list.FocusSearch()
	p.load()
}

// load reads the schedules on a worker; that they were seen is noted.
func (p *scheduled) load() {
	overtaken := p.reading.Begin()
	p.desk.Spawn(func() { // ends when the file is read
		all, err := p.by.Book.All()
		if err == nil && len(all) > 0 {
			err = p.by.Book.See(context.Background())
		}
		p.desk.Post(func() {
			if err != nil {
				p.desk.Problem(err)
			}
			if overtaken() {
				return
			}
			p.all = all
			if p.chosen == "" && len(all) > 0 {
				p.chosen = all[0].ID
			}
			p.show()
		})
	})
}

func (p *scheduled) show() {
	section := widgets.SideSection{Title: lang.L("Scheduled runs")}
	if len(p.all) == 0 {
		section.Note = lang.L("None yet")
	}
	p.about.SetText(lang.L("Choose one."))
	found := false
	for _, s := range p.all {
		item := widgets.SideItem{ID: s.ID, Title: s.Title, Detail: s.When.In(lang.L("en"))}
		last, ran := s.Last()
		if ran && last.Failed() {
			item.Hint = lang.L("failed")
		}
		section.Items = append(section.Items, item)
		if s.ID == p.chosen {
			found = true
			p.about.SetText(aboutSchedule(s))
		}
	}
	p.list.SetSections([]widgets.SideSection{section})
	p.list.SetSelected(p.chosen)
	for _, b := range p.actions {
		if found {
			b.Enable()
		} else {
			b.Disable()
		}
	}
	if p.sheet != nil {
		p.sheet.Arrange()
	}
}

// aboutSchedule says what runs, when, and how it came out.
func aboutSchedule(s schedule.Schedule) string {
	lines := []string{s.Title, s.When.In(lang.L("en")), "postroom " + strings.Join(s.Args, " "), s.Dir}
	last, ran := s.Last()
	if !ran {
		return strings.Join(append(lines, lang.L("Not run yet.")), "\n")
	}
	lines = append(lines, fmt.Sprintf(lang.L("Last run %s: %s"), last.At.Local().Format(time.DateTime), outcomeText(last)))
	if last.Text != "" {
		lines = append(lines, strings.TrimPrefix(last.Text, "postroom: "))
	}
	lines = append(lines, last.Files...)
	before := s.Runs[:len(s.Runs)-1]
	if len(before) > 0 {
		lines = append(lines, "", lang.L("Earlier runs"))
	}
	for n := range min(len(before), earlierRuns) {
		r := before[len(before)-1-n]
		line := r.At.Local().Format(time.DateTime) + " · " + outcomeText(r)
		if first, _, _ := strings.Cut(r.Text, "\n"); first != "" {
			line += " · " + strings.TrimPrefix(first, "postroom: ")
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// earlierRuns is how many runs before the last one the page has room for.
const earlierRuns = 10

func outcomeText(r schedule.Ran) string {
	if r.Failed() {
		return fmt.Sprintf(lang.L("failed, exit code %d"), r.Code)
	}
	return lang.L("succeeded")
}

// change does something with the chosen one on a worker, and shows how it came out.
func (p *scheduled) change(do func(context.Context, string) error, said string) {
	id := p.chosen
	for _, b := range p.actions {
		b.Disable()
	}
	p.said.SetText(lang.L("One moment ..."))
	p.sheet.Arrange()
	p.desk.Spawn(func() { // ends with the run, or when it is removed
		err := do(context.Background(), id)
		p.desk.Post(func() {
			p.said.SetText(said)
			if err != nil {
				p.said.SetText(problemText(err))
			}
			if errors.Is(err, schedule.ErrUnknown) {
				p.chosen = ""
			}
			p.load()
		})
	})
}
