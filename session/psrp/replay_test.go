package psrp_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"postroom/session/clixml"
	"postroom/session/psrp"
	"postroom/test/fixture"
)

// replay plays a recorded conversation to both halves: what the client sent to
// our server half, what the server sent to our client half.
type replay struct {
	t        *testing.T
	pool     *psrp.Pool
	server   *psrp.Server
	events   []psrp.Event // of the client half
	requests []psrp.Event // of the server half
}

func newReplay(t *testing.T, c conversation, poolID psrp.GUID) *replay {
	t.Helper()
	pool, err := psrp.NewPool(psrp.PoolOptions{ID: poolID})
	if err != nil {
		t.Fatal(err)
	}
	if err := pool.Open(); err != nil {
		t.Fatal(err)
	}
	server := psrp.NewServer(psrp.ServerOptions{})
	if c.client != nil {
		pool.UseKeyPair(c.client)
		if err := server.UseSessionKey(c.key); err != nil {
			t.Fatal(err)
		}
	}
	return &replay{t: t, pool: pool, server: server}
}

// play feeds one packet in pieces of the sizes that cut gives.
func (r *replay) play(p piece, cut func() int) {
	r.t.Helper()
	for b := p.data; len(b) > 0; {
		n := min(cut(), len(b))
		part := bytes.Clone(b[:n])
		b = b[n:]
		if p.fromClient {
			r.toServer(p, part)
		} else {
			r.toClient(p, part)
		}
	}
}

func (r *replay) toServer(p piece, part []byte) {
	r.t.Helper()
	got, err := r.server.Receive(p.stream, part)
	if err != nil {
		r.t.Fatalf("our server half: %v", err)
	}
	for _, e := range got {
		switch e := e.(type) {
		case psrp.Opening:
			if err := r.server.Opened(nil); err != nil {
				r.t.Fatal(err)
			}
		case psrp.CreatePipeline:
			if err := r.pool.Adopt(e.ID); err != nil {
				r.t.Fatal(err)
			}
		case psrp.GetCommandMetadata:
			if err := r.pool.GetMetadata(e.ID, e.Names); err != nil {
				r.t.Fatal(err)
			}
		}
	}
	r.requests = append(r.requests, got...)
}

func (r *replay) toClient(p piece, part []byte) {
	r.t.Helper()
	got, err := r.pool.Receive(p.stream, part)
	var version *psrp.VersionError
	switch {
	case errors.As(err, &version) && version.Theirs == "2.4":
		// A client of 2.4 had a server of 2.4. Ours would not have been answered so.
	case err != nil:
		r.t.Fatalf("our client half: %v", err)
	}
	for _, e := range got {
		if c, ok := e.(psrp.HostCall); ok {
			if _, err := r.server.HostCall(c.Pipeline, c.Method, c.Params...); err != nil {
				r.t.Fatal(err)
			}
		}
	}
	r.events = append(r.events, got...)
}

func whole() int { return 1 << 30 }

// is24 tells the conversations in which both ends spoke 2.4, which ours never
// announces: the messages are there for what they hold, not for their order.
func is24(name string) bool { return strings.HasSuffix(name, "c24s24") }

// TestRecordedServerMessages plays all conversations of PowerShell's own client
// and server: each server message must become the event of its type with all
// that it holds.
func TestRecordedServerMessages(t *testing.T) {
	counts := documentedCounts(t)
	total := 0
	for _, c := range conversations(t) {
		t.Run(c.name, func(t *testing.T) {
			raw := rawMessages(t, c.pieces)
			if got := countText(raw); !reflect.DeepEqual(got, counts[c.name]) {
				t.Fatalf("messages\n%v, README.md has\n%v", got, counts[c.name])
			}
			if is24(c.name) {
				checkVersionRefused(t, c, raw)
				return
			}
			r := newReplay(t, c, raw[0].pool)
			for _, p := range c.pieces {
				r.play(p, whole)
			}
			total += checkEvents(t, raw, r.events)
		})
	}
	t.Logf("%d server messages", total)
}

