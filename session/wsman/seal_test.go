package wsman_test

import (
	"bytes"
	"testing"

	"postroom/session/wsman"
)

func sealBy(plain string) []byte {
	sealed := []byte(plain)
	for i := range sealed {
		sealed[i] ^= 0x5a
	}
	signature := []byte("sig!")
	return wsman.SealedForm("application/HTTP-SPNEGO-session-encrypted", len(plain), signature, sealed)
}

func TestSealedForms(t *testing.T) {
	const boundaryInside = "a\r\n--Encrypted Boundary--\r\nb"
	good := sealBy(boundaryInside)
	for name, b := range map[string][]byte{
		"ours":         good,
		"Exchange's":   bytes.ReplaceAll(good, []byte("--Encrypted Boundary"), []byte("-- Encrypted Boundary")), // the sealed text has none
		"no tabs":      bytes.ReplaceAll(good, []byte("\t"), nil),
		"no last line": bytes.TrimSuffix(good, []byte("\r\n")),
		"lower case":   bytes.Replace(good, []byte("OriginalContent"), []byte("originalcontent"), 1),
	} {
		plain, kind, err := wsman.OpenSealed(b, "Encrypted Boundary", wsman.XOR())
		if err != nil || string(plain) != boundaryInside || kind != "application/soap+xml;charset=UTF-8" {
			t.Errorf("%s: %q, %q, %v", name, plain, kind, err)
		}
	}
	two := append(bytes.TrimSuffix(sealBy("one "), []byte("--Encrypted Boundary--\r\n")), sealBy("two")...)
	if plain, _, err := wsman.OpenSealed(two, "", wsman.XOR()); err != nil || string(plain) != "one two" {
		t.Errorf("two parts: %q, %v", plain, err)
	}
}

// No cut and no change of a sealed body is taken, and none breaks the reader.
func TestSealedFormsBroken(t *testing.T) {
	good := sealBy("plain text")
	last := len(good) - len("--\r\n")
	for i := range good {
		if i < last {
			if _, _, err := wsman.OpenSealed(good[:i], "Encrypted Boundary", wsman.XOR()); err == nil {
				t.Errorf("cut after %d is taken", i)
			}
		}
	}
	for name, b := range map[string]string{
		"empty": "", "html": "<html>", "only the end": "--Encrypted Boundary--\r\n",
		"huge length":     "--Encrypted Boundary\r\n\tOriginalContent: type=x;Length=99999999999\r\n--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n\x04\x00\x00\x00sig!x--Encrypted Boundary--\r\n",
		"negative length": "--Encrypted Boundary\r\n\tOriginalContent: type=x;Length=-1\r\n--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n\x04\x00\x00\x00sig!x--Encrypted Boundary--\r\n",
		"long signature":  "--Encrypted Boundary\r\n\tOriginalContent: type=x;Length=1\r\n--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n\xff\xff\xff\xffsig!x--Encrypted Boundary--\r\n",
		"something after": string(good) + "<html>",
	} {
		if _, _, err := wsman.OpenSealed([]byte(b), "Encrypted Boundary", wsman.XOR()); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// The wrap tokens of RFC 4121: what one side seals the other opens, once, in
// order, and only unchanged.
func TestKerberosSealing(t *testing.T) {
	for _, etype := range []int32{17, 18, 19, 20} {
		for _, acceptorKey := range []bool{false, true} {
			server, client := wsman.KerberosPair(t, etype, acceptorKey)
			sealing(t, etype, 0, server, client)
		}
	}
}

// Those of RFC 4757 are a byte longer than the text.
func TestKerberosSealingRC4(t *testing.T) {
	server, client := wsman.RC4Pair()
	sealing(t, 23, 1, server, client)
}

func sealing(t *testing.T, etype int32, padding int, server, client wsman.KerberosEnd) {
	t.Helper()
	for _, plain := range []string{"", "x", "sixteen bytes ..", string(bytes.Repeat([]byte("<a/>"), 9000))} {
		signature, sealed, err := server.Seal([]byte(plain))
		if err != nil || len(sealed) != len(plain)+padding {
			t.Fatalf("type %d: %d of %d bytes, %v", etype, len(sealed), len(plain), err)
		}
		frame := 0 // RC4's tokens begin with a tag and a length, which nothing protects
		if padding > 0 {
			frame = len(signature) - 43
		}
		for i := frame; i < len(signature); i++ {
			if padding == 0 && (i == 6 || i == 7) {
				continue // the rotation, which is of no meaning but for finding the parts
			}
			changed := bytes.Clone(signature)
			changed[i] ^= 1
			if got, err := client.Open(changed, sealed); err == nil {
				t.Fatalf("type %d: a token changed at %d is taken for %q", etype, i, got)
			}
			if _, err := client.Open(signature[:i], nil); err == nil {
				t.Errorf("type %d: a token of %d bytes is taken", etype, i)
			}
		}
		got, err := client.Open(signature, sealed)
		if err != nil || string(got) != plain {
			t.Errorf("type %d: %q, %v", etype, got, err)
		}
		if _, err := client.Open(signature, sealed); err == nil {
			t.Errorf("type %d: a token is taken twice", etype)
		}
	}
	own, sealed, err := client.Seal([]byte("mine"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Open(own, sealed); err == nil {
		t.Errorf("type %d: our own token is taken for the server's", etype)
	}
}
