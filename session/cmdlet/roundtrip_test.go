package cmdlet_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"postroom/session/cmdlet"
	"postroom/session/harmless"
)

// texts that a quoting rule could get wrong.
var texts = []string{
	"", " ", "a", "a b", "O'Neil", `say "hi"`, "$true", "$null", "-Force", "--", "5", "5GB", "a,b", "@()", "@{a=1}",
	"`n", "a`b", "{x}", "(x)", "a;b", "a|b", "a&b", "<x>", "#x", "it\u2019s", "\u201cx\u201d", "\u2018\u201a\u201b", "a\r\nb",
	"\t", "\x00", "a\x00$b`c\"d\u201e", "\u2013x", "\U0001F600", "Gr\u00f6\u00dfe", "CN=a,OU=b", "*@contoso.com", "1..5", "NaN",
	"x\x1b[2Jy", "\u200bx\u200d", "\u202ea\u2066b\u2069", "\U000E0041", "a\tb\r\nc\a\b\v\f\x7f", "\u009b2J", "\xed\xa0\x80x\xed\xb0\x80", "$([char]9)", "`t",
	"Smith, John", "\u00a0x", "x\u2028y", "jeff@contoso.com", `\\server\share`, "a:b", "_x", "if", "\u0085",
}

// alphabet has every quote mark, what PowerShell reads as something, and what is not shown
// as itself.
var alphabet = []rune("ab0x1 '\"`$@(){}[],;|&<>#-=:.\\\n\r\t\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u2013\u2014\u2015\u00a0\u00e9\U0001F600\x00\x7f" +
	"\u0080\u0085\u009b\u009f\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202e\u2060\u2066\u2069\ufeff\ufff9\ufffd\ufffe\U000E0041\U000E007F")

// halves are the two halves of U+10000 as WTF-8 has them alone: a server's text can.
var halves = []string{"\xed\xa0\x80", "\xed\xb0\x80"}

// wholeCharacters makes one character of two halves that have met.
func wholeCharacters(text string) string {
	return strings.ReplaceAll(text, halves[0]+halves[1], "\U00010000")
}

func randomText(r *rand.Rand) string {
	if r.IntN(2) == 0 {
		return texts[r.IntN(len(texts))]
	}
	var b strings.Builder
	for range r.IntN(12) {
		switch r.IntN(6) {
		case 0:
			b.WriteRune(rune(r.IntN(0x20))) // every control
		case 1:
			b.WriteString(halves[r.IntN(len(halves))])
		default:
			b.WriteRune(alphabet[r.IntN(len(alphabet))])
		}
	}
	return wholeCharacters(b.String())
}

// randomValue makes a value of any kind that can come of a line about whose cmdlet nothing
// is known: numbers, spans of time and the like come of what is known alone.
func randomValue(r *rand.Rand, depth int) any {
	n := 10
	if depth > 2 {
		n = 6
	}
	switch r.IntN(n) {
	case 0:
		return nil
	case 1:
		return r.IntN(2) == 0
	case 2:
		return randomDate(r)
	case 3:
		return []byte(randomText(r))
	case 4, 5:
		return randomText(r)
	case 6:
		items := make([]string, r.IntN(4))
		for i := range items {
			items[i] = randomText(r)
		}
		return items
	case 7:
		// A list of texts alone is a []string; a nested list is flattened in PowerShell's
		// @(), so its items are not lists.
		items := []any{true}
		for range r.IntN(3) {
			if v := randomValue(r, 3); !isList(v) {
				items = append(items, v)
			}
		}
		return items
	}
	table := map[string]any{}
	for range r.IntN(4) {
		key := randomText(r)
		for other := range table {
			if strings.EqualFold(other, key) {
				key = other
			}
		}
		table[key] = randomValue(r, depth+1)
	}
	return table
}

// randomDate is in UTC, or in the zone of the clock.
func randomDate(r *rand.Rand) time.Time {
	t := time.Unix(r.Int64N(1<<32), r.Int64N(1e7)*100)
	if r.IntN(2) == 0 {
		return t.UTC()
	}
	return t.In(berlin)
}

// same says that two calls are sent alike: whatever way their dates name the zone, and
// whether $true came with a colon or not at all.
func same(a, b any) bool { return reflect.DeepEqual(zoneless(a), zoneless(b)) }

