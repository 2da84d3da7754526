package history

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"postroom/session/result"
)

// Change says what became of a row.
type Change byte

// The changes, as they are written.
const (
	Added   Change = '+'
	Removed Change = '-'
	Changed Change = '~'
	Same    Change = '=' // of rows that are asked for although nothing became of them
)

// RowChange is a row that differs between two runs.
type RowChange struct {
	Change Change
	// Key is what the row is known by.
	Key string
	// Before and After are the row's numbers in the two views; -1 where there is
	// none.
	Before, After int
	// Cells are the columns that differ, of a Changed row.
	Cells []CellChange
}

// CellChange is a cell that differs, with both values as they display.
type CellChange struct{ Column, Before, After string }

// Difference is what changed between two runs.
type Difference struct {
	// Key names the columns by which rows were matched; none means the whole row.
	Key  []string
	Rows []RowChange
	// Same are the rows of the second view that the first has as well, unchanged.
	Same []int

	named []string // columns that a row is called by
}

// How says how two runs are compared.
type How struct {
	// By names the columns by which rows are matched, beside the tenant's; none takes the
	// surest that tells all rows apart. They have to tell all rows of both runs apart.
	By []string
	// LeaveOut names columns that differ from run to run; nil is none.
	LeaveOut func(column string) bool
}

// KeyError names columns by which rows were to be matched and cannot: one of the runs has
// them not, or has several rows with the same values in them.
type KeyError struct {
	Columns []string
	Alike   bool // there are rows alike
}

// Error names them.
func (e *KeyError) Error() string {
	names := strings.Join(e.Columns, ", ")
	if e.Alike {
		return "history: rows are alike in " + names
	}
	return "history: not both runs have the column " + names
}

// Comparison is what changed from one kept run to another, and the rows of both.
type Comparison struct {
	*Difference
	// Before and After are the rows that were compared.
	Before, After *result.View
	// NotRead are the domains of tenants of which one of the runs has not all rows: theirs
	// are left out, as they would stand there as removed or added.
	NotRead []string
}

// Compare finds what changed from one kept run to another. Errors are *KeyError and those of
// Rows.
func (b *Book) Compare(ctx context.Context, before, after Entry, how How) (*Comparison, error) {
	c := &Comparison{}
	for _, domain := range slices.Concat(before.notRead(), after.notRead()) {
		if !slices.Contains(c.NotRead, domain) {
			c.NotRead = append(c.NotRead, domain)
		}
	}
	for e, to := range map[*Entry]**result.View{&before: &c.Before, &after: &c.After} {
		t, err := b.Table(ctx, *e)
		if err != nil {
			return nil, err
		}
		*to = e.without(t.Snapshot(), c.NotRead)
	}
	var err error
	if c.Difference, err = Compare(ctx, c.Before, c.After, how); err != nil {
		return nil, err
	}
	return c, nil
}

// notRead are the tenants of which not all rows came; the account's own goes by the
// account's name.
func (e Entry) notRead() []string {
	if len(e.Tenants) < 2 && !e.whole(e.Tenant()) {
		return []string{e.only()}
	}
	return e.Missing
}

// only is the one tenant of a run whose rows need no column for it.
func (e Entry) only() string { return cmp.Or(e.Tenant(), e.Account) }

// without takes the rows of tenants away.
func (e Entry) without(v *result.View, domains []string) *result.View {
	col, several := v.Column(result.TenantColumn.Name())
	rows, _ := v.Size()
	switch {
	case len(domains) == 0:
		return v
	case len(e.Tenants) < 2 && slices.Contains(domains, e.only()):
		return v.WithRows()
	case !several:
		return v
	}
	kept := make([]int, 0, rows)
	for row := range rows {
		if !slices.Contains(domains, v.Cell(row, col)) {
			kept = append(kept, row)
		}
	}
	return v.WithRows(kept...)
}

// identities are the properties that tell rows apart, the surest first. Names
// come last: they change.
var identities = []string{
	"ExchangeGuid", "Guid", "ExternalDirectoryObjectId", "MailboxGuid", "DeviceId", "MessageTraceId", "Identity", "Id", "DistinguishedName",
	"PrimarySmtpAddress", "UserPrincipalName", "SmtpAddress", "DomainName", "Domain", "Name", "DisplayName",
}

// Identities are the properties by which rows may be told apart, the surest first.
func Identities() []string { return slices.Clone(identities) }

// Compare finds what changed from one view to another. Unless it is said how, rows are
// matched by the first property that tells all rows of both apart, together with the column
// of tenants; where there is none, by everything in them. Errors are *KeyError and ctx's.
func Compare(ctx context.Context, before, after *result.View, how How) (*Difference, error) {
	d := &Difference{}
	var err error
	if d.Key, err = how.key(before, after); err != nil {
		return nil, err
	}
	columns := how.columns(before, after)
	if d.named = d.Key; len(d.Key) == 0 {
		d.named = columns
	}
	old, err := d.index(ctx, before)
	if err != nil {
		return nil, err
	}
	now, err := d.index(ctx, after)
	if err != nil {
		return nil, err
	}
	for i, key := range now.keys {
		if i%512 == 0 && ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		earlier, there := old.rows[key]
		if !there {
			d.Rows = append(d.Rows, RowChange{Change: Added, Key: now.shown(key), Before: -1, After: now.rows[key]})
			continue
		}
		cells := cellChanges(before, after, earlier, now.rows[key], columns)
		if len(cells) == 0 {
			d.Same = append(d.Same, now.rows[key])
			continue
		}
		d.Rows = append(d.Rows, RowChange{Change: Changed, Key: now.shown(key), Before: earlier, After: now.rows[key], Cells: cells})
	}
	for _, key := range old.keys {
		if _, there := now.rows[key]; !there {
			d.Rows = append(d.Rows, RowChange{Change: Removed, Key: old.shown(key), Before: old.rows[key], After: -1})
		}
	}
	return d, nil
}

