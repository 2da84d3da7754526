package psrp

import (
	"encoding/binary"
	"fmt"
)

// fragmentHeader is the size of a fragment's header (MS-PSRP 2.2.4): object
// id, fragment id, flags, length of the blob, all big-endian.
const fragmentHeader = 21

// The flags of a fragment.
const (
	fragmentStart byte = 1
	fragmentEnd   byte = 2
)

// MinPacket is the smallest size that Outgoing can work with: a fragment that
// carries one byte.
const MinPacket = fragmentHeader + 1

// budget counts the bytes of unfinished messages over all streams.
type budget struct{ held, max int }

// assembler makes messages out of the bytes of one stream, which may come in
// pieces of any size. A message that lies in one fragment within one piece is
// handed out without being copied.
type assembler struct {
	head    [fragmentHeader]byte // header of the current fragment, as far as it came
	headLen int
	want    int  // bytes of the current fragment's blob still to come
	flags   byte // of the current fragment

	active bool   // within a message
	object uint64 // its object id
	next   uint64 // the fragment id to come
	msg    []byte // what came of it

	// lost says that bytes may be missing before the next fragment: until then
	// a message that does not go on is dropped instead of being an error.
	lost bool
	torn bool // part of a message was lost
	skip bool // fragments are dropped until a message starts
}

// take takes bytes from b until a message is complete. msg is nil when all of b
// was taken without completing one. It borrows b, or is memory of its own.
func (a *assembler) take(b []byte, limit int, held *budget) (msg, rest []byte, err error) {
	for {
		if a.want > 0 {
			if b, err = a.blob(b, held); err != nil || a.want > 0 {
				return nil, nil, err
			}
			if done := a.finish(held); done != nil {
				return done, b, nil
			}
		}
		head, rest := a.header(b)
		if head == nil {
			return nil, nil, nil
		}
		b = rest
		size, err := a.begin(head, limit, held)
		if err != nil {
			return nil, nil, err
		}
		const alone = fragmentStart | fragmentEnd
		if !a.skip && a.flags == alone && len(b) >= size {
			a.active = false
			return b[:size:size], b[size:], nil
		}
		a.want = size
		if size > 0 {
			continue
		}
		if done := a.finish(held); done != nil {
			return done, b, nil
		}
	}
}

// header gives the header of the next fragment, nil when it is not all there.
func (a *assembler) header(b []byte) (head, rest []byte) {
	if a.headLen == 0 && len(b) >= fragmentHeader {
		return b[:fragmentHeader], b[fragmentHeader:]
	}
	n := copy(a.head[a.headLen:], b)
	a.headLen += n
	if a.headLen < fragmentHeader {
		return nil, nil
	}
	a.headLen = 0
	return a.head[:], b[n:]
}

// blob takes what b has of the current fragment's blob.
func (a *assembler) blob(b []byte, held *budget) (rest []byte, err error) {
	n := min(a.want, len(b))
	if !a.skip {
		if held.held+n > held.max {
			return nil, &LimitError{Limit: "Pending", Max: held.max, Got: held.held + n}
		}
		if a.msg == nil {
			// A claimed length is not trusted with more than a first portion.
			a.msg = make([]byte, 0, min(a.want, 1<<20))
		}
		a.msg = append(a.msg, b[:n]...)
		held.held += n
	}
	a.want -= n
	return b[n:], nil
}

// begin reads a fragment's header and gives the size of its blob.
func (a *assembler) begin(h []byte, limit int, held *budget) (int, error) {
	object, fragment := binary.BigEndian.Uint64(h), binary.BigEndian.Uint64(h[8:])
	flags := h[16]
	size := binary.BigEndian.Uint32(h[17:])
	if flags&^(fragmentStart|fragmentEnd) != 0 {
		return 0, &ProtocolError{What: fmt.Sprintf("fragment of object %d has flags 0x%02X", object, flags)}
	}
	if uint64(size)+uint64(len(a.msg)) > uint64(limit) {
		return 0, &LimitError{Limit: "Message", Max: limit, Got: len(a.msg) + int(min(size, 1<<30))}
	}
	a.flags = flags
	if flags&fragmentStart != 0 {
		if a.active {
			if !a.lost {
				return 0, &ProtocolError{What: fmt.Sprintf("object %d begins before object %d is complete", object, a.object)}
			}
			a.drop(held)
		}
		if fragment != 0 {
			return 0, &ProtocolError{What: fmt.Sprintf("object %d begins with fragment %d", object, fragment)}
		}
		a.active, a.skip, a.object, a.next = true, false, object, 1
		return int(size), nil
	}
	switch {
	case a.skip:
	case a.active && a.object == object && a.next == fragment:
		// The message goes on where it stopped: nothing is missing in between.
		a.next++
		a.lost = false
	case a.lost:
		a.drop(held)
		a.torn, a.skip = true, true
	case !a.active:
		return 0, &ProtocolError{What: fmt.Sprintf("fragment %d of object %d without a beginning", fragment, object)}
	case a.object != object:
		return 0, &ProtocolError{What: fmt.Sprintf("a fragment of object %d within object %d", object, a.object)}
	default:
		return 0, &ProtocolError{What: fmt.Sprintf("fragment %d of object %d where %d was due", fragment, object, a.next)}
	}
	return int(size), nil
}

