package widgets

import (
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
)

// gridFinder finds in the current column what is typed. It knows the rows and where a person
// is in them; what it finds goes to found.
type gridFinder struct {
	data    *gridData
	events  *GridEvents
	at      func() (row, col int) // the cell that is current
	found   func(row int)
	changed func() // what is looked for, or that it is not there

	finding bool
	text    string // stays for F3
	miss    bool
	asked   int // numbers what was looked for, so that an old answer is not shown
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

// add looks for the text that has one letter more.
func (f *gridFinder) add(c rune) {
	if f.data.rows == 0 || (c == ' ' && !f.finding) {
		return
	}
	f.finding = true
	f.text += string(c)
	f.find(0, 1)
}

// key handles the keys that mean something else while finding.
func (f *gridFinder) key(k fyne.KeyName) bool {
	switch k {
	case fyne.KeyEscape:
		f.stop()
	case fyne.KeyBackspace:
		_, n := utf8.DecodeLastRuneInString(f.text)
		f.text = f.text[:len(f.text)-n]
		if f.text == "" {
			f.stop()
			break
		}
		f.find(0, 1)
		return true
	case fyne.KeySpace: // comes as a rune too
		return true
	case fyne.KeyF3: // looks for the same again
		return false
	default:
		f.finding, f.miss = false, false
		return false
	}
	f.changed()
	return true
}

func (f *gridFinder) stop() {
	f.finding, f.text, f.miss = false, "", false
	f.asked++
}

// again looks for the next row, or the one before.
func (f *gridFinder) again(backwards bool) {
	if f.text == "" || f.data.rows == 0 {
		return
	}
	step := 1
	if backwards {
		step = -1
	}
	f.finding = true
	f.find(step, step)
}

// find looks for the text from so many rows behind the current one on, in many rows by OnFind.
func (f *gridFinder) find(behind, step int) {
	f.asked++
	row, col := f.at()
	r := FindRequest{Source: f.data.source, Col: col, Text: f.text, From: max(0, row) + behind, Step: step}
	if f.events.OnFind == nil || f.data.rows <= foundAtOnce {
		f.show(r.Row(nil))
		return
	}
	number := f.asked
	f.changed() // what is typed shows at once
	f.events.OnFind(r, func(row int, ok bool) {
		if number != f.asked {
			return // something else is looked for
		}
		if from, isKeyer := r.Source.(GridKeyer); ok && isKeyer { // the rows may have another order by now
			row, ok = f.data.rowOfKey(from.RowKey(row))
		}
		f.show(row, ok && f.data.has(row))
	})
}

// show goes to what was found.
func (f *gridFinder) show(row int, ok bool) {
	f.miss = !ok
	if ok {
		f.found(row)
		return
	}
	f.changed()
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
