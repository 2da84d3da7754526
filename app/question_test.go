package app

import (
	"context"
	"errors"
	"testing"

	"fyne.io/fyne/v2"

	"postroom/app/desktest"
	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/endpoint"
)

// question asks on a goroutine, as a run does, and gives what came of it once
// do has acted on the sheet.
func question(t *testing.T, p session.Prompt, do func(w *mainWindow, keyboard fyne.Focusable)) (session.Answer, error) {
	t.Helper()
	a, q := newTestApp(t)
	w := a.window
	target := session.Target{Tenant: endpoint.Tenant{Name: "Nordsee Logistik", Domain: "nordsee.example"}}
	var answer session.Answer
	var err error
	done := make(chan struct{})
	go func() { // ends with the answer
		answer, err = ask(t.Context(), w.desk, target, p)
		close(done)
	}()
	q.Until(t, "the question", func() bool { return w.desk.Sheets.Count() == 1 })
	do(w, w.window.Canvas().Focused())
	q.Until(t, "the answer", func() bool {
		select {
		case <-done:
			return w.desk.Sheets.Count() == 0
		default:
			return false
		}
	})
	return answer, err
}

func press(keyboard fyne.Focusable, keys ...fyne.KeyName) {
	for _, k := range keys {
		keyboard.TypedKey(&fyne.KeyEvent{Name: k})
	}
}

func yesOrNo() session.Prompt {
	return session.Prompt{
		Kind: session.PromptChoice, Caption: "Confirm", Message: "Remove the rule 'Disclaimer'?",
		Choices: []session.Choice{{Label: "&Yes"}, {Label: "Yes to &All"}, {Label: "&No"}}, Default: []int{2},
	}
}

// TestEnterGivesTheDefaultAnswer: the keyboard is on the answer that the server
// names.
func TestEnterGivesTheDefaultAnswer(t *testing.T) {
	answer, err := question(t, yesOrNo(), func(w *mainWindow, keyboard fyne.Focusable) {
		desktest.Shot(t, w.desk, "question")
		press(keyboard, fyne.KeyReturn)
	})
	if err != nil || len(answer.Choices) != 1 || answer.Choices[0] != 2 {
		t.Errorf("Enter answers %v, %v; want the third", answer.Choices, err)
	}
}

// TestEscapeRefusesAnAnswer: leaving a question is no answer, and no yes.
func TestEscapeRefusesAnAnswer(t *testing.T) {
	_, err := question(t, yesOrNo(), func(_ *mainWindow, keyboard fyne.Focusable) { press(keyboard, fyne.KeyEscape) })
	if !errors.Is(err, session.ErrNoAnswer) {
		t.Errorf("Escape gives %v", err)
	}
}

// TestQuestionsForValues: a line, several values with a secret, ticks whose
// default the server names wrongly.
func TestQuestionsForValues(t *testing.T) {
	write := func(text string) func(*mainWindow, fyne.Focusable) {
		return func(_ *mainWindow, keyboard fyne.Focusable) {
			for _, r := range text {
				keyboard.TypedRune(r)
			}
			press(keyboard, fyne.KeyReturn)
		}
	}
	if a, err := question(t, session.Prompt{Kind: session.PromptLine}, write("Ada")); err != nil || a.Text != "Ada" {
		t.Errorf("a line: %q, %v", a.Text, err)
	}
	if a, err := question(t, session.Prompt{Kind: session.PromptSecretLine}, write("secret")); err != nil || a.Credential.Secret.Reveal() != "secret" {
		t.Errorf("a secret line came otherwise, %v", err)
	}
	several := session.Prompt{Kind: session.PromptFields, Fields: []session.PromptField{
		{Name: "Name", Label: "Name of the rule", Default: "A"}, {Name: "Key", Secret: true},
	}}
	if a, err := question(t, several, func(w *mainWindow, keyboard fyne.Focusable) {
		desktest.Shot(t, w.desk, "question for values")
		press(keyboard, fyne.KeyEnd)
		keyboard.TypedRune('b')
		press(keyboard, fyne.KeyReturn)
	}); err != nil || a.Values["Name"] != "Ab" || !a.Secrets["Key"].IsZero() {
		t.Errorf("several values: %v, %v", a.Values, err)
	}
	ticks := session.Prompt{Kind: session.PromptMany, Choices: yesOrNo().Choices, Default: []int{0, 7, -1}}
	if a, err := question(t, ticks, func(w *mainWindow, _ fyne.Focusable) {
		w.window.Canvas().FocusPrevious() // OK and Cancel stand at the end
		press(w.window.Canvas().Focused(), fyne.KeyEscape)
	}); !errors.Is(err, session.ErrNoAnswer) {
		t.Errorf("ticks: %v, %v", a.Choices, err)
	}
}

// TestChangesAreConfirmed: what changes something shows the tenant and the
// command first, and Enter by habit does not send it.
func TestChangesAreConfirmed(t *testing.T) {
	a, _ := newTestApp(t)
	w := a.window
	target := session.Target{Tenant: endpoint.Tenant{Name: "Nordsee Logistik", Domain: "nordsee.example"}}
	sent := 0
	confirm(w.desk, target, cmdlet.Invocation{Cmdlet: "Remove-TransportRule", Args: []cmdlet.Arg{{Name: "Identity", Value: "Disclaimer – ausgehend"}}}, func() { sent++ })
	desktest.Shot(t, w.desk, "confirm")
	press(w.window.Canvas().Focused(), fyne.KeyReturn)
	if sent != 0 || w.desk.Sheets.Count() != 0 {
		t.Error("Enter sent a change that nobody looked at")
	}
}

// TestAQuestionGoesWithItsRun: a run that ends takes its question away.
func TestAQuestionGoesWithItsRun(t *testing.T) {
	a, q := newTestApp(t)
	w := a.window
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { // ends with the context
		_, err := ask(ctx, w.desk, session.Target{}, yesOrNo())
		done <- err
	}()
	q.Until(t, "the question", func() bool { return w.desk.Sheets.Count() == 1 })
	cancel()
	q.Until(t, "its end", func() bool { return w.desk.Sheets.Count() == 0 })
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("the question ends with %v", err)
	}
}
