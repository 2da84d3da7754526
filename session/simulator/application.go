package simulator

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"sync"
	"time"

	"postroom/session/atomicfile"
	"postroom/session/simulator/exchange"
)

// application is the program that signs in at the authority: as somebody's, or
// by its own certificate. Its key is also the one by which secrets are sent to
// the REST door.
type application struct {
	id          string
	key         *rsa.PrivateKey
	certificate *x509.Certificate
}

// applicationKey is the key of the applications of all servers of this process, as
// making one takes long.
var applicationKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

func newApplication(now time.Time) (*application, error) {
	key, err := applicationKey()
	if err != nil {
		return nil, fmt.Errorf("simulator: key of the application: %w", err)
	}
	serial, err := newSerial()
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "Postroom simulator application"}, NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(0, 1, 0),
		KeyUsage: x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, fmt.Errorf("simulator: certificate of the application: %w", err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("simulator: certificate of the application: %w", err)
	}
	return &application{id: exchange.GUID("postroom simulator application"), key: key, certificate: certificate}, nil
}

// save writes certificate and key as PEM, for its owner's eyes.
func (a *application) save(path string) error {
	key, err := x509.MarshalPKCS8PrivateKey(a.key)
	if err != nil {
		return fmt.Errorf("simulator: key of the application: %w", err)
	}
	b := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Raw})
	b = append(b, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})...)
	if err := atomicfile.Replace(path, atomicfile.Private, func(w io.Writer) error {
		_, writing := w.Write(b)
		return writing
	}); err != nil {
		return fmt.Errorf("simulator: certificate of the application: %w", err)
	}
	return nil
}

// xmlKey is the public key as .NET writes one.
func (a *application) xmlKey() string {
	text := base64.StdEncoding.EncodeToString
	return "<RSAKeyValue><Modulus>" + text(a.key.N.Bytes()) + "</Modulus><Exponent>" + text(big.NewInt(int64(a.key.E)).Bytes()) + "</Exponent></RSAKeyValue>"
}

// reveal reads a secret that was sent to the REST door: base64 of RSA PKCS #1
// v1.5.
func (a *application) reveal(text string) (string, error) {
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return "", fmt.Errorf("simulator: secret: %w", err)
	}
	//lint:ignore SA1019 the service takes secrets in this form and no other
	plain, err := rsa.DecryptPKCS1v15(nil, a.key, b)
	if err != nil {
		return "", fmt.Errorf("simulator: secret: %w", err)
	}
	return string(plain), nil
}
