package exorest

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/endpoint"
	"postroom/session/result"
)

// The steps of an access check.
const (
	stepProxy   = "proxy"   // the way out, where there is one
	stepName    = "name"    // the service's addresses
	stepTCP     = "tcp"     // a connection
	StepTLS     = "tls"     // its certificate
	stepSignIn  = "sign-in" // a token, without the person
	stepToken   = "token"   // what it is good for, and how long
	StepTenant  = "tenant"  // that it is of the tenant that was chosen
	StepRole    = "role"    // that the role has a module file
	stepCmdlets = "cmdlets" // what the role may run
	stepRead    = "read"    // one cmdlet; its answer proves the tenant once more
)

// probe is an access check on its way.
type probe struct {
	conn  *conn
	each  func(session.Step)
	began time.Time
}

// done tells of a step.
func (p *probe) done(name, detail string, err error) error {
	p.each(session.Step{Name: name, Detail: detail, Elapsed: time.Since(p.began), Err: err})
	p.began = time.Now()
	return err
}

// Probe goes the way to the target step by step: name, connection, certificate,
// sign-in, token, tenant, role, cmdlets, one read. The first that fails is the
// last, and its error is returned.
func (d *Door) Probe(ctx context.Context, t session.Target, each func(session.Step)) error {
	p := &probe{each: each, began: time.Now()}
	c, err := d.conn(ctx, t, session.DialOptions{})
	if err != nil {
		return p.done(StepTenant, "", fmt.Errorf("test %s: %w", t.Endpoint.URL, err))
	}
	defer c.forget()
	p.conn = c
	for _, step := range []func(context.Context) error{p.way, p.signIn, p.role, p.read} {
		if err := step(ctx); err != nil {
			return fmt.Errorf("test %s: %w", t.Endpoint.URL, err)
		}
	}
	return nil
}

// way tries name, connection and certificate. Through a proxy the name is the
// proxy's business.
func (p *probe) way(ctx context.Context) error {
	base := p.conn.at.base
	failed := func(step string, err error) error {
		return p.done(step, "", &NetError{Op: step, URL: base.Redacted(), Err: err})
	}
	limit, cancel := context.WithTimeoutCause(ctx, 2*handshakeTime, errTimeout)
	defer cancel()
	through, err := p.conn.way.Find(limit, base)
	if err == nil {
		err = p.conn.prepare(ctx)
	}
	if err != nil {
		return failed(stepProxy, err)
	}
	host := base.Hostname()
	if through != nil {
		_ = p.done(stepProxy, through.Host, nil)
	} else {
		found, lookErr := net.DefaultResolver.LookupHost(limit, host)
		if lookErr != nil {
			return failed(stepName, lookErr)
		}
		_ = p.done(stepName, strings.Join(found, ", "), nil)
	}
	raw, err := p.conn.way.DialContext(limit, "tcp", withPort(base))
	if err != nil {
		return failed(stepTCP, p.conn.heedProxy(ctx, err))
	}
	_ = p.done(stepTCP, raw.RemoteAddr().String(), nil)
	config := p.conn.transport.TLSClientConfig.Clone()
	config.ServerName = host
	secured := tls.Client(raw, config)
	defer func() { _ = secured.Close() }() // nothing was sent
	if err := secured.HandshakeContext(limit); err != nil {
		return failed(StepTLS, err)
	}
	state := secured.ConnectionState()
	certificate := state.PeerCertificates[0]
	return p.done(StepTLS, fmt.Sprintf("%s, %s, valid until %s", tls.VersionName(state.Version), certificate.Subject.CommonName, certificate.NotAfter.UTC().Format(time.DateOnly)), nil)
}

func withPort(u *url.URL) string {
	if u.Port() != "" {
		return u.Host
	}
	return net.JoinHostPort(u.Hostname(), "443")
}

// signIn gets a token and looks at it.
func (p *probe) signIn(ctx context.Context) error {
	t, err := p.conn.token(ctx, "", false)
	wrong, other := errors.AsType[*session.WrongTenantError](err)
	if err != nil && !other {
		return p.done(stepSignIn, "", err)
	}
	_ = p.done(stepSignIn, t.Account, nil)
	if other {
		return p.done(StepTenant, wrong.Got, err)
	}
	if !t.Expires.After(time.Now()) {
		return p.done(stepToken, "", errOver)
	}
	_ = p.done(stepToken, fmt.Sprintf("for %s until %s", p.conn.at.scope, t.Expires.UTC().Format(time.RFC3339)), nil)
	return p.done(StepTenant, t.Tenant, nil)
}

