package ledger_test

import (
	"errors"
	"testing"

	"postroom/session/ledger"
)

// A denial is the truth where a request comes to the server that has the shell:
// where no cookie is handed out, or where the shell's is known.
func TestWhetherARequestIsLed(t *testing.T) {
	const farm, single = "https://farm.example.test/powershell/", "https://single.example.test/powershell/"
	l := open(t, t.TempDir())
	before := ledger.Entry{ShellID: "X", URL: farm}
	if led, err := l.Led(before); !led || err != nil {
		t.Errorf("a server of which nothing is known: %v, %v", led, err)
	}
	cookie := []ledger.Cookie{{Name: "MS-WSMAN", Value: "7"}}
	for url, cookies := range map[string][]ledger.Cookie{farm: cookie, single: nil} {
		s := reserve(t, l, url)
		if err := errors.Join(s.Intend(url, nil), s.Opened(url, cookies, 0)); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		entry ledger.Entry
		led   bool
	}{
		"no cookie, and one is needed": {ledger.Entry{URL: farm}, false},
		"another path":                 {ledger.Entry{URL: "https://FARM.example.test:443/other"}, false},
		"with the cookie":              {ledger.Entry{URL: farm, Cookies: cookie}, true},
		"with another cookie":          {ledger.Entry{URL: farm, Cookies: []ledger.Cookie{{Name: "lang"}}}, false},
		"a server without cookies":     {ledger.Entry{URL: single}, true},
		"the operator's farm":          {ledger.Entry{URL: single, Affinity: true}, false},
		"the farm, with a cookie":      {ledger.Entry{URL: single, Affinity: true, Cookies: cookie}, true},
	} {
		if led, err := l.Led(c.entry); led != c.led || err != nil {
			t.Errorf("%s: %v, %v, want %v", name, led, err, c.led)
		}
	}
}

// What was probably never made counts, and never takes the last slot; what is
// left and was not denied does.
func TestWhatIsDeniedNeverTakesTheLastSlot(t *testing.T) {
	const url = "https://ps.example.test/powershell/"
	dir := t.TempDir()
	l := open(t, dir)
	for _, id := range []string{"A", "B", "C"} {
		s := reserve(t, l, id)
		if err := errors.Join(s.Intend(url, nil), s.Abandon()); err != nil {
			t.Fatal(err)
		}
	}
	h := who(t, entry("").Account, "ps.example.test")
	for i, id := range []string{"A", "B", "C"} {
		if err := l.Deny(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		want := []int{3, 3, 2}[i]
		if used, _, err := l.Used(h, 3); used != want || err != nil {
			t.Errorf("%d denied: %d slots in use, %v, want %d", i+1, used, err, want)
		}
	}
	if used, _, err := open(t, dir).Used(h, 1); used != 0 || err != nil {
		t.Errorf("of a limit of one: %d, %v", used, err)
	}
	if err := l.Deny(t.Context(), "nobody's"); err != nil {
		t.Errorf("deny what is gone: %v", err)
	}
}
