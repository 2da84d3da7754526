package psrp_test

import (
	"bufio"
	"compress/gzip"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"postroom/session/psrp"
	"postroom/test/fixture"
)

// piece is one packet of a recorded conversation.
type piece struct {
	fromClient bool
	stream     psrp.GUID
	data       []byte
}

// conversation is one recording of PowerShell's client with its own server.
type conversation struct {
	name   string
	pieces []piece
	client *rsa.PrivateKey // nil when there was no key exchange
	key    []byte
}

func conversations(t testing.TB) []conversation {
	t.Helper()
	recorded.Lock()
	defer recorded.Unlock()
	if recorded.all == nil {
		recorded.all = readConversations(t)
	}
	return recorded.all
}

// recorded keeps the recordings, which many tests read and none changes.
var recorded struct {
	sync.Mutex
	all []conversation
}

func readConversations(t testing.TB) []conversation {
	t.Helper()
	dir := fixture.Path(t, "powershell", "psrp")
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl*"))
	if err != nil {
		t.Fatal(err)
	}
	var all []conversation
	for _, file := range files {
		c := conversation{name: strings.Split(filepath.Base(file), ".jsonl")[0]}
		c.pieces = readPieces(t, file)
		readCrypto(t, filepath.Join(dir, c.name+".meta.json"), &c)
		all = append(all, c)
	}
	if len(all) != 53 {
		t.Fatalf("%d recorded conversations, there should be 53", len(all))
	}
	return all
}

func readPieces(t testing.TB, file string) []piece {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(file, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	var pieces []piece
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var l struct {
			Dir, El, PSGuid string
			Data            []byte
		}
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if len(l.Data) == 0 {
			continue
		}
		id, err := psrp.ParseGUID(l.PSGuid)
		if err != nil {
			t.Fatal(err)
		}
		pieces = append(pieces, piece{fromClient: l.Dir == "c2s", stream: id, data: l.Data})
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return pieces
}

func readCrypto(t testing.TB, file string, c *conversation) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var meta struct{ Result []string }
	if err := json.Unmarshal(b, &meta); err != nil {
		t.Fatal(err)
	}
	for _, line := range meta.Result {
		text, ok := strings.CutPrefix(line, "crypto ")
		if !ok {
			continue
		}
		var keys struct{ AESKeyHex, RSAPrivatePkcs8Base64 string }
		if err := json.Unmarshal([]byte(text), &keys); err != nil {
			t.Fatal(err)
		}
		if keys.RSAPrivatePkcs8Base64 == "" {
			continue
		}
		der, err := base64.StdEncoding.DecodeString(keys.RSAPrivatePkcs8Base64)
		if err != nil {
			t.Fatal(err)
		}
		k, err := x509.ParsePKCS8PrivateKey(der)
		if err != nil {
			t.Fatal(err)
		}
		c.client = k.(*rsa.PrivateKey)
		if c.key, err = hex.DecodeString(keys.AESKeyHex); err != nil {
			t.Fatal(err)
		}
	}
}

// rawMessage is a message as a plain reader of MS-PSRP 2.2.1 and 2.2.4 sees it:
// the yardstick for the package.
type rawMessage struct {
	fromClient bool
	stream     psrp.GUID
	object     uint64
	typ        psrp.MessageType
	pool       psrp.GUID
	payload    []byte // without a byte order mark
}

func rawMessages(t testing.TB, pieces []piece) []rawMessage {
	t.Helper()
	type key struct {
		fromClient bool
		stream     psrp.GUID
	}
	open := map[key][]byte{}
	var all []rawMessage
	for _, p := range pieces {
		k := key{p.fromClient, p.stream}
		for b := p.data; len(b) > 0; {
			n := int(binary.BigEndian.Uint32(b[17:21]))
			open[k] = append(open[k], b[21:21+n]...)
			if b[16]&2 != 0 {
				m := open[k]
				delete(open, k)
				all = append(all, rawMessage{
					fromClient: p.fromClient, stream: p.stream, object: binary.BigEndian.Uint64(b),
					typ:  psrp.MessageType(binary.LittleEndian.Uint32(m[4:])),
					pool: dotnetGUID(m[8:24]), payload: []byte(strings.TrimPrefix(string(m[40:]), "\ufeff")),
				})
			}
			b = b[21+n:]
		}
	}
	if len(open) != 0 {
		t.Fatal("a recorded message is not complete")
	}
	return all
}

func dotnetGUID(b []byte) (g psrp.GUID) {
	for i, from := range []int{3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15} {
		g[i] = b[from]
	}
	return g
}
