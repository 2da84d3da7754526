package wsman

import (
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // RFC 4757 has it so
	"crypto/rand"
	"crypto/rc4" //nolint:gosec // as above
	"encoding/binary"
	"fmt"
)

// rc4Sealer makes the wrap tokens of RFC 4757 7.3. Domains whose service
// account has no AES keys, as Exchange's shared account often has not, give
// tickets of this kind and no other.
type rc4Sealer struct {
	key     []byte
	out, in uint32 // next sequence numbers
}

const (
	rc4Mech       = "\x06\x09\x2a\x86\x48\x86\xf7\x12\x01\x02\x02" // Kerberos' object id
	rc4Head       = "\x02\x01\x11\x00\x10\x00\xff\xff"             // wrap, HMAC, RC4, filler
	rc4Confounder = 8
	rc4Token      = 32 // head, sequence, checksum, confounder
	rc4Usage      = 13 // the salt of sealing
)

func hmacMD5(key []byte, parts ...[]byte) []byte {
	h := hmac.New(md5.New, key)
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

// crypt runs RC4 over b in place.
func crypt(key, b []byte) error {
	c, err := rc4.NewCipher(key) //nolint:gosec // as above
	if err != nil {
		return fmt.Errorf("kerberos: %w", err)
	}
	c.XORKeyStream(b, b)
	return nil
}

func (s *rc4Sealer) checksum(confounder, padded []byte) []byte {
	h := md5.New() //nolint:gosec // as above
	h.Write([]byte{rc4Usage, 0, 0, 0})
	h.Write([]byte(rc4Head))
	h.Write(confounder)
	h.Write(padded)
	return hmacMD5(hmacMD5(s.key, []byte("signaturekey\x00")), h.Sum(nil))[:8]
}

// sealKey is the key for one message.
func (s *rc4Sealer) sealKey(sequence []byte) []byte {
	local := make([]byte, len(s.key))
	for i, b := range s.key {
		local[i] = b ^ 0xf0
	}
	return hmacMD5(hmacMD5(local, make([]byte, 4)), sequence)
}

func (s *rc4Sealer) sequenceKey(checksum []byte) []byte {
	return hmacMD5(hmacMD5(s.key, make([]byte, 4)), checksum)
}

// seal pads by one byte, which then belongs to the length of the message.
func (s *rc4Sealer) seal(plain []byte) (signature, sealed []byte, err error) {
	text := make([]byte, rc4Confounder, rc4Confounder+len(plain)+1)
	rand.Read(text) //nolint:errcheck // never fails, by its documentation
	text = append(append(text, plain...), 1)
	sum := s.checksum(text[:rc4Confounder], text[rc4Confounder:])
	sequence := binary.BigEndian.AppendUint32(nil, s.out)
	if err := crypt(s.sealKey(sequence), text); err != nil {
		return nil, nil, err
	}
	sequence = append(sequence, 0, 0, 0, 0) // from the initiator
	if err := crypt(s.sequenceKey(sum), sequence); err != nil {
		return nil, nil, err
	}
	body := len(rc4Mech) + rc4Token + len(plain) + 1
	signature = append(appendDERLength([]byte{0x60}, body), rc4Mech...)
	signature = append(append(append(signature, rc4Head...), sequence...), sum...)
	signature = append(signature, text[:rc4Confounder]...)
	s.out++
	return signature, text[rc4Confounder:], nil
}

func (s *rc4Sealer) open(signature, sealed []byte) ([]byte, error) {
	n := len(signature) - rc4Token
	if n < len(rc4Mech) || string(signature[n:n+len(rc4Head)]) != rc4Head || string(signature[n-len(rc4Mech):n]) != rc4Mech || len(sealed) == 0 {
		return nil, errWrapToken
	}
	sequence := append([]byte(nil), signature[n+8:n+16]...)
	sum := signature[n+16 : n+24]
	if err := crypt(s.sequenceKey(sum), sequence); err != nil {
		return nil, err
	}
	text := append(append([]byte(nil), signature[n+24:]...), sealed...)
	if err := crypt(s.sealKey(sequence[:4]), text); err != nil {
		return nil, err
	}
	confounder, padded := text[:rc4Confounder], text[rc4Confounder:]
	if !hmac.Equal(s.checksum(confounder, padded), sum) {
		return nil, errWrapToken
	}
	if binary.BigEndian.Uint32(sequence) != s.in || string(sequence[4:]) != "\xff\xff\xff\xff" {
		return nil, errSequence
	}
	pad := int(padded[len(padded)-1])
	if pad < 1 || pad > 8 || pad > len(padded) {
		return nil, errWrapToken
	}
	s.in++
	return padded[:len(padded)-pad], nil
}

// appendDERLength writes a length of ASN.1.
func appendDERLength(dst []byte, n int) []byte {
	if n < 0x80 {
		return append(dst, byte(n))
	}
	var b []byte
	for v := n; v > 0; v >>= 8 {
		b = append([]byte{byte(v)}, b...)
	}
	return append(append(dst, 0x80|byte(len(b))), b...)
}
