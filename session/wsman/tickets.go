package wsman

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/jcmturner/gokrb5/v8/client"
	"github.com/jcmturner/gokrb5/v8/config"
	"github.com/jcmturner/gokrb5/v8/credentials"
	"github.com/jcmturner/gokrb5/v8/iana/errorcode"
	"github.com/jcmturner/gokrb5/v8/keytab"
	"github.com/jcmturner/gokrb5/v8/messages"
	"github.com/jcmturner/gokrb5/v8/types"

	"postroom/session/credential"
)

// tickets gets service tickets, by gokrb5. One for each Client, so that the
// KDC is asked once and not for each connection.
type tickets struct {
	mu     sync.Mutex // held while the KDC is asked: the second caller finds the ticket
	client *client.Client
	cached bool // from a credential cache: nothing to log in with
	closed atomic.Bool
}

// newTickets reads what is configured. It asks nobody.
func newTickets(k KerberosConfig, c credential.Credential) (*tickets, error) {
	fail := func(err error) (*tickets, error) {
		return nil, fmt.Errorf("%w: kerberos: %w", ErrConfig, err)
	}
	user, realm := splitPrincipal(c.User, k.Realm)
	cfg, err := kerberosConfig(k, realm)
	if err != nil {
		return fail(err)
	}
	if realm == "" {
		realm = cfg.LibDefaults.DefaultRealm
	}
	fast := client.DisablePAFXFAST(true) // Active Directory does not know it
	switch {
	case k.CCachePath != "":
		cache, err := credentials.LoadCCache(k.CCachePath)
		if err != nil {
			return fail(fmt.Errorf("credential cache: %w", err))
		}
		cl, err := client.NewFromCCache(cache, cfg, fast)
		if err != nil {
			return fail(fmt.Errorf("credential cache: %w", err))
		}
		return &tickets{client: cl, cached: true}, nil
	case realm == "":
		return fail(errors.New("no realm, neither in the account's name nor in krb5.conf"))
	case k.KeytabPath != "":
		kt, err := keytab.Load(k.KeytabPath)
		if err != nil {
			return fail(fmt.Errorf("keytab: %w", err))
		}
		return &tickets{client: client.NewWithKeytab(user, realm, kt, cfg, fast)}, nil
	}
	return &tickets{client: client.NewWithPassword(user, realm, c.Secret.Reveal(), cfg, fast)}, nil
}

// splitPrincipal reads user@realm and REALM\user. A realm that is part of a
// name is written in capitals, as Active Directory has it; one without a dot
// is the short name of a domain and not a realm.
func splitPrincipal(name, realm string) (string, string) {
	user := name
	if d, u, ok := strings.Cut(name, `\`); ok {
		user = u
		if realm == "" && strings.Contains(d, ".") {
			realm = strings.ToUpper(d)
		}
	} else if at := strings.LastIndexByte(name, '@'); at >= 0 {
		user = name[:at]
		if realm == "" {
			realm = strings.ToUpper(name[at+1:])
		}
	}
	return user, realm
}

var kdcForm = regexp.MustCompile(`^[A-Za-z0-9.:\[\]_-]+$`)

// kerberosConfig is the named krb5.conf, or that of the machine, or one made
// for the KDC that is named; without any the KDC is found by DNS.
func kerberosConfig(k KerberosConfig, realm string) (*config.Config, error) {
	if k.KDC != "" {
		if !kdcForm.MatchString(k.KDC) || !kdcForm.MatchString(realm) {
			return nil, errors.New("a KDC by address needs a host and a realm")
		}
		kdc := k.KDC
		if _, _, err := net.SplitHostPort(kdc); err != nil {
			kdc = net.JoinHostPort(strings.Trim(kdc, "[]"), "88")
		}
		return config.NewFromString("[libdefaults]\n default_realm = " + realm +
			"\n dns_lookup_kdc = false\n dns_lookup_realm = false\n udp_preference_limit = 1\n[realms]\n " +
			realm + " = {\n  kdc = " + kdc + "\n }\n")
	}
	path := k.ConfigPath
	if path == "" {
		path = filepath.SplitList(os.Getenv("KRB5_CONFIG") + string(filepath.ListSeparator))[0]
	}
	named := path != ""
	if !named {
		path = "/etc/krb5.conf"
	}
	cfg, err := config.Load(path)
	var partly config.UnsupportedDirective
	switch {
	case err == nil:
		return cfg, nil
	case errors.As(err, &partly) && cfg != nil: // an include, mostly
		return cfg, nil
	case named:
		return nil, err
	}
	text := "[libdefaults]\n dns_lookup_kdc = true\n udp_preference_limit = 1\n"
	if kdcForm.MatchString(realm) {
		text += " default_realm = " + realm + "\n"
	}
	return config.NewFromString(text)
}

// ticket is what a service is shown.
type ticket struct {
	messages.Ticket
	key types.EncryptionKey
	who *credentials.Credentials
}

// get asks the KDC, or finds what it gave before. The library knows no
// context, so the caller goes on without it when ctx ends.
func (t *tickets) get(ctx context.Context, spn string) (*ticket, error) {
	type result struct {
		t   *ticket
		err error
	}
	done := make(chan result, 1)
	go func() { // ends when the KDC has answered, or by the library's deadlines of 5 s for each KDC
		got, err := t.ask(spn)
		done <- result{got, err}
	}()
	select {
	case r := <-done:
		return r.t, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (t *tickets) ask(spn string) (*ticket, error) {
	t.mu.Lock()
	defer t.asked()
	if !t.cached {
		if err := t.client.AffirmLogin(); err != nil {
			return nil, fmt.Errorf("kerberos: logging in: %w", err)
		}
	}
	tkt, key, err := t.client.GetServiceTicket(spn)
	if err != nil {
		return nil, fmt.Errorf("kerberos: ticket for %s: %w", spn, err)
	}
	return &ticket{tkt, key, t.client.Credentials}, nil
}

// asked ends a question to the KDC, and the library's work where close found it
// asking.
func (t *tickets) asked() {
	t.mu.Unlock()
	if t.closed.Load() {
		t.destroy()
	}
}

// close ends what the library does on its own: renewing the ticket. It does not
// wait for a KDC that is silent.
func (t *tickets) close() {
	t.closed.Store(true)
	t.destroy()
}

// destroy leaves it to whoever asks the KDC now.
func (t *tickets) destroy() {
	if t.mu.TryLock() {
		t.client.Destroy()
		t.mu.Unlock()
	}
}

var kerberosErrorName = regexp.MustCompile(`\bK(?:DC|RB)_(?:AP_)?ERR_[A-Z0-9_]+`)

// kerberosError is the name of the KDC's error in err. The library keeps it
// as a type on some ways and as text on others.
func kerberosError(err error) string {
	var k messages.KRBError
	if errors.As(err, &k) {
		return kerberosErrorName.FindString(errorcode.Lookup(k.ErrorCode))
	}
	return kerberosErrorName.FindString(err.Error())
}
