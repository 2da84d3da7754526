package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"postroom/session"
	"postroom/session/result"
)

// sink takes rows and messages of a run and writes them: rows to the outputs,
// messages to standard error.
type sink struct {
	streams Streams
	err     io.Writer
	max     int
	columns []string
	many    bool   // rows of several tenants: each begins with its tenant
	tenant  []byte // of the rows that come now
	yes     bool   // confirmations are answered with yes

	rows   appenders
	stream *result.Stream
	table  *result.Table
	tables []pendingTable
	files  []pendingFile

	count, errors int
	lastProgress  string
}

// tenantColumn is the first column when rows of several tenants come together.
const tenantColumn = "Tenant"

// errEnough ends a run whose rows are as many as were wanted.
var errEnough = errors.New("cli: as many rows as wanted")

func (k *sink) streamColumns() []string {
	if len(k.columns) == 0 || !k.many {
		return k.columns
	}
	return append([]string{tenantColumn}, k.columns...)
}

// appenders hands each cell on to several.
type appenders []result.Appender

// Message writes a message to standard error, errors in the server's words.
func (k *sink) Message(m session.Message) {
	switch m.Kind {
	case session.MessageError:
		k.errors++
		k.say("ERROR", m.Text)
	case session.MessageWarning:
		k.say("WARNING", m.Text)
	case session.MessageVerbose:
		k.say("VERBOSE", m.Text)
	case session.MessageDebug:
		k.say("DEBUG", m.Text)
	case session.MessageInformation:
		k.say("", m.Text)
	case session.MessageProgress:
		k.progress(m.Progress)
	}
}

func (k *sink) say(kind, text string) {
	prefix := ""
	if k.many {
		prefix = string(k.tenant) + ": "
	}
	if kind != "" {
		prefix += kind + ": "
	}
	fmt.Fprintln(k.err, prefix+strings.TrimRight(text, "\r\n"))
}

// progress writes a line when an activity has come ten percent further.
func (k *sink) progress(p session.Progress) {
	if p.Completed {
		return
	}
	line := p.Activity
	if p.Status != "" {
		line += ": " + p.Status
	}
	step := fmt.Sprint(p.ID, p.Activity, p.Percent/10)
	if p.Percent >= 0 {
		line += fmt.Sprintf(" (%d %%)", p.Percent)
	} else {
		step += p.Status
	}
	if step == k.lastProgress {
		return
	}
	k.lastProgress = step
	k.say("", line)
}

// BeginRow starts a row in every output.
func (k *sink) BeginRow() {
	for _, a := range k.rows {
		a.BeginRow()
		if k.many {
			a.Text([]byte(tenantColumn), k.tenant)
		}
	}
}

// EndRow completes the row, and ends the run when there are enough.
func (k *sink) EndRow() error {
	for _, a := range k.rows {
		if err := a.EndRow(); err != nil {
			return err
		}
	}
	k.count++
	if k.max > 0 && k.count >= k.max {
		return errEnough
	}
	return nil
}

// close writes the tables and names the files. runErr is how the run ended.
func (k *sink) close(ctx context.Context, runErr error) error {
	whole := runErr == nil
	if !whole && k.count == 0 {
		return k.discard()
	}
	var failed []error
	if k.stream != nil {
		failed = append(failed, k.stream.Flush())
		if dropped := k.stream.Dropped(); len(dropped) > 0 {
			fmt.Fprintf(k.err, "postroom: later rows had more columns that are not in the CSV: %s (name them with --columns)\n",
				strings.Join(dropped, ", "))
		}
	}
	if k.table != nil {
		view := k.view()
		for _, t := range k.tables {
			failed = append(failed, t.write(ctx, t.w, view, k.err))
		}
	}
	if err := errors.Join(failed...); err != nil {
		return errors.Join(err, k.discard())
	}
	return k.keep(whole)
}

func (k *sink) view() *result.View {
	view := k.table.Snapshot()
	columns := k.streamColumns()
	if len(columns) == 0 {
		return view
	}
	view, missing := view.WithColumnNames(columns...)
	if len(missing) > 0 {
		fmt.Fprintf(k.err, "postroom: no row has the column %s\n", strings.Join(missing, ", "))
	}
	return view
}
