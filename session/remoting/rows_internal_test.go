package remoting

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"postroom/session"
	"postroom/session/clixml"
	"postroom/session/psrp"
	"postroom/session/result"
	"postroom/test/fixture"
)

// rowKeeper is a sink that keeps rows and messages.
type rowKeeper struct {
	*result.Builder
	said []session.Message
}

func (k *rowKeeper) Message(m session.Message) { k.said = append(k.said, m) }

func (k *rowKeeper) Ask(context.Context, session.Prompt) (session.Answer, error) {
	return session.Answer{}, session.ErrNoAnswer
}

// read feeds payloads to a run that then ends, and gives its rows and messages.
func read(t *testing.T, events ...psrp.Event) (*result.View, []session.Message) {
	t.Helper()
	table := result.NewTable(result.Provenance{})
	sink := &rowKeeper{Builder: table.Builder()}
	c := call{sink: sink}
	for _, e := range events {
		if err := c.handle(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	c.finish()
	return table.Snapshot(), sink.said
}

func output(payload string) psrp.Event { return psrp.Output{Payload: []byte(payload)} }

// TestNullsAreNoRows: nothing that the server put out is no row, also in front.
func TestNullsAreNoRows(t *testing.T) {
	v, said := read(t, output(""), output("<Nil/>"),
		output(`<Obj RefId="0"><Props><S N="Name">a</S></Props></Obj>`), output(""),
		output(`<Obj RefId="0"><Props><Nil N="Name" /></Props></Obj>`))
	if rows, _ := v.Size(); rows != 2 || strings.Join(v.Headers(), " ") != "Name" || len(said) != 0 {
		t.Errorf("%d rows, columns %q, messages %v, want 2 rows of Name", rows, v.Headers(), said)
	}
}

// TestDictionariesHaveTheirKeysAsColumns as Export-Csv of PowerShell 7.2 does it.
func TestDictionariesHaveTheirKeysAsColumns(t *testing.T) {
	v, _ := read(t, output(`<Obj RefId="0"><TN RefId="0"><T>System.Collections.Hashtable</T></TN><DCT>`+
		`<En><S N="Key">a</S><I32 N="Value">1</I32></En><En><S N="Key">b</S><S N="Value">x</S></En></DCT></Obj>`))
	if h := strings.Join(v.Headers(), " "); h != "a b" || v.Value(0, 0).Int != 1 || v.Cell(0, 1) != "x" {
		t.Errorf("columns %q, want a and b", h)
	}
}

// TestUndecodedValuesAreKept: one value of many that cannot be decoded, and one row that
// is no CLIXML, cost nothing else; the run says so at its end.
func TestUndecodedValuesAreKept(t *testing.T) {
	v, said := read(t,
		output(`<Obj RefId="0"><Props><S N="Name">a</S><DT N="When">2024-03-04T05:06:07Z</DT></Props></Obj>`),
		output(`<Obj RefId="0"><Props><S N="Name">b</S><DT N="When">yesterday</DT></Props></Obj>`),
		output(`<Obj RefId="0"><Props><S N="Name">c</S>`),
		output(`<Obj RefId="0"><Props><S N="Name">d</S></Props></Obj>`))
	var got []string
	for row := range 4 {
		cells := []string{}
		for col := range v.Headers() {
			cells = append(cells, v.Cell(row, col))
		}
		got = append(got, strings.Join(cells, "|"))
	}
	want := []string{
		"a|2024-03-04 05:06:07Z|", "b|yesterday (not decoded)|",
		`||<Obj RefId="0"><Props><S N="Name">c</S> (not decoded)`, "d||",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("rows are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	var undecoded *session.UndecodedError
	if len(said) != 1 || said[0].Kind != session.MessageError || !errors.As(said[0].Err, &undecoded) {
		t.Fatalf("messages %v, want one error", said)
	}
	var syntax *clixml.SyntaxError
	if values, rows := undecoded.Undecoded(); values != 2 || rows != 2 || !errors.As(undecoded, &syntax) {
		t.Errorf("%d values in %d rows, %v", values, rows, undecoded)
	}
}

// TestUnreadErrorsAreErrors: an error record that cannot be decoded counts as one, and
// says what can be had of its text.
func TestUnreadErrorsAreErrors(t *testing.T) {
	for payload, want := range map[string]string{
		`<Obj><MS><S N="ErrorDetails_Message">The mailbox &amp; more_x000A_is gone</S><Obj N="x"`:            "The mailbox & more is gone",
		`<Obj><ToString>Access denied</ToString><MS><DT N="d">never</DT></MS></Obj>`:                         "Access denied",
		`<Obj><MS><S N="ErrorDetails_Message"></S><S N="Message">No such user` + "\xFF" + `</S></Obj></Obj>`: "No such user\uFFFD",
		`<a>one</a><b>two`: "one two",
		`garbage`:          "garbage",
	} {
		_, said := read(t, psrp.Unknown{Type: psrp.MsgErrorRecord, Payload: []byte(payload), Err: errors.New("no payload")})
		var remote *psrp.RemoteError
		if len(said) != 1 || said[0].Kind != session.MessageError || said[0].Text != want || !errors.As(said[0].Err, &remote) {
			t.Errorf("%q: %+v, want the error %q", payload, said, want)
		}
	}
	_, said := read(t, psrp.Unknown{Type: psrp.MsgErrorRecord, Err: errors.New("no payload")})
	var unread *session.UnreadMessage
	if len(said) != 1 || said[0].Kind != session.MessageError || !errors.As(said[0].Err, &unread) || said[0].Text != unread.Error() {
		t.Errorf("without a text: %+v", said)
	}
}

// TestHugeRowsAreBounded: rows of the kinds that stopped or filled the program take less
// than 700 MB, and what is too much is a sentence and the rest of the run.
func TestHugeRowsAreBounded(t *testing.T) {
	names := func(n int) string {
		var b strings.Builder
		for range 2 {
			for i := range n {
				fmt.Fprintf(&b, `<I32 N="n%d">1</I32>`, i)
			}
		}
		return `<Obj RefId="0"><MS>` + b.String() + `</MS></Obj>`
	}
	for name, c := range map[string]struct {
		payload   string
		long      bool // too long for each run of the tests
		tooWide   bool
		undecoded bool
	}{
		"names twice":    {payload: names(60_000)},
		"250,000 names":  {payload: names(250_000), tooWide: true},
		"a wide list":    {payload: `<Obj RefId="0"><LST>` + strings.Repeat("<Nil/>", 5_000_000) + `</LST></Obj>`, undecoded: true, long: true},
		"a deep object":  {payload: strings.Repeat(`<Obj><MS><Obj N="a">`, 500_000), undecoded: true},
		"a million nils": {payload: `<Obj RefId="0"><LST>` + strings.Repeat("<Nil/>", 1_000_000/fixture.OneOf(5)) + `</LST></Obj>`},
	} {
		if c.long && fixture.OneOf(2) > 1 {
			continue
		}
		table := result.NewTable(result.Provenance{})
		c2 := call{sink: &rowKeeper{Builder: table.Builder()}}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := c2.handle(t.Context(), output(c.payload))
		runtime.ReadMemStats(&after)
		var limit *result.ColumnLimitError
		if errors.As(err, &limit) != c.tooWide || !c.tooWide && err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if (c2.rows.undecoded() != nil) != c.undecoded {
			t.Errorf("%s: %v", name, c2.rows.undecoded())
		}
		if n := (after.TotalAlloc - before.TotalAlloc) >> 20; n > 700 {
			t.Errorf("%s: %d MB were allocated in all", name, n)
		} else {
			t.Logf("%s: %d MB allocated in all", name, n)
		}
	}
}
