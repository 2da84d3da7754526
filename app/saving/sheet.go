package saving

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session/result"
	"postroom/widgets"
)

// sheet asks for the name of a file: its name, its kind, and its folder. The name may be a
// whole path: it stays as it is typed or pasted, and the folder says where that leads.
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

	looks int    // numbers what was looked for, so that an old answer is not shown
	said  string // the path of which was said what stands there
	at    place  // what was said
	shows int    // numbers what was said
	seen  bool   // that it was on the screen, so that a key can be meant for it
}

const (
	sheetWidth   = 620
	browseWidth  = 820 // of Fyne's dialog for folders
	browseHeight = 560
)

func newSheet(of *Saver, q Question) *sheet {
	s := &sheet{of: of, asked: q, name: widgets.NewEntry(), folder: widgets.NewEntry(), hint: widgets.NewParagraph("", widgets.CaptionText)}
	s.kind = widgets.NewPicker(s.kinds, s.kindChosen)
	if q.Partial {
		q.Name = result.PartialName(q.Name)
	}
	s.name.SetText(q.Name)
	s.folder.SetText(of.folder())
	s.showKind(filepath.Ext(q.Name))
	s.name.OnChanged = s.nameChanged
	s.folder.OnChanged = s.folderChanged
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
	}, append([]fyne.CanvasObject{
		widgets.NewFormRow(label(lang.L("Name or path")), s.name),
		widgets.NewFormRow(label(lang.L("Format")), s.kind),
		widgets.NewFormRow(label(lang.L("Folder")), widgets.NewColumn(3, s.folder, widgets.NewFlow(0, browse))),
		s.hint, // before what a low window has to scroll to
	}, s.choices()...)...)
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
	name, err := ReadPath(s.name.Text)
	if err != nil {
		return // which the sheet says
	}
	if ext := filepath.Ext(name); s.known(ext) {
		name = strings.TrimSuffix(name, ext)
	}
	s.name.SetText(name + i.ID)
}

func (s *sheet) known(ext string) bool {
	return slices.ContainsFunc(s.asked.Types, func(t Type) bool { return strings.EqualFold(t.Ext, ext) })
}

// nameChanged shows the folder of a whole path that stands in place of a name.
func (s *sheet) nameChanged(text string) {
	path, _ := ReadPath(text) // what is wrong is said below
	if dir := filepath.Dir(path); filepath.IsAbs(path) && s.folder.Text != dir {
		s.folder.SetText(dir)
	}
	if ext := filepath.Ext(path); s.known(ext) {
		s.showKind(ext)
	}
	s.look()
}

// folderChanged leaves the name of a path: another folder was chosen than the path's.
func (s *sheet) folderChanged(folder string) {
	if path, _ := ReadPath(s.name.Text); filepath.IsAbs(path) && folder != filepath.Dir(path) {
		_, name := filepath.Split(path)
		s.name.SetText(name) // which looks
		return
	}
	s.look()
}

// path is the whole name, "" while there is none. One without a known extension gets that of
// the kind, and one of what is not all the mark that says so.
func (s *sheet) path() (string, error) {
	name, err := ReadPath(s.name.Text)
	if err != nil || name == "" || os.IsPathSeparator(name[len(name)-1]) {
		return "", err // a folder alone
	}
	if !s.known(filepath.Ext(name)) {
		if kind, ok := s.kind.Item(); ok {
			name += kind.ID
		}
	}
	if s.asked.Partial {
		name = result.PartialName(name)
	}
	if filepath.IsAbs(name) {
		return filepath.Clean(name), nil
	}
	folder, err := ReadPath(s.folder.Text)
	if err != nil {
		return "", err
	}
	return filepath.Join(folder, name), nil
}

// look says what stands at the name, as soon as a worker has looked.
func (s *sheet) look() { s.looked(func(place, error) {}) }

// looked looks what stands at the name and then does something.
func (s *sheet) looked(then func(place, error)) {
	s.looks++
	number := s.looks
	path, err := s.path()
	if err != nil {
		s.say(explained(err), widgets.ErrorText)
		s.save.Disable()
		return
	}
	if path == "" || !filepath.IsAbs(path) {
		s.say(lang.L("Enter a name and a folder."), widgets.CaptionText)
		s.save.Disable()
		return
	}
	writing := slices.Clone(s.of.writing)
	s.of.desk.Spawn(func() { // ends when the file system has answered
		at, err := look(path, writing)
		s.of.desk.Post(func() {
			if number != s.looks {
				return // something else was typed meanwhile
			}
			if err != nil {
				s.say(words.Explain(err).Title, widgets.ErrorText)
			} else {
				s.found(at, path)
			}
			then(at, err)
		})
	})
}

// found says what stands at the name, and whether it can be saved there.
func (s *sheet) found(at place, path string) {
	if s.said != path || s.at != at {
		s.said, s.at, s.seen = path, at, false
		s.shows++
		number := s.shows
		s.of.onScreen(func() { s.seen = s.seen || number == s.shows })
	}
	text, role, button := path, widgets.CaptionText, lang.L("Save")
	switch at {
	case taken:
		text, role, button = fmt.Sprintf(lang.L("%s exists and will be replaced."), filepath.Base(path)), widgets.WarningText, lang.L("Replace")
	case isFolder:
		text, role = fmt.Sprintf(lang.L("%s is a folder."), filepath.Base(path)), widgets.ErrorText
	case inUse:
		text, role = fmt.Sprintf(lang.L("%s is being written now."), filepath.Base(path)), widgets.ErrorText
	case noFolder:
		text, role = fmt.Sprintf(lang.L("The folder %s does not exist."), filepath.Dir(path)), widgets.ErrorText
	case free:
	}
	if s.asked.Partial && role != widgets.ErrorText {
		text += "\n" + lang.L("Rows may be missing, so the name says partial.")
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
// first: a file is replaced only by who has seen that it is there, and a key that comes
// before the warning was on the screen replaces nothing. Where nothing is left to
// ask the sheet goes at once, for what a person presses next; it comes back where another
// has changed what stands there meanwhile.
func (s *sheet) submit() {
	path, _ := s.path() // looked says what is wrong
	said, was := s.said == path, s.at
	fine := func(at place) bool { return at == free || at == taken && said && was == taken && s.seen }
	gone := said && path != "" && fine(was)
	if gone {
		s.sheet.Hide()
	}
	s.looked(func(at place, err error) {
		switch {
		case gone && (err != nil || !fine(at)):
			s.sheet.Show(s.name)
		case err != nil || !fine(at) || !gone && !s.sheet.Shown(): // the last: a person has left it
		default:
			s.sheet.Hide()
			s.of.remember(filepath.Dir(path))
			s.asked.Save(path)
		}
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
