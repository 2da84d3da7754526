package wsman

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/jcmturner/gokrb5/v8/crypto"
	"github.com/jcmturner/gokrb5/v8/types"
)

// What the tests of this package need to reach; nothing of it is in the build.

// ScanReceived is the fast reader alone; false means that it leaves the
// decision to the other.
func ScanReceived(b []byte) (Received, bool, error) {
	var r receiveScan
	if !scanReceive(b, &r) {
		return Received{}, false, nil
	}
	got, err := Answered(200, bytes.Clone(b))
	return got, true, err
}

// Answered reads the answer to a Receive.
func Answered(status int, b []byte) (Received, error) {
	buf := newBuffer()
	buf.b = append(buf.b[:0], b...)
	a := &answer{status: status, header: http.Header{}, contentType: contentTypeSOAP, buf: buf}
	return a.received()
}

// AnsweredSlowly reads the answer to a Receive by encoding/xml.
func AnsweredSlowly(status int, b []byte) (Received, error) {
	buf := newBuffer()
	buf.b = append(buf.b[:0], b...)
	a := &answer{status: status, header: http.Header{}, contentType: contentTypeSOAP, buf: buf}
	return a.receivedSlowly()
}

// ReadFault reads an envelope's fault; nil if it has none.
func ReadFault(status int, b []byte) (*Fault, error) {
	x, err := parseEnvelope(b)
	if err != nil {
		return nil, err
	}
	return x.fault("Test", status, b), nil
}

// CreatedIn reads the answer to Create.
func CreatedIn(c *Client, b []byte) (id string, idle time.Duration, err error) {
	x, err := parseEnvelope(b)
	if err != nil {
		return "", 0, err
	}
	s := c.newShell(&link{c: c, url: c.url}, c.frame(c.url.String(), newMessageID()), "")
	err = s.created(x)
	return s.id, s.idle, err
}

// Frame makes envelopes for comparison with recorded ones.
type Frame struct {
	To, ResourceURI, SessionID, ShellID string
	Timeout                             time.Duration
	MaxEnvelope                         int
}

// Envelope writes the envelope that this package would send where another
// client sent q, whose operation is one that this package sends.
func (f Frame) Envelope(q *Request) []byte {
	fr := &frame{
		to: f.To, resourceURI: f.ResourceURI, sessionID: f.SessionID, locale: "en-US", shellID: f.ShellID,
		timeout: f.Timeout, maxEnvelope: f.MaxEnvelope,
	}
	ofCommand := forCommand(q.CommandID != "")
	var t *template
	switch q.Op {
	case opCreate:
		fr.shellID = ""
		_, noProfile := q.option("WINRS_NOPROFILE")
		t = fr.create(CreateOptions{ShellID: q.ShellID, Name: q.Name, IdleTimeout: q.IdleTimeout, NoProfile: noProfile})
	case opCommand:
		t = fr.command()
	case opSend:
		t = fr.send(ofCommand)
	case opReceive:
		t = fr.receive(ofCommand)
	case opSignal:
		t = fr.signal(ofCommand)
	case opDelete:
		t = fr.empty(actionDelete)
	}
	return t.append(nil, fill{messageID: q.MessageID, commandID: q.CommandID, stream: q.Stream, signal: q.Signal, data: q.Data})
}

// Follow decides about one redirect from a first URL.
func Follow(c *Client, location ...string) (*url.URL, error) {
	return c.follow(context.Background(), c.url, &redirected{status: 302, location: location}, newTrail(c.url))
}

// SealedForm and OpenSealed are the multipart form with a cipher of the test.
func SealedForm(protocol string, length int, signature, sealed []byte) []byte {
	return appendSealed(nil, protocol, length, signature, sealed)
}

// Sealer is the cipher's interface.
type Sealer = sealer

// OpenSealed reads a sealed body.
func OpenSealed(b []byte, boundary string, s Sealer) ([]byte, string, error) {
	return openSealed(b, boundary, s)
}

// RedactBody is what the trace makes of a body.
func RedactBody(s string) string { return redactBody(s) }

// ParseDuration and FormatDuration are the durations of the envelopes.
func ParseDuration(s string) (time.Duration, error) { return parseDuration(s) }

// FormatDuration writes one.
func FormatDuration(d time.Duration) string { return formatDuration(d) }

// XOR is a cipher that shows what was asked of it.
func XOR() Sealer { return xor{} }

type xor struct{}

