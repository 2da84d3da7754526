package e2e

import (
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// inColumn gives the texts under a heading of the table, from the top down.
func (w *watched) inColumn(t *testing.T, heading string) []string {
	t.Helper()
	all := w.see(t)
	head := slices.IndexFunc(all, func(s seen) bool { return s.Text == heading })
	if head < 0 {
		return nil
	}
	var cells []seen
	for _, s := range all {
		if s.X > all[head].X-3 && s.X < all[head].X+3 && s.Y > all[head].Y {
			cells = append(cells, s)
		}
	}
	slices.SortFunc(cells, func(a, b seen) int { return int(a.Y - b.Y) })
	texts := make([]string, len(cells))
	for i, c := range cells {
		texts[i] = c.Text
	}
	return texts
}

// column waits until what stands under a heading is as wanted.
func (w *watched) column(t *testing.T, heading, what string, holds func(cells []string) bool) (cells []string) {
	t.Helper()
	wait(t, heading+": "+what, long, func() bool {
		cells = w.inColumn(t, heading)
		return len(cells) > 0 && holds(cells)
	})
	return cells
}

// focus waits until the keyboard is at something that shows a text.
func (w *watched) focus(t *testing.T, text string) {
	t.Helper()
	wait(t, "the keyboard at "+text, long, func() bool {
		return slices.ContainsFunc(w.see(t), func(s seen) bool { return s.Focused && strings.HasPrefix(s.Text, text) })
	})
}

// falling says that texts of ASCII go from large to small.
func falling(cells []string) bool {
	return slices.IsSortedFunc(cells, func(a, b string) int { return strings.Compare(strings.ToLower(b), strings.ToLower(a)) })
}

// rising says that they go from small to large.
func rising(cells []string) bool {
	cells = slices.Clone(cells)
	slices.Reverse(cells)
	return falling(cells)
}

// address is the column that the test looks at: no two mailboxes have the same, and all of it
// is ASCII.
const address = "PrimarySmtpAddress"

// TestTheTableInTheWindow: rows are sorted, filtered, selected, looked at, grouped, copied and
// exported in the real window, by keyboard where there is a key and by mouse.
func TestTheTableInTheWindow(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	w, env := signedIn(t, s)
	w.runs(t, "Get-Mailbox")
	cells := w.column(t, address, "rows", func(cells []string) bool { return len(cells) > 5 })

	w.click(t, cells[2])
	w.focus(t, address)
	w.key(t, "alt+Down")
	w.column(t, address, "from large to small", falling)
	w.click(t, address) // the heading: from large to small goes on to the server's order
	w.click(t, address)
	cells = w.column(t, address, "from small to large", rising)

	w.key(t, "ctrl+f")
	w.focus(t, "Filter")
	name, _, _ := strings.Cut(cells[1], "@")
	w.typed(t, name)
	w.column(t, address, "the rows with "+name, func(cells []string) bool {
		return len(cells) < 5 && slices.ContainsFunc(cells, func(c string) bool { return strings.HasPrefix(c, name) })
	})
	w.key(t, "Escape")
	w.column(t, address, "all rows again", func(now []string) bool { return slices.Equal(now, cells) })

	w.click(t, cells[1])
	w.focus(t, address)
	w.key(t, "alt+shift+f")
	w.says(t, "Rows whose "+address)
	w.typed(t, name)
	w.key(t, "Return")
	w.says(t, address+": contains "+name)
	w.column(t, address, "the rows of the filter", func(cells []string) bool { return len(cells) < 5 })
	w.click(t, "Clear")
	w.column(t, address, "all rows without the filter", func(now []string) bool { return slices.Equal(now, cells) })

	w.click(t, cells[1])
	w.focus(t, address)
	w.key(t, "Return")
	w.says(t, "Compare with")
	w.focus(t, "Find a name or value")
	w.typed(t, "smtp")
	w.says(t, "EmailAddresses")
	w.key(t, "Escape")
	wait(t, "the end of the details", long, func() bool { return !strings.Contains(w.text(t), "Compare with") })

	w.key(t, "ctrl+alt+c") // the cell
	w.key(t, "ctrl+f")
	w.focus(t, "Filter")
	w.key(t, "ctrl+v")
	w.column(t, address, "the row of the copied cell", func(now []string) bool { return len(now) >= 1 && len(now) < 5 && now[0] == cells[1] })
	w.key(t, "Escape")
	w.column(t, address, "all rows again", func(now []string) bool { return slices.Equal(now, cells) })

	w.click(t, cells[0])
	w.focus(t, address)
	w.key(t, "shift+Down")
	w.key(t, "shift+Down")
	w.says(t, "3 selected")
	w.says(t, address+": 3 rows")
	w.key(t, "ctrl+c")
	w.noted(t, "3 rows copied")
	file := filepath.Join(t.TempDir(), "rows.csv")
	w.exports(t, file)
	rows := w.readExport(t, file)
	col := slices.Index(rows[0], address)
	if col < 0 {
		t.Fatalf("the file has no %s but %q", address, rows[0])
	}
	var exported []string
	for _, row := range rows[1:] {
		exported = append(exported, row[col])
	}
	if len(exported) < len(cells) || !slices.Equal(exported[:len(cells)], cells) {
		t.Errorf("the file has %q, the window %q", exported, cells)
	}

	w.groups(t)
	w.must(t, "wmctrl", "-c", "Postroom")
	w.awaitEnd(t)
	s.empty(t)
	cleanLedger(t, env)
}

// exports saves what is shown, by keyboard.
func (w *watched) exports(t *testing.T, file string) {
	t.Helper()
	w.key(t, "ctrl+e")
	w.says(t, "Name or path")
	w.typed(t, file) // what stands there is selected
	w.key(t, "Return")
	w.noted(t, "written to "+filepath.Base(file))
}

// readExport reads a CSV as the library does.
func (w *watched) readExport(t *testing.T, file string) [][]string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(f).ReadAll()
	if err = errors.Join(err, f.Close()); err != nil || len(rows) < 2 {
		t.Fatalf("%d lines of CSV: %v", len(rows), err)
	}
	rows[0][0] = strings.TrimPrefix(rows[0][0], "\uFEFF")
	return rows
}

