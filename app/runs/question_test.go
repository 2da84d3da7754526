package runs_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"postroom/app/desktest"
	"postroom/session"
)

// question lets a server ask, and gives what came of it once do has acted on the
// sheet.
func question(t *testing.T, p session.Prompt, do func(b *bench, keyboard fyne.Focusable)) (session.Answer, error) {
	t.Helper()
	b := newBench(t)
	var answer session.Answer
	var err error
	b.usual = func(ctx context.Context, sink session.Sink) error {
		answer, err = sink.Ask(ctx, p)
		return nil
	}
	b.tab("Get-Mailbox").Form().Run()
	b.until("the question", func() bool { return b.desk.Sheets.Count() == 1 })
	do(b, b.desk.Window.Canvas().Focused())
	b.until("the end", func() bool { return b.finished > 0 && b.desk.Sheets.Count() == 0 })
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

// The keyboard is on the answer that the server names.
func TestEnterGivesTheDefaultAnswer(t *testing.T) {
	answer, err := question(t, yesOrNo(), func(_ *bench, keyboard fyne.Focusable) { press(keyboard, fyne.KeyReturn) })
	if err != nil || len(answer.Choices) != 1 || answer.Choices[0] != 2 {
		t.Errorf("Enter answers %v, %v; want the third", answer.Choices, err)
	}
}

// Each answer that the server offers is a button of its name, by mouse and by keyboard.
func TestYesToAllAndNoToAllAreAnswers(t *testing.T) {
	p := yesOrNo()
	p.Choices = append(p.Choices, session.Choice{Label: "No to A&ll"}, session.Choice{Label: "&Suspend"})
	for i, label := range []string{"Yes", "Yes to All", "No", "No to All", "Suspend"} {
		answer, err := question(t, p, func(b *bench, _ fyne.Focusable) { desktest.Press(t, b.desk, label) })
		if err != nil || len(answer.Choices) != 1 || answer.Choices[0] != i {
			t.Errorf("%s by mouse answers %v, %v; want %d", label, answer.Choices, err, i)
		}
		answer, err = question(t, p, func(b *bench, _ fyne.Focusable) {
			canvas := b.desk.Window.Canvas()
			for range 2 * len(p.Choices) {
				if canvas.Focused() == fyne.Focusable(desktest.Buttons(b.desk)[label]) {
					break
				}
				canvas.FocusNext()
			}
			press(canvas.Focused(), fyne.KeyReturn)
		})
		if err != nil || len(answer.Choices) != 1 || answer.Choices[0] != i {
			t.Errorf("%s by keyboard answers %v, %v; want %d", label, answer.Choices, err, i)
		}
	}
}

// A line, several values with a secret, ticks whose default the server names
// wrongly.
func TestQuestionsForValues(t *testing.T) {
	write := func(text string) func(*bench, fyne.Focusable) {
		return func(_ *bench, keyboard fyne.Focusable) {
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
	if a, err := question(t, several, func(_ *bench, keyboard fyne.Focusable) {
		press(keyboard, fyne.KeyEnd)
		keyboard.TypedRune('b')
		press(keyboard, fyne.KeyReturn)
	}); err != nil || a.Values["Name"] != "Ab" || !a.Secrets["Key"].IsZero() {
		t.Errorf("several values: %v, %v", a.Values, err)
	}
	ticks := session.Prompt{Kind: session.PromptMany, Choices: yesOrNo().Choices, Default: []int{0, 7, -1}}
	if a, err := question(t, ticks, func(b *bench, _ fyne.Focusable) { test.Tap(b.button("Cancel")) }); !errors.Is(err, session.ErrNoAnswer) {
		t.Errorf("ticks: %v, %v", a.Choices, err)
	}
}

// What changes something shows the command first, and Enter by habit does not
// send it.
func TestEnterByHabitSendsNothing(t *testing.T) {
	b := newBench(t)
	b.usual = nothing
	tab := b.tab("Remove-TransportRule", "Identity")
	tab.Form().SetValues(map[string]string{"Identity": "Disclaimer – ausgehend"})
	tab.Form().Run()
	press(b.desk.Window.Canvas().Focused(), fyne.KeyReturn)
	if len(b.commands()) != 0 || b.desk.Sheets.Count() != 0 {
		t.Error("Enter sent a change that nobody looked at")
	}
}

// TestTheRowsHaveTheKeyboardOfARun: what is typed after a run goes to the rows; the fields of
// the folded form are not seen, and would run again with what came in.
func TestTheRowsHaveTheKeyboardOfARun(t *testing.T) {
	b := newBench(t)
	b.usual = mailboxRows(3)
	tab := b.tab("Get-Mailbox", "Identity")
	tab.Form().FocusField("Identity")
	field := b.desk.Window.Canvas().Focused()
	press(field, fyne.KeyReturn)
	b.until("the run", func() bool { return b.finished == 1 && !tab.Running() })
	if len(b.commands()) != 1 || !tab.Form().Folded() {
		t.Fatalf("Enter in a field has sent %q, the form is folded: %t", b.commands(), tab.Form().Folded())
	}
	if got := b.desk.Window.Canvas().Focused(); got != tab.Grid() {
		t.Fatalf("%T has the keyboard after the run, want the rows", got)
	}
	press(b.desk.Window.Canvas().Focused(), fyne.KeyDown, fyne.KeyReturn)
	b.settle()
	if len(b.commands()) != 1 || b.desk.Sheets.Count() != 1 {
		t.Errorf("Enter has sent %q and opened %d sheets, want the details of a row", b.commands(), b.desk.Sheets.Count())
	}
}

// A run that ends takes its question away.
func TestAQuestionGoesWithItsRun(t *testing.T) {
	b := newBench(t)
	b.usual = func(ctx context.Context, sink session.Sink) error {
		_, err := sink.Ask(ctx, yesOrNo())
		return err
	}
	tab := b.tab("Get-Mailbox")
	tab.Form().Run()
	b.until("the question", func() bool { return b.desk.Sheets.Count() == 1 })
	tab.Stop()
	b.until("its end", func() bool { return b.desk.Sheets.Count() == 0 && b.finished > 0 })
}

// The window shows an error of the server as text, whatever is in it.
func TestAServersErrorIsText(t *testing.T) {
	b := newBench(t)
	b.usual = func(context.Context, session.Sink) error {
		return errors.New("no such mailbox \u202Eexe.\x1b[2J")
	}
	b.run(b.tab("Get-Mailbox"))
	if text := b.text(); strings.ContainsAny(text, "\u202E\x1b") {
		t.Errorf("the window shows it as it came: %q", text)
	}
}
