package pack

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"postroom/session/atomicfile"
	"postroom/session/report"
	"postroom/session/result"
)

// Layout is what becomes of the sheets.
type Layout uint8

// The layouts.
const (
	PerTenant Layout = iota // a workbook for each tenant, a sheet for each report
	OneForAll               // one workbook, a sheet for each report, the tenant in the first column
	CSVFiles                // a CSV for each tenant and report
)

var layoutNames = [...]string{PerTenant: "tenant", OneForAll: "all", CSVFiles: "csv"}

// Layouts are their names on the command line, in order.
func Layouts() []string { return layoutNames[:] }

// pattern is the usual pattern of the layout's names.
func (l Layout) pattern() string {
	switch l {
	case OneForAll:
		return "{pack}_{date}"
	case CSVFiles:
		return "{tenant}_{report}_{date}"
	}
	return "{tenant}_{pack}_{date}"
}

// Files say where and how a pack is written.
type Files struct {
	Layout Layout
	Dir    string
	// Pattern makes the names of {tenant}, {pack}, {report}, {date} and {time}; ""
	// is that of the layout. The ending is added.
	Pattern string
	Words   Words
	// Values and CSV are as for a single result.
	Values result.ValueOptions
	CSV    result.CSVOptions
}

// Words are those of a cover, in the person's language.
type Words struct {
	result.CoverWords
	Pack string
	// Rows says how many rows a report has; the state's word follows.
	Rows   func(n int) string
	States [Stopped + 1]string
}

func englishRows(n int) string { return result.EnglishCount(n, "row") }

// EnglishWords are the words where no language is chosen. A pack is whole when nothing of
// any report is missing, however that came; the lines below say of which.
func EnglishWords() Words {
	cover := result.EnglishCover()
	cover.No = "No: something is missing (see below)"
	return Words{CoverWords: cover, Pack: "Pack", Rows: englishRows, States: stateNames}
}

// Target is where a target of the run was, for covers and names.
type Target struct{ Tenant, Endpoint, Account string }

// name is what the target is called in file names.
func (t Target) name() string {
	if t.Tenant != "" {
		return t.Tenant
	}
	_, domain, _ := strings.Cut(t.Account, "@")
	return domain
}

// PatternError is a pattern whose names would not tell files apart, or that is no
// name of a file.
type PatternError struct{ Pattern, Lacks string }

// Error says what is missing.
func (e *PatternError) Error() string {
	if e.Lacks == "" {
		return fmt.Sprintf("pack: %q names no file", e.Pattern)
	}
	return fmt.Sprintf("pack: the pattern %q lacks %s", e.Pattern, e.Lacks)
}

