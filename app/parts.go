package app

import (
	"postroom/app/settings"
	"postroom/app/system"
	"postroom/session"
)

// windowParts are what the window does with its panels, by subject.
type windowParts struct {
	tenants   *tenantLists
	roles     *roles
	reports   *reportList
	cmdlets   *cmdletList
	contents  *sideContents
	search    *searching
	opening   *opening
	palette   *palette
	own       *ownReports
	schedules *scheduling
	history   *pastRuns
	commands  *commands
	closing   *closing
	exporter  *exporter
	recorder  *recorder
}

// newWindowParts makes the parts, each with what it needs of the others. The panels that
// they call are filled later.
func newWindowParts(w *mainWindow) windowParts {
	a := w.app
	p := windowParts{
		cmdlets: &cmdletList{accounts: w.accounts, finder: w.finder},
		roles: &roles{
			desk: w.desk, accounts: w.accounts, key: a.manager.CommandsKey, asking: map[session.ID]string{},
			changed: func() { w.cmdlets.makeFindable(); w.connectionChanged() },
		},
		reports: &reportList{
			desk: w.desk, finder: w.finder, accounts: w.accounts, config: a.config,
			loaded: func() { w.contents.show(); w.gallery.readLastRuns() },
		},
		exporter: &exporter{desk: w.desk, saver: w.saver, exports: a.exports, copy: func(png []byte) error { return system.CopyPicture(png, a.manager.Guard) }},
		recorder: newRecorder(w.desk, w.saver),
	}
	p.tenants = &tenantLists{
		desk: w.desk, accounts: w.accounts, kept: a.tenants, directory: a.directory, find: a.access.Finder.Tenant,
		demo: func() *demoPlace { return w.demo }, roles: p.roles, changed: w.connectionChanged, follow: w.middle.follow,
	}
	p.opening = &opening{
		accounts: w.accounts, reports: p.reports, finder: w.finder, middle: w.middle, traced: p.recorder.traced, folder: w.saver.Folder,
		answers: w.gallery.answers, signIn: func() { w.connector.Show() },
	}
	*w.gallery = galleryPage{
		remembering: w.kept, accounts: w.accounts, reports: p.reports, tenants: p.tenants, finder: w.finder, opening: p.opening,
		side: w.side, middle: w.middle, book: a.history, folder: w.saver.Folder,
	}
	p.search = &searching{accounts: w.accounts, reports: p.reports, cmdlets: p.cmdlets, side: w.side, gallery: w.gallery, middle: w.middle, finder: w.finder}
	p.contents = &sideContents{
		desk: w.desk, accounts: w.accounts, reports: p.reports, cmdlets: p.cmdlets, finder: w.finder, side: w.side, search: p.search,
		gallery: w.gallery, opening: p.opening,
	}
	p.palette = &palette{
		window: w.window, accounts: w.accounts, tenants: p.tenants, reports: p.reports, cmdlets: p.cmdlets, finder: w.finder,
		opening: p.opening, actions: func() []action { return w.commands.found() },
	}
	p.history = &pastRuns{
		desk: w.desk, book: a.history, accounts: w.accounts, tenants: p.tenants, reports: p.reports, opening: p.opening, middle: w.middle,
		traced: p.recorder.traced,
	}
	p.closing = &closing{
		desk: w.desk, window: w.window, manager: a.manager, settings: a.settings, changing: w.middle.changing, shutdown: a.Shutdown,
		arranged: func() func(*settings.Settings) { return w.look.now() }, end: w.quit,
		writing: func() bool { return p.exporter.under > 0 }, finish: a.exports.finish,
		demo: func() *demoPlace { return w.demo },
	}
	p.schedules = &scheduling{desk: w.desk, saver: w.saver, config: a.config, opening: p.opening, withFront: w.middle.withFront}
	p.own = &ownReports{desk: w.desk, saver: w.saver, reports: p.reports, opening: p.opening, schedules: p.schedules}
	return p
}
