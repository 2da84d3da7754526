package exchange

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"postroom/session/clixml"
	"postroom/session/cmdlet"
	"postroom/session/psrp"
)

// name is what messages call a row by.
func (p place) name() string { return p.table.name(p.index) }

// one finds the row that an identity names; none and more than one are errors.
func (x *execution) one(identity string, classes []*class) (place, *psrp.RemoteError) {
	var found []place
	for _, c := range classes {
		tb := x.tenant.table(c)
		for _, i := range tb.lookup(identity) {
			found = append(found, place{tb, i})
		}
	}
	switch len(found) {
	case 0:
		return place{}, x.notFound(identity)
	case 1:
		return found[0], nil
	}
	return place{}, x.ambiguous(identity)
}

// each calls do for every identity of the call, after the confirmation.
// Errors of one identity do not keep the others back.
func (x *execution) each(classes []*class, do func(p place) *psrp.RemoteError) *psrp.RemoteError {
	if x.item != nil && !x.args.has("Identity") && x.item.at.table != nil && slices.Contains(classes, x.item.at.table.class) {
		return x.failing(x.agreed(x.item.at, do))
	}
	for _, id := range x.identities("Identity") {
		if x.stopping() {
			return nil
		}
		p, problem := x.one(id, classes)
		if x.troubled() {
			problem = x.unreachable(id)
		}
		if problem == nil {
			problem = x.agreed(p, do)
		}
		if problem = x.failing(problem); problem != nil {
			return problem
		}
	}
	return nil
}

func (x *execution) agreed(p place, do func(p place) *psrp.RemoteError) *psrp.RemoteError {
	goOn, problem := x.confirmed(p.name())
	if problem != nil || !goOn {
		return problem
	}
	return do(p)
}

// failing reports a problem, if there is one.
func (x *execution) failing(problem *psrp.RemoteError) *psrp.RemoteError {
	if problem == nil {
		return nil
	}
	return x.fail(problem)
}

// assignments turns the arguments that name columns into cells. Names of
// renames go to other columns. A list is replaced, or altered by
// @{Add=...; Remove=...}.
func (x *execution) assignments(tb *table, index int, renames map[string]string) (map[int]any, *psrp.RemoteError) {
	cells := map[int]any{}
	for i := range x.def.parameters {
		p := &x.def.parameters[i]
		v, given := x.args[p.key]
		if _, secret := v.(cmdlet.Secret); !given || secret || p.technical {
			continue
		}
		columns := p.Name
		if to, ok := renames[p.Name]; ok {
			columns = to
		}
		for name := range strings.SplitSeq(columns, ",") {
			k, ok := tb.class.column(name)
			if !ok {
				continue
			}
			var had []string
			if _, delta := v.(map[string]any); delta && index >= 0 {
				had = tb.list(index, k)
			}
			kept, err := tb.class.columns[k].value(altered(had, v))
			if err != nil {
				return nil, untransformed(x.def.name, p.Name, display(v), p.Type, err.Error())
			}
			cells[k] = kept
		}
	}
	return cells, nil
}

