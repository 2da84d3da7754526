package exchange

import (
	"context"
	"slices"
	"strings"

	"postroom/session/clixml"
	"postroom/session/cmdlet"
	"postroom/session/psrp"
)

// output is where a cmdlet's output goes: to the host, or to the next command
// of the pipeline.
type output interface {
	// row takes one row; it is the cmdlet's again when row returns. at is where
	// the row stands. false ends the output: nobody wants more.
	row(v *view, r *record, at place) bool
	// object takes one object that is not a row of a table.
	object(v clixml.Value) bool
	// end says that there is no more.
	end() bool
}

// place is a row of a table.
type place struct {
	table *table
	index int
}

// client is the output to the host.
type client struct {
	host Host
	ctx  context.Context //nolint:containedctx // the call's lifetime
}

func (c *client) row(v *view, r *record, _ place) bool {
	return c.host.Row(Row{v, r}) && c.ctx.Err() == nil
}

func (c *client) object(v clixml.Value) bool { return c.host.Object(v) && c.ctx.Err() == nil }

func (c *client) end() bool { return true }

// item is an object that came through the pipeline: where its row stands, what
// names it, and the values that the next command may bind, by lower-case name.
type item struct {
	at       place
	identity string
	values   map[string]any
}

// collector keeps what goes into a cmdlet that works object by object.
type collector struct {
	def   *definition
	items []item
}

func (c *collector) row(v *view, r *record, at place) bool {
	i := item{at: at, values: map[string]any{}}
	for _, name := range []string{"Identity", "Guid", "PrimarySmtpAddress", "Name"} {
		if i.identity == "" {
			i.identity = display(v.value(r, name))
		}
	}
	for n := range c.def.parameters {
		p := &c.def.parameters[n]
		if p.pipeline == "" || p.code == "id" {
			continue
		}
		if value := v.value(r, p.Name); value != nil {
			i.values[strings.ToLower(p.Name)] = value
		}
	}
	c.items = append(c.items, i)
	return true
}

func (c *collector) object(v clixml.Value) bool {
	if o, ok := v.(*clixml.Object); ok {
		v, _ = o.Get("Identity")
	}
	c.items = append(c.items, item{identity: display(plainValue(v)), values: map[string]any{}})
	return true
}

func (c *collector) end() bool { return true }

// stage is a streaming command in front of next.
func (d *definition) stage(call cmdlet.Invocation, next output) (output, *psrp.RemoteError) {
	args, err := d.bind(call)
	if err != nil {
		return nil, err
	}
	switch d.meta.Name {
	case "Select-Object":
		s := &selector{
			next: next, properties: args.list("Property"), without: args.list("ExcludeProperty"), expand: args.text("ExpandProperty"),
			first: args.number("First", -1), skip: args.number("Skip", 0), last: args.number("Last", -1), views: map[*view]*view{},
		}
		if args.on("Unique") {
			s.seen = map[string]bool{}
		}
		return s, nil
	case "Measure-Object":
		return &measurer{next: next, property: args.text("Property"), sum: args.on("Sum"), average: args.on("Average"), most: args.on("Maximum"), least: args.on("Minimum")}, nil
	}
	return next, nil
}

// selector is Select-Object between a cmdlet and the next.
type selector struct {
	next                output
	properties, without []string
	expand              string
	first, skip, last   int64 // first, last: negative: all
	taken               int64
	seen                map[string]bool // of -Unique
	views               map[*view]*view
	tail                []tailRow
}

type tailRow struct {
	v  *view
	r  record
	at place
	o  clixml.Value
}

