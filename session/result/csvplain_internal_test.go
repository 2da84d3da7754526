package result

import (
	"math/rand/v2"
	"testing"
)

// A text that is written after one look at it is what it would be after two.
func TestPlainTextsAreWrittenAsOthers(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(11, 12))
	alphabet := []rune("abc019 \"',;|\t\r\n=+-@.\x00\x7f\u00A0\u200B\uFF1D\uFF0Bäé€'")
	for _, o := range []CSVOptions{{}, {Delimiter: ';'}, {Delimiter: '\t'}, {Delimiter: '.'}, {Machine: true}, {PowerShell: true}, {QuoteAll: true}, {LF: true, Delimiter: '€'}} {
		quick, careful := newCSVEncoder(o, shown), newCSVEncoder(o, shown)
		for c := range careful.special {
			careful.special[c] = true
		}
		plain := 0
		for range 20_000 {
			letters := alphabet
			if random.IntN(2) == 0 {
				letters = alphabet[:7] // of which most texts are
			}
			text := make([]rune, random.IntN(6))
			for i := range text {
				text[i] = letters[random.IntN(len(letters))]
			}
			cells := []cell{{kind: cellText, data: []byte(string(text))}, {kind: cellNested, data: appendNestedData(nil, []byte(string(text)))}}
			for n := range 3 {
				row := cells[:max(1, n)]
				if quick.isPlain(row[0].data) {
					plain++
				}
				if got, want := string(quick.row(nil, row)), string(careful.row(nil, row)); got != want {
					t.Fatalf("%+v: %q is written as %q, want %q", o, string(text), got, want)
				}
			}
		}
		if plain == 0 && !o.QuoteAll {
			t.Errorf("%+v: no text was plain", o)
		}
	}
}
