package clixml

// refTable keeps what RefIds stand for. A later definition of an id replaces
// an earlier one, as in PowerShell. Ids are texts; the plain small numbers
// that PowerShell counts up go into a slice.
type refTable[T any] struct {
	dense []refSlot[T]
	other map[string]*refSlot[T]
}

type refSlot[T any] struct {
	known bool
	v     T
}

// refSlack is how far an id may run ahead of the ids seen so far and still
// get its place in the slice: no input can make the table much larger than
// itself.
const refSlack = 256

func (t *refTable[T]) clear() {
	clear(t.dense)
	t.dense = t.dense[:0]
	t.other = nil
}

// smallID reads a canonical decimal number.
func smallID(id []byte) (n int, ok bool) {
	if len(id) == 0 || len(id) > 9 || id[0] == '0' && len(id) > 1 {
		return 0, false
	}
	for _, c := range id {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

// at gives the place of id, made if need be. It is valid until the next at.
func (t *refTable[T]) at(id []byte) *refSlot[T] {
	if n, ok := smallID(id); ok {
		if _, early := t.other[string(id)]; !early && n < len(t.dense)+refSlack {
			for n >= len(t.dense) {
				t.dense = append(t.dense, refSlot[T]{})
			}
			return &t.dense[n]
		}
	}
	if t.other == nil {
		t.other = make(map[string]*refSlot[T])
	}
	s := t.other[string(id)]
	if s == nil {
		s = &refSlot[T]{}
		t.other[string(id)] = s
	}
	return s
}

// get gives the place of an id that was defined, else nil.
func (t *refTable[T]) get(id []byte) *refSlot[T] {
	if n, ok := smallID(id); ok && n < len(t.dense) && t.dense[n].known {
		return &t.dense[n]
	}
	if s := t.other[string(id)]; s != nil && s.known {
		return s
	}
	return nil
}

func (t *refTable[T]) set(id []byte, v T) {
	s := t.at(id)
	s.known, s.v = true, v
}
