package runs

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

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

// packForm is what a pack asks: where its files go, and which.
func packForm(folder string) widgets.FormSpec {
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
		id: p.Name, title: words.Of(p.Title), spec: packForm(spec.Folder), reads: true, packed: true,
		arrange: func(names []string) (shown, hidden []string) { return names, nil },
	}, target)
	if t.title == "" {
		t.title = p.Name
		t.named()
	}
	t.pack = &packRun{spec: spec}
	t.form.OnRun = t.startPack
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
	spec PackSpec

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

// startPack runs the pack, once its form can be read.
func (t *Tab) startPack(values map[string]string) {
	if t.Running() || t.asking != nil {
		return
	}
	t.form.ClearErrors()
	t.notices.clear()
	p := t.pack
	p.files = packFilesOf(values, p.spec.Folder)
	if err := p.files.Check(len(t.targets())); err != nil {
		t.form.SetError(packPattern, words.Explain(err).Title)
		t.form.FocusField(packPattern)
		return
	}
	run, err := pack.New(p.spec.Pack, p.spec.Reports, pack.Options{
		Service: report.ServiceOf(t.base.Endpoint), Now: time.Now(), Kinds: t.Known, Language: lang.L("en"),
	})
	if err != nil {
		t.notices.problem(err)
		return
	}
	p.run = run
	t.beginTask(run, job.AskPerson)
}

// packFilesOf reads the form.
func packFilesOf(values map[string]string, folder string) pack.Files {
	f := pack.Files{Dir: folder, Pattern: strings.TrimSpace(values[packPattern]), Words: packWords(), CSV: result.LocaleCSV(lang.SystemLocale().String())}
	if dir := saving.ReadPath(values[packFolder]); dir != "" {
		f.Dir = dir
	}
	if i := slices.Index(packLayouts(), values[packFiles]); i > 0 {
		f.Layout = pack.Layout(i) //nolint:gosec // an index of three
	}
	return f
}

// packWords are the words of covers in the window's language.
func packWords() pack.Words {
	return pack.Words{
		CoverWords: result.CoverWords{
			Tenant: lang.L("Tenant"), Endpoint: lang.L("Endpoint"), Account: lang.L("Account"), Started: lang.L("Started"), Complete: lang.L("Complete"),
			Yes: lang.L("Yes"), No: lang.L("No: something is missing (see below)"),
		},
		Pack: lang.L("Pack"), Sheet: lang.L("%d rows, %s"),
		States: [...]string{lang.L("not asked"), lang.L("not available here"), lang.L("complete"), lang.L("incomplete"), lang.L("failed")},
	}
}

// writePack writes the files of the run that has ended, on a worker.
func (t *Tab) writePack(r *run) {
	p := t.pack
	if p == nil || p.run == nil || !p.run.Asked(len(r.targets)) {
		return
	}
	run, files := p.run, p.files
	targets := make([]pack.Target, len(r.targets))
	for i, of := range r.targets {
		targets[i] = pack.Target{Tenant: of.Tenant.Domain, Endpoint: of.Endpoint.Name, Account: of.Account}
	}
	t.Desk.Spawn(func() { // ends with the files
		written, err := run.Write(context.Background(), targets, files)
		t.Desk.Post(func() {
			if err != nil {
				t.Desk.Problem(err)
			}
			t.tellWritten(written)
		})
	})
}

// tellWritten says which files are there, and which of them are not whole.
func (t *Tab) tellWritten(written []pack.Written) {
	if len(written) == 0 {
		return
	}
	parts := 0
	for _, w := range written {
		if !w.Whole {
			parts++
		}
	}
	text := fmt.Sprintf(lang.L("Files written to %s: %s"), t.pack.files.Dir, words.Number(len(written)))
	severity := widgets.Success
	if parts > 0 {
		severity = widgets.Warning
		text += "\n" + fmt.Sprintf(lang.L("Incomplete: %s. File names and covers say so."), words.Number(parts))
	}
	t.Window.Written(severity, text, written[0].Path)
}
