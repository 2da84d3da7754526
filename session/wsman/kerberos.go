package wsman

import (
	"context"
	"crypto/md5" //nolint:gosec // RFC 4121 4.1.1.2 has it so
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/jcmturner/gokrb5/v8/asn1tools"
	"github.com/jcmturner/gokrb5/v8/crypto"
	"github.com/jcmturner/gokrb5/v8/gssapi"
	"github.com/jcmturner/gokrb5/v8/iana/chksumtype"
	"github.com/jcmturner/gokrb5/v8/iana/etypeID"
	"github.com/jcmturner/gokrb5/v8/iana/flags"
	"github.com/jcmturner/gokrb5/v8/iana/keyusage"
	"github.com/jcmturner/gokrb5/v8/messages"
	"github.com/jcmturner/gokrb5/v8/spnego"
	"github.com/jcmturner/gokrb5/v8/types"
)

var (
	errNoProof     = errors.New("kerberos: the server did not prove who it is")
	errWrongProof  = errors.New("kerberos: the server's proof is for another request")
	errSPNEGO      = errors.New("kerberos: the server refused the ticket")
	errServerToken = errors.New("kerberos: the server's token is of an unknown kind")
	errUnsupported = errors.New("kerberos: message encryption with this kind of key is not supported")
)

// apReqHead is the DER of Kerberos' object id, 1.2.840.113554.1.2.2, and the
// mark of an AP-REQ (RFC 4121 4.1).
const apReqHead = "\x06\x09\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x01\x00"

const gssFlags = gssapi.ContextFlagMutual | gssapi.ContextFlagReplay | gssapi.ContextFlagSequence |
	gssapi.ContextFlagConf | gssapi.ContextFlagInteg

// kerberosMechanism shows a ticket to the service and reads its answer (RFC
// 4120 3.2, RFC 4121 4.1). The library has the messages and the ciphers; the
// server's half of the exchange and the sealing it does not have.
type kerberosMechanism struct {
	tickets   *tickets
	spn       string
	negotiate bool // the token travels in SPNEGO
	cert      *x509.Certificate

	said    bool
	proved  bool
	session types.EncryptionKey // of the ticket
	auth    types.Authenticator
	reply   messages.EncAPRepPart
}

func newKerberosMechanism(t *tickets, k KerberosConfig, u *url.URL, scheme string, cert *x509.Certificate) *kerberosMechanism {
	return &kerberosMechanism{
		tickets: t, spn: orDefault(k.SPN, "HTTP/"+u.Hostname()), negotiate: scheme != "Kerberos", cert: cert,
	}
}

func (m *kerberosMechanism) spoken() bool { return m.said }

func (m *kerberosMechanism) Step(ctx context.Context, token []byte) ([]byte, error) {
	if m.said {
		return nil, m.answered(token)
	}
	t, err := m.tickets.get(ctx, m.spn)
	if err != nil {
		return nil, err
	}
	m.said = true
	out, err := m.request(t)
	if err != nil {
		return nil, fmt.Errorf("kerberos: %w", err)
	}
	return out, nil
}

// request is the AP-REQ in its GSS-API frame, and in SPNEGO if that is asked
// for.
func (m *kerberosMechanism) request(t *ticket) ([]byte, error) {
	var err error
	if m.auth, err = types.NewAuthenticator(t.who.Domain(), t.who.CName()); err != nil {
		return nil, err
	}
	// The library's own size of keys is wrong for AES with SHA-384.
	if err := m.auth.GenerateSeqNumberAndSubKey(t.key.KeyType, len(t.key.KeyValue)); err != nil {
		return nil, err
	}
	m.auth.Cksum = types.Checksum{CksumType: chksumtype.GSSAPI, Checksum: gssChecksum(m.cert)}
	m.session = t.key
	req, err := messages.NewAPReq(t.Ticket, t.key, m.auth)
	if err != nil {
		return nil, err
	}
	types.SetFlag(&req.APOptions, flags.APOptionMutualRequired)
	b, err := req.Marshal()
	if err != nil {
		return nil, err
	}
	token := asn1tools.AddASNAppTag(append([]byte(apReqHead), b...), 0)
	if !m.negotiate {
		return token, nil
	}
	first := spnego.NegTokenInit{MechTokenBytes: token}
	first.MechTypes = append(first.MechTypes, gssapi.OIDKRB5.OID(), gssapi.OIDMSLegacyKRB5.OID())
	return (&spnego.SPNEGOToken{Init: true, NegTokenInit: first}).Marshal()
}

