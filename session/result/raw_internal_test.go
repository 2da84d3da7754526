package result

import (
	"bytes"
	"hash/maphash"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// What is cut out of the CLIXML of lists and objects is put back letter by letter, whatever
// stands in it and however often.
func TestCLIXMLIsKeptApartFromWhatItShows(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	pieces := [][]byte{
		nil, []byte("a"), []byte("aa"), []byte("<S>"), []byte("smtp:x@contoso.example"), []byte("&amp;"), []byte("R&D"),
		{0xED, 0xA0, 0x80},
		{0},
		bytes.Repeat([]byte("long "), 60),
	}
	some := func(n int) (list [][]byte) {
		for range random.IntN(n) {
			list = append(list, pieces[random.IntN(len(pieces))])
		}
		return list
	}
	table := NewTable(Provenance{})
	b := table.Builder()
	type kept struct {
		items [][]byte
		raw   []byte
	}
	var lists, objects []kept
	for range 6000 {
		l := kept{items: some(5), raw: bytes.Join(some(12), []byte("</S><S>"))}
		o := kept{items: [][]byte{pieces[random.IntN(len(pieces))]}, raw: bytes.Join(some(4), nil)}
		lists, objects = append(lists, l), append(objects, o)
		b.BeginRow()
		b.List([]byte("List"), l.items, l.raw)
		b.Nested([]byte("Object"), o.items[0], o.raw)
		if err := b.EndRow(); err != nil {
			t.Fatal(err)
		}
	}
	v := table.Snapshot() // a sealed segment and an open one
	for row := range lists {
		list, object := v.Value(row, 0), v.Value(row, 1)
		if !bytes.Equal(list.Raw, lists[row].raw) || !bytes.Equal(v.raw(row, 1), objects[row].raw) || !bytes.Equal(object.Raw, objects[row].raw) {
			t.Fatalf("row %d: %q of %q, %q of %q", row, list.Raw, lists[row].raw, object.Raw, objects[row].raw)
		}
		if len(list.Items) != len(lists[row].items) || object.Text != string(objects[row].items[0]) {
			t.Fatalf("row %d has %q, want %q", row, list.Items, lists[row].items)
		}
		for i, item := range list.Items {
			if item != string(lists[row].items[i]) {
				t.Fatalf("row %d has %q, want %q", row, list.Items, lists[row].items)
			}
		}
	}
}

// The same CLIXML around other texts is kept once, so that its size does not count.
func TestCLIXMLOfManyRowsIsKeptOnce(t *testing.T) {
	t.Parallel()
	var open openChunk
	var b Builder
	seed := maphash.MakeSeed()
	raw := func(text string) []byte {
		return []byte(`<Obj N="EmailAddresses" RefId="7"><TNRef RefId="1" /><LST><S>SMTP:` + text + `</S></LST></Obj>`)
	}
	for row := range segmentRows {
		text := "user" + string(rune('a'+row%26)) + string(rune('a'+row/26%26)) + string(rune('a'+row/676))
		b.data = appendListData(b.data[:0], [][]byte{[]byte("SMTP:" + text)})
		end := len(b.data)
		b.data = append(b.data, raw(text)...)
		open.add(row, seed, &stagedCell{kind: cellList, end: uint32(end), rawEnd: uint32(len(b.data))}, b.data)
	}
	c := open.seal()
	if c.raws.count != 1 || c.texts.count != segmentRows {
		t.Errorf("%d kinds of CLIXML around %d lists", c.raws.count, c.texts.count)
	}
	if got := c.raw(c.cell(5)); string(got) != string(raw("userfaa")) {
		t.Errorf("%s", got)
	}
}

// Numbers of any range come out of the bits as they went in.
func TestPackedNumbers(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 6))
	for width := range 65 {
		base := random.Uint64()
		if width == 64 {
			base = 0
		} else {
			base %= math.MaxUint64 - (1<<width - 1)
		}
		numbers := make([]uint64, 1+random.IntN(300))
		for i := range numbers {
			numbers[i] = base
			if width > 0 {
				numbers[i] += random.Uint64() >> (64 - width)
			}
		}
		p := pack(numbers, slices.Min(numbers), slices.Max(numbers))
		for i, n := range numbers {
			if p.at(i) != n {
				t.Fatalf("%d bits: number %d is %d, want %d", width, i, p.at(i), n)
			}
		}
	}
}

