package exorest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/exorest"
	"postroom/session/ledger"
	"postroom/session/proxy"
	"postroom/session/reference"
	"postroom/session/simulator"
)

// authority gets tokens of the simulator's authority, by password, and keeps them.
type authority struct {
	server *simulator.Server

	mu   sync.Mutex
	held map[string]session.Token
}

func (a *authority) Token(ctx context.Context, t session.Target, r session.TokenRequest) (session.Token, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if t, ok := a.held[r.Tenant]; ok && !r.Fresh {
		return t, nil
	}
	form := url.Values{
		"client_id": {a.server.ClientID()}, "grant_type": {"password"}, "username": {t.Account}, "password": {a.server.Password()}, "scope": {r.Scope},
	}
	at := strings.Replace(a.server.AuthorityURL(), "organizations", r.Tenant, 1) + "/oauth2/v2.0/token"
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, at, strings.NewReader(form.Encode()))
	if err != nil {
		return session.Token{}, err
	}
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	tr := proxy.NewTransportBy(&proxy.Dialer{Setting: "direct", RootCAs: a.server.RootCAs()})
	defer tr.CloseIdleConnections()
	got, err := (&http.Client{Transport: tr}).Do(q)
	if err != nil {
		return session.Token{}, err
	}
	defer func() { _ = got.Body.Close() }()
	var in struct {
		Token   string `json:"access_token"`
		Error   string `json:"error_description"`
		Seconds int    `json:"expires_in"`
	}
	if err := json.NewDecoder(got.Body).Decode(&in); err != nil || in.Token == "" {
		return session.Token{}, &session.NeedsSignInError{Account: t.Account, Tenant: r.Tenant, Err: errors.Join(err, errors.New(in.Error))}
	}
	token := session.Token{Secret: credential.NewSecret(in.Token), Tenant: r.Tenant, Account: t.Account, Expires: time.Now().Add(time.Duration(in.Seconds) * time.Second)}
	a.held[r.Tenant] = token
	return token, nil
}