// gssChecksum is the "checksum" of RFC 4121 4.1.1: channel bindings, and what
// the connection is to do.
func gssChecksum(cert *x509.Certificate) []byte {
	b := make([]byte, 24)
	binary.LittleEndian.PutUint32(b, 16)
	if hash := endpointHash(cert); hash != nil {
		data := append([]byte("tls-server-end-point:"), hash...)
		bindings := make([]byte, 16, 20+len(data)) // no addresses
		bindings = binary.LittleEndian.AppendUint32(bindings, uint32(len(data)))
		sum := md5.Sum(append(bindings, data...)) //nolint:gosec // as above
		copy(b[4:], sum[:])
	}
	binary.LittleEndian.PutUint32(b[20:], gssFlags)
	return b
}

// answered reads what the server says after our token: its proof, or an error.
func (m *kerberosMechanism) answered(token []byte) error {
	if m.negotiate {
		isInit, resp, err := spnego.UnmarshalNegToken(token)
		if err != nil {
			return fmt.Errorf("kerberos: %w", err)
		}
		r, ok := resp.(spnego.NegTokenResp)
		if isInit || !ok {
			return errServerToken
		}
		if token = r.ResponseToken; len(token) == 0 {
			if r.State() == spnego.NegStateReject {
				return errSPNEGO
			}
			return nil
		}
	}
	var t spnego.KRB5Token
	if err := t.Unmarshal(token); err != nil {
		return fmt.Errorf("kerberos: %w", err)
	}
	switch {
	case t.IsKRBError():
		return fmt.Errorf("kerberos: the server says: %w", t.KRBError)
	case t.IsAPRep():
		return m.verify(t.APRep)
	}
	return errServerToken
}

// verify checks the AP-REP, that the library only parses.
func (m *kerberosMechanism) verify(rep messages.APRep) error {
	plain, err := crypto.DecryptEncPart(rep.EncPart, m.session, keyusage.AP_REP_ENCPART)
	if err != nil {
		return fmt.Errorf("%w: %w", errWrongProof, err)
	}
	if err := m.reply.Unmarshal(plain); err != nil {
		return fmt.Errorf("%w: %w", errWrongProof, err)
	}
	if !m.reply.CTime.Equal(m.auth.CTime.Truncate(time.Second)) || m.reply.Cusec != m.auth.Cusec {
		return errWrongProof
	}
	m.proved = true
	return nil
}

// sealer has the keys: the server's if it gave one, else ours. With RC4, which
// is older than servers' keys, ours stands (RFC 4757 7, and what MIT does).
func (m *kerberosMechanism) sealer() (sealer, error) {
	if !m.proved {
		return nil, errNoProof
	}
	in := uint32(m.reply.SequenceNumber) //nolint:gosec // it has 32 bits, on the wire with or without a sign
	if m.auth.SubKey.KeyType == etypeID.RC4_HMAC {
		return &rc4Sealer{key: m.auth.SubKey.KeyValue, out: uint32(m.auth.SeqNumber), in: in}, nil //nolint:gosec // as above
	}
	s := &kerberosSealer{key: m.auth.SubKey, out: uint64(m.auth.SeqNumber), in: uint64(in)} //nolint:gosec // as above
	if len(m.reply.Subkey.KeyValue) > 0 {
		s.key, s.acceptorKey = m.reply.Subkey, true
	}
	etype, err := crypto.GetEtype(s.key.KeyType)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errUnsupported, err)
	}
	s.etype = etype
	if !s.isCFX() {
		return nil, fmt.Errorf("%w: type %d", errUnsupported, s.key.KeyType)
	}
	return s, nil
}
