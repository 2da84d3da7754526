package app

import (
	"strings"

	page "postroom/app/history"
	"postroom/session"
	"postroom/session/history"
)

// pastRuns are what ran on this computer, and what can be done with it now.
type pastRuns struct{ window *mainWindow }

// show lists what ran on this computer.
func (p *pastRuns) show() {
	page.Show(p.window.desk, p.window.app.history, page.Deeds{Title: p.title, Open: p.window.middle.openKept, Compare: p.window.middle.openDifference, Again: p.again})
}

// title is what people call a run.
func (p *pastRuns) title(e history.Entry) string {
	if e.Report == "" {
		return e.Title()
	}
	return p.window.reports.titleOf(e.Report)
}

// again opens the report of a run, or a form filled in with its command.
func (p *pastRuns) again(e history.Entry) {
	if e.Report != "" {
		p.window.opening.report(e.Report)
		return
	}
	if !strings.Contains(e.Command, " ") { // a cmdlet alone is no line to paste
		p.window.opening.cmdlet(e.Command)
		return
	}
	p.window.opening.found(pastedLine + e.Command)
}

// live is where the rows of a kept run's tenant would be asked for now.
func (p *pastRuns) live(e history.Entry, domain string) (session.Target, bool) {
	target, ok := p.window.accounts.named(e.Account, e.Endpoint)
	if ok {
		target.Tenant = p.window.tenants.of(target.Endpoint).Of(domain)
	}
	return p.window.recorder.traced(target), ok
}
