package simulator

import (
	"crypto/rand"
	"encoding/base32"
	"strings"
)

// newPassword is 80 random bits in letters and digits that do not look alike.
func newPassword() string {
	var b [10]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never fails
	s := strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:]))
	return s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:]
}
