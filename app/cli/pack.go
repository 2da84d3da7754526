package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"postroom/session"
	"postroom/session/diagnose"
	"postroom/session/job"
	"postroom/session/pack"
	"postroom/session/reference"
	"postroom/session/report"
	"postroom/session/result"
)

// findPack finds a pack by name.
func findPack(s Streams, name string) (report.Pack, bool, error) {
	l, err := library()
	if err != nil {
		return report.Pack{}, false, err
	}
	packs, err := l.Packs()
	if err != nil {
		Explain(s.Err, err)
	}
	i := slices.IndexFunc(packs, func(p report.Pack) bool { return strings.EqualFold(p.Name, name) })
	if i < 0 {
		return report.Pack{}, false, nil
	}
	return packs[i], true, nil
}

// runPack does `postroom report PACK`: its rows are a line for each report, and the
// reports go into files.
func (o *reportFlags) runPack(ctx context.Context, s Streams, p report.Pack) error {
	files, err := o.packFiles()
	if err != nil {
		return err
	}
	if err = o.check(s, o.trace); err != nil {
		return err
	}
	targets, err := o.resolve(s)
	if err != nil {
		return err
	}
	if err := files.Check(len(targets)); err != nil {
		return &usageError{what: "--pattern: " + strings.TrimPrefix(err.Error(), "pack: ")}
	}
	reports, err := reportsOf(s)
	if err != nil {
		return err
	}
	run, err := o.newPack(s, p, reports, targets[0])
	if err != nil {
		return err
	}
	if o.show {
		return show(s.Out, run.PowerShell(), targets)
	}
	o.fixed = pack.Columns()
	ran := o.connectAndDo(ctx, s, job.Work{Task: run, Targets: targets})
	places := make([]pack.Target, len(targets))
	for i, t := range targets {
		places[i] = pack.Target{Tenant: t.Tenant.Domain, Endpoint: t.Endpoint.Name, Account: t.Account}
	}
	if !run.Asked(len(targets)) {
		return ran
	}
	writing := ctx
	if ctx.Err() != nil { // what came until then is kept
		writing = context.WithoutCancel(ctx)
	}
	written, err := run.Write(writing, places, files)
	for _, w := range written {
		whole := ""
		if !w.Whole {
			whole = " (not whole)"
		}
		say(s.Err, "postroom: wrote %s%s\n", w.Path, whole)
		tellCut(s.Err, w.Report)
		if s.wrote != nil {
			s.wrote(w.Path)
		}
	}
	if writing.Err() != nil {
		return join(ran, errInterrupted) // the files before the one that was given up are there
	}
	return join(ran, err)
}

// newPack reads the reports of a pack for the service that a target is of.
func (o *reportFlags) newPack(s Streams, p report.Pack, reports []report.Report, t session.Target) (*pack.Run, error) {
	book, err := openHistory()
	if err != nil {
		return nil, err
	}
	run, err := pack.New(p, reports, pack.Options{
		Service: report.ServiceOf(t.Endpoint), Now: time.Now(), Kinds: reference.New(), Language: s.language(),
		Kept:    &report.Kept{Reports: reports, Book: book},
		Explain: whyNot,
	})
	if answer, is := errors.AsType[*report.AnswerError](err); is {
		return nil, &usageError{what: fmt.Sprintf("%s asks for %s, which a pack answers in its own parts", p.Name, answer.Question)}
	}
	if unknown, is := errors.AsType[*pack.UnknownError](err); is {
		return nil, &usageError{what: unknown.Error()}
	}
	return run, err
}

// whyNot says in a line why a report of a pack failed, or is not there.
func whyNot(err error) string {
	if lack, is := errors.AsType[*report.LackError](err); is {
		return lack.Error()
	}
	return diagnose.Explain(err).Title
}

// packFiles are the files that the flags ask for.
func (o *reportFlags) packFiles() (pack.Files, error) {
	layout := slices.Index(pack.Layouts(), o.files)
	if o.files == "" {
		layout = int(pack.PerTenant)
	}
	if layout < 0 {
		return pack.Files{}, &usageError{what: fmt.Sprintf("--files %q is none of %s", o.files, strings.Join(pack.Layouts(), ", "))}
	}
	dir := o.dir
	if dir == "" {
		dir = "."
	}
	if at, err := os.Stat(dir); err != nil || !at.IsDir() { // told before anything is sent
		return pack.Files{}, &usageError{what: fmt.Sprintf("--dir %s: there is no such folder", dir)}
	}
	return pack.Files{
		Layout: pack.Layout(layout), Dir: dir, Pattern: o.pattern, Words: pack.EnglishWords(), //nolint:gosec // an index of few
		CSV: result.CSVOptions{Delimiter: delimiters[o.delimiter]},
	}, nil
}
