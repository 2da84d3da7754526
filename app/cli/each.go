package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/endpoint"
	"postroom/session/harmless"
	"postroom/session/job"
	"postroom/session/reference"
	"postroom/session/result"
)

const aboutEach = `
--each FILE does it once for each row of a CSV, such as one that was exported here:
--map PARAMETER=COLUMN says which column fills which parameter (of a report: which
question), and may be repeated. The separator is detected; what is in a column
is text, and read only where the parameter is known to be a number, a date or the
like. With several tenants the file needs a column Tenant.

  postroom run ... --each forwards.csv --map Identity=PrimarySmtpAddress \
      Set-Mailbox -ForwardingSmtpAddress '$null'

Each row gives its result: the columns Object, Status and Reason come before what
the server gave. Status is done, failed, not sent, or unknown where the connection
broke off. An error ends it, and the rows behind are not sent; --go-on sends them
all the same. --retry N sends again, at most N times, what the server answered with an
error, and then the rows behind. Nothing else is sent twice: not what is unknown, nor
a change that gave rows beside its error or is one of several commands of a row. What
changes something is asked about once, with all commands in sight; where nobody can be
asked --yes is needed. --show prints the commands and sends none.
`

// eachFlags say for which rows of a file something is done.
type eachFlags struct {
	file string
	maps list
	goOn bool
	// passwordTaken says that standard input has the password already.
	passwordTaken bool
}

func (e *eachFlags) register(f *flag.FlagSet) {
	f.StringVar(&e.file, "each", "", "do it once for each row of the CSV `FILE`, or of standard input with -")
	f.Var(&e.maps, "map", "fill a parameter or a question from a column of --each: `NAME=COLUMN`; may be repeated")
	f.BoolVar(&e.goOn, "go-on", false, "with --each: an error does not keep the other rows from being sent")
}

func (e *eachFlags) onError() job.OnError {
	if e.goOn {
		return job.GoOnOnError
	}
	return job.StopOnError
}

// largestEach is how large a file of rows may be, in bytes.
const largestEach = 256 << 20

// eachRow is a row of the file: what --map takes of it.
type eachRow struct {
	number int // of the row in the file, the first below the headings is 1
	tenant string
	values map[string]string
	object string
}

// asked says that --each was given, and refuses what makes no sense without it.
func (e *eachFlags) asked() (bool, error) {
	switch {
	case e.file != "" && len(e.maps) == 0:
		return false, &usageError{what: "--each needs --map NAME=COLUMN: which column fills which parameter"}
	case e.file == "" && len(e.maps) > 0:
		return false, &usageError{what: "--map is for --each"}
	case e.file == "" && e.goOn:
		return false, &usageError{what: "--go-on is for --each"}
	}
	return e.file != "", nil
}

// eachAsked is asked of the flags that know who reads standard input.
func (o *runFlags) eachAsked() (bool, error) {
	o.each.passwordTaken = o.passwordStdin
	return o.each.asked()
}

// read reads the rows.
func (e *eachFlags) read(ctx context.Context, s Streams) ([]eachRow, error) {
	raw, err := e.content(ctx, s)
	if err != nil {
		return nil, err
	}
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	lines := csv.NewReader(bytes.NewReader(raw))
	lines.Comma, lines.ReuseRecord = separator(raw), false
	all, err := lines.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", e.file, err)
	}
	if len(all) < 2 {
		return nil, &usageError{what: fmt.Sprintf("--each %s has no rows: a line of headings and rows below it are wanted", e.file)}
	}
	return e.take(all[0], all[1:])
}

// take takes what --map names.
func (e *eachFlags) take(headings []string, all [][]string) ([]eachRow, error) {
	type mapped struct {
		name   string
		column int
	}
	find := func(name string) int {
		return slices.IndexFunc(headings, func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), name) })
	}
	var maps []mapped
	for _, given := range e.maps {
		name, column, ok := strings.Cut(given, "=")
		if !ok || name == "" || column == "" {
			return nil, &usageError{what: fmt.Sprintf("--map %q is not NAME=COLUMN", given)}
		}
		if slices.ContainsFunc(maps, func(m mapped) bool { return strings.EqualFold(m.name, name) }) {
			return nil, &usageError{what: fmt.Sprintf("--map fills %s twice", name)}
		}
		at := find(strings.TrimSpace(column))
		if at < 0 {
			return nil, &usageError{what: fmt.Sprintf("%s has no column %q; it has %s", e.file, column, harmless.Line(strings.Join(headings, ", ")))}
		}
		maps = append(maps, mapped{strings.TrimPrefix(name, "-"), at})
	}
	tenant := find(result.TenantColumn.Name())
	rows := make([]eachRow, len(all))
	for i, line := range all {
		row := eachRow{number: i + 1, values: map[string]string{}}
		if tenant >= 0 {
			row.tenant = strings.TrimSpace(line[tenant])
		}
		for _, m := range maps {
			if line[m.column] == "" {
				return nil, &usageError{what: fmt.Sprintf("%s, row %d: nothing stands in %s", e.file, row.number, headings[m.column])}
			}
			row.values[m.name] = line[m.column]
		}
		row.object = line[maps[0].column]
		rows[i] = row
	}
	return rows, nil
}

