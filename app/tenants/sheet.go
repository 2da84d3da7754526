package tenants

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/saving"
	"postroom/app/words"
	"postroom/session/atomicfile"
	"postroom/session/endpoint"
	"postroom/widgets"
)

// sheet is where the tenants are kept in order: a list with a search, the form of the one
// that is chosen, and the ways in and out for whole lists. It has a field for each entry
// of the form, which keeping and choosing read and write.
type sheet struct {
	book  *Book
	sheet *widgets.Sheet

	list    *widgets.SideList
	title   *widgets.Text
	name    *widgets.Entry
	domain  *widgets.Entry
	color   *widgets.Picker
	tags    *widgets.Entry
	pinned  *widgets.Check
	reads   *widgets.Check // nothing is sent that changes something
	wrong   *widgets.Text  // below the domain
	who     *identity      // below that
	report  *widgets.Text  // what became of a list
	remove  *widgets.Button
	reading desk.Order      // of what is lost
	lost    *fyne.Container // says that a list could not be read; hidden where none was

	chosen  string        // domain of the tenant in the form; empty for a new one
	opened  *opened       // the tenant that was put into the form last
	working chan struct{} // closed when what was asked for last is done; nil before
}

// ShowSheet shows the sheet in which the tenants are kept in order.
func (b *Book) ShowSheet() { b.newSheet().show() }

func (b *Book) newSheet() *sheet {
	s := &sheet{
		opened: &opened{},
		book:   b, list: widgets.NewSideList(), title: widgets.NewParagraph("", widgets.StrongText),
		name: widgets.NewEntry(), domain: widgets.NewEntry(), tags: widgets.NewEntry(),
		wrong: widgets.NewParagraph("", widgets.ErrorText), report: widgets.NewParagraph("", widgets.MutedText),
	}
	s.list.SetPlaceHolder(lang.L("Find a tenant"))
	s.list.OnOpen = s.open
	s.list.OnFavourite = s.pin
	s.list.Find = s.find
	s.color = widgets.NewPicker(s.searchColors, nil)
	s.color.PlaceHolder = lang.L("filled in for you")
	s.domain.SetPlaceHolder("contoso.example")
	s.tags.SetPlaceHolder(lang.L("separated by commas"))
	s.pinned = widgets.NewCheck(lang.L("Always at the top"), nil)
	s.reads = widgets.NewCheck(lang.L("Read only: send nothing that changes something"), nil)
	s.who = newIdentity(b, func() {
		if s.sheet != nil {
			s.sheet.Arrange()
		}
	})
	s.domain.OnChanged = s.who.typed
	for _, e := range []*widgets.Entry{s.name, s.domain, s.tags} {
		e.OnSubmitted = func(string) { s.save() }
	}
	s.remove = widgets.NewButton(lang.L("Remove"), s.removeChosen)
	graph := widgets.NewButton(lang.L("Import from Microsoft 365 ..."), s.fromGraph)
	widgets.SetVisible(graph, b.Partners != nil)
	s.lost = widgets.NewColumn(0)
	s.lost.Hide()
	form := widgets.NewColumn(10, s.lost, s.title,
		widgets.NewFormRow(widgets.NewParagraph(lang.L("Name"), widgets.LabelText), s.name),
		widgets.NewFormRow(widgets.NewParagraph(lang.L("Domain"), widgets.LabelText), widgets.NewColumn(3, s.domain, s.wrong, s.who.shown)),
		widgets.NewFormRow(widgets.NewParagraph(lang.L("Colour"), widgets.LabelText), s.color),
		widgets.NewFormRow(widgets.NewParagraph(lang.L("Tags"), widgets.LabelText), s.tags),
		widgets.NewFormRow(widgets.NewText("", widgets.LabelText), widgets.NewColumn(2, s.pinned, s.reads)),
		widgets.NewFlow(8, widgets.NewPrimaryButton(lang.L("Save"), s.save), widgets.NewButton(lang.L("Cancel"), func() { s.open(s.chosen) }),
			widgets.NewButton(lang.L("New"), func() { s.open("") }), s.remove),
		widgets.NewSectionTitle(lang.L("Import and export")),
		widgets.NewFlow(8, widgets.NewButton(lang.L("Paste a list"), s.paste), widgets.NewButton(lang.L("Import a file ..."), s.importFile),
			graph, widgets.NewButton(lang.L("Export ..."), s.export)),
		s.report,
	)
	s.wrong.Hide()
	s.report.Hide()
	done := widgets.NewButton(lang.L("Close"), func() { s.sheet.Hide() })
	s.sheet = b.desk.Sheets.New(widgets.SheetSpec{
		Title:       lang.L("Tenants"),
		Explanation: lang.L("The tenants whose mail you manage. Nothing here affects open sessions."),
		Width:       860, Foot: widgets.NewFoot(nil, done),
	}, widgets.NewSideBySide(s.list, form))
	return s
}

