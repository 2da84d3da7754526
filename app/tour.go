package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"postroom/app/gallery"
	"postroom/app/runs"
	"postroom/app/settings"
	"postroom/app/tenants"
	"postroom/app/tour"
	"postroom/widgets"
)

// tourReport is the report that the tour runs in two tenants: it has marks and something
// to draw.
const tourReport = "mailbox-sizes"

// Tour drives the window through the whole job, as a person would: sign in to
// the demo, choose a tenant, run, filter, change the tenant, ask several at once,
// find a report, look at its chart, export, disconnect. It leaves a picture of each step and the exported file
// in dir, and ends the program. The error says which step failed. It must not be
// called on the UI thread.
func (a *App) Tour(ctx context.Context, dir string) error {
	t, err := tour.New(a.window.desk, dir)
	if err != nil {
		return err
	}
	err = tourSteps(ctx, a.window, t, dir)
	if err != nil {
		err = errors.Join(fmt.Errorf("tour: %w", err), t.Failed())
	}
	a.post(a.window.closing.now)
	return err
}

// tourSteps are the steps of the tour.
func tourSteps(ctx context.Context, w *mainWindow, t *tour.Tour, dir string) error {
	var tab *runs.Tab
	front := func(tab **runs.Tab) { w.middle.withFront(func(t *runs.Tab) { *tab = t }) }
	tenant := func(i int) string { return w.demo.Server.Tenants()[i].Domain }
	steps := []struct {
		name string
		do   func()
		done func() bool
	}{
		{"welcome", func() { w.look.setTheme(settings.Light) }, func() bool { return w.window.Canvas().Size().Width > 0 }},
		{"sign-in", w.startDemo, func() bool { return w.demo != nil && w.desk.Sheets.Top() != nil }},
		{"connected", func() {
			w.desk.Sheets.Top().Leave()
			dialog := w.connector.ShowDemo(w.demo.Demo)
			dialog.SetTenant(w.demo.book.Of(tenant(0)))
			dialog.Submit()
		}, func() bool { return w.accounts.now != nil }},
		{"form", func() { w.opening.cmdlet("Get-Mailbox"); front(&tab) }, func() bool { return true }},
		{"rows", func() { tab.Form().Run() }, func() bool { return tab.Ran() }},
		{"filtered", func() {
			tab.Filter(tab.Shown().Cell(0, 0))
			tab.Sort(widgets.SortKey{Col: 0, Order: widgets.Descending})
		}, func() bool {
			rows, _ := tab.Shown().Size()
			return rows < tab.Summary().Rows
		}},
		{"second-tenant", func() {
			w.tenants.chosen(tenants.Item(w.demo.book.Of(tenant(1))))
			w.opening.cmdlet("Get-TransportRule")
			front(&tab)
			tab.Form().Run()
		}, func() bool { return tab.Ran() }},
		{"several-tenants", func() {
			w.opening.cmdlet("Get-TransportRule")
			front(&tab)
			tab.UseTenants(w.demo.book.All())
			tab.Form().Run()
		}, func() bool { return tab.Ran() && tab.Summary().Whole() }},
		{"gallery", func() { w.gallery.lookAt(foundReport + tourReport) }, func() bool { return true }},
		{"report", func() {
			tab = w.opening.chosen(foundReport+tourReport, gallery.Choice{Tenants: w.demo.book.All()[:2]})
			tab.Form().Run()
		}, func() bool { return tab.Ran() && tab.Summary().Whole() }},
		{"chart", func() { tab.Chart() }, func() bool { return tab.Drawn() }},
		{"dark", func() { w.look.setTheme(settings.Dark) }, func() bool { return true }},
	}
	for _, s := range steps {
		if err := t.Step(ctx, s.name, s.do, s.done); err != nil {
			return err
		}
		if tab != nil && tab.Err() != nil {
			return fmt.Errorf("%s: %w", s.name, tab.Err())
		}
	}
	if err := exportTour(ctx, t, tab, dir); err != nil {
		return err
	}
	if err := t.Step(ctx, "disconnected", w.sessions.CloseAll, func() bool { return len(w.app.manager.Sessions()) == 0 }); err != nil {
		return err
	}
	if open := w.demo.Server.Stats().OpenShells; open != 0 {
		return fmt.Errorf("the server still has %d sessions", open)
	}
	return nil
}

// exportTour writes what the tab shows.
func exportTour(ctx context.Context, t *tour.Tour, tab *runs.Tab, dir string) error {
	var failed error
	err := t.OnUI(ctx, func() {
		var x runs.Extract
		tab.Extract(func(e runs.Extract) { x = e }) // it has run, and nothing is selected
		v, options := (&exportChoices{}).of(x).take(".csv")
		_, failed = writeExport(ctx, filepath.Join(dir, v.Provenance().FileName(".csv")), v, options)
	})
	if err = errors.Join(err, failed); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}
