package cli

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"postroom/app/folders"
	"postroom/session/cmdlet"
	"postroom/session/harmless"
	"postroom/session/history"
	"postroom/session/job"
	"postroom/session/reference"
	"postroom/session/result"
)

const aboutHistory = `Lists what ran on this computer, in the window and on the command line, the newest
first: a report by its title, several commands by the first; --json has all of them.
With an ID, or its first characters, it writes the rows that were kept,
as 'postroom run' does; with --diff what changed since the run before it of the
same command, endpoint and tenant, a line a row: + added, - removed, ~ changed,
and with --same also = for those that did not change. Rows are matched by the surest
column that tells them apart, or by those of --by.
--find TEXT lists only the runs that have the text, also in their kept rows.
No server is asked.

Rows are kept in the state folder, for you alone; --keep-rows off deletes them
and keeps no more.
`

// historyFlags are the flags of history.
type historyFlags struct {
	outputFlags
	list, diff     bool
	keepRows, find string
	by             list // columns that rows are matched by
	same           bool
}

// registerShow registers what goes with an ID.
func (o *historyFlags) registerShow(f *flag.FlagSet) {
	o.outputFlags.register(f)
	f.BoolVar(&o.diff, "diff", false, "what changed since the run before of the same command, endpoint and tenant")
	f.Var(&o.by, "by", "with --diff: match rows by this `COLUMN`; may be repeated")
	f.BoolVar(&o.same, "same", false, "with --diff: list the rows that did not change, too")
}

// openHistory gives the history of this computer's person.
func openHistory() (*history.Book, error) {
	dir, err := folders.State()
	return history.Open(filepath.Join(dir, folders.History)), err
}

// runHistory does `postroom history [--json] [ID [--diff]]`.
func runHistory(ctx context.Context, args []string, s Streams) error {
	words, read := wordsAmong(new(historyFlags).registerShow, args)
	book, err := openHistory()
	if err == nil && !(read && len(words) > 0 || len(args) > 0 && !strings.HasPrefix(args[0], "-")) {
		err = listHistory(ctx, args, s, book)
	} else if err == nil {
		err = showHistory(ctx, args, s, book)
	}
	if usage, ok := errors.AsType[*usageError](err); ok {
		usage.command = "history"
	}
	return err
}

// listHistory lists the runs, or switches the keeping of rows.
func listHistory(ctx context.Context, args []string, s Streams, book *history.Book) error {
	var flags historyFlags
	f := new(flag.FlagSet)
	f.BoolVar(&flags.list, "json", false, "write JSON; with an ID, to the file or - that follows")
	f.StringVar(&flags.keepRows, "keep-rows", "", "keep the rows of later runs: `on` or off; off also deletes those already kept")
	f.StringVar(&flags.find, "find", "", "only runs that have `TEXT` in their command, tenants, account or kept rows")
	f.BoolVar(&flags.diff, "diff", false, "with an ID: what changed since the run before; its rows otherwise, with the flags of 'postroom run' for files")
	f.Var(&flags.by, "by", "with an ID and --diff: match rows by this `COLUMN`; may be repeated")
	f.BoolVar(&flags.same, "same", false, "with an ID and --diff: list the rows that did not change, too")
	if err := parse("history", f, args, s); err != nil {
		return err
	}
	if flags.list && f.NArg() == 1 {
		return showHistory(ctx, []string{f.Arg(0), "--json", stdoutName}, s, book)
	}
	if err := noArguments("history", f); err != nil {
		return err
	}
	if flags.diff || flags.same || len(flags.by) > 0 {
		return &usageError{what: "--diff, --by and --same stand after the ID of a run"}
	}
	switch flags.keepRows {
	case "":
	case "on":
		return book.Keep(ctx, history.WithRows)
	case "off":
		return book.Keep(ctx, history.WithoutRows)
	default:
		return &usageError{what: fmt.Sprintf("--keep-rows %q is neither on nor off", flags.keepRows)}
	}
	entries, err := book.Search(ctx, flags.find)
	if err != nil && len(entries) == 0 {
		return err
	}
	if err != nil { // rows of a run that cannot be read: the others are found all the same
		Explain(s.Err, err)
	}
	if flags.list {
		return writeHistoryJSON(s.Out, entries)
	}
	titles := titlesOf(s, entries)
	table := tabwriter.NewWriter(s.Out, 0, 8, 2, ' ', 0)
	for _, e := range entries {
		say(table, "%s\t%s\t%s\t%s\t%s\t%s\n", e.ID, e.Started.Local().Format("2006-01-02 15:04"), e.State, cameOf(e),
			harmless.Line(firstOf(e.Tenants, 2)), harmless.Line(cmp.Or(titles[e.Report], firstOf(strings.Split(e.Command, "\n"), 1))))
	}
	return table.Flush()
}

// titlesOf are the titles of the reports that ran, by their names; a report that is no
// longer there has its name.
func titlesOf(s Streams, entries []history.Entry) map[string]string {
	titles := map[string]string{}
	for _, e := range entries {
		if e.Report != "" {
			titles[e.Report] = e.Report
		}
	}
	if len(titles) == 0 {
		return titles
	}
	reports, err := reportsOf(s)
	if err != nil {
		Explain(s.Err, err)
	}
	language := s.language()
	for _, r := range reports {
		if _, ran := titles[r.Name]; ran {
			titles[r.Name] = r.Title.In(language)
		}
	}
	return titles
}

// firstOf has room in a line of the list: all where they are few, else the first and how
// many more there are.
func firstOf(all []string, few int) string {
	if len(all) > few {
		return fmt.Sprintf("%s (and %d more)", all[0], len(all)-1)
	}
	return strings.Join(all, ", ")
}

