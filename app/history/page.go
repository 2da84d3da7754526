// Package history is the page on which the runs of this computer are listed:
// to open their rows again, to see what changed, to copy the command or to
// forget them. What is kept is session/history's.
package history

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/words"
	"postroom/session/history"
	"postroom/widgets"
)

// Deeds are what the page lets the window do.
type Deeds struct {
	// Title is what people call a run: a report by its title.
	Title func(history.Entry) string
	// Open opens the kept rows of a run.
	Open func(history.Entry)
	// Compare opens what changed from one run to another.
	Compare func(before, after history.Entry)
	// Again fills a form with the command of a run.
	Again func(history.Entry)
}

// page is the list of the runs beside what can be done with the chosen one. It has a field
// for each part that is drawn and for each thing that was read or searched for.
type page struct {
	desk  *desk.Desk
	book  *history.Book
	deeds Deeds
	sheet *widgets.Sheet

	list    *widgets.SideList
	about   *widgets.Text
	command *widgets.Text
	actions []*widgets.Button
	keep    *widgets.Button

	entries []history.Entry
	chosen  *history.Entry
	keeps   bool
	reading desk.Order // of entries and keeps

	rowSearch
}

// rowSearch is the search through the rows of the runs.
type rowSearch struct {
	searched string             // what was looked for
	inRows   map[string]bool    // the runs that have it
	cancel   context.CancelFunc // ends the search that goes on; nil before the first
}

const pageWidth = 900

// Show shows the page over a window.
func Show(d *desk.Desk, book *history.Book, deeds Deeds) {
	p := &page{desk: d, book: book, deeds: deeds, list: widgets.NewSideList(), keeps: true}
	p.list.SetPlaceHolder(lang.L("Find a run, also by its rows"))
	p.list.OnOpen = p.choose
	p.list.Find = func(text string) []widgets.SideSection { return p.sections(text) }
	p.list.OnSearch = p.searchRows
	p.about = widgets.NewParagraph(lang.L("Choose a run."), widgets.BodyText)
	p.command = widgets.NewParagraph("", widgets.MutedText)
	button := func(text string, do func(history.Entry)) *widgets.Button {
		b := widgets.NewButton(text, func() {
			if p.chosen != nil {
				do(*p.chosen)
			}
		})
		p.actions = append(p.actions, b)
		return b
	}
	open := button(lang.L("Open the rows"), func(e history.Entry) { p.hide(); deeds.Open(e) })
	compare := button(lang.L("What changed since the run before"), p.compare)
	again := button(lang.L("Fill in again"), func(e history.Entry) { p.hide(); deeds.Again(e) })
	copied := button(lang.L("Copy as PowerShell"), func(e history.Entry) { d.Copy(e.Command) })
	forget := button(lang.L("Forget"), p.forget)
	p.keep = widgets.NewButton("", p.switchKeeping)
	clear := widgets.NewButton(lang.L("Forget all"), p.forgetAll)
	side := widgets.NewColumn(10, p.about, p.command, widgets.NewFlow(8, open, compare, again, copied, forget), widgets.NewFlow(8, p.keep, clear))
	p.sheet = d.Sheets.New(widgets.SheetSpec{
		Title:       lang.L("History"),
		Explanation: lang.L("What ran on this computer, in the window and on the command line. Only you can read the kept rows."),
		Width:       pageWidth,
		Foot:        widgets.NewFoot(nil, widgets.NewButton(lang.L("Close"), p.hide)),
	}, widgets.NewSideBySide(p.list, side))
	p.show()
	p.sheet.Show(nil)
	p.list.FocusSearch()
	p.load()
}

func (p *page) hide() {
	if p.cancel != nil {
		p.cancel()
	}
	p.sheet.Hide()
}

// load reads the history on a worker.
func (p *page) load() {
	overtaken := p.reading.Begin()
	p.desk.Spawn(func() { // ends when the file is read
		entries, err := p.book.Entries()
		keeps, keepErr := p.book.KeepsRows()
		p.desk.Post(func() {
			if err = errors.Join(err, keepErr); err != nil {
				p.desk.Problem(err)
			}
			if !overtaken() {
				p.entries, p.keeps = entries, keeps
				p.show()
			}
		})
	})
}

// sections are the runs that have a text in what is said of them or in their rows, day by
// day.
func (p *page) sections(text string) []widgets.SideSection {
	text = strings.TrimSpace(text)
	var sections []widgets.SideSection
	for _, e := range p.entries {
		if text != "" && !e.Says(text) && !words.Contains(p.deeds.Title(e), text) && (text != p.searched || !p.inRows[e.ID]) {
			continue
		}
		day := e.Started.Local().Format(time.DateOnly)
		if len(sections) == 0 || sections[len(sections)-1].Title != day {
			sections = append(sections, widgets.SideSection{Title: day})
		}
		last := &sections[len(sections)-1]
		last.Items = append(last.Items, widgets.SideItem{
			ID: e.ID, Title: p.deeds.Title(e), Detail: strings.TrimPrefix(place(e)+" · "+cameOf(e), " · "), Hint: e.Started.Local().Format("15:04"),
		})
	}
	return sections
}

// place is the tenant of a run, or how many there were.
func place(e history.Entry) string {
	if len(e.Tenants) > 1 {
		return words.Tenants(len(e.Tenants))
	}
	return e.Tenant()
}

