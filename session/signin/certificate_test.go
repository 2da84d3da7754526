package signin_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"postroom/session"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/signin"
)

// identity is a certificate with its key, as PEM blocks.
type identity struct{ certificate, pkcs8, pkcs1 []byte }

func newIdentity(t testing.TB, name string) identity {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	block := func(kind string, b []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: b}) }
	return identity{block("CERTIFICATE", der), block("PRIVATE KEY", pkcs8), block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key))}
}

func join(parts ...[]byte) []byte {
	var all []byte
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

func TestCertificatesAsPEM(t *testing.T) {
	t.Parallel()
	own, other := newIdentity(t, "own"), newIdentity(t, "other")
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(curve)
	if err != nil {
		t.Fatal(err)
	}
	ec := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	encrypted := pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte("x")})
	old := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Headers: map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-256-CBC,00"}, Bytes: []byte("x")})
	broken := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("x")})
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"certificate, key":         {join(own.certificate, own.pkcs8), nil},
		"key, chain":               {join(own.pkcs1, other.certificate, own.certificate), nil},
		"text around":              {join([]byte("Bag Attributes\n"), own.pkcs8, []byte("subject=x\n"), own.certificate), nil},
		"no key":                   {own.certificate, signin.ErrNoKey},
		"no certificate":           {own.pkcs8, signin.ErrCertificateFile},
		"another's key":            {join(own.certificate, other.pkcs8), signin.ErrNoKey},
		"a key of a curve":         {join(own.certificate, ec), signin.ErrNoKey},
		"an encrypted key":         {join(own.certificate, encrypted), signin.ErrEncryptedKey},
		"an encrypted key of 1993": {join(own.certificate, old), signin.ErrEncryptedKey},
		"a broken key":             {join(own.certificate, broken), signin.ErrNoKey},
		"something else":           {[]byte("hello"), signin.ErrCertificateFile},
		"nothing":                  {nil, signin.ErrCertificateFile},
	} {
		got, err := signin.ReadCertificate(c.file, credential.Secret{})
		if !errors.Is(err, c.want) || err == nil && (got.Subject != "CN=own" || time.Until(got.Expires) > time.Hour) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if text := fmt.Sprintf("%v %+v %#v", got, got, got); len(text) > 400 || strings.Contains(text, "PrivateKey") {
			t.Errorf("%s: a key is printed", name)
		}
	}
}

// PFX files are made by openssl, in the form of today and in that of Windows
// Server 2016.
func TestCertificatesAsPFX(t *testing.T) {
	t.Parallel()
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("there is no openssl")
	}
	dir := t.TempDir()
	own := newIdentity(t, "own")
	in := filepath.Join(dir, "own.pem")
	if err := os.WriteFile(in, join(own.certificate, own.pkcs8), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, flags := range map[string][]string{
		"AES": nil, "3DES": {"-certpbe", "PBE-SHA1-3DES", "-keypbe", "PBE-SHA1-3DES", "-macalg", "sha1"},
	} {
		out := filepath.Join(dir, name+".pfx")
		args := append([]string{"pkcs12", "-export", "-in", in, "-out", out, "-passout", "pass:geheim ä"}, flags...)
		if said, err := exec.CommandContext(t.Context(), openssl, args...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", name, err, said)
		}
		file, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		if !signin.NeedsPassphrase(file) {
			t.Errorf("%s: it is no PFX", name)
		}
		got, err := signin.ReadCertificate(file, credential.NewSecret("geheim ä"))
		if err != nil || got.Subject != "CN=own" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		for _, wrong := range []string{"", "geheim"} {
			if _, err := signin.ReadCertificate(file, credential.NewSecret(wrong)); !errors.Is(err, signin.ErrPassphrase) {
				t.Errorf("%s: opened by %q: %v", name, wrong, err)
			}
		}
	}
}

// application is a target that an application of its own certificate signs in to.
func (a *scripted) application(p *process) session.Target {
	a.t.Helper()
	own := newIdentity(a.t, "own")
	c, err := signin.ReadCertificate(join(own.certificate, own.pkcs8), credential.Secret{})
	if err != nil {
		a.t.Fatal(err)
	}
	app := a.target("")
	app.Auth = endpoint.AuthApp
	if err := p.UseCertificate(app, c); err != nil {
		a.t.Fatal(err)
	}
	return app
}

// An application that was refused asks anew, always at the tenant and with its
// certificate in the assertion.
func TestAnApplicationAsksAtItsTenant(t *testing.T) {
	t.Parallel()
	a := newScripted(t)
	p := newProcess(t.TempDir(), nil)
	app := a.application(p)
	var got []session.Token
	for _, r := range []session.TokenRequest{{}, {}, {Fresh: true}, {Claims: `{"access_token":{}}`}} {
		r.Tenant = otherID
		each, err := p.Token(t.Context(), app, r)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, each)
	}
	if !got[1].Secret.Equal(got[0].Secret) || got[2].Secret.Equal(got[1].Secret) || got[3].Secret.Equal(got[2].Secret) {
		t.Error("what was held is asked for, or what was refused is given")
	}
	asks := a.asks()
	if len(asks) != 3 {
		t.Errorf("%d requests", len(asks))
	}
	for _, form := range asks {
		if form.Get("tenant") != otherID || form.Get("grant_type") != "client_credentials" || strings.Count(form.Get("client_assertion"), ".") != 2 {
			t.Errorf("%v", form)
		}
	}
	a.set(refuse(401, map[string]any{"error": "invalid_client", "error_description": "AADSTS700027: expired", "error_codes": []int{700027}}))
	var said *signin.AuthorityError
	if _, err := p.Token(t.Context(), app, session.TokenRequest{Tenant: homeID}); !errors.As(err, &said) || said.Number != 700027 || said.Status != 401 {
		t.Errorf("the certificate is over: %v", err)
	}
	if notices := p.notices(); len(notices) > 0 {
		t.Errorf("an application keeps nothing: %v", notices)
	}
}
