package exchange

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"postroom/session/psrp"
)

const defaultResultSize = 1000

const resultSizeWarning = "By default, only the first 1000 items are returned. Use the ResultSize parameter to specify the number of items returned. To return all items, specify \"-ResultSize Unlimited\". Be aware that, depending on the actual number of items, returning all items can take a long time and consume a large amount of memory. Also, we don't recommend storing the results in a variable. Instead, pipe the results to another task or script to perform batch changes."

const moreResultsWarning = "There are more results available than are currently displayed. To view them, increase the value for the ResultSize parameter."

// lister is what a Get- cmdlet lists.
type lister struct {
	views      []*view
	conditions []condition
	// instead are the classes that are listed when a switch is on, and only then.
	instead map[string]string
	// by is the parameter that names the row of another class whose rows are
	// listed; parent that class.
	by     string
	parent *class
	own    bool // of the caller's row, when none is named
	// members is the column of that row which names what is listed.
	members map[string]int // by value of -LinkType, "" without one
	// limited: -ResultSize counts, with Exchange's warning.
	limited bool
	pages   int64 // usual -PageSize; 0: no pages
	period  *period
	audit   bool // -SessionId goes on where the last call ended
	// any are the switches with which -Identity does not select; "" for always.
	any []string
	// folder are the columns by which what stands behind the colon of
	// mailbox:folder is found.
	folder []int
	// activity is shown as progress; "" shows none.
	activity string
	// filterable are the properties that -Filter takes, as the tables have them.
	filterable map[string]string
}

// getter makes a Get- cmdlet of what data/classes.txt says of it.
func (t *tables) getter(d *definition, s *settings) (func(*execution) *psrp.RemoteError, error) {
	l := &lister{activity: strings.Join(s.words["progress"], " "), audit: s.words["audit"] != nil, own: hasWord(s, "own"), instead: pairs(s.words["instead"], "="), filterable: t.filterable[strings.ToLower(d.name)]}
	if by := s.words["by"]; len(by) > 0 {
		l.by, l.parent = by[0], d.classes[0].parent
		if len(by) > 1 {
			l.parent = t.classes[by[1]]
		}
		if l.parent == nil {
			return nil, fmt.Errorf("by %s: the class has no parent", l.by)
		}
	}
	for _, c := range d.classes {
		l.views = append(l.views, newView(c, t.shown(d, s), typesOf(d, s)))
	}
	if err := l.membersOf(s); err != nil {
		return nil, err
	}
	var err error
	if l.period, err = newPeriod(s); err != nil {
		return nil, err
	}
	if l.any = s.words["any"]; l.any == nil && hasWord(s, "any") {
		l.any = []string{""}
	}
	if l.folder, err = d.classes[0].find(s.words["folder"]); err != nil {
		return nil, err
	}
	l.bounds(d)
	l.conditions, err = conditionsOf(d, s)
	return l.get, err
}

// typesOf are the types of a cmdlet's output.
func typesOf(d *definition, s *settings) []string {
	if len(s.types) > 0 {
		return s.types
	}
	return []string{"Microsoft.Exchange.Data.Directory.SystemConfiguration." + d.noun(), "Microsoft.Exchange.Data.Directory.ADObject"}
}

func hasWord(s *settings, word string) bool {
	_, ok := s.words[word]
	return ok
}

// bounds finds out by which parameters the rows are bounded.
func (l *lister) bounds(d *definition) {
	for _, p := range d.parameters {
		switch {
		case p.Name == "ResultSize" && p.code == "unlimited":
			l.limited = true
		case p.Name == "PageSize":
			if l.pages = p.usual; l.pages == 0 {
				l.pages = 1000
			}
		}
	}
}

// membersOf reads "members COLUMN" or "members VALUE=COLUMN ...".
func (l *lister) membersOf(s *settings) error {
	for _, w := range s.words["members"] {
		link, column, ok := strings.Cut(w, "=")
		if !ok {
			link, column = "", w
		}
		k, found := l.parent.column(column)
		if !found {
			return fmt.Errorf("members: class %s has no column %s", l.parent.name, column)
		}
		if l.members == nil {
			l.members = map[string]int{}
		}
		l.members[strings.ToLower(link)] = k
	}
	return nil
}