func (s *selector) view(v *view) *view {
	if len(s.properties)+len(s.without) == 0 {
		return v
	}
	if s.views[v] == nil {
		s.views[v] = v.selected(s.properties, s.without)
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

func (s *selector) row(v *view, r *record, at place) bool {
	shown := s.view(v)
	if s.seen != nil && !s.fresh(string(Row{shown, r}.AppendJSON(nil, nil))) {
		return true
	}
	if s.last >= 0 {
		s.keep(tailRow{v: shown, r: r.clone(), at: at})
		return true
	}
	wanted, more := s.admit()
	if wanted {
		return s.give(tailRow{v: shown, r: *r, at: at}) && more
	}
	return more
}

// fresh says that -Unique has not seen an object before.
func (s *selector) fresh(text string) bool {
	known := s.seen[text]
	s.seen[text] = true
	return !known
}

func (s *selector) object(v clixml.Value) bool {
	if o, ok := v.(*clixml.Object); ok && len(s.properties) > 0 {
		v = selectObject(o, s.properties)
	}
	if s.last >= 0 {
		s.keep(tailRow{o: v})
		return true
	}
	wanted, more := s.admit()
	if wanted {
		return s.next.object(v) && more
	}
	return more
}

// give passes an object on; with -ExpandProperty the values of one of its
// properties instead.
func (s *selector) give(t tailRow) bool {
	if t.o != nil {
		return s.next.object(t.o)
	}
	if s.expand == "" {
		return s.next.row(t.v, &t.r, t.at)
	}
	switch v := t.v.value(&t.r, s.expand).(type) {
	case nil:
		return true
	case []string:
		return !slices.ContainsFunc(v, func(item string) bool { return !s.next.object(item) })
	default:
		c, _ := t.v.column(s.expand)
		return s.next.object(c.wire(v))
	}
}

func (s *selector) keep(t tailRow) {
	s.tail = append(s.tail, t)
	if int64(len(s.tail)) > s.last {
		s.tail = s.tail[1:]
	}
}

func (s *selector) end() bool {
	for _, t := range s.tail {
		if !s.give(t) {
			break
		}
	}
	return s.next.end()
}

// clone is a copy that shares nothing which changes.
func (r *record) clone() record { return record{slices.Clone(r.cells), slices.Clone(r.made)} }

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

// measurer is Measure-Object: it counts, and works out what it is asked for of
// a property.
type measurer struct {
	next                      output
	property                  string
	sum, average, most, least bool
	count                     int32
	total, greatest, smallest float64
}

func (m *measurer) row(v *view, r *record, _ place) bool {
	if m.property == "" {
		m.count++
		return true
	}
	value := v.value(r, m.property)
	if value == nil {
		return true
	}
	n := number(value)
	if m.count == 0 || n > m.greatest {
		m.greatest = n
	}
	if m.count == 0 || n < m.smallest {
		m.smallest = n
	}
	m.count++
	m.total += n
	return true
}

func (m *measurer) object(clixml.Value) bool { m.count++; return true }

func (m *measurer) end() bool {
	const name = "Microsoft.PowerShell.Commands.GenericMeasureInfo"
	o := &clixml.Object{Types: []string{name, "Microsoft.PowerShell.Commands.MeasureInfo", "System.Object"}, ToString: name, HasToString: true}
	o.Adapted = append(o.Adapted, clixml.Property{Name: "Count", Value: m.count})
	for _, p := range []struct {
		name   string
		wanted bool
		n      float64
	}{{"Average", m.average, m.total / float64(max(m.count, 1))}, {"Sum", m.sum, m.total}, {"Maximum", m.most, m.greatest}, {"Minimum", m.least, m.smallest}} {
		property := clixml.Property{Name: p.name}
		if p.wanted && m.count > 0 {
			property.Value = p.n
		}
		o.Adapted = append(o.Adapted, property)
	}
	property := clixml.Property{Name: "Property"}
	if m.property != "" {
		property.Value = m.property
	}
	o.Adapted = append(o.Adapted, property)
	return m.next.object(o) && m.next.end()
}

// window lets a page of rows through, and knows whether there were more.
type window struct {
	output
	skip, take int64
	more       bool
}

func (w *window) row(v *view, r *record, at place) bool {
	switch {
	case w.skip > 0:
		w.skip--
		return true
	case w.take == 0:
		w.more = true
		return false
	}
	w.take--
	return w.output.row(v, r, at)
}
