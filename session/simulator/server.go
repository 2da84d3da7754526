package simulator

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"postroom/session/atomicfile"
	"postroom/session/cmdlet"
	"postroom/session/simulator/exchange"
)

// Server is a simulator that runs. Its methods may be used by any number of goroutines. It
// has a method and a field for each thing that a server does or counts: it listens,
// signs in, finds shells, counts sessions and ends them under one mutex; a file each.
type Server struct {
	options   Options
	accounts  map[string]Account
	authority *authority
	dir       string
	ownDir    bool
	listener  *faultListener
	http      *http.Server
	faults    schedule
	counters  *counters
	service   *exchange.Service
	rest      *restDoor // nil without one
	shells    *shells
	balance   atomic.Uint32 // counts requests without an affinity cookie

	ctx       context.Context //nolint:containedctx // a lifetime: it ends with Close
	cancel    context.CancelFunc
	serving   sync.WaitGroup // the accepting goroutine
	conns     sync.WaitGroup // connections
	closeOnce sync.Once
	closeErr  error
}

// Start makes a server and serves until Close. It makes a certificate
// authority and writes its certificate to ca.pem in Options.Dir.
func Start(o Options) (*Server, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := o.Faults.Validate(); err != nil {
		return nil, err
	}
	s := &Server{options: o, accounts: o.accounts(), counters: newCounters()}
	s.faults.set(o.Faults)
	s.ctx, s.cancel = context.WithCancel(context.Background()) //nolint:forbidden // the server lives until Close, and not as long as a call
	if err := s.listen(); err != nil {
		s.cancel()
		return nil, errors.Join(err, s.removeDir())
	}
	s.service = exchange.New(exchange.Options{Rows: o.Rows, Seed: o.Seed, Epoch: o.Epoch, Cmdlets: o.Cmdlets})
	s.shells = newShells(s)
	if o.REST {
		if s.rest, err = s.newRESTDoor(); err == nil {
			err = s.rest.application.save(s.CertificateFile())
		}
		if err != nil {
			s.cancel()
			return nil, errors.Join(err, s.listener.Close(), s.removeDir())
		}
	}
	s.http = &http.Server{
		Handler:           http.HandlerFunc(s.serve),
		ReadHeaderTimeout: time.Minute,
		ErrorLog:          log.New(io.Discard, "", 0), // clients that break off are what is tested
		BaseContext:       func(net.Listener) context.Context { return s.ctx },
		ConnState:         s.connState,
	}
	s.serving.Go(func() { _ = s.http.Serve(s.listener) }) // ends with Close, which closes the listener
	return s, nil
}

// listen makes the certificates, the folder and the listener.
func (s *Server) listen() error {
	now := time.Now() // clients check certificates by the machine's clock
	authority, err := newAuthority(now)
	if err != nil {
		return err
	}
	s.authority = authority
	s.dir = s.options.Dir
	if s.dir == "" {
		if s.dir, err = os.MkdirTemp("", "postroom-simulator-"); err != nil {
			return fmt.Errorf("simulator: folder: %w", err)
		}
		s.ownDir = true
	} else if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return fmt.Errorf("simulator: folder: %w", err)
	}
	if err := atomicfile.Replace(s.CAFile(), atomicfile.Shared, func(w io.Writer) error { // the key stays in memory
		_, writing := w.Write(authority.pem())
		return writing
	}); err != nil {
		return fmt.Errorf("simulator: certificate: %w", err)
	}
	l, err := new(net.ListenConfig).Listen(s.ctx, "tcp", s.options.Listen)
	if err != nil {
		return fmt.Errorf("simulator: listen on %s: %w", s.options.Listen, err)
	}
	host, _, _ := net.SplitHostPort(s.options.Listen)
	certificates, err := newCertificates(authority, now, host)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	s.listener = &faultListener{Listener: l, server: s, certificates: certificates}
	return nil
}

func (s *Server) removeDir() error {
	if !s.ownDir {
		return nil
	}
	return os.RemoveAll(s.dir)
}