func (xor) seal([]byte) (signature, sealed []byte, err error) {
	return nil, nil, errors.New("not used")
}

func (xor) open(signature, sealed []byte) ([]byte, error) {
	if string(signature) != "sig!" {
		return nil, errors.New("signature")
	}
	plain := bytes.Clone(sealed)
	for i := range plain {
		plain[i] ^= 0x5a
	}
	return plain, nil
}

// KerberosEnd is one end of a sealed connection.
type KerberosEnd struct {
	s        *kerberosSealer
	acceptor bool
	rc4      *rc4Sealer
}

// RC4Pair is a server and a client with the same key of the older kind.
func RC4Pair() (server, client KerberosEnd) {
	key := bytes.Repeat([]byte{7}, 16)
	return KerberosEnd{acceptor: true, rc4: &rc4Sealer{key: key, in: 5, out: 5}}, KerberosEnd{rc4: &rc4Sealer{key: key, in: 5, out: 5}}
}

// sealRC4 is the server's token: the client's with the other direction.
func (k KerberosEnd) sealRC4(plain []byte) (signature, sealed []byte, err error) {
	if !k.acceptor {
		return k.rc4.seal(plain)
	}
	text := append(append([]byte("confound"), plain...), 1)
	sum := k.rc4.checksum(text[:8], text[8:])
	sequence := []byte{0, 0, 0, byte(k.rc4.out), 0xff, 0xff, 0xff, 0xff}
	if err := errors.Join(crypt(k.rc4.sealKey(sequence[:4]), text), crypt(k.rc4.sequenceKey(sum), sequence)); err != nil {
		return nil, nil, err
	}
	k.rc4.out++
	signature = append(appendDERLength([]byte{0x60}, len(rc4Mech)+rc4Token+len(plain)+1), rc4Mech+rc4Head...)
	return append(append(append(signature, sequence...), sum...), text[:8]...), text[8:], nil
}

// KerberosPair is a server and a client with the same key. The server's tokens
// are made from the client's form by the rules of RFC 4121 4.2.6.2.
func KerberosPair(t *testing.T, etype int32, acceptorKey bool) (server, client KerberosEnd) {
	t.Helper()
	e, err := crypto.GetEtype(etype)
	if err != nil {
		t.Fatal(err)
	}
	size := map[int32]int{17: 16, 18: 32, 19: 16, 20: 32}[etype]
	key := types.EncryptionKey{KeyType: etype, KeyValue: bytes.Repeat([]byte{7}, size)}
	end := func(a bool) KerberosEnd {
		s := &kerberosSealer{key: key, etype: e, acceptorKey: acceptorKey, in: 5, out: 5}
		if !s.isCFX() {
			t.Fatalf("type %d is not for sealing", etype)
		}
		return KerberosEnd{s: s, acceptor: a}
	}
	return end(true), end(false)
}

// Seal seals as that end does.
func (k KerberosEnd) Seal(plain []byte) (signature, sealed []byte, err error) {
	if k.rc4 != nil {
		return k.sealRC4(plain)
	}
	if !k.acceptor {
		return k.s.seal(plain)
	}
	const usage = 22 // acceptor seal
	h := k.s.header(flagAcceptor|flagSealed, 0, k.s.out)
	_, text, err := k.s.etype.EncryptMessage(k.s.key.KeyValue, append(bytes.Clone(plain), h...), usage)
	if err != nil {
		return nil, nil, err
	}
	n := wrapHeader + k.s.etype.GetHMACBitLength()/8
	token := k.s.header(flagAcceptor|flagSealed, n, k.s.out)
	token = append(append(token, text[len(text)-n:]...), text[:len(text)-n]...)
	k.s.out++
	return token[:len(token)-len(plain)], token[len(token)-len(plain):], nil
}

// Open opens as that end does.
func (k KerberosEnd) Open(signature, sealed []byte) ([]byte, error) {
	if k.rc4 != nil {
		return k.rc4.open(signature, sealed)
	}
	return k.s.open(signature, sealed)
}

// CloseWhileAsking closes a client for Kerberos while a KDC is being asked,
// which answers afterwards, and says whether the ticket is gone before and
// after that.
func CloseWhileAsking(c *Client) (before, after bool) {
	t := c.tickets
	gone := func() bool { return t.client.Credentials.UserName() == "" }
	t.mu.Lock()
	c.Close()
	before = gone()
	t.asked()
	return before, gone()
}
