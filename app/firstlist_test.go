package app

import (
	"context"
	"slices"
	"testing"
	"time"

	"postroom/session"
	"postroom/session/catalogue"
	"postroom/session/credential"
	"postroom/session/search"
)

// BenchmarkFirstList is the first list of an account in the window, over the demo with all
// that its roles allow. answered-ms is the yardstick of the first load (0.5 s): from the
// last description that was read to the list that a search goes through, the file on disk
// written meanwhile. The time of a round has the server's own work in it, as both share
// the computer.
func BenchmarkFirstList(b *testing.B) {
	a, q := newTestAppFor(b, credential.NewMemory(), nil)
	w := a.window
	w.startDemo()
	q.Until(b, "the demo", func() bool { return w.demo != nil && w.desk.Sheets.Top() != nil })
	w.desk.Sheets.Top().Leave()
	dialog := w.connector.ShowDemo(w.demo.Demo)
	dialog.SetTenant(demoTenant(w, 0))
	dialog.Submit()
	q.Until(b, "the connection", func() bool { return w.accounts.now != nil })
	target := w.accounts.now.base
	target.Tenant = w.accounts.now.tenant
	id := a.manager.Sessions()[0].ID
	searchable := func() int {
		return len(slices.DeleteFunc(w.finder.Find("mailbox"), func(e search.Entry) bool { return e.Kind != search.Cmdlet }))
	}
	q.Until(b, "the first list", func() bool { return searchable() > 0 })
	var answered, slowest time.Duration
	count := 0
	for b.Loop() {
		w.accounts.now.cmdlets = nil
		w.cmdlets.makeFindable()
		w.connector.Catalogues = catalogue.At(b.TempDir()) // as for an account that was never here
		q.Until(b, "an empty list", func() bool { return searchable() == 0 })
		var last time.Time
		ctx := session.NotifyCommands(context.Background(), func(came, all int) {
			if last, count = time.Now(), all; came != all {
				last = time.Time{}
			}
		})
		var may catalogue.Catalogue
		var err error
		told := false
		w.desk.Spawn(func() { // ends with the answer
			may, err = w.connector.MayRun(ctx, id, target)
			w.desk.Post(func() {
				told = true
				w.signedIn(target, may)
			})
		})
		q.Until(b, "the list", func() bool { return told && (err != nil || searchable() > 0) })
		if err != nil || last.IsZero() {
			b.Fatalf("%d cmdlets: %v", count, err)
		}
		took := time.Since(last)
		answered, slowest = answered+took, max(slowest, took)
	}
	b.ReportMetric(float64(answered.Milliseconds())/float64(b.N), "answered-ms/op")
	b.ReportMetric(float64(slowest.Milliseconds()), "slowest-ms")
	b.ReportMetric(float64(count), "cmdlets")
}
