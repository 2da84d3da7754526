package remoting_test

import (
	"regexp"
	"testing"

	"postroom/session"
	"postroom/session/endpoint"
	"postroom/session/remoting"
)

// What is written down before a Create goes out has a shell id of its own, as WS-Man's
// servers take them, and says where only a cookie leads back to the shell.
func TestIntendedRecords(t *testing.T) {
	door, seen := &remoting.Door{}, map[string]bool{}
	for kind, farm := range map[endpoint.Kind]bool{
		endpoint.KindEOP: true, endpoint.KindOnline: true, endpoint.KindCompliance: true,
		endpoint.KindOnPremises: false, endpoint.KindWindows: false, endpoint.KindDemo: false, endpoint.KindOwn: false,
	} {
		at := endpoint.Endpoint{Kind: kind, URL: "https://here.example/PowerShell/", Configuration: "Microsoft.Exchange"}
		r := door.Intended(session.Target{Endpoint: at})
		if r.Affinity != farm || r.URL != at.URL || r.Configuration != at.Configuration {
			t.Errorf("%s: %+v", kind, r)
		}
		if !regexp.MustCompile(`^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$`).MatchString(r.ShellID) || seen[r.ShellID] {
			t.Errorf("%s: shell id %s", kind, r.ShellID)
		}
		seen[r.ShellID] = true
	}
}
