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
	max     int // rows; 0 is without end
	columns []string
	many    bool   // rows of several tenants: each begins with its tenant
	tenant  []byte // of the rows that come now
	yes     bool   // confirmations are answered with yes

	rows   appenders
	stream *result.Stream
	table  *result.Table
	tables []pendingTable
	files  files

	count, errors int
	full          error          // why no more rows are taken: errEnough or errReaderGone
	told          map[int]string // by activity: how far it was when it was told
}

// tenantColumn is the first column when rows of several tenants come together.
const tenantColumn = "Tenant"

// errEnough ends a run whose rows are as many as were wanted.
var errEnough = errors.New("cli: as many rows as wanted")

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

// progress writes a line when an activity has come ten percent further, or,
// where the server gives no percentage, says something new.
func (k *sink) progress(p session.Progress) {
	if p.Completed {
		delete(k.told, p.ID)
		return
	}
	line := p.Activity
	if p.Status != "" {
		line += ": " + p.Status
	}
	step := line
	if p.Percent >= 0 {
		step = fmt.Sprint(p.Activity, p.Percent/10)
		line += fmt.Sprintf(" (%d %%)", p.Percent)
	}
	if k.told[p.ID] == step {
		return
	}
	if k.told == nil {
		k.told = map[int]string{}
	}
	k.told[p.ID] = step
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
			if errors.Is(err, errReaderGone) {
				k.full = errReaderGone
			}
			return err
		}
	}
	k.count++
	if k.max > 0 && k.count >= k.max {
		k.full = errEnough
		return errEnough
	}
	return nil
}

// close writes the tables and names the files. whole says that the rows are
// all that were asked for.
func (k *sink) close(ctx context.Context, whole bool) error {
	if !whole && k.count == 0 {
		return k.files.discard()
	}
	err := k.write(ctx)
	if err != nil && !errors.Is(err, errReaderGone) {
		return join(err, k.files.discard())
	}
	return k.files.keep(whole && err == nil, k.err)
}

// write writes what has not been written while the rows came.
func (k *sink) write(ctx context.Context) error {
	if k.stream != nil {
		if err := k.stream.Flush(); err != nil {
			return fmt.Errorf("write the rows: %w", err)
		}
		k.warn("no row has the column %s", k.missing(k.stream.Missing()))
		k.warn("later rows had more columns that are not in the CSV: %s (name them with --columns)", k.stream.Dropped())
	}
	if k.table == nil {
		return nil
	}
	view := k.table.Snapshot()
	if len(k.columns) > 0 {
		var missing []string
		view, missing = view.WithColumnNames(k.columns...)
		if k.stream == nil {
			k.warn("no row has the column %s", k.missing(missing))
		}
	}
	for _, t := range k.tables {
		if err := t.write(ctx, t.w, view, k.err); err != nil {
			return fmt.Errorf("write the rows: %w", err)
		}
	}
	return nil
}

// missing leaves the names out of which there is nothing to say: without a row
// nothing is known of columns.
func (k *sink) missing(names []string) []string {
	if k.count == 0 {
		return nil
	}
	return names
}

// warn writes a message about the columns, if there are any.
func (k *sink) warn(format string, columns []string) {
	if len(columns) > 0 {
		fmt.Fprintf(k.err, "postroom: "+format+"\n", strings.Join(columns, ", "))
	}
}
