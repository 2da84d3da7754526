package runs

import (
	"errors"
	"time"

	"postroom/app/words"
	"postroom/session/cmdlet"
	"postroom/widgets"
)

// formHooks are what the form of a cmdlet asks while a person types.
type formHooks struct {
	cmdlet cmdlet.Cmdlet
	// accepts says why calls cannot be sent to where the tab's runs go.
	accepts func([]cmdlet.Invocation) error
	// line is what is sent for a call of the form.
	line func(cmdlet.Invocation) cmdlet.Line
}

// askForm gives a tab's form what it asks while a person types: whether a value can be read,
// and the PowerShell of the call.
func (t *Tab) askForm() {
	switch {
	case t.report != nil:
		a := t.reporting.asking()
		t.form.Check, t.form.Preview = a.Check, a.PowerShell
	case t.cmdlet.Name != "": // kept rows ask nothing
		t.form.OnPaste = t.pasting.paste
		t.form.Pick = t.picking.pick
		t.form.ChooseFile = func(field string, took func(name, value string)) { chooseFile(t.deps.Desk, field, took) }
		t.form.Check, t.form.Preview = t.formHooks.check, t.formHooks.preview
	}
}

// check says why a value of a field cannot be sent; "" when it can.
func (t formHooks) check(field, text string) string {
	if p, ok := t.cmdlet.Parameter(field); ok && text != "" {
		if title, _ := t.unsendable(p); title != "" {
			return title
		}
	}
	return wrongValue(t.cmdlet, field, text)
}

// preview is the PowerShell of the call with the values of the form.
func (t formHooks) preview(values map[string]string) string {
	inv, err := t.cmdlet.Bind(values, time.Now())
	if err != nil { // what is missing only: the form leaves out what is wrong
		inv = boundAlone(t.cmdlet, values)
	}
	return t.line(inv).PowerShell()
}

// unsendable says that no value of a parameter can be sent to where the tab's runs go, and
// what to do instead; empty where one can.
func (t formHooks) unsendable(p cmdlet.Parameter) (title, fix string) {
	if p.Kind != cmdlet.Credential {
		return "", ""
	}
	given := cmdlet.Invocation{Cmdlet: t.cmdlet.Name, Args: []cmdlet.Arg{{Name: p.Name, Value: cmdlet.PSCredential{}}}}
	if err := t.accepts([]cmdlet.Invocation{given}); err != nil {
		why := words.Explain(err)
		return why.Title, why.Fix
	}
	return "", ""
}

// sendable says beside the fields of a form what cannot be sent.
func (t formHooks) sendable(spec widgets.FormSpec) widgets.FormSpec {
	for i, f := range spec.Fields {
		p, ok := t.cmdlet.Parameter(f.Name)
		if !ok {
			continue
		}
		if title, instead := t.unsendable(p); title != "" {
			spec.Fields[i].Help = title + " " + instead
		}
	}
	return spec
}

// wrongValue says why a text cannot be read as the kind of a parameter, empty when it can.
func wrongValue(c cmdlet.Cmdlet, parameter, text string) string {
	_, err := c.Bind(map[string]string{parameter: text}, time.Now())
	for _, wrong := range cmdlet.BindErrors(err) {
		if wrong.Want != cmdlet.WantValue && wrong.Parameter == parameter {
			told := words.Explain(wrong)
			if wrong.Want == cmdlet.WantKind { // the text and the name stand beside it already
				return told.Cause
			}
			return told.Title
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
