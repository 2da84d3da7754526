package psrp

import (
	"postroom/session/clixml"
	"postroom/session/cmdlet"
)

// pipeline is what a Pool knows of a pipeline.
type pipeline struct {
	state    PipelineState
	input    bool // PIPELINE_INPUT may be sent
	metadata bool // its output describes commands
	recent   recentRecords
}

type hostCallKey struct {
	pipeline GUID
	id       int64
}

// PipelineState gives a pipeline's state; PipelineNotStarted for one that is
// not known.
func (p *Pool) PipelineState(id GUID) PipelineState {
	if pipe := p.pipelines[id]; pipe != nil {
		return pipe.state
	}
	return PipelineNotStarted
}

// Start queues CREATE_PIPELINE for the commands, each piped into the next
// (MS-PSRP 3.1.4.3). Secrets among the arguments are encrypted; when there is
// no session key yet, the exchange begins and the pipeline waits for it.
// Errors: *StateError, *clixml.EncodeError.
func (p *Pool) Start(id GUID, o PipelineOptions, cmds ...cmdlet.Invocation) error {
	if len(cmds) == 0 {
		return &StateError{Action: "Start", Pipeline: id, Is: "empty", Want: "one command or more"}
	}
	return p.create(id, "Start", pipeline{input: o.Input}, post{
		pipeline: id, typ: MsgCreatePipeline, opens: true,
		payload: func(c *converter) (clixml.Value, error) { return c.writePipeline(cmds, o, p.version) },
	})
}

// GetMetadata queues GET_COMMAND_METADATA (MS-PSRP 3.1.4.5) as a pipeline of
// its own. The names may have wildcards; none means all commands. The answers
// are MetadataCount and Metadata events. Error: *StateError.
func (p *Pool) GetMetadata(id GUID, names []string) error {
	return p.create(id, "GetMetadata", pipeline{metadata: true}, post{
		pipeline: id, typ: MsgGetCommandMetadata, opens: true, payload: fixed(writeGetMetadata(names)),
	})
}

func (p *Pool) create(id GUID, action string, pipe pipeline, m post) error {
	if err := p.want(action, PoolOpened); err != nil {
		return err
	}
	if old := p.pipelines[id]; old != nil || id == (GUID{}) {
		is := "the pool's id"
		if old != nil {
			is = old.state.String()
		}
		return &StateError{Action: action, Pipeline: id, Is: is, Want: "new"}
	}
	if err := p.post(m); err != nil {
		return err
	}
	pipe.state = PipelineRunning
	p.pipelines[id] = &pipe
	p.stream(id)
	return nil
}

// Input queues one object of input; nil is a null. Secrets in it are encrypted.
// Errors: *StateError, *clixml.EncodeError.
func (p *Pool) Input(id GUID, v clixml.Value) error {
	if _, err := p.inputOf("Input", id); err != nil {
		return err
	}
	return p.post(post{
		pipeline: id, typ: MsgPipelineInput,
		payload: func(c *converter) (clixml.Value, error) { return c.value(v) },
	})
}

// EndInput queues END_OF_PIPELINE_INPUT. Error: *StateError.
func (p *Pool) EndInput(id GUID) error {
	pipe, err := p.inputOf("EndInput", id)
	if err != nil {
		return err
	}
	pipe.input = false
	return p.post(post{pipeline: id, typ: MsgEndOfPipelineInput, payload: fixed(nil)})
}

func (p *Pool) inputOf(action string, id GUID) (*pipeline, error) {
	pipe := p.pipelines[id]
	switch {
	case pipe == nil:
		return nil, &StateError{Action: action, Pipeline: id, Is: "unknown", Want: PipelineRunning.String()}
	case pipe.state != PipelineRunning:
		return nil, &StateError{Action: action, Pipeline: id, Is: pipe.state.String(), Want: PipelineRunning.String()}
	case !pipe.input:
		return nil, &StateError{Action: action, Pipeline: id, Is: "without input", Want: "open for input"}
	}
	return pipe, nil
}

