package psrp_test

import (
	"testing"

	"postroom/session/clixml"
	"postroom/session/psrp"
)

func TestCommandsHash(t *testing.T) {
	dictionary := func(key string, v clixml.Value) *clixml.Object {
		return &clixml.Object{Kind: clixml.Dictionary, Entries: []clixml.Entry{{Key: "Other", Value: "x"}, {Key: key, Value: v}}}
	}
	for name, test := range map[string]struct {
		data clixml.Value
		want string
	}{
		"Exchange":      {dictionary("ImplicitRemoting", dictionary("Hash", int32(-1846152))), "-1846152"},
		"text":          {dictionary("ImplicitRemoting", dictionary("Hash", "a1")), "a1"},
		"no hash":       {dictionary("ImplicitRemoting", dictionary("Sum", int32(1))), ""},
		"not a number":  {dictionary("ImplicitRemoting", dictionary("Hash", dictionary("Hash", int32(1)))), ""},
		"no dictionary": {dictionary("ImplicitRemoting", int32(1)), ""},
		"Windows":       {dictionary("PSVersionTable", nil), ""},
		"nothing":       {nil, ""},
		"text alone":    {"x", ""},
	} {
		if got := (psrp.PrivateData{Value: test.data}).CommandsHash(); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}
