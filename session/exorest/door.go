package exorest

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"sync"
	"time"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/credential"
	"postroom/session/proxy"
)

// Options are what a Door is made of.
type Options struct {
	// Tokens gives access tokens. It must be set.
	Tokens session.Tokens
	// FindTenant gives the GUID of a target's tenant that is not known yet; nil
	// finds none.
	FindTenant func(context.Context, session.Target) (string, error)
	// ProxyPassword gives the password of a user at a proxy (host:port) whose
	// address has a name only; nil knows none.
	ProxyPassword func(ctx context.Context, user, proxy string) (credential.Secret, error)
	// Program is the name and version that this program calls itself by, such as
	// "Postroom/1.2"; "" is "Postroom".
	Program string
	// Pause is the first pause before a read is tried again; 0 means 2 s. Each
	// further one is twice as long.
	Pause time.Duration
}

// Door opens connections to Exchange Online's REST interface. It may be used from
// any goroutine.
type Door struct {
	options Options

	mu      sync.Mutex
	paces   map[string]*pace
	modules map[string]keptModule
}

// keptModule is a module file that was read, good for moduleLife.
type keptModule struct {
	*module
	read time.Time
}

// moduleLife is how long a module file is used: roles change rarely, and the
// service keeps at least one version of the key back.
const moduleLife = 30 * time.Minute

// NewDoor makes a door.
func NewDoor(o Options) *Door {
	o.Program = cmp.Or(o.Program, "Postroom")
	o.Pause = cmp.Or(o.Pause, 2*time.Second)
	return &Door{options: o, paces: map[string]*pace{}, modules: map[string]keptModule{}}
}

// Dial gets a token of the target's tenant and looks whether it is one. Nothing
// is opened on the server; nothing can be left there.
func (d *Door) Dial(ctx context.Context, t session.Target, o session.DialOptions) (session.Conn, error) {
	c, err := d.conn(ctx, t, o)
	if err != nil {
		return nil, fmt.Errorf("connect %s: %w", t.Endpoint.URL, err)
	}
	if _, err := c.token(ctx, "", false); err != nil {
		c.forget()
		return nil, fmt.Errorf("connect %s: %w", t.Endpoint.URL, err)
	}
	if err := c.news(); err != nil {
		c.forget()
		return nil, err
	}
	return c, nil
}

