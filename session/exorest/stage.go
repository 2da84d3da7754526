package exorest

import (
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"

	"postroom/session/cmdlet"
	"postroom/session/result"
)

// errEnough ends a source whose rows nobody wants any more.
var errEnough = errors.New("enough rows")

// isStage says that a command is done here: a server of PowerShell would have it.
func isStage(name string) bool {
	switch strings.ToLower(name) {
	case "select-object", "measure-object":
		return true
	}
	return false
}

// chunkRows is how many rows a stage takes at a time: their columns may come in
// any order.
const chunkRows = 256

// staged is a command of ours between a source and whoever takes the rows.
type staged struct {
	result.Appender
	table *result.Table
	came  int
	take  func(v *result.View, row int) error
	last  func() error
}

func newStage(i cmdlet.Invocation, to result.Appender) (*staged, error) {
	s := &staged{}
	s.begin()
	if strings.EqualFold(i.Cmdlet, "Measure-Object") {
		m := &measurer{to: to}
		m.read(i)
		s.take, s.last = m.row, m.end
		return s, nil
	}
	p, err := newPicker(i, to)
	if err != nil {
		return nil, err
	}
	s.take, s.last = p.row, p.end
	return s, nil
}

func (s *staged) begin() {
	s.table = result.NewTable(result.Provenance{})
	s.Appender = s.table.Builder()
}

// EndRow completes a row.
func (s *staged) EndRow() error {
	if err := s.Appender.EndRow(); err != nil {
		return err
	}
	if s.came++; s.came%chunkRows == 0 {
		return s.flush()
	}
	return nil
}

func (s *staged) flush() error {
	v := s.table.Snapshot()
	s.begin()
	rows, _ := v.Size()
	for row := range rows {
		if err := s.take(v, row); err != nil {
			return err
		}
	}
	return nil
}

// end says that no more rows come.
func (s *staged) end() error {
	if err := s.flush(); err != nil && !errors.Is(err, errEnough) {
		return err
	}
	return s.last()
}

// optionNumber gives the number of an option.
func optionNumber(i cmdlet.Invocation, name string, missing int) (int, error) {
	a, given := i.Arg(name)
	if !given {
		return missing, nil
	}
	n, err := strconv.Atoi(fmt.Sprint(a.Value))
	if err != nil || n < 0 {
		return 0, &UnsupportedError{Cmdlet: i.Cmdlet, Parameter: name + " " + fmt.Sprint(a.Value)}
	}
	return n, nil
}

// properties gives the columns that a stage names, also without a name in front.
func properties(i cmdlet.Invocation) []string {
	if names := i.Texts("Property"); names != nil {
		return names
	}
	for _, a := range i.Args {
		if a.Name == "" {
			return cmdlet.Invocation{Args: []cmdlet.Arg{{Name: "Property", Value: a.Value}}}.Texts("Property")
		}
	}
	return nil
}

// selected are the columns that the service needs to send for the first of our
// commands; nil for all.
func selected(stage cmdlet.Invocation) []string {
	if !strings.EqualFold(stage.Cmdlet, "Select-Object") || stage.Texts("ExcludeProperty") != nil {
		return nil
	}
	names := append(properties(stage), stage.Texts("ExpandProperty")...)
	for _, name := range names {
		if strings.ContainsAny(name, "*?[") {
			return nil
		}
	}
	return names
}

// picker is Select-Object.
type picker struct {
	to                  result.Appender
	properties, without []string
	expand              string
	first, skip, last   int // first, last: negative for all
	unique              map[string]bool
	taken               int
	tail                []pickedRow
}

type pickedRow struct {
	view *result.View
	row  int
}

func newPicker(i cmdlet.Invocation, to result.Appender) (*picker, error) {
	p := &picker{to: to, properties: properties(i), without: i.Texts("ExcludeProperty")}
	if names := i.Texts("ExpandProperty"); len(names) > 0 {
		p.expand = names[0]
	}
	if on, _ := flag(i, "Unique"); on {
		p.unique = map[string]bool{}
	}
	var errs [3]error
	p.first, errs[0] = optionNumber(i, "First", -1)
	p.last, errs[1] = optionNumber(i, "Last", -1)
	p.skip, errs[2] = optionNumber(i, "Skip", 0)
	return p, errors.Join(errs[:]...)
}

func (p *picker) row(v *result.View, row int) error {
	if p.unique != nil {
		key := p.text(v, row)
		if p.unique[key] {
			return nil
		}
		p.unique[key] = true
	}
	switch {
	case p.skip > 0:
		p.skip--
		return nil
	case p.last >= 0:
		if p.tail = append(p.tail, pickedRow{v, row}); len(p.tail) > p.last {
			p.tail = p.tail[1:]
		}
		return nil
	case p.first >= 0 && p.taken >= p.first:
		return errEnough
	}
	p.taken++
	if err := p.give(v, row); err != nil {
		return err
	}
	if p.taken == p.first {
		return errEnough
	}
	return nil
}

