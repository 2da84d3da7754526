package saving

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/widgets"
)

// sheet asks for the name of a file: its name, its kind, and its folder. A whole
// path can be pasted into the name.
type sheet struct {
	of    *Saver
	asked Question
	sheet *widgets.Sheet

	name    *widgets.Entry
	kind    *widgets.Picker
	pickers []*widgets.Picker // of the choices
	folder  *widgets.Entry
	hint    *widgets.Text // what stands at the name
	save    *widgets.Button

	looks int // numbers what was looked for, so that an old answer is not shown
}

const (
	sheetWidth   = 620
	browseWidth  = 820 // of Fyne's dialog for folders
	browseHeight = 560
)

func newSheet(of *Saver, q Question) *sheet {
	s := &sheet{of: of, asked: q, name: widgets.NewEntry(), folder: widgets.NewEntry(), hint: widgets.NewParagraph("", widgets.CaptionText)}
	s.kind = widgets.NewPicker(s.kinds, s.kindChosen)
	s.name.SetText(q.Name)
	s.folder.SetText(of.folder())
	s.showKind(filepath.Ext(q.Name))
	s.name.OnChanged = s.nameChanged
	s.folder.OnChanged = func(string) { s.look() }
	for _, e := range []*widgets.Entry{s.name, s.folder} {
		e.OnSubmitted = func(string) { s.submit() }
	}
	s.save = widgets.NewPrimaryButton(lang.L("Save"), s.submit)
	cancel := widgets.NewButton(lang.L("Cancel"), func() { s.sheet.Hide() })
	browse := widgets.NewLink(lang.L("Choose a folder ..."), s.browse)
	browse.Small = true
	label := func(text string) fyne.CanvasObject { return widgets.NewParagraph(text, widgets.LabelText) }
	s.sheet = of.desk.Sheets.New(widgets.SheetSpec{
		Title: q.Title, Width: sheetWidth, Foot: widgets.NewFoot(nil, cancel, s.save),
	}, append(append([]fyne.CanvasObject{
		widgets.NewFormRow(label(lang.L("Name or path")), s.name),
		widgets.NewFormRow(label(lang.L("Format")), s.kind),
		widgets.NewFormRow(label(lang.L("Folder")), widgets.NewColumn(3, s.folder, widgets.NewFlow(0, browse))),
	}, s.choices()...), s.hint)...)
	return s
}

// choices are the rows of what else can be chosen.
func (s *sheet) choices() []fyne.CanvasObject {
	var rows []fyne.CanvasObject
	for _, c := range s.asked.Choices {
		item := func(i int) widgets.Item { return widgets.Item{ID: strconv.Itoa(i), Title: c.Options[i]} }
		picker := widgets.NewPicker(func(text string) []widgets.Item {
			var items []widgets.Item
			for i, title := range c.Options {
				if words.Contains(title, text) {
					items = append(items, item(i))
				}
			}
			return items
		}, func(chosen widgets.Item) {
			if i, err := strconv.Atoi(chosen.ID); err == nil { // every ID is one of ours
				c.OnChosen(i)
			}
		})
		picker.SetItem(item(c.Chosen))
		s.pickers = append(s.pickers, picker)
		rows = append(rows, widgets.NewFormRow(widgets.NewParagraph(c.Label, widgets.LabelText), picker))
	}
	return rows
}

func (s *sheet) show() {
	s.sheet.Show(s.name)
	s.name.TypedShortcut(&fyne.ShortcutSelectAll{})
	s.look()
}

func (s *sheet) kinds(text string) []widgets.Item {
	var items []widgets.Item
	for _, t := range s.asked.Types {
		if words.Contains(t.Title+" "+t.Ext, text) {
			items = append(items, t.item())
		}
	}
	return items
}

func (t Type) item() widgets.Item { return widgets.Item{ID: t.Ext, Title: t.Title, Detail: t.Ext} }

// showKind shows the kind of an extension; another extension is the first kind.
func (s *sheet) showKind(ext string) {
	i := slices.IndexFunc(s.asked.Types, func(t Type) bool { return strings.EqualFold(t.Ext, ext) })
	s.kind.SetItem(s.asked.Types[max(0, i)].item())
}