// Close ends all shells and connections and waits until no goroutine of the
// server is left. A second Close does nothing.
func (s *Server) Close() error {
	s.closeOnce.Do(func() {
		s.cancel()
		s.closeErr = s.http.Close()
		s.serving.Wait()
		s.conns.Wait()
		s.shells.close()
		s.closeErr = errors.Join(s.closeErr, s.removeDir())
	})
	return s.closeErr
}

// connState counts connections; Close waits for the last one.
func (s *Server) connState(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		s.conns.Add(1)
		s.counters.count(func(st *Stats) { st.Connections++ })
	case http.StateClosed, http.StateHijacked:
		s.counters.count(func(st *Stats) { st.Connections-- })
		s.conns.Done()
	}
}

// URL is where clients connect: https, the address, /powershell-liveid/.
func (s *Server) URL() string { return s.base() + "/powershell-liveid/" }

// RESTURL is the base of the REST door, which is also what its tokens are for;
// "" without one, as are AuthorityURL, ClientID and TenantID.
func (s *Server) RESTURL() string {
	if s.rest == nil {
		return ""
	}
	return s.base()
}

// AuthorityURL is where people of any organization sign in.
func (s *Server) AuthorityURL() string {
	if s.rest == nil {
		return ""
	}
	return s.rest.authority.URL()
}

// GraphURL is Microsoft Graph with its version; "" without a REST door.
func (s *Server) GraphURL() string {
	if s.rest == nil {
		return ""
	}
	return s.base() + graphPath + graphVersion
}

// ClientID is the application that signs in.
func (s *Server) ClientID() string {
	if s.rest == nil {
		return ""
	}
	return s.rest.application.id
}

// TenantID is the GUID of the accounts' own organization.
func (s *Server) TenantID() string { return s.service.Own().ID }

// CertificateFile is the path of the application's certificate and key, by
// which it signs in without a person.
func (s *Server) CertificateFile() string { return filepath.Join(s.dir, "application.pem") }

func (s *Server) base() string { return "https://" + s.listener.Addr().String() }

// port is the port that is listened on.
func (s *Server) port() string {
	if a, ok := s.listener.Addr().(*net.TCPAddr); ok {
		return strconv.Itoa(a.Port)
	}
	return ""
}

// CAFile is the path of the certificate that clients must trust.
func (s *Server) CAFile() string { return filepath.Join(s.dir, "ca.pem") }

// RootCAs is a pool with that certificate alone.
func (s *Server) RootCAs() *x509.CertPool { return s.authority.pool() }

// Account is the name of the first account.
func (s *Server) Account() string { return s.options.Account }

// Password is the first account's password.
func (s *Server) Password() string { return s.options.Password }

// Tenants are the organizations that the account may administer: its own
// first, then those that have delegated.
func (s *Server) Tenants() []Tenant {
	var list []Tenant
	for _, t := range s.service.Listed() {
		list = append(list, Tenant{Name: t.Name, Domain: t.Domain, ID: t.ID, Own: t.Own})
	}
	return list
}

// Tenant is an organization that an account may administer.
type Tenant struct {
	// Name is what people call it; Domain the domain that DelegatedOrg= takes;
	// ID its GUID.
	Name, Domain, ID string
	// Own is true for the account's own organization, for which no DelegatedOrg=
	// is needed.
	Own bool
}

// Stats are the counters so far.
func (s *Server) Stats() Stats { return s.counters.snapshot() }

// Played waits until a fault was played n times since the start. Whoever wants
// to act while a server hangs or a cmdlet is slow waits for this: that a request
// was sent, or answered, says nothing yet. The error is ctx's.
func (s *Server) Played(ctx context.Context, f Fault, n int) error {
	if err := s.Until(ctx, func(st *Stats) bool { return st.FaultsPlayed[string(f)] >= n }); err != nil {
		return fmt.Errorf("wait until %s was played %d times: %w", f, n, err)
	}
	return nil
}

// Until waits until the counters are as wanted. wanted is called at each count; it
// must not call the server, nor keep what it is given. The error is ctx's.
func (s *Server) Until(ctx context.Context, wanted func(*Stats) bool) error {
	return s.counters.until(ctx, wanted)
}

