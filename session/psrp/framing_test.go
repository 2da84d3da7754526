package psrp_test

import (
	"encoding/binary"
	"strings"
	"testing"
	"unsafe"

	"postroom/session/psrp"
)

// TestOutgoingFraming takes what the halves send in packets of many sizes and
// checks ids, flags and sizes of the fragments by the book.
func TestOutgoingFraming(t *testing.T) {
	for _, size := range []int{psrp.MinPacket, 40, 61, 62, 100, 500, 4096, 1 << 20} {
		p := newPair(t, host(), psrp.ServerOptions{})
		p.packet = size
		p.open()
		r := p.start(psrp.PipelineOptions{Input: true}, call("Get-Mailbox"))
		must(t, p.pool.Input(r.ID, strings.Repeat("in", 300)), p.pool.EndInput(r.ID))
		var packets []psrp.Packet
		for {
			packet, ok := p.pool.Outgoing(size)
			if !ok {
				break
			}
			if packet.Opens || packet.Stream != psrp.StreamInput || packet.Pipeline != r.ID {
				t.Fatalf("%+v", packet)
			}
			packets = append(packets, packet)
		}
		var client []piece
		for _, packet := range packets {
			client = append(client, piece{fromClient: true, stream: packet.Pipeline, data: packet.Data})
		}
		checkFragments(t, client, size, 2)
		must(t, p.server.Output(r.ID, strings.Repeat("out", 300)), p.server.Output(r.ID, nil), p.server.Output(r.ID, "x"))
		var server []piece
		for b := p.server.Outgoing(r.ID, size); b != nil; b = p.server.Outgoing(r.ID, size) {
			server = append(server, piece{stream: r.ID, data: b})
		}
		checkFragments(t, server, size, 3)
		if p.server.Pending(r.ID) != 0 {
			t.Errorf("%d bytes are still pending", p.server.Pending(r.ID))
		}
	}
}

func checkFragments(t *testing.T, pieces []piece, size, messages int) {
	t.Helper()
	var object, next uint64
	open, done := false, 0
	for _, p := range pieces {
		if len(p.data) > size {
			t.Fatalf("a packet of %d bytes, %d were allowed", len(p.data), size)
		}
		for b := p.data; len(b) > 0; {
			id, number, flags, n := binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:]), b[16], int(binary.BigEndian.Uint32(b[17:]))
			if n == 0 || len(b) < 21+n {
				t.Fatalf("a fragment of %d bytes in %d", n, len(b))
			}
			if start := flags&1 != 0; start == open || start && object != 0 && id != object+1 || !start && id != object || number != next && !start || start && number != 0 {
				t.Fatalf("object %d fragment %d flags %d after object %d, %d is next", id, number, flags, object, next)
			}
			object, next, open = id, number+1, flags&2 == 0
			if !open {
				done++
			}
			b = b[21+n:]
		}
	}
	if open || done != messages {
		t.Fatalf("%d messages, the last one open: %v", done, open)
	}
}

// TestOpens checks what travels in the transport's own opening operations.
func TestOpens(t *testing.T) {
	p := newPair(t, host(), psrp.ServerOptions{})
	must(t, p.pool.Open())
	first, _ := p.pool.Outgoing(1000)
	second, ok := p.pool.Outgoing(10000)
	if !first.Opens || !ok || second.Opens || len(first.Data) < 900 {
		t.Fatalf("pool: %v of %d bytes, then %v", first.Opens, len(first.Data), second.Opens)
	}
	for _, packet := range []psrp.Packet{first, second} {
		_, err := p.server.Receive(psrp.GUID{}, packet.Data)
		must(t, err)
	}
	must(t, p.server.Opened(nil))
	p.toClient()
	id := psrp.NewGUID()
	must(t, p.pool.Start(id, psrp.PipelineOptions{Input: true}, call("X")), p.pool.Input(id, "in"))
	create, _ := p.pool.Outgoing(1 << 20)
	input, _ := p.pool.Outgoing(1 << 20)
	if !create.Opens || create.Pipeline != id || input.Opens || input.Pipeline != id {
		t.Fatalf("pipeline: %+v, %+v", create.Opens, input.Opens)
	}
	if _, ok := p.pool.Outgoing(1 << 20); ok {
		t.Fatal("more than was asked for")
	}
}

// TestOutputIsNotCopied: a message that lies in one fragment within one piece
// is handed out as it lies there.
func TestOutputIsNotCopied(t *testing.T) {
	p := newPair(t, host(), psrp.ServerOptions{})
	p.open()
	r := p.start(psrp.PipelineOptions{}, call("X"))
	must(t, p.server.OutputPayload(r.ID, []byte("<S>row</S>")))
	b := p.server.Outgoing(r.ID, 4096)
	events, err := p.pool.Receive(r.ID, b)
	must(t, err)
	payload := one[psrp.Output](t, events).Payload
	from, to := uintptr(unsafe.Pointer(&b[0])), uintptr(unsafe.Pointer(&b[len(b)-1]))
	if at := uintptr(unsafe.Pointer(&payload[0])); at < from || at > to {
		t.Fatal("the payload was copied")
	}
}

// TestRecordedFacts checks what is read out of some recorded messages against
// the .meta.json files.
func TestRecordedFacts(t *testing.T) {
	events := map[string][]psrp.Event{}
	for _, c := range conversations(t) {
		if c.name == "04-streams" || c.name == "03b-import-full" || c.name == "12-full-language" {
			r := newReplay(t, c, rawMessages(t, c.pieces)[0].pool)
			for _, p := range c.pieces {
				r.play(p, whole)
			}
			events[c.name] = r.events
		}
	}
	var reason *psrp.RemoteError
	for _, e := range each[psrp.PipelineStateChanged](events["04-streams"]) {
		if e.Err != nil && reason == nil {
			reason = e.Err
		}
	}
	if reason == nil || reason.FullyQualifiedID != "Termalpha,Test-Streams" || reason.Message != "terminating alpha" ||
		reason.ExceptionType != "System.InvalidOperationException" || reason.Category != 7 || reason.Target != "alpha" ||
		!strings.Contains(reason.StackTrace, "GoldenExch.psm1: line 19") {
		t.Errorf("terminating error %+v", reason)
	}
	record := each[psrp.ErrorRecord](events["04-streams"])[0].Err
	if record.RecommendedAction != "retry later" || record.CategoryReason != "WriteErrorException" || record.CategoryText != "ResourceBusy: (System.Collections.Hashtable:Hashtable) [Write-Error], WriteErrorException" {
		t.Errorf("error record %+v", record)
	}
	if n := one[psrp.MetadataCount](t, events["03b-import-full"]); n.Count != 2 {
		t.Errorf("%d commands", n.Count)
	}
	mailbox := each[psrp.Metadata](events["03b-import-full"])[0].Command
	identity, ok := mailbox.Parameter("Id")
	if mailbox.Name != "Get-Mailbox" || !ok || identity.Name != "Identity" || identity.Type != "System.String" {
		t.Errorf("metadata %+v", mailbox)
	}
	if password, ok := mailbox.Parameter("Credential"); !ok || !password.Secret {
		t.Errorf("credential parameter %+v", password)
	}
	if e := one[psrp.UserEvent](t, events["12-full-language"]); e.Source != "My.Event" || e.Sender != "snd" {
		t.Errorf("user event %+v", e)
	}
}
