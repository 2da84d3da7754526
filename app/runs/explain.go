package runs

import (
	"context"
	"errors"

	"postroom/session"
)

// explain asks the server what it says itself about the cmdlet, where a session of the
// tenant is idle, and shows beside the fields what only the server knows. Nobody waits for
// it, and what goes wrong leaves the form as it is.
func (t *Tab) explain() {
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
				t.form.SetHelp(t.sendable(formSpec(t.Known, t.cmdlet, help)))
			case errors.Is(err, session.ErrNotIdle):
				t.asked = false // the next idle session is asked
			}
		})
	})
}

// explainIn asks when a session of the tab's tenant has become idle.
func (t *Tab) explainIn(infos []session.Info) {
	for _, i := range infos {
		if i.State == session.Idle && i.Holder == t.base.Holder() && i.Tenant.Domain == t.base.Tenant.Domain {
			t.explain()
			return
		}
	}
}
