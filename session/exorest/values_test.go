package exorest

import (
	"strings"
	"testing"

	"postroom/session/result"
)

// cellsOf reads one row.
func cellsOf(t *testing.T, members string) (*result.View, envelope) {
	t.Helper()
	table := result.NewTable(result.Provenance{})
	r := &rowReader{to: table.Builder(), scanner: newScanner(strings.NewReader(`{"value":[{` + members + `}],"@odata.nextLink":"x","adminapi.warnings@odata.type":"#Collection(String)","@adminapi.warnings":["w"],"later":{"unknown":[1]}}`))}
	e, err := r.page()
	if err != nil {
		t.Fatalf("%s: %v", members, err)
	}
	return table.Snapshot(), e
}

// What the service writes, and what it means: the annotation before a property, data.type
// before odata.type; a bare text by its form, a length of time by the property's name as
// well; what no annotation explains by its kind in JSON.
func TestValuesOnTheWire(t *testing.T) {
	for _, c := range []struct {
		wire string // of the property P, or of what the name says
		kind result.Kind
		text string // as it is shown
	}{
		{`"P@data.type":"System.Guid","P@odata.type":"#Guid","P":"c2c1f0de-52aa-4c1c-9c2b-0d3c7c7a1101"`, result.KindText, "c2c1f0de-52aa-4c1c-9c2b-0d3c7c7a1101"},
		{`"P@data.type":"System.DateTime","P":"2024-03-31T08:07:47.0000000+00:00"`, result.KindTime, "2024-03-31 08:07:47"},
		{`"P@data.type":"System.DateTime","P":"2024-03-31T08:07:47.1234567Z"`, result.KindTime, "2024-03-31 08:07:47"},
		{`"P":"2024-03-31T08:07:47.0000000"`, result.KindTime, "2024-03-31 08:07:47"},
		{`"P":"2024-03-31T08:07:47Z"`, result.KindText, "2024-03-31T08:07:47Z"},
		{`"P@data.type":"System.DateTime","P":"soon"`, result.KindText, "soon"},
		{`"P@data.type":"System.Int32","P":-5`, result.KindInt, "-5"},
		{`"P@data.type":"System.Int16","P@odata.type":"#Int16","P":7`, result.KindInt, "7"},
		{`"P@odata.type":"#Int64","P":"9007199254740993"`, result.KindInt, "9007199254740993"},
		{`"P@data.type":"System.UInt16","P@odata.type":"#Decimal","P":2048`, result.KindUint, "2048"},
		{`"P@odata.type":"#Decimal","P@data.type":"System.UInt16","P":2048`, result.KindUint, "2048"}, // data.type wins wherever it stands
		{`"P@data.type":"System.Unknown","P":12`, result.KindInt, "12"},
		{`"P@data.type":"System.Unknown","P":true`, result.KindBool, ""},
		{`"P@odata.type":"#Collection(String)","P":["a","b"]`, result.KindList, ""},
		{`"P@odata.type":"#Collection(String)","P":[]`, result.KindList, ""},
		{`"P":null`, result.KindNull, ""},
		{`"P":false`, result.KindBool, ""},
		{`"P":"Local"`, result.KindText, "Local"},
		{`"P":"99 GB (106,300,440,576 bytes)"`, result.KindText, "99 GB (106,300,440,576 bytes)"},
		{`"RetainDeletedItemsFor":"14.00:00:00"`, result.KindDuration, ""},
		{`"P":"14.00:00:00"`, result.KindText, "14.00:00:00"}, // of a property that holds none
		{`"LitigationHoldDuration":"Unlimited"`, result.KindText, "Unlimited"},
		{`"P":"500"`, result.KindText, "500"},
		{`"P":"{\"a\":1}"`, result.KindText, `{"a":1}`},
		{`"P":"a\r\nb\u00a7c"`, result.KindText, "a\r\nb§c"},
		{`"P":"Microsoft.Exchange.Data.Directory.Thing"`, result.KindText, "Microsoft.Exchange.Data.Directory.Thing"},
		{`"P@data.type":"X.Y","P":{"Q@data.type":"System.Int32","Q":1}`, result.KindNested, ""},
		{`"O@data.type":"System.Int32","P":"not its own"`, result.KindText, "not its own"},
		{`"a@b.example":"no annotation"`, result.KindText, "no annotation"},
	} {
		v, e := cellsOf(t, c.wire)
		if _, columns := v.Size(); columns != 1 {
			t.Errorf("%s: columns %q", c.wire, v.Headers())
			continue
		}
		cell := v.Value(0, 0)
		text := cell.Text
		switch cell.Kind {
		case result.KindTime:
			text = cell.Time.Time().UTC().Format("2006-01-02 15:04:05")
		case result.KindInt, result.KindUint:
			text = v.Cell(0, 0)
		}
		if cell.Kind != c.kind || c.text != "" && text != c.text {
			t.Errorf("%s is %v %q, not %v %q", c.wire, cell.Kind, text, c.kind, c.text)
		}
		if e.next != "x" || len(e.warnings) != 1 { // behind the rows: any order will do
			t.Errorf("%s: link %q, warnings %q", c.wire, e.next, e.warnings)
		}
	}
}