func (p *picker) end() error {
	for _, t := range p.tail {
		if err := p.give(t.view, t.row); err != nil {
			return err
		}
	}
	return nil
}

// columns are those of a row that are wanted, in the order that was asked for;
// -1 for one that it has not, with the name.
func (p *picker) columns(v *result.View) (cols []int, names []string) {
	headers := v.Headers()
	wanted := p.properties
	if len(wanted) == 0 {
		wanted = []string{"*"}
	}
	for _, name := range wanted {
		if col, ok := v.Column(name); ok {
			cols, names = append(cols, col), append(names, headers[col])
			continue
		}
		if !strings.ContainsAny(name, "*?[") {
			cols, names = append(cols, -1), append(names, name)
			continue
		}
		for col, header := range headers {
			if matches(name, header) {
				cols, names = append(cols, col), append(names, header)
			}
		}
	}
	kept := 0
	for at, name := range names {
		if !p.excluded(name) {
			cols[kept], names[kept] = cols[at], name
			kept++
		}
	}
	return cols[:kept], names[:kept]
}

func (p *picker) excluded(name string) bool {
	for _, pattern := range p.without {
		if matches(pattern, name) {
			return true
		}
	}
	return false
}

// matches holds a name against a pattern with * and ?, letter case aside.
func matches(pattern, name string) bool {
	ok, err := path.Match(strings.ToLower(pattern), strings.ToLower(name))
	return err == nil && ok
}

func (p *picker) text(v *result.View, row int) string {
	cols, _ := p.columns(v)
	var b strings.Builder
	for _, col := range cols {
		if col >= 0 {
			fmt.Fprintf(&b, "%v", v.Value(row, col))
		}
		b.WriteByte(0)
	}
	return b.String()
}

func (p *picker) give(v *result.View, row int) error {
	if p.expand != "" {
		return p.expanded(v, row)
	}
	p.to.BeginRow()
	cols, names := p.columns(v)
	for i, col := range cols {
		if col < 0 {
			p.to.Null([]byte(names[i]))
			continue
		}
		result.Copy(p.to, []byte(names[i]), v.Value(row, col))
	}
	return p.to.EndRow()
}

// expanded gives the values of one property, each as a row.
func (p *picker) expanded(v *result.View, row int) error {
	col, ok := v.Column(p.expand)
	if !ok {
		return nil
	}
	value := v.Value(row, col)
	list := []result.Value{value}
	if value.Kind == result.KindList {
		list = list[:0]
		for _, item := range value.Items {
			list = append(list, result.Value{Kind: result.KindText, Text: item})
		}
	}
	for _, one := range list {
		if one.Kind == result.KindNull || one.Kind == result.KindAbsent {
			continue
		}
		p.to.BeginRow()
		result.Copy(p.to, valueColumn, one)
		if err := p.to.EndRow(); err != nil {
			return err
		}
	}
	return nil
}

// measurer is Measure-Object.
type measurer struct {
	to                        result.Appender
	property                  string
	sum, average, most, least bool
	count                     int64
	total, greatest, smallest float64
}

func (m *measurer) read(i cmdlet.Invocation) {
	if names := properties(i); len(names) > 0 {
		m.property = names[0]
	}
	m.sum, _ = flag(i, "Sum")
	m.average, _ = flag(i, "Average")
	m.most, _ = flag(i, "Maximum")
	m.least, _ = flag(i, "Minimum")
}

func (m *measurer) row(v *result.View, row int) error {
	if m.property == "" {
		m.count++
		return nil
	}
	col, ok := v.Column(m.property)
	if !ok {
		return nil
	}
	n, ok := numberOf(v.Value(row, col))
	if !ok {
		return nil
	}
	if m.count == 0 || n > m.greatest {
		m.greatest = n
	}
	if m.count == 0 || n < m.smallest {
		m.smallest = n
	}
	m.count++
	m.total += n
	return nil
}

func numberOf(v result.Value) (float64, bool) {
	switch v.Kind {
	case result.KindInt:
		return float64(v.Int), true
	case result.KindUint:
		return float64(v.Uint), true
	case result.KindFloat:
		return v.Float, true
	case result.KindDecimal, result.KindText:
		n, err := strconv.ParseFloat(v.Text, 64)
		return n, err == nil
	}
	return 0, false
}

func (m *measurer) end() error {
	m.to.BeginRow()
	m.to.Int([]byte("Count"), m.count)
	for _, p := range []struct {
		name   string
		wanted bool
		n      float64
	}{{"Average", m.average, m.total / float64(max(m.count, 1))}, {"Sum", m.sum, m.total}, {"Maximum", m.most, m.greatest}, {"Minimum", m.least, m.smallest}} {
		if p.wanted && m.count > 0 {
			m.to.Float([]byte(p.name), p.n)
		} else {
			m.to.Null([]byte(p.name))
		}
	}
	if m.property == "" {
		m.to.Null([]byte("Property"))
	} else {
		m.to.Text([]byte("Property"), []byte(m.property))
	}
	return m.to.EndRow()
}
