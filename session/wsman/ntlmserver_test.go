package wsman_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5"
	"crypto/rc4"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"

	"golang.org/x/crypto/md4" //lint:ignore SA1019 NTLM is made of it

	"postroom/session/credential"
	"postroom/session/wsman"
)

// ntlmServer is the server's side of NTLMv2 with message encryption over http,
// written from MS-NLMP 3.2.5 and 3.4 for these tests.
type ntlmServer struct {
	*httptest.Server
	t *testing.T

	mu       sync.Mutex
	contexts map[net.Conn]*ntlmContext
	requests []*wsman.Request
	clear    []string // bodies that were not sealed
	signIns  int
	closing  int // how many more sealed answers close their connection
	forget   int // how many more sealed requests are answered with 401
	weak     bool
	tamper   bool
	unsealed bool
	exchange bool
	offers   []string
}

type ntlmContext struct {
	sealIn, sealOut *rc4.Cipher
	signIn, signOut []byte
	in, out         uint32
}

type connKey struct{}

func newNTLMServer(t *testing.T) *ntlmServer {
	t.Helper()
	s := &ntlmServer{t: t, contexts: map[net.Conn]*ntlmContext{}, offers: []string{"Negotiate", "NTLM"}}
	s.Server = httptest.NewUnstartedServer(s)
	s.Config.ConnContext = withConn
	s.Start()
	t.Cleanup(s.Close)
	return s
}

func (s *ntlmServer) config() wsman.Config {
	return wsman.Config{
		URL: s.URL + "/PowerShell/", Configuration: "Microsoft.Exchange", Auth: wsman.NTLM,
		Credential: credential.Credential{User: `CONTOSO\Ann`, Secret: credential.NewSecret(testPassword)},
	}
}

const ntlmChallenge = "\x01\x23\x45\x67\x89\xab\xcd\xef"

func (s *ntlmServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	conn, _ := r.Context().Value(connKey{}).(net.Conn)
	s.mu.Lock()
	defer s.mu.Unlock()
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	message, err := base64.StdEncoding.DecodeString(token)
	switch {
	case err == nil && len(message) > 12 && message[8] == 1:
		w.Header().Set("WWW-Authenticate", scheme+" "+base64.StdEncoding.EncodeToString(s.challenge()))
		w.WriteHeader(http.StatusUnauthorized)
	case err == nil && len(message) > 12 && message[8] == 3:
		if s.contexts[conn] = ntlmAccept(message); s.contexts[conn] == nil {
			s.refuse(w)
			return
		}
		s.signIns++
	case s.contexts[conn] == nil || s.forget > 0 && len(body) > 0:
		if s.contexts[conn] != nil {
			s.forget--
			delete(s.contexts, conn)
		}
		s.refuse(w)
	default:
		s.sealed(w, s.contexts[conn], body)
	}
	if len(body) > 0 && !bytes.Contains(body, []byte("session-encrypted")) {
		s.clear = append(s.clear, string(body))
	}
}

func (s *ntlmServer) refuse(w http.ResponseWriter) {
	for _, o := range s.offers {
		w.Header().Add("WWW-Authenticate", o)
	}
	w.WriteHeader(http.StatusUnauthorized)
}

// challenge is a CHALLENGE_MESSAGE with a name and an end as target info.
func (s *ntlmServer) challenge() []byte {
	flags := uint32(0xE2898235) // 56, key exchange, 128, target info, extended security, always sign, NTLM, seal, sign, unicode
	if s.weak {
		flags &^= 0x20
	}
	info := append([]byte{2, 0, 14, 0}, utf16le("CONTOSO")...)
	info = append(info, 0, 0, 0, 0)
	b := append([]byte("NTLMSSP\x00"), 2, 0, 0, 0)
	b = append(b, 14, 0, 14, 0, 56, 0, 0, 0)
	b = binary.LittleEndian.AppendUint32(b, flags)
	b = append(b, ntlmChallenge...)
	b = append(b, make([]byte, 8)...)
	b = append(b, byte(len(info)), 0, byte(len(info)), 0, 70, 0, 0, 0)
	b = append(b, 10, 0, 0x63, 0x45, 0, 0, 0, 15)
	return append(append(b, utf16le("CONTOSO")...), info...)
}