// content reads the file.
func (e *eachFlags) content(ctx context.Context, s Streams) ([]byte, error) {
	read := func(r io.Reader) ([]byte, error) {
		raw, err := io.ReadAll(io.LimitReader(r, largestEach+1))
		if err == nil && len(raw) > largestEach {
			err = fmt.Errorf("more than %d bytes", largestEach)
		}
		return raw, err
	}
	if e.file == stdoutName && e.passwordTaken {
		return nil, &usageError{what: "--each - and --password-stdin both read standard input: give the rows as a file"}
	}
	if e.file == stdoutName {
		raw, err := wait(ctx, func() (string, error) { b, err := read(s.In); return string(b), err })
		if err != nil {
			return nil, fmt.Errorf("read the rows from standard input: %w", err)
		}
		return []byte(raw), nil
	}
	info, err := os.Stat(e.file)
	if err != nil {
		return nil, fmt.Errorf("look at the rows of --each: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, &usageError{what: fmt.Sprintf("--each %s is not a file", e.file)}
	}
	f, err := os.Open(e.file)
	if err != nil {
		return nil, fmt.Errorf("open the rows of --each: %w", err)
	}
	raw, err := read(f)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("read %s: %w", e.file, err)
	}
	return raw, nil
}

// separator is the one of the first line that is there most often.
func separator(raw []byte) rune {
	first, _, _ := bytes.Cut(raw, []byte("\n"))
	best := ','
	for _, c := range []rune{';', '\t'} {
		if bytes.ContainsRune(first, c) && bytes.Count(first, []byte(string(c))) > bytes.Count(first, []byte(string(best))) {
			best = c
		}
	}
	return best
}

// task makes the task of all rows; one makes that of a row.
func (e *eachFlags) task(ctx context.Context, s Streams, targets []session.Target, one func(eachRow) (job.Task, error)) (*job.Each, error) {
	rows, err := e.read(ctx, s)
	if err != nil {
		return nil, err
	}
	list := make([]job.EachRow, len(rows))
	for i, row := range rows {
		target, err := e.place(row, targets)
		if err != nil {
			return nil, err
		}
		task, err := one(row)
		if err != nil {
			return nil, &usageError{what: fmt.Sprintf("%s, row %d", e.file, row.number), err: err}
		}
		list[i] = job.EachRow{Target: target, Object: row.object, Task: task}
	}
	return job.NewEach(list, e.onError()), nil
}

// place says which target a row goes to, by its number: never to another tenant
// than its own.
func (e *eachFlags) place(row eachRow, targets []session.Target) (int, error) {
	if len(targets) > 1 && row.tenant == "" {
		return 0, &usageError{what: fmt.Sprintf("%s, row %d: with several tenants a column Tenant says which one the row is of", e.file, row.number)}
	}
	i := slices.IndexFunc(targets, func(t session.Target) bool {
		return row.tenant != "" && endpoint.SameDomain(t.Tenant.Domain, row.tenant) || t.Tenant.Domain == "" && row.tenant == ""
	})
	switch {
	case i >= 0:
		return i, nil
	case row.tenant == "": // the file knows no tenants, and there is one
		return 0, nil
	default:
		return 0, &usageError{what: fmt.Sprintf("%s, row %d is of %s, which no --tenant names", e.file, row.number, harmless.Line(row.tenant))}
	}
}

// filledFrom fills the parameters of a row into the first command of a line.
func filledFrom(line cmdlet.Pipeline) func(eachRow) (job.Task, error) {
	known, now := reference.New(), time.Now()
	return func(row eachRow) (job.Task, error) {
		filled := slices.Clone(line)
		var err error
		filled[0], err = job.Filled(known, filled[0], row.values, now)
		return job.Command{Pipeline: filled}, err
	}
}

// agreed asks once about commands that change something, with all of them in
// sight. The error is that of somebody who does not agree, or cannot be asked.
func (o *runFlags) agreed(ctx context.Context, s Streams, e *job.Each, targets []session.Target) error {
	sent := cmdlet.Pipeline(e.Commands())
	if sent.Risk() == cmdlet.Reads || o.yes {
		return nil
	}
	if !s.Terminal {
		return &usageError{what: fmt.Sprintf("--each would %s something %s, and nobody can be asked: --yes says that it is meant, --show prints the commands", sent.Deed(), result.EnglishCount(len(e.Rows()), "time"))}
	}
	done, err := s.asking(ctx)
	if err != nil {
		return unanswered(ctx, err)
	}
	defer done()
	for _, r := range e.Rows() {
		say(s.Err, indent+"%s  %s\n", cmp.Or(targets[r.Target].Tenant.Domain, targets[0].Account), harmless.Line(r.Task.PowerShell()))
	}
	what := fmt.Sprintf("this command, which %ss something", sent.Deed())
	if n := len(e.Rows()); n > 1 {
		what = fmt.Sprintf("these %d commands, which %s something", n, sent.Deed())
	}
	say(s.Err, "postroom: send %s, as %s? yes/no: ", what, whoIs(targets[0]))
	answer, err := s.line(ctx)
	if err != nil {
		return unanswered(ctx, err)
	}
	if !slices.Contains([]string{"y", "yes"}, strings.ToLower(strings.TrimSpace(answer))) {
		say(s.Err, "postroom: nothing was sent\n")
		return &shownError{code: ExitInterrupted}
	}
	return nil
}

// doEach runs the task of all rows, after asking.
func (o *runFlags) doEach(ctx context.Context, s Streams, e *job.Each, targets []session.Target) error {
	if o.show {
		rows := e.Rows()
		if err := show(s.Out, rows[0].Task.PowerShell(), targets); err != nil {
			return err
		}
		for _, r := range rows[1:] {
			say(s.Out, "%s\n", r.Task.PowerShell())
		}
		return nil
	}
	if err := o.agreed(ctx, s, e, targets); err != nil {
		return err
	}
	o.own = e.Own()
	w := job.Work{Task: e, Targets: targets, Answers: job.ConfirmedOnce}
	return o.connectAndDo(ctx, s, w)
}