func (s *sheet) show() {
	s.open("")
	s.fill()
	if len(s.book.list.All()) == 0 {
		s.tell(lang.L("Add a tenant, paste a list or import a file."))
	}
	s.sheet.Show(nil)
	s.list.FocusSearch()
	s.lookForLost()
}

// lookForLost offers to confirm the lists where one could not be read.
func (s *sheet) lookForLost() {
	if s.book.Lost == nil {
		return
	}
	overtaken := s.reading.Begin()
	s.book.desk.Spawn(func() { // ends when the files are read
		err := s.book.Lost()
		s.book.desk.Post(func() {
			if !overtaken() {
				s.showLost(err)
			}
		})
	})
}

func (s *sheet) showLost(err error) {
	s.lost.Objects = nil
	if err != nil {
		s.lost.Objects = []fyne.CanvasObject{widgets.NewBanner(widgets.Warning, words.Explain(err).Title,
			widgets.Action{Label: lang.L("My lists are right"), OnTapped: s.confirm})}
	}
	widgets.SetVisible(s.lost, err != nil)
	s.sheet.Arrange()
}

// confirm takes the person's word that nothing is missing in the lists.
func (s *sheet) confirm() {
	s.change(func() error { return s.book.Confirm(context.Background()) }, func() {
		s.tell(lang.L("Confirmed. Changes can be sent again."))
		s.lookForLost()
	})
}

// fill lists the tenants.
func (s *sheet) fill() {
	s.list.SetSections(s.find(""))
	s.list.SetSelected(s.chosen)
}

// find lists the tenants that match, as they are found everywhere: pinned ones
// first, then those used last.
func (s *sheet) find(text string) []widgets.SideSection {
	found := s.book.list.Search(text)
	items := make([]widgets.SideItem, len(found))
	for i, t := range found {
		items[i] = widgets.SideItem{
			ID: t.Domain, Title: t.Name, Favourite: t.Pinned,
			Detail: strings.TrimSpace(endpoint.DisplayDomain(t.Domain) + " " + strings.Join(t.Tags, " ")),
		}
	}
	section := widgets.SideSection{Title: words.Tenants(len(found)), Items: items}
	switch {
	case len(found) == 0 && text != "":
		return nil // the list says so
	case len(found) == 0:
		section.Note = lang.L("None yet")
	}
	return []widgets.SideSection{section}
}

// open shows a tenant in the form; the empty domain a new one.
func (s *sheet) open(domain string) {
	var t endpoint.Tenant
	if domain != "" {
		var err error
		if t, err = s.book.list.Find(domain); err != nil {
			s.book.desk.Problem(err)
			return
		}
	}
	s.opened = &opened{t.Domain}
	s.choose(t)
	s.name.SetText(t.Name)
	s.who.known(t)
	s.domain.SetText(endpoint.DisplayDomain(t.Domain))
	s.tags.SetText(strings.Join(t.Tags, ", "))
	s.pinned.SetChecked(t.Pinned)
	s.reads.SetChecked(t.ReadOnly)
	s.color.Clear()
	if t.Color != "" {
		s.color.SetItem(colorItem(t.Color))
	}
	s.setError("")
	s.list.SetSelected(s.chosen)
	s.tell("")
}

// choose says whose form it is; a tenant without a domain is a new one.
func (s *sheet) choose(t endpoint.Tenant) {
	s.chosen = t.Domain
	s.title.SetText(lang.L("A new tenant"))
	if t.Domain != "" {
		s.title.SetText(t.Name)
	}
	widgets.SetVisible(s.remove, t.Domain != "")
}

