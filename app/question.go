package app

import (
	"context"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/credential"
	"postroom/widgets"
)

// ask shows a question of the server and waits for the answer. Called from the
// run's goroutine, never from the UI thread.
func (w *mainWindow) ask(ctx context.Context, t session.Target, p session.Prompt) (session.Answer, error) {
	answers := make(chan session.Answer, 1)
	refused := make(chan struct{}, 1)
	var shown dialog.Dialog // UI thread only
	w.post(func() {
		if ctx.Err() != nil {
			return // the run ended before the question could be shown
		}
		shown = w.showQuestion(t, p, func(a session.Answer) { answers <- a }, func() { refused <- struct{}{} })
	})
	defer w.post(func() {
		if shown != nil {
			shown.Hide()
		}
	})
	select {
	case a := <-answers:
		return a, nil
	case <-refused:
		return session.Answer{}, session.ErrNoAnswer
	case <-ctx.Done():
		return session.Answer{}, context.Cause(ctx)
	}
}

// showQuestion builds the dialog. The texts are the server's; the tenant that
// it is about stands above them.
func (w *mainWindow) showQuestion(t session.Target, p session.Prompt, answer func(session.Answer), refuse func()) dialog.Dialog {
	body := container.NewVBox(widgets.NewTenantBadge(targetName(t), t.Endpoint.Name, tenantColor(t.Tenant)))
	if p.Message != "" {
		text := widget.NewLabel(p.Message)
		text.Wrapping = fyne.TextWrapWord
		body.Add(text)
	}
	var d *dialog.CustomDialog
	once := false
	give := func(a session.Answer) {
		if !once {
			once = true
			answer(a)
		}
	}
	buttons := container.NewHBox()
	switch p.Kind {
	case session.PromptChoice:
		for i, c := range p.Choices {
			b := widgets.NewButton(strings.ReplaceAll(c.Label, "&", ""), func() { give(session.Answer{Choices: []int{i}}) })
			if len(p.Default) > 0 && p.Default[0] == i {
				b.SetStyle(widgets.PrimaryButton)
			}
			buttons.Add(b)
		}
	case session.PromptMany:
		read := manyChoices(body, p)
		buttons.Add(widgets.NewPrimaryButton(lang.L("OK"), func() { give(read()) }))
	default:
		read := promptFields(body, p)
		buttons.Add(widgets.NewPrimaryButton(lang.L("OK"), func() { give(read()) }))
	}
	buttons.Add(widgets.NewButton(lang.L("Cancel"), func() {
		if !once {
			once = true
			refuse()
		}
	}))
	body.Add(buttons)
	title := p.Caption
	if title == "" {
		title = lang.L("The server asks")
	}
	d = dialog.NewCustomWithoutButtons(title, fixedWidth(body, 480), w.window)
	d.Show()
	return d
}

func manyChoices(body *fyne.Container, p session.Prompt) func() session.Answer {
	boxes := make([]*widget.Check, len(p.Choices))
	for i, c := range p.Choices {
		boxes[i] = widget.NewCheck(strings.ReplaceAll(c.Label, "&", ""), nil)
		body.Add(boxes[i])
	}
	for _, i := range p.Default {
		boxes[i].SetChecked(true)
	}
	return func() session.Answer {
		var a session.Answer
		for i, b := range boxes {
			if b.Checked {
				a.Choices = append(a.Choices, i)
			}
		}
		return a
	}
}

// promptFields adds an entry for each value asked for. Secrets are typed
// hidden, and their entries are emptied once they were read.
func promptFields(body *fyne.Container, p session.Prompt) func() session.Answer {
	fields := p.Fields
	switch p.Kind {
	case session.PromptLine:
		fields = []session.PromptField{{}}
	case session.PromptSecretLine:
		fields = []session.PromptField{{Secret: true}}
	case session.PromptCredential:
		fields = []session.PromptField{
			{Name: "user", Label: lang.L("Account"), Default: p.User},
			{Name: "password", Label: lang.L("Password"), Secret: true},
		}
	}
	texts := map[string]*widgets.Entry{}
	secrets := map[string]*widgets.PasswordEntry{}
	for _, f := range fields {
		label := f.Label
		if label == "" {
			label = f.Name
		}
		body.Add(widget.NewLabel(label))
		if f.Secret {
			secrets[f.Name] = widgets.NewPasswordEntry()
			body.Add(secrets[f.Name])
			continue
		}
		texts[f.Name] = widgets.NewEntry()
		texts[f.Name].SetText(f.Default)
		body.Add(texts[f.Name])
	}
	return func() session.Answer {
		a := session.Answer{Values: map[string]string{}, Secrets: map[string]credential.Secret{}}
		for name, e := range texts {
			a.Values[name] = e.Text
		}
		for name, e := range secrets {
			a.Secrets[name] = credential.NewSecret(e.Text())
			e.SetText("")
		}
		a.Text = a.Values[""]
		a.Credential = credential.Credential{User: a.Values["user"], Secret: a.Secrets["password"]}
		if p.Kind == session.PromptSecretLine {
			a.Credential.Secret = a.Secrets[""]
		}
		return a
	}
}

// confirm asks before a cmdlet that changes something is sent, with the tenant
// and the command in plain sight.
func (w *mainWindow) confirm(t session.Target, inv cmdlet.Invocation, yes func()) {
	text := widget.NewLabel(fmt.Sprintf(lang.L("This changes settings of %s:"), targetName(t)))
	command := widget.NewLabel(inv.PowerShell())
	command.Wrapping = fyne.TextWrapWord
	command.TextStyle.Monospace = true
	var d *dialog.CustomDialog
	run := widgets.NewPrimaryButton(fmt.Sprintf(lang.L("Run on %s"), targetName(t)), func() { d.Hide(); yes() })
	if cmdlet.RiskOf(inv.Cmdlet) == cmdlet.Destroys {
		run.SetStyle(widgets.DangerButton)
	}
	cancel := widgets.NewButton(lang.L("Cancel"), func() { d.Hide() })
	body := container.NewVBox(
		widgets.NewTenantBadge(targetName(t), t.Endpoint.Name, tenantColor(t.Tenant)),
		text, command, container.NewHBox(run, cancel))
	d = dialog.NewCustomWithoutButtons(lang.L("Run this?"), fixedWidth(body, 520), w.window)
	d.Show()
}
