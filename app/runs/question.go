package runs

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/words"
	"postroom/session"
	"postroom/session/credential"
	"postroom/session/harmless"
	"postroom/session/job"
	"postroom/widgets"
)

// ask shows a question of the server and waits for the answer. Called from the
// run's goroutine, never from the UI thread.
func ask(ctx context.Context, d *desk.Desk, t session.Target, p session.Prompt) (session.Answer, error) {
	answers := make(chan session.Answer, 1)
	refused := make(chan struct{}, 1)
	var shown *widgets.Sheet // UI thread only
	d.Post(func() {
		if ctx.Err() != nil {
			return // the run ended before the question could be shown
		}
		shown = showQuestion(d, t, p, func(a session.Answer) { answers <- a }, func() { refused <- struct{}{} })
	})
	defer d.Post(func() {
		if shown != nil {
			shown.Hide()
		}
	})
	select {
	case a := <-answers:
		return a, nil
	case <-refused:
		return session.Answer{}, job.ErrDeclined
	case <-ctx.Done():
		return session.Answer{}, context.Cause(ctx)
	}
}

// showQuestion shows the question. The texts are the server's; the tenant that
// it is about stands above them.
func showQuestion(d *desk.Desk, t session.Target, p session.Prompt, answer func(session.Answer), refuse func()) *widgets.Sheet {
	once := false
	first := func(do func()) func() { // answers to the first tap only
		return func() {
			if !once {
				once = true
				do()
			}
		}
	}
	body := widgets.NewColumn(6, widgets.NewTenantBadge(words.Place(t), t.Endpoint.Name, words.TenantColor(t.Tenant)))
	if p.Message != "" {
		body.Add(widgets.NewParagraph(p.Message, widgets.BodyText))
	}
	cancel := widgets.NewButton(lang.L("Cancel"), first(refuse))
	var ready fyne.Focusable = cancel // gets the keyboard
	var buttons []fyne.CanvasObject
	if p.Kind == session.PromptChoice {
		for i, c := range p.Choices {
			b := widgets.NewButton(c.Label, first(func() { answer(session.Answer{Choices: []int{i}}) }))
			if len(p.Default) > 0 && p.Default[0] == i {
				b.SetStyle(widgets.PrimaryButton)
				ready = b
			}
			buttons = append(buttons, b)
		}
	} else {
		fields := &promptForm{body: body}
		ok := widgets.NewPrimaryButton(lang.L("OK"), first(func() { answer(fields.read()) }))
		fields.submit = ok.OnTapped
		fields.build(p)
		if ready = ok; fields.first != nil {
			ready = fields.first
		}
		buttons = append(buttons, ok)
	}
	title := lang.L("The server asks")
	if wantsSecret(p) {
		title = lang.L("The server asks for a password")
	}
	s := d.Sheets.New(widgets.SheetSpec{
		Title: title, Explanation: p.Caption,
		Width: 500, Foot: widgets.NewFoot(nil, append(buttons, cancel)...),
	}, body)
	s.Leave = cancel.OnTapped
	s.Show(ready)
	return s
}

// wantsSecret says that the answer is not shown while it is typed.
func wantsSecret(p session.Prompt) bool {
	return p.Kind == session.PromptCredential || p.Kind == session.PromptSecretLine ||
		slices.ContainsFunc(p.Fields, func(f session.PromptField) bool { return f.Secret })
}

// promptForm is the fields of a question.
type promptForm struct {
	body   *fyne.Container
	submit func()         // Enter in the last field
	first  fyne.Focusable // the first field; nil without any
	read   func() session.Answer
}

func (f *promptForm) build(p session.Prompt) {
	switch p.Kind {
	case session.PromptMany:
		f.buildChoices(p)
	case session.PromptLine:
		f.buildFields([]session.PromptField{{}})
	case session.PromptSecretLine:
		f.buildFields([]session.PromptField{{Secret: true}})
	case session.PromptCredential:
		f.buildFields([]session.PromptField{
			{Name: "user", Label: lang.L("Account"), Default: p.User},
			{Name: "password", Label: lang.L("Password"), Secret: true},
		})
	default:
		f.buildFields(p.Fields)
	}
	values := f.read
	f.read = func() session.Answer {
		a := values()
		switch p.Kind {
		case session.PromptLine:
			a.Text = a.Values[""]
		case session.PromptSecretLine:
			a.Credential.Secret = a.Secrets[""]
		case session.PromptCredential:
			a.Credential = credential.Credential{User: a.Values["user"], Secret: a.Secrets["password"]}
		}
		return a
	}
}

// buildChoices adds a box for each choice, the default ones ticked.
func (f *promptForm) buildChoices(p session.Prompt) {
	boxes := make([]*widgets.Tick, len(p.Choices))
	for i, c := range p.Choices {
		boxes[i] = widgets.NewTick(c.Label, nil)
		boxes[i].Set(slices.Contains(p.Default, i))
		f.body.Add(boxes[i])
		if i == 0 {
			f.first = boxes[i]
		}
	}
	f.read = func() session.Answer {
		var a session.Answer
		for i, b := range boxes {
			if b.On() {
				a.Choices = append(a.Choices, i)
			}
		}
		return a
	}
}

// buildFields adds an entry for each value asked for. Secrets are typed hidden,
// and their entries are emptied once they were read.
func (f *promptForm) buildFields(fields []session.PromptField) {
	texts := map[string]*widgets.Entry{}
	secrets := map[string]*widgets.PasswordEntry{}
	for _, field := range fields {
		label := field.Label
		if label == "" {
			label = harmless.Line(field.Name)
		}
		var entry fyne.CanvasObject
		var keyboard fyne.Focusable
		if field.Secret {
			e := widgets.NewPasswordEntry()
			e.OnSubmitted = func(string) { f.submit() }
			secrets[field.Name], entry, keyboard = e, e, e.Field()
		} else {
			e := widgets.NewEntry()
			e.SetText(field.Default)
			e.OnSubmitted = func(string) { f.submit() }
			texts[field.Name], entry, keyboard = e, e, e
		}
		if f.first == nil {
			f.first = keyboard
		}
		f.body.Add(widgets.NewFormRow(widgets.NewParagraph(label, widgets.LabelText), entry))
	}
	f.read = func() session.Answer {
		a := session.Answer{Values: map[string]string{}, Secrets: map[string]credential.Secret{}}
		for name, e := range texts {
			a.Values[name] = e.Text
		}
		for name, e := range secrets {
			a.Secrets[name] = credential.NewSecret(e.Text())
			e.SetText("")
		}
		return a
	}
}