// conn makes a connection to where nothing was sent yet.
func (d *Door) conn(ctx context.Context, t session.Target, o session.DialOptions) (*conn, error) {
	tenant, err := d.tenantOf(ctx, t)
	if err != nil {
		return nil, err
	}
	at, err := placeOf(t, tenant)
	if err != nil {
		return nil, err
	}
	roots, err := t.Endpoint.Roots(t.RootCAs)
	if err != nil {
		return nil, err
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, fmt.Errorf("cookies: %w", err)
	}
	way := &proxy.Dialer{Setting: t.Endpoint.Proxy, Scheme: at.base.Scheme, RootCAs: roots, Password: d.options.ProxyPassword}
	transport := &http.Transport{
		DialContext: way.DialContext, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout: handshakeTime, MaxIdleConns: 2 * mostPace, MaxIdleConnsPerHost: mostPace, IdleConnTimeout: idleTime,
		// HTTP/2 may send a request again by itself: a change must not be.
		TLSNextProto: map[string]func(string, *tls.Conn) http.RoundTripper{}, DisableCompression: true,
	}
	c := &conn{
		door: d, target: t, at: at, options: o, id: newID(), host: at.base.Host, way: way, transport: transport,
		http: &http.Client{Transport: transport, Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		pace: d.paceOf(at), ended: make(chan struct{}),
	}
	if c.options.Standing == nil {
		c.options.Standing = func(session.Standing) {}
	}
	return c, nil
}

const (
	handshakeTime = 30 * time.Second
	// idleTime is less than the 120 s after which IIS ends a connection.
	idleTime = 90 * time.Second
)

// paceOf is the pace of a tenant at a service.
func (d *Door) paceOf(at place) *pace {
	d.mu.Lock()
	defer d.mu.Unlock()
	key := strings.ToLower(at.base.Host) + " " + at.tenant
	if d.paces[key] == nil {
		d.paces[key] = newPace()
	}
	return d.paces[key]
}

// conn is a connection to one tenant: what its requests have in common. It is a
// session.EachRunner and a session.Keyed.
type conn struct {
	door      *Door
	target    session.Target
	at        place
	options   session.DialOptions
	id        string // of the connection, in every request
	way       *proxy.Dialer
	transport *http.Transport
	http      *http.Client
	pace      *pace
	ended     chan struct{} // never closed: there is nothing that could break off

	mu      sync.Mutex
	host    string // of the region, once it is known
	stands  session.Standing
	account string // of the token
}

// Ended is never closed.
func (c *conn) Ended() <-chan struct{} { return c.ended }

// Err is nil: between two requests there is nothing that could break off.
func (*conn) Err() error { return nil }

// Close drops what is idle. Nothing is left on the server, as nothing was there.
func (c *conn) Close(context.Context) error {
	c.forget()
	return nil
}

func (c *conn) forget() { c.transport.CloseIdleConnections() }

// news tells where the requests go, and what the connection depends on.
func (c *conn) news() error {
	c.mu.Lock()
	host, stands := c.host, c.stands
	c.mu.Unlock()
	c.options.Standing(stands)
	if c.options.Intend == nil {
		return nil
	}
	return c.options.Intend(c.at.base.Scheme+"://"+host, nil)
}

// stand changes what the connection depends on and tells it.
func (c *conn) stand(change func(*session.Standing)) {
	c.mu.Lock()
	change(&c.stands)
	now := c.stands
	c.mu.Unlock()
	c.options.Standing(now)
}

// Commands gives what the role may run.
func (c *conn) Commands(ctx context.Context) ([]cmdlet.Cmdlet, error) {
	m, err := c.fetchModule(ctx)
	if err != nil {
		return nil, fmt.Errorf("ask for cmdlets: %w", err)
	}
	list := m.list()
	session.CommandsCame(ctx, len(list), len(list))
	return list, nil
}

// CommandsKey is the print of the module file, once it was read.
func (c *conn) CommandsKey() string {
	if m, ok := c.door.keptModule(c.moduleKey()); ok {
		return m.print
	}
	return ""
}

// moduleKey tells module files apart: roles differ by account and tenant.
func (c *conn) moduleKey() string {
	return strings.Join([]string{c.target.Holder().String(), c.at.base.Host, c.at.tenant}, "\n")
}

func (d *Door) keptModule(key string) (*module, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	k, ok := d.modules[key]
	if !ok || time.Since(k.read) > moduleLife {
		return nil, false
	}
	return k.module, true
}

// module gives the module file, from memory while it is fresh.
func (c *conn) module(ctx context.Context) (*module, error) {
	if m, ok := c.door.keptModule(c.moduleKey()); ok {
		return m, nil
	}
	return c.fetchModule(ctx)
}

// moduleVersion is the version of Microsoft's module whose file is asked for.
const moduleVersion = "3.9.2"

// fetchModule asks the service for the module file.
func (c *conn) fetchModule(ctx context.Context) (*module, error) {
	var m *module
	q := &request{
		op: "EXOModuleFile", method: http.MethodGet, path: modulePath, resource: "EXOModuleFile", query: "Version=" + moduleVersion,
		timeout: standardTime, reads: true, id: newID(),
		header: http.Header{"CommandName": {"*"}, "X-InitializeConnectionContextObjectIdDynamic": {"true"}},
	}
	err := c.ask(ctx, q, func(a *reply) (err error) {
		m, err = readModule(a.body)
		return err
	})
	if err != nil {
		return nil, err
	}
	c.door.mu.Lock()
	c.door.modules[c.moduleKey()] = keptModule{m, time.Now()}
	c.door.mu.Unlock()
	return m, nil
}

// newID is a random GUID (RFC 9562, version 4).
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
