package runs

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session/cmdlet"
	"postroom/session/harmless"
	"postroom/session/job"
	"postroom/session/reference"
	"postroom/widgets"
)

// confirm asks before a cmdlet that changes something is sent, with the tenant
// and the objects in plain sight. The server's own 'are you sure' is answered by
// the same Yes.
func (t *running) confirm(inv cmdlet.Invocation) {
	base := t.to.base
	where := words.Place(base)
	deed, risk := cmdlet.DeedOf(inv.Cmdlet), cmdlet.RiskOf(inv.Cmdlet)
	title, yes := lang.L("Run this?"), fmt.Sprintf(lang.L("Run on %s"), where)
	explanation := fmt.Sprintf(deedText(deed), where, objects(inv))
	style := widgets.PrimaryButton
	switch {
	case deed == cmdlet.Deletes:
		title, yes = lang.L("Delete this?"), fmt.Sprintf(lang.L("Delete from %s"), where)
	case deed == cmdlet.Alters && risk == cmdlet.Destroys:
		explanation = fmt.Sprintf(lang.L("What this removes in %s may not come back: %s"), where, objects(inv))
	}
	if risk == cmdlet.Destroys {
		style = widgets.DangerButton
	}
	var answers []answer
	if _, has := t.cmdlet.Parameter("WhatIf"); has && !inv.WhatIf() {
		answers = append(answers, answer{label: lang.L("What if first"), do: func() { t.beginCall(withWhatIf(inv), job.AskPerson) }})
	}
	answers = append(answers, answer{label: yes, style: style, do: func() { t.beginCall(inv, job.ConfirmedOnce) }})
	t.last.ask(widgets.SheetSpec{Title: title, Explanation: explanation, Width: 540}, answers,
		widgets.NewTenantBadge(where, base.Endpoint.Name, words.TenantColor(base.Tenant)),
		widgets.NewParagraph(t.line(inv).PowerShell(), widgets.CodeText),
	)
}

// deedText says what a command does: where, and to what.
func deedText(d cmdlet.Deed) string {
	switch d {
	case cmdlet.Creates:
		return lang.L("Creates in %s: %s")
	case cmdlet.Adds:
		return lang.L("Adds in %s: %s")
	case cmdlet.Deletes:
		return lang.L("Deletes from %s: %s")
	case cmdlet.Enables:
		return lang.L("Enables in %s: %s")
	case cmdlet.Disables:
		return lang.L("Disables in %s: %s")
	case cmdlet.Imports:
		return lang.L("Imports into %s: %s")
	case cmdlet.Starts:
		return lang.L("Starts in %s: %s")
	case cmdlet.Stops:
		return lang.L("Stops in %s: %s")
	case cmdlet.Moves:
		return lang.L("Moves in %s: %s")
	case cmdlet.Restores:
		return lang.L("Restores in %s: %s")
	case cmdlet.Releases:
		return lang.L("Releases in %s: %s")
	case cmdlet.Sends:
		return lang.L("Sends from %s: %s")
	case cmdlet.Alters:
	}
	return lang.L("Changes in %s: %s")
}

// objects names what a command is about: the kind of thing, and which.
func objects(inv cmdlet.Invocation) string {
	_, noun, _ := strings.Cut(inv.Cmdlet, "-")
	kind := reference.Words(noun)
	for _, name := range []string{"Identity", "Name", ""} {
		for _, a := range inv.Args {
			if strings.EqualFold(a.Name, name) {
				return kind + " " + harmless.Line(strings.Trim(fmt.Sprint(a.Value), "[]"))
			}
		}
	}
	return kind
}
