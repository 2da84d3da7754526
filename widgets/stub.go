package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

type stub struct{ widget.BaseWidget }

func (s *stub) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewRectangle(color.Transparent))
}

// ---- form

type FieldKind int

const (
	FieldText FieldKind = iota
	FieldMultiline
	FieldNumber
	FieldBool
	FieldSwitch
	FieldChoice
	FieldMultiChoice
	FieldList
	FieldDateTime
	FieldSecret
)

type Field struct {
	Name, Label, Help, Type string
	Kind                    FieldKind
	Mandatory, Common       bool
	Choices, Sets           []string
	Placeholder, Default    string
}
type ParameterSet struct{ Name, Label string }
type FormSpec struct {
	Fields     []Field
	Sets       []ParameterSet
	DefaultSet string
}
type ParameterForm struct {
	stub
	OnRun     func(values map[string]string)
	OnStop    func()
	OnChanged func()
}

func NewParameterForm() *ParameterForm                     { return &ParameterForm{} }
func (f *ParameterForm) SetSpec(s FormSpec)                {}
func (f *ParameterForm) Values() map[string]string         { return nil }
func (f *ParameterForm) SetValues(v map[string]string)     {}
func (f *ParameterForm) ParameterSet() string              { return "" }
func (f *ParameterForm) SetParameterSet(name string)       {}
func (f *ParameterForm) SetError(field, text string)       {}
func (f *ParameterForm) ClearErrors()                      {}
func (f *ParameterForm) SetRunning(running bool)           {}
func (f *ParameterForm) SetRunText(text string)            {}
func (f *ParameterForm) SetRunStyle(s ButtonStyle)         {}
func (f *ParameterForm) SetActions(a ...fyne.CanvasObject) {}
func (f *ParameterForm) Run()                              {}
func (f *ParameterForm) FocusFirst()                       {}
func (f *ParameterForm) FocusField(name string)            {}

// ---- small parts

type SideItem struct {
	ID, Title, Detail, Hint string
	Favourite               bool
}
type SideGroup struct {
	Title string
	Items []SideItem
	Open  bool
}
type SideSection struct {
	Title  string
	Items  []SideItem
	Groups []SideGroup
	Note   string
}
type SideList struct {
	stub
	OnOpen      func(id string)
	OnFavourite func(id string, favourite bool)
	OnMenu      func(id string, at fyne.Position)
}

func NewSideList() *SideList                    { return &SideList{} }
func (l *SideList) SetSections(s []SideSection) {}
func (l *SideList) SetSelected(id string)       {}
func (l *SideList) SetSearch(text string)       {}
func (l *SideList) SetPlaceHolder(text string)  {}
func (l *SideList) FocusSearch()                {}
