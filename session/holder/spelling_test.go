package holder_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/secure/precis"
	"golang.org/x/text/unicode/norm"

	"postroom/session/holder"
)

const here = "https://ps.example.test/PowerShell"

// What one person types, pastes or is sent of an account, and what servers make of it.
func TestSpellingsOfAnAccount(t *testing.T) {
	const same, counted, other = "the same", "counted together", "another"
	for _, c := range []struct{ a, b, is string }{
		// Letters: of either case, width, composed or not (RFC 8265, UsernameCaseMapped).
		{"jos\u00e9@contoso.example", "jose\u0301@contoso.example", same},
		{"JOSE\u0301@CONTOSO.EXAMPLE", "jos\u00e9@contoso.example", same},
		{"\uff41nna@contoso.example", "anna@contoso.example", same},
		{"\uff21\uff2e\uff2e\uff21\uff20contoso\uff0eexample", "anna@contoso.example", same},
		{"\uff76\uff9e@contoso.example", "\u30ac@contoso.example", same}, // half-width katakana with its mark
		{"\u03a3\u03c9\u03ba\u03c1\u03ac\u03c4\u03b7\u03c2@x.example", "\u03c3\u03c9\u03ba\u03c1\u03ac\u03c4\u03b7\u03c3@x.example", same},
		{"stra\u00dfe@x.example", "STRA\u1e9eE@x.example", same},
		{"\u212aarl@x.example", "karl@x.example", same}, // the Kelvin sign is a K
		{"stra\u00dfe@x.example", "strasse@x.example", other},
		{"i\u0307ris@x.example", "iris@x.example", counted},
		{"\u0130ris@x.example", "iris@x.example", counted}, // Turkish: an accent to Active Directory
		{"\u0131ris@x.example", "iris@x.example", other},
		// What pasting adds.
		{"mailto:anna%40contoso.example", "anna@contoso.example", same},
		{"MAILTO:%61nna%40contoso.example?subject=x", "anna@contoso.example", same},
		{"sip:anna%40contoso.example", "anna@contoso.example", same},
		{"smtp:50%25off@contoso.example", "50%off@contoso.example", other}, // no URL
		{"50%@contoso.example", "mailto:50%25@contoso.example", same},
		{"\u201canna@contoso.example\u201d", "anna@contoso.example", same},
		{"\u201eanna@contoso.example\u201c", "anna@contoso.example", same},
		{"\u00ab anna@contoso.example \u00bb", "anna@contoso.example", same},
		{"`anna@contoso.example`", "anna@contoso.example", same},
		{"\u2018anna@contoso.example\u2019", "anna@contoso.example", same},
		{"\u3000anna@contoso.example\u2028", "anna@contoso.example", same},
		{"\u2800anna@contoso.example\u3164", "anna@contoso.example", same}, // the blank of Braille, a filler
		{"anna\ufe0f@contoso.example", "anna@contoso.example", same},
		{"an\u034fna@contoso.example", "anna@contoso.example", same},
		{"an\u00adna@contoso.example", "anna@contoso.example", same},
		{"o\u2019neil@contoso.example", "o'neil@contoso.example", other},
		// What only the server can tell.
		{`CONTOSO\anna`, "anna@contoso.example", counted},
		{`CONTOSO\anna`, "anna", counted},
		{"anna", "Anna@fabrikam.example", counted},
		{"jos\u00e9@contoso.example", "jose@contoso.example", counted},
		{"anna@b\u00fccher.example", "anna@xn--bcher-kva.example", other},
		{`CONTOSO\anna`, `FABRIKAM\anna`, other},
		{"anna@contoso.example", "anna@fabrikam.example", other},
		{"anna@contoso.example", "ann@contoso.example", other},
		{`CONTOSO\anna`, "ben@contoso.example", other},
	} {
		a, b := of(t, c.a, here), of(t, c.b, here)
		is := other
		switch {
		case a == b:
			is = same
		case a.MayBe(b):
			is = counted
		}
		if is != c.is || a.MayBe(b) != b.MayBe(a) {
			t.Errorf("%q and %q: %s, want %s (%v, %v)", c.a, c.b, is, c.is, a, b)
		}
		if got := holder.SameAccount(c.a, c.b); got != (c.is == same) || got != (holder.AccountKey(c.a) == holder.AccountKey(c.b)) {
			t.Errorf("SameAccount(%q, %q) = %v", c.a, c.b, got)
		}
		if elsewhere := of(t, c.b, "https://ps2.example.test/"); a.MayBe(elsewhere) {
			t.Errorf("%v may be %v", a, elsewhere)
		}
	}
	if nobody := (holder.Holder{}); nobody.MayBe(nobody) || holder.SameAccount("", " ") {
		t.Error("nobody is somebody")
	}
}

