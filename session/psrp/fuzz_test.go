package psrp_test

import (
	"errors"
	"reflect"
	"testing"

	"postroom/session/psrp"
)

// typedError tells the errors that Receive may give.
func typedError(err error) bool {
	var protocol *psrp.ProtocolError
	var limit *psrp.LimitError
	var version *psrp.VersionError
	return errors.As(err, &protocol) || errors.As(err, &limit) || errors.As(err, &version)
}

// FuzzFragments cuts any bytes in two: the events and the error must be those of
// the whole, whatever the cut.
func FuzzFragments(f *testing.F) {
	message := wirePayload(1, psrp.MsgPipelineOutput, psrp.GUID{}, psrp.GUID{}, 1, []byte("<S>x</S>"))
	f.Add(message, uint16(5))
	f.Add(append(fragment(7, 0, 1, message[21:50]), fragment(7, 1, 2, message[50:])...), uint16(30))
	f.Add(append(fragment(7, 0, 1, nil), fragment(7, 1, 0, message[21:])...), uint16(22))
	f.Add(append(message, message...), uint16(40))
	f.Fuzz(func(t *testing.T, b []byte, at uint16) {
		o := psrp.PoolOptions{ID: psrp.GUID{1}, Limits: psrp.Limits{Message: 1 << 16, Pending: 1 << 17}}
		whole, err := psrp.NewPool(o)
		must(t, err)
		want, wantErr := whole.Receive(psrp.GUID{2}, b)
		if wantErr != nil && !typedError(wantErr) {
			t.Fatalf("an untyped error: %v", wantErr)
		}
		cut, err := psrp.NewPool(o)
		must(t, err)
		n := min(int(at), len(b))
		got, gotErr := cut.Receive(psrp.GUID{2}, b[:n])
		if gotErr == nil {
			var rest []psrp.Event
			rest, gotErr = cut.Receive(psrp.GUID{2}, b[n:])
			got = append(got, rest...)
		}
		if !reflect.DeepEqual(want, got) {
			t.Fatalf("whole %#v\ncut at %d %#v", want, n, got)
		}
		if (wantErr == nil) != (gotErr == nil) || wantErr != nil && wantErr.Error() != gotErr.Error() {
			t.Fatalf("whole %v, cut at %d %v", wantErr, n, gotErr)
		}
	})
}

// FuzzPoolReceive gives a client half any message of any type, also after a
// lost reply.
func FuzzPoolReceive(f *testing.F) {
	for _, c := range []struct {
		typ     psrp.MessageType
		payload string
	}{
		{psrp.MsgSessionCapability, `<Obj RefId="0"><MS><Version N="protocolversion">2.3</Version></MS></Obj>`},
		{psrp.MsgRunspacePoolState, `<Obj RefId="0"><MS><I32 N="RunspaceState">2</I32></MS></Obj>`},
		{psrp.MsgPipelineState, `<Obj RefId="0"><MS><I32 N="PipelineState">4</I32></MS></Obj>`},
		{psrp.MsgPipelineOutput, `<SS>AAAA</SS>`},
		{psrp.MsgErrorRecord, `<Obj RefId="0"><ToString>x</ToString><MS><Ref N="Exception" RefId="0"/></MS></Obj>`},
		{psrp.MsgPipelineHostCall, `<Obj RefId="0"><MS><I64 N="ci">1</I64><I32 N="mi">23</I32><Obj N="mp" RefId="1"><LST><S>a</S><S>b</S><Ref RefId="1"/></LST></Obj></MS></Obj>`},
		{psrp.MsgProgressRecord, `<Obj RefId="0"><MS><S N="Activity">a</S></MS></Obj>`},
		{psrp.MsgInformationRecord, `<Obj RefId="0"><MS><Ref N="MessageData" RefId="0"/></MS></Obj>`},
		{psrp.MsgRunspaceAvailability, `<Obj RefId="0"><MS><B N="SetMinMaxRunspacesResponse">true</B><I64 N="ci">1</I64></MS></Obj>`},
	} {
		f.Add(uint32(c.typ), []byte(c.payload), true)
	}
	f.Fuzz(func(t *testing.T, typ uint32, payload []byte, lost bool) {
		p, err := psrp.NewPool(psrp.PoolOptions{ID: psrp.GUID{1}})
		must(t, err, p.Adopt(psrp.GUID{2}))
		if lost {
			p.LostReply(psrp.GUID{2})
		}
		events, err := p.Receive(psrp.GUID{2}, wirePayload(1, psrp.MessageType(typ), psrp.GUID{1}, psrp.GUID{2}, 1, payload))
		if err != nil && !typedError(err) {
			t.Fatalf("an untyped error: %v", err)
		}
		if err == nil && len(events) == 0 {
			t.Fatal("a message without an event")
		}
		for _, e := range events {
			if c, ok := e.(psrp.HostCall); ok {
				c.AsPrompt()
				c.AsChoice()
				c.AsCredential()
				c.AsWrite()
				c.AsProgress()
			}
		}
	})
}

// FuzzServerReceive gives a server half any bytes. The corpus has what
// PowerShell's client sent in small recordings.
func FuzzServerReceive(f *testing.F) {
	f.Add(wirePayload(2, psrp.MsgSessionCapability, psrp.GUID{1}, psrp.GUID{}, 1, []byte(`<Obj RefId="0"><MS><Version N="protocolversion">2.3</Version></MS></Obj>`)))
	f.Fuzz(func(t *testing.T, b []byte) {
		s := psrp.NewServer(psrp.ServerOptions{Limits: psrp.Limits{Message: 1 << 16, Pending: 1 << 17}})
		if err := s.UseSessionKey(make([]byte, 32)); err != nil {
			t.Fatal(err)
		}
		for len(b) > 0 {
			n := min(len(b), 1000)
			events, err := s.Receive(psrp.GUID{}, b[:n])
			b = b[n:]
			if err != nil && !typedError(err) {
				t.Fatalf("an untyped error: %v", err)
			}
			for _, e := range events {
				if _, ok := e.(psrp.Opening); ok {
					must(t, s.Opened(nil))
				}
			}
		}
	})
}