var (
	errOver = errors.New("exorest: the token has ended already")
	// errNothingToRun: the role has no cmdlets.
	errNothingToRun = errors.New("exorest: the role of the account has no cmdlets here")
)

// role asks for the module file and what is in it.
func (p *probe) role(ctx context.Context) error {
	m, err := p.conn.fetchModule(ctx)
	if err != nil {
		return p.done(StepRole, "", err)
	}
	c := p.conn
	c.mu.Lock()
	host := c.host
	c.mu.Unlock()
	_ = p.done(StepRole, "answered by "+host, nil)
	if len(m.names) == 0 {
		return p.done(stepCmdlets, "", &NotPermittedError{Origin: c.origin("EXOModuleFile", c.at.base), Message: errNothingToRun.Error()})
	}
	changing := 0
	for _, name := range m.names {
		if cmdlet.RiskOf(name) != cmdlet.Reads {
			changing++
		}
	}
	return p.done(stepCmdlets, fmt.Sprintf("%d, %d of them change something", len(m.names), changing), nil)
}

// reads are the cmdlets by which the way is tried, the first that the role has.
func reads() []string {
	return []string{"Get-OrganizationConfig", "Get-AcceptedDomain", "Get-Mailbox", "Get-Recipient"}
}

// read runs one cmdlet. The organization's name is its first domain, which leads
// to the same tenant: a second proof, by another way than the token's.
func (p *probe) read(ctx context.Context) error {
	m, err := p.conn.module(ctx)
	if err != nil {
		return p.done(stepRead, "", err)
	}
	name := ""
	for _, one := range reads() {
		if _, has := m.find(one); has && name == "" {
			name = one
		}
	}
	if name == "" {
		return p.done(stepRead, "", &NotPermittedError{Origin: p.conn.origin(reads()[0], p.conn.at.base)})
	}
	i := cmdlet.Invocation{Cmdlet: name}
	if name != reads()[0] && name != reads()[1] {
		i.Args = []cmdlet.Arg{{Name: "ResultSize", Value: int64(1)}}
	}
	rows := &quiet{table: result.NewTable(result.Provenance{})}
	rows.Appender = rows.table.Builder()
	if err := p.conn.Run(ctx, i, rows); err != nil {
		return p.done(stepRead, name, err)
	}
	v := rows.table.Snapshot()
	n, _ := v.Size()
	detail := fmt.Sprintf("%s: %d rows", name, n)
	if name != reads()[0] || n == 0 {
		return p.done(stepRead, detail, nil)
	}
	return p.proof(ctx, v)
}

// proof holds the organization's own name against the tenant.
func (p *probe) proof(ctx context.Context, v *result.View) error {
	col, ok := v.Column("Name")
	if !ok || p.conn.door.options.FindTenant == nil {
		return p.done(stepRead, reads()[0], nil)
	}
	domain := v.Value(0, col).Text
	t := p.conn.target
	t.Tenant = endpoint.Tenant{Name: domain, Domain: domain}
	found, err := p.conn.door.options.FindTenant(ctx, t)
	id, known := endpoint.ParseTenantID(found)
	switch {
	case err != nil || !known:
		return p.done(stepRead, reads()[0]+": "+domain+", whose tenant could not be looked up", nil)
	case id != p.conn.at.tenant:
		return p.done(stepRead, domain, &session.WrongTenantError{Chosen: p.conn.at.tenant, Got: id})
	}
	return p.done(stepRead, reads()[0]+": "+domain+", of the same tenant", nil)
}

// quiet is a sink that keeps rows and nothing else.
type quiet struct {
	result.Appender
	table *result.Table
}

// Message drops what is said.
func (*quiet) Message(session.Message) {}

// Ask has nobody to ask.
func (*quiet) Ask(context.Context, session.Prompt) (session.Answer, error) {
	return session.Answer{}, session.ErrNoAnswer
}
