package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"postroom/session/cmdlet"
	"postroom/session/history"
	"postroom/session/job"
	"postroom/session/reference"
	"postroom/session/report"
	"postroom/session/result"
)

// output takes the rows of a job and writes them to where the flags say. It has a field
// for each flag about rows, and for each place that they go to.
type output struct {
	err     io.Writer    // what there is to say about the rows
	width   int          // of the terminal; 0 is without limit
	max     int          // rows; 0 is without end
	columns []string     // that were asked for
	fixed   []string     // that the rows have in any case
	status  string       // a column behind those, when a row has it
	cmdlet  string       // whose rows they are; "" where their order has been said
	shape   cmdlet.Shape // what a line asks for beside its pipeline
	ours    int          // how many columns of ours stand first

	computed []report.Column // beside those that come

	result.Tee // the stream, the table and the history
	stream     *result.Stream
	table      *result.Table
	tables     []pendingTable
	files      files
	count      int
	whole      bool // the rows are all that were asked for
	unknown    bool // a column was asked for that nothing has
	broken     bool // a row could not be taken, which the run's end tells
}

// EndRow completes the row, and ends the run when there are enough.
func (k *output) EndRow() error {
	if err := k.Tee.EndRow(); err != nil {
		k.broken = !errors.Is(err, errReaderGone)
		return err
	}
	k.count++
	if k.max > 0 && k.count >= k.max {
		return job.ErrEnough
	}
	return nil
}

// close writes the tables and names the files. whole says that the rows are all that were
// asked for. When ctx ends meanwhile, the files are given up, and older ones are as they
// were; of a run that it has ended, the rows that came are kept all the same.
func (k *output) close(ctx context.Context, whole bool) (err error) {
	if k.stream != nil {
		defer func() { err = join(err, k.stream.Close()) }()
	}
	if k.broken || !whole && k.count == 0 {
		return k.files.discard()
	}
	if !whole && ctx.Err() != nil {
		ctx = context.WithoutCancel(ctx)
	}
	k.whole = whole
	err = k.write(ctx)
	if ctx.Err() != nil {
		return join(errInterrupted, k.files.giveUp(k.err))
	}
	if err != nil && !errors.Is(err, errReaderGone) {
		return join(err, k.files.discard())
	}
	if keepErr := k.files.keep(whole && err == nil, k.err); keepErr != nil || !k.unknown {
		return keepErr
	}
	return &shownError{code: ExitUsage} // the rows are there; what was asked of them is not
}

// write writes what has not been written while the rows came.
func (k *output) write(ctx context.Context) error {
	if k.stream != nil {
		if err := k.stream.Flush(ctx); err != nil {
			return fmt.Errorf("write the rows: %w", err)
		}
		k.warn("no row has the column", k.missing(k.stream.Missing()))
	}
	if k.table == nil {
		return nil
	}
	all, err := k.all(ctx)
	if err != nil {
		return err
	}
	view, absent, err := job.Shaped(ctx, all, k.shape)
	if err != nil {
		return err
	}
	k.warn("no row has the column", k.missing(absent))
	if names := k.inOrder(); len(names) > 0 {
		if _, has := view.Column(k.status); has && k.status != "" && len(k.columns) == 0 {
			names = append(slices.Clone(names), k.status)
		}
		var missing []string
		view, missing = view.WithColumnNames(names...)
		if k.stream == nil {
			k.warn("no row has the column", k.missing(missing))
		}
	}
	if len(k.inOrder()) == 0 && k.shape.IsZero() {
		view, _ = view.WithColumnNames(k.arrange(view.Headers())...) // all are there
	}
	for _, t := range k.tables {
		if err := t.write(ctx, t.w, view, k.err); err != nil {
			return fmt.Errorf("write the rows: %w", err)
		}
	}
	return nil
}

// all are the rows as they came, with the computed columns.
func (k *output) all(ctx context.Context) (*result.View, error) {
	v := k.table.Snapshot()
	if len(k.computed) == 0 {
		return v, nil
	}
	computing, err := report.Compute(k.computed, time.Now())
	if err == nil {
		v, err = computing.View(ctx, v)
	}
	if err != nil {
		return nil, fmt.Errorf("compute columns: %w", err)
	}
	return v, nil
}

// inOrder are the columns to write; none means all that come.
func (k *output) inOrder() []string {
	if len(k.columns) > 0 || len(k.fixed) == 0 {
		return k.columns
	}
	names := slices.Clone(k.fixed)
	for _, c := range k.computed {
		names = append(names, c.Name)
	}
	return names
}

// arrange puts the columns of a cmdlet's rows in the order of the window: ours, then those
// that tell rows apart, last what says only how a row travelled. None is left out.
func (k *output) arrange(columns []string) []string {
	if k.cmdlet == "" || len(columns) == 0 {
		return columns
	}
	ours := min(k.ours, len(columns))
	shown, incidental := reference.New().Arrange(k.cmdlet, columns[ours:])
	return slices.Concat(columns[:ours], shown, incidental)
}

// withoutIncidental leaves out what says only how a row travelled: a terminal has little
// room, and files have it all.
func (k *output) withoutIncidental(v *result.View) *result.View {
	if k.cmdlet == "" {
		return v
	}
	shown := slices.DeleteFunc(v.Headers(), reference.Incidental)
	v, _ = v.WithColumnNames(shown...) // all are there
	return v
}

// needed are the properties that have to come for what is written of a line's rows; none
// means all.
func (o *outputFlags) needed(line cmdlet.Line) []string {
	ours := []string{result.TenantColumn.Name()}
	for _, own := range o.own {
		ours = append(ours, own.Name())
	}
	return report.Wanted(line.Pipeline, reference.New().CloudProperties(rowsOf(line.Pipeline)), report.Looked{
		Columns: o.columnList(), Computed: o.extra, Shape: line.Shape, Ours: ours, Identities: history.Identities(),
	})
}

// rowsOf is the cmdlet whose rows a pipeline gives; "" where its last stage says itself
// which columns there are.
func rowsOf(p cmdlet.Pipeline) string {
	if len(p) == 0 {
		return ""
	}
	name := p[len(p)-1].Cmdlet
	if verb, _, _ := strings.Cut(strings.ToLower(name), "-"); verb == "select" || verb == "measure" || verb == "group" {
		return ""
	}
	return name
}

// missing leaves the names out of which there is nothing to say: without a row
// nothing is known of columns. One that a person has asked for, and that is none of a
// report's own, is wrong usage.
func (k *output) missing(names []string) []string {
	if k.count == 0 {
		return nil
	}
	for _, name := range names {
		same := func(other string) bool { return strings.EqualFold(name, other) }
		if slices.ContainsFunc(k.columns, same) && !slices.ContainsFunc(k.fixed, same) && !same(k.status) {
			k.unknown = true
		}
	}
	return names
}

// warn writes a message about the columns, if there are any.
func (k *output) warn(what string, columns []string) {
	if len(columns) > 0 {
		say(k.err, "postroom: %s %s\n", what, strings.Join(columns, ", "))
	}
}
