package result_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"postroom/session/result"
)

// hostileTexts are what packing and writing get wrong; those that repeat share an entry.
var hostileTexts = []string{
	"", "a", "A", "a\x00b", "\x00", "\xff\xfe broken", "\xed\xa0\x80 lone", "\u00e4\u00df \u738b \U0001F600", "'=1+1", "=1+1", "0123",
	"1,5;6\t7|8", "say \"hi\"", "two\r\nlines\n", "9007199254740993", "_x0041_", "NaN", "\ufeff", "\u202e", " lead",
}

var (
	hostileInts   = []int64{0, 1, -1, 1<<53 + 1, -(1<<53 + 1), 1<<53 - 1, math.MaxInt64, math.MinInt64, math.MinInt32, 255, 256}
	hostileUints  = []uint64{0, 1, 1<<53 + 1, math.MaxInt64, math.MaxInt64 + 1, math.MaxUint64, math.MaxUint64 - 1}
	hostileFloats = []float64{0, math.Copysign(0, -1), math.NaN(), math.Inf(1), math.Inf(-1), math.SmallestNonzeroFloat64, math.MaxFloat64, 1 << 53, 0.1, -2.5}
	hostileTexted = []string{"0", "-0.00", "79228162514264337593543950335", "-79228162514264337593543950335", "0.0000000000000000000000000001", "1.10", "9007199254740993"}
	hostileTicks  = []int64{0, 1, 3155378975999999999, 599266080000000000, 638451255670000000} // year 1, its first tick, the last of 9999, 1900, 2024
)

// pick takes one of those that are hostile, or makes another.
func pick[T any](r *rand.Rand, hostile []T, other func() T) T {
	if r.IntN(3) > 0 {
		return hostile[r.IntN(len(hostile))]
	}
	return other()
}

func hostileText(r *rand.Rand) string {
	return pick(r, hostileTexts, func() string {
		b := make([]byte, r.IntN(12))
		if r.IntN(400) == 0 {
			b = make([]byte, 70_000)
		}
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		return string(b)
	})
}

// hostileCell adds a cell of a kind and gives the value that must come back.
func hostileCell(r *rand.Rand, b *result.Builder, name string, kind result.Kind) result.Value {
	n, v := []byte(name), result.Value{Kind: kind}
	switch kind {
	case result.KindText:
		v.Text = hostileText(r)
		b.Text(n, []byte(v.Text))
	case result.KindBool:
		v.Bool = r.IntN(2) == 0
		b.Bool(n, v.Bool)
	case result.KindInt:
		v.Int = pick(r, hostileInts, func() int64 { return int64(r.Uint64()) >> r.IntN(64) }) //nolint:gosec // any bits
		b.Int(n, v.Int)
	case result.KindUint:
		v.Uint = pick(r, hostileUints, func() uint64 { return r.Uint64() >> r.IntN(64) })
		b.Uint(n, v.Uint)
	case result.KindFloat:
		v.Float = pick(r, hostileFloats, func() float64 { return math.Float64frombits(r.Uint64()) })
		b.Float(n, v.Float)
	case result.KindDecimal:
		v.Text = pick(r, hostileTexted, func() string { return strconv.FormatUint(r.Uint64()>>r.IntN(64), 10) + ".5" })
		b.Decimal(n, []byte(v.Text))
	case result.KindTime:
		v.Time = result.Time{Ticks: pick(r, hostileTicks, func() int64 { return r.Int64N(3155378975999999999) }), Kind: uint8(r.IntN(3))} //nolint:gosec // below 3
		if v.Time.Kind == result.TimeLocal {
			v.Time.OffsetMinutes = int16(r.IntN(1681) - 840) //nolint:gosec // 14 hours
		}
		b.Time(n, v.Time)
	case result.KindDuration:
		v.Int = pick(r, hostileInts, func() int64 { return int64(r.Uint64()) >> r.IntN(64) }) //nolint:gosec // any bits
		b.Duration(n, v.Int)
	case result.KindBytes:
		v.Bytes = []byte(hostileText(r))
		b.Bytes(n, v.Bytes)
	case result.KindList:
		var items [][]byte
		v.Items = []string{}
		for range r.IntN(4) {
			v.Items = append(v.Items, hostileText(r))
			items = append(items, []byte(v.Items[len(v.Items)-1]))
		}
		v.Raw = []byte("<LST><S>" + strings.Join(v.Items, "</S><S>") + "</S></LST>")
		b.List(n, items, v.Raw)
	case result.KindNested:
		v.Text = hostileText(r)
		v.Raw = []byte("<Obj><ToString>" + v.Text + "</ToString></Obj>")
		b.Nested(n, []byte(v.Text), v.Raw)
	default:
		v.Kind = result.KindNull
		b.Null(n)
	}
	return v
}

