package wsman

import (
	"bytes"
	"encoding/base64"
)

// Places in a template that are filled for each message. They are characters
// that XML forbids, so that no escaped value can hold one.
const (
	slotMessageID = '\x01'
	slotCommandID = '\x02'
	slotData      = '\x03'
	slotStream    = '\x04'
	slotSignal    = '\x05'
)

const (
	guidLength      = 36
	longestStream   = len("stdin")
	envelopeReserve = 256 // what is left free, as the server may count more than we do
)

// template is an envelope with places to fill.
type template struct {
	pieces [][]byte // text, slot, text, slot, ..., text
	slots  []byte
	size   int // of the text
}

func newTemplate(b []byte) *template {
	t := &template{}
	for {
		i := bytes.IndexFunc(b, func(r rune) bool { return r >= slotMessageID && r <= slotSignal })
		if i < 0 {
			t.pieces = append(t.pieces, b)
			t.size += len(b)
			return t
		}
		t.pieces = append(t.pieces, b[:i])
		t.slots = append(t.slots, b[i])
		t.size += i
		b = b[i+1:]
	}
}

// fill is what goes into the places of a template.
type fill struct {
	messageID, commandID, stream string
	signal                       Signal
	data                         []byte
}

// append writes the envelope; data goes in as base64.
func (t *template) append(dst []byte, v fill) []byte {
	for i, p := range t.pieces {
		dst = append(dst, p...)
		if i == len(t.slots) {
			break
		}
		switch t.slots[i] {
		case slotMessageID:
			dst = append(dst, v.messageID...)
		case slotCommandID:
			dst = appendEscaped(dst, v.commandID)
		case slotStream:
			dst = appendEscaped(dst, v.stream)
		case slotSignal:
			dst = appendEscaped(dst, string(v.signal))
		case slotData:
			dst = base64.StdEncoding.AppendEncode(dst, v.data)
		}
	}
	return dst
}

// length is that of the envelope with n bytes of data.
func (t *template) length(n int) int {
	size := t.size
	for _, s := range t.slots {
		switch s {
		case slotMessageID:
			size += len("uuid:") + guidLength
		case slotCommandID:
			size += guidLength
		case slotStream:
			size += longestStream
		case slotSignal:
			size += len(SignalTerminate)
		case slotData:
			size += base64.StdEncoding.EncodedLen(n)
		}
	}
	return size
}

// room is how many bytes of data fit when the envelope may be limit long.
func (t *template) room(limit int) int {
	free := limit - envelopeReserve - t.length(0)
	if free < 4 {
		return 0
	}
	return free / 4 * 3
}
