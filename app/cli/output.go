package cli

import (
	"context"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"postroom/app/folders"
	"postroom/session/atomicfile"
	"postroom/session/cmdlet"
	"postroom/session/harmless"
	"postroom/session/result"
)

// outputFlags say what becomes of the rows.
type outputFlags struct {
	formatFlags
	chartFlags
	columns string
	maxRows count
	shape   cmdlet.Shape       // what a line asks for beside its pipeline
	fixed   []string           // columns that the rows have in any case, in their order; none: whatever comes
	status  string             // a column that stands behind the fixed ones when a row has it; "" for none
	cmdlet  string             // whose rows they are; "" where their order has been said
	own     []result.OwnColumn // of ours, beside that of the tenants
}

// stdoutName stands for standard output in place of a file.
const stdoutName = "-"

func (o *outputFlags) register(f *flag.FlagSet) {
	o.formatFlags.register(f)
	o.chartFlags.register(f)
	f.StringVar(&o.columns, "columns", "", "write only the columns `A,B`, in that order")
	f.Var(&o.maxRows, "max-rows", "end after `N` rows, of all tenants together")
}

// check finds what cannot be done before anything is opened.
func (o *outputFlags) check(s Streams, trace string) error {
	wrong := func(format string, args ...any) error {
		return &usageError{command: "run", what: fmt.Sprintf(format, args...)}
	}
	switch {
	case o.xlsx == stdoutName && s.Width > 0:
		return wrong("--xlsx needs a file: a workbook is not text for a terminal")
	case o.columns != "" && len(o.columnList()) == 0:
		return wrong("--columns %q names no column", o.columns)
	case !utf8.ValidString(o.columns):
		return wrong("--columns %q is not UTF-8", o.columns)
	}
	if err := o.checkFormats(wrong); err != nil {
		return err
	}
	if trace == stdoutName {
		return wrong("--trace needs a file: standard output is for the rows")
	}
	if err := o.chartFlags.check(); err != nil {
		return err
	}
	return o.checkTwice(s.Out, trace, wrong)
}

// checkTwice finds a file that two flags name, however they spell it.
func (o *outputFlags) checkTwice(stdout io.Writer, trace string, wrong func(string, ...any) error) error {
	toStdout := 0
	names := []string{trace}
	for _, f := range append(o.wanted(), formatFile{name: o.chart}) {
		if f.name == stdoutName {
			toStdout++
			continue
		}
		names = append(names, f.name)
	}
	if toStdout > 1 {
		return wrong("only one of the files can be standard output")
	}
	switch one, other := atomicfile.Twice(names...); {
	case one != "" && one == other:
		return wrong("%s is to be written twice: give each a file of its own", one)
	case one != "":
		return wrong("%s and %s are one file, which is to be written twice: give each a file of its own", one, other)
	}
	if toStdout == 0 && len(o.wanted()) > 0 { // no rows go there
		return nil
	}
	if i := slices.IndexFunc(names, func(name string) bool { return name != "" && isStdout(stdout, name) }); i >= 0 {
		return wrong("%s is standard output, where rows go already: give each a file of its own", names[i])
	}
	return nil
}

// open opens all files before anything is sent. When one cannot be opened, none
// is left.
func (o *outputFlags) open(s Streams, p result.Provenance, manyTenants bool) (*output, error) {
	k := &output{shape: o.shape, err: s.Err, width: s.Width, max: int(o.maxRows), columns: o.columnList(), fixed: o.fixed, status: o.status, cmdlet: o.cmdlet, computed: o.extra}
	own := slices.Clone(o.own)
	if manyTenants {
		own = append([]result.OwnColumn{result.TenantColumn}, own...)
	}
	k.columns, k.fixed, k.ours = withOwn(k.columns, own), withOwn(k.fixed, own), len(own)
	if err := o.openFiles(k, s.Out, own); err != nil {
		return nil, join(err, k.files.discard())
	}
	if len(k.Tee) == 0 && len(k.tables) == 0 {
		write := k.writeText
		if o.shape.List {
			write = writeList
		}
		k.tables = append(k.tables, pendingTable{w: s.Out, write: write})
	}
	if o.chart != "" { // beside the rows, not in their place
		w, err := k.files.open(o.chart, s.Out)
		if err != nil {
			return nil, join(err, k.files.discard())
		}
		k.tables = append(k.tables, pendingTable{w: w, write: o.writeChart})
	}
	if len(k.tables) > 0 {
		k.table = result.NewTable(p, own...)
		k.Tee = append(k.Tee, k.table.Builder())
	}
	return k, nil
}