// opened is a tenant from when it is put into the form until another one is.
type opened struct {
	domain string // in the list; empty for a new one. For what is asked for in order.
}

// filled is what stands in a form.
type filled struct {
	name, domain, tags, color string
	pinned, reads             bool
}

func (s *sheet) filled() filled {
	color, _ := s.color.Item()
	return filled{s.name.Text, s.domain.Text, s.tags.Text, color.ID, s.pinned.Checked, s.reads.Checked}
}

// palette are colours that read well in light and dark; any other can be typed.
func palette() []string {
	return []string{
		"#0b57d0", "#0f6b75", "#137333", "#5b6b00", "#8a5a00", "#a8480b", "#b3261e", "#a50e5c", "#7b1fa2", "#4527a0", "#455a64", "#5d4037",
	}
}

func colorItem(color string) widgets.Item {
	return widgets.Item{ID: color, Title: color, Color: words.TenantColor(endpoint.Tenant{Color: color})}
}

func (s *sheet) searchColors(text string) []widgets.Item {
	var items []widgets.Item
	for _, c := range palette() {
		if words.Contains(c, text) {
			items = append(items, colorItem(c))
		}
	}
	typed := strings.ToLower(strings.TrimSpace(text))
	if _, err := endpoint.TextOn(typed); err == nil && len(items) == 0 {
		items = append(items, colorItem(typed))
	}
	return items
}

// typed is the tenant of the form.
func (s *sheet) typed() endpoint.Tenant {
	t := endpoint.Tenant{Name: strings.TrimSpace(s.name.Text), Domain: s.domain.Text, Pinned: s.pinned.Checked, ReadOnly: s.reads.Checked}
	if known, err := s.book.list.Find(s.chosen); err == nil {
		t.LastUsed = known.LastUsed
		if ascii, err := endpoint.ParseDomain(t.Domain); err == nil && ascii == known.Domain {
			t.ID = known.ID
		}
	}
	if id := s.who.of(t.Domain); id != "" {
		t.ID = id
	}
	for tag := range strings.SplitSeq(s.tags.Text, ",") {
		if tag = strings.TrimSpace(tag); tag != "" {
			t.Tags = append(t.Tags, tag)
		}
	}
	if item, ok := s.color.Item(); ok {
		t.Color = item.ID
	}
	return t
}

// save adds or changes the tenant of the form.
func (s *sheet) save() {
	t, tenants := s.typed(), s.book.list
	filled, opened := s.filled(), s.opened
	s.setError("")
	s.inOrder(func() { // ends when the file is written
		var kept endpoint.Tenant
		var err error
		domain := opened.domain // as the save before has left it: pressed twice one tenant is added
		if domain == "" {
			kept, err = tenants.Add(context.Background(), t)
		} else {
			kept, err = tenants.Edit(context.Background(), domain, t)
		}
		if err == nil {
			opened.domain = kept.Domain
		}
		s.book.desk.Post(func() {
			if err != nil && s.opened != opened {
				s.book.desk.Problem(err)
				return
			}
			if err != nil {
				s.setError(words.Explain(err).Title + " " + words.Explain(err).Fix)
				s.book.desk.Focus(s.domain)
				return
			}
			if kept.Domain == domain { // another domain is another tenant, which nobody has chosen
				s.book.changed(kept)
			}
			switch {
			case s.opened != opened: // another was opened meanwhile, and stays
			case s.filled() != filled: // so does what was typed meanwhile
				s.choose(kept)
			default:
				s.open(kept.Domain)
			}
			s.fill()
			s.tell(fmt.Sprintf(lang.L("%s is saved."), kept.Name))
		})
	})
}

// inOrder does work on a worker when what was asked for before is done: an older save
// must not come after a newer one, and take back that a tenant is read only.
func (s *sheet) inOrder(work func()) {
	before, done := s.working, make(chan struct{})
	s.working = done
	s.book.desk.Spawn(func() {
		defer close(done)
		if before != nil {
			<-before
		}
		work()
	})
}

