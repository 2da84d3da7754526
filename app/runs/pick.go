package runs

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/words"
	"postroom/session/cmdlet"
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
type picking struct {
	desk   *desk.Desk
	known  *reference.Reference
	cmdlet cmdlet.Cmdlet
	place  string // where the server is asked
	// sources list what can be picked from.
	sources func() []pickSource
	// may gives what the account may run; nil where nobody knows.
	may func(cmdletName string) (cmdlet.Cmdlet, bool)
	// values are the texts that stand in the form's fields.
	values func() map[string]string
	// search makes a call for objects on the server.
	search func(cmdlet.Invocation) *objectSearch
}

// sourcesBeside lists what can be picked from for a tab: the rows of the other tabs of its
// tenant and account. What another tenant has is no object here.
func sourcesBeside(t *Tab, open []*Tab) []pickSource {
	var sources []pickSource
	for _, other := range open {
		if other == t || other.base.Tenant.Domain != t.base.Tenant.Domain || other.base.Holder() != t.base.Holder() {
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
		t.desk.Note(widgets.Information, lang.L("Run a list in another tab of this tenant first, such as Get-Mailbox: its rows can be picked here."))
		return
	}
	p := &pickSheet{picking: t, finder: finder, from: sources, took: took}
	p.show(field, finds)
	p.looksFor(t.typed(field))
}

// typed is what stands in a field, of several lines the last: what a person has begun to
// type is what they look for.
func (t picking) typed(field string) string {
	lines := strings.Split(strings.TrimSpace(t.values()[field]), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}

// pickSheet is the sheet on which values are picked.
type pickSheet struct {
	picking
	sheet  *widgets.Sheet
	finder reference.Finder
	from   []pickSource
	took   func(values []string)

	name *widgets.Entry // what the server looks for
	find *widgets.Button
	said *widgets.Text
	of   *widgets.Picker
	list *widgets.ValueList

	cancel context.CancelFunc // of the search that goes on; nil for none
}

func (p *pickSheet) show(field string, finds bool) {
	p.list = widgets.NewValueList(noValues{})
	p.list.OnSubmit, p.list.Single = p.choose, !p.several(field)
	p.of = widgets.NewPicker(p.items, func(i widgets.Item) {
		p.use(slices.IndexFunc(p.from, func(s pickSource) bool { return s.title == i.ID }))
		p.desk.Focus(p.list.First())
	})
	var parts []fyne.CanvasObject
	if finds {
		parts = append(parts, p.server())
	}
	p.listed(len(p.from) > 0)
	parts = append(parts, p.of, p.list)
	p.sheet = p.desk.Sheets.New(widgets.SheetSpec{
		Title: spaced(field), Explanation: lang.L("From the rows of another tab, or from the server"), Width: 520,
		Foot: widgets.NewFoot(nil, widgets.NewButton(lang.L("Cancel"), p.leave), widgets.NewPrimaryButton(lang.L("Select"), p.choose)),
	}, parts...)
	p.sheet.Leave = p.leave
	if len(p.from) > 0 {
		p.use(0)
		p.sheet.Show(p.list.First())
		return
	}
	p.sheet.Show(p.name)
}

// several tells whether a field takes more than one value.
func (t picking) several(field string) bool {
	fact, found := t.known.Lay(t.cmdlet).Parameter(field)
	return found && (fact.Several || fact.AddRemove)
}

// server is the part that searches on the server.
func (p *pickSheet) server() fyne.CanvasObject {
	p.name, p.said = widgets.NewEntry(), widgets.NewParagraph("", widgets.CaptionText)
	p.name.SetPlaceHolder(lang.L("Name or a part of it"))
	p.name.OnSubmitted = func(string) { p.ask() }
	p.find = widgets.NewButton(lang.L("Find on the server"), p.ask)
	p.find.Icon = widgets.IconSearch
	p.said.SetText(fmt.Sprintf(lang.L("Enter searches %s with %s."), p.place, p.finder.Cmdlet))
	return widgets.NewColumn(4, container.NewBorder(nil, nil, nil, p.find, p.name), p.said)
}

// looksFor looks for a text in what is listed, and offers to ask the server for it.
func (p *pickSheet) looksFor(text string) {
	if text == "" {
		return
	}
	if p.name != nil {
		p.name.SetText(text)
		p.name.TypedShortcut(&fyne.ShortcutSelectAll{})
	}
	if len(p.from) > 0 {
		p.list.Search(text)
	}
}

func (p *pickSheet) items(text string) []widgets.Item {
	var items []widgets.Item
	for _, s := range p.from {
		if strings.Contains(strings.ToLower(s.title), strings.ToLower(text)) {
			items = append(items, widgets.Item{ID: s.title, Title: s.title})
		}
	}
	return items
}

// use lists the values of a source.
func (p *pickSheet) use(i int) {
	s := p.from[i]
	p.of.SetItem(widgets.Item{ID: s.title, Title: s.title})
	p.list.SetModel(&pickModel{columnModel{desk: p.desk, view: s.view, col: s.col}})
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

// ask asks the server, in the tab's tenant, and lists what it found.
func (p *pickSheet) ask() {
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
	search := p.picking.search(p.finder.Call(text))
	p.desk.Spawn(func() { // ends with the answer, or with the sheet
		defer cancel()
		err := search.run(ctx)
		left := ctx.Err() != nil
		p.desk.Post(func() {
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
		p.from = append([]pickSource{{title + " · " + view.Header(col), view, col}}, p.from...)
		p.tell(words.Rows(rows), widgets.CaptionText)
		p.listed(true)
		p.use(0)
		if !p.finder.Named { // all came: the text is looked for in them
			p.list.Search(text)
		}
		p.sheet.Arrange()
		p.desk.Focus(p.list.First())
		return
	}
	p.tell(lang.L("The server found nothing with that name."), widgets.WarningText)
}

// listed shows what is picked from: before a search there is nothing.
func (p *pickSheet) listed(there bool) {
	widgets.SetVisible(p.of, there)
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

// Values gives the values that have a text, on a worker. How many rows have one says nothing
// of an object.
func (m *pickModel) Values(text string, took func([]widgets.ValueCount)) {
	m.columnModel.Values(text, func(values []widgets.ValueCount) {
		values = slices.DeleteFunc(values, func(v widgets.ValueCount) bool { return v.Value == "" })
		for i := range values {
			values[i].Count = 0
		}
		took(values)
	})
}
