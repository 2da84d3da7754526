package exchange

import (
	"reflect"
	"testing"
	"time"

	"postroom/session/clixml"
)

// What the tables write must be what the kinds of their columns are, in every
// row of every class.
func TestTablesMakeWhatTheyPromise(t *testing.T) {
	s := New(Options{Rows: 40, Seed: 3, Epoch: time.Date(2026, 3, 4, 5, 0, 0, 0, time.UTC)})
	for _, tenant := range s.Listed()[:2] {
		for _, c := range load().classes {
			tb := tenant.table(c)
			ch := tb.state.Load()
			var r record
			for i := range min(tb.rows(ch), 60) {
				if !tb.load(ch, i, &r, nil) {
					continue
				}
				for k, info := range c.columns {
					if v := r.cells[k]; v != nil && reflect.TypeOf(v) != kindTypes[info.kind] {
						t.Errorf("%s row %d: %s holds a %T, %v", c.name, i, info.name, v, v)
					}
				}
			}
		}
	}
}

var kindTypes = map[kind]reflect.Type{
	kindText: reflect.TypeFor[string](), kindBool: reflect.TypeFor[bool](), kindInt32: reflect.TypeFor[int32](), kindInt64: reflect.TypeFor[int64](),
	kindFloat: reflect.TypeFor[float64](), kindTime: reflect.TypeFor[clixml.DateTime](), kindSpan: reflect.TypeFor[clixml.Duration](), kindGUID: reflect.TypeFor[clixml.GUID](),
	kindVersion: reflect.TypeFor[clixml.Version](), kindList: reflect.TypeFor[[]string](), kindSize: reflect.TypeFor[quota](),
}
