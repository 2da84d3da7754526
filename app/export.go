package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"

	"postroom/session/result"
	"postroom/widgets"
)

// exportName is the name that is proposed for a file. One whose rows may not be
// all says so.
func exportName(v *result.View, whole bool) string {
	name := v.Provenance().FileName(".csv")
	if whole {
		return name
	}
	return strings.TrimSuffix(name, ".csv") + "_partial.csv"
}

// exportView asks where to, and writes the view there.
func (w *mainWindow) exportView(v *result.View, whole bool) {
	d := dialog.NewFileSave(func(f fyne.URIWriteCloser, err error) {
		switch {
		case err != nil:
			w.showProblem(err)
		case f != nil: // nil: cancelled
			w.exportTo(f, v)
		}
	}, w.window)
	d.SetFileName(exportName(v, whole))
	d.Show()
	d.Resize(fyne.NewSize(820, 560))
}

// exportTo writes the view on a worker. The dialog has opened the file to try
// whether it can be; what is written goes beside it first, so that a failure
// leaves no half file.
func (w *mainWindow) exportTo(f fyne.URIWriteCloser, v *result.View) {
	name := f.URI().Path()
	w.app.spawn(func() { // ends with the file
		err := errors.Join(f.Close(), writeExport(context.Background(), name, v))
		w.post(func() {
			if err != nil {
				w.showProblem(err)
				return
			}
			rows, _ := v.Size()
			w.toast(widgets.Success, fmt.Sprintf(lang.L("%s written to %s"), rowCount(rows), filepath.Base(name)))
		})
	})
}

// writeExport writes the view to a file in the format that its name says: CSV,
// .xlsx or .json. The file takes its name only when it is whole.
func writeExport(ctx context.Context, name string, v *result.View) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return fmt.Errorf("export to %s: %w", name, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("export to %s: %w", name, err), f.Close(), os.Remove(f.Name()))
		}
	}()
	if err = writeFormat(ctx, f, filepath.Ext(name), v); err != nil {
		return err
	}
	if err = f.Chmod(0o644); err != nil { // for colleagues too; CreateTemp makes it 0600
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

func writeFormat(ctx context.Context, w io.Writer, ext string, v *result.View) error {
	switch strings.ToLower(ext) {
	case ".xlsx":
		_, err := result.WriteXLSX(ctx, w, v, result.XLSXOptions{})
		return err
	case ".json":
		return result.WriteJSON(ctx, w, v, result.JSONOptions{Indent: true})
	}
	return result.WriteCSV(ctx, w, v, result.CSVOptions{})
}
