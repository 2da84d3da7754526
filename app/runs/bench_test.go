package runs_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"postroom/app/desk"
	"postroom/app/desktest"
	"postroom/app/runs"
	"postroom/app/settings"
	"postroom/assets"
	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/endpoint"
	"postroom/session/job"
	"postroom/session/reference"
	"postroom/widgets"
)

func TestMain(m *testing.M) {
	for name, value := range map[string]string{"LC_ALL": "en_US.UTF-8", "LANGUAGE": "en", "TZ": "Europe/Berlin"} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// servers stand for session.Manager: each tenant answers by its own function.
type servers struct {
	mu     sync.Mutex
	next   session.ID
	opened map[session.ID]string
	sent   []string // tenant and command
	asked  []string // columns, with commas between; "" for all
	usual  func(context.Context, session.Sink) error
	at     map[string]func(context.Context, session.Sink) error
	failed map[string]error // opening fails
	// refused is why no user name with a password can be sent; nil where one can.
	refused error
	help    func(cmdletName string) (cmdlet.Help, error) // nil: the servers have none
}

func (s *servers) Open(_ context.Context, t session.Target) (session.ID, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.failed[t.Tenant.Domain]; err != nil {
		return 0, err
	}
	s.next++
	s.opened[s.next] = t.Tenant.Domain
	return s.next, nil
}

func (s *servers) Run(ctx context.Context, id session.ID, command session.Command, sink session.Sink) error {
	s.mu.Lock()
	tenant := s.opened[id]
	s.sent = append(s.sent, tenant+": "+command.PowerShell())
	if narrowed, is := command.(session.Narrowed); is {
		s.asked = append(s.asked, strings.Join(narrowed.Columns, ","))
	}
	run := s.at[tenant]
	s.mu.Unlock()
	if run == nil {
		run = s.usual
	}
	return run(ctx, sink)
}

func (*servers) Release(context.Context, session.ID) error { return nil }
func (s *servers) Accepts(_ session.Target, calls []cmdlet.Invocation) error {
	for _, c := range calls {
		for _, a := range c.Args {
			if _, is := a.Value.(cmdlet.PSCredential); is && s.refused != nil {
				return s.refused
			}
		}
	}
	return nil
}

func (*servers) Slots(session.Target) (used, limit int, err error) { return 0, 3, nil }
func (s *servers) Explain(_ context.Context, _ session.Target, cmdletName string) (cmdlet.Help, error) {
	if s.help == nil {
		return cmdlet.Help{}, session.ErrNoHelp
	}
	return s.help(cmdletName)
}

func (*servers) Guard() {}

func (s *servers) commands() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent
}

// keptColumns keeps arrangements of columns in memory.
type keptColumns map[string]settings.Columns

func (k keptColumns) Arranged(cmdlet string) settings.Columns { return k[cmdlet] }

func (k keptColumns) Arrange(cmdlet string, change func(*settings.Columns)) {
	c := k[cmdlet]
	change(&c)
	k[cmdlet] = c
}

// bench is a tab on a desk, with a UI thread that the test drives.
type bench struct {
	*servers
	t        *testing.T
	desk     *desk.Desk
	queue    *desktest.Queue
	working  atomic.Int32 // workers that go on
	made     []*runs.Tab
	tenants  []endpoint.Tenant
	exported []runs.Extract
	columns  keptColumns
	door     endpoint.Door
	tabs     []*runs.Tab // open beside the one that is tried
	may      map[string]cmdlet.Cmdlet
	finished int
	marked   string // the tenant that the list says is read-only, beside what the tenants say
}

// ReadOnly is job.Marks'.
func (b *bench) ReadOnly(_ context.Context, t session.Target) (string, error) {
	if t.Tenant.Domain == b.marked {
		return b.marked, nil
	}
	return "", nil
}

func newBench(t *testing.T) *bench {
	t.Helper()
	f := test.NewTempApp(t)
	if err := lang.AddTranslationsFS(assets.Translations(), "translations"); err != nil {
		t.Fatal(err)
	}
	f.Settings().SetTheme(widgets.NewTheme(widgets.AlwaysLight))
	b := &bench{
		t: t, columns: keptColumns{}, queue: desktest.NewQueue(),
		servers: &servers{opened: map[session.ID]string{}, at: map[string]func(context.Context, session.Sink) error{}, failed: map[string]error{}},
		tenants: []endpoint.Tenant{
			{Name: "Alpenhof", Domain: "alpenhof.example", Color: "#aa3355", Tags: []string{"hotels"}},
			{Name: "Nordsee", Domain: "nordsee.example", Color: "#336699"},
			{Name: "Praxis", Domain: "praxis.example", Color: "#227744", Tags: []string{"hotels"}},
		},
	}
	w := f.NewWindow("test")
	b.desk = desk.New(f, w, b.queue.Post, func(do func()) {
		b.working.Add(1)
		go func() { // ends when do does
			defer b.working.Add(-1)
			do()
		}()
	})
	return b
}

