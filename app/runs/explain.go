package runs

import (
	"context"
	"errors"

	"postroom/app/desk"
	"postroom/session"
	"postroom/session/cmdlet"
)

// explaining shows in a tab's form what the server says of the cmdlet.
type explaining struct {
	desk   *desk.Desk
	server explainer
	cmdlet string         // "" for none
	target session.Target // the tab's
	show   func(cmdlet.Help)

	asked bool   // the server was asked for help, or is
	unask func() // ends the question; nil before the first
}

// explainer asks a server what it says itself about a cmdlet: the session.Manager.
type explainer interface {
	Explain(ctx context.Context, t session.Target, cmdletName string) (cmdlet.Help, error)
}

// explain asks the server what it says itself about the cmdlet, where a session of the
// tenant is idle, and shows beside the fields what only the server knows. Nobody waits for
// it, and what goes wrong leaves the form as it is.
func (t *explaining) explain() {
	if t.cmdlet == "" || t.asked {
		return
	}
	t.asked = true
	ctx, cancel := context.WithCancel(context.Background())
	t.unask = cancel
	t.desk.Spawn(func() { // ends with the answer, with the session, or with the tab
		defer cancel()
		help, err := t.server.Explain(ctx, t.target, t.cmdlet)
		t.desk.Post(func() {
			switch {
			case err == nil:
				t.show(help)
			case errors.Is(err, session.ErrNotIdle):
				t.asked = false // the next idle session is asked
			}
		})
	})
}

// explainIn asks when a session of the tab's tenant has become idle.
func (t *explaining) explainIn(infos []session.Info) {
	for _, i := range infos {
		if i.State == session.Idle && i.Holder == t.target.Holder() && i.Tenant.Domain == t.target.Tenant.Domain {
			t.explain()
			return
		}
	}
}

// end ends the question that is under way.
func (t *explaining) end() {
	if t.unask != nil {
		t.unask()
	}
}