// Named is what a row of one of the views is called: its key.
func (d *Difference) Named(v *result.View, row int) string {
	x := &index{key: len(d.Key)}
	return x.shown(joined(v, row, columnsOf(v, d.named)))
}

// key chooses the columns that rows are matched by.
func (h How) key(before, after *result.View) ([]string, error) {
	tenant := tenantKey(before, after)
	for _, name := range h.By {
		if !has(before, name) || !has(after, name) {
			return nil, &KeyError{Columns: []string{name}}
		}
	}
	if len(h.By) > 0 {
		key := append(tenant, h.By...)
		if !unique(before, key) || !unique(after, key) {
			return nil, &KeyError{Columns: h.By, Alike: true}
		}
		return key, nil
	}
	for _, name := range identities {
		if key := append(slices.Clone(tenant), name); unique(before, key) && unique(after, key) {
			return key, nil
		}
	}
	return nil, nil
}

// tenantKey is the column of tenants where both views have it: equal names in two tenants
// are two things.
func tenantKey(before, after *result.View) []string {
	if name := result.TenantColumn.Name(); has(before, name) && has(after, name) {
		return []string{name}
	}
	return nil
}

func has(v *result.View, column string) bool {
	_, ok := v.Column(column)
	return ok
}

// Keys are the columns of two views each of which tells all rows of both apart, together
// with that of tenants, in the order of the second. The error is ctx's.
func Keys(ctx context.Context, before, after *result.View) ([]string, error) {
	var keys []string
	tenant := tenantKey(before, after)
	for _, name := range after.Headers() {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if key := append(slices.Clone(tenant), name); !slices.Contains(tenant, name) && unique(before, key) && unique(after, key) {
			keys = append(keys, name)
		}
	}
	return keys, nil
}

// unique says that a view has the columns and no two rows with the same values.
func unique(v *result.View, key []string) bool {
	cols := make([]int, len(key))
	for i, name := range key {
		col, ok := v.Column(name)
		if !ok {
			return false
		}
		cols[i] = col
	}
	rows, _ := v.Size()
	seen := make(map[string]bool, rows)
	for row := range rows {
		text := joined(v, row, cols)
		if seen[text] || strings.Trim(text, "\x00") == "" {
			return false
		}
		seen[text] = true
	}
	return true
}

func joined(v *result.View, row int, cols []int) string {
	var b []byte
	for _, col := range cols {
		b = append(v.AppendCell(b, row, col), 0)
	}
	return string(b)
}

// columns are those of both views that are compared.
func (h How) columns(before, after *result.View) []string {
	var names []string
	for _, name := range after.Headers() {
		if has(before, name) && (h.LeaveOut == nil || !h.LeaveOut(name)) {
			names = append(names, name)
		}
	}
	return names
}

// columnsOf are the places of columns that a view has.
func columnsOf(v *result.View, names []string) []int {
	cols := make([]int, 0, len(names))
	for _, name := range names {
		if col, ok := v.Column(name); ok {
			cols = append(cols, col)
		}
	}
	return cols
}

// index has the rows of a view by their key. Of rows that are alike in all that
// is compared each has a number behind.
type index struct {
	rows map[string]int
	keys []string // in the view's order
	key  int      // number of columns of the key
}

func (d *Difference) index(ctx context.Context, v *result.View) (*index, error) {
	cols := columnsOf(v, d.named)
	rows, _ := v.Size()
	x := &index{rows: make(map[string]int, rows), keys: make([]string, 0, rows), key: len(d.Key)}
	for row := range rows {
		if row%512 == 0 && ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		key := joined(v, row, cols)
		for again := key; ; again += "\x01" {
			if _, there := x.rows[again]; !there {
				x.rows[again] = row
				x.keys = append(x.keys, again)
				break
			}
		}
	}
	return x, nil
}

// shown is a key as people read it.
func (x *index) shown(key string) string {
	parts := strings.Split(strings.TrimRight(key, "\x00\x01"), "\x00")
	if x.key == 0 {
		parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
	}
	return strings.Join(parts, " · ")
}

// cellChanges compares two rows.
func cellChanges(before, after *result.View, was, now int, columns []string) []CellChange {
	var cells []CellChange
	for _, name := range columns {
		old, _ := before.Column(name)
		col, _ := after.Column(name)
		if x, y := before.Cell(was, old), after.Cell(now, col); x != y {
			cells = append(cells, CellChange{Column: name, Before: x, After: y})
		}
	}
	return cells
}
