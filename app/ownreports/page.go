// Package ownreports are the pages for a person's own reports and packs, and for
// what the computer's scheduler runs: to save what stands in a tab, to edit,
// duplicate, share and take in, and to see how schedules came out. What a report
// is, and the files, are session/report's and session/schedule's.
package ownreports

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/saving"
	"postroom/app/words"
	"postroom/session/atomicfile"
	"postroom/session/report"
	"postroom/widgets"
)

// Deps are what the pages work with.
type Deps struct {
	Desk    *desk.Desk
	Library *report.Library
	Saver   *saving.Saver
	// Open runs a report or a pack, by name.
	Open func(name string)
	// Schedule asks when a report or a pack should run.
	Schedule func(name string)
	// Changed says that the person's own are others now.
	Changed func()
}

const (
	pageWidth = 900
	textLines = 5 // of a field of several lines
)

// page is the list of one's own beside the form of the one that is chosen. It has a field
// for each entry of the form, which keeping and choosing read and write.
type page struct {
	Deps
	sheet *widgets.Sheet
	list  *widgets.SideList
	said  *widgets.Text // what became of the last thing that was done
	wrong *widgets.Text // why it was not done

	title, asks, keep, sort *widgets.Entry
	steps, columns          *widgets.Entry
	ofReport, ofPack        *fyne.Container
	parts                   *widgets.Entry
	actions                 []*widgets.Button // of the chosen one

	reports []report.Report
	packs   []report.Pack
	reading desk.Order     // of reports and packs
	report  *report.Report // in the form; nil for none
	pack    *report.Pack

	puts     int  // how often one was put into the form
	changing bool // the library is, by a worker
}

// Show shows the page over the window, with the one of a name chosen; "" for none.
func Show(d Deps, name string) {
	p := &page{Deps: d, list: widgets.NewSideList(), said: widgets.NewParagraph("", widgets.MutedText), wrong: widgets.NewParagraph("", widgets.ErrorText)}
	p.list.SetPlaceHolder(lang.L("Find a report"))
	p.list.OnOpen = p.choose
	p.title, p.asks, p.keep, p.sort = widgets.NewEntry(), widgets.NewEntry(), widgets.NewEntry(), widgets.NewEntry()
	p.steps, p.columns, p.parts = widgets.NewMultiLineEntry(), widgets.NewMultiLineEntry(), widgets.NewMultiLineEntry()
	for _, e := range []*widgets.Entry{p.steps, p.columns, p.parts} {
		e.SetMinRowsVisible(textLines)
	}
	row := func(label string, field fyne.CanvasObject) fyne.CanvasObject {
		return widgets.NewFormRow(widgets.NewParagraph(label, widgets.LabelText), field)
	}
	p.ofReport = widgets.NewColumn(8, row(lang.L("Commands"), p.steps), row(lang.L("Columns"), p.columns), row(lang.L("Keep rows where"), p.keep), row(lang.L("Sort by"), p.sort))
	p.ofPack = widgets.NewColumn(8, row(lang.L("Reports"), p.parts))
	button := func(text string, do func()) *widgets.Button {
		b := widgets.NewButton(text, do)
		p.actions = append(p.actions, b)
		return b
	}
	save := widgets.NewPrimaryButton(lang.L("Save"), p.save)
	p.actions = append(p.actions, save)
	form := widgets.NewColumn(8, row(lang.L("Title"), p.title), row(lang.L("What it answers"), p.asks), p.ofReport, p.ofPack,
		widgets.NewFlow(8, save, button(lang.L("Run"), p.open), button(lang.L("Make a copy"), p.duplicate),
			button(lang.L("Save to share ..."), p.share), button(lang.L("Run regularly ..."), p.schedule), button(lang.L("Remove"), p.remove)),
		widgets.NewFlow(8, widgets.NewButton(lang.L("Import reports ..."), p.takeIn), widgets.NewButton(lang.L("New pack"), p.newPack)),
		p.said, p.wrong)
	p.sheet = d.Desk.Sheets.New(widgets.SheetSpec{
		Title:       lang.L("My reports"),
		Explanation: lang.L("Your own reports and packs. Save as a report keeps what is in a tab."),
		Width:       pageWidth, Foot: widgets.NewFoot(nil, widgets.NewButton(lang.L("Close"), func() { p.sheet.Hide() })),
	}, widgets.NewSideBySide(p.list, form))
	p.put(nil, nil)
	p.tell("")
	p.sheet.Show(nil)
	p.list.FocusSearch()
	p.load(name, "")
}

