package app

import (
	"strings"

	"postroom/app/desk"
	page "postroom/app/history"
	"postroom/session"
	"postroom/session/history"
)

// pastRuns are what ran on this computer, and what can be done with it now.
type pastRuns struct {
	desk     *desk.Desk
	book     *history.Book
	accounts *accounts
	tenants  *tenantLists
	reports  *reportList
	opening  *opening
	middle   *middle
	traced   func(session.Target) session.Target
}

// show lists what ran on this computer.
func (p *pastRuns) show() {
	page.Show(p.desk, p.book, page.Deeds{Title: p.title, Open: p.middle.openKept, Compare: p.middle.openDifference, Again: p.again})
}

// title is what people call a run.
func (p *pastRuns) title(e history.Entry) string {
	if e.Report == "" {
		return e.Title()
	}
	return p.reports.titleOf(e.Report)
}

// again opens the report of a run, or a form filled in with its command.
func (p *pastRuns) again(e history.Entry) {
	if e.Report != "" {
		p.opening.report(e.Report)
		return
	}
	if !strings.Contains(e.Command, " ") { // a cmdlet alone is no line to paste
		p.opening.cmdlet(e.Command)
		return
	}
	p.opening.found(pastedLine + e.Command)
}

// live is where the rows of a kept run's tenant would be asked for now.
func (p *pastRuns) live(e history.Entry, domain string) (session.Target, bool) {
	target, ok := p.accounts.named(e.Account, e.Endpoint)
	if ok {
		target.Tenant = p.tenants.of(target.Endpoint).Of(domain)
	}
	return p.traced(target), ok
}
