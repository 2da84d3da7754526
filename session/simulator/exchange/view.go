package exchange

import (
	"strings"

	"postroom/session/clixml"
	"postroom/session/cmdlet"
)

// view is how a cmdlet shows the rows of a class: which columns, under which
// names, as which type.
type view struct {
	shape   shape
	class   *class
	encoder *encoder
	need    []int // columns of the class that have to be made for each row
}

// newView makes a view of the columns that a cmdlet shows; of all that are not
// in parentheses when nothing is known about it.
func newView(c *class, shown []shownColumn, types []string) *view {
	v := &view{class: c, shape: shape{types: append(types[:len(types):len(types)], "System.Object"), name: c.keys[0]}}
	if len(shown) == 0 {
		for _, info := range c.columns {
			if info.name[0] != '(' {
				shown = append(shown, shownColumn{name: info.name, from: info.name})
			}
		}
	}
	for _, s := range shown {
		v.shape.columns = append(v.shape.columns, c.shapeColumn(s.name, s.from))
	}
	v.finish()
	return v
}

func (c *class) shapeColumn(shown, from string) shapeColumn {
	i, ok := c.column(from)
	if !ok {
		return shapeColumn{from: -1, name: shown, kind: kindText}
	}
	info := &c.columns[i]
	s := shapeColumn{from: i, name: shown, kind: info.kind, listTypes: info.listTypes, short: c.people != nil}
	if v := c.constant(i); v != nil && (v.kind != kindList || len(v.items) == 0) && v.kind != kindSize && (v.kind != kindSpan || s.short) {
		s.constant = v // what is written as an object of its own is made for each row
	}
	return s
}

// constant is the value that a column has in every row that nobody changed.
func (c *class) constant(column int) *value {
	for _, s := range c.templates {
		if s.programs[column] != nil {
			return nil
		}
	}
	return c.columns[column].program.constant
}

func (v *view) finish() {
	v.encoder = newEncoder(v.shape)
	for _, c := range v.shape.columns {
		if c.from >= 0 && c.constant == nil {
			v.need = append(v.need, c.from)
		}
	}
	if v.shape.name >= 0 {
		v.need = append(v.need, v.shape.name)
	}
}

// column finds what is shown under a name.
func (v *view) column(name string) (shapeColumn, bool) {
	for _, c := range v.shape.columns {
		if strings.EqualFold(c.name, name) {
			return c, true
		}
	}
	return shapeColumn{}, false
}

// selected is the view with these properties alone, as Select-Object gives it.
func (v *view) selected(names, without []string) *view {
	s := &view{class: v.class, shape: shape{types: []string{"Selected." + v.shape.types[0], automation + "PSCustomObject", "System.Object"}, name: -1, extended: true}}
	if len(names) == 0 {
		names = []string{"*"}
	}
	for _, n := range names {
		for _, c := range v.matching(n) {
			if _, twice := s.column(c.name); !twice && !anyMatch(without, c.name) {
				s.shape.columns = append(s.shape.columns, c)
			}
		}
	}
	s.finish()
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

func (v *view) matching(name string) []shapeColumn {
	if !strings.ContainsAny(name, "*?") {
		c, ok := v.column(name)
		if !ok {
			c = shapeColumn{from: -1, name: name, kind: kindText}
		}
		return []shapeColumn{c}
	}
	var found []shapeColumn
	w := cmdlet.NewWildcard(name)
	for _, c := range v.shape.columns {
		if w.Match(c.name) {
			found = append(found, c)
		}
	}
	return found
}

// Row is a row of a cmdlet's output. It is valid until the call that gives it
// returns.
type Row struct {
	view   *view
	record *record
}

// AppendCLIXML writes the row as remoting does. origin is what [Origin] made.
func (r Row) AppendCLIXML(dst, origin []byte) []byte {
	return r.view.encoder.append(dst, r.record, origin)
}

// Origin makes the properties by which a client's side says where objects came
// from: the server's name and the runspace's GUID.
func Origin(server, runspace string) []byte {
	dst := clixml.AppendText([]byte(`<S N="PSComputerName">`), []byte(server))
	dst = append(append(dst, `</S><G N="RunspaceId">`...), runspace...)
	return append(dst, `</G><B N="PSShowComputerName">false</B>`...)
}