// tab opens a tab for a cmdlet that has the parameters.
func (b *bench) tab(name string, parameters ...string) *runs.Tab {
	b.t.Helper()
	c := cmdlet.Cmdlet{Name: name}
	for _, p := range parameters {
		kind, typ := cmdlet.Text, "System.String"
		if p == "WhatIf" || p == "Confirm" {
			kind, typ = cmdlet.SwitchKind, "System.Management.Automation.SwitchParameter"
		}
		c.Parameters = append(c.Parameters, cmdlet.Parameter{Name: p, Type: typ, Kind: kind, Position: -1})
	}
	return b.tabOf(c)
}

// tabOf opens a tab for a cmdlet.
func (b *bench) tabOf(c cmdlet.Cmdlet) *runs.Tab {
	b.t.Helper()
	tab := runs.New(runs.Deps{
		Desk: b.desk, Manager: b.servers, Known: reference.New(),
		Window: runs.Window{
			Marks:   func(session.Target) job.Marks { return b },
			Traced:  func(t session.Target) session.Target { return t },
			Offers:  func([]session.Info, session.Info) []fyne.CanvasObject { return nil },
			Tenants: func() []endpoint.Tenant { return b.tenants },
			Export:  func(e runs.Extract) { b.exported = append(b.exported, e) },
			Columns: b.columns,
			Tabs:    func() []*runs.Tab { return b.tabs },
			May: func(name string) (cmdlet.Cmdlet, bool) {
				found, may := b.may[name]
				return found, may
			},
			Changed:  func() {},
			Advanced: func() {},
			Finished: func(*runs.Tab, int) { b.finished++ },
		},
	}, c, session.Target{
		Endpoint: endpoint.Endpoint{Name: "Contoso", URL: "https://mail.contoso.example/PowerShell/", Door: b.door},
		Account:  "ada@contoso.example", Tenant: b.tenants[0],
	})
	b.made = append(b.made, tab)
	b.desk.Window.SetContent(&fyne.Container{Layout: b.desk.Fill(), Objects: []fyne.CanvasObject{tab.Strip.Content, b.desk.Toasts}})
	b.desk.Window.Resize(fyne.NewSize(1100, 640))
	return tab
}

// until lets the UI thread work until something holds.
func (b *bench) until(what string, holds func() bool) {
	b.t.Helper()
	b.queue.Until(b.t, what, holds)
}

// run runs the tab to its end.
func (b *bench) run(tab *runs.Tab) {
	b.t.Helper()
	before := b.finished
	tab.Form().Run()
	b.until("the run", func() bool { return b.finished > before })
	b.settle()
}

// settle lets the UI thread do what is due: what is posted, and what workers
// will have posted when they end. Workers of runs that go on are not waited for.
func (b *bench) settle() {
	b.t.Helper()
	for some := true; some; some = b.queue.Drain() { // what is done may start more
		b.until("the workers", func() bool {
			going := 0
			for _, tab := range b.made {
				if tab.Running() {
					going++
				}
			}
			return int(b.working.Load()) <= going
		})
	}
}

// text is what a person can read.
func (b *bench) text() string { return desktest.Text(b.desk) }

// button finds the button whose text has the words.
func (b *bench) button(words string) *widgets.Button {
	b.t.Helper()
	var found *widgets.Button
	desktest.Walk(desktest.Front(b.desk), func(o fyne.CanvasObject) {
		if w, ok := o.(*widgets.Button); ok && found == nil && strings.Contains(w.Text, words) {
			found = w
		}
	})
	if found == nil {
		b.t.Fatalf("no button says %q; on the screen is:\n%s", words, b.text())
	}
	return found
}

// choose takes an item of the menu that is open.
func (b *bench) choose(label string) {
	b.t.Helper()
	var menu *widget.PopUpMenu
	desktest.Walk(desktest.Front(b.desk), func(o fyne.CanvasObject) {
		if m, ok := o.(*widget.PopUpMenu); ok {
			menu = m
		}
	})
	if menu == nil {
		b.t.Fatal("no menu is open")
	}
	for _, item := range menu.Items {
		found := false
		desktest.Walk(item, func(o fyne.CanvasObject) {
			if text, is := o.(*canvas.Text); is && text.Text == label {
				found = true
			}
		})
		if tappable, is := item.(fyne.Tappable); is && found {
			tappable.Tapped(&fyne.PointEvent{})
			return
		}
	}
	b.t.Fatalf("the menu has no %q", label)
}

// reads fails unless a person can read the words.
func (b *bench) reads(words ...string) {
	b.t.Helper()
	text := b.text()
	for _, w := range words {
		if !strings.Contains(text, w) {
			b.t.Errorf("%q is not on the screen:\n%s", w, text)
		}
	}
}

// rows gives rows of names.
func rows(names ...string) func(context.Context, session.Sink) error {
	return func(_ context.Context, sink session.Sink) error {
		for i, name := range names {
			sink.BeginRow()
			sink.Text([]byte("Name"), []byte(name))
			sink.Text([]byte("Hidden"), fmt.Append(nil, "smtp:", i))
			if err := sink.EndRow(); err != nil {
				return err
			}
		}
		return nil
	}
}

// nothing is a command that worked and gave nothing.
func nothing(context.Context, session.Sink) error { return nil }

func cells(tab *runs.Tab, name string) []string {
	v := tab.Shown()
	if v == nil {
		return nil
	}
	col, ok := v.Column(name)
	if !ok {
		return nil
	}
	n, _ := v.Size()
	var out []string
	for row := range n {
		out = append(out, v.Cell(row, col))
	}
	return out
}