// oracle is a table as a slice of rows, each the values by the column's name.
type oracle []map[string]result.Value

// fieldsOfAValue is how many there are: same compares each of them.
const fieldsOfAValue = 10

// same compares by bits, so that NaN is NaN and -0 is not 0. It is asked millions of times:
// reflect.DeepEqual took a third of all that this package's tests do.
func same(a, b result.Value) bool {
	return a.Kind == b.Kind && a.Text == b.Text && a.Bool == b.Bool && a.Int == b.Int && a.Uint == b.Uint && a.Time == b.Time &&
		math.Float64bits(a.Float) == math.Float64bits(b.Float) &&
		slices.Equal(a.Items, b.Items) && bytes.Equal(a.Bytes, b.Bytes) && bytes.Equal(a.Raw, b.Raw)
}

// hostileTable builds a table of columns of one kind, of two, and of all, some of which come
// late and some often without a value.
func hostileTable(t *testing.T, r *rand.Rand) (*result.Table, oracle) {
	type column struct {
		name        string
		kinds       []result.Kind
		from, empty int
	}
	rows := 1 + r.IntN(300)
	if r.IntN(4) == 0 {
		rows += 4096 // more than a segment
	}
	columns := []column{{name: "all"}}
	for k := result.KindNull; k < result.KindMixed; k++ {
		columns[0].kinds = append(columns[0].kinds, k)
		columns = append(columns, column{name: k.String(), kinds: []result.Kind{k}})
		if k > result.KindNull {
			columns = append(columns, column{name: k.String() + " or", kinds: []result.Kind{k, columns[0].kinds[r.IntN(len(columns[0].kinds))]}})
		}
	}
	for i := range columns {
		columns[i].empty = 1 + r.IntN(20)
		if r.IntN(3) == 0 {
			columns[i].from = r.IntN(rows)
		}
	}
	table := result.NewTable(result.Provenance{})
	b := table.Builder()
	want := make(oracle, rows)
	for row := range want {
		want[row] = map[string]result.Value{}
		b.BeginRow()
		for _, c := range columns {
			if row < c.from || r.IntN(c.empty+1) == 0 {
				continue
			}
			for more := true; more; more = r.IntN(50) == 0 { // the later of a repeated name counts
				want[row][c.name] = hostileCell(r, b, c.name, c.kinds[r.IntN(len(c.kinds))])
			}
		}
		check(t, b.EndRow())
		if r.IntN(1000) == 0 {
			_ = table.Snapshot()
		}
	}
	return table, want
}

// isWanted compares every cell of a view with the row of the oracle that its RowID names.
func (o oracle) isWanted(t *testing.T, what string, v *result.View) {
	t.Helper()
	rows, cols := v.Size()
	for row := range rows {
		for col := range cols {
			name := v.Header(col)
			if got, want := v.Value(row, col), o[v.RowID(row)][name]; !same(got, want) {
				t.Fatalf("%s: row %d (%d), %s: %#v, want %#v", what, row, v.RowID(row), name, got, want)
			}
		}
	}
}

// numberOf is a value as an exact number; not of NaN and the infinities.
func numberOf(v result.Value) (*big.Rat, bool) {
	switch v.Kind {
	case result.KindInt, result.KindDuration:
		return new(big.Rat).SetInt64(v.Int), true
	case result.KindUint:
		return new(big.Rat).SetUint64(v.Uint), true
	case result.KindFloat:
		if n := new(big.Rat); n.SetFloat64(v.Float) != nil {
			return n, true
		}
	case result.KindDecimal:
		return new(big.Rat).SetString(v.Text)
	case result.KindTime:
		return new(big.Rat).SetInt64(v.Time.Ticks - int64(v.Time.OffsetMinutes)*600_000_000), true
	}
	return nil, false
}

