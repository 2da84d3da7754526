package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// FormatError is a file of reports that cannot be taken.
type FormatError struct {
	// Report is the one that is wrong; "" when the file as a whole is.
	Report string
	Err    error
}

// Error names the report.
func (e *FormatError) Error() string {
	if e.Report == "" {
		return "reports: " + e.Err.Error()
	}
	return "report " + e.Report + ": " + e.Err.Error()
}

// Malformed gives the report, "" for the file as a whole, and what is wrong.
func (e *FormatError) Malformed() (report string, what error) { return e.Report, e.Err }

// Unwrap gives what is wrong.
func (e *FormatError) Unwrap() error { return e.Err }

// The bounds of a file of reports: it may come from anywhere.
const (
	largestFile  = 4 << 20 // bytes
	mostSteps    = 9
	mostColumns  = 600 // a mailbox has more than 200
	mostOfAReply = 50  // questions, marks, variants
)

// nameForm is that of a report's name, which is also a file's.
var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,79}$`)

// Load reads a file of reports: a JSON array of them. A field that is not known
// is an error, so that nothing is dropped that somebody relies on. Every report
// is read as far as a run would; errors are *FormatError.
func Load(file []byte) ([]Report, error) {
	if len(file) > largestFile {
		return nil, &FormatError{Err: fmt.Errorf("more than %d bytes", largestFile)}
	}
	decoder := json.NewDecoder(bytes.NewReader(file))
	decoder.DisallowUnknownFields()
	var list []Report
	if err := decoder.Decode(&list); err != nil {
		return nil, &FormatError{Err: err}
	}
	if decoder.More() {
		return nil, &FormatError{Err: fmt.Errorf("text behind the reports")}
	}
	seen := map[string]bool{}
	for i := range list {
		if seen[list[i].Name] {
			return nil, &FormatError{Report: list[i].Name, Err: fmt.Errorf("the name is there twice")}
		}
		seen[list[i].Name] = true
		if err := list[i].Check(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Check says what keeps a report from running, whatever the answers: a name
// that is none, no step or column, a step or an expression that cannot be read.
// Errors are *FormatError.
func (r Report) Check() error {
	wrong := func(err error) error { return &FormatError{Report: r.Name, Err: err} }
	switch {
	case !nameForm.MatchString(r.Name):
		return wrong(fmt.Errorf("a name of small letters, digits and hyphens is wanted"))
	case r.Compare == nil && (len(r.Steps) == 0 || len(r.Steps) > mostSteps):
		return wrong(fmt.Errorf("%d steps", len(r.Steps)))
	case len(r.Columns) == 0 || len(r.Columns) > mostColumns:
		return wrong(fmt.Errorf("%d columns", len(r.Columns)))
	case len(r.Questions) > mostOfAReply || len(r.Marks) > mostOfAReply || len(r.Variants) > mostOfAReply:
		return wrong(fmt.Errorf("too many questions, marks or variants"))
	}
	if r.Compare != nil {
		if err := r.checkCompare(); err != nil {
			return wrong(err)
		}
		return r.checkQuestions(wrong)
	}
	services := []string{""}
	for _, v := range r.Variants {
		services = append(services, v.Services...)
	}
	for _, service := range services {
		if err := r.checkFor(service); err != nil {
			return wrong(err)
		}
	}
	return r.checkQuestions(wrong)
}

// checkFor reads the steps and the shape that the report has for a service.
func (r Report) checkFor(service string) error {
	steps, shape := r.For(service)
	for i, s := range steps {
		if err := s.check(i); err != nil {
			return err
		}
	}
	if len(steps) == 0 || len(steps) > mostSteps || len(shape.Marks) > mostOfAReply ||
		max(len(shape.Columns), len(shape.Order), len(shape.Sort), len(shape.GroupBy)) > mostColumns {
		return fmt.Errorf("too many steps, columns or marks")
	}
	_, err := planShape(shape)
	return err
}

// check reads a step without knowing anything of cmdlets.
func (s Step) check(at int) error {
	fail := func(err error) error { return fmt.Errorf("step %d: %w", at+1, err) }
	switch {
	case (at == 0) != (s.How == ""), s.How != "" && s.How != Each && s.How != Once && s.How != Whole:
		return fail(fmt.Errorf("how is %q", s.How))
	case s.How == Once && s.On == nil, s.Per != nil && (s.How != Each || s.On == nil):
		return fail(fmt.Errorf("%s without on", s.How))
	}
	if s.Per != nil {
		for _, text := range []string{s.Per.Of, s.Per.Run} {
			if _, err := readCommand(text, nil); err != nil {
				return fail(err)
			}
		}
	}
	if _, err := readCommand(s.Run, nil); err != nil {
		return fail(err)
	}
	if s.Keep != "" {
		if _, err := Parse(s.Keep); err != nil {
			return fail(err)
		}
	}
	return nil
}

// checkQuestions says that each placeholder has a question and each question a
// kind that is known.
func (r Report) checkQuestions(wrong func(error) error) error {
	for _, q := range r.Questions {
		switch q.Kind {
		case AskText, AskIdentity, AskDate, AskNumber:
		case AskChoice, AskReports:
			if len(q.Choices) == 0 {
				return wrong(fmt.Errorf("question %s has no choices", q.Name))
			}
		default:
			return wrong(fmt.Errorf("question %s is of an unknown kind %q", q.Name, q.Kind))
		}
	}
	for _, s := range r.Steps {
		for _, p := range placeholder.FindAllStringSubmatch(s.Run, -1) {
			if name, asks := strings.CutPrefix(p[1], "?"); asks {
				if _, ok := r.Question(name); !ok {
					return wrong(fmt.Errorf("nobody asks for %s", name))
				}
			}
		}
	}
	return nil
}

// Commands names the cmdlets that the report runs for a service, each once, for
// whoever asks whether they may be run. Errors are *FormatError.
func (r Report) Commands(service string) ([]string, error) {
	var names []string
	steps, _ := r.For(service)
	for _, s := range steps {
		read, err := readCommand(s.Run, nil)
		if err != nil {
			return nil, &FormatError{Report: r.Name, Err: err}
		}
		for _, inv := range read.pipeline {
			if !slices.Contains(names, inv.Cmdlet) {
				names = append(names, inv.Cmdlet)
			}
		}
	}
	return names, nil
}
