package signin

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"strings"

	"postroom/session/credential"
)

// The file of sealed sign-ins is a byte of version, then a nonce and AES-256-GCM's
// output. Version, purpose, application and cloud are authenticated with it, so
// that no file can stand for another.
const sealVersion = 1

// newestVersion is the highest version that a newer program is believed to have written.
// A byte above is damage, such as a file that was overwritten by a text.
const newestVersion = 15

// keySize is AES-256's.
const keySize = 32

// sealPurpose keeps the key from being used for anything else.
const sealPurpose = "postroom sign-ins"

// Errors of a sealed file.
var (
	errSeal        = errors.New("sign in: the file was damaged, or sealed with another key")
	errSealVersion = errors.New("sign in: the file is of a newer version of this program")
)

// seal is the key of one file.
type seal struct {
	aead  cipher.AEAD
	about []byte
}

// newKey makes a key as the keyring holds it.
func newKey() credential.Secret {
	var key [keySize]byte
	_, _ = rand.Read(key[:]) // crypto/rand.Read never fails
	return credential.NewSecret(hex.EncodeToString(key[:]))
}

// newSeal makes a seal of what the keyring holds.
func newSeal(key credential.Secret, of origin) (*seal, error) {
	raw, err := hex.DecodeString(key.Reveal())
	if err != nil || len(raw) != keySize {
		return nil, errSeal // without the error's text, which has a part of the key in it
	}
	block, err := aes.NewCipher(raw)
	if err != nil {
		return nil, errSeal
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, errSeal
	}
	about := strings.Join([]string{sealPurpose, string(rune('0' + sealVersion)), of.client, of.authority}, "\x00")
	return &seal{aead: aead, about: []byte(about)}, nil
}

func (s *seal) close(plain []byte) []byte {
	//lint:ignore gosec this AEAD takes no nonce: it makes a random one for each call
	return s.aead.Seal([]byte{sealVersion}, nil, plain, s.about)
}

func (s *seal) open(file []byte) ([]byte, error) {
	switch {
	case len(file) == 0:
		return nil, errSeal
	case file[0] > sealVersion && file[0] <= newestVersion:
		return nil, errSealVersion
	case file[0] != sealVersion:
		return nil, errSeal
	}
	plain, err := s.aead.Open(nil, nil, file[1:], s.about)
	if err != nil {
		return nil, errSeal
	}
	return plain, nil
}