// load reads the library on a worker, chooses the one of a name, and says what was done.
func (p *page) load(name, said string) {
	overtaken, puts, filled := p.reading.Begin(), p.puts, p.filled()
	p.Desk.Spawn(func() { // ends when the file is read
		reports, err := p.Library.Reports()
		packs, packErr := p.Library.Packs()
		p.Desk.Post(func() {
			if overtaken() {
				return
			}
			p.reports, p.packs = reports, packs
			p.fill()
			if name != "" && p.puts == puts && p.filled() == filled { // else what was opened or typed meanwhile stays
				p.choose(name)
			}
			p.tell(said)
			for _, e := range []error{err, packErr} {
				if e != nil {
					p.problem(e)
				}
			}
		})
	})
}

// fill lists one's own, reports before packs, then the packs of the program, which
// can be copied.
func (p *page) fill() {
	var reports, packs, others []widgets.SideItem
	for _, r := range p.reports {
		if r.Own {
			item := widgets.SideItem{ID: r.Name, Title: words.Of(r.Title), Detail: words.Of(r.Asks)}
			if !r.Reads() {
				item.Hint = lang.L("changes")
			}
			reports = append(reports, item)
		}
	}
	for _, k := range p.packs {
		item := widgets.SideItem{ID: k.Name, Title: words.Of(k.Title), Detail: words.Of(k.Asks)}
		if k.Own {
			packs = append(packs, item)
		} else {
			others = append(others, item)
		}
	}
	section := func(title string, items []widgets.SideItem) widgets.SideSection {
		s := widgets.SideSection{Title: title, Items: items}
		if len(items) == 0 {
			s.Note = lang.L("None yet")
		}
		return s
	}
	p.list.SetSections([]widgets.SideSection{
		section(lang.L("Reports"), reports), section(lang.L("Packs"), packs), section(lang.L("Included packs"), others),
	})
	p.list.SetSelected(p.name())
}

// name is that of the chosen one, "" for none.
func (p *page) name() string {
	switch {
	case p.report != nil:
		return p.report.Name
	case p.pack != nil:
		return p.pack.Name
	}
	return ""
}

// called is what people call the chosen one.
func (p *page) called() string {
	switch {
	case p.report != nil:
		return cmp.Or(words.Of(p.report.Title), p.report.Name)
	case p.pack != nil:
		return cmp.Or(words.Of(p.pack.Title), p.pack.Name)
	}
	return ""
}

// choose shows a report or a pack in the form.
func (p *page) choose(name string) {
	for i := range p.reports {
		if p.reports[i].Name == name && p.reports[i].Own {
			p.put(&p.reports[i], nil)
		}
	}
	for i := range p.packs {
		if p.packs[i].Name == name {
			p.put(nil, &p.packs[i])
		}
	}
	p.tell("")
}

// put puts one into the form.
func (p *page) put(r *report.Report, k *report.Pack) {
	p.report, p.pack = r, k
	p.puts++
	widgets.SetVisible(p.ofReport, k == nil)
	widgets.SetVisible(p.ofPack, k != nil)
	switch {
	case r != nil:
		n := r.Notation()
		p.set(words.Of(r.Title), words.Of(r.Asks))
		p.steps.SetText(n.Steps)
		p.columns.SetText(n.Columns)
		p.keep.SetText(n.Keep)
		p.sort.SetText(n.Sort)
	case k != nil:
		p.set(words.Of(k.Title), words.Of(k.Asks))
		p.parts.SetText(k.Notation())
	default:
		p.set("", "")
		for _, e := range []*widgets.Entry{p.steps, p.columns, p.keep, p.sort} {
			e.SetText("")
		}
	}
	p.enable()
	p.list.SetSelected(p.name())
	p.sheet.Arrange()
}