func zoneless(v any) any {
	switch v := v.(type) {
	case time.Time:
		return v.Format(time.RFC3339Nano)
	case cmdlet.Switch:
		return bool(v)
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = zoneless(v[i])
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for k := range v {
			out[k] = zoneless(v[k])
		}
		return out
	case cmdlet.Invocation:
		for i, a := range v.Args {
			if i == 0 {
				v.Args = slices.Clone(v.Args)
			}
			v.Args[i].Value = zoneless(a.Value)
		}
		return v
	}
	return v
}

func isList(v any) bool {
	switch v.(type) {
	case []string, []any:
		return true
	}
	return false
}

func TestCallsAreReadBackAsTheyWereWritten(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		inv := cmdlet.Invocation{Cmdlet: "Set-Thing"}
		for i := range r.IntN(4) {
			a := cmdlet.Arg{Value: randomValue(r, 0)}
			switch r.IntN(4) {
			case 0: // without a name, also behind a switch
			case 1:
				a.Name, a.Value = "Force"+string(rune('A'+i)), cmdlet.Switch(r.IntN(2) == 0)
			default:
				a.Name = []string{"Identity", "EmailAddresses", "SetSCL"}[r.IntN(3)] + string(rune('A'+i))
			}
			inv.Args = append(inv.Args, a)
		}
		line := inv.PowerShell()
		if shown := harmless.Line(line); shown != line {
			t.Fatalf("written as %q, which is shown as %q", line, shown)
		}
		got, err := oneCommand(cmdlet.Reader{}, line)
		if err != nil {
			t.Fatalf("%#v\nwritten as %q: %v", inv, line, err)
		}
		if !same(got, inv) {
			t.Fatalf("written as %q\n got %#v\nwant %#v", line, got, inv)
		}
	}
}

// Texts are written as Windows PowerShell 5.1 reads them, too, which knows neither `e nor
// `u{...}; and what others write with these is read.
func TestTextsThatAreNotShownAsThemselves(t *testing.T) {
	for text, want := range map[string]string{
		"a\tb\r\nc":            "\"a`tb`r`nc\"",
		"\x00\a\b\v\f":         "\"`0`a`b`v`f\"",
		"\x1b[2J":              `"$([char]0x001B)[2J"`,
		"x\u202Etxt":           `"x$([char]0x202E)txt"`,
		"\U000E0041":           `"$([char]0xDB40)$([char]0xDC41)"`,
		"\xed\xa0\x80":         `"$([char]0xD800)"`,
		"`$x \u201c'\n":        "\"```$x `\u201c'`n\"",
		"Gr\u00fc\u00dfe, 'x'": "'Gr\u00fc\u00dfe, ''x'''",
	} {
		if got := (cmdlet.Invocation{Cmdlet: "S-X", Args: []cmdlet.Arg{{Value: text}}}).PowerShell(); got != "S-X "+want {
			t.Errorf("%q is written as %s, want %s", text, got, want)
		}
	}
	for source, want := range map[string]string{
		`"$([char]9)x"`: "\tx", `"$( [Char] 0x1F600 )"`: "", `"$([char]0xD83D)$([char]0xDE00)"`: "\U0001F600", "\"`u{1F600}`e\"": "\U0001F600\x1b",
		`a$([System.Char]9)b`: "a\tb", "@\"\n$([char]8232)\n\"@": "\u2028", `"$([char]-1)"`: "", `"$([char]'a')"`: "", `"$([char]9 + 1)"`: "",
	} {
		inv, err := oneCommand(cmdlet.Reader{}, "S-X -A "+source)
		if want == "" {
			if err == nil {
				t.Errorf("%s is read as %q", source, inv.Args)
			}
			continue
		}
		if err != nil || inv.Args[0].Value != want {
			t.Errorf("%s is read as %q, %v", source, inv.Args, err)
		}
	}
	if _, err := oneCommand(cmdlet.Reader{}, "Set-X -Iden\u200btity x"); err == nil {
		t.Error("a parameter's name with a character that cannot be seen is taken")
	}
}

