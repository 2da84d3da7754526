package holder_test

import (
	"encoding/json"
	"errors"
	"testing"

	"postroom/session/holder"
)

func of(t *testing.T, account, address string) holder.Holder {
	t.Helper()
	h, err := holder.Of(account, address)
	if err != nil {
		t.Fatalf("Of(%q, %q): %v", account, address, err)
	}
	return h
}

func TestTheSameHolderIsTheSameValue(t *testing.T) {
	want := of(t, "anna@contoso.example", "ps.example.test")
	for _, c := range [][2]string{
		{"anna@contoso.example", "https://ps.example.test/PowerShell/?DelegatedOrg=fabrikam.example"},
		{"Anna@Contoso.example", "PS.example.test"},
		{"  anna@contoso.example\t", "ps.example.test."},
		{"anna@contoso.example", "ps.example.test:443"},
		{"anna@contoso.example", "http://ps.example.test:80/PowerShell"},
		{"anna@contoso.example", "ps.example.test.:443"},
		{"anna@contoso.example", "ps.example.test..:0443"},
		{"\u200banna@contoso.example\u200b", " ps.example.test "},
		{"\u00a0anna@contoso.example\u00a0", "\ufeffps.example.test"},
		{"mailto:anna@contoso.example", "ps.example.test"},
		{"mailto:anna@contoso.example?subject=hello", "ps.example.test"},
		{"SMTP:anna@contoso.example", "ps.example.test"},
		{"smtp:anna@contoso.example;", "ps.example.test"},
		{"<anna@contoso.example>", "ps.example.test"},
		{"Anna Lind <anna@contoso.example>;", "ps.example.test"},
		{`"anna@contoso.example",`, "ps.example.test"},
		{"<mailto:anna@contoso.example>", "ps.example.test"},
		{"anna\u200d@contoso\u2060.example", "ps.example.test"},
	} {
		if got := of(t, c[0], c[1]); got != want {
			t.Errorf("%q at %q is %v, not %v", c[0], c[1], got, want)
		}
	}
	if got, want := of(t, "a@b.example", "https://127.0.0.1:034511/x"), of(t, "a@b.example", "127.0.0.1:34511"); got != want {
		t.Errorf("a port with zeros before it: %v, %v", got, want)
	}
	if got, want := of(t, "a@b.example", "https://[0:0:0:0:0:0:0:1]/x"), of(t, "a@b.example", "[::1]"); got != want {
		t.Errorf("an address of IPv6 in full: %v, %v", got, want)
	}
	if got, want := of(t, "a@b.example", "https://BÜCHER.example/"), of(t, "a@b.example", "xn--bcher-kva.example"); got != want {
		t.Errorf("a name in other letters: %v, %v", got, want)
	}
}

func TestOthersAreOthers(t *testing.T) {
	all := map[holder.Holder]string{}
	for _, c := range [][2]string{
		{"anna@contoso.example", "ps.example.test"},
		{"anna@contoso.example", "ps.example.test:8443"},
		{"anna@contoso.example", "https://ps.example.test:5986/wsman"},
		{"anna@contoso.example", "ps2.example.test"},
		{"anna@contoso.example", "https://[::1]:444/"},
		{"anna@contoso.example", "https://[::1]/"},
		{"anna", "ps.example.test"},
		{`CONTOSO\anna`, "ps.example.test"},
		{"anna b", "ps.example.test"},
	} {
		h := of(t, c[0], c[1])
		if other, there := all[h]; there {
			t.Errorf("%q at %q is the same as %s", c[0], c[1], other)
		}
		all[h] = c[0] + " " + c[1]
	}
}

func TestThereIsNoSuchHolder(t *testing.T) {
	for _, c := range []struct {
		account, address string
		want             error
	}{
		{"", "ps.example.test", holder.ErrNoAccount},
		{" \u200b\u00a0;", "ps.example.test", holder.ErrNoAccount},
		{"mailto:", "ps.example.test", holder.ErrNoAccount},
		{"an\x00na", "ps.example.test", holder.ErrControl},
		{"an\nna", "ps.example.test", holder.ErrControl},
		{"anna", "", holder.ErrNoServer},
		{"anna", "https:///PowerShell", holder.ErrNoServer},
		{"anna", "https://a b/", holder.ErrNoServer},
	} {
		if h, err := holder.Of(c.account, c.address); !errors.Is(err, c.want) || !h.IsZero() {
			t.Errorf("Of(%q, %q) = %v, %v, not %v", c.account, c.address, h, err, c.want)
		}
	}
}

func TestCleaningKeepsTheLetters(t *testing.T) {
	for in, want := range map[string]string{
		"Anna@CONTOSO.EXAMPLE": "Anna@CONTOSO.EXAMPLE",
		` CONTOSO\Anna Lind `:  `CONTOSO\Anna Lind`,
		"SMTP:Anna@x.example":  "Anna@x.example",
		"o'neil@x.example":     "o'neil@x.example",
		"a<b":                  "a<b",
		"anna\uFF20x.example":  "anna@x.example",
		"anna\uFE6Bx.example":  "anna@x.example",
		"sip":                  "sip",
	} {
		if got, err := holder.Clean(in); got != want || err != nil {
			t.Errorf("Clean(%q) = %q, %v, not %q", in, got, err, want)
		}
	}
}

func TestAHolderInAFileIsTheSame(t *testing.T) {
	h := of(t, "Anna@contoso.example", "ps.example.test:8443")
	raw, err := json.Marshal(map[string]holder.Holder{"key": h})
	if want := `{"key":"anna@contoso.example\nps.example.test:8443"}`; string(raw) != want || err != nil {
		t.Errorf("written as %s, %v", raw, err)
	}
	var back map[string]holder.Holder
	if err := json.Unmarshal(raw, &back); err != nil || back["key"] != h {
		t.Errorf("read back as %v, %v", back, err)
	}
	var zero holder.Holder
	if raw, err := json.Marshal(zero); err != nil || json.Unmarshal(raw, &zero) != nil || !zero.IsZero() {
		t.Errorf("nobody: %s, %v", raw, err)
	}
	for _, unreadable := range []string{`"nothing"`, `"\nserver"`, `"account\n"`, `"a\u0000b\nserver"`} {
		if err := json.Unmarshal([]byte(unreadable), &h); err != nil || !h.IsZero() {
			t.Errorf("%s is %v, %v", unreadable, h, err)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, seed := range []string{"anna@contoso.example", "Anna <mailto:anna@x.example>;", "\u200b<>", "smtp:smtp:a"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		clean, err := holder.Clean(text)
		if err != nil {
			return
		}
		if again, err := holder.Clean(clean); again != clean || err != nil {
			t.Errorf("%q becomes %q, and that %q, %v", text, clean, again, err)
		}
	})
}
