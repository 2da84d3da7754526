package widgets

import (
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
)

// TypedRune finds: what is typed is looked for in the current column.
func (g *Grid) TypedRune(c rune) {
	if g.rows == 0 || (c == ' ' && !g.finding) {
		return
	}
	g.ensureCurrentColumn()
	g.finding = true
	g.findText += string(c)
	g.find(max(0, g.curRow), 1)
}

// findKey handles the keys that mean something else while finding.
func (g *Grid) findKey(k fyne.KeyName) bool {
	switch k {
	case fyne.KeyEscape:
		g.stopFinding()
		g.Refresh()
	case fyne.KeyBackspace:
		_, n := utf8.DecodeLastRuneInString(g.findText)
		g.findText = g.findText[:len(g.findText)-n]
		if g.findText == "" {
			g.stopFinding()
			g.Refresh()
			return true
		}
		g.find(max(0, g.curRow), 1)
	case fyne.KeySpace: // comes as a rune too
	case fyne.KeyF3:
		g.findAgain(g.mods&fyne.KeyModifierShift != 0)
	default:
		g.finding, g.findMiss = false, false // the text stays for F3
		return false
	}
	return true
}

func (g *Grid) stopFinding() { g.finding, g.findText, g.findMiss = false, "", false }

func (g *Grid) findAgain(backwards bool) {
	if g.findText == "" || g.rows == 0 {
		return
	}
	step := 1
	if backwards {
		step = -1
	}
	g.finding = true
	g.find(max(0, g.curRow)+step, step)
}

// FindNext looks for text in the current column, from the row after the current one on
// and round the end, and makes the row that has it the current one.
func (g *Grid) FindNext(text string) (row int, ok bool) {
	g.ensureCurrentColumn()
	row, ok = g.findFrom(text, g.curRow+1, 1)
	if ok {
		g.SetCurrent(row, g.curCol)
	}
	return row, ok
}

func (g *Grid) find(from, step int) {
	row, ok := g.findFrom(g.findText, from, step)
	g.findMiss = !ok
	if ok {
		g.selectOne(row)
		return
	}
	g.Refresh()
}

func (g *Grid) findFrom(text string, from, step int) (int, bool) {
	if g.source == nil || g.rows == 0 || text == "" || g.curCol < 0 {
		return 0, false
	}
	needle := []rune(text)
	for i := range needle {
		needle[i] = unicode.ToLower(needle[i])
	}
	row := ((from % g.rows) + g.rows) % g.rows
	for range g.rows {
		if containsFold(g.source.Cell(row, g.curCol), needle) {
			return row, true
		}
		row += step
		switch row {
		case g.rows:
			row = 0
		case -1:
			row = g.rows - 1
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