// What follows a variable without a space is a part of the same text, which only
// PowerShell could make: not another parameter, and not a value of its own.
func TestTextBehindAVariable(t *testing.T) {
	for _, line := range []string{
		"S -A $true-B", "S -A:$false-Force", "S -A:$true\x03", "S -A $null'x'", "S -A $true#c", "S $false/x",
	} {
		inv, err := oneCommand(cmdlet.Reader{}, line)
		var wrong *cmdlet.BindError
		if !errors.As(err, &wrong) || wrong.Want != cmdlet.WantLiteral {
			t.Errorf("%q: %#v, %v", line, inv, err)
		}
	}
	for line, want := range map[string][]cmdlet.Arg{
		"S -A $true `\n -B":                    {{Name: "A", Value: true}, {Name: "B", Value: cmdlet.Switch(true)}},
		"S -A:$true x":                         {{Name: "A", Value: true}, {Value: "x"}},
		"S -A @($true,$null)":                  {{Name: "A", Value: []any{true, nil}}},
		"S -A \"x -eq $true -or y -ne $null\"": {{Name: "A", Value: "x -eq True -or y -ne $null"}},
		"S -A @\"\nx $false\n\"@":              {{Name: "A", Value: "x False"}},
		"S -A $true,$false;":                   {{Name: "A", Value: []any{true, false}}},
	} {
		inv, err := oneCommand(cmdlet.Reader{}, line)
		if err != nil || !reflect.DeepEqual(inv.Args, want) {
			t.Errorf("%q: %#v, %v", line, inv.Args, err)
		}
	}
	if got := (cmdlet.Invocation{Cmdlet: "Set-X", Args: []cmdlet.Arg{{Name: "A", Value: cmdlet.Switch(true)}, {Value: "x"}}}).PowerShell(); got != "Set-X -A:$true x" {
		t.Errorf("written as %s", got)
	}
}

// Each value, written alone, is also what the command line of the operating system reads.
func TestArgumentsAreReadBackAsTheyWereWritten(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20000 {
		want := cmdlet.Arg{Name: "X", Value: randomValue(r, 0)}
		line := cmdlet.Invocation{Cmdlet: "Set-Thing", Args: []cmdlet.Arg{want}}.PowerShell()
		text := strings.TrimLeft(strings.TrimPrefix(line, "Set-Thing -X"), ": ")
		if strings.HasPrefix(text, `"`) {
			continue // as an argument it stands for itself, quotes and all: see typedLiteral
		}
		got, err := cmdlet.Reader{}.Arguments([]string{"Set-Thing", "-X", text})
		if err != nil {
			t.Fatalf("%#v written as %q: %v", want, text, err)
		}
		if !same(got, cmdlet.Invocation{Cmdlet: "Set-Thing", Args: []cmdlet.Arg{want}}) {
			t.Fatalf("written as %q\n got %#v\nwant %#v", text, got.Args[0], want)
		}
	}
}

// By description, every kind comes back typed.
func TestTypedCallsAreReadBack(t *testing.T) {
	zone := time.FixedZone("", 2*60*60)
	inv := cmdlet.Invocation{Cmdlet: "Set-Sample", Args: []cmdlet.Arg{
		{Name: "Identity", Value: "5"},
		{Name: "Count", Value: int64(-5)},
		{Name: "Ratio", Value: 2.0},
		{Name: "Hidden", Value: false},
		{Name: "Force", Value: cmdlet.Switch(true)},
		{Name: "Action", Value: "Reject"},
		{Name: "EmailAddresses", Value: []string{"one"}},
		{Name: "Members", Value: []string{"1", "a,b", "O'Neil"}},
		{Name: "StartDate", Value: time.Date(2024, 3, 4, 5, 6, 7, 123456700, zone)},
		{Name: "Age", Value: -(50*time.Hour + 1500*time.Millisecond)},
		{Name: "MaxSize", Value: int64(36700160)},
		{Name: "Quota", Value: "Unlimited"},
		{Name: "ResultSize", Value: int64(1000)},
		{Name: "Table", Value: map[string]any{"b c": []string{"x", "y"}, "a": "1"}},
		{Name: "Picture", Value: []byte{0, 1, 254, 255}},
		{Name: "Comments", Value: "line1\r\nline2, \u2018quoted\u2019"},
	}}
	want := "Set-Sample -Identity '5' -Count -5 -Ratio 2.0 -Hidden:$false -Force -Action Reject -EmailAddresses @('one')" +
		" -Members '1','a,b','O''Neil' -StartDate ([datetime]'2024-03-04T05:06:07.1234567+02:00') -Age '-2.02:00:01.5000000'" +
		" -MaxSize 36700160 -Quota Unlimited -ResultSize 1000 -Table @{a='1'; 'b c'='x','y'}" +
		" -Picture ([System.Convert]::FromBase64String('AAH+/w==')) -Comments \"line1`r`nline2, \u2018quoted\u2019\""
	line := inv.PowerShell()
	if line != want {
		t.Errorf("written as\n%s\nwant\n%s", line, want)
	}
	got, err := oneCommand(described, line)
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range got.Args {
		if date, ok := a.Value.(time.Time); ok {
			if !date.Equal(inv.Args[i].Value.(time.Time)) {
				t.Errorf("date is %v", date)
			}
			continue
		}
		if !reflect.DeepEqual(a, inv.Args[i]) {
			t.Errorf("argument %d is %#v, want %#v", i, a, inv.Args[i])
		}
	}
}

