package result

import "context"

const (
	// fewRows are written by one processor: blocks would cost more than they bring.
	fewRows = 4096
	// blockBytes is about how much a block of rows has, so that what is under way stays
	// small however large the cells are; blockRows is how many rows it has at most.
	blockBytes = 512 << 10
	blockRows  = 1024
)

// block is some rows that a worker writes into memory.
type block struct {
	from, to int
	buffer   []byte
	rows     int // lines of it
	err      error
	done     chan struct{}
}

// inBlocks writes the rows of a view on all processors, in their order. encoder gives a
// function for one worker that appends a row. At most two blocks a worker are under way.
func (e *export) inBlocks(v *View, encoder func() func(dst []byte, cells []cell) []byte) error {
	ctx, cancel := context.WithCancelCause(e.ctx)
	defer cancel(nil) // the workers end
	under := 2 * workers()
	waiting, ordered := make(chan *block), make(chan *block, under)
	free := make(chan []byte, under)
	for range under {
		free <- nil
	}
	for range workers() {
		go func() { // ends with the rows, or with ctx
			row := encoder()
			values := newValueWriter(e.options.Values)
			for b := range waiting {
				b.write(ctx, v, values, row)
				close(b.done)
			}
		}()
	}
	go func() { // ends when all rows are given out, or with ctx
		defer close(waiting)
		defer close(ordered)
		for from := 0; from < v.len(); {
			b := &block{from: from, to: min(v.len(), from+v.blockAt(from)), done: make(chan struct{})}
			from = b.to
			select {
			case b.buffer = <-free:
			case <-ctx.Done():
				return
			}
			ordered <- b // has room: as many as there are buffers
			select {
			case waiting <- b:
			case <-ctx.Done():
				b.err = context.Cause(ctx)
				close(b.done)
				return
			}
		}
	}()
	for b := range ordered {
		<-b.done
		if b.err != nil {
			return b.err
		}
		if e.ctx.Err() != nil {
			return context.Cause(e.ctx)
		}
		if e.options.Progress != nil {
			e.options.Progress(e.report.Rows)
		}
		e.report.Rows += b.rows
		if err := e.out.flush(); err != nil {
			return err
		}
		e.out.buffer, b.buffer = b.buffer, e.out.buffer
		if err := e.out.flush(); err != nil {
			return err
		}
		free <- b.buffer[:0]
	}
	return context.Cause(e.ctx)
}

// write writes the block's rows into its buffer.
func (b *block) write(ctx context.Context, v *View, values *valueWriter, row func(dst []byte, cells []cell) []byte) {
	b.err = v.rowsFrom(ctx, b.from, b.to, func(_ int, cells []cell) error {
		return values.rows(cells, func(cells []cell) error {
			b.rows++
			b.buffer = row(b.buffer, cells)
			return nil
		})
	})
}

// blockAt is how many rows a block has that begins with a row.
func (v *View) blockAt(row int) int {
	s, _ := v.data.find(v.RowID(row))
	bytes := 0
	for _, col := range v.cols {
		bytes += s.chunk(col).size()
	}
	return max(1, min(blockRows, blockBytes/(bytes/max(1, s.rows)+1)))
}
