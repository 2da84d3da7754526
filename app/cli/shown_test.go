package cli_test

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"postroom/app/cli"
	"postroom/session/cmdlet"
	"postroom/session/simulator"
	"postroom/test/fixture"
)

// trickyTexts are what terminals, quotes and readers take for something else.
var trickyTexts = []string{
	"a\tb", "a\nb", "a\r\nb\rc", "\a\b\v\f\x1b[2J\x7f", "\u0080\u0085\u009b", "x\u2028y\u2029", "\u200b\u200c\u200d\u2060\ufeff", "\u202ea\u2066b\u2069\u200e\u200f\u061c",
	"\U000E0041", "\U0001F600", "\ufffd", "it's \u2018\u2019\u201a\u201b", "\"\u201c\u201d\u201e", "`n`$(x)${y}$([char]9)", "# no comment", "\nRemove-Mailbox ada", "\npostroom: done",
	"PS C:\\> x", ">> x", "@'\nx\n'@", "",
}

// What --show prints is the call: whoever reads what stands on the terminal, or pipes it
// into the next run, has the same one.
func TestWhatIsShownIsReadBack(t *testing.T) {
	s := start(t, simulator.Options{})
	show := func(stdin string, more ...string) outcome {
		return do(t, stdin, append([]string{"run", "--url", s.URL(), "--user", s.Account(), "--show"}, more...)...)
	}
	r := rand.New(rand.NewPCG(5, 6))
	var lines []string
	for range 150 / fixture.OneOf(5) {
		text := func() string { return trickyTexts[r.IntN(len(trickyTexts))] + trickyTexts[r.IntN(len(trickyTexts))] }
		want := cmdlet.Invocation{Cmdlet: "Set-Thing", Args: []cmdlet.Arg{
			{Name: "Identity", Value: text()},
			{Name: "Addresses", Value: []string{text(), text()}},
			{Name: "Table", Value: map[string]any{"a" + text(): text()}},
		}}
		got := show("", "--line", want.PowerShell())
		if got.code != cli.ExitDone {
			t.Fatalf("%q: %s", want.PowerShell(), got.stderr)
		}
		for _, c := range got.stdout {
			if c != '\n' && c < ' ' || c == 0x7F || c >= 0x80 && c < 0xA0 {
				t.Fatalf("%q reaches the terminal as %U", want, c)
			}
		}
		line, err := cmdlet.Reader{}.Line(got.stdout)
		if err != nil || len(line.Pipeline) != 1 || !reflect.DeepEqual(line.Pipeline[0], want) {
			t.Fatalf("%#v\nis shown as\n%s\nread as %#v, %v", want, got.stdout, line.Pipeline, err)
		}
		if again := show(got.stdout, "--line", "-"); again.stdout != got.stdout {
			t.Fatalf("piped, %s is %s%s", got.stdout, again.stdout, again.stderr)
		}
		lines = append(lines, got.stdout)
	}
	// What words of the command line say is shown as the same call, too.
	for _, text := range []string{"a\tb", "a\nb", "x\u202ey", "\u2028"} {
		got := show("", "Set-Thing", "-Identity", text)
		line, err := cmdlet.Reader{}.Line(got.stdout)
		if err != nil || !reflect.DeepEqual(line.Pipeline[0].Args, []cmdlet.Arg{{Name: "Identity", Value: text}}) {
			t.Errorf("%q is shown as %s: %v", text, got.stdout, err)
		}
	}
	if len(lines) == 0 || s.Stats().Requests != 0 {
		t.Errorf("%d requests were sent", s.Stats().Requests)
	}
	// Nothing that stands above the call can become a part of it.
	got := show("", "--tenant", "alpenhof.example", "Get-Mailbox")
	if n := strings.Count(got.stdout, "\n"); n != 2 || !strings.HasPrefix(got.stdout, "# ") {
		t.Errorf("%q", got.stdout)
	}
}
