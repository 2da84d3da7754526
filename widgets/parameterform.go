package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// ParameterForm is a form made from descriptions: parameter sets as tabs where there are
// several, required parameters first, then the most used, the rest on request or by
// search. Only what was filled in is sent. It has Run and Stop, room for more actions, and
// shows the PowerShell of the call. Enter in a line of text runs, F5 runs from anywhere in
// it, F1 shows the name and type of a field. After a run it can be folded to one line. It
// has so many methods because each is one thing that the window asks of a form, and a line of
// what its parts do; these know the hooks and the few functions that they ask of it, not the
// form.
type ParameterForm struct {
	widget.BaseWidget
	FormHooks

	fields formFields
	head   *formHead
	strip  *formStrip
	foot   *formFoot
	fold   *formFold
	scroll *container.Scroll
}

// FormHooks are what a form asks and tells. Each may be nil; set Pick and ChooseFile before
// SetSpec.
type FormHooks struct {
	OnRun     func(values map[string]string) // a person asked to run, and nothing holds it back
	OnStop    func()
	OnChanged func()            // a person changed a value or the parameter set
	OnFold    func(folded bool) // a person folded or unfolded the form
	OnHeight  func()            // HeightFor may give another height than before
	// Check says why a value that is set cannot be read as its kind; empty when it can. Without
	// it numbers and dates are checked.
	Check func(field, text string) (wrong string)
	// OnPaste sees what a person pastes into a field; true means that it was for the form as a
	// whole, such as a line of PowerShell.
	OnPaste func(text string) bool
	// Preview writes the PowerShell of a call with these values.
	Preview func(values map[string]string) string
	// Pick lets a person choose values for a field, and gives them to took.
	Pick func(field string, took func(values []string))
	// ChooseFile lets a person choose a file, and gives its name and value to took.
	ChooseFile func(field string, took func(name, value string))
}

// NewParameterForm returns a form without fields.
func NewParameterForm() *ParameterForm {
	f := &ParameterForm{}
	f.fields = newFormFields(&f.FormHooks, fieldAsks{
		run: f.Run, tell: f.valuesChanged, choose: f.choose, sight: f.bringIntoSight, layOut: f.laidOut,
		count:     func(all, hidden int) { f.head.tell(all, hidden, f.fields.more) },
		endSearch: func() { f.head.search.setSilently("") },
	})
	f.head = newFormHead(headAsks{
		choose: f.choose, first: f.FocusFirst, pasted: f.pasted,
		search: func(text string) { f.fields.needle = text; f.fields.rebuild() },
		more:   func() { f.fields.more = !f.fields.more; f.fields.rebuild() },
	})
	f.strip = newFormStrip(&f.FormHooks, func() { f.setStripFolded(!f.strip.folded) })
	f.foot = newFormFoot(footAsks{run: f.Run, stop: f.stop, mend: f.mend, clear: f.clear})
	f.fold = newFormFold(f.unfold)
	f.scroll = container.NewVScroll(padded(f.fields.box, formPad, 6))
	f.ExtendBaseWidget(f)
	f.fields.rebuild()
	return f
}

// pasted asks whether what is pasted into a field is for the form as a whole.
func (h *FormHooks) pasted(text string) bool { return h.OnPaste != nil && h.OnPaste(text) }

// tellChanged tells of a person's change.
func (h *FormHooks) tellChanged() {
	if h.OnChanged != nil {
		h.OnChanged()
	}
}

// choose is a person's choice of a parameter set.
func (f *ParameterForm) choose(set string) {
	f.SetParameterSet(set)
	f.tellChanged()
}

func (f *ParameterForm) stop() {
	if f.OnStop != nil {
		f.OnStop()
	}
}

// mend goes to the first field that holds Run back.
func (f *ParameterForm) mend() {
	if bad := f.fields.badFields(); len(bad) > 0 {
		f.SetFolded(false)
		f.FocusField(bad[0].field.Name)
	}
}

// clear empties all fields.
func (f *ParameterForm) clear() {
	f.SetValues(nil)
	f.FocusFirst()
	f.fields.changed()
}

// unfold is a person's wish to see the form again.
func (f *ParameterForm) unfold() {
	f.SetFolded(false)
	f.FocusFirst()
	if f.OnFold != nil {
		f.OnFold(false)
	}
}

// SetSpec replaces the fields and forgets all values.
func (f *ParameterForm) SetSpec(s FormSpec) {
	f.fields.setSpec(s)
	f.head.setSets(s.Sets, f.fields.set)
	f.scroll.Offset = fyne.Position{}
	f.fields.rebuild()
}

// SetHelp takes from a spec of the same fields what is said about them, and which are needed:
// help may come late. Values, focus and the order of what is in sight stay.
func (f *ParameterForm) SetHelp(s FormSpec) { f.fields.setHelp(s) }

// Has tells whether the form has a field of that name, in whatever parameter set.
func (f *ParameterForm) Has(name string) bool { return f.fields.field(name) != nil }

// InSight names the fields that are shown, in their order.
func (f *ParameterForm) InSight() []string { return f.fields.inOrder() }

// Values returns the values that are set, of the fields in the chosen parameter set, written
// as FieldKind says.
func (f *ParameterForm) Values() map[string]string { return f.fields.values() }