// SetFaults replaces the rules; the counting of requests begins anew. nil
// means none. The error is a *RuleError, and the old rules stay.
func (s *Server) SetFaults(f *Faults) error {
	if err := f.Validate(); err != nil {
		return err
	}
	s.faults.set(f)
	return nil
}

// fault decides whether a fault is played, and counts it.
func (s *Server) fault(o occasion) (Rule, bool) {
	r, ok := s.faults.next(o)
	if ok {
		s.counters.count(func(st *Stats) { st.FaultsPlayed[string(r.Fault)]++ })
	}
	return r, ok
}

// begun counts a cmdlet that an account runs in a tenant and says what goes
// wrong with it.
func (s *Server) begun(account string, t *exchange.Tenant) func(cmdlet.Invocation, bool) exchange.Trouble {
	return func(i cmdlet.Invocation, changes bool) exchange.Trouble {
		s.counters.count(func(st *Stats) {
			st.CommandsByName[i.Cmdlet]++
			if changes {
				st.ChangesByCall[t.Domain+": "+i.PowerShell()]++
			}
		})
		rule, ok := s.fault(occasion{kind: Cmdlet, account: account, tenant: t.Domain, cmdlet: i.Cmdlet})
		if !ok {
			return exchange.Trouble{}
		}
		trouble := exchange.Trouble{NotInRole: rule.Fault == NotInRole, Transient: rule.Fault == Transient, HalfWay: rule.Fault == HalfWay, MicroDelay: rule.Fault == MicroDelay}
		if rule.Fault == RowError {
			trouble.Every = max(rule.Rows, 1)
		}
		if rule.Fault == SlowCmdlet {
			trouble.Wait = func(ctx context.Context) { s.pause(ctx, time.Duration(rule.Delay), false) }
		}
		return trouble
	}
}

// certificates are what a server may show: the right one and the wrong ones.
type certificates map[Fault]*tls.Certificate

func newCertificates(a *authority, now time.Time, host string) (certificates, error) {
	hosts := []string{"localhost", "127.0.0.1", "::1"}
	if ip := net.ParseIP(host); host != "" && (ip == nil || !ip.IsUnspecified() && !ip.IsLoopback()) {
		hosts = append(hosts, host)
	}
	stranger, err := newAuthority(now)
	if err != nil {
		return nil, err
	}
	from, to := now.Add(-time.Hour), now.AddDate(0, 0, 30)
	all := certificates{}
	for _, c := range []struct {
		fault    Fault
		by       *authority
		from, to time.Time
		hosts    []string
	}{
		{"", a, from, to, hosts},
		{TLSExpired, a, from, now.Add(-time.Minute), hosts},
		{TLSNotYet, a, now.AddDate(0, 0, 7), to, hosts},
		{TLSWrongName, a, from, to, []string{"mail.elsewhere.example"}},
		{TLSUnknownCA, stranger, from, to, hosts},
	} {
		if all[c.fault], err = c.by.issue(c.from, c.to, c.hosts...); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// faultListener accepts connections, plays the faults of connections, and puts
// TLS on the rest.
type faultListener struct {
	net.Listener
	server       *Server
	certificates certificates
}

// Accept waits for the next connection that is not refused by a fault.
func (l *faultListener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		rule, ok := l.server.fault(occasion{kind: Accept})
		if ok && rule.Fault == Refuse {
			reset(c)
			continue
		}
		certificate := l.certificates[""]
		if ok {
			certificate = l.certificates[rule.Fault]
		}
		return tls.Server(c, &tls.Config{
			Certificates: []tls.Certificate{*certificate}, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"},
		}), nil
	}
}

// reset closes a connection in a way that the other end sees as a reset.
func reset(c net.Conn) {
	if t, ok := c.(*net.TCPConn); ok {
		_ = t.SetLinger(0) // best effort: without it the client sees an end instead
	}
	_ = c.Close() // nothing was sent that could be lost
}
