package interop

import (
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"postroom/session/cmdlet"
	"postroom/session/credential"
	"postroom/session/psrp"
	"postroom/session/wsman"
	"postroom/test/fixture"
)

// signedConfig is for a server over http, where each message must be sealed.
func signedConfig(p *peer, auth wsman.Auth, user, secret string) wsman.Config {
	return wsman.Config{
		URL: p.url, Configuration: "Microsoft.Exchange", Auth: auth, RootCAs: p.roots,
		Credential: credential.Credential{User: user, Secret: credential.NewSecret(secret)}, OperationTimeout: 20 * time.Second,
	}
}

// wholeJob opens, runs what needs large messages both ways and a secret, and
// closes; then it asks the server what came.
func wholeJob(t *testing.T, p *peer, config wsman.Config, principal string) {
	t.Helper()
	r := open(t, config, psrp.PoolOptions{MaxRunspaces: 2})
	rows := r.run(psrp.PipelineOptions{}, cmdlet.Invocation{Cmdlet: "Get-Mailbox", Args: []cmdlet.Arg{{Name: "ResultSize", Value: int64(200)}}}, nil)
	wantCompleted(t, rows)
	if n := len(outputs(t, rows)); n != 200 {
		t.Errorf("%d rows, want 200", n)
	}
	long := strings.Repeat("\u00e4 <&> ", 40_000)
	echo := r.run(psrp.PipelineOptions{}, cmdlet.Invocation{Cmdlet: "Get-Echo", Args: []cmdlet.Arg{
		{Name: "Long", Value: long}, {Name: "Hidden", Value: credential.NewSecret("s3cret")},
	}}, nil)
	wantCompleted(t, echo)
	if n := len(outputs(t, echo)); n != 2 {
		t.Errorf("%d values, want 2", n)
	}
	r.close()
	stats := p.stats(t)
	if n, _ := stats["open_shells"].(float64); n != 0 {
		t.Errorf("%v shells were left behind", n)
	}
	if n, _ := stats["as "+principal].(float64); n == 0 {
		t.Errorf("nothing came as %s: %v", principal, stats)
	}
}

// sealed checks that nothing went in the clear.
func sealed(t *testing.T, p *peer) {
	t.Helper()
	if p.count(t, "clear_requests") != 0 || p.count(t, "sealed_requests") == 0 {
		t.Errorf("messages were not sealed: %v", p.stats(t))
	}
}

func TestNTLMWithMessageEncryption(t *testing.T) {
	for name, args := range map[string][]string{"Windows": nil, "Exchange": {"--exchange"}} {
		t.Run(name, func(t *testing.T) {
			p := startNTLM(t, append([]string{"--encrypt"}, args...)...)
			wholeJob(t, p, signedConfig(p, wsman.NTLM, `EXAMPLE\ann`, ntlmPassword), `EXAMPLE\ann`)
			sealed(t, p)
			if name == "Exchange" && p.count(t, "compressed_answers") == 0 {
				t.Error("no answer was compressed, as IIS does")
			}
		})
	}
}

func startNTLM(t *testing.T, args ...string) *peer {
	t.Helper()
	users := filepath.Join(t.TempDir(), "users")
	write(t, users, "EXAMPLE:ann:"+ntlmPassword+"\n")
	if len(args) > 0 && args[0] == "--https" {
		return startPeer(t, []string{"NTLM_USER_FILE=" + users}, append([]string{"--https", "--auth", "ntlm"}, args[1:]...)...)
	}
	return startPeer(t, []string{"NTLM_USER_FILE=" + users}, append([]string{"--auth", "ntlm"}, args...)...)
}

func TestNTLMOverTLS(t *testing.T) {
	p := startNTLM(t, "--https")
	wholeJob(t, p, signedConfig(p, wsman.NTLM, `EXAMPLE\ann`, ntlmPassword), `EXAMPLE\ann`)
}

func TestNTLMWrongPassword(t *testing.T) {
	p := startNTLM(t, "--encrypt")
	_, err := tryOpen(t, signedConfig(p, wsman.NTLM, `EXAMPLE\ann`, "wrong"), psrp.PoolOptions{})
	var auth *wsman.AuthError
	if !errors.As(err, &auth) {
		t.Fatalf("got %v, want an AuthError", err)
	}
	if strings.Contains(err.Error(), "wrong") {
		t.Errorf("the error tells the password: %v", err)
	}
}

func TestKerberosWithMessageEncryption(t *testing.T) {
	python(t)
	k := startKDC(t, "ann", kerberosPassword)
	cases := map[string]struct {
		args   []string
		scheme string
		adjust func(*wsman.Config)
	}{
		"Kerberos header":  {[]string{"--auth", "kerberos", "--header", "Kerberos", "--encrypt"}, "", nil},
		"Negotiate header": {[]string{"--auth", "negotiate", "--header", "Negotiate", "--encrypt"}, "Negotiate", nil},
		"Exchange":         {[]string{"--auth", "kerberos", "--header", "Kerberos", "--encrypt", "--exchange"}, "Kerberos", nil},
		"KDC by address, without krb5.conf": {[]string{"--auth", "kerberos", "--header", "Kerberos", "--encrypt"}, "", func(c *wsman.Config) {
			c.Kerberos.ConfigPath, c.Kerberos.KDC, c.Kerberos.Realm = "", k.address, realm
		}},
		"over TLS": {[]string{"--https", "--auth", "kerberos", "--header", "Kerberos"}, "", nil},
	}
	names := slices.Sorted(maps.Keys(cases))
	for n := 0; n < len(names); n += fixture.OneOf(2) {
		c := cases[names[n]]
		t.Run(names[n], func(t *testing.T) {
			p := startPeer(t, []string{"KRB5_CONFIG=" + k.config, "KRB5_KTNAME=FILE:" + k.keytab, "KRB5RCACHENAME=file2:" + filepath.Join(t.TempDir(), "replay")}, c.args...)
			config := signedConfig(p, wsman.Kerberos, k.account, kerberosPassword)
			config.Kerberos = wsman.KerberosConfig{ConfigPath: k.config, Scheme: c.scheme}
			if c.adjust != nil {
				c.adjust(&config)
			}
			wholeJob(t, p, config, k.account)
			if p.roots == nil {
				sealed(t, p)
			}
		})
	}
	t.Run("wrong password", func(t *testing.T) {
		p := startPeer(t, []string{"KRB5_CONFIG=" + k.config, "KRB5_KTNAME=FILE:" + k.keytab}, "--auth", "kerberos", "--header", "Kerberos", "--encrypt")
		config := signedConfig(p, wsman.Kerberos, k.account, "wr0ng")
		config.Kerberos = wsman.KerberosConfig{ConfigPath: k.config}
		_, err := tryOpen(t, config, psrp.PoolOptions{})
		var auth *wsman.AuthError
		if !errors.As(err, &auth) {
			t.Fatalf("got %v, want an AuthError", err)
		}
		if n := p.count(t, "Create"); n != 0 {
			t.Errorf("%d Creates came through", n)
		}
	})
}

const (
	ntlmPassword     = "geh\u00e4im 1"
	kerberosPassword = "Geh\u00e4im 2"
)