// headings are those of the groups of rows that can be seen, from the top down.
func (w *watched) headings(t *testing.T) []seen {
	t.Helper()
	var found []seen
	for _, s := range w.see(t) {
		if heading.MatchString(s.Text) {
			found = append(found, s)
		}
	}
	slices.SortFunc(found, func(a, b seen) int { return int(a.Y - b.Y) })
	return found
}

// heading is a value of the column that groups, and how many rows have it.
var heading = regexp.MustCompile(`^[A-Za-z]+Mailbox  \d+$`)

// groups groups the rows by a column, folds the first group by mouse, opens it by keyboard,
// and ends that.
func (w *watched) groups(t *testing.T) {
	t.Helper()
	const kind = "RecipientTypeDetails"
	w.click(t, w.inColumn(t, address)[0])
	w.focus(t, address)
	w.key(t, "Right") // over the name to sign in with
	w.key(t, "Right")
	w.key(t, "alt+m")
	w.click(t, "Group by this column")
	w.says(t, "Grouped by "+kind)
	var first seen
	wait(t, "the heading of a group", long, func() bool {
		found := w.headings(t)
		if len(found) > 0 {
			first = found[0]
		}
		return len(found) > 0 && w.below(t, first) != nil && w.below(t, first).Text != first.Text && !heading.MatchString(w.below(t, first).Text)
	})
	w.click(t, first.Text)
	wait(t, "the folded group", long, func() bool {
		next := w.below(t, first)
		return next != nil && heading.MatchString(next.Text)
	})
	w.key(t, "Right")
	wait(t, "the open group", long, func() bool {
		next := w.below(t, first)
		return next != nil && !heading.MatchString(next.Text)
	})
	w.click(t, "Clear")
	wait(t, "the end of the groups", long, func() bool { return len(w.headings(t)) == 0 })
}

// below is a text in the row under that of another, in the table.
func (w *watched) below(t *testing.T, s seen) *seen {
	t.Helper()
	var next *seen
	for _, o := range w.see(t) {
		if o.Y > s.Y+s.H && o.Y < s.Y+2.5*s.H && o.X >= s.X-40 && (next == nil || heading.MatchString(o.Text)) {
			next = &o
		}
	}
	return next
}
