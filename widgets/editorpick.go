package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
)

// identityEditor is a name, or several, typed or picked.
type identityEditor struct {
	editor
	box fyne.CanvasObject
}

func newIdentityEditor(f *Field, h editorHooks) *identityEditor {
	e := &identityEditor{}
	var took func(values []string)
	if f.Several {
		list := newLinesEditor(f, h)
		e.editor, took = list, list.add
	} else {
		line := newTextEditor(f, h)
		e.editor = line
		took = func(values []string) {
			if len(values) > 0 {
				line.entry.SetText(values[0])
			}
		}
	}
	e.box = e.editor.object()
	if h.pick != nil {
		pick := NewLink(tr("Pick"), func() { h.pick(took) })
		e.box = hline(6, 0, e.editor.object(), pick)
	}
	return e
}

func (e *identityEditor) object() fyne.CanvasObject { return e.box }

// fileEditor is a file: its name is shown, and its value is what was read.
type fileEditor struct {
	name   *Text
	choose *Button
	value  string
	box    *fyne.Container
}

func newFileEditor(h editorHooks) *fileEditor {
	e := &fileEditor{name: NewCutText(tr("no file"), MutedText)}
	e.choose = NewButton(tr("Choose a file"), func() {
		if h.file == nil {
			return
		}
		h.file(func(name, value string) {
			e.value = value
			e.name.SetText(name)
			e.name.SetRole(BodyText)
			h.changed()
		})
	})
	e.choose.Icon = IconFile
	e.box = hline(8, 1, e.choose, e.name)
	return e
}

func (e *fileEditor) object() fyne.CanvasObject { return e.box }
func (e *fileEditor) focusable() fyne.Focusable { return e.choose }
func (e *fileEditor) text() string              { return e.value }

func (e *fileEditor) setText(s string) {
	e.value = s
	e.name.SetText(tr("no file"))
	e.name.SetRole(MutedText)
	if s != "" {
		e.name.SetText(tr("{{.n}} characters", "n", grouped(len(s))))
	}
}

// addRemoveEditor adds to a list of the server and takes from it, replaces it, or empties it.
type addRemoveEditor struct {
	way         *Segments
	add, remove *linesEditor
	all         *linesEditor
	notation    ListNotation
	halves      *fyne.Container
	box         *fyne.Container
}

// The ways to change a list.
const (
	changeList = iota
	replaceList
	emptyList
)

func newAddRemoveEditor(f *Field, h editorHooks) *addRemoveEditor {
	list := *f
	list.Kind = FieldList
	e := &addRemoveEditor{add: newLinesEditor(&list, h), remove: newLinesEditor(&list, h), all: newLinesEditor(&list, h), notation: f.Changes}
	e.way = NewSegments(func(int) {
		e.showWay()
		h.changed()
	}, tr("Add and remove"), tr("Replace all"), tr("Empty it"))
	e.way.OnKey = h.key
	half := func(title string, role TextRole, l *linesEditor) fyne.CanvasObject {
		head := hline(4, 0, NewCutText(title, role))
		if h.pick != nil {
			pick := NewLink(tr("Pick"), func() { h.pick(l.add) })
			pick.Small = true
			head.Objects = append(head.Objects, pick)
		}
		return NewColumn(2, head, l.object())
	}
	e.halves = &fyne.Container{Layout: &evenly{gap: 8}, Objects: []fyne.CanvasObject{
		half(tr("Add"), SuccessText, e.add), half(tr("Remove"), ErrorText, e.remove),
	}}
	e.box = NewColumn(5, hline(0, -1, e.way), e.halves, e.all.object())
	e.showWay()
	return e
}

func (e *addRemoveEditor) showWay() {
	show(e.halves, e.way.Chosen() == changeList)
	show(e.all.object(), e.way.Chosen() == replaceList)
}

func (e *addRemoveEditor) object() fyne.CanvasObject { return e.box }

func (e *addRemoveEditor) focusable() fyne.Focusable {
	if e.way.Chosen() == changeList {
		return e.add.focusable()
	}
	return e.way
}

// text is the change, the items themselves for a new list, and $null for an empty one.
func (e *addRemoveEditor) text() string {
	switch e.way.Chosen() {
	case replaceList:
		return e.all.text()
	case emptyList:
		return "$null"
	}
	return e.notation.Write(lines(e.add.text()), lines(e.remove.text()))
}

func (e *addRemoveEditor) setText(s string) {
	e.add.setText("")
	e.remove.setText("")
	e.all.setText("")
	add, remove, ok := e.notation.Read(s)
	switch {
	case s == "":
		e.way.SetChosen(changeList)
	case ok:
		e.way.SetChosen(changeList)
		e.add.setText(strings.Join(add, "\n"))
		e.remove.setText(strings.Join(remove, "\n"))
	case strings.EqualFold(strings.TrimSpace(s), "$null"), strings.TrimSpace(s) == "@()":
		e.way.SetChosen(emptyList)
	default:
		e.way.SetChosen(replaceList)
		e.all.setText(s)
	}
	e.showWay()
}
