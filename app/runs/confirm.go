package runs

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session/cmdlet"
	"postroom/session/job"
	"postroom/widgets"
)

// confirm asks before a cmdlet that changes something is sent, with the tenant
// and the objects in plain sight. The server's own 'are you sure' is answered by
// the same Yes.
func (t running) confirm(inv cmdlet.Invocation) {
	where := words.Place(t.base)
	title, explanation := lang.L("Run this?"), fmt.Sprintf(lang.L("This changes settings of %s:"), where)
	yes := fmt.Sprintf(lang.L("Run on %s"), where)
	style := widgets.PrimaryButton
	switch {
	case deletes(inv):
		title, style = lang.L("Delete this?"), widgets.DangerButton
		explanation = fmt.Sprintf(lang.L("Deletes from %s: %s"), where, objects(inv))
		yes = fmt.Sprintf(lang.L("Delete from %s"), where)
	case cmdlet.RiskOf(inv.Cmdlet) == cmdlet.Destroys:
		style = widgets.DangerButton
		explanation = fmt.Sprintf(lang.L("This cannot be undone in %s: %s"), where, objects(inv))
	}
	leave := func() {
		if s := t.asking; s != nil {
			t.asking = nil
			s.Hide()
		}
	}
	run := widgets.NewPrimaryButton(yes, func() {
		if t.asking == nil {
			return // a second key stroke for the same question
		}
		leave()
		t.begin(inv, job.ConfirmedOnce)
	})
	run.SetStyle(style)
	cancel := widgets.NewButton(lang.L("Cancel"), leave)
	buttons := []fyne.CanvasObject{cancel}
	if _, has := t.cmdlet.Parameter("WhatIf"); has && !isWhatIf(inv) {
		buttons = append(buttons, widgets.NewButton(lang.L("What if first"), func() {
			leave()
			t.begin(withWhatIf(inv), job.AskPerson)
		}))
	}
	s := t.Desk.Sheets.New(widgets.SheetSpec{
		Title: title, Explanation: explanation, Width: 540, Foot: widgets.NewFoot(nil, append(buttons, run)...),
	},
		widgets.NewTenantBadge(where, t.base.Endpoint.Name, words.TenantColor(t.base.Tenant)),
		widgets.NewParagraph(t.pasting.behind.command(inv).PowerShell(), widgets.CodeText),
	)
	s.Leave = leave
	t.asking = s
	s.Show(cancel) // Enter must not change anything by habit
}

func deletes(inv cmdlet.Invocation) bool {
	verb, _, _ := strings.Cut(inv.Cmdlet, "-")
	return strings.EqualFold(verb, "Remove")
}

// objects names what a command is about.
func objects(inv cmdlet.Invocation) string {
	for _, name := range []string{"Identity", "Name", ""} {
		for _, a := range inv.Args {
			if strings.EqualFold(a.Name, name) {
				return strings.Trim(fmt.Sprint(a.Value), "[]")
			}
		}
	}
	return inv.Cmdlet
}
