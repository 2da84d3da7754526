package cli_test

import (
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"

	"postroom/app/cli"
	"postroom/session/credential"
)

// asked is what came of a question.
type asked struct {
	secret credential.Secret
	err    error
}

// atPipe are the streams of a person who types what is written, and tells how often the
// terminal hides at once what is typed.
func atPipe(t *testing.T) (s cli.Streams, typed io.Writer, hidden *int) {
	t.Helper()
	in, typed := io.Pipe()
	hidden = new(int)
	return cli.Streams{In: in, Err: io.Discard, Terminal: true, Hide: func() (func() error, error) {
		*hidden++
		if *hidden != 1 {
			t.Errorf("%d questions are hidden at once", *hidden)
		}
		return func() error { *hidden--; return nil }, nil
	}}.Ready(), typed, hidden
}

// ask asks beside, and comes back when the question waits for its answer, or for its turn.
func ask(ctx context.Context, s cli.Streams) <-chan asked {
	came := make(chan asked, 1)
	go func() { // ends with the answer
		secret, err := cli.AskSecret(ctx, s, "Password: ")
		came <- asked{secret, err}
	}()
	synctest.Wait()
	return came
}

func typeLine(t *testing.T, to io.Writer, line string) {
	t.Helper()
	if _, err := io.WriteString(to, line+"\n"); err != nil {
		t.Error(err)
	}
	synctest.Wait()
}

func (a asked) fits(t *testing.T, want string) {
	t.Helper()
	if a.err != nil || !a.secret.Equal(credential.NewSecret(want)) {
		t.Errorf("%v, and not what was typed for it (%s)", a.err, want)
	}
}

// TestQuestionsAreAskedOneAfterTheOther: of two the second waits until the first is answered
// and its answer hidden; each gets its own line.
func TestQuestionsAreAskedOneAfterTheOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, typed, hidden := atPipe(t)
		one := ask(t.Context(), s)
		two := ask(t.Context(), s)
		if *hidden != 1 {
			t.Errorf("%d are hidden, want the first", *hidden)
		}
		typeLine(t, typed, "first")
		(<-one).fits(t, "first")
		if *hidden != 1 {
			t.Errorf("%d are hidden, want the second", *hidden)
		}
		typeLine(t, typed, "second")
		(<-two).fits(t, "second")
		if *hidden != 0 {
			t.Error("the terminal does not show any more what is typed")
		}
	})
}

// TestAQuestionThatIsGoneTakesNoLine: the read that it left behind gives its line to the next
// question; what was typed before that was asked is no answer to it.
func TestAQuestionThatIsGoneTakesNoLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, typed, hidden := atPipe(t)
		gone := func() {
			t.Helper()
			ctx, cancel := context.WithCancel(t.Context())
			came := ask(ctx, s)
			cancel()
			if a := <-came; a.err == nil || errors.Is(a.err, io.EOF) || *hidden != 0 {
				t.Errorf("%v; %d are hidden", a.err, *hidden)
			}
		}
		gone()
		next := ask(t.Context(), s)
		typeLine(t, typed, "for the next")
		(<-next).fits(t, "for the next")

		gone()
		typeLine(t, typed, "too late")
		next = ask(t.Context(), s)
		typeLine(t, typed, "in time")
		(<-next).fits(t, "in time")
	})
}
