package exchange

import (
	"fmt"
	"strings"

	"postroom/session/clixml"
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
	clock     clixml.DateTimeKind
	listTypes []string
	program   expr
	source    string // of the program
}

// template is a sort of row, which a tenant has none or several of.
type template struct {
	count    string // a number, a range or a size of the tenant
	salt     uint64
	programs map[int]expr
	sources  map[string]string // by column, until they are compiled
}

// rows is how many rows of the template a tenant has.
func (s *template) rows(t *Tenant) int {
	if n, counted := t.Counts[s.count]; counted {
		return n
	}
	least, most, err := span(s.count)
	if err != nil {
		panic(err) // the tables of this package are wrong
	}
	return least + t.seed.of(s.salt).n(most-least+1)
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
	program := func(column int, salt uint64, source string) (expr, error) {
		p, err := (&compiler{tables: t, class: c, column: c.columns[column], salt: salt}).compile(source)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", c.name, c.columns[column].name, err)
		}
		return p, nil
	}
	var err error
	for k := range c.columns {
		if c.columns[k].program, err = program(k, 0, c.columns[k].source); err != nil {
			return err
		}
	}
	for n, s := range c.templates {
		s.salt, s.programs = hash(c.name)+uint64(n), map[int]expr{}
		for name, source := range s.sources {
			k, ok := c.column(name)
			if !ok {
				return fmt.Errorf("class %s: a row has %s, which is not a column", c.name, name)
			}
			if s.programs[k], err = program(k, uint64(n+1)<<16, source); err != nil {
				return err
			}
		}
	}
	c.exists = -1
	if k, ok := c.column("(exists)"); ok {
		c.exists = k
	}
	return nil
}

// value turns a value into one of the column; a time shows the column's clock.
func (info columnInfo) value(v any) (any, error) {
	v, err := convert(info.kind, v)
	if t, ok := v.(clixml.DateTime); ok {
		t.Kind = info.clock
		v = t
	}
	return v, err
}

// Type names of multi-valued properties.
func listOf(of string) []string {
	return []string{
		"Microsoft.Exchange.Data.MultiValuedProperty`1[[" + of + "]]",
		"Microsoft.Exchange.Data.MultiValuedPropertyBase", "System.Object",
	}
}

const directoryID = "Microsoft.Exchange.Data.Directory.ADObjectId, Microsoft.Exchange.Data.Directory, Version=15.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35"

const proxyAddress = "Microsoft.Exchange.Data.ProxyAddress" + exchangeData

func stringList() []string {
	return listOf("System.String, mscorlib, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089")
}

func addressList() []string {
	return append([]string{"Microsoft.Exchange.Data.ProxyAddressCollection", "Microsoft.Exchange.Data.ProxyAddressBaseCollection`1[[" + proxyAddress + "]]"}, listOf(proxyAddress)...)
}

func arrayList() []string { return []string{"System.String[]", "System.Array", "System.Object"} }

// newColumn makes a column of a kind of the tables: text, bool, int, long, ushort, uint,
// real, uri, time (UTC), local, naive, span, guid, version, list, array, names,
// addresses, size (a text), quota (a size as an object).
func newColumn(name, kindName string) (columnInfo, error) {
	info, ok := columnKinds[kindName]
	if !ok {
		return info, fmt.Errorf("column %s: there is no kind %q", name, kindName)
	}
	info.name = name
	return info, nil
}

// columnKinds are the kinds by the words of the tables.
var columnKinds = map[string]columnInfo{
	"text": {kind: kindText}, "size": {kind: kindText}, "bool": {kind: kindBool}, "int": {kind: kindInt32}, "ushort": {kind: kindUint16}, "uint": {kind: kindUint32}, "uri": {kind: kindURI}, "long": {kind: kindInt64}, "real": {kind: kindFloat},
	"time": {kind: kindTime, clock: clixml.UTC}, "local": {kind: kindTime, clock: clixml.Local}, "naive": {kind: kindTime}, "span": {kind: kindSpan},
	"guid": {kind: kindGUID}, "version": {kind: kindVersion}, "quota": {kind: kindSize}, "list": {kind: kindList, listTypes: stringList()},
	"array": {kind: kindList, listTypes: arrayList()}, "names": {kind: kindList, listTypes: listOf(directoryID)}, "addresses": {kind: kindList, listTypes: addressList()},
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
