package report

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"postroom/session/result"
)

// Computing adds a person's own columns to rows: those of a cmdlet, or those that a
// report gave. A column is a [Column] with a Name and a Value, as a report that is saved
// of the rows has it; one may use those before it. Any number of goroutines may use it.
type Computing struct {
	columns []plannedColumn
	at      moments
	deriver *result.Deriver
}

// ColumnError says that a computed column cannot be made. Err is nil when the name is
// missing or there twice, else the *SyntaxError of its value.
type ColumnError struct {
	Column Column
	Err    error
}

// Error names the column.
func (e *ColumnError) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("computed column: no name of its own: %q", e.Column.Name)
	}
	return fmt.Sprintf("computed column %s: %v", e.Column.Name, e.Err)
}

// Unwrap gives what is wrong with the value.
func (e *ColumnError) Unwrap() error { return e.Err }

// Compute reads the values of columns; now is what now(), today() and days() mean. Errors
// are *ColumnError.
func Compute(columns []Column, now time.Time) (*Computing, error) {
	c := &Computing{at: momentsAt(now)}
	var names []string
	for _, column := range columns {
		if strings.TrimSpace(column.Name) == "" || c.column(column.Name) >= 0 {
			return nil, &ColumnError{Column: column}
		}
		value, err := Parse(column.Value)
		if err != nil {
			return nil, &ColumnError{Column: column, Err: err}
		}
		c.columns = append(c.columns, plannedColumn{Column: column, value: value})
		names = append(names, column.Name)
	}
	c.deriver = result.NewDeriver(names, c.fill)
	return c, nil
}

// View gives the rows with the computed columns behind their own. The error is the
// context's.
func (c *Computing) View(ctx context.Context, v *result.View) (*result.View, error) {
	return c.deriver.View(ctx, v)
}

// Missing gives the properties that the values look at and that neither the rows have nor a
// computed column before them is, sorted.
func (c *Computing) Missing(v *result.View) []string {
	missing, known := names{}, map[string]bool{}
	for _, column := range c.columns {
		looked := names{}
		looked.of(column.value)
		for key, name := range looked {
			if _, there := v.Column(name); !there && !known[key] {
				missing[key] = name
			}
		}
		known[strings.ToLower(column.Name)] = true
	}
	return slices.Sorted(maps.Values(missing))
}

func (c *Computing) column(name string) int {
	for i := range c.columns {
		if strings.EqualFold(c.columns[i].Name, name) {
			return i
		}
	}
	return -1
}

// fill computes the columns of a row.
func (c *Computing) fill(all *result.View, row int, to result.Appender) {
	s := &computedRow{of: c, all: all, row: row, cells: make([]value, 0, len(c.columns))}
	for _, column := range c.columns {
		v := column.value.root.eval(s)
		s.cells = append(s.cells, v)
		put(to, column.Name, v)
	}
}

// computedRow is the scope of a row's expressions.
type computedRow struct {
	of    *Computing
	all   *result.View
	row   int
	cells []value // computed so far
}

// property finds the row's own properties first: a column may be called as what it is
// made of.
func (r *computedRow) property(name string) value {
	_, name, _ = cutStep(name)
	if col, ok := r.all.Column(name); ok {
		return fromCell(r.all.Value(r.row, col))
	}
	if i := r.of.column(name); i >= 0 && i < len(r.cells) {
		return r.cells[i]
	}
	return nil
}

// answer is nothing: rows ask no questions.
func (r *computedRow) answer(string) value { return nil }
func (r *computedRow) now() moments        { return r.of.at }
