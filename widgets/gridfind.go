package widgets

import (
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
)

// gridFinder finds in the current column what is typed.
type gridFinder struct {
	grid     *Grid
	finding  bool
	findText string // stays for F3
	findMiss bool
}

// TypedRune finds: what is typed is looked for in the current column.
func (f *gridFinder) TypedRune(c rune) {
	if f.grid.data.rows == 0 || (c == ' ' && !f.finding) {
		return
	}
	f.grid.ensureCurrentColumn()
	f.finding = true
	f.findText += string(c)
	f.find(max(0, f.grid.curRow), 1)
}

// findKey handles the keys that mean something else while finding.
func (f *gridFinder) findKey(k fyne.KeyName) bool {
	switch k {
	case fyne.KeyEscape:
		f.stopFinding()
		f.grid.Refresh()
	case fyne.KeyBackspace:
		_, n := utf8.DecodeLastRuneInString(f.findText)
		f.findText = f.findText[:len(f.findText)-n]
		if f.findText == "" {
			f.stopFinding()
			f.grid.Refresh()
			return true
		}
		f.find(max(0, f.grid.curRow), 1)
	case fyne.KeySpace: // comes as a rune too
	case fyne.KeyF3:
		f.findAgain(f.grid.mods&fyne.KeyModifierShift != 0)
	default:
		f.finding, f.findMiss = false, false
		return false
	}
	return true
}

func (f *gridFinder) stopFinding() { f.finding, f.findText, f.findMiss = false, "", false }

func (f *gridFinder) findAgain(backwards bool) {
	if f.findText == "" || f.grid.data.rows == 0 {
		return
	}
	step := 1
	if backwards {
		step = -1
	}
	f.finding = true
	f.find(max(0, f.grid.curRow)+step, step)
}

// FindNext looks for text in the current column, from the row after the current one on
// and round the end, and makes the row that has it the current one.
func (f *gridFinder) FindNext(text string) (row int, ok bool) {
	f.grid.ensureCurrentColumn()
	row, ok = f.findFrom(text, f.grid.curRow+1, 1)
	if ok {
		f.grid.SetCurrent(row, f.grid.curCol)
	}
	return row, ok
}

func (f *gridFinder) find(from, step int) {
	row, ok := f.findFrom(f.findText, from, step)
	f.findMiss = !ok
	if ok {
		f.grid.selectOne(row)
		return
	}
	f.grid.Refresh()
}

func (f *gridFinder) findFrom(text string, from, step int) (int, bool) {
	d, col := &f.grid.data, f.grid.curCol
	if d.source == nil || d.rows == 0 || text == "" || col < 0 {
		return 0, false
	}
	needle := []rune(text)
	for i := range needle {
		needle[i] = unicode.ToLower(needle[i])
	}
	row := ((from % d.rows) + d.rows) % d.rows
	for range d.rows {
		if containsFold(d.source.Cell(row, col), needle) && !isHeading(d.grouper, row) {
			return row, true
		}
		row += step
		switch row {
		case d.rows:
			row = 0
		case -1:
			row = d.rows - 1
		}
	}
	return 0, false
}

// containsFold looks for runes that are lower case already, without allocating: it runs
// over a million cells for one key.
func containsFold(s string, needle []rune) bool {
	for i := range s {
		if hasPrefixFold(s[i:], needle) {
			return true
		}
	}
	return false
}

func hasPrefixFold(s string, needle []rune) bool {
	for _, n := range needle {
		if s == "" {
			return false
		}
		c, size := rune(s[0]), 1
		if c >= utf8.RuneSelf {
			c, size = utf8.DecodeRuneInString(s)
			c = unicode.ToLower(c)
		} else if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != n {
			return false
		}
		s = s[size:]
	}
	return true
}
