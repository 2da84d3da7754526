package access_test

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"postroom/session"
	"postroom/session/access"
	"postroom/session/cmdlet"
	"postroom/session/credential"
	"postroom/session/holder"
	"postroom/session/ledger"
	"postroom/session/proxy"
	"postroom/session/result"
	"postroom/session/signin"
)

// gate is a proxy that wants a user name and its password.
type gate struct {
	listener net.Listener
	want     string // of Proxy-Authorization
	wg       sync.WaitGroup

	mu      sync.Mutex
	opened  map[string]int // tunnels, by the host that they lead to
	refused int
}

func newGate(t *testing.T, user, password string) *gate {
	t.Helper()
	var lc net.ListenConfig
	listener, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{listener: listener, opened: map[string]int{}, want: "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))}
	g.wg.Go(func() { // ends with the listener
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			g.wg.Go(func() { g.serve(context.WithoutCancel(t.Context()), c) })
		}
	})
	t.Cleanup(func() { _ = listener.Close(); g.wg.Wait() })
	return g
}

func (g *gate) serve(ctx context.Context, c net.Conn) {
	defer func() { _ = c.Close() }()
	in := bufio.NewReader(c)
	for {
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		if r.Header.Get("Proxy-Authorization") == g.want {
			g.tunnel(ctx, c, in, r.Host)
			return
		}
		g.mu.Lock()
		g.refused++
		g.mu.Unlock()
		_, _ = io.WriteString(c, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n")
	}
}

func (g *gate) tunnel(ctx context.Context, c net.Conn, in io.Reader, host string) {
	var d net.Dialer
	to, err := d.DialContext(ctx, "tcp", host)
	if err != nil {
		return
	}
	defer func() { _ = to.Close() }()
	g.mu.Lock()
	g.opened[host]++
	g.mu.Unlock()
	_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
	var both sync.WaitGroup
	both.Go(func() { _, _ = io.Copy(to, in); _ = to.Close() })
	_, _ = io.Copy(c, to)
	_ = c.Close()
	both.Wait()
}

// to counts the tunnels to the host of an address.
func (g *gate) to(address string) int {
	host, _, _ := strings.Cut(strings.TrimPrefix(address, "https://"), "/")
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.opened[host]
}

// rowsOnly is a sink that keeps rows.
type rowsOnly struct{ *result.Builder }

func (rowsOnly) Message(session.Message) {}

func (rowsOnly) Ask(context.Context, session.Prompt) (session.Answer, error) {
	return session.Answer{}, session.ErrNoAnswer
}

// A proxy whose address names a user is signed in to by the same rules wherever something
// goes out: the look-up of a tenant, the sign-in, Graph, and both doors. The person is asked
// once, and again when the proxy did not take what they typed.
func TestTheProxysUserOfEveryWayOut(t *testing.T) {
	const user, right = "ada", "right & proper"
	g := newGate(t, user, right)
	b := newBench(t)
	setting := proxy.Setting("http://" + user + "@" + g.listener.Addr().String())
	var asked []bool
	answers := []string{"wrong", right}
	b.Passwords.AskAtProxies(func(_ context.Context, at holder.Holder, again bool) (signin.Typed, error) {
		if at.Account() != user || at.Server() != g.listener.Addr().String() {
			t.Errorf("asked for %s", at)
		}
		asked = append(asked, again)
		return signin.Typed{Secret: credential.NewSecret(answers[min(len(asked), len(answers))-1]), Keep: credential.KeepThisTime}, nil
	})
	to := b.target("modern", b.demo.Server.Tenants()[1].Domain)
	to.Endpoint.Proxy = setting
	// The look-up is the first to go out, with the wrong password.
	_, err := b.Get(t.Context(), to, credential.Secret{}, b)
	if refused, is := errors.AsType[*proxy.Error](err); !is || refused.Status != http.StatusProxyAuthRequired || len(asked) != 1 {
		t.Fatalf("with the wrong password: %v, asked %v", err, asked)
	}
	got, err := b.Get(t.Context(), to, credential.Secret{}, b)
	if err != nil || got.Tenant.ID == "" || len(asked) != 2 || asked[0] || !asked[1] {
		t.Fatalf("with the right one: %v, asked %v", err, asked)
	}
	if g.to(b.demo.Server.AuthorityURL()) == 0 {
		t.Error("the sign-in did not go through the proxy")
	}
	own := b.target("modern", "")
	own.Tenant, own.Account, own.Endpoint.Proxy = got.Tenant, got.Account, setting
	if _, err := b.Customers(t.Context(), own, credential.Secret{}, b, func(time.Time) {}); err != nil {
		t.Errorf("Graph: %v", err)
	}
	book, err := ledger.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	manager := session.NewManager(session.Options{Doors: b.Doors, Ledger: book})
	t.Cleanup(func() {
		if err := manager.CloseAll(context.Background()); err != nil {
			t.Error(err)
		}
	})
	reads := func(target session.Target) {
		t.Helper()
		id, err := manager.Open(t.Context(), target)
		if err != nil {
			t.Fatal(err)
		}
		rows := result.NewTable(result.Provenance{})
		err = manager.Run(t.Context(), id, cmdlet.Invocation{Cmdlet: "Get-AcceptedDomain"}, rowsOnly{rows.Builder()})
		if n, _ := rows.Snapshot().Size(); err != nil || n == 0 {
			t.Errorf("%s: %d rows, %v", target.Endpoint.Name, n, err)
		}
		if _, err := b.Check(t.Context(), target, access.Checking{Manager: manager, Step: func(session.Step) {}}); err != nil {
			t.Errorf("the check of %s: %v", target.Endpoint.Name, err)
		}
	}
	reads(got)
	vaulted := session.Target{Endpoint: b.demo.Endpoint, Account: b.demo.Server.Account(), RootCAs: b.demo.Server.RootCAs()}
	vaulted.Endpoint.Proxy = setting
	if _, err := b.Passwords.Try(vaulted.Account, vaulted.Endpoint.URL, credential.NewSecret(b.demo.Server.Password())); err != nil {
		t.Fatal(err)
	}
	reads(vaulted)
	if n := g.to(b.demo.Server.RESTURL()); n == 0 {
		t.Error("the REST door did not go through the proxy")
	}
	if len(asked) != 2 {
		t.Errorf("asked %d times", len(asked))
	}
}
