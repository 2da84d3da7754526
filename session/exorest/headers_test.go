package exorest_test

import (
	"strings"
	"testing"
)

// A request says our own name, and nothing that only Microsoft's module in a PowerShell
// could say of itself; so does the one for the module file (docs/decisions/0013).
func TestARequestSaysWhoAsks(t *testing.T) {
	w := newWorld(t, playing(widgetModule(t), sampleResponse{Status: 200, Body: []byte(`{"value":[]}`)}))
	c := w.dial(&tokens{tenant: tenant})
	if _, err := c.Commands(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.Run(t.Context(), call("Get-Widget"), newHeard()); err != nil {
		t.Fatal(err)
	}
	all := w.requests()
	if len(all) != 2 || all[0].header.Get("CommandName") != "*" {
		t.Fatalf("%+v", all)
	}
	for _, r := range all {
		if r.header.Get("User-Agent") != "Postroom/0.9" || r.header.Get("X-ClientApplication") != "Postroom" {
			t.Errorf("%s: %v", r.uri, r.header)
		}
		for name := range r.header {
			switch strings.ToLower(name) {
			case "ps-version", "exomodule-version", "x-clientmoduleversion", "is-cloud-shell-environment", "is-cloud-shell", "os-version":
				t.Errorf("%s says %s", r.uri, name)
			}
		}
	}
}
