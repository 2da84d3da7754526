package psrp

import (
	"bytes"
	"crypto/rsa"
	"errors"
	"fmt"

	"postroom/session/clixml"
)

// RequestKey begins the key exchange, unless it has begun: KeyReady says when
// it is done. It takes place by itself when a secret is sent or arrives. Errors:
// *StateError, or no randomness.
func (p *Pool) RequestKey() error {
	if err := p.want("RequestKey", PoolOpened); err != nil {
		return err
	}
	if p.own != nil {
		return nil
	}
	own, err := rsa.GenerateKey(p.random, rsaBits)
	if err != nil {
		return fmt.Errorf("psrp: key pair: %w", err)
	}
	p.own = own
	return p.post(post{typ: MsgPublicKey, payload: fixed(bag(prop("PublicKey", publicKeyBlob(&own.PublicKey))))})
}

// AwaitsKey says that the key exchange has begun and not ended: messages with
// secrets wait for it.
func (p *Pool) AwaitsKey() bool { return p.own != nil && p.cipher == nil }

// Decrypt gives the text of a SecureString. Errors: ErrNoKey before the
// exchange, ErrBadSecureString.
func (p *Pool) Decrypt(s clixml.SecureString) (string, error) {
	if p.cipher == nil {
		return "", ErrNoKey
	}
	return p.cipher.decrypt(s)
}

// post is a message that is to be sent. Its payload is made when it is queued,
// since secrets in it need the session key.
type post struct {
	pipeline GUID
	stream   string // empty: StreamInput
	typ      MessageType
	opens    bool
	payload  func(*converter) (clixml.Value, error)
	ready    []byte // the payload when it needs no making
}

// fixed is the payload of a message without secrets.
func fixed(v clixml.Value) func(*converter) (clixml.Value, error) {
	return func(*converter) (clixml.Value, error) { return v, nil }
}

// post queues a message, or puts it aside until there is a key. What follows it
// on the same pipeline waits too, so that the order stays.
func (p *Pool) post(m post) error {
	waiting := false
	for i := range p.deferred {
		waiting = waiting || p.deferred[i].pipeline == m.pipeline && m.typ != MsgPublicKey
	}
	if !waiting {
		payload, err := encodePayload(&converter{seal: p.sealer()}, m.payload)
		if err == nil {
			p.queue(m, payload)
			return nil
		}
		if !errors.Is(err, errSecret) {
			return err
		}
	}
	// Whether it can be written at all must be known now, not when the key comes.
	if _, err := encodePayload(&converter{seal: func(string) clixml.SecureString { return "" }}, m.payload); err != nil {
		return err
	}
	if err := p.RequestKey(); err != nil {
		return err
	}
	p.deferred = append(p.deferred, m)
	return nil
}

func (p *Pool) sealer() func(string) clixml.SecureString {
	if p.cipher == nil {
		return nil
	}
	return p.cipher.encrypt
}

func encodePayload(c *converter, build func(*converter) (clixml.Value, error)) ([]byte, error) {
	v, err := build(c)
	if err != nil || v == nil {
		return nil, err
	}
	return clixml.Append(nil, v)
}

func (p *Pool) queue(m post, payload []byte) {
	if m.stream == "" {
		m.stream = StreamInput
	}
	p.out.push(newOutMessage(toServer, m.typ, p.options.ID, m.pipeline, m.stream, payload))
	p.out.last().opens = m.opens
}

// keyArrived takes ENCRYPTED_SESSION_KEY and queues what waited for it.
func (p *Pool) keyArrived(o *clixml.Object) error {
	if !p.AwaitsKey() {
		return errors.New("a session key that was not asked for")
	}
	key, err := unwrapSessionKey(p.own, getText(o, "EncryptedSessionKey"))
	if err != nil {
		return err
	}
	if p.cipher, err = newSessionCipher(key); err != nil {
		return err
	}
	waiting := p.deferred
	p.deferred = nil
	for _, m := range waiting {
		if err := p.post(m); err != nil {
			return err
		}
	}
	return nil
}

// Outgoing gives the next bytes to send: whole fragments, at most max bytes,
// of which MinPacket is the least. false when nothing waits.
func (p *Pool) Outgoing(max int) (Packet, bool) {
	first := p.out.front()
	if first == nil || max < MinPacket {
		return Packet{}, false
	}
	packet := Packet{Pipeline: first.pipeline, Stream: first.stream, Opens: first.opens && !first.started}
	if packet.Pipeline == (GUID{}) {
		packet.Opens = packet.Opens && !p.opened
		p.opened = true
	}
	packet.Data = p.out.appendFragments(nil, max, p.nextObjectID, func(m *outMessage) bool {
		return m.pipeline == packet.Pipeline && m.stream == packet.Stream && (m.opens || !packet.Opens)
	})
	return packet, true
}

func (p *Pool) nextObjectID() uint64 {
	p.objectID++
	return p.objectID
}

// secureMark is how a SecureString begins on the wire.
func secureMark() []byte { return []byte("<SS") }

// mindSecure begins the key exchange when the first SecureString arrives before
// any key, as PowerShell's client does.
func (p *Pool) mindSecure(payload []byte) error {
	if p.own != nil || p.state != PoolOpened || !bytes.Contains(payload, secureMark()) {
		return nil
	}
	return p.RequestKey()
}