// What is sent keeps the case of its letters, in the form that Basic wants (RFC 7617).
func TestWhatIsSentIsComposed(t *testing.T) {
	for in, want := range map[string]string{
		"Jose\u0301@Contoso.example":              "Jos\u00e9@Contoso.example",
		"\uff21nna\uff20contoso.example":          "Anna@contoso.example",
		"mailto:Jos%C3%A9%40contoso.example?cc=b": "Jos\u00e9@contoso.example",
		"mailto:%E2%80%8Banna@contoso.example":    "anna@contoso.example",
		"mailto:%ff@contoso.example":              "%ff@contoso.example",
	} {
		if got, err := holder.Clean(in); got != want || err != nil {
			t.Errorf("Clean(%q) = %q, %v, want %q", in, got, err, want)
		}
	}
	if _, err := holder.Clean("mailto:an%00na@contoso.example"); err == nil {
		t.Error("an escaped control character is let through")
	}
}

// Respelled at random, an account stays the same holder; and what the Go project's
// PRECIS (RFC 8265) takes for one user name is one holder here, too.
func TestRespelledIsTheSame(t *testing.T) {
	letters := []rune("abkszABKSZ09._-'\u00e9\u00c9\u00fc\u00df\u03c3\u03c2\u03a3\u0416\u0436\u30ac\u30b6\u4e2d\u0d15\u1ea5\u01c6\u01c4")
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 9)) //nolint:gosec // a test that can be played again
		var name strings.Builder
		for range 1 + r.IntN(8) {
			name.WriteRune(letters[r.IntN(len(letters))])
		}
		plain := "x" + name.String() + "x@contoso.example"
		want := of(t, plain, here)
		if again := of(t, want.Account(), want.Server()); again != want {
			t.Fatalf("seed %d: %v becomes %v", seed, want, again)
		}
		respelled := respell(r, plain)
		if got := of(t, respelled, here); got != want {
			t.Errorf("seed %d: %q is %v, and %q is %v", seed, plain, want, respelled, got)
		}
		raised := strings.ToUpper(plain)
		same, err := precis.UsernameCaseMapped.CompareKey(plain)
		upper, upperErr := precis.UsernameCaseMapped.CompareKey(raised)
		if err == nil && upperErr == nil && same == upper && of(t, raised, here) != want {
			t.Errorf("seed %d: %q and %q are one to PRECIS, and two here", seed, plain, raised)
		}
	}
}

// respell writes an account in another way: the case of letters where there is one that
// comes back, apart accents, full width, and what cannot be seen.
func respell(r *rand.Rand, account string) string {
	var b strings.Builder
	for _, c := range account {
		if other := unicode.SimpleFold(c); r.IntN(2) == 0 {
			c = other
		}
		switch {
		case c > ' ' && c < 0x7f && r.IntN(4) == 0:
			c += 0xfee0 // the full width of ASCII
			b.WriteRune(c)
		case r.IntN(3) == 0:
			b.WriteString(norm.NFD.String(string(c)))
		default:
			b.WriteRune(c)
		}
		if r.IntN(6) == 0 {
			b.WriteString([]string{"\u200b", "\ufeff", "\u2060", "\u00ad"}[r.IntN(4)])
		}
	}
	around := [][2]string{{"", ""}, {"\u201c", "\u201d"}, {" <", ">;"}, {"Anna <smtp:", ">"}, {"'", "'\u00a0"}}[r.IntN(5)]
	return around[0] + b.String() + around[1]
}
