package result

import (
	"bytes"
	"hash/maphash"
)

// dictionary finds equal texts in an arena, so that a text that repeats is kept once. It
// holds indices of entries only; the entries stay in the column.
type dictionary struct {
	slots []uint32 // index of an entry plus one; zero is free
	used  int
}

const dictionaryStart = 64

// find gives the index of the entry equal to b, or adds next under b's hash.
func (d *dictionary) find(seed maphash.Seed, b []byte, entry func(i uint32) []byte, next uint32) (i uint32, known bool) {
	if d.used*2 >= len(d.slots) {
		d.grow(seed, entry)
	}
	mask := uint64(len(d.slots) - 1)
	for slot := maphash.Bytes(seed, b) & mask; ; slot = (slot + 1) & mask {
		s := d.slots[slot]
		if s == 0 {
			d.slots[slot] = next + 1
			d.used++
			return next, false
		}
		if bytes.Equal(entry(s-1), b) {
			return s - 1, true
		}
	}
}

func (d *dictionary) grow(seed maphash.Seed, entry func(i uint32) []byte) {
	old := d.slots
	d.slots = make([]uint32, max(dictionaryStart, 2*len(old)))
	mask := uint64(len(d.slots) - 1)
	for _, s := range old {
		if s == 0 {
			continue
		}
		slot := maphash.Bytes(seed, entry(s-1)) & mask
		for d.slots[slot] != 0 {
			slot = (slot + 1) & mask
		}
		d.slots[slot] = s
	}
}

func (d *dictionary) reset() {
	clear(d.slots)
	d.used = 0
}
