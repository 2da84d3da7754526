package result

import (
	"context"
	"hash/maphash"
	"strconv"
	"sync"
)

// Deriver gives views more columns, computed from those that are there. What it has
// computed of complete parts of a table it keeps, so that a table that grows is not
// computed from its beginning at each look. Any number of goroutines may use it at once.
type Deriver struct {
	names []string
	fill  func(all *View, row int, to Appender)

	mu   sync.Mutex
	done map[*segment]derived
}

// derived is the computed columns of a segment.
type derived struct {
	chunks []*chunk
	masks  []uint32 // kinds of cell in each, as bits
}

// NewDeriver makes columns of these names, which differ by more than letter case. fill adds
// a cell for each of them, in their order, for a row of the view of all that is there; it
// may be called by several goroutines at once, and gives the same for a row each time.
func NewDeriver(names []string, fill func(all *View, row int, to Appender)) *Deriver {
	return &Deriver{names: names, fill: fill, done: map[*segment]derived{}}
}

// View gives the rows of the view with the columns behind its own. Where one is there
// already by a name, the new one is called `name (2)`. The view's rows keep their RowIDs.
// The error is the context's.
func (d *Deriver) View(ctx context.Context, v *View) (*View, error) {
	old := v.data
	all := newView(old)
	parts := make([]derived, len(old.segments))
	failed := make([]error, workers())
	parallel(len(parts), 1, func(part, from, to int) {
		for i := from; i < to && failed[part] == nil; i++ {
			parts[i], failed[part] = d.segment(ctx, all, old.segments[i])
		}
	})
	for _, err := range failed {
		if err != nil {
			return nil, err
		}
	}
	s := &snapshot{
		provenance: old.provenance, rows: old.rows, names: d.named(old.names),
		masks: append(make([]uint32, 0, len(old.masks)+len(d.names)), old.masks...), segments: make([]*segment, len(parts)),
	}
	s.masks = append(s.masks, make([]uint32, len(d.names))...)
	for i, p := range parts {
		from := old.segments[i]
		cols := make([]*chunk, len(old.names), len(s.names))
		copy(cols, from.cols)
		s.segments[i] = &segment{open: from.open, first: from.first, rows: from.rows, cols: append(cols, p.chunks...)}
		for n, mask := range p.masks {
			s.masks[len(old.names)+n] |= mask
		}
	}
	next := &View{data: s, rows: v.rows, cols: append(make([]int, 0, len(v.cols)+len(d.names)), v.cols...)}
	for n := range d.names {
		next.cols = append(next.cols, len(old.names)+n)
	}
	return next, nil
}

// named adds the names of the new columns.
func (d *Deriver) named(names []string) []string {
	taken := make(map[string]bool, len(names))
	for _, name := range names {
		taken[fold(name)] = true
	}
	all := append(make([]string, 0, len(names)+len(d.names)), names...)
	for _, name := range d.names {
		free := name
		for number := 2; taken[fold(free)]; number++ {
			free = name + " (" + strconv.Itoa(number) + ")"
		}
		taken[fold(free)] = true
		all = append(all, free)
	}
	return all
}

// segment computes the columns of a segment.
func (d *Deriver) segment(ctx context.Context, all *View, s *segment) (derived, error) {
	d.mu.Lock()
	known, ok := d.done[s]
	d.mu.Unlock()
	if ok {
		return known, nil
	}
	c := &derivation{seed: maphash.MakeSeed(), open: make([]openChunk, len(d.names)), masks: make([]uint32, len(d.names))}
	var b Builder
	b.init(c, nil)
	for row := range s.rows {
		if row%256 == 0 && ctx.Err() != nil {
			return derived{}, context.Cause(ctx)
		}
		b.BeginRow()
		d.fill(all, s.first+row, &b)
		if err := b.EndRow(); err != nil {
			return derived{}, err
		}
	}
	out := derived{chunks: make([]*chunk, len(d.names)), masks: c.masks}
	for i := range c.open {
		out.chunks[i] = c.open[i].seal()
	}
	if !s.open {
		d.mu.Lock()
		d.done[s] = out
		d.mu.Unlock()
	}
	return out, nil
}

// derivation takes the computed rows of a segment.
type derivation struct {
	open  []openChunk
	masks []uint32
	seed  maphash.Seed
	names int
	rows  int
}

// addColumn counts the columns: fill adds them in the order of their names.
func (c *derivation) addColumn(string) int {
	c.names++
	return c.names - 1
}

// commit keeps the row's cells.
func (c *derivation) commit(cells []stagedCell, data []byte) error {
	for i := range cells {
		cell := &cells[i]
		if int(cell.col) >= len(c.open) {
			return ErrNoRow // the caller's fault: more cells than columns
		}
		c.masks[cell.col] |= 1 << cell.kind
		c.open[cell.col].add(c.rows, c.seed, cell, data)
	}
	c.rows++
	return nil
}
