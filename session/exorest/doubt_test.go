package exorest_test

import (
	"strings"
	"testing"
	"time"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/exorest"
	"postroom/session/reference"
)

// The service takes the beginning of a choice, and a page of no rows, and answers that there
// is nothing: a run warns of it before it asks, alone or in a batch, and sends it all the same.
func TestValuesThatFindNothingAreWarnedOf(t *testing.T) {
	const begun = "-QuarantineTypes: File is not a known value, but the beginning of FileTypeBlock. Exchange Online may take it for that, or give no rows."
	for _, c := range []struct {
		call cmdlet.Invocation
		want []string
	}{
		{call("Get-QuarantineMessage", "QuarantineTypes", "File"), []string{begun}},
		{call("Get-QuarantineMessage", "QuarantineTypes", []string{"Bulk", "File"}), []string{begun}},
		{call("Get-QuarantineMessage", "QuarantineTypes", []any{"bulk", "File"}), []string{begun}},
		{call("Get-QuarantineMessage", "QuarantineTypes", "Spam,File"), []string{begun}},
		{call("Get-QuarantineMessage", "QuarantineTypes", "S"), []string{strings.NewReplacer(" File ", " S ", "FileTypeBlock", "Spam or SPOMalware").Replace(begun)}},
		{call("Get-QuarantineMessage", "PageSize", int64(0)), []string{"-PageSize: 0 is less than 1. Exchange Online may give no rows for it."}},
		{call("Get-QuarantineMessage", "QuarantineTypes", "filetypeblock", "PageSize", int64(1)), nil},
		{call("Get-QuarantineMessage", "QuarantineTypes", "NewerThanThis"), nil}, // the service says itself what there is
		{call("Get-QuarantineMessage", "QuarantineTypes", ""), nil},
		{call("Get-NoSuch", "QuarantineTypes", "File"), nil},
	} {
		w := newWorld(t, saying(200, `{"value":[]}`))
		d := exorest.NewDoor(exorest.Options{Tokens: &tokens{tenant: tenant}, Expected: reference.New(), Pause: time.Millisecond})
		conn, err := d.Dial(t.Context(), w.target(), session.DialOptions{})
		if err != nil {
			t.Fatal(err)
		}
		alone, one := newHeard(), newHeard()
		if err := conn.Run(t.Context(), c.call, alone); err != nil {
			t.Errorf("%s: %v", c.call.PowerShell(), err)
		}
		sent := len(w.requests())
		if _, ok := conn.(session.EachRunner).RunEach(t.Context(), []session.Call{{Command: c.call, Sink: one}}); !ok || sent != 1 {
			t.Errorf("%s: %d requests, in a batch: %v", c.call.PowerShell(), sent, ok)
		}
		for _, h := range []*heard{alone, one} {
			if got := h.texts(session.MessageWarning); strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("%s: %q, want %q", c.call.PowerShell(), got, c.want)
			}
		}
		_ = conn.Close(t.Context())
	}
}
