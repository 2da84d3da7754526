package psrp_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"postroom/session/psrp"
)

// TestActionsOutOfTurn: what does not fit the state is an error that says what
// was tried and what it found, and changes nothing.
func TestActionsOutOfTurn(t *testing.T) {
	early, err := psrp.NewPool(psrp.PoolOptions{})
	must(t, err)
	p := newPair(t, host(), psrp.ServerOptions{})
	p.open()
	running := p.start(psrp.PipelineOptions{Input: true}, call("A")).ID
	silent := p.start(psrp.PipelineOptions{}, call("B")).ID
	ended := p.start(psrp.PipelineOptions{Input: true}, call("C")).ID
	must(t, p.server.Finish(ended, psrp.PipelineCompleted, nil))
	p.toClient()
	must(t, p.pool.EndInput(running))
	p.settle()
	unknown := psrp.NewGUID()
	old := newPair(t, psrp.PoolOptions{Version: "2.2"}, psrp.ServerOptions{})
	old.open()

	for name, c := range map[string]struct {
		err      error
		is, want string
	}{
		"start before it is open":    {early.Start(unknown, psrp.PipelineOptions{}, call("X")), "BeforeOpen", "Opened"},
		"metadata before":            {early.GetMetadata(unknown, nil), "BeforeOpen", "Opened"},
		"key before":                 {early.RequestKey(), "BeforeOpen", "Opened"},
		"open twice":                 {p.pool.Open(), "Opened", "BeforeOpen"},
		"connect an open pool":       {p.pool.Connect(), "Opened", "BeforeOpen"},
		"no command":                 {p.pool.Start(unknown, psrp.PipelineOptions{}), "empty", "one command or more"},
		"start twice":                {p.pool.Start(running, psrp.PipelineOptions{}, call("X")), "Running", "new"},
		"start with the pool's id":   {p.pool.Start(psrp.GUID{}, psrp.PipelineOptions{}, call("X")), "the pool's id", "new"},
		"adopt what is known":        {p.pool.Adopt(running), "known", "new"},
		"adopt nothing":              {p.pool.Adopt(psrp.GUID{}), "known", "new"},
		"input of a stranger":        {p.pool.Input(unknown, "x"), "unknown", "Running"},
		"input after its end":        {p.pool.Input(running, "x"), "without input", "open for input"},
		"input that was not said":    {p.pool.Input(silent, "x"), "without input", "open for input"},
		"input of what has ended":    {p.pool.Input(ended, "x"), "Completed", "Running"},
		"end of input, twice":        {p.pool.EndInput(running), "without input", "open for input"},
		"answer to nobody":           {p.pool.Answer(psrp.HostCall{Pipeline: running, ID: 5, Method: psrp.HostReadLine}, "x"), "without such a call", "waiting for this answer"},
		"refusal to nobody":          {p.pool.AnswerError(psrp.HostCall{ID: 5}, "x"), "without such a call", "waiting for this answer"},
		"stop a stranger":            {p.pool.Stop(unknown), "unknown", "Running"},
		"reset an old server":        {second(old.pool.ResetState()), "at protocol 2.2", "at protocol 2.3"},
		"count before":               {second(early.GetAvailable()), "BeforeOpen", "Opened"},
		"server: output of nobody":   {p.server.Output(unknown, "x"), "unknown", ""},
		"server: output after":       {p.server.Output(ended, "x"), "Completed", ""},
		"server: ended twice":        {p.server.Finish(ended, psrp.PipelineFailed, nil), "Completed", ""},
		"server: record of nobody":   {p.server.Record(psrp.Record{Pipeline: unknown, Stream: psrp.Warning}), "unknown", ""},
		"server: question to nobody": {second(p.server.HostCall(unknown, psrp.HostReadLine)), "unknown", ""},
	} {
		var state *psrp.StateError
		if !errors.As(c.err, &state) || state.Is != c.is || c.want != "" && state.Want != c.want || state.Action == "" {
			t.Errorf("%s: %v", name, c.err)
			continue
		}
		if text := state.Error(); !strings.Contains(text, state.Action) || !strings.Contains(text, state.Is) || !strings.Contains(text, state.Want) {
			t.Errorf("%s: says %q", name, text)
		}
	}
	for name, pool := range map[string]*psrp.Pool{"early": early, "open": p.pool, "old": old.pool} {
		if packet, ok := pool.Outgoing(1 << 20); ok {
			t.Errorf("%s: %d bytes go out all the same", name, len(packet.Data))
		}
	}
	if s := p.pool.PipelineState(running); s != psrp.PipelineRunning {
		t.Errorf("it is %v", s)
	}
	must(t, p.pool.Stop(ended)) // nothing to stop is no error
}

func second[T any](_ T, err error) error { return err }