// Entries of any length are found by their number and by a place in the arena.
func TestEntriesAreFound(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 8))
	seed := maphash.MakeSeed()
	for _, longest := range []int{1, 2, 40, 5000} {
		var open openEntries
		var want [][]byte
		for range 700 {
			data := make([]byte, random.IntN(longest))
			for i := range data {
				data[i] = byte('a' + random.IntN(3))
			}
			if n := open.intern(seed, cellText, data); n == len(want) {
				want = append(want, data)
			}
		}
		sealed := open.seal()
		for _, e := range []entries{open.view(), sealed} {
			if e.count != len(want) {
				t.Fatalf("%d entries, want %d", e.count, len(want))
			}
			place := 0
			for i, data := range want {
				if !bytes.Equal(e.at(i), data) {
					t.Fatalf("entry %d of at most %d bytes is %q, want %q", i, longest, e.at(i), data)
				}
				for range data {
					for _, from := range []int{0, i / 2, i} {
						if found := e.holding(place, from); found != i {
							t.Fatalf("byte %d is in entry %d, want %d", place, found, i)
						}
					}
					if place++; longest > 100 {
						place += len(data) - 1
						break
					}
				}
			}
		}
	}
}

// Numbers of any range are sorted as by comparison, equal ones in the order of the rows.
func TestNumbersAreSorted(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(9, 10))
	for name, number := range map[string]func() uint64{
		"few":            func() uint64 { return uint64(random.IntN(5)) },
		"all bits":       random.Uint64,
		"small with one": func() uint64 { return []uint64{uint64(random.IntN(1 << 20)), math.MaxUint64}[random.IntN(5000)/4999] },
		"two ends":       func() uint64 { return uint64(random.IntN(1<<30)) | uint64(random.IntN(2))<<63 },
		"dates":          func() uint64 { return 638451255670000000 + random.Uint64()>>14 },
		"same":           func() uint64 { return 42 },
		"nested ranges":  func() uint64 { return uint64(random.IntN(9)) << (8 * random.IntN(8)) },
	} {
		for _, n := range []int{1, 2, 1000, 5000, 40_000} {
			table := NewTable(Provenance{})
			b := table.Builder()
			var want []int
			numbers := make([]uint64, n)
			for row := range n {
				b.BeginRow()
				if numbers[row] = number(); random.IntN(50) == 0 {
					b.Null([]byte("N"))
				} else {
					b.Uint([]byte("N"), numbers[row])
					want = append(want, row)
				}
				if err := b.EndRow(); err != nil {
					t.Fatal(err)
				}
			}
			slices.SortStableFunc(want, func(a, b int) int {
				switch {
				case numbers[a] < numbers[b]:
					return -1
				case numbers[a] > numbers[b]:
					return 1
				}
				return 0
			})
			a, err := table.Snapshot().arrange(t.Context(), 0)
			if err != nil {
				t.Fatal(err)
			}
			if len(a.rows) != len(want) || len(a.absent) != n-len(want) {
				t.Fatalf("%s, %d rows: %d with a number and %d without", name, n, len(a.rows), len(a.absent))
			}
			for i, row := range want {
				if int(a.rows[i]) != row {
					t.Fatalf("%s, %d rows: row %d stands at %d, want row %d", name, n, a.rows[i], i, row)
				}
				if same := i > 0 && numbers[row] == numbers[want[i-1]]; a.same.has(i) != same {
					t.Fatalf("%s, %d rows: the number at %d is the same: %v", name, n, i, !same)
				}
			}
		}
	}
}
