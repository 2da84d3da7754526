package exchange

import (
	"encoding/binary"

	"postroom/session/clixml"
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

// GUID is a GUID made from a text: the same one for the same text.
func GUID(text string) string { return guid(mix(hash(text))).String() }

// guid makes a version 4 GUID.
func guid(d dice) (g clixml.GUID) {
	binary.BigEndian.PutUint64(g[:], uint64(d.of(1))&^0xF000|0x4000)
	binary.BigEndian.PutUint64(g[8:], uint64(d.of(2))&^(3<<62)|2<<62)
	return g
}

// Chance is a number from 0 up to but not including 1 made from keys: the same
// one for the same keys.
func Chance(keys ...uint64) float64 { return mix(keys...).unit() }
