package psrp

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rsa"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"unicode/utf16"
	"unicode/utf8"

	"postroom/session/clixml"
)

// The key exchange of MS-PSRP 2.2.2.3 and 2.2.2.4 is CAPI's: a PUBLICKEYBLOB
// with a 2,048-bit RSA key there, a SIMPLEBLOB with an AES-256 key back.
const (
	rsaBits       = 2048
	sessionKeyLen = 32
)

// publicKeyHead is the head of a PUBLICKEYBLOB: type, version, reserved,
// CALG_RSA_KEYX, "RSA1", the number of bits.
var publicKeyHead = []byte{6, 2, 0, 0, 0, 0xA4, 0, 0, 'R', 'S', 'A', '1', 0, 8, 0, 0}

// simpleBlobHead is the head of a SIMPLEBLOB: type, version, reserved,
// CALG_AES_256, CALG_RSA_KEYX.
var simpleBlobHead = []byte{1, 2, 0, 0, 0x10, 0x66, 0, 0, 0, 0xA4, 0, 0}

// publicKeyBlob writes a public key as CAPI has it: all numbers little-endian.
func publicKeyBlob(k *rsa.PublicKey) string {
	b := bytes.Clone(publicKeyHead)
	b = binary.LittleEndian.AppendUint32(b, uint32(k.E))
	modulus := k.N.FillBytes(make([]byte, rsaBits/8))
	slices.Reverse(modulus)
	return base64.StdEncoding.EncodeToString(append(b, modulus...))
}

// parsePublicKeyBlob reads what publicKeyBlob writes.
func parsePublicKeyBlob(text string) (*rsa.PublicKey, error) {
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("public key: %w", err)
	}
	n := len(publicKeyHead)
	if len(b) != n+4+rsaBits/8 || !bytes.Equal(b[:n], publicKeyHead) {
		return nil, fmt.Errorf("public key of %d bytes is not a PUBLICKEYBLOB of %d bits", len(b), rsaBits)
	}
	e := binary.LittleEndian.Uint32(b[n:])
	if e < 3 || e&1 == 0 || e > 1<<31-1 {
		return nil, fmt.Errorf("public key has exponent %d", e)
	}
	modulus := bytes.Clone(b[n+4:])
	slices.Reverse(modulus)
	k := &rsa.PublicKey{N: new(big.Int).SetBytes(modulus), E: int(e)}
	if k.N.BitLen() != rsaBits {
		return nil, fmt.Errorf("public key has %d bits instead of %d", k.N.BitLen(), rsaBits)
	}
	return k, nil
}

// wrapSessionKey encrypts the session key for the owner of the public key.
func wrapSessionKey(random io.Reader, to *rsa.PublicKey, key []byte) (string, error) {
	//lint:ignore SA1019 PKCS#1 v1.5 is what MS-PSRP 2.2.2.4 demands.
	c, err := rsa.EncryptPKCS1v15(random, to, key)
	if err != nil {
		return "", fmt.Errorf("encrypt the session key: %w", err)
	}
	slices.Reverse(c)
	return base64.StdEncoding.EncodeToString(append(bytes.Clone(simpleBlobHead), c...)), nil
}

// unwrapSessionKey reads what wrapSessionKey writes.
func unwrapSessionKey(own *rsa.PrivateKey, text string) ([]byte, error) {
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("session key: %w", err)
	}
	n := len(simpleBlobHead)
	if len(b) != n+own.Size() || !bytes.Equal(b[:n], simpleBlobHead) {
		return nil, fmt.Errorf("session key of %d bytes is not a SIMPLEBLOB with an AES-256 key", len(b))
	}
	c := bytes.Clone(b[n:])
	slices.Reverse(c)
	//lint:ignore SA1019 PKCS#1 v1.5 is what MS-PSRP 2.2.2.4 demands.
	key, err := rsa.DecryptPKCS1v15(nil, own, c)
	if err != nil {
		return nil, fmt.Errorf("session key: %w", err)
	}
	if len(key) != sessionKeyLen {
		return nil, fmt.Errorf("session key has %d bytes instead of %d", len(key), sessionKeyLen)
	}
	return key, nil
}

