package app

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"postroom/session/catalogue"
	"postroom/session/cmdlet"
	"postroom/session/credential"
	"postroom/session/search"
)

// BenchmarkFirstList is the first list of an account in the window, over the demo with all
// that its roles allow. answered-ms is the yardstick of the first load (0.5 s): from the
// last description that was read to the list that a search goes through, the file on disk
// written meanwhile. The time of a round has the server's own work in it, as both share
// the computer. The demo's servers have fewer cmdlets than an administrator's of Exchange:
// the second list is theirs and copies of them under other names, 880 in all.
func BenchmarkFirstList(b *testing.B) {
	for name, least := range map[string]int{"demo": 0, "880": 880} {
		b.Run(name, func(b *testing.B) { benchmarkFirstList(b, least) })
	}
}

func benchmarkFirstList(b *testing.B, least int) {
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
		ctx := context.Background()
		var may catalogue.Catalogue
		var err error
		told := false
		w.desk.Spawn(func() { // ends with the answer
			owner := catalogue.Owner{Holder: target.Holder(), Tenant: target.Tenant.Domain}
			may, err = w.connector.Catalogues.Of(ctx, owner, a.manager.CommandsKey(id), func(ctx context.Context) ([]cmdlet.Cmdlet, error) {
				offered, refused := a.manager.Commands(ctx, id)
				offered = atLeast(offered, least)
				last, count = time.Now(), len(offered)
				return offered, refused
			})
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

// atLeast is a list of so many cmdlets: beyond those that there are, copies under other names.
func atLeast(list []cmdlet.Cmdlet, least int) []cmdlet.Cmdlet {
	for i := 0; len(list) > 0 && len(list) < least; i++ {
		again := list[i]
		again.Name = fmt.Sprint(again.Name, "Copy", i)
		list = append(list, again)
	}
	return list
}
