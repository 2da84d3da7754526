package simulator

import (
	"fmt"
	"strings"
)

// class is a kind of object that each tenant has a table of: mailboxes with all
// that any cmdlet shows of them, transport rules, traced messages.
type class struct {
	name    string
	columns []columnInfo
	byName  map[string]int // lower case
	// keys are the columns by which -Identity finds a row; the first one that is
	// a text is also the name of a row in messages.
	keys []int
	// count is how many rows a tenant has before anything changes.
	count func(t *tenant) int
	// fill writes the cells whose column is needed. Rows from count on are those
	// that were added: they are made as plain as possible.
	fill func(t *tenant, i int, r *record, need []bool)
}

type columnInfo struct {
	name      string
	kind      kind
	clock     clockKind
	listTypes []string
}

// column is one column of a class of T: its name, what it holds, and how it is
// written.
type column[T any] struct {
	name string
	kind kind
	list []string // type names of a list
	fill func(v *T, p pen)
}

// newClass makes a class whose rows are written from a T.
func newClass[T any](name, keys string, count func(*tenant) int, subject func(t *tenant, i int) T, columns []column[T]) *class {
	c := &class{name: name, count: count, byName: map[string]int{}}
	for i, col := range columns {
		c.columns = append(c.columns, columnInfo{name: col.name, kind: col.kind, listTypes: col.list})
		c.byName[strings.ToLower(col.name)] = i
	}
	c.keys = c.find(keys)
	c.fill = func(t *tenant, i int, r *record, need []bool) {
		v := subject(t, i)
		r.reset(len(columns))
		for k := range columns {
			if need == nil || need[k] {
				columns[k].fill(&v, pen{r: r, column: k})
			}
		}
	}
	return c
}

// newFixedClass makes a class whose rows are kept, as those of policies are.
// Rows give values by column name; a column that a row does not name has its
// default, the first word of its declaration being the name, the second the
// kind, and the rest the default.
func newFixedClass(name, keys string, declarations []string, rows func(t *tenant) []row) *class {
	c := &class{name: name, byName: map[string]int{}}
	defaults := make([]value, len(declarations))
	for i, d := range declarations {
		info, v := parseDeclaration(d)
		c.columns = append(c.columns, info)
		c.byName[strings.ToLower(info.name)] = i
		defaults[i] = v
	}
	c.keys = c.find(keys)
	c.count = func(t *tenant) int { return len(t.fixed(c, rows, defaults)) }
	c.fill = func(t *tenant, i int, r *record, need []bool) {
		kept := t.fixed(c, rows, defaults)
		values := defaults
		if i < len(kept) {
			values = kept[i]
		}
		r.reset(len(values))
		for k := range values {
			if need == nil || need[k] {
				r.set(k, values[k])
			}
		}
	}
	return c
}

// row gives values by column name: nil, string, bool, int, int64, float64,
// []string, time.Time.
type row map[string]any

// find gives the indices of the columns that a list of names gives.
func (c *class) find(names string) []int {
	var found []int
	for _, name := range strings.Fields(names) {
		i, ok := c.byName[strings.ToLower(name)]
		if !ok {
			panic(fmt.Sprintf("simulator: class %s has no column %s", c.name, name)) // the tables of this package are wrong
		}
		found = append(found, i)
	}
	return found
}

// column finds a column by name, letter case aside.
func (c *class) column(name string) (int, bool) {
	i, ok := c.byName[strings.ToLower(name)]
	return i, ok
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

// parseDeclaration reads "Name kind default": kinds are text, bool, int, long,
// real, time, local, span, guid, version, list, array, names, addresses. A
// default of nothing is null, but for lists, which are empty.
func parseDeclaration(d string) (columnInfo, value) {
	name, rest, _ := strings.Cut(d, " ")
	kindName, def, hasDefault := strings.Cut(rest, " ")
	info := columnInfo{name: name}
	switch kindName {
	case "text", "":
		info.kind = kindText
	case "bool":
		info.kind = kindBool
	case "int":
		info.kind = kindInt32
	case "long":
		info.kind = kindInt64
	case "real":
		info.kind = kindFloat
	case "time", "local":
		info.kind = kindTime
		if kindName == "local" {
			info.clock = clockLocal
		}
	case "span":
		info.kind = kindSpan
	case "guid":
		info.kind = kindGUID
	case "version":
		info.kind = kindVersion
	case "list":
		info.kind, info.listTypes = kindList, stringList()
	case "array":
		info.kind, info.listTypes = kindList, arrayList()
	case "names":
		info.kind, info.listTypes = kindList, recipientList()
	case "addresses":
		info.kind, info.listTypes = kindList, addressList()
	default:
		panic("simulator: column " + d + ": no such kind") // the tables of this package are wrong
	}
	var v value
	switch {
	case info.kind == kindList:
		v = value{kind: kindList}
		if hasDefault {
			v.items = strings.Split(def, ",")
		}
	case hasDefault:
		var err error
		if v, err = info.value(def); err != nil {
			panic(fmt.Sprintf("simulator: column %s: %v", d, err)) // the tables of this package are wrong
		}
	}
	return info, v
}
