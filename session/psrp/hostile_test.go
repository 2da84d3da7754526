package psrp_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"postroom/session/psrp"
)

// says gives a message of the server in one fragment.
func says(typ psrp.MessageType, pool, pipeline psrp.GUID, id uint64, xml string) []byte {
	return wirePayload(1, typ, pool, pipeline, id, []byte(xml))
}

func poolState(n any) string {
	return fmt.Sprintf(`<Obj RefId="0"><MS><I64 N="RunspaceState">%v</I64></MS></Obj>`, n)
}

func pipelineState(n any) string {
	return fmt.Sprintf(`<Obj RefId="0"><MS><I64 N="PipelineState">%v</I64></MS></Obj>`, n)
}

const capability23 = `<Obj RefId="0"><MS><Version N="protocolversion">2.3</Version><Version N="PSVersion">2.0</Version><Version N="SerializationVersion">1.1.0.1</Version></MS></Obj>`

// TestPoolStateGoesForwardOnly: a state that no server has to tell, or one that
// goes back, ends the pool (MS-PSRP 3.1.5.1).
func TestPoolStateGoesForwardOnly(t *testing.T) {
	type step struct {
		typ psrp.MessageType
		xml string
		bad bool
	}
	state := func(n any) step { return step{psrp.MsgRunspacePoolState, poolState(n), false} }
	refused := func(n any) step { return step{psrp.MsgRunspacePoolState, poolState(n), true} }
	negotiated := step{psrp.MsgSessionCapability, capability23, false}
	for name, c := range map[string]struct {
		steps []step
		end   psrp.PoolState
	}{
		"by the book":                 {[]step{negotiated, state(2), state(4), state(3)}, psrp.PoolClosed},
		"opened twice":                {[]step{negotiated, state(2), state(2)}, psrp.PoolOpened},
		"opened before the versions":  {[]step{refused(2)}, psrp.PoolOpening},
		"broken while it opens":       {[]step{state(5)}, psrp.PoolBroken},
		"opened after it was closed":  {[]step{negotiated, state(2), state(3), refused(2)}, psrp.PoolClosed},
		"closing after it broke":      {[]step{negotiated, state(2), state(5), refused(4)}, psrp.PoolBroken},
		"opened while it closes":      {[]step{negotiated, state(2), state(4), refused(2)}, psrp.PoolClosing},
		"back to its beginning":       {[]step{negotiated, state(2), refused(0)}, psrp.PoolOpened},
		"opening once more":           {[]step{negotiated, state(2), refused(1)}, psrp.PoolOpened},
		"a state that does not exist": {[]step{negotiated, state(2), refused(77)}, psrp.PoolOpened},
		"a state beyond 32 bits":      {[]step{negotiated, refused(1<<32 + 2)}, psrp.PoolNegotiationSucceeded},
		"negotiated twice":            {[]step{negotiated, {psrp.MsgSessionCapability, capability23, true}}, psrp.PoolNegotiationSucceeded},
		"negotiated anew later":       {[]step{negotiated, state(2), {psrp.MsgSessionCapability, strings.Replace(capability23, "2.3", "2.0", 1), true}}, psrp.PoolOpened},
		"a key that nobody asked for": {[]step{negotiated, state(2), {psrp.MsgEncryptedSessionKey, `<Obj RefId="0"><MS><S N="EncryptedSessionKey">AQI=</S></MS></Obj>`, true}}, psrp.PoolOpened},
	} {
		pool, err := psrp.NewPool(psrp.PoolOptions{})
		must(t, err, pool.Open())
		for i, s := range c.steps {
			_, err := pool.Receive(psrp.GUID{}, says(s.typ, pool.ID(), psrp.GUID{}, uint64(i+1), s.xml))
			var protocol *psrp.ProtocolError
			if s.bad != errors.As(err, &protocol) || !s.bad && err != nil || s.bad && protocol.Type != s.typ {
				t.Errorf("%s: step %d: %v", name, i, err)
			}
		}
		if pool.State() != c.end {
			t.Errorf("%s: the pool is %v, want %v", name, pool.State(), c.end)
		}
		if c.end == psrp.PoolOpened && pool.Version() != psrp.Version23 {
			t.Errorf("%s: version %s", name, pool.Version())
		}
	}
}

