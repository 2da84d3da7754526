package simulator

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"postroom/session/cmdlet"
	"postroom/session/psrp"
)

const defaultResultSize = 1000

const resultSizeWarning = "By default, only the first 1000 items are returned. Use the ResultSize parameter to specify the number of items returned. To return all items, specify \"-ResultSize Unlimited\". Be aware that, depending on the actual number of items, returning all items can take a long time and consume a large amount of memory. Also, we don't recommend storing the results in a variable. Instead, pipe the results to another task or script to perform batch changes."

const moreResultsWarning = "There are more results available than are currently displayed. To view them, increase the value for the ResultSize parameter."

// condition keeps the rows that a parameter asks for.
type condition struct {
	parameter, column string
	how               comparisonKind
}

// comparisonKind is how a parameter's value is held against a column.
type comparisonKind uint8

const (
	oneOf     comparisonKind = iota // equals one of the values; * and ? allowed
	equals                          // a boolean or text equals
	notBefore                       // a time
	notAfter
	startsWith // Anr: any of the names begins with it
)

// lister is what a Get- cmdlet lists.
type lister struct {
	views      []*view
	conditions []condition
	// limited: -ResultSize counts, with Exchange's warning.
	limited bool
	// only keeps some rows of a view for good, such as the kinds of Get-Mailbox.
	progress string // activity; "" shows none
	required bool   // an -Identity that finds nothing is an error even with a wildcard
}

// test decides whether a row is wanted.
type test func(r *record) bool

// get runs a Get- cmdlet.
func (l *lister) get(x *execution) *psrp.RemoteError {
	identities := x.identities
	if x.args.has("Identity") {
		identities = x.args.list("Identity")
	}
	limit := x.args.number("ResultSize", defaultResultSize)
	if !l.limited {
		limit = unlimited
	}
	if x.piped || x.args.has("Identity") {
		for _, id := range identities {
			if problem := l.getOne(x, id, limit); problem != nil {
				return problem
			}
		}
		return nil
	}
	return l.getAll(x, limit)
}

// getOne lists what an identity names.
func (l *lister) getOne(x *execution, identity string, limit int64) *psrp.RemoteError {
	found := int64(0)
	var r record
	for _, v := range l.views {
		tb := x.tenant.tables[v.class]
		tests, need, problem := l.tests(x, v)
		if problem != nil {
			return problem
		}
		for _, i := range tb.lookup(identity) {
			if found >= limit {
				x.warn(moreResultsWarning)
				return nil
			}
			if tb.load(tb.state.Load(), i, &r, need) && all(tests, &r) {
				found++
				if !x.out.row(v, &r) {
					return nil
				}
			}
		}
	}
	if found == 0 && (l.required || !strings.Contains(identity, "*")) {
		return x.fail(x.notFound(identity))
	}
	return nil
}

func all(tests []test, r *record) bool {
	for _, t := range tests {
		if !t(r) {
			return false
		}
	}
	return true
}

// getAll lists all rows that meet the conditions, up to the limit.
func (l *lister) getAll(x *execution, limit int64) *psrp.RemoteError {
	sent := int64(0)
	half := l.half(x)
	var r record
	for _, v := range l.views {
		tb := x.tenant.tables[v.class]
		tests, need, problem := l.tests(x, v)
		if problem != nil {
			return problem
		}
		ch := tb.state.Load()
		total := tb.rows(ch)
		for i := range total {
			if !tb.load(ch, i, &r, need) || !all(tests, &r) {
				if i%4096 == 4095 && x.ctx.Err() != nil {
					return nil
				}
				continue
			}
			if sent >= limit {
				l.warnMore(x, limit)
				return nil
			}
			if half >= 0 && sent >= half {
				return x.halfWay()
			}
			if l.progress != "" && sent%500 == 0 {
				x.progress(l.progress, fmt.Sprintf("%d of %d", i, total), int32(i*100/max(total, 1)))
			}
			sent++
			if !x.out.row(v, &r) {
				return nil
			}
		}
	}
	if half >= 0 {
		return x.halfWay()
	}
	if l.progress != "" {
		x.progress(l.progress, "Completed", 100)
	}
	return nil
}

