package wsman

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/jcmturner/gokrb5/v8/crypto/etype"
	"github.com/jcmturner/gokrb5/v8/iana/etypeID"
	"github.com/jcmturner/gokrb5/v8/iana/keyusage"
	"github.com/jcmturner/gokrb5/v8/types"
)

var (
	errWrapToken = errors.New("kerberos: a sealed message is damaged")
	errSequence  = errors.New("kerberos: a sealed message is out of order")
)

// kerberosSealer makes the wrap tokens of RFC 4121 4.2, with confidentiality.
// WS-Man cuts a token in two, as Windows' EncryptMessage does: header, trailer
// and confounder are the signature, the rest is as long as the plain text.
type kerberosSealer struct {
	key         types.EncryptionKey
	etype       etype.EType
	acceptorKey bool
	out, in     uint64 // next sequence numbers
}

const (
	wrapHeader   = 16
	flagAcceptor = 1 // sent by the server
	flagSealed   = 2
	flagSubkey   = 4 // the server's subkey is used
)

// isCFX says whether the key is of a kind that RFC 4121 seals without padding:
// the AES ones.
func (s *kerberosSealer) isCFX() bool {
	switch s.key.KeyType {
	case etypeID.AES128_CTS_HMAC_SHA1_96, etypeID.AES256_CTS_HMAC_SHA1_96,
		etypeID.AES128_CTS_HMAC_SHA256_128, etypeID.AES256_CTS_HMAC_SHA384_192:
		return true
	}
	return false
}

func (s *kerberosSealer) header(flags byte, rotation int, sequence uint64) []byte {
	h := make([]byte, wrapHeader)
	h[0], h[1], h[2], h[3] = 5, 4, flags, 0xff
	if s.acceptorKey {
		h[2] |= flagSubkey
	}
	binary.BigEndian.PutUint16(h[6:], uint16(rotation)) //nolint:gosec // some dozen
	binary.BigEndian.PutUint64(h[8:], sequence)
	return h
}

func (s *kerberosSealer) seal(plain []byte) (signature, sealed []byte, err error) {
	message := make([]byte, 0, len(plain)+wrapHeader)
	message = append(message, plain...)
	message = append(message, s.header(flagSealed, 0, s.out)...)
	_, text, err := s.etype.EncryptMessage(s.key.KeyValue, message, keyusage.GSSAPI_INITIATOR_SEAL)
	if err != nil {
		return nil, nil, fmt.Errorf("kerberos: sealing: %w", err)
	}
	rotation := wrapHeader + s.etype.GetHMACBitLength()/8
	signature = s.header(flagSealed, rotation, s.out)
	signature = append(signature, text[len(text)-rotation:]...)
	front := s.etype.GetConfounderByteSize()
	signature = append(signature, text[:front]...)
	s.out++
	return signature, text[front : len(text)-rotation], nil
}

func (s *kerberosSealer) open(signature, sealed []byte) ([]byte, error) {
	token := append(bytes.Clone(signature), sealed...)
	least := 2*wrapHeader + s.etype.GetConfounderByteSize() + s.etype.GetHMACBitLength()/8
	if len(token) < least || token[0] != 5 || token[1] != 4 || token[3] != 0xff {
		return nil, errWrapToken
	}
	h, text := bytes.Clone(token[:wrapHeader]), token[wrapHeader:]
	want := byte(flagAcceptor | flagSealed)
	if s.acceptorKey {
		want |= flagSubkey
	}
	if h[2] != want {
		return nil, errWrapToken
	}
	extra := int(binary.BigEndian.Uint16(h[4:]))
	rotation := int(binary.BigEndian.Uint16(h[6:])) % len(text)
	rotated := append(bytes.Clone(text[rotation:]), text[:rotation]...)
	plain, err := s.etype.DecryptMessage(s.key.KeyValue, rotated, keyusage.GSSAPI_ACCEPTOR_SEAL)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errWrapToken, err)
	}
	h[6], h[7] = 0, 0 // the copy inside was made before the rotation
	end := len(plain) - wrapHeader
	if end < extra || !bytes.Equal(plain[end:], h) {
		return nil, errWrapToken
	}
	if binary.BigEndian.Uint64(h[8:]) != s.in {
		return nil, errSequence
	}
	s.in++
	return plain[:end-extra], nil
}
