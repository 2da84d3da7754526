package exchange

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"postroom/session/psrp"
)

// ofParent lists what belongs to the rows that the call names: of a mailbox
// its folders or permissions, of a group its members. named is false when the
// call names none, so that all are listed.
func (l *lister) ofParent(x *execution, limit int64) (problem *psrp.RemoteError, named bool) {
	var parents []place
	switch {
	case x.args.has(l.by) || x.item != nil && (x.item.at.table == nil || x.item.at.table.class != l.parent):
		if parents, problem = l.parents(x); problem != nil {
			return problem, true
		}
	case l.own && x.item == nil && !x.args.has("Identity"):
		p, problem := x.one(x.call.Account, []*class{l.parent})
		if problem != nil {
			return x.fail(problem), true
		}
		parents = append(parents, p)
	case x.item != nil:
		parents = append(parents, x.item.at)
		if x.troubled() {
			return x.fail(x.unreachable(x.item.identity)), true
		}
	default:
		return nil, false
	}
	for _, p := range parents {
		if problem := l.belonging(x, p, &limit); problem != nil {
			return problem, true
		}
	}
	return nil, true
}

// parents are the rows that the call names, without those that cannot be found or
// reached, which are told.
func (l *lister) parents(x *execution) (found []place, problem *psrp.RemoteError) {
	for _, id := range x.identities(l.by) {
		mailbox, folder := id, ""
		if l.folder != nil {
			mailbox, folder, _ = strings.Cut(id, ":")
		}
		p, problem := x.one(mailbox, []*class{l.parent})
		if x.troubled() {
			problem = x.unreachable(id)
		}
		if problem != nil {
			if problem = x.fail(problem); problem != nil {
				return nil, problem
			}
			continue
		}
		found = append(found, p)
		x.folder = strings.TrimLeft(folder, `\/`)
	}
	return found, nil
}

// belonging lists the members that a row names, or the rows that are its
// children.
func (l *lister) belonging(x *execution, p place, limit *int64) *psrp.RemoteError {
	if l.members != nil {
		column, ok := l.members[strings.ToLower(x.args.text("LinkType"))]
		if !ok {
			column = l.members[""]
		}
		return l.listed(x, p.table.list(p.index, column), limit)
	}
	for _, v := range l.views {
		rows := x.tenant.table(v.class).children(p.index)
		if x.args.has("Identity") && l.by != "Identity" { // one of the parent's rows
			wanted := x.tenant.table(v.class).lookup(x.args.text("Identity"))
			rows = slices.DeleteFunc(rows, func(i int) bool { return !slices.Contains(wanted, i) })
		}
		if x.folder != "" {
			rows = l.inFolder(x, v, rows)
		}
		if problem := l.rowsOf(x, v, rows, limit); problem != nil {
			return problem
		}
	}
	return nil
}

// inFolder leaves the rows of the folder that is named behind the mailbox.
func (l *lister) inFolder(x *execution, v *view, rows []int) []int {
	tb := x.tenant.table(v.class)
	return slices.DeleteFunc(rows, func(i int) bool {
		return !slices.ContainsFunc(l.folder, func(k int) bool { return strings.EqualFold(tb.text(i, k), x.folder) })
	})
}

// listed lists the rows that names stand for.
func (l *lister) listed(x *execution, names []string, limit *int64) *psrp.RemoteError {
	for _, name := range names {
		for _, v := range l.views {
			if rows := x.tenant.table(v.class).lookup(name); len(rows) > 0 {
				if problem := l.rowsOf(x, v, rows[:1], limit); problem != nil {
					return problem
				}
				break
			}
		}
	}
	return nil
}

// parentColumn holds the row of the parent that a row belongs to which was
// added. No cmdlet shows it.
const parentColumn = "(parent)"

// children are the rows that belong to a row of the parent's table.
func (tb *table) children(parent int) []int {
	var rows []int
	for k := range tb.class.most {
		if i := parent*tb.class.most + k; i < tb.base { // a new parent's are all added
			rows = append(rows, i)
		}
	}
	ch := tb.state.Load()
	for i := tb.base; i < tb.rows(ch); i++ {
		if ch.owner(tb.class, i) == parent {
			rows = append(rows, i)
		}
	}
	return rows
}

// owner is the row of the parent that a row belongs to which was added.
func (ch *changes) owner(c *class, i int) int {
	column, _ := c.column(parentColumn)
	n, _ := ch.cells[i][column].(int64)
	return int(n)
}