func checkVersionRefused(t *testing.T, c conversation, raw []rawMessage) {
	t.Helper()
	pool, err := psrp.NewPool(psrp.PoolOptions{ID: raw[0].pool})
	if err != nil {
		t.Fatal(err)
	}
	must(t, pool.Open())
	for _, p := range c.pieces {
		if p.fromClient {
			continue
		}
		_, err := pool.Receive(p.stream, p.data)
		var version *psrp.VersionError
		if !errors.As(err, &version) || version.Theirs != "2.4" || pool.State() != psrp.PoolBroken {
			t.Fatalf("a server of 2.4: %v, state %v", err, pool.State())
		}
		return
	}
}

// checkEvents compares events with the messages one by one and gives their number.
func checkEvents(t *testing.T, raw []rawMessage, events []psrp.Event) int {
	t.Helper()
	n := 0
	for _, m := range raw {
		if m.fromClient {
			continue
		}
		if n == len(events) {
			t.Fatalf("no event for %v", m.typ)
		}
		v, err := clixml.Decode(m.payload)
		if err != nil {
			t.Fatal(err)
		}
		if err := holdsAll(events[n], m, v); err != nil {
			t.Fatalf("message %d, %v of object %d: %v\nevent %#v\npayload %s", n, m.typ, m.object, err, events[n], m.payload)
		}
		n++
	}
	if n != len(events) {
		t.Fatalf("%d events for %d messages", len(events), n)
	}
	return n
}

