package runs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/saving"
	"postroom/app/words"
	"postroom/session"
	"postroom/session/job"
	"postroom/session/pack"
	"postroom/session/report"
	"postroom/session/result"
	"postroom/widgets"
)

// Names of the fields of a pack's form.
const (
	packFolder  = "folder"
	packFiles   = "files"
	packPattern = "pattern"
)

// PackForm is what a pack asks: where its files go, and which.
func PackForm(folder string) widgets.FormSpec {
	return widgets.FormSpec{Fields: []widgets.Field{
		{Name: packFolder, Label: lang.L("Folder"), Rank: 0, Placeholder: folder},
		{Name: packFiles, Label: lang.L("Files"), Rank: 1, Kind: widgets.FieldChoice, Choices: packLayouts(), Placeholder: packLayouts()[0]},
		{Name: packPattern, Label: lang.L("Names"), Rank: 2, Placeholder: "{tenant}_{pack}_{date}"},
	}}
}

// packLayouts are the layouts in words, in order.
func packLayouts() []string {
	return []string{lang.L("A workbook for each tenant"), lang.L("One workbook for all"), lang.L("CSV files")}
}

// PackSpec is a pack as it is run: with the reports that there are, and the folder
// where its files go unless one says another.
type PackSpec struct {
	Pack    report.Pack
	Reports []report.Report
	Folder  string
}

// NewPack makes a tab of a pack: a row for each report says how it came out, and at
// the end its files are written.
func NewPack(d Deps, spec PackSpec, target session.Target) *Tab {
	p := spec.Pack
	t := newTab(d, subject{
		id: p.Name, title: cmp.Or(words.Of(p.Title), p.Name), spec: PackForm(spec.Folder), reads: true, packed: true,
		arrange: func(names []string) (shown, hidden []string) { return names, nil },
	}, target)
	t.pack = &packRun{
		starts: t.running.starts, desk: d.Desk, rows: t.rows, spec: spec, written: d.Window.Written,
		options: func() pack.Options {
			return pack.Options{Kept: d.comparable(), Service: report.ServiceOf(target.Endpoint), Now: time.Now(), Kinds: d.Known}
		},
	}
	t.running.after = func(r *run) {
		t.pack.fit()
		t.pack.write(r)
	}
	t.form.OnRun = t.pack.start
	var titles []string
	for _, part := range p.Parts {
		for _, r := range spec.Reports {
			if r.Name == part.Report {
				titles = append(titles, words.Of(r.Title))
			}
		}
	}
	t.about.Add(widgets.NewBanner(widgets.Information, strings.TrimSpace(words.Of(p.Asks)+" "+strings.Join(titles, " · "))))
	return t
}

// packRun is the pack of a tab, and its last run.
type packRun struct {
	starts
	desk *desk.Desk
	rows *rowsView
	spec PackSpec
	// options are those of a run now, but for its words.
	options func() pack.Options
	written func(severity widgets.Severity, text, path string)

	run   *pack.Run // nil before the first
	files pack.Files
}

// Pack is what the tab runs; nil when it is something else.
func (t *Tab) Pack() *report.Pack {
	if t.pack == nil {
		return nil
	}
	return &t.pack.spec.Pack
}

// start runs the pack, once its form can be read.
func (p *packRun) start(values map[string]string) {
	if p.last.busy() {
		return
	}
	p.anew()
	files, err := PackFiles(values, p.spec.Folder)
	if err != nil {
		p.wrong(packFolder, words.Explain(err).Title)
		return
	}
	p.files = files
	if err := p.files.Check(len(p.to.targets())); err != nil {
		p.wrong(packPattern, words.Explain(err).Title)
		return
	}
	options := p.options()
	options.Language, options.Explain = lang.L("en"), whyNot
	run, err := pack.New(p.spec.Pack, p.spec.Reports, options)
	if err != nil {
		p.notices.problem(err)
		return
	}
	p.run = run
	p.begin(run, job.AskPerson)
}

// whyNot says in a line why a report of a pack failed, or is not there.
func whyNot(err error) string {
	if lack, is := errors.AsType[*report.LackError](err); is {
		return fmt.Sprintf(lang.L("only in %s"), words.Services(lack.Services))
	}
	return words.Explain(err).Title
}

