package simulator_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"postroom/session/clixml"
	"postroom/session/cmdlet"
	"postroom/session/credential"
	"postroom/session/proxy"
	"postroom/session/psrp"
	"postroom/session/simulator"
	"postroom/session/wsman"
)

// client is a tiny client: one request at a time.
type client struct {
	t     testing.TB
	ctx   context.Context
	ws    *wsman.Client
	shell *wsman.Shell
	pool  *psrp.Pool
	// answer answers host calls that need it.
	answer func(c psrp.HostCall) clixml.Value
	// begun are the pipelines whose Command was sent.
	begun map[psrp.GUID]bool
}

type dial struct {
	tenant, user, password, path string
	nullHost                     bool
	timeout                      time.Duration
	idle                         time.Duration
	allow                        func(ctx context.Context, from, to *url.URL) error
	ctx                          context.Context
	shell                        *string // set to the id
}

func start(t testing.TB, o simulator.Options) *simulator.Server {
	t.Helper()
	s, err := simulator.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func newClient(t testing.TB, s *simulator.Server, d dial) *wsman.Client {
	t.Helper()
	if d.user == "" {
		d.user = s.Account()
	}
	if d.password == "" {
		d.password = s.Password()
	}
	address := s.URL()
	if d.path != "" {
		address = strings.Replace(address, "/powershell-liveid/", d.path, 1)
	}
	if d.tenant != "" {
		address += "?DelegatedOrg=" + url.QueryEscape(d.tenant)
	}
	if d.timeout == 0 {
		d.timeout = 20 * time.Second
	}
	ws, err := wsman.New(wsman.Config{
		URL: address, Configuration: "Microsoft.Exchange", Auth: wsman.Basic, Credential: credential.Credential{User: d.user, Secret: credential.NewSecret(d.password)},
		RootCAs: s.RootCAs(), Proxy: proxy.Direct, OperationTimeout: d.timeout, AllowRedirect: d.allow,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(ws.Close)
	return ws
}

func newGUID() clixml.GUID {
	var g clixml.GUID
	_, _ = rand.Read(g[:])
	return g
}

// open opens a session; the error is that of Create.
func open(t testing.TB, s *simulator.Server, d dial) (*client, error) {
	t.Helper()
	c := &client{t: t, ctx: d.ctx, ws: newClient(t, s, d), begun: map[psrp.GUID]bool{}}
	if c.ctx == nil {
		c.ctx = t.Context()
	}
	var err error
	if c.pool, err = psrp.NewPool(psrp.PoolOptions{ID: newGUID(), Host: psrp.HostInfo{Present: !d.nullHost}}); err != nil {
		t.Fatal(err)
	}
	if err := c.pool.Open(); err != nil {
		t.Fatal(err)
	}
	if d.shell != nil {
		*d.shell = strings.ToUpper(c.pool.ID().String())
	}
	first, _ := c.pool.Outgoing(c.ws.OpenLimit())
	c.shell, err = c.ws.Create(c.ctx, wsman.CreateOptions{ShellID: strings.ToUpper(c.pool.ID().String()), Open: first.Data, IdleTimeout: d.idle})
	if err != nil {
		return nil, err
	}
	if err := c.send(); err != nil {
		return nil, err
	}
	for c.pool.State() != psrp.PoolOpened {
		if _, err := c.fetch(psrp.GUID{}); err != nil {
			return c, err
		}
		if c.pool.State() == psrp.PoolBroken {
			return c, errBroken
		}
	}
	return c, nil
}

var errBroken = errors.New("the pool broke")

// mustOpen opens a session and deletes it at the end of the test.
func mustOpen(t testing.TB, s *simulator.Server, d dial) *client {
	t.Helper()
	c, err := open(t, s, d)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *client) close() {
	c.t.Helper()
	if err := c.shell.Delete(context.WithoutCancel(c.ctx)); err != nil {
		c.t.Errorf("delete: %v", err)
	}
}

// send sends what the pool has to send.
func (c *client) send() error {
	for {
		p, ok := c.pool.Outgoing(c.shell.DataLimit() / 2)
		if !ok {
			return nil
		}
		id := ""
		if p.Pipeline != (psrp.GUID{}) {
			id = strings.ToUpper(p.Pipeline.String())
		}
		var err error
		if p.Opens {
			err = c.shell.Command(c.ctx, id, p.Data)
			c.begun[p.Pipeline] = true
		} else {
			err = c.shell.Send(c.ctx, id, p.Stream, p.Data)
		}
		if err != nil {
			return err
		}
	}
}

// fetch makes one Receive and gives its events.
func (c *client) fetch(id psrp.GUID) ([]psrp.Event, error) {
	stream := ""
	if id != (psrp.GUID{}) {
		stream = strings.ToUpper(id.String())
	}
	got, err := c.shell.Receive(c.ctx, stream)
	if err != nil {
		return nil, err
	}
	// not released: events may borrow
	events, err := c.pool.Receive(id, got.Data)
	if err != nil {
		return events, err
	}
	for _, e := range events {
		if call, ok := e.(psrp.HostCall); ok && call.NeedsAnswer() && c.answer != nil {
			if err := c.pool.Answer(call, c.answer(call)); err != nil {
				return events, err
			}
		}
	}
	return events, c.send()
}

// result is what a pipeline gave.
type result struct {
	rows     [][]cell
	types    []string
	payloads []string
	errors   []*psrp.RemoteError
	warnings []string
	verbose  []string
	lines    []string // WriteLine
	prompts  []psrp.HostCall
	progress []psrp.Progress
	metadata []cmdlet.Cmdlet
	state    psrp.PipelineState
	err      *psrp.RemoteError
	gap      bool
}

type cell struct{ name, text string }

func (r result) get(t testing.TB, row int, name string) string {
	t.Helper()
	if row >= len(r.rows) {
		t.Fatalf("there are %d rows, and not %d", len(r.rows), row+1)
	}
	for _, c := range r.rows[row] {
		if c.name == name {
			return c.text
		}
	}
	t.Fatalf("row %d has no %s", row, name)
	return ""
}

// values are those of a column, in all rows.
func (r result) values(t testing.TB, name string) []string {
	t.Helper()
	var all []string
	for i := range r.rows {
		all = append(all, r.get(t, i, name))
	}
	return all
}

func (r *result) take(events []psrp.Event) error {
	var s clixml.RowScanner
	for _, e := range events {
		switch e := e.(type) {
		case psrp.Output:
			if err := s.Scan(e.Payload); err != nil {
				return fmt.Errorf("%w in %s", err, e.Payload)
			}
			var row []cell
			for _, c := range s.Cells() {
				text := string(c.Text)
				if c.Items != nil {
					var parts []string
					for _, item := range c.Items {
						parts = append(parts, string(item))
					}
					text = strings.Join(parts, "|")
				}
				row = append(row, cell{string(c.Name), text})
			}
			r.rows, r.types, r.payloads = append(r.rows, row), append(r.types, string(s.TypeName())), append(r.payloads, string(e.Payload))
		case psrp.ErrorRecord:
			r.errors = append(r.errors, e.Err)
		case psrp.Record:
			if e.Stream == psrp.Warning {
				r.warnings = append(r.warnings, e.Text)
			} else {
				r.verbose = append(r.verbose, e.Text)
			}
		case psrp.Progress:
			r.progress = append(r.progress, e)
		case psrp.Metadata:
			r.metadata = append(r.metadata, e.Command)
		case psrp.Gap:
			r.gap = true
		case psrp.HostCall:
			if e.NeedsAnswer() {
				r.prompts = append(r.prompts, e)
			} else if e.Method == psrp.HostWriteLine2 {
				text, _ := e.Params[0].(string)
				r.lines = append(r.lines, text)
			}
		case psrp.PipelineStateChanged:
			r.state, r.err = e.State, e.Err
		}
	}
	return nil
}

// begin starts a pipeline.
func (c *client) begin(cmds ...cmdlet.Invocation) (psrp.GUID, error) {
	id := newGUID()
	if err := c.pool.Start(id, psrp.PipelineOptions{}, cmds...); err != nil {
		return id, err
	}
	err := c.send()
	for err == nil && !c.begun[id] { // a secret waits for the exchange of keys
		_, err = c.fetch(psrp.GUID{})
	}
	return id, err
}

// finish fetches until the pipeline has ended, and ends the command.
func (c *client) finish(id psrp.GUID) (result, error) {
	var r result
	for !r.state.Final() {
		events, err := c.fetch(id)
		if takeErr := r.take(events); takeErr != nil {
			return r, takeErr
		}
		if err != nil {
			return r, err
		}
	}
	err := c.shell.Signal(c.ctx, strings.ToUpper(id.String()), wsman.SignalTerminate)
	c.pool.Forget(id)
	return r, err
}

// askMetadata asks for what cmdlets take, and gives the pipeline that is to be read.
func (c *client) askMetadata(t *testing.T, names ...string) psrp.GUID {
	t.Helper()
	id := newGUID()
	if err := c.pool.GetMetadata(id, names); err != nil {
		t.Fatal(err)
	}
	if err := c.send(); err != nil {
		t.Fatal(err)
	}
	return id
}

// describe asks for what cmdlets take, and reads it.
func (c *client) describe(t *testing.T, names ...string) result {
	t.Helper()
	r, err := c.finish(c.askMetadata(t, names...))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (c *client) try(cmds ...cmdlet.Invocation) (result, error) {
	id, err := c.begin(cmds...)
	if err != nil {
		return result{}, err
	}
	return c.finish(id)
}

// run runs commands that must reach their end.
func (c *client) run(cmds ...cmdlet.Invocation) result {
	c.t.Helper()
	r, err := c.try(cmds...)
	if err != nil {
		c.t.Fatalf("%s: %v", cmds[0].PowerShell(), err)
	}
	return r
}

// call writes an invocation: name, value, name, value ...; a name of "" is positional.
func call(name string, args ...any) cmdlet.Invocation {
	i := cmdlet.Invocation{Cmdlet: name}
	for n := 0; n+1 < len(args); n += 2 {
		parameter, _ := args[n].(string)
		i.Args = append(i.Args, cmdlet.Arg{Name: parameter, Value: args[n+1]})
	}
	return i
}

var on = cmdlet.Switch(true)
