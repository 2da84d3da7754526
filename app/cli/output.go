package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"postroom/session/result"
)

// output are the flags that say what becomes of the rows.
type output struct {
	csv, json, xlsx string
	columns         string
	maxRows         int
}

// stdoutName stands for standard output in place of a file.
const stdoutName = "-"

func (o *output) register(f *flag.FlagSet) {
	f.StringVar(&o.csv, "csv", "", "write rows as CSV to `FILE`, or to standard output with -")
	f.StringVar(&o.json, "json", "", "write rows as JSON to `FILE`, or to standard output with -")
	f.StringVar(&o.xlsx, "xlsx", "", "write rows as an Excel workbook to `FILE`")
	f.StringVar(&o.columns, "columns", "", "write only the columns `A,B`, in that order")
	f.IntVar(&o.maxRows, "max-rows", 0, "end after `N` rows")
}

// open opens all files before anything is sent. Rows go to a file beside the
// one that was asked for; it takes its name only when the run came to its end,
// so that a broken off run never looks like a whole one.
func (o *output) open(s Streams, p result.Provenance, manyTenants bool) (*sink, error) {
	if o.csv == stdoutName && o.json == stdoutName {
		return nil, &usageError{what: "--csv - and --json - both want standard output"}
	}
	if o.xlsx == stdoutName {
		return nil, &usageError{what: "--xlsx needs a file: a workbook is no text for standard output"}
	}
	k := &sink{streams: s, err: s.Err, max: o.maxRows, columns: o.columnList(), many: manyTenants}
	if o.csv != "" {
		w, err := k.writer(o.csv, s.Out)
		if err != nil {
			return nil, err
		}
		k.stream = result.NewStream(w, result.StreamOptions{Columns: k.streamColumns(), CSV: o.csvOptions()})
		k.rows = append(k.rows, k.stream)
	}
	for name, write := range map[string]tableWriter{o.json: writeJSON, o.xlsx: writeXLSX} {
		if name == "" {
			continue
		}
		w, err := k.writer(name, s.Out)
		if err != nil {
			return nil, errors.Join(err, k.discard())
		}
		k.tables = append(k.tables, pendingTable{w: w, write: write})
	}
	if o.csv != stdoutName && o.json != stdoutName && len(k.files) == 0 {
		k.tables = append(k.tables, pendingTable{w: s.Out, write: writeText})
	}
	if len(k.tables) > 0 {
		k.table = result.NewTable(p)
		k.rows = append(k.rows, k.table.Builder())
	}
	return k, nil
}

// csvOptions: a file is for a spreadsheet; standard output is for the next
// program, which wants the exact data.
func (o *output) csvOptions() result.CSVOptions {
	if o.csv == stdoutName {
		return result.CSVOptions{NoBOM: true, LF: true, Machine: true}
	}
	return result.CSVOptions{}
}

func (o *output) columnList() []string {
	var columns []string
	for _, c := range strings.Split(o.columns, ",") {
		if c = strings.TrimSpace(c); c != "" {
			columns = append(columns, c)
		}
	}
	return columns
}

// tableWriter writes a complete result.
type tableWriter func(context.Context, io.Writer, *result.View, io.Writer) error

// pendingTable is a result that is written at the end, when all rows are known.
type pendingTable struct {
	w     io.Writer
	write tableWriter
}

func writeText(ctx context.Context, w io.Writer, v *result.View, _ io.Writer) error {
	return result.WriteText(ctx, w, v, result.TextOptions{})
}

func writeJSON(ctx context.Context, w io.Writer, v *result.View, _ io.Writer) error {
	return result.WriteJSON(ctx, w, v, result.JSONOptions{Indent: true})
}

func writeXLSX(ctx context.Context, w io.Writer, v *result.View, messages io.Writer) error {
	report, err := result.WriteXLSX(ctx, w, v, result.XLSXOptions{})
	if err == nil && report.Truncated > 0 {
		fmt.Fprintf(messages, "postroom: %d texts were longer than a cell of Excel holds and were cut\n", report.Truncated)
	}
	return err
}

// pendingFile is a file under its working name.
type pendingFile struct {
	*os.File
	name string // the name it is to have
}

// writer opens what a flag named.
func (k *sink) writer(name string, stdout io.Writer) (io.Writer, error) {
	if name == stdoutName {
		return stdout, nil
	}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return nil, &usageError{what: name + " is a folder, not a file"}
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return nil, &fileError{name: name, err: err}
	}
	k.files = append(k.files, pendingFile{File: f, name: name})
	return f, nil
}

// fileError is a file that cannot be written: wrong usage, found before
// anything was sent.
type fileError struct {
	name string
	err  error
}

// Error names the file and the cause.
func (e *fileError) Error() string { return "write " + e.name + ": " + e.err.Error() }

// Unwrap gives the cause.
func (e *fileError) Unwrap() error { return e.err }

// partialSuffix marks a file whose run did not come to its end.
const partialSuffix = ".partial"

// keep gives the files their names: the one asked for, or with .partial when
// the rows may not be all.
func (k *sink) keep(whole bool) error {
	var failed []error
	for _, f := range k.files {
		name := f.name
		if !whole {
			name += partialSuffix
		}
		err := f.Chmod(0o644) // a report is for colleagues too; CreateTemp makes it 0600
		err = errors.Join(err, f.Sync(), f.Close())
		if err == nil {
			err = os.Rename(f.Name(), name)
		}
		if err != nil {
			failed = append(failed, &fileError{name: name, err: err}, os.Remove(f.Name()))
			continue
		}
		if !whole {
			fmt.Fprintf(k.err, "postroom: the rows that came are in %s\n", name)
		}
	}
	k.files = nil
	return errors.Join(failed...)
}

// discard removes the files.
func (k *sink) discard() error {
	var failed []error
	for _, f := range k.files {
		failed = append(failed, f.Close(), os.Remove(f.Name()))
	}
	k.files = nil
	return errors.Join(failed...)
}
