package simulator

import (
	"crypto/rand"
	"encoding/base32"
	"strings"
)

// dice is a pseudo-random number made from a key. The same key gives the same
// number on every machine: the data hang on it, and the schedules of faults.
type dice uint64

// mix makes a dice from numbers (splitmix64 over each).
func mix(keys ...uint64) dice {
	var h uint64 = 0x9E3779B97F4A7C15
	for _, k := range keys {
		h = scramble(h ^ k)
	}
	return dice(h)
}

func scramble(z uint64) uint64 {
	z += 0x9E3779B97F4A7C15
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// of gives an independent dice for a purpose.
func (d dice) of(purpose uint64) dice { return dice(scramble(uint64(d) ^ purpose*0xD1B54A32D192ED03)) }

// n gives a number from 0 to max-1.
func (d dice) n(max int) int { return int(uint64(d) >> 1 % uint64(max)) }

// unit gives a number from 0 up to but not including 1.
func (d dice) unit() float64 { return float64(uint64(d)>>11) / (1 << 53) }

// one is true in 1 of n cases.
func (d dice) one(n int) bool { return d.n(n) == 0 }

// pick gives one of the choices.
func pick[T any](d dice, from []T) T { return from[d.n(len(from))] }

// newPassword is 80 random bits in letters and digits that do not look alike.
func newPassword() string {
	var b [10]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never fails
	s := strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:]))
	return s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:]
}