func (s *sheet) kindChosen(i widgets.Item) {
	name := s.name.Text
	if ext := filepath.Ext(name); s.known(ext) {
		name = strings.TrimSuffix(name, ext)
	}
	s.name.SetText(name + i.ID)
}

func (s *sheet) known(ext string) bool {
	return slices.ContainsFunc(s.asked.Types, func(t Type) bool { return strings.EqualFold(t.Ext, ext) })
}

// nameChanged takes a path apart that was pasted in place of a name.
func (s *sheet) nameChanged(text string) {
	if path := ReadPath(text); filepath.IsAbs(path) {
		dir, name := filepath.Split(path)
		s.folder.SetText(filepath.Clean(dir))
		if name != text {
			s.name.SetText(name)
			return // which comes here again
		}
	}
	if ext := filepath.Ext(text); s.known(ext) {
		s.showKind(ext)
	}
	s.look()
}

// path is the whole name. One without a known extension gets that of the kind.
func (s *sheet) path() string {
	name := strings.TrimSpace(s.name.Text)
	if name == "" {
		return ""
	}
	if !s.known(filepath.Ext(name)) {
		if kind, ok := s.kind.Item(); ok {
			name += kind.ID
		}
	}
	return filepath.Join(ReadPath(s.folder.Text), name)
}

// look says what stands at the name, as soon as a worker has looked.
func (s *sheet) look() { s.looked(func(place) {}) }

// looked looks what stands at the name and then does something.
func (s *sheet) looked(then func(place)) {
	s.looks++
	number, path := s.looks, s.path()
	if path == "" || !filepath.IsAbs(path) {
		s.say(lang.L("Enter a name and a folder."), widgets.CaptionText)
		s.save.Disable()
		return
	}
	s.of.desk.Spawn(func() { // ends when the file system has answered
		at, err := look(path)
		s.of.desk.Post(func() {
			if number != s.looks {
				return // something else was typed meanwhile
			}
			if err != nil {
				s.say(words.Explain(err).Title, widgets.ErrorText)
				return
			}
			s.found(at, path)
			then(at)
		})
	})
}

// found says what stands at the name, and whether it can be saved there.
func (s *sheet) found(at place, path string) {
	text, role, button := path, widgets.CaptionText, lang.L("Save")
	switch at {
	case taken:
		text, role, button = fmt.Sprintf(lang.L("%s exists and will be replaced."), filepath.Base(path)), widgets.WarningText, lang.L("Replace")
	case isFolder:
		text, role = fmt.Sprintf(lang.L("%s is a folder."), filepath.Base(path)), widgets.ErrorText
	case noFolder:
		text, role = fmt.Sprintf(lang.L("The folder %s does not exist."), filepath.Dir(path)), widgets.ErrorText
	case free:
	}
	s.save.SetText(button)
	s.say(text, role)
	if role == widgets.ErrorText {
		s.save.Disable()
	} else {
		s.save.Enable()
	}
}

func (s *sheet) say(text string, role widgets.TextRole) {
	s.hint.SetText(text)
	s.hint.SetRole(role)
	s.sheet.Arrange()
}

// submit saves, unless nothing can be saved there. What was not said yet is said
// first: a file is replaced only by who has seen that it is there.
func (s *sheet) submit() {
	said := s.hint.Value()
	s.looked(func(at place) {
		if at == isFolder || at == noFolder || at == taken && s.hint.Value() != said {
			return
		}
		path := s.path()
		s.sheet.Hide()
		s.of.remember(filepath.Dir(path))
		s.asked.Save(path)
	})
}

// browse chooses the folder among those that are there.
func (s *sheet) browse() {
	d := dialog.NewFolderOpen(func(folder fyne.ListableURI, err error) {
		switch {
		case err != nil:
			s.say(words.Explain(err).Title, widgets.ErrorText)
		case folder != nil: // nil: cancelled
			s.folder.SetText(folder.Path())
		}
	}, s.of.desk.Window)
	d.Show()
	d.Resize(fyne.NewSize(browseWidth, browseHeight))
}
