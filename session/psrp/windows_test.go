package psrp_test

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"postroom/session/psrp"
	"postroom/test/fixture"
)

// windowsPieces reads the fragments out of a recorded exchange of SOAP
// envelopes. The text is taken as it is: reading envelopes is not this
// package's business.
func windowsPieces(t *testing.T, file string) []piece {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Messages []struct{ Request, Response string }
	}
	if err := yaml.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	element := regexp.MustCompile(`<(?:\w+:)?(Stream|creationXml|connectXml|connectResponseXml|Arguments)((?: [^>]*)?)>([^<]+)</`)
	command := regexp.MustCompile(`CommandId="([^"]+)"`)
	var pieces []piece
	for _, m := range doc.Messages {
		for _, side := range []string{m.Request, m.Response} {
			for _, e := range element.FindAllStringSubmatch(side, -1) {
				data, err := base64.StdEncoding.DecodeString(e[3])
				if err != nil {
					t.Fatal(err)
				}
				p := piece{fromClient: side == m.Request, data: data}
				id := command.FindStringSubmatch(e[2])
				if e[1] == "Arguments" {
					id = command.FindStringSubmatch(side)
				}
				if id != nil {
					p.stream = pypsrpGUID(t, id[1])
				}
				if len(data) < 21 {
					t.Fatalf("%s: %d bytes of fragments", file, len(data))
				}
				pieces = append(pieces, p)
			}
		}
	}
	return pieces
}

// pypsrpGUID gives the id that pypsrp's messages have for a CommandId: it writes
// the bytes in the order of the text, not in .NET's, and the server repeats them.
func pypsrpGUID(t *testing.T, text string) psrp.GUID {
	t.Helper()
	g, err := psrp.ParseGUID(text)
	must(t, err)
	slices.Reverse(g[:4])
	slices.Reverse(g[4:6])
	slices.Reverse(g[6:8])
	return g
}

// TestWindowsServers plays what real Windows hosts sent to pypsrp: all messages
// must become events with all that they hold.
func TestWindowsServers(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(fixture.Path(t, "windows-wsman"), "psrp_*.yml"))
	if err != nil || len(files) < 20 {
		t.Fatalf("%d recordings, %v", len(files), err)
	}
	total, sent := 0, 0
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yml"), func(t *testing.T) {
			for _, pieces := range pools(windowsPieces(t, file)) {
				n, m := playWindows(t, pieces)
				total += n
				sent += m
			}
		})
	}
	t.Logf("%d server messages, %d client messages", total, sent)
	if total < 174 || sent < 60 {
		t.Errorf("only %d server messages, %d client messages", total, sent)
	}
}

// pools cuts a recording where the client begins another pool: a Create or a
// Connect begins with SESSION_CAPABILITY.
func pools(pieces []piece) [][]piece {
	var all [][]piece
	for _, p := range pieces {
		if p.fromClient && p.data[16]&1 != 0 && len(p.data) > 29 && reflect.DeepEqual(p.data[25:29], []byte{2, 0, 1, 0}) {
			all = append(all, nil)
		}
		if len(all) > 0 {
			all[len(all)-1] = append(all[len(all)-1], p)
		}
	}
	return all
}

func playWindows(t *testing.T, pieces []piece) (received, sent int) {
	t.Helper()
	raw := rawMessages(t, pieces)
	if slices.ContainsFunc(raw, func(m rawMessage) bool { return m.typ == psrp.MsgPublicKey }) {
		return playWithoutKey(t, pieces), 0
	}
	pool, err := psrp.NewPool(psrp.PoolOptions{ID: raw[0].pool})
	must(t, err)
	must(t, pool.Connect())
	server := psrp.NewServer(psrp.ServerOptions{})
	var events []psrp.Event
	for _, p := range pieces {
		if p.fromClient {
			got, err := server.Receive(p.stream, p.data)
			must(t, err)
			sent += len(got)
			for _, e := range got {
				switch e := e.(type) {
				case psrp.Opening:
					must(t, server.Opened(nil))
				case psrp.Connecting:
					must(t, server.Connected(1, 1, nil))
				case psrp.CreatePipeline:
					must(t, pool.Adopt(e.ID))
				case psrp.Unknown:
					t.Errorf("the client's %v: %v", e.Type, e.Err)
				}
			}
			continue
		}
		got, err := pool.Receive(p.stream, p.data)
		must(t, err)
		for i, e := range got {
			if c, ok := e.(psrp.HostCall); ok {
				_, err := server.HostCall(c.Pipeline, c.Method, c.Params...)
				must(t, err)
			}
			if i > 0 && reflect.TypeOf(got[i-1]) == reflect.TypeOf(psrp.PoolInitData{}) {
				continue // the state that a connect implies has no message
			}
			events = append(events, e)
		}
	}
	return checkEvents(t, raw, events), sent
}

// playWithoutKey plays the one recording with a key exchange, of which nobody
// has the private key: all but the session key itself.
func playWithoutKey(t *testing.T, pieces []piece) int {
	t.Helper()
	var kept []piece
	for _, p := range pieces {
		if !p.fromClient && rawMessages(t, []piece{p})[0].typ != psrp.MsgEncryptedSessionKey {
			kept = append(kept, p)
		}
	}
	raw := rawMessages(t, kept)
	pool, err := psrp.NewPool(psrp.PoolOptions{ID: raw[1].pool})
	must(t, err, pool.Open())
	var events []psrp.Event
	for _, p := range kept {
		got, err := pool.Receive(p.stream, p.data)
		must(t, err)
		events = append(events, got...)
	}
	return checkEvents(t, raw, events)
}
