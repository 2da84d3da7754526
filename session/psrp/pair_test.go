package psrp_test

import (
	"encoding/binary"
	"testing"

	"postroom/session/clixml"
	"postroom/session/cmdlet"
	"postroom/session/psrp"
)

// pair is a client half and a server half that are joined in memory.
type pair struct {
	t      *testing.T
	pool   *psrp.Pool
	server *psrp.Server
	packet int // size of the packets
	pipes  []psrp.GUID
}

func newPair(t *testing.T, co psrp.PoolOptions, so psrp.ServerOptions) *pair {
	t.Helper()
	pool, err := psrp.NewPool(co)
	if err != nil {
		t.Fatal(err)
	}
	return &pair{t: t, pool: pool, server: psrp.NewServer(so), packet: 4096}
}

// toServer carries all that the client has to send and gives the requests.
func (p *pair) toServer() []psrp.Event {
	p.t.Helper()
	var events []psrp.Event
	for {
		packet, ok := p.pool.Outgoing(p.packet)
		if !ok {
			return events
		}
		if len(packet.Data) > p.packet {
			p.t.Fatalf("a packet of %d bytes, at most %d were asked for", len(packet.Data), p.packet)
		}
		got, err := p.server.Receive(packet.Pipeline, packet.Data)
		if err != nil {
			p.t.Fatal(err)
		}
		events = append(events, got...)
	}
}

// toClient carries what the server has to send on the pool's stream and on
// those of the pipelines.
func (p *pair) toClient() []psrp.Event {
	p.t.Helper()
	var events []psrp.Event
	for _, id := range append([]psrp.GUID{{}}, p.pipes...) {
		for {
			b := p.server.Outgoing(id, p.packet)
			if b == nil {
				break
			}
			got, err := p.pool.Receive(id, b)
			if err != nil {
				p.t.Fatal(err)
			}
			events = append(events, got...)
		}
	}
	return events
}

// open opens the pool and leaves nothing on the way.
func (p *pair) open() {
	p.t.Helper()
	if err := p.pool.Open(); err != nil {
		p.t.Fatal(err)
	}
	one[psrp.Opening](p.t, p.toServer())
	if err := p.server.Opened(nil); err != nil {
		p.t.Fatal(err)
	}
	p.toClient()
	if p.pool.State() != psrp.PoolOpened {
		p.t.Fatalf("the pool is %v", p.pool.State())
	}
}

// start runs a command and gives the request as the server has it.
func (p *pair) start(o psrp.PipelineOptions, calls ...cmdlet.Invocation) psrp.CreatePipeline {
	p.t.Helper()
	id := psrp.NewGUID()
	p.pipes = append(p.pipes, id)
	if err := p.pool.Start(id, o, calls...); err != nil {
		p.t.Fatal(err)
	}
	return one[psrp.CreatePipeline](p.t, p.settle())
}

// settle carries bytes both ways until nothing is left, and gives the server's
// events; those of the client but key exchange are an error.
func (p *pair) settle() []psrp.Event {
	p.t.Helper()
	var events []psrp.Event
	for {
		up := p.toServer()
		down := p.toClient()
		events = append(events, up...)
		for _, e := range down {
			switch e.(type) {
			case psrp.KeyReady, psrp.KeyRequested:
			default:
				p.t.Fatalf("unexpected event %#v", e)
			}
		}
		if len(up)+len(down) == 0 {
			return events
		}
	}
}

// one gives the only event of its type.
func one[E psrp.Event](t *testing.T, events []psrp.Event) E {
	t.Helper()
	all := each[E](events)
	if len(all) != 1 {
		var want E
		t.Fatalf("%d events of type %T in %#v", len(all), want, events)
	}
	return all[0]
}

func each[E psrp.Event](events []psrp.Event) []E {
	var all []E
	for _, e := range events {
		if e, ok := e.(E); ok {
			all = append(all, e)
		}
	}
	return all
}

func call(name string, args ...cmdlet.Arg) cmdlet.Invocation {
	return cmdlet.Invocation{Cmdlet: name, Args: args}
}

func host() psrp.PoolOptions { return psrp.PoolOptions{Host: psrp.HostInfo{Present: true}} }

func TestOpenRunAndOutput(t *testing.T) {
	p := newPair(t, host(), psrp.ServerOptions{})
	p.open()
	r := p.start(psrp.PipelineOptions{}, call("Get-Mailbox", cmdlet.Arg{Name: "ResultSize", Value: int64(2)}))
	if len(r.Commands) != 1 || r.Commands[0].Cmdlet != "Get-Mailbox" || r.Commands[0].Args[0] != (cmdlet.Arg{Name: "ResultSize", Value: int64(2)}) {
		t.Fatalf("the server has %+v", r.Commands)
	}
	for _, err := range []error{
		p.server.Output(r.ID, "one"),
		p.server.Output(r.ID, nil),
		p.server.OutputPayload(r.ID, []byte("<I32>3</I32>")),
		p.server.Finish(r.ID, psrp.PipelineCompleted, nil),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	events := p.toClient()
	var got []clixml.Value
	for _, e := range each[psrp.Output](events) {
		v, err := clixml.Decode(e.Payload)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, v)
	}
	if len(got) != 3 || got[0] != "one" || got[1] != nil || got[2] != int32(3) {
		t.Fatalf("output %#v", got)
	}
	if end := one[psrp.PipelineStateChanged](t, events); end.State != psrp.PipelineCompleted || end.Err != nil {
		t.Fatalf("end %+v", end)
	}
	if s := p.pool.PipelineState(r.ID); s != psrp.PipelineCompleted {
		t.Fatalf("state %v", s)
	}
}

// wire writes a message in one fragment, by the book and without the package.
func wire(t *testing.T, destination uint32, typ psrp.MessageType, pool, pipeline psrp.GUID, object uint64, v clixml.Value) []byte {
	t.Helper()
	var payload []byte
	if v != nil {
		var err error
		if payload, err = clixml.Append([]byte("\ufeff"), v); err != nil {
			t.Fatal(err)
		}
	}
	return wirePayload(destination, typ, pool, pipeline, object, payload)
}

func wirePayload(destination uint32, typ psrp.MessageType, pool, pipeline psrp.GUID, object uint64, payload []byte) []byte {
	m := binary.LittleEndian.AppendUint32(nil, destination)
	m = binary.LittleEndian.AppendUint32(m, uint32(typ))
	for _, g := range []psrp.GUID{pool, pipeline} {
		swapped := dotnetGUID(g[:])
		m = append(m, swapped[:]...)
	}
	return fragment(object, 0, 3, append(m, payload...))
}

func fragment(object, number uint64, flags byte, blob []byte) []byte {
	b := binary.BigEndian.AppendUint64(nil, object)
	b = binary.BigEndian.AppendUint64(b, number)
	b = append(b, flags)
	b = binary.BigEndian.AppendUint32(b, uint32(len(blob)))
	return append(b, blob...)
}
