package psrp_test

import (
	"errors"
	"reflect"
	"testing"

	"postroom/session/psrp"
)

// parcel is what the server gave for one Receive of a stream.
type parcel struct {
	stream psrp.GUID
	data   []byte
}

// loss is two pipelines whose answers can be lost.
type loss struct {
	*pair
	a, b psrp.GUID
}

func newLoss(t *testing.T, o psrp.ServerOptions) *loss {
	t.Helper()
	p := newPair(t, host(), o)
	p.open()
	l := &loss{pair: p}
	l.a = p.start(psrp.PipelineOptions{}, call("A")).ID
	l.b = p.start(psrp.PipelineOptions{}, call("B")).ID
	return l
}

// rows has the server send rows and gives them as one parcel.
func (l *loss) rows(id psrp.GUID, n int) parcel {
	l.t.Helper()
	for range n {
		must(l.t, l.server.OutputPayload(id, []byte("<S>row</S>")))
	}
	return parcel{id, l.server.Outgoing(id, 1<<20)}
}

func (l *loss) end(id psrp.GUID) parcel {
	l.t.Helper()
	must(l.t, l.server.Finish(id, psrp.PipelineCompleted, nil))
	return parcel{id, l.server.Outgoing(id, 1<<20)}
}

func (l *loss) deliver(p parcel) []psrp.Event {
	l.t.Helper()
	events, err := l.pool.Receive(p.stream, p.data)
	if err != nil {
		l.t.Fatal(err)
	}
	return events
}

func TestLostReplyWithRows(t *testing.T) {
	l := newLoss(t, psrp.ServerOptions{})
	l.deliver(l.rows(l.a, 2))
	l.rows(l.a, 3) // lost
	l.pool.LostReply(l.a)
	l.deliver(l.rows(l.b, 2))
	events := append(l.deliver(l.rows(l.a, 1)), l.deliver(l.end(l.a))...)
	want := []psrp.Event{
		psrp.Output{Pipeline: l.a, Payload: []byte("<S>row</S>")},
		psrp.Gap{Pipeline: l.a, Missing: 3},
		psrp.PipelineStateChanged{Pipeline: l.a, State: psrp.PipelineCompleted},
	}
	if !reflect.DeepEqual(events, want) {
		t.Fatalf("%+v", events)
	}
	if got := l.deliver(l.end(l.b)); len(got) != 1 {
		t.Fatalf("the other pipeline lost nothing: %+v", got)
	}
}

// TestLostReplyThatWasEmpty: the ids go on without a hole, or the holes are
// filled by other streams.
func TestLostReplyThatWasEmpty(t *testing.T) {
	l := newLoss(t, psrp.ServerOptions{})
	l.deliver(l.rows(l.a, 2))
	l.pool.LostReply(l.a)
	l.deliver(l.rows(l.b, 2))
	other := l.rows(l.b, 2)
	got := l.deliver(l.rows(l.a, 1))
	l.deliver(other)
	got = append(got, l.deliver(l.end(l.a))...)
	if len(each[psrp.Gap](got)) != 0 || len(got) != 2 {
		t.Fatalf("%+v", got)
	}
}

// TestLostReplyBeforeTheFirstRow: the ids of a pipeline are above those that
// were known when it started.
func TestLostReplyBeforeTheFirstRow(t *testing.T) {
	l := newLoss(t, psrp.ServerOptions{})
	l.rows(l.a, 1) // lost
	l.pool.LostReply(l.a)
	if got := l.deliver(l.end(l.a)); len(each[psrp.Gap](got)) != 1 {
		t.Fatalf("%+v", got)
	}
	l.pool.LostReply(l.b)
	if got := l.deliver(l.end(l.b)); len(each[psrp.Gap](got)) != 1 {
		t.Fatalf("what cannot be proven complete is a gap: %+v", got)
	}
}

// TestSharedObjectIDs: a server process that counts over other pools leaves
// holes, which mean nothing as long as no reply was lost.
func TestSharedObjectIDs(t *testing.T) {
	id := uint64(1000)
	l := newLoss(t, psrp.ServerOptions{NextObjectID: func() uint64 { id += 7; return id }})
	l.deliver(l.rows(l.a, 5))
	if got := l.deliver(l.end(l.a)); len(got) != 1 {
		t.Fatalf("%+v", got)
	}
	l.pool.LostReply(l.b)
	l.deliver(l.rows(l.b, 1))
	if got := l.deliver(l.end(l.b)); len(each[psrp.Gap](got)) != 1 {
		t.Fatalf("after a lost reply a hole is a gap: %+v", got)
	}
}

