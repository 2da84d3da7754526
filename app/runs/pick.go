package runs

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2/lang"

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

// pickSources lists what can be picked from for a tab: the rows of the other tabs of its
// tenant and account. What another tenant has is no object here.
func (t *Tab) pickSources() []pickSource {
	var sources []pickSource
	for _, other := range t.Window.Tabs() {
		if other == t || other.base.Tenant.Domain != t.base.Tenant.Domain || other.base.Account != t.base.Account {
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

// pick lets a person choose values for a field from the rows of another tab.
func (t *Tab) pick(field string, took func(values []string)) {
	sources := t.pickSources()
	if len(sources) == 0 {
		t.Desk.Note(widgets.Information, lang.L("Run a list in another tab of this tenant first, such as Get-Mailbox: its rows can be picked here."))
		return
	}
	model := func(i int) widgets.ValueModel {
		return &pickModel{columnModel{desk: t.Desk, view: sources[i].view, col: sources[i].col}}
	}
	list := widgets.NewValueList(model(0))
	from := widgets.NewPicker(func(text string) []widgets.Item {
		var items []widgets.Item
		for _, s := range sources {
			if strings.Contains(strings.ToLower(s.title), strings.ToLower(text)) {
				items = append(items, widgets.Item{ID: s.title, Title: s.title})
			}
		}
		return items
	}, func(i widgets.Item) {
		at := slices.IndexFunc(sources, func(s pickSource) bool { return s.title == i.ID })
		list.SetModel(model(at))
		t.Desk.Focus(list.First())
	})
	from.SetItem(widgets.Item{ID: sources[0].title, Title: sources[0].title})
	var s *widgets.Sheet
	choose := func() {
		if values := list.Ticked(); len(values) > 0 {
			s.Hide()
			took(values)
		}
	}
	list.OnSubmit = choose
	cancel := widgets.NewButton(lang.L("Cancel"), func() { s.Hide() })
	s = t.Desk.Sheets.New(widgets.SheetSpec{
		Title: spaced(field), Explanation: lang.L("From the rows of another tab"), Width: 520,
		Foot: widgets.NewFoot(nil, cancel, widgets.NewPrimaryButton(lang.L("Take"), choose)),
	}, from, list)
	s.Show(list.First())
}

// pickModel lists the values of a column that there are: each stands for an object.
type pickModel struct{ columnModel }

// Values gives the values that have a text, on a worker.
func (m *pickModel) Values(text string, took func([]widgets.ValueCount)) {
	m.columnModel.Values(text, func(values []widgets.ValueCount) {
		took(slices.DeleteFunc(values, func(v widgets.ValueCount) bool { return v.Value == "" }))
	})
}
