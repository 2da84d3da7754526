package runs

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session/reference"
	"postroom/session/result"
	"postroom/widgets"
)

// identities are the columns that name an object, those that tell it apart first.
func identities() []string {
	return []string{"PrimarySmtpAddress", "UserPrincipalName", "Identity", "Name", "Alias", "DisplayName", "Guid"}
}

// pickSource is a column of another tab whose values can be picked.
type pickSource struct {
	title string
	view  *result.View
	col   int
}

// picking takes values for a tab's fields from rows and from the server.
type picking struct{ *Tab }

// sources lists what can be picked from for a tab: the rows of the other tabs of its
// tenant and account. What another tenant has is no object here.
func (t picking) sources() []pickSource {
	var sources []pickSource
	for _, other := range t.Window.Tabs() {
		if other == t.Tab || other.base.Tenant.Domain != t.base.Tenant.Domain || other.base.Account != t.base.Account {
			continue
		}
		view := other.Shown()
		if view == nil {
			continue
		}
		for _, name := range identities() {
			if col, ok := view.Column(name); ok && view.Kind(col) != result.KindNull {
				sources = append(sources, pickSource{other.Strip.Title + " · " + view.Header(col), view, col})
			}
		}
	}
	return sources
}

// pick lets a person choose values for a field: from the rows of another tab, or from what
// the server finds.
func (t picking) pick(field string, took func(values []string)) {
	sources := t.sources()
	finder, finds := t.finderOf(field)
	if len(sources) == 0 && !finds {
		t.Desk.Note(widgets.Information, lang.L("Run a list in another tab of this tenant first, such as Get-Mailbox: its rows can be picked here."))
		return
	}
	p := &pickSheet{tab: t.Tab, finder: finder, sources: sources, took: took}
	p.show(field, finds)
}

// pickSheet is the sheet on which values are picked.
type pickSheet struct {
	tab     *Tab
	sheet   *widgets.Sheet
	finder  reference.Finder
	sources []pickSource
	took    func(values []string)

	name *widgets.Entry // what the server looks for
	find *widgets.Button
	said *widgets.Text
	from *widgets.Picker
	list *widgets.ValueList

	cancel context.CancelFunc // of the search that goes on; nil for none
}

func (p *pickSheet) show(field string, finds bool) {
	p.list = widgets.NewValueList(noValues{})
	p.list.OnSubmit = p.choose
	p.from = widgets.NewPicker(p.items, func(i widgets.Item) {
		p.use(slices.IndexFunc(p.sources, func(s pickSource) bool { return s.title == i.ID }))
		p.tab.Desk.Focus(p.list.First())
	})
	var parts []fyne.CanvasObject
	if finds {
		parts = append(parts, p.server())
	}
	p.listed(len(p.sources) > 0)
	parts = append(parts, p.from, p.list)
	p.sheet = p.tab.Desk.Sheets.New(widgets.SheetSpec{
		Title: spaced(field), Explanation: lang.L("From the rows of another tab, or from the server"), Width: 520,
		Foot: widgets.NewFoot(nil, widgets.NewButton(lang.L("Cancel"), p.leave), widgets.NewPrimaryButton(lang.L("Take"), p.choose)),
	}, parts...)
	p.sheet.Leave = p.leave
	if len(p.sources) > 0 {
		p.use(0)
		p.sheet.Show(p.list.First())
		return
	}
	p.sheet.Show(p.name)
}

// server is the part that searches on the server.
func (p *pickSheet) server() fyne.CanvasObject {
	p.name, p.said = widgets.NewEntry(), widgets.NewParagraph("", widgets.CaptionText)
	p.name.SetPlaceHolder(lang.L("Name or a part of it"))
	p.name.OnSubmitted = func(string) { p.search() }
	p.find = widgets.NewButton(lang.L("Find on the server"), p.search)
	p.find.Icon = widgets.IconSearch
	p.said.SetText(fmt.Sprintf(lang.L("Enter asks %s with %s."), words.Place(p.tab.base), p.finder.Cmdlet))
	return widgets.NewColumn(4, container.NewBorder(nil, nil, nil, p.find, p.name), p.said)
}