// enable offers what can be done with the one in the form.
func (p *page) enable() {
	r, k := p.report, p.pack
	own := r != nil || k != nil && k.Own
	for i, b := range p.actions {
		on := r != nil || k != nil && k.Name != ""
		if i == 0 || i == len(p.actions)-1 { // save and remove
			on = own
		}
		if on && !p.changing {
			b.Enable()
		} else {
			b.Disable()
		}
	}
}

// filled is what stands in the form.
func (p *page) filled() (texts [7]string) {
	for i, e := range []*widgets.Entry{p.title, p.asks, p.steps, p.columns, p.keep, p.sort, p.parts} {
		texts[i] = e.Text
	}
	return texts
}

func (p *page) set(title, asks string) {
	p.title.SetText(title)
	p.asks.SetText(asks)
}

// tell says what became of the last thing that was done.
func (p *page) tell(text string) { p.show(text, "") }

// show shows what was done, or why it was not.
func (p *page) show(said, wrong string) {
	p.said.SetText(said)
	p.wrong.SetText(wrong)
	widgets.SetVisible(p.said, said != "")
	widgets.SetVisible(p.wrong, wrong != "")
	p.sheet.Arrange()
}

// problem says what is wrong, and what to do.
func (p *page) problem(err error) { p.show("", problemText(err)) }

// problemText is what is wrong, why, and what to do, a sentence each.
func problemText(err error) string {
	var sentences []string
	e := words.Explain(err)
	for _, s := range []string{e.Title, e.Cause, e.Fix} {
		if s = strings.TrimSpace(s); s != "" && !strings.HasSuffix(s, ".") {
			s += "."
		}
		sentences = append(sentences, s)
	}
	return strings.TrimSpace(strings.Join(sentences, " "))
}

// change does something with the library on a worker, and shows it anew with the one chosen
// whose name that gave. Nothing else begins meanwhile: pressed twice it is done once. What was
// opened meanwhile stays, and what was typed.
func (p *page) change(do func(context.Context) (chosen string, err error), said string) {
	if p.changing {
		return
	}
	p.changing = true
	p.enable()
	puts, filled := p.puts, p.filled()
	p.Desk.Spawn(func() { // ends when the file is written
		chosen, err := do(context.Background())
		p.Desk.Post(func() {
			p.changing = false
			p.enable()
			if err != nil {
				p.problem(err)
				return
			}
			p.Changed()
			switch {
			case p.puts != puts:
				chosen = ""
			case chosen == "":
				p.put(nil, nil)
			case p.filled() != filled:
				if p.pack != nil && p.pack.Name == "" { // it is kept under this name now
					p.pack.Name = chosen
					p.enable()
				}
				chosen = ""
			}
			p.load(chosen, said)
		})
	})
}

// text gives a text in one's own words, in the place of what was there.
func text(before report.Text, now string) report.Text {
	if now = strings.TrimSpace(now); now == words.Of(before) {
		return before
	}
	return report.Text{En: now}
}

// save keeps the form.
func (p *page) save() {
	switch {
	case p.report != nil:
		r, err := p.report.Noted(report.Notation{Steps: p.steps.Text, Columns: p.columns.Text, Keep: p.keep.Text, Sort: p.sort.Text})
		if err != nil {
			p.problem(err)
			return
		}
		r.Title, r.Asks = text(r.Title, p.title.Text), text(r.Asks, p.asks.Text)
		p.change(func(ctx context.Context) (string, error) { return r.Name, p.Library.Save(ctx, r, report.Replace) }, fmt.Sprintf(lang.L("%s is saved."), words.Of(r.Title)))
	case p.pack != nil && p.pack.Own:
		p.savePack(*p.pack)
	}
}