// searchRows looks for a text in the kept rows, on a worker; a newer text ends it.
func (p *page) searchRows(text string) {
	if p.cancel != nil {
		p.cancel()
		p.cancel = nil
	}
	if text = strings.TrimSpace(text); text == "" {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	p.desk.Spawn(func() { // ends with the search, the next one, or the page
		found, err := p.book.Search(ctx, text)
		if ctx.Err() != nil {
			return
		}
		p.desk.Post(func() {
			if err != nil {
				p.desk.Problem(err)
			}
			p.searched, p.inRows = text, map[string]bool{}
			for _, e := range found {
				p.inRows[e.ID] = true
			}
			p.show()
		})
	})
}

// show lists the runs, day by day, and what can be done with the chosen one.
func (p *page) show() {
	p.list.SetSections(p.sections(""))
	for _, b := range p.actions {
		enable(b, p.chosen != nil)
	}
	if p.chosen != nil {
		enable(p.actions[0], p.chosen.Kept)
		enable(p.actions[1], p.chosen.Kept)
	}
	p.keep.SetText(lang.L("Stop keeping rows"))
	if !p.keeps {
		p.keep.SetText(lang.L("Keep rows"))
	}
	if p.sheet != nil {
		p.sheet.Arrange()
	}
}

// choose shows a run.
func (p *page) choose(id string) {
	for i := range p.entries {
		if p.entries[i].ID == id {
			p.chosen = &p.entries[i]
		}
	}
	if e := p.chosen; e != nil {
		p.list.SetSelected(e.ID)
		p.about.SetText(fmt.Sprintf(lang.L("%s · %s · %s · %s s · %s"),
			e.Started.Local().Format(time.DateTime), e.Endpoint, e.Account, words.Seconds(time.Duration(e.Seconds*float64(time.Second))), p.outcome(e)))
		p.command.SetText(strings.TrimPrefix(e.Tenant()+"\n"+e.Command, "\n"))
	}
	p.show()
}

// outcome says how a run came out: rows, errors, and its state.
func (p *page) outcome(e *history.Entry) string {
	state := map[string]string{
		history.Done: lang.L("all rows"), "partial": lang.L("incomplete"), "failed": lang.L("failed"), "stopped": lang.L("stopped"),
	}[e.State]
	parts := []string{cameOf(*e)}
	if e.Errors > 0 {
		parts = append(parts, words.Errors(e.Errors))
	}
	if e.Effect() == history.NoEffect {
		parts = append(parts, state)
	}
	return strings.Join(parts, " · ")
}

// cameOf says what came of a run: its rows, and of a change that it was made, for it has no
// rows as a rule.
func cameOf(e history.Entry) string {
	effect := map[history.Effect]string{history.DidChange: lang.L("changed"), history.WouldChange: lang.L("What if")}[e.Effect()]
	switch {
	case effect == "":
		return words.Rows(e.Rows)
	case e.Rows == 0:
		return effect
	}
	return words.Rows(e.Rows) + " · " + effect
}

// compare looks for the run before and opens what changed since.
func (p *page) compare(e history.Entry) {
	p.desk.Spawn(func() { // ends when the file is read
		before, err := p.book.Before(e)
		p.desk.Post(func() {
			if errors.Is(err, history.ErrFirst) {
				p.about.SetText(lang.L("There is no earlier run of the same command, endpoint and tenant with kept rows."))
				p.sheet.Arrange()
				return
			}
			if err != nil {
				p.desk.Problem(err)
				return
			}
			p.hide()
			p.deeds.Compare(before, e)
		})
	})
}

// forget forgets a run.
func (p *page) forget(e history.Entry) {
	p.chosen = nil
	p.about.SetText(lang.L("Choose a run."))
	p.command.SetText("")
	p.change(func(ctx context.Context) error { return p.book.Delete(ctx, e.ID) })
}

// switchKeeping keeps rows from now on, or none; then those that are there go.
func (p *page) switchKeeping() {
	keeping := history.Keeping(!p.keeps)
	p.change(func(ctx context.Context) error { return p.book.Keep(ctx, keeping) })
}

// forgetAll asks once more: there is no way back, and the search may hide runs.
func (p *page) forgetAll() {
	var sure *widgets.Sheet
	no := widgets.NewButton(lang.L("Cancel"), func() { sure.Hide() })
	yes := widgets.NewDangerButton(lang.L("Forget all"), func() {
		sure.Hide()
		p.change(p.book.Clear)
	})
	sure = p.desk.Sheets.New(widgets.SheetSpec{
		Title: lang.L("Forget all runs?"),
		Width: 480, Foot: widgets.NewFoot(nil, no, yes),
	}, widgets.NewParagraph(lang.L("All runs of this computer and their kept rows are removed, also those that the search does not show."), widgets.BodyText))
	sure.Show(no)
}

// change changes the history on a worker and shows it anew.
func (p *page) change(do func(context.Context) error) {
	p.desk.Spawn(func() { // ends when the file is written
		err := do(context.Background())
		p.desk.Post(func() {
			if err != nil {
				p.desk.Problem(err)
			}
			p.load()
		})
	})
}

func enable(b *widgets.Button, on bool) {
	if on {
		b.Enable()
	} else {
		b.Disable()
	}
}