// TestPipelineEndsOnce: what comes after the end of a pipeline changes nothing,
// and is not lost either (MS-PSRP 3.1.5.4.21).
func TestPipelineEndsOnce(t *testing.T) {
	p := newPair(t, host(), psrp.ServerOptions{})
	p.open()
	id := p.start(psrp.PipelineOptions{}, call("X")).ID
	n := uint64(100)
	tell := func(stream, pipeline psrp.GUID, state any) ([]psrp.Event, error) {
		n++
		return p.pool.Receive(stream, says(psrp.MsgPipelineState, p.pool.ID(), pipeline, n, pipelineState(state)))
	}
	events, err := tell(id, id, 1) // running: true, and nothing new
	must(t, err)
	if s := one[psrp.PipelineStateChanged](t, events); s.State != psrp.PipelineRunning || p.pool.PipelineState(id) != psrp.PipelineRunning {
		t.Errorf("%+v", s)
	}
	events, err = tell(id, id, 4)
	must(t, err)
	if s := one[psrp.PipelineStateChanged](t, events); s.State != psrp.PipelineCompleted {
		t.Errorf("%+v", s)
	}
	for _, late := range []int{1, 3, 4, 5, 6} {
		events, err = tell(id, id, late)
		must(t, err)
		if u := one[psrp.Unknown](t, events); u.Type != psrp.MsgPipelineState || p.pool.PipelineState(id) != psrp.PipelineCompleted {
			t.Errorf("state %d after the end: %+v, %v", late, events, p.pool.PipelineState(id))
		}
	}
	events, err = tell(psrp.GUID{}, psrp.GUID{}, 4) // the pool has no such state
	must(t, err)
	one[psrp.Unknown](t, events)

	other := p.start(psrp.PipelineOptions{}, call("Y")).ID
	for _, state := range []any{77, -1, 1<<32 + 4} {
		q := p.start(psrp.PipelineOptions{}, call("Z")).ID
		var protocol *psrp.ProtocolError
		if events, err := tell(q, q, state); !errors.As(err, &protocol) || len(events) != 0 || p.pool.PipelineState(q) != psrp.PipelineRunning {
			t.Errorf("state %v: %v, %v", state, events, err)
		}
	}
	// What comes on a pipeline's stream is its own, whatever the message says.
	for _, named := range []psrp.GUID{other, {}, psrp.NewGUID(), id} {
		n++
		events, err = p.pool.Receive(other, says(psrp.MsgPipelineOutput, p.pool.ID(), named, n, "<S>row</S>"))
		must(t, err)
		if o := one[psrp.Output](t, events); o.Pipeline != other {
			t.Errorf("a row of %v came to %v", other, o.Pipeline)
		}
	}
	if events, err = tell(other, id, 5); err != nil || one[psrp.PipelineStateChanged](t, events).Pipeline != other || p.pool.PipelineState(id) != psrp.PipelineCompleted {
		t.Errorf("%+v, %v", events, err)
	}
}

// TestUnknownPipelines: messages for pipelines that nobody started are events
// of theirs, and nothing is kept for them that Forget does not free.
func TestUnknownPipelines(t *testing.T) {
	p := newPair(t, host(), psrp.ServerOptions{})
	p.open()
	stranger := psrp.NewGUID()
	for i, m := range []struct {
		typ psrp.MessageType
		xml string
	}{
		{psrp.MsgPipelineOutput, "<S>x</S>"},
		{psrp.MsgWarningRecord, `<Obj RefId="0"><MS><S N="InformationalRecord_Message">w</S></MS></Obj>`},
		{psrp.MsgPipelineState, pipelineState(4)},
	} {
		for _, stream := range []psrp.GUID{{}, stranger} {
			events, err := p.pool.Receive(stream, says(m.typ, p.pool.ID(), stranger, uint64(100+i), m.xml))
			if err != nil || len(events) != 1 {
				t.Errorf("%v: %+v, %v", m.typ, events, err)
			}
		}
	}
	if s := p.pool.PipelineState(stranger); s != psrp.PipelineNotStarted {
		t.Errorf("it is %v", s)
	}
	if got := p.pool.Ended(stranger); got != nil {
		t.Errorf("%+v", got)
	}
	var state *psrp.StateError
	if err := p.pool.Stop(stranger); !errors.As(err, &state) {
		t.Errorf("%v", err)
	}
}

// TestObjectIDsAtTheirEnd: ids that wrap around are only numbers.
func TestObjectIDsAtTheirEnd(t *testing.T) {
	p := newPair(t, host(), psrp.ServerOptions{})
	p.open()
	id := p.start(psrp.PipelineOptions{}, call("X")).ID
	for i, object := range []uint64{math.MaxUint64 - 1, math.MaxUint64, 0, 1, math.MaxUint64, 5, 3, 0} {
		events, err := p.pool.Receive(id, says(psrp.MsgPipelineOutput, p.pool.ID(), id, object, "<S>x</S>"))
		if err != nil || len(events) != 1 {
			t.Fatalf("object %d: %+v, %v", object, events, err)
		}
		if i == 4 {
			p.pool.LostReply(id)
		}
	}
	events, err := p.pool.Receive(id, says(psrp.MsgPipelineState, p.pool.ID(), id, 6, pipelineState(4)))
	must(t, err)
	if s := each[psrp.PipelineStateChanged](events); len(s) != 1 || s[0].State != psrp.PipelineCompleted {
		t.Fatalf("%+v", events)
	}
}
