package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/runs"
	"postroom/app/saving"
	"postroom/app/words"
	"postroom/session/atomicfile"
	"postroom/session/result"
	"postroom/widgets"
)

// exporter writes views to files that a person names. UI thread only.
type exporter struct {
	desk    *desk.Desk
	saver   *saving.Saver
	exports *exports
	copy    func(png []byte) error // puts a picture on the clipboard; on workers
	under   int                    // files that are being written
	number  int                    // of the latest one that is told of
	chosen  exportChoices          // the last time
}

// export asks which rows and where to, and writes them there.
func (e *exporter) export(x runs.Extract) {
	var types []saving.Type
	for _, f := range result.Formats() {
		types = append(types, saving.Type{Title: runs.FormatTitle(f), Ext: f.Extension()})
	}
	choice := e.chosen.of(x)
	e.saver.Ask(saving.Question{
		Title: lang.L("Export"), Name: x.Shown.Provenance().FileName(".csv"), Types: types, Choices: choice.questions(),
		Partial: !x.Whole,
		Save: func(path string) {
			view, options := choice.take(path)
			e.write(path, view, options)
		},
	})
}

// manyRows take long enough to write that their beginning is told too.
const manyRows = 50_000

// write writes the view on a worker. What is written goes beside the file first,
// so that a failure leaves an older one as it was.
func (e *exporter) write(name string, v *result.View, o result.Options) {
	rows, _ := v.Size()
	ctx, cancel := context.WithCancelCause(context.Background())
	key := e.begun(name, rows, &o, func() { cancel(errNotWanted) })
	e.under++
	end, written := e.exports.begin(), e.saver.Writing(name)
	e.desk.Spawn(func() { // ends with the file, when it is cancelled, or when the program can wait no longer
		defer end()
		report, err := e.exports.write(ctx, name, v, o)
		cancel(nil)
		e.desk.Post(func() {
			e.under--
			written()
			e.desk.Toasts.Drop(key)
			switch {
			case errors.Is(err, errNotWanted):
				e.desk.Note(widgets.Information, fmt.Sprintf(lang.L("%s was not written."), filepath.Base(name)))
			case err != nil:
				e.desk.Problem(err)
			default:
				severity, text := exported(name, rows, report)
				e.saver.Saved(severity, text, name)
			}
		})
	})
}

// errNotWanted means that a person has cancelled an export.
var errNotWanted = errors.New("app: the export was cancelled")

// begun tells that many rows are being written, how far that is, and offers to stop it.
// It gives the key of the toast, "" for few rows.
func (e *exporter) begun(name string, rows int, o *result.Options, stop func()) (key string) {
	if rows < manyRows {
		return ""
	}
	e.number++
	key = "export " + strconv.Itoa(e.number)
	text := fmt.Sprintf(lang.L("Writing %s to %s ..."), words.Rows(rows), filepath.Base(name))
	e.desk.Toasts.Add(widgets.Toast{Key: key, Text: text, Actions: []widgets.Action{{Label: lang.L("Cancel"), OnTapped: stop}}})
	told := time.Now()
	o.Progress = func(done int) { // on the worker
		if time.Since(told) < progressPause {
			return
		}
		told = time.Now()
		e.desk.Post(func() { e.desk.Toasts.Change(key, fmt.Sprintf("%s %d %%", text, min(100, done*100/rows))) })
	}
	return key
}

// progressPause is how long the state of an export stands before the next one.
const progressPause = 500 * time.Millisecond

// exports are the files that are being written. The program waits for them when
// it ends.
type exports struct {
	under  sync.WaitGroup
	giveUp chan struct{} // closed when nobody waits any longer
}

func newExports() *exports { return &exports{giveUp: make(chan struct{})} }

// begin counts one more; the function that it gives counts it off.
func (e *exports) begin() (end func()) {
	e.under.Add(1)
	return e.under.Done
}

// write writes a file, unless the program gives up.
func (e *exports) write(ctx context.Context, name string, v *result.View, o result.Options) (result.Report, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { // ends with the file or when the program gives up
		select {
		case <-e.giveUp:
			cancel()
		case <-ctx.Done():
		}
	}()
	select {
	case <-e.giveUp:
		cancel()
	default:
	}
	return writeExport(ctx, name, v, o)
}

// finish waits for the files that are being written; when ctx ends they are
// given up and what is there of them is removed. It is called once.
func (e *exports) finish(ctx context.Context) {
	done := make(chan struct{})
	go func() { e.under.Wait(); close(done) }() // ends with the last file
	select {
	case <-done:
	case <-ctx.Done():
		close(e.giveUp)
		<-done
	}
}

// writeExport writes the view to a file, which takes its name only when it is whole.
func writeExport(ctx context.Context, name string, v *result.View, o result.Options) (report result.Report, err error) {
	err = atomicfile.Replace(name, atomicfile.Shared, func(w io.Writer) (err error) {
		report, err = result.Write(ctx, w, v, o)
		return err
	})
	return report, err
}

// exported says what was written, and what the file could not hold.
func exported(name string, rows int, r result.Report) (widgets.Severity, string) {
	text := fmt.Sprintf(lang.L("%s written to %s"), words.Rows(rows), filepath.Base(name))
	if r.CutCells > 0 {
		text += "\n" + fmt.Sprintf(lang.L("Texts cut to what an Excel cell can hold: %s."), words.Number(r.CutCells))
	}
	if r.DroppedColumns > 0 {
		text += "\n" + fmt.Sprintf(lang.L("An Excel sheet holds 16,384 columns. Left out: %s."), words.Number(r.DroppedColumns))
	}
	if r.Whole() {
		return widgets.Success, text
	}
	return widgets.Warning, text
}