// openFiles opens what the flags name.
func (o *outputFlags) openFiles(k *output, stdout io.Writer, own []result.OwnColumn) error {
	for _, f := range o.wanted() {
		w, err := k.files.open(f.name, stdout)
		if err != nil {
			return err
		}
		options := o.options(f)
		if !o.streams(f) || k.stream != nil {
			k.tables = append(k.tables, pendingTable{w: w, write: k.writeAs(options)})
			continue
		}
		spool, err := spoolDir()
		if err != nil {
			return err
		}
		k.stream = result.NewStream(w, result.StreamOptions{
			Options: options, Columns: k.inOrder(), Own: own, Order: k.arrange, SpoolDir: spool,
		})
		k.Tee = append(k.Tee, k.stream)
	}
	return nil
}

// streams says that a file is written while the rows come: what is done with the rows, or
// computed of them, needs all of them, and so does JSON with the columns of all rows, and
// whether one has a status.
func (o *outputFlags) streams(f formatFile) bool {
	return f.format.Streams() && f.format != result.JSON && o.shape.IsZero() && len(o.extra) == 0 && o.status == ""
}

// spoolDir is where rows wait on disk until all columns are known.
func spoolDir() (string, error) {
	dir, err := folders.State()
	return filepath.Join(dir, "spool"), err
}

// withOwn puts the columns of ours first, where columns are named at all.
func withOwn(columns []string, own []result.OwnColumn) []string {
	if len(columns) == 0 {
		return columns
	}
	var all []string
	for _, c := range own {
		all = append(all, c.Name())
	}
	for _, c := range columns {
		if !slices.ContainsFunc(own, func(o result.OwnColumn) bool { return strings.EqualFold(c, o.Name()) }) {
			all = append(all, c)
		}
	}
	return all
}

// columnList are the columns that are asked for, each once: letters of either case name the
// same one.
func (o *outputFlags) columnList() []string {
	var columns []string
	for c := range strings.SplitSeq(o.columns, ",") {
		c = strings.TrimSpace(c)
		if c != "" && !slices.ContainsFunc(columns, func(other string) bool { return strings.EqualFold(c, other) }) {
			columns = append(columns, c)
		}
	}
	return columns
}

// tableWriter writes a complete result, and what there is to say about it.
type tableWriter func(ctx context.Context, w io.Writer, v *result.View, messages io.Writer) error

// pendingTable is a result that is written at the end, when all rows are known.
type pendingTable struct {
	w     io.Writer
	write tableWriter
}

// writeText writes as many columns as a terminal has room for.
func (k *output) writeText(ctx context.Context, w io.Writer, v *result.View, messages io.Writer) error {
	width := k.width
	if len(k.columns) > 0 {
		width = 0 // they were asked for
	}
	if width > 0 {
		v = k.withoutIncidental(v)
	}
	_, dropped, err := result.FitText(ctx, v, width)
	if err != nil {
		return err
	}
	if err := result.WriteText(ctx, w, v, result.TextOptions{Width: width}); err != nil {
		return err
	}
	if len(dropped) > 0 {
		say(messages, "postroom: %d more columns do not fit the terminal; --columns chooses, --csv - has them all\n", len(dropped))
	}
	return nil
}

// writeAs writes a file, and says what it could not hold. Where the format has room for it,
// it begins with what it is.
func (k *output) writeAs(o result.Options) tableWriter {
	return func(ctx context.Context, w io.Writer, v *result.View, messages io.Writer) error {
		o.Cover = v.Cover(result.EnglishCover(), k.coverage())
		report, err := result.Write(ctx, w, v, o)
		if err != nil {
			return err
		}
		tellCut(messages, report)
		return nil
	}
}

// coverage says which rows of the run a file has.
func (k *output) coverage() result.Coverage {
	c := result.Coverage{Whole: k.whole, Limited: k.max > 0 && k.count >= k.max, Filter: k.shape.Filter()}
	if len(k.shape.Group) == 0 { // else each row is a group of them
		c.Of, _ = k.table.Snapshot().Size()
	}
	return c
}

// tellCut says what a file could not hold.
func tellCut(messages io.Writer, report result.Report) {
	if report.CutCells > 0 {
		say(messages, "postroom: texts cut to what an Excel cell can hold: %d\n", report.CutCells)
	}
	if report.DroppedColumns > 0 {
		say(messages, "postroom: an Excel sheet holds 16,384 columns; left out: %d\n", report.DroppedColumns)
	}
}

// writeList writes a line for each value and an empty one after each row, as
// Format-List does.
func writeList(_ context.Context, w io.Writer, v *result.View, _ io.Writer) error {
	names := v.Headers()
	width := 0
	for _, name := range names {
		width = max(width, utf8.RuneCountInString(name))
	}
	rows, _ := v.Size()
	var b strings.Builder
	for row := range rows {
		b.Reset()
		for col, name := range names {
			fmt.Fprintf(&b, "%-*s : %s\n", width, harmless.Line(name), harmless.Line(v.Cell(row, col)))
		}
		b.WriteByte('\n')
		if _, err := w.Write([]byte(b.String())); err != nil {
			return err
		}
	}
	return nil
}