// finish ends a fragment whose blob is complete, and gives the message when
// that is, too.
func (a *assembler) finish(held *budget) []byte {
	if a.skip || a.flags&fragmentEnd == 0 {
		return nil
	}
	msg := a.msg
	if msg == nil {
		msg = []byte{}
	}
	held.held -= len(msg)
	a.msg, a.active = nil, false
	return msg
}

// drop gives up the message under way: the rest of it will not come.
func (a *assembler) drop(held *budget) {
	if a.active {
		a.torn = true
	}
	held.held -= len(a.msg)
	a.msg, a.active = nil, false
}

// mayHaveLost notes that bytes may be missing. What comes next begins with a
// fragment's header, since a fragment never spans two answers.
func (a *assembler) mayHaveLost(held *budget) {
	a.lost = true
	if a.headLen > 0 || a.want > 0 {
		a.drop(held)
		a.torn, a.skip = true, true
		a.headLen, a.want = 0, 0
	}
}

// release gives back what is held.
func (a *assembler) release(held *budget) {
	held.held -= len(a.msg)
	a.msg = nil
}

// outMessage is a message that waits to be sent.
type outMessage struct {
	pipeline GUID
	stream   string
	opens    bool
	head     [messageHeader + 3]byte // message header and byte order mark
	headLen  int
	payload  []byte
	sent     int // bytes of head and payload that are sent
	object   uint64
	fragment uint64
	started  bool
}

// newOutMessage makes a message; payload has no byte order mark and is borrowed
// until it is sent.
func newOutMessage(to uint32, t MessageType, pool, pipeline GUID, stream string, payload []byte) outMessage {
	m := outMessage{pipeline: pipeline, stream: stream, payload: payload}
	head := appendMessageHeader(m.head[:0], to, t, pool, pipeline)
	if len(payload) > 0 {
		head = append(head, 0xEF, 0xBB, 0xBF)
	}
	m.headLen = len(head)
	return m
}

func (m *outMessage) size() int { return m.headLen + len(m.payload) }

// appendRange appends n bytes of head and payload from position m.sent.
func (m *outMessage) appendRange(dst []byte, n int) []byte {
	from := m.sent
	m.sent += n
	if from < m.headLen {
		k := min(n, m.headLen-from)
		dst = append(dst, m.head[from:from+k]...)
		from += k
		if n -= k; n == 0 {
			return dst
		}
	}
	from -= m.headLen
	return append(dst, m.payload[from:from+n]...)
}

// appendFragment appends the next fragment of m, of at most room bytes with its
// header, and tells whether m is complete.
func (m *outMessage) appendFragment(dst []byte, room int) ([]byte, bool) {
	n := min(room-fragmentHeader, m.size()-m.sent)
	var flags byte
	if m.sent == 0 {
		flags = fragmentStart
	}
	done := m.sent+n == m.size()
	if done {
		flags |= fragmentEnd
	}
	dst = binary.BigEndian.AppendUint64(dst, m.object)
	dst = binary.BigEndian.AppendUint64(dst, m.fragment)
	dst = append(dst, flags)
	dst = binary.BigEndian.AppendUint32(dst, uint32(n))
	m.fragment++
	return m.appendRange(dst, n), done
}

// sendQueue holds the messages of one sender in their order.
type sendQueue struct {
	waiting []outMessage
	first   int // index of the first that is not complete
	bytes   int // that wait, without fragment headers
}

func (q *sendQueue) push(m outMessage) {
	switch {
	case q.first == len(q.waiting):
		q.waiting, q.first = q.waiting[:0], 0
	case q.first >= 64 && q.first*2 >= len(q.waiting):
		n := copy(q.waiting, q.waiting[q.first:])
		clear(q.waiting[n:])
		q.waiting, q.first = q.waiting[:n], 0
	}
	q.waiting = append(q.waiting, m)
	q.bytes += m.size()
}

func (q *sendQueue) last() *outMessage { return &q.waiting[len(q.waiting)-1] }

func (q *sendQueue) front() *outMessage {
	if q.first == len(q.waiting) {
		return nil
	}
	return &q.waiting[q.first]
}

// appendFragments appends fragments to dst as long as they fit into max bytes
// and follows holds for the message they belong to.
func (q *sendQueue) appendFragments(dst []byte, max int, id func() uint64, follows func(*outMessage) bool) []byte {
	end := len(dst) + max
	for {
		m := q.front()
		if m == nil || end-len(dst) < MinPacket || !follows(m) {
			return dst
		}
		// A small message that does not fit is better sent whole in the next packet.
		if room := end - len(dst); room < max && !m.opens && !m.started && m.size() <= max-fragmentHeader && m.size() > room-fragmentHeader {
			return dst
		}
		if !m.started {
			m.started, m.object = true, id()
		}
		before, done := m.sent, false
		dst, done = m.appendFragment(dst, end-len(dst))
		q.bytes -= m.sent - before
		if done {
			q.waiting[q.first] = outMessage{}
			q.first++
		}
	}
}

// drop takes out the messages of a pipeline that have not begun to go out.
func (q *sendQueue) drop(pipeline GUID) {
	kept := q.waiting[:q.first]
	for i := q.first; i < len(q.waiting); i++ {
		m := q.waiting[i]
		if m.pipeline == pipeline && !m.started {
			q.bytes -= m.size() - m.sent
			continue
		}
		kept = append(kept, m)
	}
	clear(q.waiting[len(kept):])
	q.waiting = kept
}
