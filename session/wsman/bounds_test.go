package wsman_test

import (
	"errors"
	"runtime"
	"strings"
	"testing"

	"postroom/session/wsman"
)

// around puts text into the body of an envelope.
func around(text string) []byte {
	return []byte(`<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>` + text + `</s:Body></s:Envelope>`)
}

// TestEnvelopesAreBounded: one that is deep, wide or has one huge element is an error
// after a little memory. 15 million empty elements once took 2.4 GB.
func TestEnvelopesAreBounded(t *testing.T) {
	for name, body := range map[string]string{
		"wide":       strings.Repeat("<a/>", 1_000_000),
		"attributes": "<a" + attributes(200_000) + "/>",
		"deep":       strings.Repeat("<a>", 100_000),
	} {
		b := around(body)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := wsman.AnsweredSlowly(200, b)
		runtime.ReadMemStats(&after)
		if !errors.Is(err, wsman.ErrReplyTooLarge) {
			t.Errorf("%s: %.100v, want ErrReplyTooLarge", name, err)
		}
		if n := (after.TotalAlloc - before.TotalAlloc) >> 20; n > 150 {
			t.Errorf("%s: %d MB were allocated", name, n)
		}
	}
}

func attributes(n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(` a=""`)
	}
	return b.String()
}

// TestLongFaultTextsAreCut: what a person reads is there, and no more is kept or looked
// through.
func TestLongFaultTextsAreCut(t *testing.T) {
	long := "The user \u00fc is over budget. " + strings.Repeat("\u00fc ", 4_000_000)
	f, err := wsman.ReadFault(500, around(`<s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code><s:Reason><s:Text>`+long+`</s:Text></s:Reason>`+
		`<s:Detail><f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" Code="5"><f:Message>`+long+`</f:Message></f:WSManFault></s:Detail></s:Fault>`))
	if err != nil || f == nil {
		t.Fatal(err)
	}
	for _, text := range []string{f.Reason, f.Message, f.Text(), f.Error()} {
		if !strings.Contains(text, "is over budget") || len(text) > 70_000 || strings.ContainsRune(text, '\uFFFD') {
			t.Errorf("%d bytes: %.60s", len(text), text)
		}
	}
}
