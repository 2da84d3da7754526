package remoting

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"postroom/session"
	"postroom/session/credential"
	"postroom/session/proxy"
	"postroom/session/psrp"
	"postroom/session/wsman"
)

// openTime bounds the opening of a session, as .NET does it
// (RunspaceConnectionInfo.cs: open timeout 180 s).
const openTime = 180 * time.Second

// Door opens sessions on real servers: a runspace pool in a WS-Man shell. It is a
// session.Remover.
type Door struct {
	// StopTime is how long a server may take to confirm a stop before the
	// whole session is closed; 0 means 2 s.
	StopTime time.Duration

	signIn  SignIn
	proxies *proxy.Passwords
	fronts  fronts
}

// NewDoor makes the door. signIn answers with the accounts' passwords; one that is a
// proxy.SignIn, too, with those at proxies.
func NewDoor(signIn SignIn) *Door {
	atProxies, _ := signIn.(proxy.SignIn)
	return &Door{signIn: signIn, proxies: proxy.NewPasswords(atProxies)}
}

// heedProxy lets the sign-in hear that a proxy did not take its password.
func (d *Door) heedProxy(ctx context.Context, err error) error {
	_, err = d.proxies.Heed(ctx, err)
	return err
}

// Dial opens the shell and waits until its pool is open. Where the server refuses the
// password that is kept, and the person types another, it is tried with that: nothing was
// opened then.
func (d *Door) Dial(ctx context.Context, t session.Target, o session.DialOptions) (session.Conn, error) {
	address, err := addressOf(t)
	if err != nil {
		return nil, err
	}
	var sent credential.Secret
	var refused error // for that
	for {
		secret, err := d.password(ctx, t)
		switch {
		case err != nil:
			return nil, fmt.Errorf("connect %s: %w", address, err)
		case refused != nil && secret.Equal(sent): // typed for this sign-in, which asks by itself
			return nil, refused
		}
		conn, err := d.dial(ctx, t, address, secret, o)
		if err == nil {
			d.accepted(ctx, t, secret, o.Say)
			return conn, nil
		}
		if !d.refused(t, secret, err) {
			return nil, err
		}
		sent, refused = secret, err
	}
}

// dial is one attempt with one password.
func (d *Door) dial(ctx context.Context, t session.Target, address string, secret credential.Secret, o session.DialOptions) (session.Conn, error) {
	client, err := d.client(ctx, t, address, secret)
	if err != nil {
		return nil, fmt.Errorf("connect %s: %w", address, err)
	}
	ctx, cancel := context.WithTimeout(ctx, openTime)
	defer cancel()

	id, err := psrp.ParseGUID(o.Intended.ShellID)
	if err != nil {
		client.Close()
		return nil, fmt.Errorf("connect %s: %w", address, err)
	}
	pool, err := psrp.NewPool(psrp.PoolOptions{
		ID: id, MinRunspaces: 1, MaxRunspaces: int32(max(1, t.Runspaces)),
		Host: psrp.HostInfo{Present: true, Title: "Postroom"},
	})
	if err == nil {
		err = pool.Open()
	}
	if err != nil {
		client.Close()
		return nil, fmt.Errorf("connect %s: %w", address, err)
	}
	first, _ := pool.Outgoing(client.OpenLimit())
	cookies := d.fronts.cookies(ctx, address, client)
	creating, done := o.Shutdown.Outlast(ctx)
	defer done()
	shell, err := client.Create(creating, wsman.CreateOptions{
		ShellID: o.Intended.ShellID, Name: "Postroom", Open: first.Data, Cookies: cookies,
		Intend: func(r wsman.Record) error {
			if ctx.Err() != nil {
				return context.Cause(ctx) // given up before it was sent
			}
			return o.Intend(r.URL, recordOf(r).Cookies)
		},
	})
	if err != nil {
		return nil, abandon(ctx, o.Shutdown, client, shell, d.heedProxy(ctx, err))
	}
	r := newRemote(ctx, client, shell, pool, remoteOptions{
		runspaces: max(1, t.Runspaces), guard: o.Guard, say: o.Say, stopTime: cmp.Or(d.StopTime, stopTime),
		password: d.ofSession(t, secret),
	})
	if err := r.waitOpened(ctx); err != nil {
		err = fmt.Errorf("open session at %s: %w", address, err)
		closing, cancel := o.Shutdown.Deleting(ctx)
		defer cancel()
		if deleteErr := r.Close(closing); deleteErr != nil {
			return nil, &session.LeftBehindError{Err: err, DeleteErr: deleteErr, Record: recordOf(shell.Record())}
		}
		return nil, err
	}
	return r, nil
}

