package remoting_test

import (
	"testing"

	"postroom/session"
)

func TestTheServersKeyAndTheCountOfCommands(t *testing.T) {
	w := newWholePath(t, 1)
	if key := w.manager.CommandsKey(w.id); key == "" {
		t.Error("the session has no key for its commands")
	}
	if key := w.manager.CommandsKey(w.id + 1); key != "" {
		t.Errorf("a session that is not there has the key %q", key)
	}
	var counts [][2]int
	list, err := w.manager.Commands(session.NotifyCommands(t.Context(), func(came, all int) {
		counts = append(counts, [2]int{came, all})
	}), w.id)
	if err != nil || len(list) == 0 {
		t.Fatal(len(list), err)
	}
	for i, c := range counts {
		if c != [2]int{i + 1, len(list)} {
			t.Fatalf("%d: %v of %d", i, c, len(list))
		}
	}
	if len(counts) != len(list) {
		t.Errorf("%d of %d commands were told", len(counts), len(list))
	}
}
