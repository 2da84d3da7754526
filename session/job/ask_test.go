package job_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"postroom/session"
	"postroom/session/job"
)

// shouldProcess is what a cmdlet with ConfirmImpact High asks.
func shouldProcess() session.Prompt {
	return session.Prompt{
		Kind: session.PromptChoice, Caption: "Confirm",
		Message: "Are you sure you want to perform this action?\r\nRemoving mailbox \"ada\".",
		Choices: []session.Choice{{Label: "&Yes"}, {Label: "Yes to &All"}, {Label: "&No"}, {Label: "No to A&ll"}},
		Default: []int{0},
	}
}

// own is a question of the cmdlet's own.
func ownQuestion() session.Prompt {
	return session.Prompt{
		Kind: session.PromptChoice, Message: "The mailbox has an archive. Delete that too?",
		Choices: []session.Choice{{Label: "&Yes"}, {Label: "&No"}}, Default: []int{1},
	}
}

func TestWhoAnswersTheServer(t *testing.T) {
	yes := func(context.Context, session.Prompt) (session.Answer, error) {
		return session.Answer{Choices: []int{0}}, nil
	}
	decline := func(context.Context, session.Prompt) (session.Answer, error) {
		return session.Answer{}, job.ErrDeclined
	}
	for name, c := range map[string]struct {
		answers  job.Answers
		prompt   session.Prompt
		person   func(context.Context, session.Prompt) (session.Answer, error)
		want     []int
		err      error
		asked    int
		declined bool
	}{
		"the person":                        {job.AskPerson, shouldProcess(), yes, []int{0}, nil, 1, false},
		"confirmed before":                  {job.ConfirmedOnce, shouldProcess(), yes, []int{0}, nil, 0, false},
		"confirmed, and another question":   {job.ConfirmedOnce, ownQuestion(), decline, []int{1}, nil, 1, true},
		"always yes":                        {job.AlwaysYes, shouldProcess(), yes, []int{1}, nil, 0, false},
		"always yes, where there is no all": {job.AlwaysYes, ownQuestion(), yes, []int{0}, nil, 0, false},
		"a person who would rather not":     {job.AskPerson, shouldProcess(), decline, []int{2}, nil, 1, true},
		"no value is given":                 {job.AskPerson, session.Prompt{Kind: session.PromptLine}, decline, nil, session.ErrNoAnswer, 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(3, "a.example")
			b.work.Answers, b.face.answer = c.answers, c.person
			var got session.Answer
			var err error
			b.usual.run = func(ctx context.Context, sink session.Sink) error {
				got, err = sink.Ask(ctx, c.prompt)
				return nil
			}
			j := job.New(b.work)
			if runErr := j.Run(t.Context()); runErr != nil {
				t.Fatal(runErr)
			}
			if !slices.Equal(got.Choices, c.want) || !errors.Is(err, c.err) {
				t.Errorf("answer %v, %v", got.Choices, err)
			}
			if len(b.face.asked) != c.asked || j.Status()[0].Declined != c.declined {
				t.Errorf("asked %d times, declined %t", len(b.face.asked), j.Status()[0].Declined)
			}
			if c.asked == 0 && !strings.Contains(strings.Join(b.face.messages, "\n"), "Yes") {
				t.Errorf("nobody is told what was agreed to: %q", b.face.messages)
			}
		})
	}
}

func TestAQuestionReadsAsAText(t *testing.T) {
	b := newBench(3, "a.example")
	b.face.answer = func(context.Context, session.Prompt) (session.Answer, error) {
		return session.Answer{}, job.ErrDeclined
	}
	b.usual.run = func(ctx context.Context, sink session.Sink) error {
		_, err := sink.Ask(ctx, session.Prompt{
			Kind: session.PromptFields, Caption: "cmdlet New-Mailbox at command pipeline position 1",
			Message: "cmdlet New-Mailbox at command pipeline position 1\r\nSupply values for the following parameters:",
			Fields:  []session.PromptField{{Name: "Name", Label: "&Name"}, {Name: "R", Label: "R&&D"}},
		})
		return err
	}
	j := job.New(b.work)
	if err := j.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	p := b.face.asked[0]
	if p.Caption != "" || p.Message != "Supply values for the following parameters:" || p.Fields[0].Label != "Name" || p.Fields[1].Label != "R&D" {
		t.Errorf("asked %+v", p)
	}
}

// While one tenant's question is open the others go on, and a second question
// waits until the first is answered.
func TestQuestionsComeOneAtATime(t *testing.T) {
	b := newBench(3, "a.example", "b.example", "c.example")
	open := 0
	var j *job.Job
	b.face.answer = func(_ context.Context, p session.Prompt) (session.Answer, error) {
		if open++; open != 1 {
			t.Error("two questions at once")
		}
		if got := job.Summarize(j.Status()).ByState[job.Asking]; got != 1 {
			t.Errorf("%d targets are asking", got)
		}
		open--
		return session.Answer{Choices: []int{0}}, nil
	}
	b.usual.run = func(ctx context.Context, sink session.Sink) error {
		_, err := sink.Ask(ctx, shouldProcess())
		return err
	}
	j = job.New(b.work)
	if err := j.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(b.face.asked) != 3 || !job.Summarize(j.Status()).Whole() {
		t.Errorf("asked %d times, states %v", len(b.face.asked), states(j))
	}
}
