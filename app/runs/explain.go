package runs

import (
	"context"
	"errors"

	"postroom/session"
)

// explaining shows in a tab's form what the server says of the cmdlet.
type explaining struct {
	*Tab

	asked bool   // the server was asked for help, or is
	unask func() // ends the question; nil before the first
}

// explain asks the server what it says itself about the cmdlet, where a session of the
// tenant is idle, and shows beside the fields what only the server knows. Nobody waits for
// it, and what goes wrong leaves the form as it is.
func (t *explaining) explain() {
	if t.cmdlet.Name == "" || t.asked {
		return
	}
	t.asked = true
	ctx, cancel := context.WithCancel(context.Background())
	t.unask = cancel
	t.Desk.Spawn(func() { // ends with the answer, with the session, or with the tab
		defer cancel()
		help, err := t.Manager.Explain(ctx, t.base, t.cmdlet.Name)
		t.Desk.Post(func() {
			switch {
			case err == nil:
				t.form.SetHelp(t.formHooks.sendable(formSpec(t.Known, t.cmdlet, help)))
			case errors.Is(err, session.ErrNotIdle):
				t.asked = false // the next idle session is asked
			}
		})
	})
}

// explainIn asks when a session of the tab's tenant has become idle.
func (t *explaining) explainIn(infos []session.Info) {
	for _, i := range infos {
		if i.State == session.Idle && i.Holder == t.base.Holder() && i.Tenant.Domain == t.base.Tenant.Domain {
			t.explain()
			return
		}
	}
}
