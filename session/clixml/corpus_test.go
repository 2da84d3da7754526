package clixml_test

import (
	"bytes"
	"testing"

	"postroom/session/clixml"
)

// TestCorpusBytes decodes what PowerShell wrote and writes it again: the bytes
// must be PowerShell's.
func TestCorpusBytes(t *testing.T) {
	files := corpus(t, ".xml")
	for name, path := range some(files) {
		t.Run(name, func(t *testing.T) {
			want := compact(readFixture(t, path))
			v, err := clixml.Decode(want)
			if err != nil {
				t.Fatal(err)
			}
			got, err := clixml.AppendDocument(nil, v)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				i := 0
				for i < min(len(got), len(want)) && got[i] == want[i] {
					i++
				}
				t.Errorf("differs at byte %d:\ngot  %q\nwant %q", i, got[i:min(i+200, len(got))], want[i:min(i+200, len(want))])
			}
		})
	}
	if len(files) < 320 {
		t.Errorf("only %d cases in the corpus", len(files))
	}
}
