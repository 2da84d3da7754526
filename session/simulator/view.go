package simulator

import (
	"strings"

	"postroom/session/clixml"
)

// view is how a cmdlet shows the rows of a class: which columns, under which
// names, as which type.
type view struct {
	shape   shape
	class   *class
	encoder *encoder
	need    []int // columns of the class
}

// newView makes a view. A column "Shown=Column" is shown under another name;
// one that the class does not have is null. No columns means all that are not
// in parentheses.
func newView(c *class, columns string, types ...string) *view {
	v := &view{class: c, shape: shape{types: append(types, "System.Object"), name: -1}}
	names := strings.Fields(columns)
	if len(names) == 0 {
		for _, info := range c.columns {
			if info.name[0] != '(' {
				names = append(names, info.name)
			}
		}
	}
	for _, name := range names {
		shown, from, renamed := strings.Cut(name, "=")
		if !renamed {
			from = shown
		}
		v.shape.columns = append(v.shape.columns, c.shapeColumn(shown, from))
	}
	if i, ok := c.column("Name"); ok {
		v.shape.name = i
	} else if i, ok := c.column("Identity"); ok && c.columns[i].kind == kindText {
		v.shape.name = i
	}
	v.finish()
	return v
}

func (c *class) shapeColumn(shown, from string) shapeColumn {
	i, ok := c.column(from)
	if !ok {
		return shapeColumn{from: -1, name: shown, kind: kindNil}
	}
	return shapeColumn{from: i, name: shown, kind: c.columns[i].kind, listTypes: c.columns[i].listTypes}
}

func (v *view) finish() {
	v.encoder = newEncoder(v.shape)
	for _, c := range v.shape.columns {
		v.need = append(v.need, c.from)
	}
	v.need = append(v.need, v.shape.name)
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
func (v *view) selected(names []string) *view {
	s := &view{class: v.class, shape: shape{types: []string{"Selected." + v.shape.types[0], automation + "PSCustomObject", "System.Object"}, name: -1, extended: true}}
	for _, n := range names {
		s.shape.columns = append(s.shape.columns, v.matching(n)...)
	}
	s.finish()
	return s
}

func (v *view) matching(name string) []shapeColumn {
	if !strings.ContainsAny(name, "*?") {
		c, ok := v.column(name)
		if !ok {
			c = shapeColumn{from: -1, name: name, kind: kindNil}
		}
		return []shapeColumn{c}
	}
	var found []shapeColumn
	w := newWildcard(name)
	for _, c := range v.shape.columns {
		if w.match(c.name) {
			found = append(found, c)
		}
	}
	return found
}

// output is where a cmdlet's output goes: to the client, or to the next
// command of the pipeline.
type output interface {
	// row takes one row; it is the cmdlet's again when row returns. false ends
	// the output: nobody wants more.
	row(v *view, r *record) bool
	// object takes one object that is not a row of a table.
	object(o *clixml.Object) bool
	// end says that there is no more.
	end() bool
}

// selector is Select-Object between a cmdlet and the next.
type selector struct {
	next              output
	properties        []string
	first, skip, last int64 // first, last: negative: all
	taken             int64
	views             map[*view]*view
	tail              []tailRow
}

type tailRow struct {
	v *view
	r record
	o *clixml.Object
}

func (s *selector) view(v *view) *view {
	if len(s.properties) == 0 {
		return v
	}
	if s.views[v] == nil {
		s.views[v] = v.selected(s.properties)
	}
	return s.views[v]
}

// admit says whether the next object is wanted, and whether any after it are.
func (s *selector) admit() (wanted, more bool) {
	if s.skip > 0 {
		s.skip--
		return false, true
	}
	if s.first >= 0 && s.taken >= s.first {
		return false, false
	}
	s.taken++
	return true, s.first < 0 || s.taken < s.first
}

func (s *selector) row(v *view, r *record) bool {
	if s.last >= 0 {
		s.keep(tailRow{v: s.view(v), r: r.clone()})
		return true
	}
	wanted, more := s.admit()
	if wanted {
		return s.next.row(s.view(v), r) && more
	}
	return more
}

func (s *selector) object(o *clixml.Object) bool {
	if len(s.properties) > 0 {
		o = selectObject(o, s.properties)
	}
	if s.last >= 0 {
		s.keep(tailRow{o: o})
		return true
	}
	wanted, more := s.admit()
	if wanted {
		return s.next.object(o) && more
	}
	return more
}

func (s *selector) keep(t tailRow) {
	s.tail = append(s.tail, t)
	if int64(len(s.tail)) > s.last {
		s.tail = s.tail[1:]
	}
}

func (s *selector) end() bool {
	for _, t := range s.tail {
		if t.o != nil {
			s.next.object(t.o)
		} else {
			s.next.row(t.v, &t.r)
		}
	}
	return s.next.end()
}

// clone is a copy that shares nothing.
func (r *record) clone() record {
	c := record{}
	c.reset(len(r.cells))
	for i, from := range r.cells {
		c.cells[i] = from
		c.cells[i].text = append([]byte(nil), from.text...)
		c.cells[i].items = nil
		for _, item := range from.items {
			c.cells[i].items = append(c.cells[i].items, append([]byte(nil), item...))
		}
	}
	return c
}

func selectObject(o *clixml.Object, names []string) *clixml.Object {
	types := []string{automation + "PSCustomObject", "System.Object"}
	if len(o.Types) > 0 {
		types = append([]string{"Selected." + o.Types[0]}, types...)
	}
	s := &clixml.Object{Types: types}
	for _, n := range names {
		if n == "*" {
			s.Extended = append(append(s.Extended, o.Adapted...), o.Extended...)
			continue
		}
		v, _ := o.Get(n)
		s.Extended = append(s.Extended, clixml.Property{Name: n, Value: v})
	}
	return s
}

// measurer is Measure-Object: it counts.
type measurer struct {
	next  output
	count int32
}

func (m *measurer) row(*view, *record) bool    { m.count++; return true }
func (m *measurer) object(*clixml.Object) bool { m.count++; return true }

func (m *measurer) end() bool {
	o := &clixml.Object{
		Types: []string{"Microsoft.PowerShell.Commands.GenericMeasureInfo", "Microsoft.PowerShell.Commands.MeasureInfo", "System.Object"}, ToString: "Microsoft.PowerShell.Commands.GenericMeasureInfo", HasToString: true,
	}
	o.Adapted = append(o.Adapted, clixml.Property{Name: "Count", Value: m.count})
	for _, n := range []string{"Average", "Sum", "Maximum", "Minimum", "Property"} {
		o.Adapted = append(o.Adapted, clixml.Property{Name: n})
	}
	return m.next.object(o) && m.next.end()
}

// collector keeps the identities of what goes into a cmdlet that changes
// things.
type collector struct{ identities []string }

func (c *collector) row(v *view, r *record) bool {
	for _, name := range []string{"Identity", "Guid", "PrimarySmtpAddress", "Name"} {
		if col, ok := v.column(name); ok && col.from >= 0 && r.cells[col.from].kind != kindNil {
			c.identities = append(c.identities, r.cells[col.from].display())
			return true
		}
	}
	return true
}

func (c *collector) object(o *clixml.Object) bool {
	if v, ok := o.Get("Identity"); ok {
		c.identities = append(c.identities, display(plainValue(v)))
	}
	return true
}

func (c *collector) end() bool { return true }
