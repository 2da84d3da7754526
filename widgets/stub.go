package widgets

import (
	"image/color"
	"time"

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

// ---- pickers

type Picker struct {
	stub
	Search      SearchFunc
	OnChosen    func(Item)
	Placeholder string
}

func NewPicker(search SearchFunc, chosen func(Item)) *Picker {
	return &Picker{Search: search, OnChosen: chosen}
}
func (p *Picker) SetItem(i Item) {}
func (p *Picker) Item() Item     { return Item{} }
func (p *Picker) Clear()         {}
func (p *Picker) Open()          {}
func (p *Picker) Close()         {}

type CompletionEntry struct {
	stub
	Search      SearchFunc
	OnChosen    func(Item)
	OnChanged   func(text string)
	OnSubmitted func(text string)
}

func NewCompletionEntry(search SearchFunc) *CompletionEntry { return &CompletionEntry{Search: search} }
func (e *CompletionEntry) SetText(text string)              {}
func (e *CompletionEntry) Text() string                     { return "" }
func (e *CompletionEntry) SetPlaceHolder(text string)       {}

type CommandPalette struct {
	Search   SearchFunc
	OnChosen func(Item)
}

func NewCommandPalette(search SearchFunc, chosen func(Item)) *CommandPalette {
	return &CommandPalette{Search: search, OnChosen: chosen}
}
func (p *CommandPalette) Show(c fyne.Canvas) {}
func (p *CommandPalette) Hide()              {}
func (p *CommandPalette) Shown() bool        { return false }

// ---- tray

type SessionState int

const (
	SessionOpening SessionState = iota
	SessionIdle
	SessionRunning
	SessionClosing
	SessionLost
)

type SessionInfo struct {
	ID, Tenant, Account, Endpoint string
	Color                         color.Color
	State                         SessionState
	Note                          string
	Running                       string
	Opened, IdleUntil             time.Time
	Kept                          bool
}
type WaitingInfo struct {
	ID, Title, Detail string
	Color             color.Color
	Place             int
}
type ResultInfo struct {
	ID, Title, Detail string
	Failed            bool
}
type Slots struct {
	Account     string
	Used, Limit int
}
type TrayState struct {
	Slots    []Slots
	Sessions []SessionInfo
	Waiting  []WaitingInfo
	Results  []ResultInfo
	Now      time.Time
}
type SessionTray struct {
	stub
	OnDisconnect    func(id string)
	OnDisconnectAll func()
	OnReconnect     func(id string)
	OnKeep          func(id string, keep bool)
	OnOpen          func(id string)
	OnCancelWaiting func(id string)
	OnResult        func(id string)
}

func NewSessionTray() *SessionTray          { return &SessionTray{} }
func (t *SessionTray) SetState(s TrayState) {}
func (t *SessionTray) SetNow(now time.Time) {}

// ---- small parts

type Action struct {
	Label    string
	OnTapped func()
}
type Problem struct {
	Severity                   Severity
	Title, Cause, Fix, Details string
	Actions                    []Action
}
type ProblemCard struct {
	stub
	OnCopy  func(text string)
	OnClose func()
}

func NewProblemCard(p Problem) *ProblemCard { return &ProblemCard{} }
func (c *ProblemCard) SetProblem(p Problem) {}

type StepState int

const (
	StepPending StepState = iota
	StepRunning
	StepDone
	StepFailed
	StepSkipped
)

type Step struct {
	Text   string
	Detail string
	State  StepState
	Took   time.Duration
}
type StepList struct{ stub }

func NewStepList(steps ...Step) *StepList { return &StepList{} }
func (l *StepList) SetSteps(steps []Step) {}
func (l *StepList) SetStep(i int, s Step) {}

type Message struct {
	Severity Severity
	Text     string
	Source   string
	Time     string
}
type MessageList struct {
	stub
	OnCopy func(text string)
	OnOpen func(i int)
}

func NewMessageList() *MessageList             { return &MessageList{} }
func (l *MessageList) SetMessages(m []Message) {}
func (l *MessageList) Append(m ...Message)     {}
func (l *MessageList) Clear()                  {}
func (l *MessageList) Count(s Severity) int    { return 0 }

type ProgressLine struct {
	stub
	OnCancel func()
}

func NewProgressLine() *ProgressLine               { return &ProgressLine{} }
func (p *ProgressLine) SetFraction(f float64)      {}
func (p *ProgressLine) SetUnknown()                {}
func (p *ProgressLine) SetText(left, right string) {}
func (p *ProgressLine) SetDone(s Severity)         {}

type Toast struct {
	Severity Severity
	Text     string
	Action   Action
	Until    time.Time
}
type ToastLayer struct{ stub }

func NewToastLayer() *ToastLayer           { return &ToastLayer{} }
func (l *ToastLayer) Show(t Toast)         {}
func (l *ToastLayer) Expire(now time.Time) {}
func (l *ToastLayer) Count() int           { return 0 }

type Banner struct{ stub }

func NewBanner(s Severity, text string, actions ...Action) *Banner { return &Banner{} }
func (b *Banner) SetText(s Severity, text string)                  {}

type StatusItem struct {
	Text string
	Dot  color.Color
}
type StatusBar struct{ stub }

func NewStatusBar() *StatusBar                         { return &StatusBar{} }
func (b *StatusBar) SetItems(left, right []StatusItem) {}

type TenantBadge struct{ stub }

func NewTenantBadge(name, detail string, c color.Color) *TenantBadge { return &TenantBadge{} }
func (b *TenantBadge) SetTenant(name, detail string, c color.Color)  {}

type PasswordEntry struct {
	stub
	OnChanged   func(text string)
	OnSubmitted func(text string)
}

func NewPasswordEntry() *PasswordEntry              { return &PasswordEntry{} }
func (e *PasswordEntry) Text() string               { return "" }
func (e *PasswordEntry) SetText(text string)        {}
func (e *PasswordEntry) SetPlaceHolder(text string) {}
func (e *PasswordEntry) SetError(text string)       {}
func (e *PasswordEntry) Disable()                   {}
func (e *PasswordEntry) Enable()                    {}

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

type Chip struct{ stub }

func NewChip(text string, closed func()) *Chip  { return &Chip{} }
func NewPanel(content fyne.CanvasObject) *Panel { return &Panel{} }

type Panel struct{ stub }