// areSorted says that numbers stand in their order, that equal ones are in that of the rows,
// and that what has no value is last.
func (o oracle) areSorted(t *testing.T, v *result.View, name string, direction result.Direction) {
	t.Helper()
	var before *big.Rat
	beforeID, ended, count := -1, false, 0
	for _, id := range v.RowIDs() {
		value := o[id][name]
		if value.Kind <= result.KindNull {
			ended = true
			continue
		}
		count++
		if ended {
			t.Fatalf("%s: row %d stands behind those without a value", name, id)
		}
		n, ok := numberOf(value)
		if !ok {
			before = nil
			continue
		}
		if before != nil {
			order := before.Cmp(n)
			if direction == result.Descending {
				order = -order
			}
			if order > 0 || order == 0 && beforeID > id {
				t.Fatalf("%s, direction %v: %v of row %d stands before %v of row %d", name, direction, before, beforeID, n, id)
			}
		}
		before, beforeID = n, id
	}
	if ids := slices.Sorted(slices.Values(v.RowIDs())); len(ids) != len(o) || len(slices.Compact(ids)) != len(o) {
		t.Fatalf("%s: %d rows, want each of %d", name, len(ids), len(o))
	}
}

// FuzzValuesSurvive: a table of hostile values of every kind against a plain slice of them:
// read, sorted, filtered and written.
func FuzzValuesSurvive(f *testing.F) {
	if n := reflect.TypeFor[result.Value]().NumField(); n != fieldsOfAValue {
		f.Fatalf("a value has %d fields: let same compare them all", n)
	}
	for seed := range uint64(6) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		t.Parallel()
		r := rand.New(rand.NewPCG(seed, 14))
		table, want := hostileTable(t, r)
		v := table.Snapshot()
		if rows, _ := v.Size(); rows != len(want) {
			t.Fatalf("%d rows, want %d", rows, len(want))
		}
		what := "seed " + strconv.FormatUint(seed, 10)
		want.isWanted(t, what, v)
		col := func(name string) int { n, _ := v.Column(name); return n }
		for _, name := range []string{"Int", "Uint", "Float", "Decimal", "Time", "Duration"} {
			if _, ok := v.Column(name); !ok {
				continue // it would have come later than the last row
			}
			direction := []result.Direction{result.Ascending, result.Descending}[r.IntN(2)]
			sorted, err := v.SortedBy(t.Context(), result.SortKey{Column: col(name), Direction: direction})
			check(t, err)
			want.areSorted(t, sorted, name, direction)
		}
		for _, name := range []string{"Text", "all", "List or"} {
			if _, ok := v.Column(name); !ok {
				continue
			}
			sorted, err := v.SortedBy(t.Context(), result.SortKey{Column: col(name)})
			check(t, err)
			want.areSorted(t, sorted, "", result.Ascending) // each row once
			want.isWanted(t, what+", sorted by "+name, sorted)
			want.areFiltered(t, sorted, name)
		}
		few := v
		if len(want) > 300 {
			from := r.IntN(len(want) - 300)
			ids := make([]int, 300)
			for i := range ids {
				ids[i] = from + i
			}
			few = v.WithRowIDs(ids...)
		}
		want.areWritten(t, few)
	})
}

// areFiltered looks for cells that are empty, and for digits, in all columns and in one.
func (o oracle) areFiltered(t *testing.T, v *result.View, name string) {
	t.Helper()
	var empty, digits []int
	_, cols := v.Size()
	for row, id := range v.RowIDs() {
		value := o[id][name]
		if value.Kind <= result.KindNull || value.Kind == result.KindText && value.Text == "" || value.Kind == result.KindNested && value.Text == "" ||
			value.Kind == result.KindBytes && len(value.Bytes) == 0 || value.Kind == result.KindList && len(value.Items) == 0 {
			empty = append(empty, id)
		}
		for col := range cols {
			if strings.Contains(v.Cell(row, col), "4099") {
				digits = append(digits, id)
				break
			}
		}
	}
	for want, f := range map[*[]int]result.Filter{
		&empty:  {Where: []result.Criterion{{Column: name, Op: result.Empty}}},
		&digits: {Text: "4099"},
	} {
		got, err := v.Filter(t.Context(), f)
		check(t, err)
		if !slices.Equal(got.RowIDs(), *want) {
			odd := func(id int) bool { return slices.Contains(got.RowIDs(), id) != slices.Contains(*want, id) }
			id := v.RowIDs()[slices.IndexFunc(v.RowIDs(), odd)]
			t.Fatalf("%s: %+v gives %d rows, want %d; row %d is the first", name, f, len(got.RowIDs()), len(*want), id)
		}
		o.isWanted(t, "filtered", got)
	}
}

