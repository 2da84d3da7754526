package simulator

import (
	"context"
	"errors"
	"strings"

	"postroom/session/clixml"
	"postroom/session/cmdlet"
	"postroom/session/psrp"
	"postroom/session/simulator/exchange"
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
	batch  []byte
	ends   []int             // of each row in the batch
	origin []clixml.Property // what rows say of where they came from

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
			p.finish(psrp.PipelineFailed, exchange.ScriptsNotAllowed(c.Name))
			return
		}
	}
	p.shell.running.Go(func() { p.work(request.Commands) }) // ends with p.ctx
}

func (p *pipeline) work(commands []cmdlet.Invocation) {
	sh := p.shell
	p.origin = exchange.Origin(strings.ToLower(sh.tenant.Server())+".eurpr06a014.prod.outlook.example", clixml.GUID(sh.runspace))
	call := exchange.Call{
		Tenant: sh.tenant, Account: sh.account, Commands: commands, Host: p, Now: sh.server.options.Clock.Now(),
		Decrypt: p.decrypt, Begun: sh.server.begun(sh.account, sh.tenant),
	}
	problem := call.Run(p.ctx)
	p.flush()
	state := psrp.PipelineCompleted
	if p.ctx.Err() != nil {
		state, problem = psrp.PipelineStopped, stopped()
	} else if problem != nil {
		state = psrp.PipelineFailed
	}
	sh.do(func() { p.finish(state, problem) })
}

// stopped is the reason of a pipeline that was stopped.
func stopped() *psrp.RemoteError {
	return exchange.Problem(14, "PipelineStopped", "System.Management.Automation.PipelineStoppedException", "The pipeline has been stopped.")
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

// Row puts a row into the batch; false when nobody wants more.
func (p *pipeline) Row(r exchange.Row) bool {
	if p.batch == nil {
		p.batch = make([]byte, 0, batchSize+16<<10)
	}
	batch, err := r.AppendCLIXML(p.batch, p.origin)
	if err != nil {
		p.shell.do(func() { p.shell.check(err) })
		return false
	}
	p.batch = batch
	p.ends = append(p.ends, len(p.batch))
	if len(p.batch) >= batchSize {
		p.flush()
	}
	return p.ctx.Err() == nil
}

// Object sends one object.
func (p *pipeline) Object(v clixml.Value) bool {
	p.flush()
	p.shell.do(func() { p.shell.check(p.shell.psrp.Output(p.id, v)) })
	return p.ctx.Err() == nil
}

// Say sends a record and, as real servers do, calls the host with the same
// text, if there is one.
func (p *pipeline) Say(n exchange.Note) {
	p.flush()
	send := p.shell.psrp
	p.shell.do(func() {
		var errs [2]error
		switch n.Stream {
		case exchange.Failure:
			errs[0] = send.Error(p.id, n.Err)
		case exchange.Progress:
			errs[0] = send.Progress(psrp.Progress{
				Pipeline: p.id, Activity: n.Activity, ActivityID: 1, ParentActivityID: -1, Status: n.Text,
				PercentComplete: n.Percent, SecondsRemaining: -1, Completed: n.Percent >= 100,
			})
		case exchange.WhatIf:
			if !p.nullHost {
				_, errs[0] = send.HostCall(p.id, psrp.HostWriteLine2, "What if: "+n.Text)
			}
		default:
			stream, method := psrp.Warning, psrp.HostWriteWarningLine
			if n.Stream == exchange.Verbose {
				stream, method = psrp.Verbose, psrp.HostWriteVerboseLine
			}
			errs[0] = send.Record(psrp.Record{Pipeline: p.id, Stream: stream, Text: n.Text})
			if !p.nullHost {
				_, errs[1] = send.HostCall(p.id, method, n.Text)
			}
		}
		p.shell.check(errors.Join(errs[:]...))
	})
}

// Ask calls the host and waits for its answer. Without a host that is an error.
func (p *pipeline) Ask(q exchange.Question) (clixml.Value, *psrp.RemoteError) {
	if p.nullHost {
		return nil, exchange.Problem(11, "HostFunctionNotImplemented", "System.Management.Automation.Host.HostException",
			"A command that prompts the user failed because the host program or the command type does not support user interaction. The host was attempting to request confirmation with the following message: "+q.Message)
	}
	p.flush()
	method, params := psrp.HostPrompt, []clixml.Value{q.Caption, q.Message, fieldsOf(q.Fields)}
	if len(q.Fields) == 0 {
		method, params = psrp.HostPromptForChoice, []clixml.Value{q.Caption, q.Message, choices(), int32(0)}
	}
	answer := make(chan psrp.HostResponse, 1)
	p.shell.do(func() {
		id, err := p.shell.psrp.HostCall(p.id, method, params...)
		p.shell.check(err)
		p.answers[id] = answer
	})
	p.shell.server.counters.count(func(s *Stats) { s.Prompts++ })
	select {
	case a := <-answer:
		if a.Err != nil {
			return nil, a.Err
		}
		return a.Value, nil
	case <-p.ctx.Done():
		return nil, stopped()
	}
}

// fieldsOf are FieldDescriptions as they travel.
func fieldsOf(list []exchange.Field) *clixml.Object {
	fields := arrayList()
	for _, f := range list {
		fields.Items = append(fields.Items, &clixml.Object{Extended: []clixml.Property{
			{Name: "name", Value: f.Name},
			{Name: "label", Value: "&" + f.Name},
			{Name: "parameterTypeName", Value: f.Type[strings.LastIndexByte(f.Type, '.')+1:]},
			{Name: "parameterTypeFullName", Value: f.Type},
			{Name: "parameterAssemblyFullName", Value: f.Type},
			{Name: "helpMessage", Value: ""},
			{Name: "isMandatory", Value: true},
			{Name: "metadata", Value: arrayList()},
			{Name: "modifiedByRemotingProtocol", Value: false},
			{Name: "isFromRemoteHost", Value: false},
		}})
	}
	return fields
}

// choices are those of ShouldProcess.
func choices() *clixml.Object {
	list := arrayList()
	for _, c := range [][2]string{
		{"&Yes", "Continue with only the next step of the operation."},
		{"Yes to &All", "Continue with all the steps of the operation."},
		{"&No", "Skip this operation and proceed with the next operation."},
		{"No to A&ll", "Skip this operation and all subsequent operations."},
	} {
		list.Items = append(list.Items, &clixml.Object{Extended: []clixml.Property{{Name: "label", Value: c[0]}, {Name: "helpMessage", Value: c[1]}}})
	}
	return list
}

func arrayList() *clixml.Object {
	return &clixml.Object{Types: []string{"System.Collections.ArrayList", "System.Object"}, Kind: clixml.List}
}

func (p *pipeline) decrypt(s clixml.SecureString) (text string, err error) {
	p.shell.do(func() { text, err = p.shell.psrp.Decrypt(s) })
	return text, err
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