// savePack keeps the pack in the form.
func (p *page) savePack(k report.Pack) {
	k.Title, k.Asks = text(k.Title, p.title.Text), text(k.Asks, p.asks.Text)
	fresh := k.Name == ""
	if fresh {
		k.Name = report.NameOf(k.Title.En)
	}
	k, err := k.Noted(p.parts.Text)
	if err != nil {
		p.problem(err)
		return
	}
	for _, part := range k.Parts {
		if !slices.ContainsFunc(p.reports, func(r report.Report) bool { return r.Name == part.Report }) {
			p.show("", fmt.Sprintf(lang.L("There is no report %s."), part.Report))
			return
		}
	}
	p.change(func(ctx context.Context) (_ string, err error) {
		if !fresh {
			return k.Name, p.Library.SavePack(ctx, k, report.Replace)
		}
		if k.Name, err = p.Library.Free(k.Name); err != nil {
			return "", err
		}
		return k.Name, p.Library.SavePack(ctx, k, report.New)
	}, fmt.Sprintf(lang.L("%s is saved."), words.Of(k.Title)))
}

// newPack begins a pack of one's own.
func (p *page) newPack() {
	p.put(nil, &report.Pack{Own: true, Title: report.Text{En: lang.L("My pack")}, Parts: []report.Part{{Report: "mailbox-list"}, {Report: "mailbox-forwarding"}}})
	p.tell(lang.L("One report per line, by its name in 'postroom report'; after a colon its columns, if not all."))
	p.Desk.Focus(p.title)
}

func (p *page) open() {
	p.sheet.Hide()
	p.Open(p.name())
}

func (p *page) schedule() {
	name := p.name()
	p.sheet.Hide()
	p.Schedule(name)
}

func (p *page) duplicate() {
	name := p.name()
	p.change(func(ctx context.Context) (string, error) { return p.Library.Duplicate(ctx, name, "") },
		fmt.Sprintf(lang.L("A copy of %s is now among your own reports."), p.called()))
}

// remove asks once more: there is no way back.
func (p *page) remove() {
	name, title := p.name(), p.called()
	var sure *widgets.Sheet
	no := widgets.NewButton(lang.L("Cancel"), func() { sure.Hide() })
	yes := widgets.NewDangerButton(lang.L("Remove"), func() {
		sure.Hide()
		p.change(func(ctx context.Context) (string, error) { return "", p.Library.Remove(ctx, name) }, fmt.Sprintf(lang.L("%s removed."), title))
	})
	sure = p.Desk.Sheets.New(widgets.SheetSpec{
		Title: fmt.Sprintf(lang.L("Remove %s?"), title), Width: 480, Foot: widgets.NewFoot(nil, no, yes),
	}, widgets.NewParagraph(lang.L("It cannot be brought back, unless you saved it to a file. Scheduled runs that use it will fail."), widgets.BodyText))
	sure.Show(no)
}

// share writes the file for others.
func (p *page) share() {
	name, title := p.name(), p.called()
	p.sheet.Hide()
	p.Saver.Ask(saving.Question{
		Title: lang.L("Save to share"), Name: name + ".json", Types: []saving.Type{{Title: lang.L("Reports"), Ext: ".json"}},
		Save: func(path string) {
			p.Desk.Spawn(func() { // ends when the file is written
				file, err := p.Library.Share(name)
				if err == nil {
					err = atomicfile.Replace(path, atomicfile.Shared, func(w io.Writer) error {
						_, writing := w.Write(file)
						return writing
					})
				}
				p.Desk.Post(func() {
					if err != nil {
						p.Desk.Problem(err)
						return
					}
					p.Saver.Saved(widgets.Success, fmt.Sprintf(lang.L("%s saved to the file."), title), path)
				})
			})
		},
	})
}