// TestForgottenQuestions: what a pipeline asked is forgotten with it, and
// nothing that waited for it goes out.
func TestForgottenQuestions(t *testing.T) {
	p := newPair(t, host(), psrp.ServerOptions{})
	p.open()
	a := p.start(psrp.PipelineOptions{}, call("A")).ID
	b := p.start(psrp.PipelineOptions{}, call("B")).ID
	for _, id := range []psrp.GUID{a, b} {
		_, err := p.server.HostCall(id, psrp.HostReadLine)
		must(t, err)
	}
	calls := each[psrp.HostCall](p.toClient())
	if len(calls) != 2 {
		t.Fatalf("%+v", calls)
	}
	must(t, p.pool.Answer(calls[0], "too late"))
	p.pool.Forget(a)
	p.pool.Forget(psrp.GUID{}) // the pool is not to be forgotten
	if packet, ok := p.pool.Outgoing(1 << 20); ok {
		t.Errorf("%d bytes for a pipeline that was forgotten", len(packet.Data))
	}
	var state *psrp.StateError
	if err := p.pool.Answer(calls[0], "again"); !errors.As(err, &state) {
		t.Errorf("%v", err)
	}
	must(t, p.pool.Answer(calls[1], "yes"))
	if r := one[psrp.HostResponse](t, p.toServer()); r.Pipeline != b || r.Value != "yes" {
		t.Errorf("%+v", r)
	}
}

// TestLongQueues: many messages that are sent while others are added arrive
// once each, in their order.
func TestLongQueues(t *testing.T) {
	p := newPair(t, host(), psrp.ServerOptions{})
	p.open()
	id := p.start(psrp.PipelineOptions{Input: true}, call("X")).ID
	added, got := 0, 0
	take := func(packets int) {
		for range packets {
			packet, ok := p.pool.Outgoing(300)
			if !ok {
				return
			}
			events, err := p.server.Receive(packet.Pipeline, packet.Data)
			must(t, err)
			for _, e := range each[psrp.PipelineInput](events) {
				if want := fmt.Sprint("input ", got); e.Value != want {
					t.Fatalf("%v where %q was due", e.Value, want)
				}
				got++
			}
		}
	}
	for round := range 40 {
		for range 25 {
			must(t, p.pool.Input(id, fmt.Sprint("input ", added)))
			added++
		}
		take(round)
	}
	must(t, p.pool.EndInput(id))
	take(added)
	if got != added {
		t.Errorf("%d of %d arrived", got, added)
	}
}

// TestBadKeys: a key exchange that does not hold what MS-PSRP 2.2.2.3 and
// 2.2.2.4 say ends the pool's stream, on both sides.
func TestBadKeys(t *testing.T) {
	head := []byte{1, 2, 0, 0, 0x10, 0x66, 0, 0, 0, 0xA4, 0, 0}
	for name, key := range map[string]string{
		"not base64":     "%%",
		"nothing":        "",
		"too short":      base64.StdEncoding.EncodeToString(head),
		"another cipher": base64.StdEncoding.EncodeToString(append([]byte{1, 2, 0, 0, 0x0F, 0x66, 0, 0, 0, 0xA4, 0, 0}, make([]byte, 256)...)),
		"not encrypted":  base64.StdEncoding.EncodeToString(append(head, make([]byte, 256)...)),
	} {
		p := newPair(t, host(), psrp.ServerOptions{})
		p.open()
		must(t, p.pool.RequestKey())
		if !p.pool.AwaitsKey() {
			t.Error("nothing is awaited")
		}
		_, err := p.pool.Receive(psrp.GUID{}, says(psrp.MsgEncryptedSessionKey, psrp.GUID{}, psrp.GUID{}, 100,
			`<Obj RefId="0"><MS><S N="EncryptedSessionKey">`+key+`</S></MS></Obj>`))
		var protocol *psrp.ProtocolError
		if !errors.As(err, &protocol) || protocol.Type != psrp.MsgEncryptedSessionKey || errors.Unwrap(protocol) == nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := p.pool.Decrypt("AAAA"); !errors.Is(err, psrp.ErrNoKey) {
			t.Errorf("%s: there is a key: %v", name, err)
		}
	}
	blob := []byte{6, 2, 0, 0, 0, 0xA4, 0, 0, 'R', 'S', 'A', '1', 0, 8, 0, 0}
	key := func(exponent byte, modulus byte) string {
		b := append(append([]byte{}, blob...), exponent, 0, 0, 0)
		b = append(b, make([]byte, 256)...)
		b[len(b)-1] = modulus
		return base64.StdEncoding.EncodeToString(b)
	}
	for name, text := range map[string]string{
		"not base64":        "%%",
		"too short":         base64.StdEncoding.EncodeToString(blob),
		"an even exponent":  key(4, 0x80),
		"an exponent of 1":  key(1, 0x80),
		"a smaller modulus": key(3, 0x40),
	} {
		p := newPair(t, host(), psrp.ServerOptions{})
		p.open()
		_, err := p.server.Receive(psrp.GUID{}, wirePayload(2, psrp.MsgPublicKey, p.pool.ID(), psrp.GUID{}, 100,
			[]byte(`<Obj RefId="0"><MS><S N="PublicKey">`+text+`</S></MS></Obj>`)))
		var protocol *psrp.ProtocolError
		if !errors.As(err, &protocol) || protocol.Type != psrp.MsgPublicKey {
			t.Errorf("%s: %v", name, err)
		}
	}
}
