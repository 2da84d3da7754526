package runs

import (
	"errors"
	"time"

	"postroom/app/words"
	"postroom/session/cmdlet"
)

// askForm gives a tab's form what it asks while a person types: whether a value can be read,
// and the PowerShell of the call.
func (t *Tab) askForm() {
	if t.report != nil {
		t.askReport()
		return
	}
	if t.cmdlet.Name == "" {
		return // kept rows ask nothing
	}
	t.form.OnPaste = t.paste
	t.form.Pick = t.pick
	t.form.ChooseFile = t.chooseFile
	t.form.Check = func(field, text string) string { return wrongValue(t.cmdlet, field, text) }
	t.form.Preview = func(values map[string]string) string {
		inv, err := t.cmdlet.Bind(values, time.Now())
		if err != nil { // what is missing only: the form leaves out what is wrong
			inv = boundAlone(t.cmdlet, values)
		}
		return t.command(inv).PowerShell()
	}
}

// wrongValue says why a text cannot be read as the kind of a parameter, empty when it can.
func wrongValue(c cmdlet.Cmdlet, parameter, text string) string {
	_, err := c.Bind(map[string]string{parameter: text}, time.Now())
	for _, wrong := range cmdlet.BindErrors(err) {
		if wrong.Want != cmdlet.WantValue && wrong.Parameter == parameter {
			return words.Explain(wrong).Title
		}
	}
	return ""
}

// boundAlone binds what can be bound of an incomplete form.
func boundAlone(c cmdlet.Cmdlet, values map[string]string) cmdlet.Invocation {
	optional := c
	optional.Parameters = make([]cmdlet.Parameter, len(c.Parameters))
	for i, p := range c.Parameters {
		p.Mandatory = false
		optional.Parameters[i] = p
	}
	inv, err := optional.Bind(values, time.Now())
	if errors.As(err, new(*cmdlet.BindError)) {
		return cmdlet.Invocation{Cmdlet: c.Name}
	}
	return inv
}