func TestLostMiddleOfMessage(t *testing.T) {
	l := newLoss(t, psrp.ServerOptions{})
	must(t, l.server.Output(l.a, string(make([]byte, 100))))
	var parts [][]byte
	for b := l.server.Outgoing(l.a, 200); b != nil; b = l.server.Outgoing(l.a, 200) {
		parts = append(parts, b)
	}
	if len(parts) < 4 {
		t.Fatalf("%d parts", len(parts))
	}
	l.deliver(parcel{l.a, parts[0]})
	l.pool.LostReply(l.a)
	got := append(l.deliver(parcel{l.a, parts[2]}), l.deliver(parcel{l.a, parts[3]})...)
	for _, p := range parts[4:] {
		got = append(got, l.deliver(parcel{l.a, p})...)
	}
	if len(got) != 0 {
		t.Fatalf("a message without its middle: %+v", got)
	}
	got = append(l.deliver(l.rows(l.a, 1)), l.deliver(l.end(l.a))...)
	if len(each[psrp.Output](got)) != 1 || len(each[psrp.Gap](got)) != 1 {
		t.Fatalf("%+v", got)
	}

	// A reply that was lost between the parts of a message, but had nothing in it.
	must(t, l.server.Output(l.b, string(make([]byte, 100))))
	l.deliver(parcel{l.b, l.server.Outgoing(l.b, 200)})
	l.pool.LostReply(l.b)
	got = nil
	for b := l.server.Outgoing(l.b, 200); b != nil; b = l.server.Outgoing(l.b, 200) {
		got = append(got, l.deliver(parcel{l.b, b})...)
	}
	got = append(got, l.deliver(l.end(l.b))...)
	if len(each[psrp.Output](got)) != 1 || len(each[psrp.Gap](got)) != 0 {
		t.Fatalf("%+v", got)
	}
}

// TestRepeatedReply: a reply that was believed lost comes again after all.
func TestRepeatedReply(t *testing.T) {
	l := newLoss(t, psrp.ServerOptions{})
	first := l.rows(l.a, 2)
	if got := l.deliver(first); len(got) != 2 {
		t.Fatal(got)
	}
	l.pool.LostReply(l.a)
	if got := l.deliver(first); len(got) != 0 {
		t.Fatalf("rows twice: %+v", got)
	}
	if got := l.deliver(l.end(l.a)); len(got) != 1 {
		t.Fatalf("%+v", got)
	}
}

func TestTornFragment(t *testing.T) {
	l := newLoss(t, psrp.ServerOptions{})
	torn := l.rows(l.a, 1)
	torn.data = torn.data[:30]
	l.deliver(torn)
	l.pool.LostReply(l.a)
	if got := l.deliver(l.end(l.a)); len(each[psrp.Gap](got)) != 1 || len(got) != 2 {
		t.Fatalf("%+v", got)
	}
}

func TestEndedWithoutState(t *testing.T) {
	l := newLoss(t, psrp.ServerOptions{})
	l.deliver(l.rows(l.a, 1))
	want := []psrp.Event{psrp.Gap{Pipeline: l.a}, psrp.PipelineStateChanged{Pipeline: l.a, State: psrp.PipelineFailed}}
	if got := l.pool.Ended(l.a); !reflect.DeepEqual(got, want) {
		t.Fatalf("%+v", got)
	}
	if got := l.pool.Ended(l.a); got != nil {
		t.Fatalf("a second end: %+v", got)
	}
	l.deliver(l.end(l.b))
	if got := l.pool.Ended(l.b); got != nil {
		t.Fatalf("an end after the state: %+v", got)
	}
}

func TestBrokenFraming(t *testing.T) {
	pool := psrp.NewGUID()
	message := wirePayload(1, psrp.MsgRunspacePoolState, pool, psrp.GUID{}, 1, []byte(`<Obj RefId="0"><MS><I32 N="RunspaceState">2</I32></MS></Obj>`))[21:]
	for name, b := range map[string][]byte{
		"no start":             fragment(1, 1, 2, message),
		"start with id 1":      fragment(1, 1, 3, message),
		"flags":                fragment(1, 0, 7, message),
		"hole":                 append(fragment(1, 0, 1, message[:50]), fragment(1, 2, 2, message[50:])...),
		"other object":         append(fragment(1, 0, 1, message[:50]), fragment(2, 1, 2, message[50:])...),
		"start within":         append(fragment(1, 0, 1, message[:50]), fragment(2, 0, 3, message)...),
		"short message":        fragment(1, 0, 3, message[:39]),
		"empty message":        fragment(1, 0, 3, nil),
		"for the server":       wirePayload(2, psrp.MsgRunspacePoolState, pool, psrp.GUID{}, 1, nil),
		"of another pool":      wirePayload(1, psrp.MsgRunspacePoolState, psrp.NewGUID(), psrp.GUID{}, 1, nil),
		"no state":             wirePayload(1, psrp.MsgRunspacePoolState, pool, psrp.GUID{}, 1, nil),
		"no pipeline state":    wirePayload(1, psrp.MsgPipelineState, pool, psrp.GUID{}, 1, []byte("<S>x</S>")),
		"broken state":         wirePayload(1, psrp.MsgPipelineState, pool, psrp.GUID{}, 1, []byte("<Obj><MS>")),
		"a key nobody asked":   wirePayload(1, psrp.MsgEncryptedSessionKey, pool, psrp.GUID{}, 1, []byte("<S>x</S>")),
		"capability of a text": wirePayload(1, psrp.MsgSessionCapability, pool, psrp.GUID{}, 1, []byte("<S>x</S>")),
	} {
		p, err := psrp.NewPool(psrp.PoolOptions{ID: pool})
		must(t, err, p.Open())
		_, err = p.Receive(psrp.GUID{}, b)
		var protocol *psrp.ProtocolError
		var version *psrp.VersionError
		if !errors.As(err, &protocol) && !errors.As(err, &version) {
			t.Errorf("%s: %v", name, err)
		}
		if _, again := p.Receive(psrp.GUID{}, []byte{1}); !errors.Is(again, err) {
			t.Errorf("%s: afterwards %v", name, again)
		}
	}
}

