package exchange

import (
	"fmt"
	"strings"
)

// class is a kind of object that each tenant has a table of: mailboxes with
// all that any cmdlet shows of them, transport rules, traced messages. Classes
// come from data/classes.txt and never change.
type class struct {
	name    string
	columns []columnInfo
	byName  map[string]int // lower case
	// keys are the columns by which -Identity finds a row; the first one is
	// also the name of a row in messages.
	keys []int
	// people makes the person that a row is about; nil for other things.
	people func(t *Tenant, i int) person
	// parent is the class that rows of this one belong to, at most most of
	// them to each row of it, and at least least.
	parent      *class
	least, most int
	templates   []*template
	known       bool // described, not only named
	exists      int  // column that says whether a row is there; negative: all are
}

// columnInfo is a column: its name, what it holds, and how it is computed.
type columnInfo struct {
	name      string
	kind      kind
	clock     clockKind
	listTypes []string
	program   *program
	source    string // of the program
}

// template is a sort of row, which a tenant has none or several of.
type template struct {
	count    string // a number, a range or a size of the tenant
	salt     uint64
	programs map[int]*program
	sources  map[string]string // by column, until they are compiled
}

// rows is how many rows of the template a tenant has.
func (s *template) rows(t *Tenant) int {
	switch s.count {
	case "mailboxes":
		return t.mailboxes
	case "mailusers":
		return t.mailUsers
	case "contacts":
		return t.contacts
	case "groups":
		return t.groups
	case "teams":
		return t.groups/3 + 1
	case "dynamic":
		return t.groups/12 + 1
	case "quarantined":
		return t.quarantined
	case "traced":
		return t.traced
	case "others":
		return len(t.domains) - 2
	}
	least, most, err := span(s.count)
	if err != nil {
		panic(err) // the tables of this package are wrong
	}
	return least + t.seed.of(s.salt).n(most-least+1)
}

// count is how many rows a tenant has before anything changes. Of a class
// that has a parent some of these are not there.
func (c *class) count(t *Tenant) int {
	if c.parent != nil {
		return c.parent.count(t) * c.most
	}
	n := 0
	for _, s := range c.templates {
		n += s.rows(t)
	}
	return n
}

// maker prepares the row i; false when there is none.
func (c *class) maker(t *Tenant, i int, r *record) (maker, bool) {
	r.reset(len(c.columns))
	m := maker{record: r, class: c, tenant: t, dice: t.seed.of(hash(c.name)).of(uint64(i)), nth: i}
	if m.added = i >= c.count(t); m.added {
		if c.people != nil {
			m.person = c.people(t, i)
		}
		return m, true
	}
	if c.parent != nil {
		return m, c.child(&m, t, i)
	}
	for _, s := range c.templates {
		if n := s.rows(t); m.nth < n {
			m.shape = s
			break
		} else {
			m.nth -= n
		}
	}
	if c.people != nil {
		m.person = c.people(t, i)
	}
	return m, true
}

// child prepares a row that belongs to a row of the parent.
func (c *class) child(m *maker, t *Tenant, i int) bool {
	owner := i / c.most
	m.nth, m.shape, m.owner = i%c.most, c.templates[0], owner
	if m.nth >= c.least+t.seed.of(hash(c.name+" rows")).of(uint64(owner)).n(c.most-c.least+1) || t.tables[c.parent].state.Load().removed[owner] {
		return false
	}
	if c.parent.people != nil {
		m.person = c.parent.people(t, owner)
	}
	return true
}

// column finds a column by name, letter case aside.
func (c *class) column(name string) (int, bool) {
	i, ok := c.byName[strings.ToLower(name)]
	return i, ok
}

// add makes a column, or gives the one that is there.
func (c *class) add(info columnInfo) int {
	if i, ok := c.column(info.name); ok {
		return i
	}
	if info.kind == kindList && info.listTypes == nil {
		info.listTypes = stringList()
	}
	c.columns = append(c.columns, info)
	c.byName[strings.ToLower(info.name)] = len(c.columns) - 1
	return len(c.columns) - 1
}

// like gives the class the columns and the keys of another one.
func (c *class) like(other *class) error {
	if other == nil {
		return fmt.Errorf("class %s: what it is like must stand before it", c.name)
	}
	for _, info := range other.columns {
		c.add(info)
	}
	c.keys = append(c.keys, other.keys...)
	return nil
}

