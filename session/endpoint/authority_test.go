package endpoint_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"strings"
	"testing"
	"time"

	"postroom/session/endpoint"
)

// authority is a certificate that signs itself, in DER, and its key.
func authority(t *testing.T, name string) (cert, key []byte) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	if cert, err = x509.CreateCertificate(rand.Reader, c, c, k.Public(), k); err != nil {
		t.Fatal(err)
	}
	if key, err = x509.MarshalPKCS8PrivateKey(k); err != nil {
		t.Fatal(err)
	}
	return cert, key
}

func pemOf(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func TestAuthoritiesAreReadAsPeopleHaveThem(t *testing.T) {
	one, key := authority(t, "Contoso Root")
	two, _ := authority(t, "Contoso Issuing")
	bundle := append(append([]byte("# ours\n"), pemOf("CERTIFICATE", one)...), pemOf("CERTIFICATE", two)...)
	for name, c := range map[string]struct {
		file  []byte
		names string
		err   error
	}{
		"DER":            {one, "Contoso Root", nil},
		"PEM":            {pemOf("CERTIFICATE", one), "Contoso Root", nil},
		"a bundle":       {bundle, "Contoso Root Contoso Issuing", nil},
		"CRLF":           {bytes.ReplaceAll(bundle, []byte("\n"), []byte("\r\n")), "Contoso Root Contoso Issuing", nil},
		"with its key":   {append(pemOf("CERTIFICATE", one), pemOf("PRIVATE KEY", key)...), "", endpoint.ErrPrivateKey},
		"a request":      {pemOf("CERTIFICATE REQUEST", one), "", endpoint.ErrNoCertificate},
		"nothing":        {nil, "", endpoint.ErrNoCertificate},
		"something else": {[]byte("%PDF-1.7 and so on"), "", endpoint.ErrNoCertificate},
		"torn":           {pemOf("CERTIFICATE", one[:40]), "", endpoint.ErrNoCertificate},
		"much too long":  {bytes.Repeat([]byte("x"), 3<<20), "", endpoint.ErrAuthorityLong},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := endpoint.ReadAuthority(bytes.NewReader(c.file))
			if !errors.Is(err, c.err) {
				t.Fatalf("error %v, want %v", err, c.err)
			}
			var names []string
			for _, x := range a.Certificates() {
				names = append(names, x.Subject.CommonName)
			}
			if got := strings.Join(names, " "); got != c.names {
				t.Errorf("certificates of %q, want %q", got, c.names)
			}
		})
	}
	// A file without an end, such as /dev/zero, ends in a sentence.
	if _, err := endpoint.ReadAuthority(zeros{}); !errors.Is(err, endpoint.ErrAuthorityLong) {
		t.Errorf("a file without an end gives %v", err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

var _ io.Reader = zeros{}

// TestAnEndpointTrustsItsOwnAuthorityBesideOthers, and keeps it through its file.
func TestAnEndpointTrustsItsOwnAuthorityBesideOthers(t *testing.T) {
	one, _ := authority(t, "Contoso Root")
	a, err := endpoint.ReadAuthority(bytes.NewReader(one))
	if err != nil {
		t.Fatal(err)
	}
	e := endpoint.Endpoint{Name: "Mine", Authority: a}
	b, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var back endpoint.Endpoint
	if err := json.Unmarshal(b, &back); err != nil || back.Authority != a {
		t.Errorf("read back it is %q, %v", back.Authority, err)
	}
	cert := a.Certificates()[0]
	base := x509.NewCertPool()
	roots, err := e.Roots(base)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cert.Verify(x509.VerifyOptions{Roots: roots}); err != nil {
		t.Error(err)
	}
	if _, err := cert.Verify(x509.VerifyOptions{Roots: base}); err == nil {
		t.Error("the authority of one endpoint is trusted by the others too")
	}
	if same, err := (endpoint.Endpoint{}).Roots(base); err != nil || same != base {
		t.Errorf("without an authority of its own it trusts %p, %v", same, err)
	}
	if got := endpoint.Fingerprint(cert); len(got) != 32*3-1 || strings.ToUpper(got) != got {
		t.Errorf("the fingerprint is %s", got)
	}
}
