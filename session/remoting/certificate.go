package remoting

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // a thumbprint is a name that everybody uses, no proof
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"strings"
	"time"

	"postroom/session/clixml"
	"postroom/session/result"
)

// certificateOf reads the certificate of a row that has one as bytes: Exchange sends
// Get-ExchangeCertificate's objects so, without what people want to know of them. nil
// when the row has none, or one that cannot be read.
func certificateOf(s *clixml.RowScanner) *x509.Certificate {
	if !bytes.Contains(s.TypeName(), []byte("Certificate")) {
		return nil
	}
	cells := s.Cells()
	for i := range cells {
		if cells[i].Kind == clixml.KindBytes && string(cells[i].Name) == "RawData" {
			c, err := x509.ParseCertificate(cells[i].Bytes)
			if err != nil {
				return nil //nolint:nilerr // its bytes are in the row all the same
			}
			return c
		}
	}
	return nil
}

// appendCertificate adds what a certificate says, under the names that Exchange has for
// it, but for what the server sent itself.
func appendCertificate(to result.Appender, c *x509.Certificate, sent []clixml.Cell) {
	has := map[string]bool{}
	for i := range sent {
		has[strings.ToLower(string(sent[i].Name))] = true
	}
	missing := func(name string) bool { return !has[strings.ToLower(name)] }
	sha1Sum, sha256Sum := sha1.Sum(c.Raw), sha256.Sum256(c.Raw) //nolint:gosec // as above
	algorithm, bits := publicKey(c)
	for _, text := range []struct{ name, value string }{
		{"Subject", distinguishedName(c.RawSubject)},
		{"Issuer", distinguishedName(c.RawIssuer)},
		{"Thumbprint", thumbprint(sha1Sum[:])},
		{"ThumbprintSHA256", thumbprint(sha256Sum[:])},
		{"SerialNumber", thumbprint(c.SerialNumber.Bytes())},
		{"KeyAlgorithm", algorithm},
	} {
		if missing(text.name) {
			to.Text([]byte(text.name), []byte(text.value))
		}
	}
	for _, date := range []struct {
		name  string
		value time.Time
	}{{"NotBefore", c.NotBefore}, {"NotAfter", c.NotAfter}} {
		if missing(date.name) {
			to.Time([]byte(date.name), result.Time{Ticks: clixml.DateTimeOf(date.value.UTC()).Ticks, Kind: result.TimeUTC})
		}
	}
	if missing("CertificateDomains") {
		var items [][]byte
		for _, name := range certificateNames(c) {
			items = append(items, []byte(name))
		}
		to.List([]byte("CertificateDomains"), items, nil)
	}
	if missing("PublicKeySize") && bits > 0 {
		to.Int([]byte("PublicKeySize"), int64(bits))
	}
	if missing("IsSelfSigned") {
		to.Bool([]byte("IsSelfSigned"), bytes.Equal(c.RawSubject, c.RawIssuer))
	}
}

func thumbprint(b []byte) string { return strings.ToUpper(hex.EncodeToString(b)) }

// certificateNames are the names that a certificate is for: those of its list, else the
// common name, as Exchange has them.
func certificateNames(c *x509.Certificate) []string {
	names := append([]string(nil), c.DNSNames...)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) == 0 && c.Subject.CommonName != "" {
		names = []string{c.Subject.CommonName}
	}
	return names
}

// publicKey names the algorithm and gives the size of the key in bits, 0 when it is not
// known.
func publicKey(c *x509.Certificate) (algorithm string, bits int) {
	switch key := c.PublicKey.(type) {
	case *rsa.PublicKey:
		return "RSA", key.N.BitLen()
	case *ecdsa.PublicKey:
		return "ECDSA", key.Curve.Params().BitSize
	}
	return c.PublicKeyAlgorithm.String(), 0
}

// distinguishedName writes a name as .NET does: CN=a, OU=b, O=c.
func distinguishedName(raw []byte) string {
	var names pkix.RDNSequence
	if rest, err := asn1.Unmarshal(raw, &names); err != nil || len(rest) > 0 {
		return ""
	}
	var parts []string
	for i := len(names) - 1; i >= 0; i-- {
		parts = append(parts, pkix.RDNSequence{names[i]}.String())
	}
	return strings.Join(parts, ", ")
}