// holdsAll checks that an event has everything that its message has.
func holdsAll(e psrp.Event, m rawMessage, v clixml.Value) error {
	o, _ := v.(*clixml.Object)
	var typ psrp.MessageType
	var has clixml.Value = v
	var fields map[string]any // property to field, where the event keeps no value
	switch e := e.(type) {
	case psrp.Negotiated:
		typ = psrp.MsgSessionCapability
		fields = map[string]any{
			"protocolversion": clixml.Version(e.Version), "PSVersion": clixml.Version(e.PSVersion),
			"SerializationVersion": clixml.Version(e.SerializationVersion), "TimeZone": e.TimeZone,
		}
	case psrp.PrivateData:
		typ, fields = psrp.MsgApplicationPrivateData, map[string]any{"ApplicationPrivateData": e.Value}
	case psrp.PoolStateChanged:
		typ, fields = psrp.MsgRunspacePoolState, map[string]any{"RunspaceState": int32(e.State), "ExceptionAsErrorRecord": errorValue(e.Err)}
	case psrp.PoolInitData:
		typ, fields = psrp.MsgRunspacePoolInitData, map[string]any{"MinRunspaces": e.MinRunspaces, "MaxRunspaces": e.MaxRunspaces}
	case psrp.PipelineStateChanged:
		typ, fields = psrp.MsgPipelineState, map[string]any{"PipelineState": int32(e.State), "ExceptionAsErrorRecord": errorValue(e.Err)}
	case psrp.Availability:
		typ = psrp.MsgRunspaceAvailability
		fields = map[string]any{"ci": e.CallID, "SetMinMaxRunspacesResponse": e.Accepted}
		switch answer, _ := o.Get("SetMinMaxRunspacesResponse"); answer.(type) {
		case int32:
			fields["SetMinMaxRunspacesResponse"] = int32(e.Count)
		case int64:
			fields["SetMinMaxRunspacesResponse"] = e.Count
		}
	case psrp.KeyReady:
		typ = psrp.MsgEncryptedSessionKey
	case psrp.KeyRequested:
		typ = psrp.MsgPublicKeyRequest
	case psrp.UserEvent:
		typ = psrp.MsgUserEvent
		fields = map[string]any{
			"PSEventArgs.EventIdentifier": e.Identifier, "PSEventArgs.SourceIdentifier": e.Source, "PSEventArgs.TimeGenerated": e.Time,
			"PSEventArgs.Sender": e.Sender, "PSEventArgs.SourceArgs": e.Args, "PSEventArgs.MessageData": e.Data,
			"PSEventArgs.ComputerName": nil, "PSEventArgs.RunspaceId": e.RunspaceID,
		}
	case psrp.Output:
		typ = psrp.MsgPipelineOutput
		if !bytes.Equal(e.Payload, m.payload) {
			return errors.New("another payload")
		}
	case psrp.MetadataCount:
		typ, fields = psrp.MsgPipelineOutput, map[string]any{"Count": int32(e.Count)}
	case psrp.Metadata:
		typ, has = psrp.MsgPipelineOutput, e.Value
	case psrp.ErrorRecord:
		typ, has = psrp.MsgErrorRecord, e.Err.Value
		if e.Err.Message == "" || e.Err.FullyQualifiedID == "" || e.Err.CategoryText == "" || e.Err.ExceptionType == "" {
			return errors.New("an error without its facts")
		}
	case psrp.Record:
		typ, has = map[psrp.RecordStream]psrp.MessageType{
			psrp.Warning: psrp.MsgWarningRecord, psrp.Verbose: psrp.MsgVerboseRecord, psrp.Debug: psrp.MsgDebugRecord,
		}[e.Stream], e.Value
		if e.Text == "" {
			return errors.New("a record without a text")
		}
	case psrp.Progress:
		typ, has = psrp.MsgProgressRecord, e.Value
	case psrp.Information:
		typ, has = psrp.MsgInformationRecord, e.Value
		if e.Text == "" || e.Time.Ticks == 0 || e.ProcessID == 0 || len(e.Tags) == 0 && strings.Contains(string(m.payload), "PSHOST") {
			return errors.New("an information record without its facts")
		}
	case psrp.HostCall:
		typ = psrp.MsgPipelineHostCall
		if e.Pipeline == (psrp.GUID{}) {
			typ = psrp.MsgRunspacePoolHostCall
		}
		method, _ := o.Get("mi")
		params, _ := o.Get("mp")
		if method.(*clixml.Object).ToString != e.Method.String() || !reflect.DeepEqual(params.(*clixml.Object).Items, e.Params) {
			return errors.New("another method or other parameters")
		}
		if id, _ := o.Get("ci"); id != e.ID {
			return errors.New("another call id")
		}
	default:
		return fmt.Errorf("an unexpected event %T", e)
	}
	if typ != m.typ {
		return fmt.Errorf("an event of %v", typ)
	}
	if !reflect.DeepEqual(has, v) {
		return errors.New("another value")
	}
	return holdsFields(o, fields)
}

func holdsFields(o *clixml.Object, fields map[string]any) error {
	if fields == nil {
		return nil
	}
	for _, p := range append(o.Adapted, o.Extended...) {
		want, known := fields[p.Name]
		if !known {
			return fmt.Errorf("property %s has no place in the event", p.Name)
		}
		if !reflect.DeepEqual(p.Value, want) {
			return fmt.Errorf("property %s is %#v, the event has %#v", p.Name, p.Value, want)
		}
	}
	return nil
}

func errorValue(e *psrp.RemoteError) clixml.Value {
	if e == nil {
		return nil
	}
	return e.Value
}

