// Package endpoints is the page on which the places to connect to are listed,
// and one's own are added, changed, copied and removed. What an endpoint is, and
// the file of them, is session/endpoint's.
package endpoints

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/words"
	"postroom/session/endpoint"
	"postroom/widgets"
)

const pageWidth = 900

// page is the list of the endpoints beside the form of the one that is chosen.
type page struct {
	desk      *desk.Desk
	directory *endpoint.Directory
	sheet     *widgets.Sheet

	list   *widgets.SideList
	form   *form
	report *widgets.Text // what became of the last thing that was done
	save   *widgets.Button
	copy   *widgets.Button
	remove *widgets.Button

	chosen   endpoint.Endpoint // in the form; the zero one is new
	puts     int               // how often one was put into the form
	changing bool              // the directory is, by a worker
}

// Show shows the page over a window, at the endpoint with an id; "" begins a new
// one.
func Show(d *desk.Desk, directory *endpoint.Directory, id string) { newPage(d, directory).show(id) }

func newPage(d *desk.Desk, directory *endpoint.Directory) *page {
	p := &page{desk: d, directory: directory, list: widgets.NewSideList(), report: widgets.NewParagraph("", widgets.MutedText)}
	p.form = newForm(d, p.submit)
	p.form.arrange = p.arrange
	p.list.SetPlaceHolder(lang.L("Find an endpoint"))
	p.list.OnOpen = p.open
	p.save = widgets.NewPrimaryButton(lang.L("Save"), p.submit)
	p.copy = widgets.NewButton(lang.L("Make a copy"), p.copyChosen)
	p.remove = widgets.NewButton(lang.L("Remove"), p.removeChosen)
	side := widgets.NewColumn(10, p.report, p.form.content)
	deeds := []fyne.CanvasObject{widgets.NewButton(lang.L("New"), func() { p.open("") }), widgets.NewButton(lang.L("Paste an address"), p.paste), p.copy, p.remove}
	p.report.Hide()
	p.sheet = d.Sheets.New(widgets.SheetSpec{
		Title:       lang.L("Endpoints"),
		Explanation: lang.L("Endpoints you can connect to. Edit your own; copy the built-in ones."),
		Width:       pageWidth,
		Foot:        widgets.NewFootOf(deeds, widgets.NewButton(lang.L("Close"), func() { p.sheet.Hide() }), p.save),
	}, widgets.NewSideBySide(p.list, side))
	return p
}

func (p *page) show(id string) {
	p.open(id)
	p.sheet.Show(nil)
	p.list.FocusSearch()
}

func (p *page) arrange() {
	if p.sheet != nil {
		p.sheet.Arrange()
	}
}

// fill lists the endpoints: one's own first, closed ones last.
func (p *page) fill() {
	var own, open, closed []widgets.SideItem
	for _, e := range p.directory.All() {
		shown := e.In(lang.L("en"))
		item := widgets.SideItem{ID: e.ID, Title: shown.Name, Detail: e.URL}
		switch {
		case e.Own:
			own = append(own, item)
		case e.Kind == endpoint.KindDemo: // it has a card of its own
		case p.directory.Closed(e, lang.L("en")) != "":
			item.Hint = lang.L("closed")
			closed = append(closed, item)
		default:
			open = append(open, item)
		}
	}
	mine := widgets.SideSection{Title: lang.L("Your own"), Items: own}
	if len(own) == 0 {
		mine.Note = lang.L("None yet")
	}
	p.list.SetSections([]widgets.SideSection{mine, {Title: lang.L("Included with the program"), Items: slices.Concat(open, closed)}})
	p.list.SetSelected(p.chosen.ID)
}

// open shows an endpoint in the form; the empty id a new one.
func (p *page) open(id string) {
	e := endpoint.Endpoint{
		Own: true, Kind: endpoint.KindOwn, Configuration: "Microsoft.Exchange", SessionLimit: 3,
		Auth: []string{endpoint.AuthNTLM, endpoint.AuthKerberos},
	}
	if id != "" {
		var err error
		if e, err = p.directory.Find(id); err != nil {
			p.tell(words.Explain(err).Title)
			return
		}
	}
	p.put(e)
	p.tell("")
}

