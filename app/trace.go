package app

import (
	"errors"
	"fmt"
	"os"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
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

// recorder begins and ends protocol traces. UI thread only, apart from what says
// otherwise.
type recorder struct {
	desk    *desk.Desk
	saver   *saving.Saver
	now     *recording // nil while no trace is recorded
	written func()     // its file may be named again
	item    *fyne.MenuItem
	changed func() // called when a trace has begun or ended
}

func newRecorder(d *desk.Desk, s *saving.Saver) *recorder {
	return &recorder{desk: d, saver: s, item: fyne.NewMenuItem(lang.L("Record a protocol trace ..."), nil), changed: func() {}}
}

// traced makes a target's session be recorded if a trace is running.
func (r *recorder) traced(t session.Target) session.Target {
	t.Trace = nil
	if r.now != nil {
		t.Trace = r.now.tracer
	}
	return t
}

// toggle begins a trace, or ends the one that runs.
func (r *recorder) toggle() {
	if r.now != nil {
		r.end()
		return
	}
	r.saver.Ask(saving.Question{
		Title: lang.L("Record a protocol trace"), Name: "postroom-trace.jsonl",
		Types: []saving.Type{{Title: lang.L("Protocol trace"), Ext: ".jsonl"}},
		Save: func(path string) {
			r.desk.Spawn(func() { r.begin(path) }) // ends when the file is open
		},
	})
}

// begin opens the file and records sessions from now on. On a worker.
func (r *recorder) begin(name string) {
	begun, err := newRecording(name)
	r.desk.Post(func() {
		if err != nil {
			r.desk.Problem(err)
			return
		}
		r.written = r.saver.Writing(begun.name)
		r.set(begun)
		r.desk.Note(widgets.Information, lang.L("Sessions opened from now on are recorded, without passwords."))
	})
}

func (r *recorder) end() {
	ended, written := r.now, r.written
	r.set(nil)
	r.desk.Spawn(func() { // ends when the file is closed
		err := ended.end()
		r.desk.Post(func() {
			written()
			if err != nil {
				r.desk.Problem(err)
				return
			}
			r.saver.Saved(widgets.Success, fmt.Sprintf(lang.L("The trace is in %s"), ended.name), ended.name)
		})
	})
}

// set shows in the menu whether a trace runs.
func (r *recorder) set(now *recording) {
	r.now = now
	r.item.Label = lang.L("Record a protocol trace ...")
	if now != nil {
		r.item.Label = lang.L("Stop recording the trace")
	}
	r.changed()
}
