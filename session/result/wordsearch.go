package result

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// wordSearch looks for a word in all texts of an arena at once: from one place where a rare
// letter of it stands to the next, which processors find many bytes at a time. It knows
// letters and signs of ASCII; of a word with others it looks for the longest part without
// them, and the entries that it finds are looked at once more.
type wordSearch struct {
	part  []byte // in lower case; none: nothing can be looked for
	whole bool   // part is the word
	rare  int    // place in part of the letter that is looked for
	cases [2]byte
}

// commonBytes are the letters and signs of addresses, names and paths, the most frequent
// ones first.
const commonBytes = "eoanitsrlc.dmu01@phxgb-/fyv2wk3489567jzq"

func newWordSearch(word []byte) wordSearch {
	var s wordSearch
	parts := bytes.FieldsFunc(word, func(r rune) bool { return r >= utf8.RuneSelf || r == ' ' || r == ';' })
	for _, part := range parts {
		if len(part) > len(s.part) {
			s.part = part
		}
	}
	s.whole = len(s.part) == len(word)
	best := -1
	for i, c := range s.part {
		rank := strings.IndexByte(commonBytes, c)
		if rank < 0 {
			rank = len(commonBytes)
		}
		if rank > best {
			best, s.rare = rank, i
		}
	}
	if len(s.part) > 0 {
		c := s.part[s.rare]
		s.cases = [2]byte{c, c}
		if 'a' <= c && c <= 'z' {
			s.cases[1] = c - 'a' + 'A'
		}
	}
	return s
}

// fits says that the texts of a chunk stand in its arena as they are shown, as far as the
// word goes.
func (s *wordSearch) fits(c *chunk) bool {
	if len(s.part) == 0 {
		return false
	}
	if c.kinds == nil && !c.kind.isShownAsKept() {
		return false
	}
	for _, k := range c.kinds {
		if k.hasData() && !k.isShownAsKept() {
			return false
		}
	}
	// The two letters beyond ASCII whose lower case is of ASCII: the sign of Kelvin and the
	// dotted I.
	return (bytes.IndexByte(s.part, 'k') < 0 || !bytes.Contains(c.texts.arena, []byte("\u212A"))) &&
		(bytes.IndexByte(s.part, 'i') < 0 || !bytes.Contains(c.texts.arena, []byte("\u0130")))
}

// isShownAsKept says that the texts of a cell of data stand in it letter by letter.
func (k cellKind) isShownAsKept() bool {
	switch k {
	case cellText, cellDecimal, cellList, cellNested:
		return true
	}
	return false
}

// candidates are the entries of a chunk that have the part somewhere; nil when none has.
func (s *wordSearch) candidates(c *chunk) []bool {
	var found []bool
	next := [2]int{s.next(c.texts.arena, 0, 0), len(c.texts.arena)}
	if s.cases[0] != s.cases[1] {
		next[1] = s.next(c.texts.arena, 1, 0)
	}
	entry := 0
	for {
		in := 0
		if next[1] < next[0] {
			in = 1
		}
		at := next[in]
		if at == len(c.texts.arena) {
			return found
		}
		from := at + 1
		if start := at - s.rare; s.stands(c.texts.arena, start) {
			entry = c.texts.holding(start, entry)
			if end := c.texts.end(entry); start+len(s.part) <= end { // else it reaches into the next one
				if found == nil {
					found = make([]bool, c.texts.count)
				}
				found[entry] = true
				from = end
			}
		}
		for which := range next {
			if next[which] < from {
				next[which] = s.next(c.texts.arena, which, from)
			}
		}
	}
}

// next is where the rare letter stands next, the end of the arena when it does not.
func (s *wordSearch) next(arena []byte, which, from int) int {
	if i := bytes.IndexByte(arena[from:], s.cases[which]); i >= 0 {
		return from + i
	}
	return len(arena)
}

// stands says that the part stands at a place, letter case aside.
func (s *wordSearch) stands(arena []byte, start int) bool {
	if start < 0 || start+len(s.part) > len(arena) {
		return false
	}
	for i, want := range s.part {
		c := arena[start+i]
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		if c != want {
			return false
		}
	}
	return true
}