// cameOf says what came of a run: rows, errors, and of a change that it was made.
func cameOf(e history.Entry) string {
	var parts []string
	effect := map[history.Effect]string{history.DidChange: "changed", history.WouldChange: "what if"}[e.Effect()]
	if effect == "" || e.Rows > 0 {
		parts = append(parts, result.EnglishCount(e.Rows, "row"))
	}
	if effect != "" {
		parts = append(parts, effect)
	}
	if e.Errors > 0 {
		parts = append(parts, result.EnglishCount(e.Errors, "error"))
	}
	return strings.Join(parts, ", ")
}

// writeHistoryJSON is a contract for scripts: docs/command-line.md.
func writeHistoryJSON(w io.Writer, entries []history.Entry) error {
	type entry struct {
		ID       string    `json:"id"`
		Command  string    `json:"command"`
		Tenant   string    `json:"tenant"`
		Account  string    `json:"account"`
		Endpoint string    `json:"endpoint"`
		Started  time.Time `json:"started"`
		Seconds  float64   `json:"seconds"`
		Rows     int       `json:"rows"`
		Errors   int       `json:"errors"`
		State    string    `json:"state"`
	}
	list := make([]entry, 0, len(entries))
	for _, e := range entries {
		list = append(list, entry{e.ID, e.Command, e.Tenant(), e.Account, e.Endpoint, e.Started, e.Seconds, e.Rows, e.Errors, e.State})
	}
	return writeJSON(w, list)
}

// showHistory writes the kept rows of a run, or what changed.
func showHistory(ctx context.Context, args []string, s Streams, book *history.Book) error {
	var flags historyFlags
	f := new(flag.FlagSet)
	flags.registerShow(f)
	if err := parse("history", f, args, s); err != nil {
		return err
	}
	if f.NArg() > 1 {
		return &usageError{what: fmt.Sprintf("history takes one ID, not %q too", f.Arg(1))}
	}
	id := f.Arg(0)
	e, err := book.Find(id)
	if errors.Is(err, history.ErrUnknown) {
		return &usageError{what: fmt.Sprintf("there is no run %q; 'postroom history' lists them", id)}
	}
	if err != nil {
		return err
	}
	if err := flags.check(s, ""); err != nil {
		return err
	}
	if err := flags.checkDiff(f); err != nil {
		return err
	}
	if flags.diff {
		return flags.writeDifference(ctx, s, book, e)
	}
	// The columns begin as those of the run did. A command that cannot be read back,
	// since it names a secret, has them in the order of arrival; a report has its own.
	if line, readErr := (cmdlet.Reader{}).Line(e.Command); readErr == nil && e.Report == "" {
		flags.cmdlet = rowsOf(line.Pipeline)
	}
	out, err := flags.open(s, result.Provenance{
		Endpoint: e.Endpoint, Tenant: e.Tenant(), Account: e.Account, Report: e.Report, Command: e.Command, Started: e.Started,
	}, len(e.Tenants) > 1)
	if err != nil {
		return err
	}
	err = book.Rows(ctx, e, out)
	enough := errors.Is(err, job.ErrEnough)
	if enough {
		err = nil
	}
	closeErr := out.close(ctx, err == nil && (e.State == "done" || enough))
	return join(err, closeErr)
}

// checkDiff finds flags that do not go with --diff, or without it.
func (o *historyFlags) checkDiff(f *flag.FlagSet) error {
	if !o.diff {
		if o.same || len(o.by) > 0 {
			return &usageError{what: "--by and --same are for --diff"}
		}
		return nil
	}
	var others []string
	f.Visit(func(given *flag.Flag) {
		if !slices.Contains([]string{"diff", "by", "same"}, given.Name) {
			others = append(others, "--"+given.Name)
		}
	})
	if len(others) > 0 {
		return &usageError{what: fmt.Sprintf("--diff writes a line a row to standard output; %s has no place beside it", strings.Join(others, ", "))}
	}
	return nil
}

// writeDifference writes a line a row. Each value is on one line, whatever it
// holds.
func (o *historyFlags) writeDifference(ctx context.Context, s Streams, book *history.Book, e history.Entry) error {
	before, err := book.Before(e)
	if errors.Is(err, history.ErrFirst) {
		return &usageError{what: fmt.Sprintf("the same was not run there before %s", e.ID)}
	}
	if err != nil {
		return err
	}
	d, err := book.Compare(ctx, before, e, history.How{By: o.by, LeaveOut: reference.Incidental})
	if lack, is := errors.AsType[*history.KeyError](err); is {
		why := "not both runs have that column"
		if lack.Alike {
			why = "there are rows that are alike in it"
		}
		return &usageError{what: "--by " + strings.Join(lack.Columns, ", ") + ": " + why}
	}
	if err != nil {
		return err
	}
	for _, row := range d.Rows {
		say(s.Out, "%c %s\n", row.Change, harmless.Line(row.Key)+cellText(row.Cells))
	}
	if o.same {
		for _, row := range d.Same {
			say(s.Out, "%c %s\n", history.Same, harmless.Line(d.Named(d.After, row)))
		}
	}
	say(s.Err, "postroom: changes since %s: %d\n", before.ID, len(d.Rows))
	if len(d.NotRead) > 0 {
		say(s.Err, "postroom: not compared, because rows are missing: %s\n", strings.Join(d.NotRead, ", "))
	}
	return nil
}

func cellText(cells []history.CellChange) string {
	var b strings.Builder
	for _, c := range cells {
		fmt.Fprintf(&b, "\t%s: %s -> %s", harmless.Line(c.Column), harmless.Line(c.Before), harmless.Line(c.After))
	}
	return b.String()
}
