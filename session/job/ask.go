package job

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"postroom/session"
	"postroom/session/harmless"
)

// ask answers a question of the server: by what the person said before, or by
// asking now.
func (j *Job) ask(ctx context.Context, s *sink, p session.Prompt) (session.Answer, error) {
	p = readable(p)
	switch {
	case p.Kind == session.PromptChoice && j.work.Answers == AlwaysYes:
		return s.answered(p, yesToAll(p)), nil
	case j.work.Answers == ConfirmedOnce && confirms(p):
		return s.answered(p, slices.IndexFunc(p.Choices, says("yes"))), nil
	}
	select {
	case j.asking <- struct{}{}:
	case <-ctx.Done():
		return session.Answer{}, context.Cause(ctx)
	}
	defer func() { <-j.asking }()
	j.set(s.at, func(t *Status) { t.State = Asking })
	defer j.set(s.at, func(t *Status) { t.State = Running })
	answer, err := j.work.Face.Ask(ctx, s.at, p)
	no := slices.IndexFunc(p.Choices, says("no"))
	declined := errors.Is(err, ErrDeclined)
	if declined || err == nil && p.Kind == session.PromptChoice && no >= 0 && slices.Equal(answer.Choices, []int{no}) {
		j.set(s.at, func(t *Status) { t.Declined = true })
	}
	switch {
	case declined && p.Kind == session.PromptChoice && no >= 0:
		return s.answered(p, no), nil
	case declined:
		return session.Answer{}, session.ErrNoAnswer
	}
	return answer, err
}

// answered is a choice that was made without asking now. It stands among the
// messages, so that nobody wonders what was agreed to.
func (s *sink) answered(p session.Prompt, choice int) session.Answer {
	question := strings.TrimSpace(p.Caption + "\n" + p.Message)
	s.Message(session.Message{
		Kind: session.MessageInformation, Time: time.Now(),
		Text: question + "\n" + p.Choices[choice].Label,
	})
	return session.Answer{Choices: []int{choice}}
}

// says finds the choice of that name.
func says(label string) func(session.Choice) bool {
	return func(c session.Choice) bool { return strings.EqualFold(c.Label, label) }
}

// confirms says that the question is PowerShell's own confirmation of a command
// (Cmdlet.ShouldProcess): yes, yes to all, no, no to all, and perhaps suspend.
// A question of the cmdlet's own has other answers and is never answered for
// the person.
func confirms(p session.Prompt) bool {
	if p.Kind != session.PromptChoice || len(p.Choices) < 4 || len(p.Choices) > 5 {
		return false
	}
	for _, label := range []string{"yes", "yes to all", "no", "no to all"} {
		if !slices.ContainsFunc(p.Choices, says(label)) {
			return false
		}
	}
	return true
}

// yesToAll is Yes to All where it is offered, else Yes, else the default.
func yesToAll(p session.Prompt) int {
	for _, label := range []string{"yes to all", "yes"} {
		if i := slices.IndexFunc(p.Choices, says(label)); i >= 0 {
			return i
		}
	}
	if len(p.Default) > 0 {
		return p.Default[0]
	}
	return 0
}

// readable makes the texts of a question harmless, and takes out what is meant
// for a console: the & before the letter that stands for a choice (HotkeyLabel of
// ChoiceDescription), and the line that says where in a pipeline the cmdlet
// stands.
func readable(p session.Prompt) session.Prompt {
	p.Choices = slices.Clone(p.Choices)
	for i, c := range p.Choices {
		p.Choices[i] = session.Choice{Label: harmless.Line(withoutKey(c.Label)), Help: harmless.Label(c.Help)}
	}
	p.Fields = slices.Clone(p.Fields)
	for i, f := range p.Fields {
		p.Fields[i].Label, p.Fields[i].Help = harmless.Line(withoutKey(f.Label)), harmless.Label(f.Help)
	}
	var lines []string
	for line := range strings.Lines(p.Message) {
		if !isPipelinePosition(line) {
			lines = append(lines, line)
		}
	}
	p.Message = harmless.Label(strings.TrimSpace(strings.Join(lines, "")))
	if isPipelinePosition(p.Caption) {
		p.Caption = ""
	}
	p.Caption, p.User = harmless.Line(p.Caption), harmless.Line(p.User)
	return p
}

// withoutKey drops the first & that stands before a letter; && is an & of the
// text.
func withoutKey(label string) string {
	marked := false
	var b strings.Builder
	for i := 0; i < len(label); i++ {
		switch {
		case label[i] != '&':
		case i+1 < len(label) && label[i+1] == '&':
			i++
		case !marked:
			marked = true
			continue
		}
		b.WriteByte(label[i])
	}
	return b.String()
}

func isPipelinePosition(line string) bool {
	line = strings.ToLower(strings.TrimSpace(line))
	return strings.HasPrefix(line, "cmdlet ") && strings.Contains(line, " at command pipeline position ")
}
