package endpoint

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Authority is one or more certificates, as PEM, that may sign the certificate
// of an endpoint's server beside those that the system knows. It is public.
type Authority string

// AuthorityMost is the size of a file of certificates that is read, in bytes: a company's whole
// bundle has some hundred thousand.
const AuthorityMost = 1 << 20

// The errors of ReadAuthority.
var (
	ErrNoCertificate = errors.New("endpoint: no certificate is in the file")
	ErrPrivateKey    = errors.New("endpoint: a private key is in the file")
	ErrAuthorityLong = errors.New("endpoint: the file is too long for certificates")
)

// ReadAuthority reads a file of certificates, PEM or one in DER. A file that
// also has a private key is refused: it is not one to hand on.
func ReadAuthority(r io.Reader) (Authority, error) {
	b, err := io.ReadAll(io.LimitReader(r, AuthorityMost+1))
	switch {
	case err != nil:
		return "", fmt.Errorf("read certificates: %w", err)
	case len(b) > AuthorityMost:
		return "", ErrAuthorityLong
	}
	if !bytes.Contains(b, []byte("-----BEGIN ")) {
		b = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: b})
	}
	a, err := parseAuthority(b)
	if err != nil {
		return "", err
	}
	return a, nil
}

func parseAuthority(b []byte) (Authority, error) {
	var out strings.Builder
	for {
		block, rest := pem.Decode(b)
		if block == nil {
			break
		}
		b = rest
		switch {
		case strings.HasSuffix(block.Type, "PRIVATE KEY"):
			return "", ErrPrivateKey
		case block.Type != "CERTIFICATE":
			continue // parameters, requests
		}
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			return "", fmt.Errorf("%w: %w", ErrNoCertificate, err)
		}
		out.Write(pem.EncodeToMemory(&pem.Block{Type: block.Type, Bytes: block.Bytes}))
	}
	if out.Len() == 0 {
		return "", ErrNoCertificate
	}
	return Authority(out.String()), nil
}

// Certificates are those of the authority, in their order.
func (a Authority) Certificates() []*x509.Certificate {
	var all []*x509.Certificate
	for b := []byte(a); ; {
		block, rest := pem.Decode(b)
		if block == nil {
			return all
		}
		if c, err := x509.ParseCertificate(block.Bytes); err == nil {
			all = append(all, c)
		}
		b = rest
	}
}

// Fingerprint is a certificate's SHA-256, in pairs of hexadecimal digits, as
// administrators compare it.
func Fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	pairs := make([]string, len(sum))
	for i, b := range sum {
		pairs[i] = fmt.Sprintf("%02X", b)
	}
	return strings.Join(pairs, ":")
}

// Roots are what may sign the certificate of the endpoint's server: base, nil
// for the system's, and the endpoint's own authority.
func (e Endpoint) Roots(base *x509.CertPool) (*x509.CertPool, error) {
	if e.Authority == "" {
		return base, nil
	}
	roots, err := base, error(nil)
	if base == nil {
		roots, err = x509.SystemCertPool()
	}
	if err != nil {
		return nil, fmt.Errorf("read the system's certificates: %w", err)
	}
	roots = roots.Clone()
	for _, c := range e.Authority.Certificates() {
		roots.AddCert(c)
	}
	return roots, nil
}
