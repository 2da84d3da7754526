package simulator

import (
	"context"

	"postroom/session/cmdlet"
	"postroom/session/psrp"
)

// A batch is handed over when it is this long; no more is made while this much
// waits to be fetched.
const (
	batchSize = 128 << 10
	highWater = 1 << 20
)

// pipeline is a pipeline that was started and not yet ended by Terminate. Its
// goroutine makes the output; all else belongs to the shell's loop.
type pipeline struct {
	id       psrp.GUID
	shell    *shell
	ctx      context.Context //nolint:containedctx // a lifetime: it ends with Stop, Terminate and the shell
	cancel   context.CancelFunc
	nullHost bool

	// of the goroutine
	batch             []byte
	ends              []int // of each row in the batch
	yesToAll, noToAll bool

	// of the loop
	answers  map[int64]chan psrp.HostResponse
	waiting  chan struct{} // closed when there is room again
	finished bool
}

func (sh *shell) newPipeline(id psrp.GUID, nullHost bool) *pipeline {
	p := &pipeline{id: id, shell: sh, nullHost: nullHost || sh.nullHost, answers: map[int64]chan psrp.HostResponse{}}
	p.ctx, p.cancel = context.WithCancel(sh.ctx)
	sh.pipelines[id] = p
	sh.server.counters.count(func(s *Stats) { s.Commands++ })
	return p
}

// start runs the commands on a goroutine of their own.
func (p *pipeline) start(request psrp.CreatePipeline) {
	for _, c := range request.Sent {
		if c.IsScript {
			p.finish(psrp.PipelineFailed, scriptsNotAllowed(c.Name))
			return
		}
	}
	p.shell.running.Go(func() { p.work(request.Commands) }) // ends with p.ctx
}

func (p *pipeline) work(commands []cmdlet.Invocation) {
	problem := p.runPipeline(commands)
	p.flush()
	state := psrp.PipelineCompleted
	if p.ctx.Err() != nil {
		state, problem = psrp.PipelineStopped, stopped()
	} else if problem != nil {
		state = psrp.PipelineFailed
	}
	p.shell.do(func() { p.finish(state, problem) })
}

// finish ends the pipeline; on the loop.
func (p *pipeline) finish(state psrp.PipelineState, problem *psrp.RemoteError) {
	if p.finished {
		return
	}
	p.finished = true
	if p.shell.pipelines[p.id] == p {
		p.shell.check(p.shell.psrp.Finish(p.id, state, problem))
	}
}

// add puts a row into the batch; false when nobody wants more.
func (p *pipeline) add(v *view, r *record) bool {
	if p.batch == nil {
		p.batch = make([]byte, 0, batchSize+16<<10)
	}
	p.batch = v.encoder.append(p.batch, r)
	p.ends = append(p.ends, len(p.batch))
	if len(p.batch) >= batchSize {
		p.flush()
	}
	return p.ctx.Err() == nil
}

// flush hands the batch over and waits until there is room for the next.
func (p *pipeline) flush() {
	if len(p.ends) == 0 {
		return
	}
	batch, ends := p.batch, p.ends
	p.batch, p.ends = nil, nil
	var wait chan struct{}
	p.shell.do(func() {
		if p.shell.pipelines[p.id] != p {
			return
		}
		start := 0
		for _, end := range ends {
			p.shell.check(p.shell.psrp.OutputPayload(p.id, batch[start:end:end])) // borrowed until it is sent: the batch is not used again
			start = end
		}
		if p.shell.psrp.Pending(p.id) > highWater {
			p.waiting = make(chan struct{})
			wait = p.waiting
		}
	})
	p.shell.server.counters.count(func(s *Stats) { s.Rows += int64(len(ends)) })
	if wait == nil {
		return
	}
	select {
	case <-wait:
	case <-p.ctx.Done():
	}
}

// roomAgain wakes the goroutine when enough was fetched; on the loop.
func (p *pipeline) roomAgain() {
	if p.waiting != nil && p.shell.psrp.Pending(p.id) <= highWater/2 {
		close(p.waiting)
		p.waiting = nil
	}
}