// half is the number of rows after which the fault HalfWay ends the cmdlet;
// negative without it.
func (l *lister) half(x *execution) int64 {
	if x.rule.Fault != HalfWay {
		return -1
	}
	n := 0
	for _, v := range l.views {
		tb := x.tenant.tables[v.class]
		n += tb.rows(tb.state.Load())
	}
	return int64(min(n, int(x.args.number("ResultSize", int64(n)))) / 2)
}

func (x *execution) halfWay() *psrp.RemoteError {
	return x.exchangeProblem(categoryNotSpecified, "Microsoft.Exchange.Data.Storage.StorageTransientException", "",
		"A server side error has occurred because of which the operation could not be completed. Please try again after some time.")
}

func (l *lister) warnMore(x *execution, limit int64) {
	if x.args.has("ResultSize") {
		x.warn(moreResultsWarning)
		return
	}
	if limit == defaultResultSize {
		x.warn(resultSizeWarning)
	}
}

// tests are the conditions that the call sets, over the class of a view, and
// the columns that are needed.
func (l *lister) tests(x *execution, v *view) ([]test, []bool, *psrp.RemoteError) {
	var tests []test
	columns := slices.Clone(v.need)
	for _, c := range l.conditions {
		if !x.args.has(c.parameter) {
			continue
		}
		k, ok := v.class.column(c.column)
		if !ok {
			tests = append(tests, func(*record) bool { return false })
			continue
		}
		columns = append(columns, k)
		tests = append(tests, c.test(x, k))
	}
	if text := x.args.text("Filter"); text != "" {
		var used []int
		f, err := parseFilter(text, func(name string) (int, bool) {
			k, ok := v.class.column(name)
			if ok {
				used = append(used, k)
			}
			return k, ok
		})
		if err != nil {
			if len(l.views) > 1 && strings.Contains(err.Error(), "recognized") && l.knows(err) {
				tests = append(tests, func(*record) bool { return false }) // another kind of recipient has this property
				return tests, x.tenant.tables[v.class].mask(columns), nil
			}
			message := "Cannot bind parameter 'Filter' to the target. Exception setting \"Filter\": \"" + err.Error() + "\""
			return nil, nil, newProblem(categoryWriteError, "ParameterBindingFailed,"+x.def.meta.Name, automation+"ParameterBindingException", x.def.meta.Name, "", "", message)
		}
		columns = append(columns, used...)
		tests = append(tests, f.matches)
	}
	return tests, x.tenant.tables[v.class].mask(columns), nil
}

// knows says whether any of the views has the property that a filter names.
func (l *lister) knows(err error) bool {
	fe, ok := err.(*filterError) //nolint:errorlint // parseFilter gives it bare
	return ok && slices.ContainsFunc(l.views, func(v *view) bool { _, has := v.class.column(fe.property); return has })
}

func (c condition) test(x *execution, k int) test {
	switch c.how {
	case equals:
		if want, ok := x.args[strings.ToLower(c.parameter)].(bool); ok {
			return func(r *record) bool { return (r.cells[k].number != 0) == want }
		}
		want := x.args.text(c.parameter)
		return func(r *record) bool { return strings.EqualFold(r.cells[k].display(), want) }
	case notBefore, notAfter:
		t, _ := x.args[strings.ToLower(c.parameter)].(time.Time)
		ticks := ticksOf(t)
		return func(r *record) bool {
			n := r.cells[k].number
			return r.cells[k].kind == kindTime && (c.how == notBefore && n >= ticks || c.how == notAfter && n <= ticks)
		}
	case startsWith:
		w := newWildcard(x.args.text(c.parameter) + "*")
		within := newWildcard("* " + x.args.text(c.parameter) + "*")
		return func(r *record) bool {
			text := r.cells[k].display()
			return w.match(text) || within.match(text)
		}
	}
	var wanted []wildcard
	for _, text := range x.args.list(c.parameter) {
		wanted = append(wanted, newWildcard(text))
	}
	return func(r *record) bool {
		cl := &r.cells[k]
		if cl.kind == kindList {
			return slices.ContainsFunc(cl.items, func(item []byte) bool {
				return slices.ContainsFunc(wanted, func(w wildcard) bool { return w.match(string(item)) })
			})
		}
		text := cl.display()
		return slices.ContainsFunc(wanted, func(w wildcard) bool { return w.match(text) })
	}
}

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
		if x.ctx.Err() != nil {
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
