package exorest

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/endpoint"
	"postroom/session/holder"
	"postroom/session/proxy"
)

// Options are what a Door is made of.
type Options struct {
	// Tokens gives access tokens. It must be set.
	Tokens session.Tokens
	// FindTenant gives the GUID of a target's tenant that is not known yet; nil
	// finds none.
	FindTenant func(context.Context, session.Target) (string, error)
	// Proxies are the passwords of users at proxies; nil knows none.
	Proxies *proxy.Passwords
	// Kinds tells which names of parameters are full ones without asking the service;
	// nil takes every name for one.
	Kinds cmdlet.Kinds
	// Expected knows the values of parameters, so that a run can warn of one that the
	// service takes without a word; nil warns of none.
	Expected Expected
	// Program is the name and version that this program calls itself by, such as
	// "Postroom/1.2"; "" is "Postroom".
	Program string
	// Pause is the first pause before a read is tried again; 0 means 2 s. Each
	// further one is twice as long.
	Pause time.Duration
	// MostAnswer is how long an answer may be, in bytes and with gzip undone; 0 means 512
	// MB. A batch may be half as long, as its pages are held until their turn comes, and a
	// module file an eighth.
	MostAnswer int64
}

// Door opens connections to Exchange Online's REST interface. It may be used from
// any goroutine.
type Door struct {
	options Options

	mu      sync.Mutex
	paces   map[string]*pace
	modules map[string]keptModule
	open    map[*conn]bool
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
	o.MostAnswer = cmp.Or(o.MostAnswer, mostAnswer)
	return &Door{options: o, paces: map[string]*pace{}, modules: map[string]keptModule{}, open: map[*conn]bool{}}
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
	d.mu.Lock()
	d.open[c] = true
	d.mu.Unlock()
	return c, nil
}

// renewTime bounds the question for a token that nobody waits for.
const renewTime = time.Minute

// SignInsChanged lets the open connections of an account find out anew whether a token can
// be had, after the person has signed in or out: those that wait for a sign-in would not
// know before their next request. "" is every account. It returns at once; ctx gives
// values, and its end changes nothing.
func (d *Door) SignInsChanged(ctx context.Context, account string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for c := range d.open {
		if c.target.Method() == endpoint.AuthApp || account != "" && !holder.SameAccount(c.target.Account, account) {
			continue
		}
		go func() { // ends with the answer, at the latest after renewTime
			defer c.guard()
			asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), renewTime)
			defer cancel()
			_, _ = c.token(asking, "", false) // how it stands is told; what went wrong, the next request says
		}()
	}
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
	way := &proxy.Dialer{Setting: t.Endpoint.Proxy, Scheme: at.base.Scheme, RootCAs: roots, Password: d.options.Proxies.Password}
	transport := &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			ctx, cancel := context.WithTimeout(ctx, handshakeTime)
			defer cancel()
			return way.DialContext(ctx, network, address)
		},
		TLSClientConfig:     &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
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
	// handshakeTime is for each of reaching the host and its TLS: both are less than the half
	// minute in which a person is told that nobody answers.
	handshakeTime = 14 * time.Second
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
// session.EachRunner and a session.Keyed. It has many methods and fields, as each request
// of each kind (a cmdlet, a page, a batch, the module's file) shares its host, its token,
// its pace and its way; a file each.
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
	prepared  atomic.Bool   // the proxy's user has a password, as far as there is one
	answered  atomic.Bool   // somebody has answered once
	served    atomic.Bool   // it was the service, with success

	mu      sync.Mutex
	host    string // of the region, once it is known
	stands  session.Standing
	account string // of the token
	home    string // the GUID of the account's own tenant; "" while it is not known
}

// Ended is never closed.
func (c *conn) Ended() <-chan struct{} { return c.ended }

// Err is nil: between two requests there is nothing that could break off.
func (*conn) Err() error { return nil }

// Close drops what is idle. Nothing is left on the server, as nothing was there.
func (c *conn) Close(context.Context) error {
	c.door.mu.Lock()
	delete(c.door.open, c)
	c.door.mu.Unlock()
	c.forget()
	return nil
}

// prepare gets what the proxy on the way asks for, before anything is sent: a person who
// is asked takes time. It is done once, and again when the proxy has refused it.
func (c *conn) prepare(ctx context.Context) error {
	if c.prepared.Load() {
		return nil
	}
	if err := c.door.options.Proxies.Prepare(ctx, c.target.Endpoint.Proxy, c.at.base); err != nil {
		return err
	}
	c.prepared.Store(true)
	return nil
}

// heedProxy notes that the proxy refused the password, where that is what went wrong.
func (c *conn) heedProxy(ctx context.Context, err error) error {
	refused, err := c.door.options.Proxies.Heed(ctx, err)
	if refused {
		c.prepared.Store(false)
	}
	return err
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

// fetchModule asks the service for the module file.
func (c *conn) fetchModule(ctx context.Context) (*module, error) {
	var m *module
	q := &request{
		op: "EXOModuleFile", method: http.MethodGet, path: c.at.module, resource: "EXOModuleFile", query: "Version=" + c.at.version,
		timeout: standardTime, reads: true, id: newID(), most: c.door.options.MostAnswer / 8,
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