// childChanger makes a cmdlet that adds a row to a parent's, changes one, or takes
// one out: "by PARAMETER", which names the parent's row ("own": the caller's, when
// it is not given), and "same COLUMN ...", by which the row is found unless
// -Identity names it.
func (t *tables) childChanger(d *definition, s *settings) (func(*execution) *psrp.RemoteError, error) {
	c := d.classes[0]
	by, renames := strings.Join(s.words["by"], " "), pairs(s.words["rename"], ">")
	if c.parent == nil || by == "" {
		return nil, fmt.Errorf("class %s has no parent, or no parameter names it", c.name)
	}
	if _, ok := c.column(parentColumn); !ok {
		return nil, fmt.Errorf("class %s has no column %s", c.name, parentColumn)
	}
	same, err := c.find(s.words["same"])
	if err != nil {
		return nil, err
	}
	adds, own := d.verb() == "Add" || d.verb() == "New", hasWord(s, "own")
	v := t.viewOfGet(d, c)
	if v == nil {
		return nil, fmt.Errorf("no cmdlet lists what %s adds", d.name)
	}
	return func(x *execution) *psrp.RemoteError {
		named := ""
		if by != "Identity" {
			named = x.args.text("Identity")
		}
		switch above, _, within := strings.Cut(named, `\`); {
		case x.args.has(by):
			x.args["identity"], _, _ = strings.Cut(x.args.text(by), ":")
		case within:
			x.args["identity"] = above
		case own:
			x.args["identity"] = x.call.Account
		}
		return x.each([]*class{c.parent}, func(p place) *psrp.RemoteError {
			tb := x.tenant.table(c)
			cells, problem := x.assignments(tb, -1, renames)
			if problem != nil {
				return problem
			}
			found := tb.like(p.index, cells, same)
			if named != "" {
				found = tb.childNamed(p.index, named)
			}
			switch {
			case !adds && found < 0:
				return x.notFound(cmp.Or(named, p.name()))
			case d.verb() == "Set":
				tb.set(found, cells)
			case !adds:
				tb.remove(found)
			case found >= 0:
				x.warn("The appropriate access control entry is already present on the object \"" + p.name() + "\".")
			default:
				x.show(v, tb, tb.addChild(p, cells))
			}
			return nil
		})
	}, nil
}

// addChild adds a row to those of a parent's.
func (tb *table) addChild(p place, cells map[int]any) int {
	k, _ := tb.class.column(parentColumn)
	cells[k] = int64(p.index)
	if k, ok := tb.class.column("Identity"); ok && cells[k] == nil {
		cells[k] = p.name()
	}
	return tb.add(cells)
}

// childNamed finds the row of a parent that an identity names; negative when there
// is none.
func (tb *table) childNamed(parent int, identity string) int {
	rows := tb.children(parent)
	for _, i := range tb.lookup(identity) {
		if slices.Contains(rows, i) {
			return i
		}
	}
	return -1
}

// like finds the row of a parent that has the same cells; negative when there
// is none.
func (tb *table) like(parent int, cells map[int]any, same []int) int {
	ch := tb.state.Load()
	var r record
	for _, i := range tb.children(parent) {
		if !tb.load(ch, i, &r) {
			continue
		}
		if !slices.ContainsFunc(same, func(k int) bool { return !strings.EqualFold(display(r.cell(k)), display(cells[k])) }) {
			return i
		}
	}
	return -1
}

// memberChanger makes a cmdlet that adds to the list that a row's column
// holds, or takes out of it: "column COLUMN", "by PARAMETER".
func memberChanger(d *definition, s *settings) (func(*execution) *psrp.RemoteError, error) {
	column, by := strings.Join(s.words["column"], ""), strings.Join(s.words["by"], "")
	if len(d.classes) == 0 || by == "" {
		return nil, fmt.Errorf("no class, or no parameter that names the member")
	}
	k, ok := d.classes[0].column(column)
	if !ok {
		return nil, fmt.Errorf("class %s has no column %s", d.classes[0].name, column)
	}
	add := d.verb() == "Add"
	return func(x *execution) *psrp.RemoteError {
		for _, member := range x.args.list(by) {
			m, problem := x.one(member, x.tenant.recipients)
			if problem != nil {
				if problem = x.fail(problem); problem != nil {
					return problem
				}
				continue
			}
			if problem := x.each(d.classes[:1], func(p place) *psrp.RemoteError { return x.changeMember(p, k, m, add) }); problem != nil {
				return problem
			}
		}
		return nil
	}, nil
}

func (x *execution) changeMember(p place, column int, m place, add bool) *psrp.RemoteError {
	alias := m.alias()
	list := p.table.list(p.index, column)
	has := slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, alias) })
	switch {
	case add && has:
		return x.exchangeProblem(categoryInvalidData, "Microsoft.Exchange.Management.Tasks.MemberAlreadyExistsException", "", fmt.Sprintf("The recipient \"%s\" is already a member of the group \"%s\".", m.name(), p.name()))
	case !add && !has:
		return x.exchangeProblem(categoryInvalidData, "Microsoft.Exchange.Management.Tasks.MemberNotFoundException", "", fmt.Sprintf("The recipient \"%s\" isn't a member of the group \"%s\".", m.name(), p.name()))
	case add:
		list = append(list, alias)
	default:
		list = slices.DeleteFunc(list, func(s string) bool { return strings.EqualFold(s, alias) })
	}
	p.table.set(p.index, map[int]any{column: list})
	return nil
}

// alias is the alias of a recipient.
func (p place) alias() string {
	k, ok := p.table.class.column("Alias")
	if !ok {
		return p.name()
	}
	return p.table.text(p.index, k)
}

// putMembers gives a new group the members that its call names.
func (x *execution) putMembers(tb *table, cells map[int]any, column string) {
	k, ok := tb.class.column(column)
	if !ok {
		return
	}
	aliases := []string{}
	for _, m := range x.args.list("Members") {
		if p, problem := x.one(m, x.tenant.recipients); problem == nil {
			aliases = append(aliases, p.alias())
		}
	}
	cells[k] = aliases
}