// altered applies @{Add; Remove} to a list; another value is what it is.
func altered(had []string, v any) any {
	m, ok := v.(map[string]any)
	if !ok {
		return v
	}
	list := slices.Clone(had)
	for _, word := range slices.Sorted(maps.Keys(m)) {
		for _, item := range textsOf(m[word]) {
			switch strings.ToLower(word) {
			case "add", "+":
				list = append(list, item)
			case "remove", "-":
				list = slices.DeleteFunc(list, func(s string) bool { return strings.EqualFold(s, item) })
			}
		}
	}
	return list
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

// setter makes a Set- cmdlet. Its words: "rename PARAMETER>COLUMN", "map
// PARAMETER:VALUE=STORED" for values that are kept under another name,
// "recipient PARAMETER" for those that must name one, "prefix PARAMETER=smtp:",
// "single" for a class of one row, which has no -Identity.
func setter(d *definition, s *settings) func(*execution) *psrp.RemoteError {
	renames, mapped, prefixes := pairs(s.words["rename"], ">"), pairs(s.words["map"], "="), pairs(s.words["prefix"], "=")
	return func(x *execution) *psrp.RemoteError {
		if problem := x.prepare(s, mapped, prefixes); problem != nil {
			return x.fail(problem)
		}
		if _, has := x.def.parameter("Identity"); has == nil && !x.args.has("Identity") && x.item == nil {
			x.args["identity"] = x.tenant.table(d.classes[0]).name(0)
		}
		return x.each(d.classes, func(p place) *psrp.RemoteError {
			cells, problem := x.assignments(p.table, p.index, renames)
			if problem != nil {
				return problem
			}
			if len(cells) == 0 {
				x.warn(fmt.Sprintf("The command completed successfully but no settings of '%s' have been modified.", p.name()))
				return nil
			}
			x.touch(p.table, cells)
			p.table.set(p.index, cells)
			return nil
		})
	}
}

// prepare changes the arguments that are kept in another form, and checks
// those that must name a recipient.
func (x *execution) prepare(s *settings, mapped, prefixes map[string]string) *psrp.RemoteError {
	for key, stored := range mapped {
		parameter, v, _ := strings.Cut(key, ":")
		if x.args.has(parameter) && strings.EqualFold(display(x.args[strings.ToLower(parameter)]), v) {
			x.args[strings.ToLower(parameter)] = stored
		}
	}
	for parameter, prefix := range prefixes {
		if text := x.args.text(parameter); text != "" && !strings.Contains(text, ":") {
			x.args[strings.ToLower(parameter)] = prefix + text
		}
	}
	for _, parameter := range s.words["recipient"] {
		to := x.args.text(parameter)
		if to == "" {
			continue
		}
		p, problem := x.one(to, x.tenant.recipients)
		if problem != nil {
			return problem
		}
		x.args[strings.ToLower(parameter)] = p.name()
	}
	return nil
}

// touch sets the times of change.
func (x *execution) touch(tb *table, cells map[int]any) {
	now := ticksOf(x.call.Now)
	for _, name := range []string{"WhenChanged", "WhenChangedUTC"} {
		if k, ok := tb.class.column(name); ok && tb.class.columns[k].kind == kindTime {
			cells[k] = clixml.DateTime{Ticks: now, Kind: tb.class.columns[k].clock}
		}
	}
}

// remover makes a Remove- cmdlet.
func remover(d *definition) func(*execution) *psrp.RemoteError {
	return func(x *execution) *psrp.RemoteError {
		if len(x.identities("Identity")) == 0 { // named by something else, such as -Entries
			for _, p := range x.def.parameters {
				if list := x.args.list(p.Name); len(list) > 0 && !p.technical && !x.args.has("Identity") && (p.list || p.code == "mvp" || p.Position == 0) {
					x.args["identity"] = list
				}
			}
		}
		return x.each(d.classes, func(p place) *psrp.RemoteError {
			p.table.remove(p.index)
			return nil
		})
	}
}

// assigner makes a cmdlet that sets columns to fixed values: "value
// COLUMN=VALUE". Enabled is State where there is one. "unless COLUMN=VALUE"
// refuses rows that are so already, with the text of "refusal", but for -Force; "copy PARAMETER>COLUMN"
// keeps an argument; "activity" shows progress.
func assigner(d *definition, s *settings) (func(*execution) *psrp.RemoteError, error) {
	changes := map[*class]map[int]any{}
	for _, c := range d.classes {
		cells, err := c.fixed(pairs(s.words["value"], "="))
		if err != nil {
			return nil, err
		}
		changes[c] = cells
	}
	copied, unless, activity := pairs(s.words["copy"], ">"), pairs(s.words["unless"], "="), strings.Join(s.words["activity"], " ")
	return func(x *execution) *psrp.RemoteError {
		if list := x.args.list("Identities"); len(list) > 0 && !x.args.has("Identity") {
			x.args["identity"] = list
		}
		done := 0
		problem := x.each(d.classes, func(p place) *psrp.RemoteError {
			if p.already(unless) && !x.args.on("Force") {
				return x.refusal(s, p.name())
			}
			cells := maps.Clone(changes[p.table.class])
			for parameter, column := range copied {
				if k, ok := p.table.class.column(column); ok && x.args.has(parameter) {
					cells[k] = x.args.list(parameter)
				}
			}
			x.touch(p.table, cells)
			p.table.set(p.index, cells)
			if done++; activity != "" {
				x.progress(activity, fmt.Sprintf("%d done", done), int32(min(done, 99)))
			}
			return nil
		})
		if done > 0 && activity != "" {
			x.progress(activity, "Completed", 100)
		}
		return problem
	}, nil
}

// fixed are the cells that a class's columns get from texts; columns that it
// does not have are left out, and Enabled is State where there is one.
func (c *class) fixed(texts map[string]string) (map[int]any, error) {
	cells := map[int]any{}
	for name, text := range texts {
		if _, has := c.column("State"); has && name == "Enabled" {
			name, text = "State", map[string]string{"true": "Enabled", "false": "Disabled"}[text]
		}
		k, ok := c.column(name)
		if !ok {
			continue
		}
		v, err := c.columns[k].value(text)
		if err != nil {
			return nil, err
		}
		cells[k] = v
	}
	return cells, nil
}

// already says that a row's columns have these values.
func (p place) already(values map[string]string) bool {
	for column, text := range values {
		if k, ok := p.table.class.column(column); ok && strings.EqualFold(p.table.text(p.index, k), text) {
			return true
		}
	}
	return false
}

// creator makes a New- cmdlet. Beside the words of a Set- cmdlet: "when
// SWITCH>COLUMN=VALUE", and "need PARAMETER ..." of which one must be given, or "refusal" is said.
func (t *tables) creator(d *definition, s *settings) (func(*execution) *psrp.RemoteError, error) {
	c := d.classes[0]
	renames, mapped, prefixes := pairs(s.words["rename"], ">"), pairs(s.words["map"], "="), pairs(s.words["prefix"], "=")
	v := t.viewOfGet(d, c)
	if v == nil {
		return accept, nil
	}
	return func(x *execution) *psrp.RemoteError {
		if problem := x.prepare(s, mapped, prefixes); problem != nil {
			return x.fail(problem)
		}
		name := x.args.text("Name")
		if name == "" {
			name = firstText(x)
		}
		if goOn, problem := x.confirmed(name); problem != nil || !goOn {
			return problem
		}
		tb := x.tenant.table(c)
		if name != "" && len(tb.lookup(name)) > 0 {
			return x.fail(x.exists(name, words(d.noun())))
		}
		if need := s.words["need"]; need != nil && !slices.ContainsFunc(need, x.args.has) {
			return x.fail(x.refusal(s, ""))
		}
		cells, problem := x.assignments(tb, -1, renames)
		if problem != nil {
			return problem
		}
		x.complement(s, tb, cells, name)
		x.show(v, tb, tb.add(cells))
		return nil
	}, nil
}

// viewOfGet is how the cmdlet that lists what d makes shows it; nil when there is
// none.
func (t *tables) viewOfGet(d *definition, c *class) *view {
	name := "get-" + strings.ToLower(d.noun())
	get, s := t.cmdlets[name], t.settings[name]
	if get == nil || s == nil {
		return nil
	}
	return newView(c, t.shown(get, s), typesOf(get, s))
}

// show gives a new row.
func (x *execution) show(v *view, tb *table, i int) {
	var r record
	if tb.load(tb.state.Load(), i, &r) {
		x.out.put(object{row: Row{v, &r}, at: place{tb, i}})
	}
}

// firstText is the first positional text of a call: what names an object that
// has no -Name.
func firstText(x *execution) string {
	for i := range x.def.parameters {
		if p := &x.def.parameters[i]; p.Position == 0 {
			return x.args.text(p.Name)
		}
	}
	return ""
}

// complement adds what follows from the arguments: the name, and what a switch
// means.
func (x *execution) complement(s *settings, tb *table, cells map[int]any, name string) {
	put := func(column, text string) {
		k, ok := tb.class.column(column)
		if _, given := cells[k]; !ok || given {
			return
		}
		if v, err := tb.class.columns[k].value(text); err == nil {
			cells[k] = v
		}
	}
	if name != "" {
		put("Name", name)
	}
	for _, w := range s.words["when"] {
		given, change, _ := strings.Cut(w, ">")
		column, text, _ := strings.Cut(change, "=")
		if v := x.args[strings.ToLower(strings.TrimPrefix(given, "!"))]; v == true && given[0] != '!' || v == false && given[0] == '!' {
			put(column, text)
		}
	}
	if members := s.words["members"]; len(members) > 0 {
		x.putMembers(tb, cells, members[0])
	}
	x.touch(tb, cells)
}

// accept does nothing, and succeeds: what the cmdlet changes is nothing that
// another cmdlet of the simulator shows.
func accept(x *execution) *psrp.RemoteError {
	if x.def.impact == reads {
		return nil
	}
	name := x.args.text("Identity")
	if name == "" {
		name = firstText(x)
	}
	_, problem := x.confirmed(name)
	return problem
}
