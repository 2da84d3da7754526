package diagnose_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"postroom/session/credential"
	"postroom/session/diagnose"
	"postroom/session/wsman"
)

// Sentences say what is so: a length of time in units that people use, no rows as none and
// one as one, whose sign-in a proxy wants, and what the command line has in place of a
// keyring.
func TestSentencesSayWhatIsSo(t *testing.T) {
	wait := func(d time.Duration) error {
		return &wsman.HTTPError{Op: "Receive", Status: http.StatusTooManyRequests, RetryAfter: int(d.Seconds())}
	}
	for name, c := range map[string]struct {
		err  error
		want []string
		not  string
	}{
		"days":            {wait(90 * time.Hour), []string{"4 days"}, "minutes"},
		"hours":           {wait(150 * time.Minute), []string{"3 hours"}, "minutes"},
		"minutes":         {wait(2 * time.Hour), []string{"120 minutes"}, "hours"},
		"no row":          {&partial{0, false, network(io.EOF)}, []string{"before any row came"}, "are kept"},
		"one row":         {&partial{1, false, network(io.EOF)}, []string{"after 1 row."}, "rows."},
		"stopped at none": {&partial{0, false, context.Canceled}, []string{"before any row came"}, "are kept"},
		"407 on the way": {
			&wsman.NetError{Op: "Create", URL: "https://mail.contoso.example/PowerShell/", Err: &wsman.HTTPError{Op: "Create", Status: http.StatusProxyAuthRequired}},
			[]string{"proxy on the way to", "asks for a sign-in"},
			"The proxy the server",
		},
		"locked keyring": {&noPassword{credential.ErrLocked}, []string{"ada@contoso.example", "keyring is locked", "--password-stdin"}, "memory"},
		"no bus": {
			&noPassword{&credential.UnavailableError{Reason: credential.ReasonNoBus}}, []string{"--password-stdin"}, "memory",
		},
	} {
		p := diagnose.Explain(c.err)
		text := p.Title + " " + p.Cause + " " + p.Fix
		for _, w := range c.want {
			if !strings.Contains(text, w) {
				t.Errorf("%s does not say %q: %s", name, w, text)
			}
		}
		if c.not != "" && strings.Contains(text, c.not) {
			t.Errorf("%s says %q: %s", name, c.not, text)
		}
	}
}

// What Go's own packages call an error reaches no person, whichever way it comes: the words
// are none that people know, and none of their language.
func TestGosOwnWordsReachNobody(t *testing.T) {
	plain := []error{
		context.Canceled, context.DeadlineExceeded, os.ErrDeadlineExceeded, io.EOF, io.ErrUnexpectedEOF, io.ErrClosedPipe,
		net.ErrClosed, syscall.EPIPE, syscall.ECONNRESET, syscall.ECONNABORTED,
	}
	for _, err := range plain {
		for _, way := range []error{
			err, fmt.Errorf("read: %w", err), network(err), &partial{0, false, err}, &partial{0, true, err}, &partial{3, false, err},
			&partial{3, true, network(err)},
		} {
			for _, language := range []string{"en", "de"} {
				p := diagnose.ExplainIn(language, way)
				if text := p.Line() + " " + p.Fix; strings.Contains(text, err.Error()) {
					t.Errorf("%v in %s: %s: %s", way, language, p.ID, text)
				}
			}
		}
	}
}