// Check says what is wrong with the pattern, for so many targets.
func (f Files) Check(targets int) error {
	pattern := f.pattern()
	lacks := ""
	switch {
	case f.Layout != OneForAll && targets > 1 && !strings.Contains(pattern, "{tenant}"):
		lacks = "{tenant}"
	case f.Layout == CSVFiles && !strings.Contains(pattern, "{report}"):
		lacks = "{report}"
	case strings.ContainsAny(pattern, `/\`) || strings.Trim(pattern, " .") == "":
		return &PatternError{Pattern: pattern}
	}
	if lacks != "" {
		return &PatternError{Pattern: pattern, Lacks: lacks}
	}
	return nil
}

func (f Files) pattern() string {
	if f.Pattern == "" {
		return f.Layout.pattern()
	}
	return f.Pattern
}

// name makes a name of the pattern.
func (r *Run) name(f Files, t Target, reportName, ending string, whole bool) string {
	return f.path(naming{pack: r.pack.Name, now: r.options.Now, target: t, report: reportName, ending: ending}, whole)
}

// naming is what a name of a file is made of.
type naming struct {
	pack, report, ending string
	target               Target
	now                  time.Time
}

// path is where a file goes.
func (f Files) path(n naming, whole bool) string {
	name := strings.NewReplacer(
		"{tenant}", n.target.name(), "{pack}", n.pack, "{report}", n.report,
		"{date}", n.now.Format(time.DateOnly), "{time}", n.now.Format("1504"),
	).Replace(f.pattern())
	if !whole {
		name += result.PartialMark
	}
	return filepath.Join(f.Dir, result.SafeFileName(name)+n.ending)
}

// Names are the files that a pack gives when all goes well, for these targets: what
// Write would name them at that time.
func (f Files) Names(p report.Pack, targets []Target, now time.Time) []string {
	var names []string
	add := func(t Target, reportName, ending string) {
		names = append(names, filepath.Base(f.path(naming{pack: p.Name, now: now, target: t, report: reportName, ending: ending}, true)))
	}
	if f.Layout == OneForAll {
		add(everyTarget, "", workbookEnding)
		return names
	}
	for _, t := range targets {
		if f.Layout == PerTenant {
			add(t, "", workbookEnding)
			continue
		}
		for _, part := range p.Parts {
			add(t, part.Report, csvEnding)
		}
	}
	return names
}

// everyTarget stands for all in the name of one workbook for all.
var everyTarget = Target{Tenant: "all"}

const (
	workbookEnding = ".xlsx"
	csvEnding      = ".csv"
)

// Written is a file that was written.
type Written struct {
	Path  string
	Whole bool
	// Report says what the file could not hold.
	Report result.Report
}

// Write writes what came of the targets, which are those of the job in its order.
// A file takes its name only when it is whole on the disk; one in which something
// is missing says so in its name and on its cover. The error names the file; those
// before it are there.
func (r *Run) Write(ctx context.Context, targets []Target, f Files) ([]Written, error) {
	if err := f.Check(len(targets)); err != nil {
		return nil, err
	}
	switch f.Layout {
	case OneForAll:
		w, err := r.one(ctx, targets, f)
		if err != nil {
			return nil, err
		}
		return []Written{w}, nil
	case CSVFiles:
		return r.each(ctx, targets, f)
	}
	var written []Written
	for i, t := range targets {
		var tables []result.WorkbookTable
		whole := true
		for n, s := range r.of(i) {
			whole = whole && (s.state == Whole || s.state == Absent)
			if s.table != nil {
				tables = append(tables, result.WorkbookTable{Sheet: r.parts[n].title, View: r.view(n, s.table, t)})
			}
		}
		w, err := r.workbook(ctx, f, r.name(f, t, "", workbookEnding, whole), r.cover(f, []Target{t}, []int{i}, whole), tables)
		if err != nil {
			return written, err
		}
		w.Whole = whole
		written = append(written, w)
	}
	return written, nil
}

// view is a table's rows in the columns of the report, whose provenance they have.
func (r *Run) view(n int, table *result.Table, _ Target) *result.View {
	v := table.Snapshot()
	names := r.parts[n].plan.Columns()
	if status := r.parts[n].plan.Status(); status != "" {
		if _, has := v.Column(status); has {
			names = append(names, status)
		}
	}
	if col, ok := v.Column(result.TenantColumn.Name()); ok && col == 0 {
		names = append([]string{result.TenantColumn.Name()}, names...)
	}
	if rows, _ := v.Size(); rows == 0 {
		return empty(names, v.Provenance())
	}
	v, _ = v.WithColumnNames(names...) // what no row has is said by the report
	return v
}

// empty is a table of headings alone.
func empty(names []string, p result.Provenance) *result.View {
	t := result.NewTable(p)
	b := t.Builder()
	b.BeginRow()
	for _, name := range names {
		b.Null([]byte(name))
	}
	_ = b.EndRow() // a row of nothing is always taken
	return t.Snapshot().WithRows()
}

// workbook writes a workbook.
func (r *Run) workbook(ctx context.Context, f Files, path string, cover []result.CoverLine, tables []result.WorkbookTable) (Written, error) {
	w := Written{Path: path}
	err := atomicfile.Replace(path, atomicfile.Shared, func(to io.Writer) (err error) {
		w.Report, err = result.WriteWorkbook(ctx, to, result.Options{Format: result.XLSX, Values: f.Values, Cover: cover, XLSX: result.XLSXOptions{CoverSheet: f.Words.Sheet}}, tables...)
		return err
	})
	return w, err
}

// cover says what, where, when and by whom, how each report came out, and whether
// that is all.
func (r *Run) cover(f Files, targets []Target, numbers []int, whole bool) []result.CoverLine {
	w := f.Words
	title := r.pack.Title.In(r.options.Language)
	if title == "" {
		title = r.pack.Name
	}
	complete := w.No
	if whole {
		complete = w.Yes
	}
	var tenants []string
	for _, t := range targets {
		tenants = append(tenants, t.name())
	}
	lines := []result.CoverLine{
		{Label: w.Pack, Value: title},
		{Label: w.Tenant, Value: strings.Join(tenants, ", ")},
		{Label: w.Endpoint, Value: targets[0].Endpoint},
		{Label: w.Account, Value: targets[0].Account},
		{Label: w.Started, Value: r.options.Now.Format(time.RFC3339)},
		{Label: w.Complete, Value: complete},
	}
	for i, number := range numbers {
		for n, s := range r.of(number) {
			label := r.parts[n].title
			if len(targets) > 1 {
				label = targets[i].name() + ": " + label
			}
			rows := 0
			if s.table != nil {
				rows = s.table.Len()
			}
			value := w.States[s.state]
			if s.state == Whole || s.state == Partial {
				value = w.Rows(rows) + ", " + w.States[s.state]
			}
			if s.err != nil {
				value += ": " + r.why(s.err)
			}
			lines = append(lines, result.CoverLine{Label: label, Value: value})
		}
	}
	return lines
}

// one writes one workbook for all targets.
func (r *Run) one(ctx context.Context, targets []Target, f Files) (Written, error) {
	var tables []result.WorkbookTable
	whole := r.whole(len(targets))
	numbers := make([]int, len(targets))
	for i := range numbers {
		numbers[i] = i
	}
	for n, p := range r.parts {
		if p.plan == nil {
			continue
		}
		own := []result.OwnColumn{}
		if len(targets) > 1 {
			own = append(own, result.TenantColumn)
		}
		all := result.NewTable(result.Provenance{Command: p.plan.PowerShell(), Started: r.options.Now, Account: targets[0].Account}, own...)
		there := false
		for i, t := range targets {
			s := r.of(i)[n]
			if s.table == nil {
				continue
			}
			there = true
			if err := add(ctx, all.Builder(), s.table.Snapshot(), t, len(targets) > 1); err != nil {
				return Written{}, err
			}
		}
		if there {
			tables = append(tables, result.WorkbookTable{Sheet: p.title, View: r.view(n, all, Target{})})
		}
	}
	w, err := r.workbook(ctx, f, r.name(f, everyTarget, "", workbookEnding, whole), r.cover(f, targets, numbers, whole), tables)
	w.Whole = whole
	return w, err
}

// add copies rows, with the tenant before them.
func add(ctx context.Context, to *result.Builder, v *result.View, t Target, several bool) error {
	rows, cols := v.Size()
	for row := range rows {
		if row%4096 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		to.BeginRow()
		if several {
			to.Own(result.TenantColumn, []byte(t.name()))
		}
		for col := range cols {
			result.Copy(to, []byte(v.Header(col)), v.Value(row, col))
		}
		if err := to.EndRow(); err != nil {
			return err
		}
	}
	return nil
}

// each writes a CSV for each target and report.
func (r *Run) each(ctx context.Context, targets []Target, f Files) ([]Written, error) {
	var written []Written
	for i, t := range targets {
		for n, s := range r.of(i) {
			if s.table == nil {
				continue
			}
			whole := s.state == Whole
			w := Written{Path: r.name(f, t, r.parts[n].name, csvEnding, whole), Whole: whole}
			err := atomicfile.Replace(w.Path, atomicfile.Shared, func(to io.Writer) (err error) {
				w.Report, err = result.Write(ctx, to, r.view(n, s.table, t), result.Options{Values: f.Values, CSV: f.CSV})
				return err
			})
			if err != nil {
				return written, err
			}
			written = append(written, w)
		}
	}
	return written, nil
}