// Answer queues the answer to a host call; nil is a null. A prompt is answered
// with a map[string]any by field name, a choice with an int32, a credential with a
// cmdlet.PSCredential, a secret with a cmdlet.Secret. Errors: *StateError,
// *clixml.EncodeError.
func (p *Pool) Answer(c HostCall, v clixml.Value) error {
	return p.respond(c, func(conv *converter) (clixml.Property, error) {
		answer, err := conv.value(v)
		return prop("mr", answer), err
	})
}

// AnswerError queues an error as the answer to a host call. Error: *StateError.
func (p *Pool) AnswerError(c HostCall, message string) error {
	record := writeError(&RemoteError{
		Message: message, ExceptionType: "System.Management.Automation.Host.HostException",
		FullyQualifiedID: "HostCallFailed", CategoryReason: "HostException",
	})
	return p.respond(c, func(*converter) (clixml.Property, error) { return prop("me", record), nil })
}

func (p *Pool) respond(c HostCall, result func(*converter) (clixml.Property, error)) error {
	key := hostCallKey{c.Pipeline, c.ID}
	if !p.asked[key] {
		return &StateError{Action: "Answer", Pipeline: c.Pipeline, Is: "without such a call", Want: "waiting for this answer"}
	}
	typ := MsgPipelineHostResponse
	if c.Pipeline == (GUID{}) {
		typ = MsgRunspacePoolHostResponse
	}
	err := p.post(post{
		pipeline: c.Pipeline, stream: StreamPrompt, typ: typ,
		payload: func(conv *converter) (clixml.Value, error) {
			r, err := result(conv)
			if err != nil {
				return nil, err
			}
			o := bag(prop("ci", c.ID), prop("mi", hostMethod(c.Method)))
			if r.Value != nil {
				o.Extended = append([]clixml.Property{r}, o.Extended...)
			}
			return o, nil
		},
	})
	if err == nil {
		delete(p.asked, key)
	}
	return err
}

// Stop notes that the transport sends the stop signal for a pipeline; input
// and answers that wait to be sent are dropped. A pipeline of which Outgoing
// has given nothing yet is stopped at once and needs no signal: PipelineState
// tells. Error: *StateError.
func (p *Pool) Stop(id GUID) error {
	pipe := p.pipelines[id]
	if pipe == nil {
		return &StateError{Action: "Stop", Pipeline: id, Is: "unknown", Want: PipelineRunning.String()}
	}
	switch {
	case pipe.state.Final() || pipe.state == PipelineStopping:
		return nil
	case p.unsent(id):
		pipe.state = PipelineStopped
	default:
		pipe.state = PipelineStopping
	}
	pipe.input = false
	p.discard(id)
	return nil
}

// Forget frees what is kept of a pipeline and drops what was still to be sent
// for it.
func (p *Pool) Forget(id GUID) {
	if id == (GUID{}) {
		return
	}
	if s := p.in[id]; s != nil {
		s.asm.release(&p.held)
		delete(p.in, id)
	}
	delete(p.pipelines, id)
	for key := range p.asked {
		if key.pipeline == id {
			delete(p.asked, key)
		}
	}
	p.discard(id)
}

// discard drops the messages of a pipeline that have not begun to go out.
func (p *Pool) discard(id GUID) {
	kept := p.deferred[:0]
	for _, m := range p.deferred {
		if m.pipeline != id {
			kept = append(kept, m)
		}
	}
	clear(p.deferred[len(kept):])
	p.deferred = kept
	p.out.drop(id)
}

// unsent tells whether the message that opens a pipeline still waits.
func (p *Pool) unsent(id GUID) bool {
	for _, m := range p.deferred {
		if m.pipeline == id && m.opens {
			return true
		}
	}
	for i := p.out.first; i < len(p.out.waiting); i++ {
		m := &p.out.waiting[i]
		if m.pipeline == id && m.opens && !m.started {
			return true
		}
	}
	return false
}