func (p *pickSheet) items(text string) []widgets.Item {
	var items []widgets.Item
	for _, s := range p.sources {
		if strings.Contains(strings.ToLower(s.title), strings.ToLower(text)) {
			items = append(items, widgets.Item{ID: s.title, Title: s.title})
		}
	}
	return items
}

// use lists the values of a source.
func (p *pickSheet) use(i int) {
	s := p.sources[i]
	p.from.SetItem(widgets.Item{ID: s.title, Title: s.title})
	p.list.SetModel(&pickModel{columnModel{desk: p.tab.Desk, view: s.view, col: s.col}})
}

func (p *pickSheet) choose() {
	if values := p.list.Ticked(); len(values) > 0 {
		p.leave()
		p.took(values)
	}
}

func (p *pickSheet) leave() {
	if p.cancel != nil {
		p.cancel()
	}
	p.sheet.Hide()
}

// search asks the server, in the tab's tenant, and lists what it found.
func (p *pickSheet) search() {
	if p.cancel != nil {
		return // one at a time: Cancel ends it
	}
	text := strings.TrimSpace(p.name.Text)
	if text == "" && p.finder.Named {
		p.tell(lang.L("Type a name, or a part of it."), widgets.WarningText)
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	p.find.Disable()
	p.tell(lang.L("Asking the server ..."), widgets.CaptionText)
	search := newSearch(p.tab, p.finder.Call(text))
	p.tab.Desk.Spawn(func() { // ends with the answer, or with the sheet
		defer cancel()
		err := search.run(ctx)
		left := ctx.Err() != nil
		p.tab.Desk.Post(func() {
			p.cancel = nil
			p.find.Enable()
			if !left {
				p.found(text, search.table.Snapshot(), err)
			}
		})
	})
}

// found lists what came, and chooses where the text is one object's alone.
func (p *pickSheet) found(text string, view *result.View, err error) {
	rows, _ := view.Size()
	if err != nil && rows == 0 {
		p.tell(words.Explain(err).Title, widgets.ErrorText)
		return
	}
	title := p.finder.Cmdlet
	if text != "" {
		title += " · " + text
	}
	for _, name := range identities() {
		col, ok := view.Column(name)
		if !ok || view.Kind(col) == result.KindNull {
			continue
		}
		p.sources = append([]pickSource{{title + " · " + view.Header(col), view, col}}, p.sources...)
		p.tell(words.Rows(rows), widgets.CaptionText)
		p.listed(true)
		p.use(0)
		if !p.finder.Named { // all came: the text is looked for in them
			p.list.Search(text)
		}
		p.sheet.Arrange()
		p.tab.Desk.Focus(p.list.First())
		return
	}
	p.tell(lang.L("The server found nothing with that name."), widgets.WarningText)
}

// listed shows what is picked from: before a search there is nothing.
func (p *pickSheet) listed(there bool) {
	widgets.SetVisible(p.from, there)
	widgets.SetVisible(p.list, there)
}

func (p *pickSheet) tell(text string, role widgets.TextRole) {
	p.said.SetRole(role)
	p.said.SetText(text)
	p.sheet.Arrange()
}

// noValues lists nothing.
type noValues struct{}

// Values gives none.
func (noValues) Values(_ string, took func([]widgets.ValueCount)) { took(nil) }

// pickModel lists the values of a column that there are: each stands for an object.
type pickModel struct{ columnModel }

// Values gives the values that have a text, on a worker.
func (m *pickModel) Values(text string, took func([]widgets.ValueCount)) {
	m.columnModel.Values(text, func(values []widgets.ValueCount) {
		took(slices.DeleteFunc(values, func(v widgets.ValueCount) bool { return v.Value == "" }))
	})
}