// find gives the indices of the columns that a list of names gives.
func (c *class) find(names []string) ([]int, error) {
	var found []int
	for _, name := range names {
		i, ok := c.column(name)
		if !ok {
			return nil, fmt.Errorf("class %s has no column %s", c.name, name)
		}
		found = append(found, i)
	}
	return found, nil
}

// compile makes the programs of all columns and templates.
func (c *class) compile(t *tables) error {
	for k := range c.columns {
		info := &c.columns[k]
		p, err := (&compiler{tables: t, class: c, column: k}).compile(info.source)
		if err != nil {
			return err
		}
		info.program = p
	}
	for n, s := range c.templates {
		s.programs = map[int]*program{}
		for name, source := range s.sources {
			k, ok := c.column(name)
			if !ok {
				return fmt.Errorf("class %s: a row has %s, which is no column", c.name, name)
			}
			p, err := (&compiler{tables: t, class: c, column: k, salt: uint64(n+1) << 16}).compile(source)
			if err != nil {
				return err
			}
			s.programs[k] = p
		}
		s.salt = hash(c.name) + uint64(n)
	}
	if k, ok := c.column("(exists)"); ok {
		c.exists = k
	}
	return nil
}

// Type names of multi-valued properties.
func listOf(of string) []string {
	return []string{
		"Microsoft.Exchange.Data.MultiValuedProperty`1[[" + of + "]]",
		"Microsoft.Exchange.Data.MultiValuedPropertyBase", "System.Object",
	}
}

func stringList() []string {
	return listOf("System.String, mscorlib, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089")
}

func addressList() []string {
	return append([]string{"Microsoft.Exchange.Data.ProxyAddressCollection", "Microsoft.Exchange.Data.ProxyAddressBaseCollection`1[[Microsoft.Exchange.Data.ProxyAddress, Microsoft.Exchange.Data, Version=15.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35]]"},
		listOf("Microsoft.Exchange.Data.ProxyAddress, Microsoft.Exchange.Data, Version=15.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35")...)
}

func recipientList() []string {
	return listOf("Microsoft.Exchange.Data.Directory.ADObjectId, Microsoft.Exchange.Data.Directory, Version=15.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35")
}

func arrayList() []string { return []string{"System.String[]", "System.Array", "System.Object"} }

// newColumn makes a column of a kind of the tables: text, bool, int, long,
// real, time (UTC), local, naive, span, guid, version, list, array, names,
// addresses, size (a text), quota (a size as an object).
func newColumn(name, kindName string) (columnInfo, error) {
	info := columnInfo{name: name}
	switch kindName {
	case "text", "size":
		info.kind = kindText
	case "bool":
		info.kind = kindBool
	case "int":
		info.kind = kindInt32
	case "long":
		info.kind = kindInt64
	case "real":
		info.kind = kindFloat
	case "time", "local", "naive":
		info.kind = kindTime
		info.clock = map[string]clockKind{"time": clockUTC, "local": clockLocal, "naive": clockNone}[kindName]
	case "span":
		info.kind = kindSpan
	case "guid":
		info.kind = kindGUID
	case "version":
		info.kind = kindVersion
	case "quota":
		info.kind = kindSize
	case "list":
		info.kind, info.listTypes = kindList, stringList()
	case "array":
		info.kind, info.listTypes = kindList, arrayList()
	case "names":
		info.kind, info.listTypes = kindList, recipientList()
	case "addresses":
		info.kind, info.listTypes = kindList, addressList()
	default:
		return info, fmt.Errorf("column %s: there is no kind %q", name, kindName)
	}
	return info, nil
}

// emptyProgram is what a column holds of which nothing is known but its kind
// and the letter of its type.
func emptyProgram(info columnInfo, letter string) string {
	switch info.kind {
	case kindBool:
		return "false"
	case kindInt32, kindInt64:
		return "0"
	case kindGUID:
		return "00000000-0000-0000-0000-000000000000"
	case kindSize:
		return "Unlimited"
	case kindList:
		return ""
	case kindText:
		switch letter {
		case "s":
			return ""
		case "u":
			return "Unlimited"
		case "z":
			return "size 0"
		}
	}
	return "null"
}