// get runs a Get- cmdlet.
func (l *lister) get(x *execution) *psrp.RemoteError {
	if l.period != nil {
		if problem := l.period.check(x); problem != nil {
			return x.fail(problem)
		}
	}
	if l.audit {
		return l.getAudit(x)
	}
	limit := unlimited
	if l.limited {
		limit = x.args.number("ResultSize", defaultResultSize)
	} else if l.period == nil || !l.period.capped {
		limit = x.args.number("ResultSize", unlimited)
	}
	if l.period != nil && l.period.capped {
		return l.period.getCapped(x, l)
	}
	if l.pages > 0 && !x.args.has("Identity") {
		size := x.args.number("PageSize", l.pages)
		w := &window{output: x.out, skip: (x.args.number("Page", 1) - 1) * size, take: size}
		x.out = w
	}
	return l.list(x, limit)
}

// chosen are the views that the call's switches choose.
func (l *lister) chosen(x *execution) []*view {
	if len(l.instead) == 0 {
		return l.views
	}
	wanted := ""
	for name, class := range l.instead {
		if x.args.on(name) {
			wanted = class
		}
	}
	return slices.DeleteFunc(slices.Clone(l.views), func(v *view) bool {
		return v.class.name != wanted && (wanted != "" || slices.Contains(slices.Collect(maps.Values(l.instead)), v.class.name))
	})
}

// list lists what the call names: the rows of an identity, those that belong
// to one, or all.
func (l *lister) list(x *execution, limit int64) *psrp.RemoteError {
	if l.by != "" {
		if problem, named := l.ofParent(x, limit); named {
			return problem
		}
	}
	anyway := slices.ContainsFunc(l.any, func(name string) bool { return name == "" || x.args.on(name) })
	if l.by != "Identity" && !anyway && (x.args.has("Identity") || x.item != nil) {
		return l.named(x, limit)
	}
	return l.getAll(x, limit)
}

// named lists what -Identity or the pipeline names.
func (l *lister) named(x *execution, limit int64) *psrp.RemoteError {
	if x.item != nil && x.item.at.table != nil && !x.args.has("Identity") {
		for _, v := range l.chosen(x) {
			if v.class == x.item.at.table.class {
				return l.rowsOf(x, v, []int{x.item.at.index}, &limit)
			}
		}
	}
	for _, id := range x.identities("Identity") {
		if problem := l.getOne(x, id, limit); problem != nil {
			return problem
		}
	}
	return nil
}

// identities are the texts by which a call names what it works on.
func (x *execution) identities(parameter string) []string {
	if x.args.has(parameter) {
		return x.args.list(parameter)
	}
	if x.item != nil {
		return []string{x.item.identity}
	}
	return nil
}

// getOne lists what an identity names.
func (l *lister) getOne(x *execution, identity string, limit int64) *psrp.RemoteError {
	if x.troubled() {
		return x.fail(x.unreachable(identity))
	}
	found := 0
	for _, v := range l.chosen(x) {
		rows := x.tenant.table(v.class).lookup(identity)
		found += len(rows)
		if problem := l.rowsOf(x, v, rows, &limit); problem != nil {
			return problem
		}
	}
	if found == 0 && !strings.Contains(identity, "*") {
		return x.fail(x.notFound(identity))
	}
	return nil
}

// rowsOf sends rows of a table that meet the conditions, as long as limit
// lasts.
func (l *lister) rowsOf(x *execution, v *view, rows []int, limit *int64) *psrp.RemoteError {
	_, problem := l.each(x, v, slices.Values(rows), func(o object) bool {
		if *limit <= 0 {
			l.warnMore(x)
			return false
		}
		*limit--
		return x.out.put(o)
	})
	return problem
}

// each calls do for the rows that meet the conditions, until one is not wanted.
func (l *lister) each(x *execution, v *view, rows iter.Seq[int], do func(o object) bool) (more bool, problem *psrp.RemoteError) {
	tests, problem := l.tests(x, v)
	if problem != nil {
		return false, problem
	}
	tb := x.tenant.table(v.class)
	ch := tb.state.Load()
	var r record
	for i := range rows {
		if i%4096 == 4095 && x.stopping() {
			return false, nil
		}
		if tb.load(ch, i, &r) && holds(tests, &r) && !do(object{row: Row{v, &r}, at: place{tb, i}}) {
			return false, nil
		}
	}
	return true, nil
}