// documentedCounts reads how many messages of each type README.md says that a
// conversation has: what another program counted.
func documentedCounts(t *testing.T) map[string]map[string]int {
	t.Helper()
	b, err := os.ReadFile(fixture.Path(t, "powershell", "psrp", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]map[string]int{}
	section := ""
	item := regexp.MustCompile(`(c2s|s2c) ([A-Z_]+) x(\d+)`)
	for line := range strings.Lines(string(b)) {
		if name, ok := strings.CutPrefix(line, "## "); ok {
			section = strings.TrimSpace(name)
		}
		_, list, ok := strings.Cut(line, "Messages: ")
		if !ok {
			continue
		}
		counts[section] = map[string]int{}
		for _, m := range item.FindAllStringSubmatch(list, -1) {
			n, err := strconv.Atoi(m[3])
			if err != nil {
				t.Fatal(err)
			}
			counts[section][m[1]+" "+m[2]] = n
		}
	}
	return counts
}

func countText(raw []rawMessage) map[string]int {
	counts := map[string]int{}
	for _, m := range raw {
		from := "s2c "
		if m.fromClient {
			from = "c2s "
		}
		counts[from+m.typ.String()]++
	}
	return counts
}

// TestCutAnywhere feeds the conversations in pieces: single bytes, which cuts at
// every place at once, sizes around a fragment's header, and random ones.
func TestCutAnywhere(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	cuts := map[string]func() int{
		"1": func() int { return 1 }, "20": func() int { return 20 }, "21": func() int { return 21 }, "22": func() int { return 22 },
		"61": func() int { return 61 }, "4099": func() int { return 4099 },
		"random": func() int { return 1 + random.IntN(1+random.IntN(3000)) },
	}
	names := slices.Sorted(maps.Keys(cuts))
	for n, c := range conversations(t) {
		if is24(c.name) {
			continue
		}
		raw := rawMessages(t, c.pieces)
		want := newReplay(t, c, raw[0].pool)
		for _, p := range c.pieces {
			want.play(p, whole)
		}
		few := fixture.OneOf(3)
		for i := n % few; i < len(names); i += few {
			name, cut := names[i], cuts[names[i]]
			// Big recordings are many messages of the same types.
			if size := conversationSize(c); size > 100_000 && name != "random" && name != "4099" || size > 1<<20 && name != "random" {
				continue
			}
			t.Run(c.name+"/"+name, func(t *testing.T) {
				got := newReplay(t, c, raw[0].pool)
				for _, p := range c.pieces {
					got.play(p, cut)
				}
				sameEvents(t, want.events, got.events)
				sameEvents(t, want.requests, got.requests)
			})
		}
	}
}

func conversationSize(c conversation) (n int) {
	for _, p := range c.pieces {
		n += len(p.data)
	}
	return n
}

func sameEvents(t *testing.T, want, got []psrp.Event) {
	t.Helper()
	if len(want) != len(got) {
		t.Fatalf("%d events instead of %d", len(got), len(want))
	}
	for i := range want {
		if !reflect.DeepEqual(want[i], got[i]) {
			t.Fatalf("event %d is\n%#v, uncut it was\n%#v", i, got[i], want[i])
		}
	}
}

// TestCutInTwoAtEveryPlace cuts what the server sent at each place in turn.
func TestCutInTwoAtEveryPlace(t *testing.T) {
	step := fixture.OneOf(7)
	for _, c := range conversations(t) {
		if c.name != "01-open-close" && c.name != "05-host-prompt" && c.name != "16-startup-hostcalls" {
			continue
		}
		raw := rawMessages(t, c.pieces)
		want := cutOnce(t, c, raw[0].pool, -1, 0)
		for i, p := range c.pieces {
			if p.fromClient {
				continue
			}
			for at := 1 + i%step; at < len(p.data); at += step {
				got := cutOnce(t, c, raw[0].pool, i, at)
				sameEvents(t, want, got)
			}
		}
	}
}

// cutOnce gives the client half all that the server sent, with one packet in
// two pieces.
func cutOnce(t *testing.T, c conversation, id psrp.GUID, cut, at int) []psrp.Event {
	t.Helper()
	pool, err := psrp.NewPool(psrp.PoolOptions{ID: id})
	must(t, err, pool.Open())
	if c.client != nil {
		pool.UseKeyPair(c.client)
	}
	var events []psrp.Event
	for i, p := range c.pieces {
		if p.fromClient {
			continue
		}
		parts := [][]byte{p.data}
		if i == cut {
			parts = [][]byte{p.data[:at], p.data[at:]}
		}
		for _, part := range parts {
			got, err := pool.Receive(p.stream, part)
			must(t, err)
			events = append(events, got...)
		}
	}
	return events
}
