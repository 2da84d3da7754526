package exchange

import (
	"context"
	"slices"

	"postroom/session/clixml"
	"postroom/session/cmdlet"
	"postroom/session/psrp"
)

// object is what goes through a pipeline: a row of a table, or a value that is
// none. A row is the cmdlet's again when it has been taken.
type object struct {
	row   Row // no view: value is meant
	at    place
	value clixml.Value
}

// place is a row of a table.
type place struct {
	table *table
	index int
}

// property is the value of a property, nil when there is none.
func (o object) property(name string) any {
	if o.row.view != nil {
		return o.row.view.value(o.row.record, name)
	}
	if v, ok := o.value.(*clixml.Object); ok {
		value, _ := v.Get(name)
		return plainValue(value)
	}
	return nil
}

// output is where a cmdlet's output goes: to the host, or to the next command
// of the pipeline.
type output interface {
	// put takes an object. false ends the output: nobody wants more.
	put(o object) bool
	// end says that there is no more.
	end() bool
}

// client is the output to the host.
type client struct {
	host Host
	ctx  context.Context //nolint:containedctx // the call's lifetime
}

func (c *client) put(o object) bool {
	more := false
	if o.row.view != nil {
		more = c.host.Row(o.row)
	} else {
		more = c.host.Object(o.value)
	}
	return more && c.ctx.Err() == nil
}

func (c *client) end() bool { return true }

// item is an object that came through the pipeline: where its row stands, what
// names it, and the values that the next command may bind.
type item struct {
	at       place
	identity string
	values   map[*parameter]any
}

// collector keeps what goes into a cmdlet that works object by object.
type collector struct {
	takes []*parameter // by the names of properties
	items []item
}

func newCollector(d *definition) *collector {
	c := &collector{}
	for i := range d.parameters {
		if p := &d.parameters[i]; (p.pipeline == "n" || p.pipeline == "1") && p.code != "id" {
			c.takes = append(c.takes, p)
		}
	}
	return c
}

func (c *collector) put(o object) bool {
	i := item{at: o.at, values: map[*parameter]any{}}
	i.identity, _ = o.value.(string)
	for _, name := range []string{"Identity", "Guid", "PrimarySmtpAddress", "Name"} {
		if i.identity == "" {
			i.identity = display(o.property(name))
		}
	}
	for _, p := range c.takes {
		if value := o.property(p.Name); value != nil {
			i.values[p] = value
		}
	}
	c.items = append(c.items, i)
	return true
}

func (c *collector) end() bool { return true }

// stage is a streaming command in front of next.
func (d *definition) stage(call cmdlet.Invocation, next output) (output, *psrp.RemoteError) {
	args, err := d.bind(call)
	if err != nil {
		return nil, err
	}
	switch d.name {
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
	tail                []object
}

// shown is an object with the properties that are wanted alone.
func (s *selector) shown(o object) object {
	if len(s.properties)+len(s.without) == 0 {
		return o
	}
	if v := o.row.view; v != nil {
		if s.views[v] == nil {
			s.views[v] = v.selected(s.properties, s.without)
		}
		o.row.view = s.views[v]
	} else if v, ok := o.value.(*clixml.Object); ok {
		o.value = selectObject(v, s.properties)
	}
	return o
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

func (s *selector) put(o object) bool {
	o = s.shown(o)
	if s.seen != nil && !s.fresh(o) {
		return true
	}
	if s.last >= 0 {
		if o.row.view != nil {
			o.row.record = o.row.record.clone()
		}
		if s.tail = append(s.tail, o); int64(len(s.tail)) > s.last {
			s.tail = s.tail[1:]
		}
		return true
	}
	wanted, more := s.admit()
	if wanted {
		return s.give(o) && more
	}
	return more
}

// fresh says that -Unique has not seen an object before.
func (s *selector) fresh(o object) bool {
	text := display(o.value)
	if o.row.view != nil {
		text = string(o.row.AppendJSON(nil, nil))
	}
	known := s.seen[text]
	s.seen[text] = true
	return !known
}

// give passes an object on; with -ExpandProperty the values of one of its
// properties instead.
func (s *selector) give(o object) bool {
	if s.expand == "" {
		return s.next.put(o)
	}
	switch v := o.property(s.expand).(type) {
	case nil:
		return true
	case []string:
		return !slices.ContainsFunc(v, func(item string) bool { return !s.next.put(object{value: item}) })
	default:
		return s.next.put(object{value: new(record).wire(viewColumn{}, v)})
	}
}

func (s *selector) end() bool {
	for _, o := range s.tail {
		if !s.give(o) {
			break
		}
	}
	return s.next.end()
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

// measurer is Measure-Object: it counts, and works out what it is asked for of
// a property.
type measurer struct {
	next                      output
	property                  string
	sum, average, most, least bool
	count                     int32
	total, greatest, smallest float64
}

func (m *measurer) put(o object) bool {
	if m.property == "" {
		m.count++
		return true
	}
	value := o.property(m.property)
	if value == nil {
		return true
	}
	n := number(value)
	if m.count == 0 {
		m.greatest, m.smallest = n, n
	}
	m.count++
	m.total, m.greatest, m.smallest = m.total+n, max(m.greatest, n), min(m.smallest, n)
	return true
}

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
	return m.next.put(object{value: o}) && m.next.end()
}

// window lets a page of rows through, and knows whether there were more.
type window struct {
	output
	skip, take int64
	more       bool
}

func (w *window) put(o object) bool {
	switch {
	case w.skip > 0:
		w.skip--
		return true
	case w.take == 0:
		w.more = true
		return false
	}
	w.take--
	return w.output.put(o)
}