func (s *sheet) setError(text string) {
	s.wrong.SetText(text)
	if s.wrong.Visible() != (text != "") {
		widgets.SetVisible(s.wrong, text != "")
		s.sheet.Arrange()
	}
}

func (s *sheet) pin(domain string, pinned bool) {
	tenants := s.book.list
	change := tenants.Unpin
	if pinned {
		change = tenants.Pin
	}
	s.change(func() error { return change(context.Background(), domain) }, func() {
		if domain == s.chosen {
			s.pinned.SetChecked(pinned)
		}
	})
}

// change does something with the list on a worker and shows the list anew.
func (s *sheet) change(do func() error, after func()) {
	s.inOrder(func() { // ends when the file is written
		err := do()
		s.book.desk.Post(func() {
			if err != nil {
				s.tell(words.Explain(err).Title + " " + words.Explain(err).Fix)
				return
			}
			after()
			s.fill()
		})
	})
}

// removeChosen takes the tenant of the form off the list. It can be undone.
func (s *sheet) removeChosen() {
	tenants := s.book.list
	t, err := tenants.Find(s.chosen)
	if err != nil {
		s.tell(words.Explain(err).Title)
		return
	}
	opened := s.opened
	s.change(func() error { return tenants.Remove(context.Background(), t.Domain) }, func() {
		if s.opened != opened { // another was opened meanwhile, and stays
			return
		}
		s.open("")
		s.tell(fmt.Sprintf(lang.L("%s removed. Press Save to restore it."), t.Name))
		s.name.SetText(t.Name)
		s.domain.SetText(endpoint.DisplayDomain(t.Domain))
		s.tags.SetText(strings.Join(t.Tags, ", "))
		s.pinned.SetChecked(t.Pinned)
		s.reads.SetChecked(t.ReadOnly)
		s.color.SetItem(colorItem(t.Color))
	})
}

// tell says what became of the last thing that was done with the list.
func (s *sheet) tell(text string) {
	s.report.SetText(text)
	widgets.SetVisible(s.report, text != "")
	s.sheet.Arrange()
}

// paste takes a list from the clipboard.
func (s *sheet) paste() {
	s.take(strings.NewReader(s.book.desk.Pasted()))
}

func (s *sheet) importFile() {
	saving.Open(s.book.desk, saving.Wanted{Title: lang.L("Import tenants"), Read: func(path string) (func(), error) {
		raw, err := atomicfile.Read(path, endpoint.MaxList)
		if errors.Is(err, atomicfile.ErrTooLarge) {
			err = endpoint.ErrListTooLong
		}
		return func() { s.take(bytes.NewReader(raw)) }, err
	}})
}

// take adds the tenants of a list and says what became of it.
func (s *sheet) take(r io.Reader) {
	var done endpoint.Imported
	s.change(func() (err error) {
		done, err = s.book.list.Import(context.Background(), r)
		return err
	}, func() { s.tell(importText(done)) })
}

// linesTold is how many wrong lines of a list are told one by one.
const linesTold = 3

func importText(done endpoint.Imported) string {
	text := fmt.Sprintf(lang.L("%s added, %s changed, %s already known."),
		words.Number(len(done.Added)), words.Number(len(done.Changed)), words.Number(done.Unchanged))
	for i, line := range done.Errors {
		if i == linesTold {
			text += "\n" + fmt.Sprintf(lang.L("More lines without a domain: %s."), words.Number(len(done.Errors)-linesTold))
			break
		}
		text += "\n" + words.Explain(line).Title
	}
	return text
}

// export writes the list to a file.
func (s *sheet) export() {
	s.book.saver.Ask(saving.Question{
		Title: lang.L("Export the list of tenants"), Name: "tenants.csv",
		Types: []saving.Type{{Title: "CSV", Ext: ".csv"}}, Save: s.exportTo,
	})
}

func (s *sheet) exportTo(path string) {
	list := s.book.list
	s.change(func() error { return atomicfile.Replace(path, atomicfile.Shared, list.Export) }, func() {
		s.book.saver.Saved(widgets.Success, fmt.Sprintf(lang.L("%s written to %s"), words.Tenants(len(list.All())), filepath.Base(path)), path)
	})
}