// TestUndecodable: a record that is not what its type demands is shown, not
// dropped, and what follows it is read.
func TestUndecodable(t *testing.T) {
	p := newPair(t, host(), psrp.ServerOptions{})
	p.open()
	r := p.start(psrp.PipelineOptions{}, call("X"))
	for i, c := range []struct {
		typ     psrp.MessageType
		payload string
	}{
		{psrp.MsgErrorRecord, "<Obj"},
		{psrp.MsgErrorRecord, ""},
		{psrp.MsgProgressRecord, "<S>x</S>"},
		{psrp.MsgInformationRecord, "<Nil/>"},
		{psrp.MsgPipelineHostCall, `<Obj RefId="0"><MS><I64 N="ci">1</I64></MS></Obj>`},
		{psrp.MessageType(0x00041099), "<S>new</S>"},
		{psrp.MessageType(0x00021099), "<S>new</S>"},
		{psrp.MsgRunspaceAvailability, `<Obj RefId="0"><MS><I64 N="ci">1</I64><S N="SetMinMaxRunspacesResponse">x</S></MS></Obj>`},
		{psrp.MsgUserEvent, ""},
		{psrp.MsgApplicationPrivateData, "<S>x</S>"},
	} {
		events, err := p.pool.Receive(r.ID, wirePayload(1, c.typ, p.pool.ID(), r.ID, uint64(1000+i), []byte(c.payload)))
		must(t, err)
		u := one[psrp.Unknown](t, events)
		if u.Type != c.typ || string(u.Payload) != c.payload || u.Pipeline != r.ID {
			t.Errorf("%v: %+v", c.typ, u)
		}
	}
	must(t, p.server.Output(r.ID, "x"))
	if len(p.toClient()) != 1 {
		t.Fatal("nothing after it")
	}
}

func TestLimits(t *testing.T) {
	p := newPair(t, psrp.PoolOptions{Limits: psrp.Limits{Message: 500, Pending: 1200}}, psrp.ServerOptions{})
	p.open()
	ids := []psrp.GUID{}
	for range 4 {
		ids = append(ids, p.start(psrp.PipelineOptions{}, call("X")).ID)
	}
	p.packet = 400
	must(t, p.server.Output(ids[0], string(make([]byte, 500))))
	var limit *psrp.LimitError
	if _, err := p.pool.Receive(ids[0], p.server.Outgoing(ids[0], 5000)); !errors.As(err, &limit) || limit.Limit != "Message" || limit.Max != 500 || limit.Stream != ids[0] {
		t.Fatalf("%v", err)
	}
	var last error
	for i := 1; i < 4; i++ {
		_, last = p.pool.Receive(ids[i], fragment(uint64(100+i), 0, 1, make([]byte, 450)))
	}
	if !errors.As(last, &limit) || limit.Limit != "Pending" {
		t.Fatalf("%v", last)
	}
	for _, id := range ids[1:] {
		p.pool.Forget(id)
	}
	if _, err := p.pool.Receive(psrp.NewGUID(), fragment(200, 0, 1, make([]byte, 450))); err != nil {
		t.Fatalf("after Forget: %v", err)
	}
	// A length that is claimed but not sent costs nothing.
	big, err := psrp.NewPool(psrp.PoolOptions{})
	must(t, err)
	head := fragment(1, 0, 3, nil)
	head[17], head[18] = 3, 0
	if _, err := big.Receive(psrp.GUID{}, head); err != nil {
		t.Fatal(err)
	}
}

// TestGapOfThePool: the pool's own stream has no end, so it is judged at once.
func TestGapOfThePool(t *testing.T) {
	l := newLoss(t, psrp.ServerOptions{})
	must(t, l.server.UserEvent(psrp.UserEvent{Source: "lost"}))
	l.server.Outgoing(psrp.GUID{}, 1<<20)
	l.pool.LostReply(psrp.GUID{})
	must(t, l.server.UserEvent(psrp.UserEvent{Source: "came"}))
	events := l.toClient()
	if len(events) != 2 || events[0] != (psrp.Gap{Missing: 1}) || one[psrp.UserEvent](t, events).Source != "came" {
		t.Fatalf("%+v", events)
	}
	l.pool.LostReply(psrp.GUID{})
	must(t, l.server.UserEvent(psrp.UserEvent{}))
	if events := l.toClient(); len(events) != 1 {
		t.Fatalf("%+v", events)
	}
}