// sessionCipher encrypts and decrypts SecureStrings (MS-PSRP 2.2.5.1.24): the
// UTF-16LE text under AES-256-CBC with PKCS#7 and an IV of zeros for each string.
type sessionCipher struct{ block cipher.Block }

func newSessionCipher(key []byte) (*sessionCipher, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("session key: %w", err)
	}
	return &sessionCipher{block}, nil
}

func (c *sessionCipher) encrypt(text string) clixml.SecureString {
	plain := appendUTF16(nil, text)
	pad := aes.BlockSize - len(plain)%aes.BlockSize
	plain = append(plain, bytes.Repeat([]byte{byte(pad)}, pad)...)
	//lint:ignore gosec the protocol's own vector is zero; the key is made for one session
	cipher.NewCBCEncrypter(c.block, make([]byte, aes.BlockSize)).CryptBlocks(plain, plain)
	return clixml.SecureString(base64.StdEncoding.EncodeToString(plain))
}

func (c *sessionCipher) decrypt(s clixml.SecureString) (string, error) {
	b, err := base64.StdEncoding.DecodeString(string(s))
	if err != nil {
		return "", errors.Join(ErrBadSecureString, err)
	}
	if len(b) == 0 || len(b)%aes.BlockSize != 0 {
		return "", fmt.Errorf("%w: %d bytes", ErrBadSecureString, len(b))
	}
	cipher.NewCBCDecrypter(c.block, make([]byte, aes.BlockSize)).CryptBlocks(b, b)
	pad := int(b[len(b)-1])
	if pad == 0 || pad > aes.BlockSize || !bytes.Equal(b[len(b)-pad:], bytes.Repeat([]byte{byte(pad)}, pad)) {
		return "", fmt.Errorf("%w: bad padding", ErrBadSecureString)
	}
	b = b[:len(b)-pad]
	if len(b)%2 != 0 {
		return "", fmt.Errorf("%w: half a character", ErrBadSecureString)
	}
	return utf16Text(b), nil
}

// appendUTF16 writes UTF-16LE. A lone surrogate in its WTF-8 form, which is
// how clixml keeps one, stays what it is.
func appendUTF16(dst []byte, s string) []byte {
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && n == 1 && len(s) >= 3 && s[0] == 0xED && s[1] >= 0xA0 && s[1] <= 0xBF && s[2]&0xC0 == 0x80 {
			dst = binary.LittleEndian.AppendUint16(dst, 0xD000|uint16(s[1]&0x3F)<<6|uint16(s[2]&0x3F))
			s = s[3:]
			continue
		}
		if high, low := utf16.EncodeRune(r); high != utf8.RuneError {
			dst = binary.LittleEndian.AppendUint16(dst, uint16(high))
			dst = binary.LittleEndian.AppendUint16(dst, uint16(low))
		} else {
			dst = binary.LittleEndian.AppendUint16(dst, uint16(r))
		}
		s = s[n:]
	}
	return dst
}

// utf16Text is the way back of appendUTF16.
func utf16Text(b []byte) string {
	var text []byte
	for i := 0; i < len(b); i += 2 {
		u := binary.LittleEndian.Uint16(b[i:])
		if !utf16.IsSurrogate(rune(u)) {
			text = utf8.AppendRune(text, rune(u))
			continue
		}
		if i+3 < len(b) {
			if r := utf16.DecodeRune(rune(u), rune(binary.LittleEndian.Uint16(b[i+2:]))); r != utf8.RuneError {
				text = utf8.AppendRune(text, r)
				i += 2
				continue
			}
		}
		text = append(text, 0xED, 0x80|byte(u>>6)&0x3F, 0x80|byte(u)&0x3F)
	}
	return string(text)
}