// areWritten reads CSV and JSON lines back by Go's own readers.
func (o oracle) areWritten(t *testing.T, v *result.View) {
	t.Helper()
	var file bytes.Buffer
	_, err := result.Write(t.Context(), &file, v, result.Options{Format: result.NDJSON})
	check(t, err)
	decoder := json.NewDecoder(&file)
	decoder.UseNumber()
	for row, id := range v.RowIDs() {
		var got map[string]any
		check(t, decoder.Decode(&got))
		if len(got) != len(o[id]) {
			t.Fatalf("row %d has %d values, want %d", row, len(got), len(o[id]))
		}
		for name, want := range o[id] {
			if g, w := fmt.Sprintf("%q", got[name]), fmt.Sprintf("%q", asJSON(v, row, name, want)); g != w {
				t.Fatalf("row %d, %s as JSON is %s, want %s", row, name, g, w)
			}
		}
	}
	file.Reset()
	_, err = result.Write(t.Context(), &file, v, result.Options{Format: result.CSV, CSV: result.CSVOptions{Machine: true, LF: true}})
	check(t, err)
	lines, err := csv.NewReader(bytes.NewReader(bytes.ReplaceAll(bytes.TrimPrefix(file.Bytes(), []byte("\ufeff")), []byte("\r"), []byte("<CR>")))).ReadAll()
	check(t, err)
	for row, line := range lines[1:] {
		for col, got := range line {
			name := v.Header(col)
			if want := o[v.RowID(row)][name]; want.Kind == result.KindText && got != strings.ReplaceAll(valid(want.Text), "\r", "<CR>") {
				t.Fatalf("row %d, %s as CSV is %q, want %q", row, name, got, want.Text)
			}
		}
	}
}

// valid has a replacement character for each byte, and for each surrogate, that is none of UTF-8.
func valid(text string) string {
	var b strings.Builder
	for len(text) > 0 {
		if len(text) > 2 && text[0] == 0xED && text[1] >= 0xA0 && text[1] <= 0xBF && text[2]&0xC0 == 0x80 {
			b.WriteRune('\uFFFD')
			text = text[3:]
			continue
		}
		for _, r := range text {
			b.WriteRune(r)
			size := len(string(r))
			if r == '\uFFFD' && !strings.HasPrefix(text, "\uFFFD") {
				size = 1
			}
			text = text[size:]
			break
		}
	}
	return b.String()
}

// asJSON is what a reader of JSON is to get.
func asJSON(v *result.View, row int, name string, want result.Value) any {
	switch want.Kind {
	case result.KindNull:
		return nil
	case result.KindText, result.KindNested:
		return valid(want.Text)
	case result.KindBool:
		return want.Bool
	case result.KindInt:
		return json.Number(strconv.FormatInt(want.Int, 10))
	case result.KindUint:
		return json.Number(strconv.FormatUint(want.Uint, 10))
	case result.KindDecimal:
		return json.Number(want.Text)
	case result.KindList:
		items := []any{}
		for _, item := range want.Items {
			items = append(items, valid(item))
		}
		return items
	}
	col, _ := v.Column(name)
	if want.Kind == result.KindFloat && !math.IsNaN(want.Float) && !math.IsInf(want.Float, 0) {
		return json.Number(v.Cell(row, col))
	}
	text := v.Cell(row, col)
	if want.Kind == result.KindTime {
		text = strings.Replace(text, " ", "T", 1)
		if ticks := want.Time.Ticks % 10_000_000; ticks > 0 { // a cell shows whole seconds
			const seconds = len("2006-01-02T15:04:05")
			text = text[:seconds] + strings.TrimRight(fmt.Sprintf(".%07d", ticks), "0") + text[seconds:]
		}
	}
	return text
}

// TestKindsShareNoValue: cells of one column that are the same letter by letter and of other
// kinds are found and sorted each as what it is.
func TestKindsShareNoValue(t *testing.T) {
	table := result.NewTable(result.Provenance{})
	b, name := table.Builder(), []byte("X")
	for _, add := range []func(){
		func() { b.Text(name, []byte("4099")) },
		func() { b.Bytes(name, []byte("4099")) }, // shown as NDA5OQ==
		func() { b.Decimal(name, []byte("4099")) },
		func() { b.Text(name, []byte("4099")) },
	} {
		b.BeginRow()
		add()
		check(t, b.EndRow())
	}
	v := table.Snapshot()
	for word, want := range map[string][]int{"4099": {0, 2, 3}, "NDA5OQ": {1}} {
		found, err := v.Filter(t.Context(), result.Filter{Text: word})
		check(t, err)
		if got := found.RowIDs(); !slices.Equal(got, want) {
			t.Errorf("%s is in rows %v, want %v", word, got, want)
		}
	}
	sorted, err := v.SortedBy(t.Context(), result.SortKey{})
	check(t, err)
	if got := sorted.RowIDs(); !slices.Equal(got, []int{2, 0, 3, 1}) { // the number before the texts
		t.Errorf("sorted as rows %v", got)
	}
}
