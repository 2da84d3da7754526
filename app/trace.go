package app

import (
	"errors"
	"fmt"
	"os"
	"sync"

	"fyne.io/fyne/v2/lang"

	"postroom/app/saving"
	"postroom/session"
	"postroom/session/atomicfile"
	"postroom/widgets"
)

// recording is a protocol trace that is being written to a file. Sessions that
// were opened while it ran keep writing to it; once it has ended they write to
// nowhere.
type recording struct {
	tracer *session.TraceWriter
	name   string

	mu   sync.Mutex
	file *os.File // nil once it has ended
}

// newRecording begins a trace in a file. On a worker.
func newRecording(name string) (*recording, error) {
	file, err := atomicfile.OpenPrivate(name)
	if err != nil {
		return nil, fmt.Errorf("record a trace: %w", err)
	}
	r := &recording{name: name, file: file}
	r.tracer = session.NewTraceWriter(r)
	return r, nil
}

// Write takes a line of the trace.
func (r *recording) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.file == nil {
		return len(b), nil
	}
	return r.file.Write(b)
}

// end closes the file. On a worker.
func (r *recording) end() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.file == nil {
		return nil
	}
	file := r.file
	r.file = nil
	if err := errors.Join(r.tracer.Err(), file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("record a trace in %s: %w", r.name, err)
	}
	return nil
}

// traced makes a target's session be recorded if a trace is running.
func (w *mainWindow) traced(t session.Target) session.Target {
	t.Trace = nil
	if w.recording != nil {
		t.Trace = w.recording.tracer
	}
	return t
}

// toggleTrace begins a trace, or ends the one that runs.
func (w *mainWindow) toggleTrace() {
	if w.recording != nil {
		w.endTrace()
		return
	}
	w.saver.Ask(saving.Question{
		Title: lang.L("Record a protocol trace"), Name: "postroom-trace.jsonl",
		Types: []saving.Type{{Title: lang.L("Protocol trace"), Ext: ".jsonl"}},
		Save: func(path string) {
			w.desk.Spawn(func() { w.beginTrace(path) }) // ends when the file is open
		},
	})
}

// beginTrace opens the file and records sessions from now on. On a worker.
func (w *mainWindow) beginTrace(name string) {
	r, err := newRecording(name)
	w.desk.Post(func() {
		if err != nil {
			w.desk.Problem(err)
			return
		}
		w.recording = r
		w.traceChanged()
		w.desk.Note(widgets.Information, lang.L("Sessions opened from now on are recorded, without passwords."))
	})
}

func (w *mainWindow) endTrace() {
	r := w.recording
	w.recording = nil
	w.traceChanged()
	w.desk.Spawn(func() { // ends when the file is closed
		err := r.end()
		w.desk.Post(func() {
			if err != nil {
				w.desk.Problem(err)
				return
			}
			w.saver.Saved(widgets.Success, fmt.Sprintf(lang.L("The trace is in %s"), r.name), r.name)
		})
	})
}

// traceChanged shows in menu and status bar whether a trace runs.
func (w *mainWindow) traceChanged() {
	w.traceItem.Label = lang.L("Record a protocol trace ...")
	if w.recording != nil {
		w.traceItem.Label = lang.L("Stop recording the trace")
	}
	w.window.MainMenu().Refresh()
	w.sessionsChanged()
}
