package app

import (
	"testing"

	"postroom/app/desktest"
)

func TestHelpAndAbout(t *testing.T) {
	desktest.German(t)
	w, _ := withDemo(t)
	showKeys(w.desk, w.commands)
	desktest.Shot(t, w.desk, "keys german")
	w.desk.Sheets.Top().Leave()
	showAbout(w.desk, w.app.config, w.app.state)
	desktest.Shot(t, w.desk, "about german")
	w.desk.Sheets.Top().Leave()
	if w.desk.Sheets.Count() != 0 {
		t.Error("a page stays")
	}
	desktest.Shot(t, w.desk, "welcome german")
}