func FuzzParseLine(f *testing.F) {
	for _, text := range texts {
		f.Add("Set-X -A " + text)
		f.Add("Set-X -A '" + text)
		f.Add(text)
	}
	f.Add("Set-X -A @\"\nhere `$x\n\"@ -B:@{a=@(1,2;3); 'b'=([System.Convert]::FromBase64String('AQ=='))}")
	for _, text := range []string{
		"Get-X | where { $_.A -eq 'x' -and -not ($_.B -gt 5) -or $_.'c d' -in 1,'y' } | sort A,B -Descending | select A -First 3",
		"Get-X | Get-Y -Z 1 | Select-Object A,B -Unique | Measure-Object A -Sum", "Get-X | ft A,B -Wrap | Export-Csv x.csv -Delimiter ';'", "Get-X | group A | fl",
		"Get-X | where A -clike 'x*' | where B",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if l, err := described.Line(line); err == nil && utf8.ValidString(line) && !strings.ContainsRune(line, 0) {
			again, err := described.Line(l.PowerShell())
			if err != nil || again.PowerShell() != l.PowerShell() {
				t.Fatalf("%q\nwritten as %q\nand then as %q, %v", line, l.PowerShell(), again.PowerShell(), err)
			}
		}
		inv, err := oneCommand(cmdlet.Reader{}, line)
		if err != nil {
			if len(cmdlet.BindErrors(err)) == 0 {
				t.Fatalf("error %v is no *BindError", err)
			}
			return
		}
		if !utf8.ValidString(line) || strings.ContainsFunc(line, func(r rune) bool { return r == 0 }) {
			return // not text that PowerShell could be given
		}
		again, err := oneCommand(cmdlet.Reader{}, inv.PowerShell())
		if err != nil || !same(again, inv) {
			t.Fatalf("%q\nread as %#v\nwritten as %q\nread as %#v, %v", line, inv, inv.PowerShell(), again, err)
		}
	})
}

func FuzzParseArguments(f *testing.F) {
	for _, text := range texts {
		f.Add("-Identity", text)
		f.Add(text, "-X:"+text)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, reader := range []cmdlet.Reader{{}, described} {
			inv, err := reader.Arguments([]string{"Set-Sample", a, b})
			if err != nil {
				if len(cmdlet.BindErrors(err)) == 0 {
					t.Fatalf("error %v is no *BindError", err)
				}
				continue
			}
			_ = inv.PowerShell() // must not panic
		}
		_ = cmdlet.KindOf(a)
	})
}

func FuzzBind(f *testing.F) {
	for i := range sample.Parameters {
		for _, text := range texts {
			f.Add(uint8(i), text)
		}
		f.Add(uint8(i), "1.02:03:04.5")
		f.Add(uint8(i), "2024-03-04T05:06:07.1234567+02:00")
		f.Add(uint8(i), "99 GB (106,300,440,576 bytes)")
	}
	f.Fuzz(func(t *testing.T, which uint8, text string) {
		p := sample.Parameters[int(which)%len(sample.Parameters)]
		inv, err := sample.Bind(map[string]string{"Identity": "x", p.Name: text}, noon)
		if err != nil {
			for _, e := range cmdlet.BindErrors(err) {
				if e.Parameter != p.Name && e.Want != cmdlet.WantValue {
					t.Fatalf("error for %s: %v", p.Name, e)
				}
			}
			return
		}
		if text == "" || !utf8.ValidString(text) {
			return
		}
		arg, _ := inv.Arg(p.Name)
		switch arg.Value.(type) {
		case cmdlet.Secret, cmdlet.PSCredential, time.Time:
			return
		case float64:
			if math.IsNaN(arg.Value.(float64)) {
				return
			}
		}
		got, err := oneCommand(described, inv.PowerShell())
		if err != nil {
			t.Fatalf("%s %q written as %q: %v", p.Name, text, inv.PowerShell(), err)
		}
		if again, _ := got.Arg(p.Name); !reflect.DeepEqual(again, arg) {
			t.Fatalf("%s %q: %#v, read back from %q as %#v", p.Name, text, arg, inv.PowerShell(), again)
		}
	})
}
