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
	asked    int // numbers what was looked for, so that an old answer is not shown
}

// FindRequest is what a person looks for. It holds the source itself, which does not
// change, so that Row may be called on a worker.
type FindRequest struct {
	Source     GridSource
	Col        int // of the source
	Text       string
	From, Step int // the first row to look at; 1 or -1
}

// foundAtOnce is in how many rows is looked on the UI thread: a worker's answer would come
// later.
const foundAtOnce = 2000

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

func (f *gridFinder) stopFinding() {
	f.finding, f.findText, f.findMiss = false, "", false
	f.asked++
}

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
	row, ok = f.request(text, f.grid.curRow+1, 1).Row(nil)
	if ok {
		f.grid.SetCurrent(row, f.grid.curCol)
	}
	return row, ok
}

func (f *gridFinder) request(text string, from, step int) FindRequest {
	return FindRequest{Source: f.grid.data.source, Col: f.grid.curCol, Text: text, From: from, Step: step}
}

// find looks for the text, in many rows by OnFind.
func (f *gridFinder) find(from, step int) {
	f.asked++
	r := f.request(f.findText, from, step)
	if f.grid.OnFind == nil || f.grid.data.rows <= foundAtOnce {
		f.show(r.Row(nil))
		return
	}
	number := f.asked
	f.grid.Refresh() // what is typed shows at once
	f.grid.OnFind(r, func(row int, ok bool) {
		if number != f.asked {
			return // something else is looked for
		}
		if from, isKeyer := r.Source.(GridKeyer); ok && isKeyer { // the rows may have another order by now
			row, ok = f.grid.rowOfKey(from.RowKey(row))
		}
		f.show(row, ok && f.grid.data.has(row))
	})
}

// show goes to what was found.
func (f *gridFinder) show(row int, ok bool) {
	f.findMiss = !ok
	if ok {
		f.grid.selectOne(row)
		return
	}
	f.grid.Refresh()
}

// Row looks for the text, letter case aside, round the end; false when no row has it, or
// when stop was closed; nil stops nothing.
func (r FindRequest) Row(stop <-chan struct{}) (row int, ok bool) {
	if r.Source == nil || r.Text == "" || r.Col < 0 {
		return 0, false
	}
	rows, _ := r.Source.Size()
	if rows == 0 {
		return 0, false
	}
	grouper, _ := r.Source.(GridGrouper)
	needle := []rune(r.Text)
	for i := range needle {
		needle[i] = unicode.ToLower(needle[i])
	}
	row = ((r.From % rows) + rows) % rows
	for looked := range rows {
		if looked%1024 == 0 {
			select {
			case <-stop:
				return 0, false
			default:
			}
		}
		if containsFold(r.Source.Cell(row, r.Col), needle) && !isHeading(grouper, row) {
			return row, true
		}
		row += r.Step
		switch row {
		case rows:
			row = 0
		case -1:
			row = rows - 1
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