func utf16le(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

func mac(key []byte, parts ...[]byte) []byte {
	h := hmac.New(md5.New, key)
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

func md5of(parts ...string) []byte {
	sum := md5.Sum([]byte(strings.Join(parts, "")))
	return sum[:]
}

// ntlmAccept checks an AUTHENTICATE_MESSAGE; nil means refused.
func ntlmAccept(m []byte) *ntlmContext {
	field := func(at int) []byte {
		n, off := binary.LittleEndian.Uint16(m[at:]), binary.LittleEndian.Uint32(m[at+4:])
		return m[off : int(off)+int(n)]
	}
	response, domain, user, sessionKey := field(20), field(28), field(36), field(52)
	h := md4.New()
	h.Write(utf16le(testPassword))
	upper := bytes.ToUpper(user)
	owf := mac(h.Sum(nil), upper, domain)
	if len(response) < 16 || !bytes.Equal(domain, utf16le("CONTOSO")) {
		return nil
	}
	proof := mac(owf, []byte(ntlmChallenge), response[16:])
	if !hmac.Equal(proof, response[:16]) {
		return nil
	}
	key := make([]byte, 16)
	newRC4(mac(owf, proof)).XORKeyStream(key, sessionKey)
	k := string(key)
	return &ntlmContext{
		sealIn:  newRC4(md5of(k, "session key to client-to-server sealing key magic constant\x00")),
		sealOut: newRC4(md5of(k, "session key to server-to-client sealing key magic constant\x00")),
		signIn:  md5of(k, "session key to client-to-server signing key magic constant\x00"),
		signOut: md5of(k, "session key to server-to-client signing key magic constant\x00"),
	}
}

func newRC4(key []byte) *rc4.Cipher {
	c, err := rc4.NewCipher(key)
	if err != nil {
		panic(err)
	}
	return c
}

func ntlmSign(c *rc4.Cipher, key []byte, sequence uint32, plain []byte) []byte {
	number := binary.LittleEndian.AppendUint32(nil, sequence)
	sum := mac(key, number, plain)[:8]
	c.XORKeyStream(sum, sum)
	return append(append([]byte{1, 0, 0, 0}, sum...), number...)
}

func (c *ntlmContext) open(signature, sealed []byte) ([]byte, error) {
	plain := make([]byte, len(sealed))
	c.sealIn.XORKeyStream(plain, sealed)
	if !bytes.Equal(ntlmSign(c.sealIn, c.signIn, c.in, plain), signature) {
		return nil, errors.New("signature")
	}
	c.in++
	return plain, nil
}

func (c *ntlmContext) seal(plain []byte) (signature, sealed []byte) {
	sealed = make([]byte, len(plain))
	c.sealOut.XORKeyStream(sealed, plain)
	signature = ntlmSign(c.sealOut, c.signOut, c.out, plain)
	c.out++
	return signature, sealed
}

// sealed answers a sealed message.
func (s *ntlmServer) sealed(w http.ResponseWriter, c *ntlmContext, body []byte) {
	plain, err := openByHand(body, c)
	if err != nil {
		s.t.Errorf("sealed request: %v", err)
		return
	}
	q, err := wsman.ParseRequest(plain)
	if err != nil && q == nil {
		s.t.Errorf("request: %v", err)
		return
	}
	s.requests = append(s.requests, q)
	out := wsman.AppendAck(nil, q)
	switch q.Op {
	case "Create":
		out = wsman.AppendCreated(nil, q, wsman.Created{URL: q.To, ShellID: q.ShellID, ResourceURI: q.ResourceURI})
	case "Command":
		out = wsman.AppendCommandResponse(nil, q, q.CommandID)
	case "Receive":
		out = wsman.AppendReceive(nil, q, wsman.ReceiveAnswer{CommandID: q.CommandID, Data: [][]byte{[]byte("--Encrypted Boundary--\r\n" + q.CommandID)}})
	}
	if s.unsealed && q.Op != "Create" {
		w.Header().Set("Content-Type", "application/soap+xml;charset=UTF-8")
		_, _ = w.Write(out)
		return
	}
	signature, text := c.seal(out)
	if s.tamper && q.Op != "Create" {
		text[len(text)/2] ^= 1
	}
	reply := wsman.SealedForm("application/HTTP-SPNEGO-session-encrypted", len(out), signature, text)
	if s.closing > 0 {
		s.closing--
		w.Header().Set("Connection", "close")
	}
	w.Header().Set("Content-Type", `multipart/encrypted;protocol="application/HTTP-SPNEGO-session-encrypted";boundary="Encrypted Boundary"`)
	if s.exchange { // the space after the dashes, and IIS's compression of what nobody asked to compress
		reply = bytes.Replace(reply, []byte("--Encrypted Boundary\r\n"), []byte("-- Encrypted Boundary\r\n"), 2)
		if at := bytes.LastIndex(reply, []byte("--Encrypted Boundary--")); at > 0 {
			reply = append(append(reply[:at:at], "-- "...), reply[at+2:]...)
		}
		w.Header().Set("Content-Encoding", "gzip")
		reply = gzipped(reply)
	}
	_, _ = w.Write(reply)
}

// openByHand reads the multipart form with nothing of the code under test.
func openByHand(b []byte, c *ntlmContext) ([]byte, error) {
	head, rest, ok := strings.Cut(string(b), "\r\n--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n")
	content, ok2 := strings.CutSuffix(rest, "--Encrypted Boundary--\r\n")
	if !ok || !ok2 || len(content) < 20 || !strings.HasPrefix(head, "--Encrypted Boundary\r\n\tContent-Type: application/HTTP-SPNEGO-session-encrypted\r\n\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=") {
		return nil, fmt.Errorf("form: %q", b)
	}
	length, err := strconv.Atoi(head[strings.LastIndexByte(head, '=')+1:])
	if err != nil || binary.LittleEndian.Uint32([]byte(content)) != 16 || len(content)-20 != length {
		return nil, fmt.Errorf("length %d of %d", length, len(content))
	}
	return c.open([]byte(content[4:20]), []byte(content[20:]))
}
