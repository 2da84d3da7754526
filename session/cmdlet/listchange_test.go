package cmdlet_test

import (
	"reflect"
	"testing"

	"postroom/session/cmdlet"
)

// A change is read as it was written, whatever is in its texts.
func TestListChange(t *testing.T) {
	for want, c := range map[string]cmdlet.ListChange{
		"":                                   {},
		"@{Add='a','b';Remove='c'}":          {Add: []string{"a", "b"}, Remove: []string{"c"}},
		"@{Remove='O’’Neil, Ada'}":           {Remove: []string{"O’Neil, Ada"}},
		"@{Add='a;b','c}d','it''s','x=y ,'}": {Add: []string{"a;b", "c}d", "it's", "x=y ,"}},
		"@{Add=\"tab`there\"}":               {Add: []string{"tab\there"}},
	} {
		if got := c.PowerShell(); got != want {
			t.Errorf("%+v is %q, want %q", c, got, want)
		}
		if again, ok := cmdlet.ReadListChange(want); ok != (want != "") || !reflect.DeepEqual(again, c) {
			t.Errorf("%q is %+v, %t", want, again, ok)
		}
	}
	for text, want := range map[string]cmdlet.ListChange{
		"@{}": {},
		" @{ remove = \"c\" ; ADD = ‘a’ , 'b' }\n": {Add: []string{"a", "b"}, Remove: []string{"c"}},
	} {
		if got, ok := cmdlet.ReadListChange(text); !ok || !reflect.DeepEqual(got, want) {
			t.Errorf("%q is %+v, %t", text, got, ok)
		}
	}
	for _, text := range []string{"$null", "one", "@('a')", "@{Add=1}", "@{Add='a'} x", "@{Other='a'}", "@{Add='a'", "@{Add='a';Add='b'}", "@{Add=$x}", "'a'"} {
		if c, ok := cmdlet.ReadListChange(text); ok {
			t.Errorf("%q is %+v", text, c)
		}
	}
}
