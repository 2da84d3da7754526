package wsman

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

const (
	sealBoundary = "Encrypted Boundary"
	sealSPNEGO   = "application/HTTP-SPNEGO-session-encrypted"
	sealKerberos = "application/HTTP-Kerberos-session-encrypted"
	maxSignature = 1 << 10
)

// sealedTrip sends a message sealed and takes a sealed answer only. Other
// answers pass when they are no SOAP: pages of proxies and of IIS, which are
// shown and never believed.
func (ch *channel) sealedTrip(ctx context.Context, call *call) (*answer, error) {
	if ch.sealing == nil {
		return nil, fmt.Errorf("wsman: %s: %w", call.op, ErrClearText)
	}
	signature, sealed, err := ch.sealing.seal(call.body)
	if err != nil {
		return nil, ch.refused(err)
	}
	protocol := sealSPNEGO
	if ch.scheme == "Kerberos" {
		protocol = sealKerberos
	}
	out := newBuffer()
	defer out.release()
	// The length is that of the plain text with its padding, which is as long
	// as the sealed text.
	out.b = appendSealed(out.b, protocol, len(sealed), signature, sealed)
	wrapped := &sealedCall{call: call, body: out.b}
	a, err := wrapped.roundTrip(ctx, ch.tr, http.Header{"Content-Type": {
		`multipart/encrypted;protocol="` + protocol + `";boundary="` + sealBoundary + `"`,
	}})
	if err != nil {
		return nil, err
	}
	kind, params, err := mime.ParseMediaType(a.contentType)
	if err != nil || kind != "multipart/encrypted" && kind != "multipart/x-multi-encrypted" {
		if a.status/100 == 2 || a.isSOAP() {
			a.buf.release()
			return nil, &ProtocolError{Op: call.op, What: "the answer came unsealed", Err: ErrClearText}
		}
		return a, nil
	}
	plain, contentType, err := openSealed(a.buf.b, params["boundary"], ch.sealing)
	if err != nil {
		a.buf.release()
		return nil, &ProtocolError{Op: call.op, What: "the sealed answer cannot be opened", Err: err}
	}
	a.buf.b = append(a.buf.b[:0], plain...)
	a.contentType = contentType
	if call.tracing != nil {
		call.tracing("unsealed", Event{Status: a.status, Body: string(a.buf.b)})
	}
	return a, nil
}

// appendSealed writes the multipart body of MS-WSMV 2.2.9.1: no empty line
// before the content, headers indented by a tab.
func appendSealed(dst []byte, protocol string, length int, signature, sealed []byte) []byte {
	dst = append(dst, "--"+sealBoundary+"\r\n\tContent-Type: "+protocol+
		"\r\n\tOriginalContent: type="+contentTypeSOAP+";Length="...)
	dst = strconv.AppendInt(dst, int64(length), 10)
	dst = append(dst, "\r\n--"+sealBoundary+"\r\n\tContent-Type: application/octet-stream\r\n"...)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(signature))) //nolint:gosec // some dozen bytes
	dst = append(dst, signature...)
	dst = append(dst, sealed...)
	return append(dst, "--"+sealBoundary+"--\r\n"...)
}

var errMultipart = errors.New("not the multipart form of a sealed message")

// openSealed reads what appendSealed writes, in the dialects of the servers:
// Exchange puts a space after the dashes of the boundary. Lengths are taken
// from the headers, as sealed bytes may look like a boundary.
func openSealed(b []byte, boundary string, s sealer) (plain []byte, contentType string, err error) {
	if boundary == "" {
		boundary = sealBoundary
	}
	for {
		rest, last, ok := cutBoundary(b, boundary)
		if !ok {
			return nil, "", errMultipart
		}
		if last {
			if contentType == "" || len(bytes.TrimSpace(rest)) > 0 {
				return nil, "", errMultipart
			}
			return plain, contentType, nil
		}
		if b, plain, contentType, err = openPart(rest, boundary, s, plain); err != nil {
			return nil, "", err
		}
	}
}

// openPart reads the description of a message and the message.
func openPart(b []byte, boundary string, s sealer, before []byte) (rest, plain []byte, contentType string, err error) {
	header, b := cutHeader(b)
	length := -1
	if original, ok := header["originalcontent"]; ok {
		at := strings.LastIndex(original, ";Length=")
		if at < 0 {
			return nil, nil, "", fmt.Errorf("%w: no length", errMultipart)
		}
		contentType = strings.TrimPrefix(original[:at], "type=")
		if length, err = strconv.Atoi(original[at+len(";Length="):]); err != nil || length < 0 || length > maxReply {
			return nil, nil, "", fmt.Errorf("%w: length", errMultipart)
		}
	}
	b, last, ok := cutBoundary(b, boundary)
	if !ok || last || length < 0 {
		return nil, nil, "", errMultipart
	}
	_, b = cutHeader(b)
	if len(b) < 4 {
		return nil, nil, "", errMultipart
	}
	n := binary.LittleEndian.Uint32(b)
	b = b[4:]
	if n > maxSignature || int(n)+length > len(b) {
		return nil, nil, "", fmt.Errorf("%w: shorter than it says", errMultipart)
	}
	text, err := s.open(b[:n], b[n:int(n)+length])
	if err != nil {
		return nil, nil, "", err
	}
	return b[int(n)+length:], append(before, text...), contentType, nil
}

// cutBoundary takes a boundary line from the front; last is the final one.
func cutBoundary(b []byte, boundary string) (rest []byte, last, ok bool) {
	b = bytes.TrimLeft(b, "\r\n")
	if b, ok = bytes.CutPrefix(b, []byte("--")); !ok {
		return nil, false, false
	}
	b = bytes.TrimLeft(b, " ")
	if b, ok = bytes.CutPrefix(b, []byte(boundary)); !ok {
		return nil, false, false
	}
	if rest, last = bytes.CutPrefix(b, []byte("--")); last {
		return rest, true, true
	}
	rest, ok = bytes.CutPrefix(bytes.TrimLeft(b, " "), []byte("\r\n"))
	return rest, false, ok
}

// cutHeader takes header lines from the front; names in lower case.
func cutHeader(b []byte) (map[string]string, []byte) {
	h := map[string]string{}
	for {
		line, rest, ok := bytes.Cut(b, []byte("\r\n"))
		name, value, isHeader := bytes.Cut(bytes.TrimLeft(line, " \t"), []byte(":"))
		switch strings.ToLower(string(name)) {
		case "content-type", "originalcontent":
		default:
			isHeader = false
		}
		if !ok || !isHeader {
			return h, b
		}
		h[strings.ToLower(string(name))] = string(bytes.TrimSpace(value))
		b = rest
	}
}

// sealedCall is a call whose body goes out in another form.
type sealedCall struct {
	*call
	body []byte
}

// roundTrip posts the sealed form; the trace and the marks are the call's.
func (s *sealedCall) roundTrip(ctx context.Context, rt http.RoundTripper, header http.Header) (*answer, error) {
	return roundTripBody(ctx, rt, s.call, s.body, header)
}