// PackFiles reads the form of a pack. The error is that of a folder which leads nowhere
// (*saving.PathError); names and layout are read all the same.
func PackFiles(values map[string]string, folder string) (pack.Files, error) {
	f := pack.Files{Dir: folder, Pattern: strings.TrimSpace(values[packPattern]), Words: PackWords(), CSV: result.LocaleCSV(lang.SystemLocale().String())}
	dir, err := saving.ReadPath(values[packFolder])
	if dir != "" {
		f.Dir = dir
	}
	if i := slices.Index(packLayouts(), values[packFiles]); i > 0 {
		f.Layout = pack.Layout(i) //nolint:gosec // an index of three
	}
	return f, err
}

// CheckPackFiles says why a field of a pack's form cannot be read, for so many tenants; ""
// when it can. Names of files must tell the tenants apart.
func CheckPackFiles(field, text string, tenants int) string {
	if field == packFolder {
		if _, err := saving.ReadPath(text); err != nil {
			return words.Explain(err).Title
		}
	}
	if field != packPattern || text == "" {
		return ""
	}
	for layout := range packLayouts() { // a name that fits one of them is fine until that is chosen
		if err := (pack.Files{Layout: pack.Layout(layout), Pattern: text}).Check(tenants); err == nil { //nolint:gosec // an index of three
			return ""
		}
	}
	return words.Explain((pack.Files{Pattern: text}).Check(tenants)).Title
}

// PackWords are the words of a pack's covers in the person's language. In English the
// covers say what those of the command line do (pack.EnglishWords), apart from the states,
// which are there the words that scripts read.
func PackWords() pack.Words {
	cover := CoverWords()
	cover.No = lang.L("No: something is missing (see below)")
	return pack.Words{
		CoverWords: cover,
		Pack:       lang.L("Pack"), Rows: words.Rows,
		States: [...]string{lang.L("not asked"), lang.L("not available here"), lang.L("complete"), lang.L("incomplete"), lang.L("failed"), lang.L("stopped")},
	}
}

// packSaid hands the rows of a pack on in the window's language: what the history keeps
// is in the words that files have.
type packSaid struct{ result.Appender }

// name is a column's heading.
func (packSaid) name(of []byte) []byte {
	for i, column := range pack.Columns() {
		if column == string(of) {
			of = []byte([]string{lang.L("Report"), lang.L("State"), lang.L("Rows"), lang.L("Errors"), lang.L("Seconds"), lang.L("Note")}[i])
		}
	}
	return of
}

// Text adds a text; that of a state is a word of the language.
func (s packSaid) Text(name, v []byte) {
	english := pack.EnglishWords().States
	if i := slices.Index(english[:], string(v)); i >= 0 && string(name) == pack.Columns()[1] {
		v = []byte(PackWords().States[i])
	}
	s.Appender.Text(s.name(name), v)
}

// Int adds a number.
func (s packSaid) Int(name []byte, v int64) { s.Appender.Int(s.name(name), v) }

// Float adds a number.
func (s packSaid) Float(name []byte, v float64) { s.Appender.Float(s.name(name), v) }

// Null adds no value.
func (s packSaid) Null(name []byte) { s.Appender.Null(s.name(name)) }

// fit makes room for the titles of all reports: the columns were fitted to the first row,
// which came long before the others. What a person arranged stays.
func (p *packRun) fit() {
	if len(p.rows.columns().Now.Shown) > 0 {
		return
	}
	for _, col := range p.rows.grid.VisibleColumns() {
		p.rows.grid.AutoFit(col)
	}
}

// write writes the files of the run that has ended, on a worker.
func (p *packRun) write(r *run) {
	if p.run == nil || !p.run.Asked(len(r.targets)) {
		return
	}
	run, files := p.run, p.files
	targets := make([]pack.Target, len(r.targets))
	for i, of := range r.targets {
		targets[i] = pack.Target{Tenant: of.Tenant.Domain, Endpoint: of.Endpoint.Name, Account: of.Account}
	}
	p.desk.Spawn(func() { // ends with the files
		written, err := run.Write(context.Background(), targets, files)
		p.desk.Post(func() {
			if err != nil {
				p.desk.Problem(err)
			}
			p.tellWritten(written)
		})
	})
}

// tellWritten says which files are there, and which of them are not whole.
func (p *packRun) tellWritten(written []pack.Written) {
	if len(written) == 0 {
		return
	}
	parts := 0
	for _, w := range written {
		if !w.Whole {
			parts++
		}
	}
	text := fmt.Sprintf(lang.L("Files written to %s: %s"), p.files.Dir, words.Number(len(written)))
	severity := widgets.Success
	if parts > 0 {
		severity = widgets.Warning
		text += "\n" + fmt.Sprintf(lang.L("Incomplete: %s. File names and covers say so."), words.Number(parts))
	}
	p.written(severity, text, written[0].Path)
}
