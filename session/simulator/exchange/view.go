package exchange

import (
	"strings"

	"postroom/session/cmdlet"
)

// view is how a cmdlet shows the rows of a class: which columns, under which
// names, as which type.
type view struct {
	class   *class
	types   []string
	name    int // column whose text is ToString; negative: none, as of objects that Select-Object made
	columns []viewColumn
}

type viewColumn struct {
	name      string
	from      int // column of the class; negative: always null
	listTypes []string
	short     bool // a span as a TimeSpan, not as an EnhancedTimeSpan
}

// newView makes a view of the columns that a cmdlet shows; of all that are not
// in parentheses when nothing is known about it.
func newView(c *class, shown []shownColumn, types []string) *view {
	v := &view{class: c, types: append(types[:len(types):len(types)], "System.Object"), name: c.keys[0]}
	if len(shown) == 0 {
		for _, info := range c.columns {
			if info.name[0] != '(' {
				shown = append(shown, shownColumn{name: info.name, from: info.name})
			}
		}
	}
	for _, s := range shown {
		column := viewColumn{name: s.name, from: -1}
		if i, ok := c.column(s.from); ok {
			column.from, column.listTypes, column.short = i, c.columns[i].listTypes, c.people != nil
		}
		v.columns = append(v.columns, column)
	}
	return v
}

// column finds what is shown under a name.
func (v *view) column(name string) (viewColumn, bool) {
	for _, c := range v.columns {
		if strings.EqualFold(c.name, name) {
			return c, true
		}
	}
	return viewColumn{from: -1, name: name}, false
}

// value is what a row shows under a name, nil when it shows nothing.
func (v *view) value(r *record, name string) any {
	c, _ := v.column(name)
	return r.cell(c.from)
}

// selected is the view with these properties alone, as Select-Object gives it.
func (v *view) selected(names, without []string) *view {
	s := &view{class: v.class, types: []string{"Selected." + v.types[0], automation + "PSCustomObject", "System.Object"}, name: -1}
	if len(names) == 0 {
		names = []string{"*"}
	}
	for _, n := range names {
		for _, c := range v.matching(n) {
			if _, twice := s.column(c.name); !twice && !anyMatch(without, c.name) {
				s.columns = append(s.columns, c)
			}
		}
	}
	return s
}

func anyMatch(patterns []string, text string) bool {
	for _, p := range patterns {
		if cmdlet.NewWildcard(p).Match(text) {
			return true
		}
	}
	return false
}

func (v *view) matching(name string) []viewColumn {
	if !strings.ContainsAny(name, "*?") {
		c, _ := v.column(name)
		return []viewColumn{c}
	}
	var found []viewColumn
	w := cmdlet.NewWildcard(name)
	for _, c := range v.columns {
		if w.Match(c.name) {
			found = append(found, c)
		}
	}
	return found
}
