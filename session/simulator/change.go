package simulator

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"postroom/session/cmdlet"
	"postroom/session/psrp"
)

// target is a row that a cmdlet is about to change.
type target struct {
	table *table
	index int
}

func (t target) name() string { return t.table.name(t.index) }

// one finds the row that an identity names; more than one is an error, unless
// many is wanted.
func (x *execution) one(identity string, classes ...*class) (target, *psrp.RemoteError) {
	var found []target
	for _, c := range classes {
		tb := x.tenant.tables[c]
		for _, i := range tb.lookup(identity) {
			found = append(found, target{tb, i})
		}
	}
	switch len(found) {
	case 0:
		return target{}, x.notFound(identity)
	case 1:
		return found[0], nil
	}
	return target{}, x.ambiguous(identity)
}

// each calls do for every identity of the call, after the confirmation.
// Errors of one identity do not keep the others back.
func (x *execution) each(classes []*class, do func(t target) *psrp.RemoteError) *psrp.RemoteError {
	identities := x.identities
	if x.args.has("Identity") {
		identities = x.args.list("Identity")
	}
	for _, id := range identities {
		if x.stopping() {
			return nil
		}
		t, problem := x.one(id, classes...)
		if problem == nil {
			var goOn bool
			if goOn, problem = x.confirmed(t.name()); problem == nil && goOn {
				problem = do(t)
			}
		}
		if problem != nil {
			if problem = x.fail(problem); problem != nil {
				return problem
			}
		}
	}
	return nil
}

// assignments turns the arguments that name columns into cells. Names of
// renames go to another column. A list is replaced, or altered by
// @{Add=...; Remove=...}.
func (x *execution) assignments(tb *table, index int, renames map[string]string) (map[int]value, *psrp.RemoteError) {
	var r record
	if index >= 0 {
		tb.load(tb.state.Load(), index, &r, nil)
	}
	cells := map[int]value{}
	for _, p := range x.def.parameters {
		v, given := x.args[strings.ToLower(p.Name)]
		if !given {
			continue
		}
		columnName := p.Name
		if to, ok := renames[p.Name]; ok {
			columnName = to
		}
		k, ok := tb.class.column(columnName)
		if !ok || p.Name == "Identity" {
			continue
		}
		var had []string
		if index >= 0 {
			for _, item := range r.cells[k].items {
				had = append(had, string(item))
			}
		}
		kept, err := tb.class.columns[k].value(delta(had, v))
		if err != nil {
			return nil, untransformed(x.def.meta.Name, p.Name, display(v), p.Type, err.Error())
		}
		if s, secret := v.(cmdlet.Secret); secret && s != nil {
			continue // never kept
		}
		cells[k] = kept
	}
	return cells, nil
}

// delta applies @{Add; Remove} to a list; another value is what it is.
func delta(had []string, v any) any {
	m, ok := v.(map[string]any)
	if !ok {
		return v
	}
	items := slices.Clone(had)
	for _, word := range slices.Sorted(maps.Keys(m)) {
		for _, item := range textsOf(m[word]) {
			switch strings.ToLower(word) {
			case "add", "+":
				items = append(items, item)
			case "remove", "-":
				items = slices.DeleteFunc(items, func(s string) bool { return strings.EqualFold(s, item) })
			}
		}
	}
	return items
}

func textsOf(v any) []string {
	switch v := plainValue(v).(type) {
	case []string:
		return v
	case []any:
		texts := make([]string, len(v))
		for i := range v {
			texts[i] = display(plainValue(v[i]))
		}
		return texts
	default:
		return []string{display(v)}
	}
}

// set runs a Set- cmdlet.
func set(renames map[string]string, classes ...*class) func(*execution) *psrp.RemoteError {
	return func(x *execution) *psrp.RemoteError {
		return x.each(classes, func(t target) *psrp.RemoteError {
			cells, problem := x.assignments(t.table, t.index, renames)
			if problem != nil {
				return problem
			}
			if len(cells) == 0 {
				x.warn(fmt.Sprintf("The command completed successfully but no settings of '%s' have been modified.", t.name()))
				return nil
			}
			x.touch(t.table, cells)
			t.table.set(t.index, cells)
			return nil
		})
	}
}

// touch sets the times of change.
func (x *execution) touch(tb *table, cells map[int]value) {
	now := ticksOf(x.server().options.Clock.Now())
	for _, name := range []string{"WhenChanged", "WhenChangedUTC"} {
		if k, ok := tb.class.column(name); ok {
			cells[k] = value{kind: kindTime, number: now, clock: tb.class.columns[k].clock}
			if name == "WhenChanged" && tb.class.columns[k].clock == clockUTC {
				cells[k] = value{kind: kindTime, number: now, clock: clockLocal}
			}
		}
	}
}

// remove runs a Remove- cmdlet.
func remove(classes ...*class) func(*execution) *psrp.RemoteError {
	return func(x *execution) *psrp.RemoteError {
		return x.each(classes, func(t target) *psrp.RemoteError {
			t.table.remove(t.index)
			return nil
		})
	}
}

// assign runs a cmdlet that sets one column to a fixed value.
func assign(column string, to any, classes ...*class) func(*execution) *psrp.RemoteError {
	return func(x *execution) *psrp.RemoteError {
		return x.each(classes, func(t target) *psrp.RemoteError {
			k, _ := t.table.class.column(column)
			v, err := t.table.class.columns[k].value(to)
			if err != nil {
				return x.exchangeProblem(categoryInvalidArgument, "System.ArgumentException", "", err.Error())
			}
			cells := map[int]value{k: v}
			x.touch(t.table, cells)
			t.table.set(t.index, cells)
			return nil
		})
	}
}

// creation is how a New- cmdlet makes a row.
type creation struct {
	class   *class
	view    *view
	what    string // in the error of a name that is taken
	renames map[string]string
	// fill adds what follows from the arguments.
	fill func(x *execution, set func(column string, v any))
}

func (c creation) run(x *execution) *psrp.RemoteError {
	name := x.args.text("Name")
	if goOn, problem := x.confirmed(name); problem != nil || !goOn {
		return problem
	}
	tb := x.tenant.tables[c.class]
	if name != "" && len(tb.lookup(name)) > 0 {
		return x.fail(x.exists(name, c.what))
	}
	cells, problem := x.assignments(tb, -1, c.renames)
	if problem != nil {
		return problem
	}
	put := func(column string, v any) {
		if k, ok := c.class.column(column); ok {
			if kept, err := c.class.columns[k].value(v); err == nil {
				cells[k] = kept
			}
		}
	}
	if name != "" {
		put("Identity", name)
	}
	for k, info := range c.class.columns {
		if info.kind == kindGUID && cells[k].kind == kindNil {
			cells[k] = value{kind: kindGUID, text: guidText(mix(hash(name), uint64(k), uint64(ticksOf(x.server().options.Clock.Now()))))}
		}
	}
	if c.fill != nil {
		c.fill(x, put)
	}
	x.touch(tb, cells)
	i := tb.add(cells)
	if c.view == nil {
		return nil
	}
	var r record
	tb.load(tb.state.Load(), i, &r, nil)
	x.out.row(c.view, &r)
	return nil
}

// setOrganization changes the one row of the organization, which has no
// -Identity.
func setOrganization(c *classes) func(*execution) *psrp.RemoteError {
	plain := set(nil, c.organization)
	return func(x *execution) *psrp.RemoteError {
		x.identities = []string{x.tenant.initial}
		return plain(x)
	}
}
