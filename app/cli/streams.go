package cli

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"io"
	"os"
	"sync"
	"syscall"
	"unicode/utf8"

	"golang.org/x/term"

	"postroom/session/atomicfile"
	"postroom/session/harmless"
)

// Streams are where a command reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	// Terminal says that a person sits at In and Err and can be asked.
	Terminal bool
	// Hide keeps that person's terminal from showing what is typed, until shown is called;
	// nil when it cannot be done.
	Hide func() (shown func() error, err error)
	// Width is how many characters fit a line of Out; 0 when it is no terminal.
	Width int

	person   *person           // whom questions are put to
	wrote    func(path string) // hears of files whose names the command made; may be nil
	language func() string     // of the session: a BCP 47 tag or a locale; found when it is asked for first
}

// usualWidth is the width of a terminal that does not tell its own.
const usualWidth = 80

// Standard gives the streams of the process.
func Standard() Streams {
	s := Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}
	in, out := int(os.Stdin.Fd()), int(os.Stdout.Fd())
	if term.IsTerminal(in) && term.IsTerminal(int(os.Stderr.Fd())) {
		s.Terminal = true
		s.Hide = func() (func() error, error) { return hideTyped(in) }
	}
	if width, _, err := term.GetSize(out); err == nil {
		s.Width = cmp.Or(width, usualWidth) // serial lines, expect and docker exec -t tell 0
	}
	return s
}

// hideTyped keeps a terminal from showing what is typed, until shown is called.
func hideTyped(fd int) (shown func() error, err error) {
	before, err := term.GetState(fd)
	if err == nil {
		err = echoOff(fd)
	}
	return func() error { return term.Restore(fd, before) }, err
}

// ready makes the streams fit for use by several at once: one buffer over In,
// so that nothing read ahead is lost, and whole writes to Err.
func (s Streams) ready() Streams {
	if s.In == nil {
		s.In = bytes.NewReader(nil)
	}
	s.In = bufio.NewReaderSize(s.In, longestLine)
	s.person = &person{turn: make(chan struct{}, 1)}
	s.Out = &stdout{w: s.Out, terminal: s.Width > 0}
	s.Err = &serialWriter{w: s.Err}
	s.language = sync.OnceValue(func() string { return findLanguage(s.Err) })
	return s
}

// errReaderGone: whoever read standard output has enough, as head has.
var errReaderGone = errors.New("cli: nobody reads standard output any more")

// stdout tells a closed pipe from other failures: for this main ignores SIGPIPE,
// which would end the program with its sessions open. A terminal gets what is
// written made harmless; a file or the next program gets it as it is.
type stdout struct {
	w        io.Writer
	terminal bool
	cut      []byte // the beginning of a character whose rest has not come
	failed   error  // why something was not written; nil when all was
}

// Write writes p.
func (s *stdout) Write(p []byte) (int, error) {
	shown := p
	if s.terminal {
		shown = s.harmless(p)
	}
	_, err := s.w.Write(shown)
	if errors.Is(err, syscall.EPIPE) {
		err = errReaderGone
	}
	if err != nil {
		s.failed = err
		return 0, err
	}
	return len(p), nil
}

// isStdout says whether a name is the file that standard output goes to.
func isStdout(w io.Writer, name string) bool {
	out, ok := w.(*stdout)
	if !ok {
		return false
	}
	file, ok := out.w.(*os.File)
	return ok && atomicfile.SameOpen(file, name)
}

// outcome is how a command ended whose error is err: what it could not say on
// standard output counts, unless nobody wanted to hear it.
func (s Streams) outcome(err error) error {
	out, ok := s.Out.(*stdout)
	var several failures
	switch {
	case (err == nil || errors.Is(err, errHelp)) && ok && out.failed != nil && !errors.Is(out.failed, errReaderGone):
		return out.failed
	case errors.Is(err, errReaderGone) && !errors.As(err, &several): // as head is, when it has enough
		return nil
	}
	return err
}

// harmless is p without what a terminal obeys, apart from the ends of lines.
func (s *stdout) harmless(p []byte) []byte {
	p = append(s.cut, p...)
	whole := len(p)
	for n := 1; n < utf8.UTFMax && n <= len(p); n++ {
		if utf8.RuneStart(p[len(p)-n]) {
			if !utf8.FullRune(p[len(p)-n:]) {
				whole -= n
			}
			break
		}
	}
	s.cut = bytes.Clone(p[whole:])
	var b bytes.Buffer
	for line := range bytes.Lines(p[:whole]) {
		text, ended := bytes.CutSuffix(line, []byte("\n"))
		text, returns := bytes.CutSuffix(text, []byte("\r"))
		b.WriteString(harmless.Line(string(text)))
		if returns && !ended {
			b.WriteString(harmless.Line("\r"))
		}
		if ended {
			b.WriteByte('\n')
		}
	}
	return b.Bytes()
}

// serialWriter writes one message at a time.
type serialWriter struct {
	mu sync.Mutex
	w  io.Writer
}

// Write writes all of p before anyone else's.
func (s *serialWriter) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.w.Write(p)
}
