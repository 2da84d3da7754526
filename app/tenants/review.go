package tenants

import (
	"context"
	"fmt"
	"strings"

	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session/endpoint"
	"postroom/session/harmless"
	"postroom/session/partner"
	"postroom/widgets"
)

// review is the sheet on which a person looks through tenants that are offered, before
// they are taken in. UI thread only.
type review struct {
	of     *sheet
	sheet  *widgets.Sheet
	search *widgets.Entry
	count  *widgets.Text
	take   *widgets.Button
	boxes  []offerBox
}

// offerBox is an offer; one that cannot be taken in has no box to tick.
type offerBox struct {
	offer endpoint.Offer
	tick  *widgets.Tick // nil for such
	line  *widgets.Text // nil for the others
}

// fromGraph asks Microsoft 365 for the partner's tenants.
func (s *sheet) fromGraph() {
	s.book.Partners(func(found partner.Found) { s.review(found) })
}

// review shows what was found.
func (s *sheet) review(found partner.Found) {
	r := &review{of: s, search: widgets.NewEntry(), count: widgets.NewParagraph("", widgets.MutedText)}
	refused := widgets.NewParagraph(refusals(found), widgets.WarningText)
	widgets.SetVisible(refused, refused.Value() != "")
	useful, rest := widgets.NewColumn(0), widgets.NewColumn(4)
	for _, offer := range s.book.list.Offers(found.Tenants) {
		box := offerBox{offer: offer}
		if offer.Useful() {
			box.tick = widgets.NewTick(offerText(offer), func(bool) { r.recount() })
			box.tick.Set(true)
			useful.Add(box.tick)
		} else {
			box.line = widgets.NewParagraph(offerText(offer), widgets.MutedText)
			rest.Add(box.line)
		}
		r.boxes = append(r.boxes, box)
	}
	r.take = widgets.NewPrimaryButton(lang.L("Add"), r.takeIn)
	all := widgets.NewButton(lang.L("Tick all"), func() { r.set(true) })
	none := widgets.NewButton(lang.L("Tick none"), func() { r.set(false) })
	r.search.SetPlaceHolder(lang.L("Find a tenant"))
	r.search.OnChanged = r.find
	r.search.OnSubmitted = func(string) { r.takeIn() }
	r.sheet = s.book.desk.Sheets.New(widgets.SheetSpec{
		Title:       lang.L("Tenants from Microsoft 365"),
		Explanation: lang.L("Review the list, then add the tenants. Names, colours and tags of tenants you already have are kept."),
		Width:       620, Foot: widgets.NewFoot(widgets.NewButton(lang.L("Cancel"), func() { r.sheet.Hide() }), all, none, r.take),
	}, refused, r.search, r.count, useful, rest)
	r.recount()
	r.sheet.Show(r.search)
}

// refusals say what Graph did not give.
func refusals(found partner.Found) string {
	if len(found.Refused) == 0 {
		return ""
	}
	p := words.Explain(found.Refused[0])
	return lang.L("The list may be incomplete.") + " " + strings.TrimSpace(p.Fix+" "+words.Mender(p))
}

// offerText names a tenant and says what is known of it.
func offerText(o endpoint.Offer) string {
	name := strings.TrimSpace(harmless.Line(o.Tenant.Name) + "  " + endpoint.DisplayDomain(o.Tenant.Domain))
	switch o.State {
	case endpoint.OfferNew:
		return name
	case endpoint.OfferKnown:
		return name + " · " + lang.L("already in the list")
	case endpoint.OfferUnnamed:
		return name + " · " + lang.L("in the list; its ID will be added")
	case endpoint.OfferElsewhere:
		return name + " · " + fmt.Sprintf(lang.L("already in the list as %s"), endpoint.DisplayDomain(o.Known.Domain))
	case endpoint.OfferOther:
		return name + " · " + lang.L("the list has another ID for this domain; look the domain up there")
	case endpoint.OfferNoDomain:
	}
	return name + " · " + lang.L("its domain is not known; add it by hand")
}

func (r *review) chosen() []endpoint.Tenant {
	var list []endpoint.Tenant
	for _, b := range r.boxes {
		if b.tick != nil && b.tick.On() {
			list = append(list, b.offer.Tenant)
		}
	}
	return list
}

func (r *review) recount() {
	r.count.SetText(fmt.Sprintf(lang.L("%s of %s found will be added."), words.Number(len(r.chosen())), words.Number(len(r.boxes))))
	if len(r.chosen()) == 0 {
		r.take.Disable()
	} else {
		r.take.Enable()
	}
}

// set ticks, or unticks, those that the search found.
func (r *review) set(on bool) {
	for _, b := range r.boxes {
		if b.tick != nil && b.tick.Visible() {
			b.tick.Set(on)
		}
	}
	r.recount()
}

// find shows the tenants whose name or domain has the text.
func (r *review) find(text string) {
	for _, b := range r.boxes {
		shown := words.Contains(offerText(b.offer), text)
		if b.tick != nil {
			widgets.SetVisible(b.tick, shown)
		} else {
			widgets.SetVisible(b.line, shown)
		}
	}
	r.sheet.Arrange()
}

// takeIn takes in what is ticked.
func (r *review) takeIn() {
	list := r.chosen()
	if len(list) == 0 {
		return
	}
	r.sheet.Hide()
	var done endpoint.Imported
	r.of.change(func() error {
		var err error
		done, err = r.of.book.list.Take(context.Background(), list)
		return err
	}, func() {
		r.of.tell(importText(done))
		for _, t := range done.Changed {
			r.of.book.changed(t)
		}
	})
}
