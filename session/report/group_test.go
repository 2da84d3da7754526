package report_test

import (
	"testing"

	"postroom/session/report"
)

// Each group of the catalogue has a German name; a group of one's own stays as it is called.
func TestGroupsAreNamedInGerman(t *testing.T) {
	for _, r := range catalogue(t) {
		if title := report.GroupTitle(r.InGroup()); title.De == "" || title.En != r.Group {
			t.Errorf("%s: %q is called %+v", r.Name, r.Group, title)
		}
	}
	own := report.Report{Own: true}
	if title := report.GroupTitle(own.InGroup()); title.In("de") != "Meine Berichte" || title.In("en") != "My reports" {
		t.Errorf("%+v", title)
	}
	own.Group = "Mine and yours"
	if title := report.GroupTitle(own.InGroup()); title.In("de") != own.Group {
		t.Errorf("%+v", title)
	}
}