// getAll lists all rows that meet the conditions, up to the limit.
func (l *lister) getAll(x *execution, limit int64) *psrp.RemoteError {
	sent, half, broken := int64(0), l.half(x), false
	for _, v := range l.chosen(x) {
		tb := x.tenant.table(v.class)
		total := tb.rows(tb.state.Load())
		more, problem := l.each(x, v, seq(total), func(o object) bool {
			switch {
			case sent >= limit:
				l.warnMore(x)
				return false
			case sent == half:
				broken = true
				return false
			}
			if l.activity != "" && sent%500 == 0 {
				x.progress(l.activity, fmt.Sprintf("%d of %d", o.at.index, total), int32(o.at.index*100/max(total, 1)))
			}
			sent++
			return x.out.put(o)
		})
		if problem != nil {
			return problem
		}
		if broken {
			return x.halfWay()
		}
		if !more {
			return nil
		}
	}
	if half >= 0 {
		return x.halfWay()
	}
	if l.activity != "" {
		x.progress(l.activity, "Completed", 100)
	}
	return nil
}

// seq counts to n.
func seq(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

// half is the number of rows after which the cmdlet is to break off; negative
// when it is not.
func (l *lister) half(x *execution) int64 {
	if !x.trouble.HalfWay {
		return -1
	}
	n := 0
	for _, v := range l.chosen(x) {
		tb := x.tenant.table(v.class)
		n += tb.rows(tb.state.Load())
	}
	return int64(min(n, int(x.args.number("ResultSize", int64(n)))) / 2)
}

func (x *execution) halfWay() *psrp.RemoteError {
	return x.exchangeProblem(categoryNotSpecified, "Microsoft.Exchange.Data.Storage.StorageTransientException", "",
		"A server side error has occurred because of which the operation could not be completed. Please try again after some time.")
}

func (l *lister) warnMore(x *execution) {
	switch {
	case x.args.has("ResultSize"):
		x.warn(moreResultsWarning)
	case l.limited:
		x.warn(resultSizeWarning)
	}
}

// tests are the conditions that the call sets, over the class of a view.
func (l *lister) tests(x *execution, v *view) ([]test, *psrp.RemoteError) {
	var tests []test
	for _, c := range l.conditions {
		if !x.args.has(c.parameter) || c.how == anything {
			continue
		}
		k, ok := v.class.column(c.column)
		if !ok {
			tests = append(tests, func(*record) bool { return false })
			continue
		}
		tests = append(tests, c.test(x, k))
	}
	f, problem := l.filter(x, v)
	if f != nil {
		tests = append(tests, f)
	}
	return tests, problem
}

// filter reads -Filter over the columns of a view's class. A property that can be
// filtered by and is none of them is that of another kind of recipient: null.
func (l *lister) filter(x *execution, v *view) (test, *psrp.RemoteError) {
	text := x.args.text("Filter")
	if text == "" {
		return nil, nil
	}
	f, err := parseFilter(text, func(name string) (field, bool) { return l.field(x, v.class, name) })
	if err == nil {
		return f, nil
	}
	message := "Cannot bind parameter 'Filter' to the target. Exception setting \"Filter\": \"" + err.Error() + "\""
	return nil, newProblem(categoryWriteError, "ParameterBindingFailed,"+x.def.name, automation+"ParameterBindingException", x.def.name, "", "", message)
}

// field finds a property of a class; known says whether it can be filtered by. The
// lists in parentheses, as (members), are aliases of recipients, which a filter names
// in any way.
func (l *lister) field(x *execution, c *class, name string) (found field, known bool) {
	found.column = -1
	if k, ok := c.column(name); ok {
		found.column, known = k, true
	}
	if k, ok := c.column("(" + name + ")"); ok && c.columns[k].kind == kindList {
		found.column, known = k, true
		found.kept = func(recipient string) string {
			p, problem := x.one(recipient, x.tenant.recipients)
			if problem != nil {
				return recipient
			}
			return p.alias()
		}
	}
	if l.filterable != nil {
		services, ok := l.filterable[strings.ToLower(name)]
		known = ok && (services == "" || strings.ContainsAny(services, strings.ToLower(x.tenant.Services)))
	}
	return found, known
}

// troubled says that this identity is one that is to fail.
func (x *execution) troubled() bool {
	x.seen++
	return x.trouble.Every > 0 && x.seen%x.trouble.Every == 0
}

// unreachable is the error of an object whose server does not answer.
func (x *execution) unreachable(identity string) *psrp.RemoteError {
	return x.exchangeProblem(categoryNotSpecified, "Microsoft.Exchange.Data.Storage.MailboxOfflineException", identity,
		fmt.Sprintf("The operation on mailbox \"%s\" failed because it's out of the current domain scope or its server can't be reached. Please try again later.", identity))
}
