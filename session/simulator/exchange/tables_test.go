package exchange

import (
	"regexp"
	"testing"
	"time"
)

var guidPattern = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

var spanPattern = regexp.MustCompile(`^P(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?$`)

// What the tables write must be what the kinds of their columns are, in every
// row of every class.
func TestTablesMakeWhatTheyPromise(t *testing.T) {
	s := New(Options{Rows: 40, Seed: 3, Epoch: time.Date(2026, 3, 4, 5, 0, 0, 0, time.UTC)})
	for _, tenant := range s.Listed()[:2] {
		for _, c := range load().classes {
			tb := tenant.table(c)
			ch := tb.state.Load()
			var r record
			for i := range min(tb.rows(ch), 60) {
				if !tb.load(ch, i, &r, nil) {
					continue
				}
				for k := range r.cells {
					if what := wrong(&r.cells[k], c.columns[k]); what != "" {
						t.Errorf("%s row %d: %s: %s", c.name, i, c.columns[k].name, what)
					}
				}
			}
		}
	}
}

func wrong(c *cell, info columnInfo) string {
	switch {
	case c.kind == kindUnset:
		return "was not made"
	case c.kind == kindNil:
		return ""
	case c.kind != info.kind:
		return "holds another kind"
	case c.kind == kindGUID && !guidPattern.Match(c.text):
		return "is no GUID: " + string(c.text)
	case c.kind == kindSpan && !spanPattern.Match(c.text):
		return "is no span: " + string(c.text)
	}
	return ""
}