// put puts an endpoint into the form. One of the catalogue can be read only.
func (p *page) put(e endpoint.Endpoint) {
	p.chosen = e
	p.puts++
	p.form.set(e)
	p.showDeeds()
	p.fill()
	p.arrange()
}

// showDeeds offers what can be done with the endpoint of the form.
func (p *page) showDeeds() {
	e := p.chosen
	for _, b := range []*widgets.Button{p.save, p.copy, p.remove} {
		if p.changing {
			b.Disable()
		} else {
			b.Enable()
		}
	}
	widgets.SetVisible(p.save, e.Own)
	widgets.SetVisible(p.copy, e.ID != "")
	widgets.SetVisible(p.remove, e.Own && e.ID != "")
}

// tell says what became of the last thing that was done.
func (p *page) tell(text string) {
	p.report.SetText(text)
	widgets.SetVisible(p.report, text != "")
	p.arrange()
}

// change does something with the directory on a worker, and then shows it. Nothing else begins
// meanwhile: pressed twice it is done once.
func (p *page) change(do func() error, after func()) {
	if p.changing {
		return
	}
	p.changing = true
	p.showDeeds()
	p.desk.Spawn(func() { // ends when the file is written
		err := do()
		p.desk.Post(func() {
			p.changing = false
			p.showDeeds()
			if err != nil {
				problem := words.Explain(err)
				p.tell(strings.TrimSpace(problem.Title + " " + problem.Fix))
				return
			}
			after()
		})
	})
}

// submit adds or changes the endpoint of the form.
func (p *page) submit() {
	if !p.chosen.Own {
		return
	}
	e, err := p.form.read(p.chosen)
	if err != nil {
		p.tell(p.form.blame(err))
		return
	}
	kept, puts := e, p.puts
	p.change(func() (err error) {
		if e.ID != "" {
			return p.directory.Edit(context.Background(), e)
		}
		kept, err = p.directory.Add(context.Background(), e)
		return err
	}, func() {
		switch typed, readErr := p.form.read(p.chosen); {
		case p.puts != puts: // another was opened meanwhile, and stays
			p.fill()
		case readErr != nil || !reflect.DeepEqual(typed, e): // so does what was typed meanwhile
			p.chosen = kept
			p.showDeeds()
			p.fill()
		default:
			p.put(kept)
		}
		p.tell(fmt.Sprintf(lang.L("%s is saved."), kept.Name))
	})
}

// copyChosen begins a new endpoint from the one in the form.
func (p *page) copyChosen() {
	e := p.chosen.In(lang.L("en")).Clone()
	e.ID, e.Own, e.Texts, e.Closed, e.Kind = "", true, nil, "", endpoint.KindOwn
	e.Name = fmt.Sprintf(lang.L("Copy of %s"), e.Name)
	p.put(e)
	p.tell(lang.L("Change what you need, then save it."))
	p.desk.Focus(p.form.name)
}

// removeChosen takes the endpoint of the form off the list. It can be undone.
func (p *page) removeChosen() {
	e, puts := p.chosen, p.puts
	p.change(func() error { return p.directory.Remove(context.Background(), e.ID) }, func() {
		if p.puts != puts { // another was opened meanwhile, and stays
			p.fill()
			return
		}
		e.ID = ""
		p.put(e)
		p.tell(fmt.Sprintf(lang.L("%s removed. Press Save to restore it."), e.Name))
	})
}

// paste begins a new endpoint from an address or a line on the clipboard, read
// as everywhere.
func (p *page) paste() {
	at, err := p.directory.Read(p.desk.Pasted())
	if err != nil {
		p.tell(strings.TrimSpace(words.Explain(err).Title + " " + words.Explain(err).Fix))
		return
	}
	e := at.Endpoint
	if e.ID != "" { // known already
		p.open(e.ID)
		return
	}
	e.Own = true
	p.put(e)
	p.tell(lang.L("Change what you need, then save it."))
}