// abandon ends an attempt whose Create failed. Where the shell may exist all
// the same, because the answer was lost or came from a proxy, there is one to
// delete.
func abandon(ctx context.Context, end *session.Shutdown, client *wsman.Client, shell *wsman.Shell, cause error) error {
	defer client.Close()
	if shell == nil {
		return cause
	}
	ctx, cancel := end.Deleting(ctx)
	defer cancel()
	if err := deleteRecord(ctx, client, shell.Record()); err != nil {
		return &session.LeftBehindError{Err: cause, DeleteErr: err, Record: recordOf(shell.Record())}
	}
	return cause
}

// Probe goes the way to the server step by step, up to the sign-in.
func (d *Door) Probe(ctx context.Context, t session.Target, each func(session.Step)) error {
	address, err := addressOf(t)
	if err != nil {
		return err
	}
	secret, err := d.password(ctx, t)
	if err != nil {
		return fmt.Errorf("test %s: %w", address, err)
	}
	client, err := d.client(ctx, t, address, secret)
	if err != nil {
		return fmt.Errorf("test %s: %w", address, err)
	}
	defer client.Close()
	if err := client.Probe(ctx, func(s wsman.Step) { each(session.Step(s)) }); err != nil {
		d.refused(t, secret, err)
		return fmt.Errorf("test %s: %w", address, d.heedProxy(ctx, err))
	}
	return nil
}

// Intended is a shell of a new id, a GUID in upper case as WS-Man's servers give them, at
// the target's address.
func (*Door) Intended(t session.Target) session.Record {
	return session.Record{
		ShellID: strings.ToUpper(psrp.NewGUID().String()), URL: t.Endpoint.URL, Configuration: t.Endpoint.Configuration,
		Affinity: t.Endpoint.Kind.Farm(),
	}
}

// Delete deletes a shell named by a record.
func (d *Door) Delete(ctx context.Context, t session.Target, record session.Record) error {
	t.Endpoint.Configuration = record.Configuration
	secret, err := d.password(ctx, t)
	if err != nil {
		return fmt.Errorf("delete shell %s: %w", record.ShellID, err)
	}
	client, err := d.client(ctx, t, record.URL, secret)
	if err != nil {
		return fmt.Errorf("delete shell %s: %w", record.ShellID, err)
	}
	defer client.Close()
	err = deleteRecord(ctx, client, wireRecord(record))
	d.refused(t, secret, err)
	return err
}

// searches is how often a shell is looked for whose affinity cookie is not
// known: each request may come to another server of the farm.
const searches = 6

// deleteRecord deletes a shell by its record. Where the answer to Create was
// lost, and with it the cookie that leads to its server, 'not found' proves
// nothing: several servers are asked, and when none knows it, nobody knows
// whether another one does, or will when it comes to the Create
// (docs/decisions/0009).
func deleteRecord(ctx context.Context, client *wsman.Client, record wsman.Record) error {
	tries := 1
	if len(record.Cookies) == 0 {
		tries = searches
	}
	for range tries {
		shell, err := client.Attach(record)
		if err != nil {
			return fmt.Errorf("delete shell %s: %w", record.ShellID, err)
		}
		existed, err := deleteShell(ctx, shell)
		if err != nil || existed {
			return err
		}
	}
	if tries > 1 {
		return &session.MaybeThereError{ShellID: record.ShellID}
	}
	return nil
}

// deleteShell asks until the server confirms or ctx ends. Delete may be
// repeated: a second one finds nothing (docs/promises.md 3).
func deleteShell(ctx context.Context, shell *wsman.Shell) (existed bool, err error) {
	for try := 0; ; try++ {
		existed, err = shell.DeleteExisting(ctx)
		switch {
		case err == nil:
			return existed, nil
		case try == len(retryAfter) || !worthRetrying(err):
			return false, fmt.Errorf("delete shell %s: %w", shell.ID(), err)
		}
		if session.Pause(ctx, retryAfter[try]) != nil {
			return false, fmt.Errorf("delete shell %s: %w", shell.ID(), err)
		}
	}
}

// retryAfter are the pauses before a Receive or a Delete is tried again.
var retryAfter = [...]time.Duration{100 * time.Millisecond, 500 * time.Millisecond, 2 * time.Second}

// worthRetrying says whether the same request may succeed on a second try.
func worthRetrying(err error) bool {
	var network *wsman.NetError
	var answer *wsman.HTTPError
	var broken *wsman.ProtocolError
	switch {
	case errors.As(err, &network), errors.As(err, &broken):
		return true
	case errors.As(err, &answer):
		return answer.Status == 429 || answer.Status >= 500 || answer.Status/100 == 2
	}
	return false
}
