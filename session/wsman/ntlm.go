package wsman

import (
	"context"
	"crypto"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	_ "crypto/sha256" // hashes of certificates, for channel bindings
	_ "crypto/sha512"

	"github.com/bodgit/ntlmssp"

	"postroom/session/credential"
)

// NTLM's flags of what a session can do (MS-NLMP 2.2.2.5).
const (
	ntlmSign     = 0x00000010
	ntlmSeal     = 0x00000020
	ntlmExtended = 0x00080000
	ntlm128      = 0x20000000
	ntlmKeyExch  = 0x40000000
)

var (
	errChallenge   = errors.New("ntlm: the server's challenge cannot be read")
	errNTLMMessage = errors.New("ntlm: a sealed message is too short")
	errWeakNTLM    = errors.New("ntlm: the server does not agree to strong message encryption")
)

// ntlmMechanism signs a connection in by bodgit/ntlmssp, whose client does
// NTLMv2 only.
type ntlmMechanism struct {
	client *ntlmssp.Client
	cert   *x509.Certificate
	flags  uint32
	said   bool
}

func newNTLMMechanism(c credential.Credential, cert *x509.Certificate) (*ntlmMechanism, error) {
	user, domain := c.User, ""
	if d, u, ok := strings.Cut(c.User, `\`); ok {
		user, domain = u, d
	}
	client, err := ntlmssp.NewClient(ntlmssp.SetUserInfo(user, c.Secret.Reveal()), ntlmssp.SetDomain(domain))
	if err != nil {
		return nil, &AuthError{Auth: NTLM, Err: err}
	}
	return &ntlmMechanism{client: client, cert: cert}, nil
}

func (m *ntlmMechanism) bind(cert *x509.Certificate) { m.cert = cert }

func (m *ntlmMechanism) spoken() bool { return m.said }

func (m *ntlmMechanism) Step(_ context.Context, token []byte) (out []byte, err error) {
	if m.said {
		return nil, nil // what a server says after our last token has no content
	}
	if token != nil {
		if len(token) < 32 || string(token[:8]) != "NTLMSSP\x00" || token[8] != 2 {
			return nil, errChallenge
		}
		m.flags = binary.LittleEndian.Uint32(token[20:])
		m.said = true
	}
	defer func() {
		if recover() != nil { // the library trusts the lengths in a challenge
			out, err = nil, errChallenge
		}
	}()
	if out, err = m.client.Authenticate(token, m.bindings()); err != nil {
		return nil, fmt.Errorf("ntlm: %w", err)
	}
	return out, nil
}

// bindings ties the sign-in to the TLS connection (RFC 5929 section 4).
func (m *ntlmMechanism) bindings() *ntlmssp.ChannelBindings {
	hash := endpointHash(m.cert)
	if hash == nil {
		return nil
	}
	return &ntlmssp.ChannelBindings{ApplicationData: append([]byte(ntlmssp.TLSServerEndPoint+":"), hash...)}
}

// endpointHash is the hash of a certificate for tls-server-end-point.
func endpointHash(cert *x509.Certificate) []byte {
	if cert == nil {
		return nil
	}
	h := crypto.SHA256
	switch cert.SignatureAlgorithm {
	case x509.SHA384WithRSA, x509.SHA384WithRSAPSS, x509.ECDSAWithSHA384:
		h = crypto.SHA384
	case x509.SHA512WithRSA, x509.SHA512WithRSAPSS, x509.ECDSAWithSHA512:
		h = crypto.SHA512
	}
	d := h.New()
	d.Write(cert.Raw)
	return d.Sum(nil)
}

// sealer refuses what the server has weakened: without the seal flag the
// library would send the text as it is, with a signature beside it.
func (m *ntlmMechanism) sealer() (sealer, error) {
	const need = ntlmSign | ntlmSeal | ntlmExtended | ntlm128 | ntlmKeyExch
	s := m.client.SecuritySession()
	if m.flags&need != need || s == nil {
		return nil, fmt.Errorf("%w: %w", ErrClearText, errWeakNTLM)
	}
	return ntlmSealer{s}, nil
}

type ntlmSealer struct{ s *ntlmssp.SecuritySession }

func (n ntlmSealer) seal(plain []byte) (signature, sealed []byte, err error) {
	sealed, signature, err = n.s.Wrap(plain)
	return signature, sealed, err
}

func (n ntlmSealer) open(signature, sealed []byte) ([]byte, error) {
	if len(signature) != 16 {
		return nil, errNTLMMessage
	}
	return n.s.Unwrap(sealed, signature)
}