// SetValues sets every field: those that are not named are emptied. Names that the form
// does not have are ignored. Where the chosen parameter set lacks some of them, one that
// has more is chosen.
func (f *ParameterForm) SetValues(values map[string]string) {
	f.fields.setValues(values)
	if set := f.fields.setFor(values); set != f.fields.set {
		f.SetParameterSet(set)
	}
}

// ParameterSet returns the name of the chosen set, empty when there are none.
func (f *ParameterForm) ParameterSet() string { return f.fields.set }

// ParameterSets gives the labels of the sets that are offered; none where there is one.
func (f *ParameterForm) ParameterSets() []string {
	var labels []string
	for _, s := range f.fields.spec.Sets {
		labels = append(labels, s.title())
	}
	return labels
}

// SetParameterSet chooses a set; a name that the form does not have is ignored.
func (f *ParameterForm) SetParameterSet(name string) {
	if slices.ContainsFunc(f.fields.spec.Sets, func(s ParameterSet) bool { return s.Name == name }) {
		f.fields.set, f.fields.needle = name, "" // the head empties its search
		f.head.setSets(f.fields.spec.Sets, name)
		f.fields.rebuild()
	}
}

// SetError shows what is wrong beside a field and brings it into sight; the empty text
// takes it away.
func (f *ParameterForm) SetError(field, text string) { f.fields.setError(field, text) }

// ClearErrors takes away all errors that SetError set.
func (f *ParameterForm) ClearErrors() { f.fields.clearErrors() }

// SetRunning switches between Run and Stop.
func (f *ParameterForm) SetRunning(running bool) { f.foot.setRunning(running) }

// SetRunText says what Run does, such as "Run on Nordsee Logistik".
func (f *ParameterForm) SetRunText(text string) {
	f.foot.run.SetText(text)
	f.Refresh()
}

// SetRunnable says whether Run can be pressed at all: what cannot be had here is shown, and
// not run.
func (f *ParameterForm) SetRunnable(runnable bool) {
	f.foot.barred = !runnable
	f.foot.setRunning(f.foot.running)
}

// HideStop takes Stop away, where what Run begins goes on elsewhere.
func (f *ParameterForm) HideStop() { f.foot.stop.Hide() }

// SetRunStyle is PrimaryButton, or DangerButton for what takes something away.
func (f *ParameterForm) SetRunStyle(s ButtonStyle) { f.foot.run.SetStyle(s) }

// SetActions puts more buttons at the end of the row of Run and Stop.
func (f *ParameterForm) SetActions(actions ...fyne.CanvasObject) {
	f.foot.setActions(actions)
	f.Refresh()
}

// SetFolded folds the form to the line that says what was asked, or unfolds it.
func (f *ParameterForm) SetFolded(folded bool) {
	f.fold.folded = folded
	f.foot.fold(folded)
	f.Refresh()
}

// Folded tells whether the form is folded to one line.
func (f *ParameterForm) Folded() bool { return f.fold.folded }

// setStripFolded hides the PowerShell but for its head, or shows it.
func (f *ParameterForm) setStripFolded(folded bool) {
	f.strip.folded = folded
	f.Refresh()
}

// StripFolded tells whether the PowerShell is hidden.
func (f *ParameterForm) StripFolded() bool { return f.strip.folded }

// Run checks the form and calls OnRun, as the button does. While something runs it does
// nothing.
func (f *ParameterForm) Run() {
	if f.foot.running || f.foot.barred {
		return
	}
	f.fields.clearErrors()
	if first := f.fields.check(); first != "" {
		f.SetFolded(false)
		f.FocusField(first)
		return
	}
	if f.OnRun != nil {
		f.OnRun(f.Values())
	}
}

// FocusFirst gives the keyboard to the first required field that is empty, else to the first.
func (f *ParameterForm) FocusFirst() { f.FocusField(f.fields.first()) }

// FocusField gives the keyboard to a field.
func (f *ParameterForm) FocusField(name string) { f.fields.focus(name) }

func (f *ParameterForm) bringIntoSight(c *formCell) {
	scrollTo(f.scroll, c.Position().Y, c.Position().Y+c.Size().Height+sightRoom)
}

// valuesChanged shows what follows from the values.
func (f *ParameterForm) valuesChanged() {
	values := f.Values()
	bad := f.fields.badFields()
	sent := len(values)
	for _, c := range bad {
		if values[c.field.Name] != "" {
			sent--
		}
	}
	f.foot.tell(sent, bad)
	f.fold.asked.SetText(f.fields.asked(values))
	if f.strip.tell(values, bad, f.Size().Width-2*formPad) {
		f.grown()
	}
}

// laidOut fits the form to the fields that are shown now.
func (f *ParameterForm) laidOut() {
	FollowKeyboard(f.scroll)
	f.scroll.Refresh()
	f.grown()
}

// grown lays the form out anew, as what it shows takes another height.
func (f *ParameterForm) grown() {
	f.Refresh()
	if f.OnHeight != nil {
		f.OnHeight()
	}
	f.keepInSight()
}

// keepInSight brings what has the keyboard back into sight: the PowerShell that grows takes
// its place from the fields above it.
func (f *ParameterForm) keepInSight() {
	on := fyne.CurrentApp().Driver().CanvasForObject(f)
	if on == nil {
		return
	}
	if focused, is := on.Focused().(broughtInSight); is {
		focused.bring(focused)
	}
}
