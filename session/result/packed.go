package result

import (
	"encoding/binary"
	"math/bits"
)

// packed is whole numbers of a range in as few bits each as that takes.
type packed struct {
	base uint64
	mask uint64
	bits int
	data []byte // the numbers less base, one behind the other, and 8 bytes, so that 8 can be read anywhere
}

// pack packs numbers of a range; one below it is taken for the smallest.
func pack(numbers []uint64, low, high uint64) packed {
	p := packed{base: low, bits: bits.Len64(high - low)}
	if p.bits == 0 {
		return p
	}
	if p.bits > 57 { // 8 bytes from where one begins do not have all of it
		p.bits = 64
	}
	p.mask = 1<<p.bits - 1
	p.data = make([]byte, (len(numbers)*p.bits+7)/8+8)
	var word uint64
	filled, to := 0, p.data
	for _, n := range numbers {
		n = max(n, low) - low
		word |= n << filled
		if filled += p.bits; filled >= 64 {
			binary.LittleEndian.PutUint64(to, word)
			filled, to = filled-64, to[8:]
			word = n >> (p.bits - filled)
		}
	}
	binary.LittleEndian.PutUint64(to, word)
	return p
}

func (p *packed) at(i int) uint64 {
	if p.bits == 0 {
		return p.base
	}
	bit := i * p.bits
	return p.base + binary.LittleEndian.Uint64(p.data[bit>>3:])>>(bit&7)&p.mask
}
