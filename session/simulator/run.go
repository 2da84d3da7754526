package simulator

import (
	"fmt"
	"slices"
	"strings"
	"time"

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
	limited  bool
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
			if i%4096 == 4095 && x.stopping() {
				return nil
			}
			if !tb.load(ch, i, &r, need) || !all(tests, &r) {
				continue
			}
			if sent >= limit {
				l.warnMore(x, limit)
				return nil
			}
			if sent == half {
				return x.halfWay()
			}
			l.show(x, sent, i, total)
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

// show writes progress for every 500th row.
func (l *lister) show(x *execution, sent int64, i, total int) {
	if l.progress != "" && sent%500 == 0 {
		x.progress(l.progress, fmt.Sprintf("%d of %d", i, total), int32(i*100/max(total, 1)))
	}
}

// stopping says that the pipeline is to end.
func (x *execution) stopping() bool { return x.ctx.Err() != nil }

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