var epoch = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func startSimulator(t *testing.T, o simulator.Options) *simulator.Server {
	t.Helper()
	o.REST, o.Epoch = true, epoch
	o.Dir = t.TempDir()
	s, err := simulator.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func doorTo(s *simulator.Server) *exorest.Door {
	return exorest.NewDoor(exorest.Options{
		Tokens: &authority{server: s, held: map[string]session.Token{}}, Pause: time.Millisecond, Kinds: reference.New(),
		FindTenant: func(_ context.Context, t session.Target) (string, error) {
			for _, one := range s.Tenants() {
				if strings.EqualFold(one.Domain, t.Tenant.Domain) {
					return one.ID, nil
				}
			}
			return "", fmt.Errorf("no tenant %s", t.Tenant.Domain)
		},
	})
}

func restTarget(s *simulator.Server, domain string) session.Target {
	t := session.Target{
		Endpoint: endpoint.Endpoint{
			ID: "sim", Name: "Simulator", URL: s.RESTURL(), Kind: endpoint.KindOwn, Door: endpoint.REST, Configuration: "Microsoft.Exchange",
			Auth: []string{endpoint.AuthModern}, Proxy: "direct", RedirectHosts: []string{"127.0.0.1", "localhost"},
			Modern: endpoint.Modern{Authority: strings.TrimSuffix(s.AuthorityURL(), "/organizations"), ClientID: s.ClientID()},
		},
		Account: s.Account(), RootCAs: s.RootCAs(),
	}
	for _, one := range s.Tenants() {
		if one.Domain == domain {
			t.Tenant = endpoint.Tenant{Name: domain, Domain: domain, ID: one.ID}
		}
	}
	return t
}

func openREST(t *testing.T, s *simulator.Server, domain string) (*session.Manager, session.ID) {
	t.Helper()
	book, err := ledger.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	m := session.NewManager(session.Options{Doors: session.Doors{endpoint.REST: doorTo(s)}, Ledger: book})
	id, err := m.Open(t.Context(), restTarget(s, domain))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.CloseAll(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return m, id
}

func call(name string, args ...any) cmdlet.Invocation {
	i := cmdlet.Invocation{Cmdlet: name}
	for n := 0; n < len(args); n += 2 {
		name, _ := args[n].(string)
		i.Args = append(i.Args, cmdlet.Arg{Name: name, Value: args[n+1]})
	}
	return i
}

// Numbers of rows are what was asked for, with the warning that there are more.
func TestResultSizeIsOurs(t *testing.T) {
	s := startSimulator(t, simulator.Options{Rows: 2500})
	m, id := openREST(t, s, "soleil.example")
	for _, c := range []struct {
		size any
		rows int
		more bool
	}{{int64(10), 10, true}, {int64(1500), 1500, true}, {"Unlimited", 2500, false}, {nil, 1000, true}, {int64(2500), 2500, false}} {
		i := call("Get-Mailbox")
		if c.size != nil {
			i = call("Get-Mailbox", "ResultSize", c.size)
		}
		h := newHeard()
		// Two columns: a mailbox has a hundred, and here rows are counted.
		if err := m.Run(t.Context(), id, session.Narrowed{Command: i, Columns: []string{"Guid", "Alias"}}, h); err != nil {
			t.Fatal(err)
		}
		more := false
		for _, w := range h.texts(session.MessageWarning) {
			more = more || strings.HasPrefix(w, "There are more results available") || strings.HasPrefix(w, "By default, only the first 1000 items")
		}
		if h.rows() != c.rows || more != c.more {
			t.Errorf("ResultSize %v: %d rows, want %d; more %v, want %v", c.size, h.rows(), c.rows, more, c.more)
		}
	}
}

// A pipeline gives what it gives through the other door.
func TestPipelinesRunHere(t *testing.T) {
	s := startSimulator(t, simulator.Options{Rows: 60})
	m, id := openREST(t, s, "soleil.example")
	for name, c := range map[string]struct {
		p       cmdlet.Pipeline
		rows    int
		columns string
	}{
		"statistics": {cmdlet.Pipeline{call("Get-Mailbox", "ResultSize", "Unlimited"), call("Get-MailboxStatistics"), call("Select-Object", "Property", []string{"DisplayName", "ItemCount"})}, 60, "DisplayName ItemCount"},
		"first":      {cmdlet.Pipeline{call("Get-Mailbox", "ResultSize", "Unlimited"), call("Select-Object", "First", int64(7))}, 7, ""},
		"count":      {cmdlet.Pipeline{call("Get-Mailbox", "ResultSize", "Unlimited"), call("Measure-Object")}, 1, "Count Average Sum Maximum Minimum Property"},
		"selected":   {cmdlet.Pipeline{call("Get-Mailbox", "ResultSize", "Unlimited"), call("Select-Object", "Property", []string{"DisplayName", "Bogus"}, "First", int64(3)), call("Measure-Object")}, 1, ""},
	} {
		h := newHeard()
		if err := m.Run(t.Context(), id, c.p, h); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if h.rows() != c.rows || c.columns != "" && strings.Join(h.table.Snapshot().Headers(), " ") != c.columns {
			t.Errorf("%s: %d rows of %v", name, h.rows(), h.table.Snapshot().Headers())
		}
	}
	if n := s.Stats().RequestsByKind["Batch"]; n == 0 || n > 12 {
		t.Errorf("%d batches for 60 mailboxes", n)
	}
}

// A row of which the next cmdlet can take nothing is an error, as PowerShell has it:
// without the row the cmdlet would be about every object, and a change is worse.
func TestARowThatFitsNoParameterSendsNothing(t *testing.T) {
	s := startSimulator(t, simulator.Options{Rows: 20})
	m, id := openREST(t, s, "soleil.example")
	for name, last := range map[string]cmdlet.Invocation{
		"reads":   call("Get-Mailbox"),
		"changes": call("Set-Mailbox", "CustomAttribute1", "x"),
	} {
		h := newHeard()
		err := m.Run(t.Context(), id, cmdlet.Pipeline{call("Get-AcceptedDomain"), call("Measure-Object"), last}, h)
		if told := h.texts(session.MessageError); err != nil || h.rows() != 0 || len(told) != 1 || !strings.Contains(told[0], "cannot be bound") {
			t.Errorf("%s: %d rows, told %q, %v", name, h.rows(), told, err)
		}
	}
	if now := s.Stats(); now.CommandsByName["Get-Mailbox"] != 0 || len(now.ChangesByCall) != 0 {
		t.Errorf("sent: %v, %v", now.CommandsByName, now.ChangesByCall)
	}
}

// What the tray needs is there, and a change is asked about and sent once.
func TestStandingAndChanges(t *testing.T) {
	s := startSimulator(t, simulator.Options{Rows: 20})
	m, id := openREST(t, s, "soleil.example")
	h := newHeard()
	if err := m.Run(t.Context(), id, call("Set-Mailbox", "Identity", "nobody-at-all"), h); err == nil {
		t.Error("a mailbox that is not there was changed")
	}
	var reported session.CmdletError
	err := m.Run(t.Context(), id, call("Remove-TransportRule", "Identity", "no such rule"), h)
	if !errors.As(err, &reported) {
		t.Errorf("Remove-TransportRule = %v", err)
	}
	i := m.Sessions()[0]
	if i.Door != endpoint.REST || i.TenantID == "" || i.TokenUntil.IsZero() || i.Rate.Limit != 30000 || i.Rate.Remaining == 0 || i.Server == "" || i.Limit != 0 {
		t.Errorf("%+v", i)
	}
	list, err := m.Commands(t.Context(), id)
	if err != nil || len(list) < 100 || m.CommandsKey(id) == "" {
		t.Errorf("%d cmdlets, key %q, %v", len(list), m.CommandsKey(id), err)
	}
}
