package signin

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"time"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
	pkcs12 "software.sslmate.com/src/go-pkcs12"

	"postroom/session"
	"postroom/session/credential"
)

// Certificate is what an application proves itself with. Its key hides itself as a
// credential.Secret does.
type Certificate struct {
	// Subject and Expires are of the application's own certificate.
	Subject string
	Expires time.Time

	// credential is a function, so that nothing that prints a struct finds the key.
	credential func() confidential.Credential
}

// CertificateError is what is wrong with the certificate of an application.
type CertificateError struct{ fault, text string }

// Error says it.
func (e *CertificateError) Error() string { return "sign in: " + e.text }

// CertificateFault gives a word for it: missing, form, key, encrypted or passphrase.
func (e *CertificateError) CertificateFault() string { return e.fault }

// The faults of a certificate. Each is a *CertificateError.
var (
	// ErrNoCertificate: an application has none to prove itself with.
	ErrNoCertificate error = &CertificateError{"missing", "there is no certificate of the application"}
	// ErrPassphrase: the PFX opens with another passphrase, or wants one.
	ErrPassphrase error = &CertificateError{"passphrase", "the passphrase of the certificate is not right"}
	// ErrEncryptedKey: a PEM file's key is encrypted. PFX is the form for that.
	ErrEncryptedKey error = &CertificateError{"encrypted", "the key in the PEM file is encrypted; use a PFX file, or a key without a passphrase"}
	// ErrNoKey: the file has no RSA key, or none that fits its certificate.
	ErrNoKey error = &CertificateError{"key", "the file has no RSA key that fits its certificate"}
	// ErrCertificateFile: it is neither PEM nor PFX.
	ErrCertificateFile error = &CertificateError{"form", "the file is neither PEM with a certificate and its key nor PFX"}
)

// MaxCertificate is the largest file of a certificate, in bytes.
const MaxCertificate = 1 << 20

// NeedsPassphrase says that a certificate's file is a PFX, which may want one.
func NeedsPassphrase(file []byte) bool {
	block, _ := pem.Decode(file)
	return block == nil
}

// ReadCertificate reads a file: PEM with a certificate, its chain and its key in
// any order, or PFX with its passphrase. Errors: ErrPassphrase, ErrEncryptedKey,
// ErrNoKey, ErrCertificateFile.
func ReadCertificate(file []byte, passphrase credential.Secret) (Certificate, error) {
	var chain []*x509.Certificate
	var key any
	var err error
	if NeedsPassphrase(file) {
		chain, key, err = readPFX(file, passphrase)
	} else {
		chain, key, err = readPEM(file)
	}
	if err != nil {
		return Certificate{}, err
	}
	private, ok := key.(*rsa.PrivateKey)
	if !ok {
		return Certificate{}, ErrNoKey
	}
	c, err := confidential.NewCredFromCert(chain, private)
	if err != nil {
		return Certificate{}, ErrNoKey
	}
	out := Certificate{credential: func() confidential.Credential { return c }}
	for _, each := range chain {
		if public, isRSA := each.PublicKey.(*rsa.PublicKey); isRSA && public.Equal(&private.PublicKey) {
			out.Subject, out.Expires = each.Subject.String(), each.NotAfter
		}
	}
	return out, nil
}

func readPFX(file []byte, passphrase credential.Secret) ([]*x509.Certificate, any, error) {
	key, own, others, err := pkcs12.DecodeChain(file, passphrase.Reveal())
	switch {
	case errors.Is(err, pkcs12.ErrIncorrectPassword):
		return nil, nil, ErrPassphrase
	case err != nil:
		return nil, nil, fmt.Errorf("%w: %w", ErrCertificateFile, err)
	}
	return append([]*x509.Certificate{own}, others...), key, nil
}

func readPEM(file []byte) (chain []*x509.Certificate, key any, err error) {
	for block, rest := pem.Decode(file); block != nil; block, rest = pem.Decode(rest) {
		switch {
		case block.Headers["DEK-Info"] != "", block.Type == "ENCRYPTED PRIVATE KEY":
			return nil, nil, ErrEncryptedKey
		case block.Type == "CERTIFICATE":
			c, parsing := x509.ParseCertificate(block.Bytes)
			if parsing != nil {
				return nil, nil, fmt.Errorf("%w: %w", ErrCertificateFile, parsing)
			}
			chain = append(chain, c)
		case block.Type == "PRIVATE KEY":
			key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
		case block.Type == "RSA PRIVATE KEY":
			key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
		}
		if err != nil {
			return nil, nil, ErrNoKey // without the parser's text: it is about a secret
		}
	}
	switch {
	case len(chain) == 0:
		return nil, nil, ErrCertificateFile
	case key == nil:
		return nil, nil, ErrNoKey
	}
	return chain, key, nil
}

// app is an application that proves itself with its certificate.
type app struct{ certificate Certificate }

// UseCertificate lets the application of the target prove itself with a
// certificate, in place of the one before, until SignOut or the end of the program.
func (t *Tokens) UseCertificate(to session.Target, c Certificate) error {
	m, err := to.Endpoint.SignIn()
	if err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	t.forgetApplication(originOf(m))
	t.mu.Lock()
	defer t.mu.Unlock()
	t.apps[originOf(m)] = &app{certificate: c}
	return nil
}

func (t *Tokens) forgetApplication(o origin) {
	t.mu.Lock()
	delete(t.apps, o)
	t.mu.Unlock()
	t.drop(func(k tokenKey) bool { return k.origin == o && k.account == o.client })
}

// application asks for a token of the application itself: always at a tenant, as
// it has none of its own.
func (t *Tokens) application(ctx context.Context, to session.Target, key tokenKey, r session.TokenRequest) (session.Token, error) {
	t.mu.Lock()
	known := t.apps[key.origin]
	t.mu.Unlock()
	if known == nil {
		return session.Token{}, ErrNoCertificate
	}
	client, err := t.newAuthorityClient(wayOf(to, key.origin))
	if err != nil {
		return session.Token{}, err
	}
	defer client.CloseIdleConnections()
	// A new one each time: what MSAL would remember is held by us.
	c, err := confidential.New(key.authority+"/"+r.Tenant, key.client, known.certificate.credential(),
		confidential.WithHTTPClient(client), confidential.WithX5C(), confidential.WithClientCapabilities(capabilities()),
		confidential.WithInstanceDiscovery(client.known))
	if err != nil {
		return session.Token{}, fmt.Errorf("sign in at %s: %w", key.authority, err)
	}
	options := []confidential.AcquireByCredentialOption{confidential.WithTenantID(r.Tenant)}
	if r.Claims != "" {
		options = append(options, confidential.WithClaims(r.Claims))
	}
	got, err := c.AcquireTokenByCredential(ctx, []string{key.scope}, options...)
	if err != nil {
		shown := refusalOf(ctx, key.authority, err)
		if shown == nil {
			shown = &InvalidAnswerError{Authority: key.authority}
		}
		return session.Token{}, fmt.Errorf("sign in the application %s: %w", key.client, shown)
	}
	return read(got.AccessToken, key.client, got.ExpiresOn, r.Tenant)
}
