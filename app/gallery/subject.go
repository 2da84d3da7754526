package gallery

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"postroom/app/runs"
	"postroom/app/words"
	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/endpoint"
	"postroom/session/pack"
	"postroom/session/report"
	"postroom/widgets"
)

// subject is what the page says of a thing, and how its questions are read.
type subject struct {
	title, asks string
	facts       []fact
	caveat      string
	run         string // what Run says

	form       widgets.FormSpec
	check      func(field, text string) string
	powerShell func(values map[string]string) string // nil where nothing of it is PowerShell
	files      func(values map[string]string) string // that come of it; nil for none
}

// fact is what there is to know of something.
type fact struct{ label, text string }

// several says that the thing can run on several tenants at once: it only reads.
func (t Thing) several() bool {
	return t.Pack != nil || t.Report != nil && t.Report.Reads()
}

// subjectOf says what there is to say of a thing that would run on these tenants.
func subjectOf(t Thing, here Here, tenants []endpoint.Tenant) subject {
	var s subject
	switch {
	case t.Report != nil:
		s = ofReport(*t.Report, here, len(tenants))
	case t.Pack != nil:
		s = ofPack(*t.Pack, here, tenants)
	case t.Cmdlet != nil:
		s = subject{title: t.Cmdlet.Name, asks: words.Of(synopsis{t.Cmdlet.Synopsis}), facts: ofCmdlet(*t.Cmdlet)}
	}
	place := words.Place(target(here, tenants[0]))
	switch {
	case !here.SignedIn:
		s.run = lang.L("Sign in and run")
	case t.Cmdlet != nil:
		s.run = fmt.Sprintf(lang.L("Open for %s"), place)
	case len(tenants) > 1:
		s.run = fmt.Sprintf(lang.L("Run on %s"), words.Tenants(len(tenants)))
	default:
		s.run = fmt.Sprintf(lang.L("Run on %s"), place)
	}
	return s
}

// synopsis is a text of the server's, in whatever language that speaks.
type synopsis struct{ text string }

// In gives it.
func (s synopsis) In(string) string { return s.text }

// target is where a tenant's run goes.
func target(here Here, t endpoint.Tenant) session.Target {
	to := here.Target
	to.Tenant = t
	return to
}

// service is what the next run goes to, as reports call it; "" while nobody is signed in.
func (h Here) service() string {
	if !h.SignedIn {
		return ""
	}
	return report.ServiceOf(h.Target.Endpoint)
}

func ofReport(r report.Report, here Here, tenants int) subject {
	asking := runs.Asking{Report: r, Service: here.service(), Kinds: here.Kinds, Kept: &report.Kept{Reports: here.Reports}}
	s := subject{title: words.Of(r.Title), asks: words.Of(r.Asks), caveat: words.Of(r.Caveat), form: asking.Form(), check: asking.Check, powerShell: asking.PowerShell}
	_, shape := r.For(here.service())
	s.facts = []fact{{lang.L("Columns"), columns(shape)}}
	if len(shape.Marks) > 0 {
		var texts []string
		for _, m := range shape.Marks {
			texts = append(texts, m.Column+": "+words.Of(m.Text))
		}
		s.facts = append(s.facts, fact{lang.L("Marks"), strings.Join(texts, "\n")})
	}
	if cost, err := r.Cost(here.service()); err == nil {
		s.facts = append(s.facts, fact{lang.L("Cost"), costText(cost, here, tenants)})
	}
	return s
}

// costText says what a run asks of the servers.
func costText(cost report.Cost, here Here, tenants int) string {
	each := cost.By(report.WayOf(here.Target.Endpoint)).In(lang.L("en"), here.Things)
	if tenants < 2 {
		return fmt.Sprintf(lang.L("In each tenant %s."), each)
	}
	return fmt.Sprintf(lang.L("In each of %s %s."), words.Tenants(tenants), each)
}

// columns names the columns in their order, with a heading of their own where
// they have one.
func columns(shape report.Shape) string {
	var list []string
	for _, c := range shape.Columns {
		name := words.Of(c.Title)
		if name == "" {
			name = c.Name
		}
		if !c.Hidden {
			list = append(list, name)
		}
	}
	if len(shape.Marks) > 0 {
		list = append(list, report.MarksTitle(lang.L("en")))
	}
	return strings.Join(list, ", ")
}

// mostFiles is how many names of files are told.
const mostFiles = 4

func ofPack(p report.Pack, here Here, tenants []endpoint.Tenant) subject {
	s := subject{title: words.Of(p.Title), asks: words.Of(p.Asks), form: runs.PackForm(here.Folder)}
	if s.title == "" {
		s.title = p.Name
	}
	var has, lacks []string
	for _, part := range p.Parts {
		i := slices.IndexFunc(here.Reports, func(r report.Report) bool { return strings.EqualFold(r.Name, part.Report) })
		switch {
		case i < 0:
			lacks = append(lacks, part.Report)
		case here.SignedIn && !here.Reports[i].Has(here.service()):
			lacks = append(lacks, words.Of(here.Reports[i].Title))
		default:
			has = append(has, words.Of(here.Reports[i].Title))
		}
	}
	s.facts = []fact{{fmt.Sprintf(lang.L("Reports · %s"), words.Number(len(has))), strings.Join(has, ", ")}}
	if len(lacks) > 0 {
		s.facts = append(s.facts, fact{lang.L("Not here"), strings.Join(lacks, ", ")})
	}
	targets := make([]pack.Target, len(tenants))
	for i, t := range tenants {
		targets[i] = pack.Target{Tenant: t.Domain, Account: here.Target.Account}
	}
	names := func(values map[string]string) []string {
		files, _ := runs.PackFiles(values, here.Folder) // the form says what is wrong with the folder
		return files.Names(p, targets, time.Now())
	}
	s.check = func(field, text string) string {
		return runs.CheckPackFiles(field, text, len(tenants))
	}
	s.files = func(values map[string]string) string { return someOf(names(values)) }
	if cost, err := p.Cost(here.Reports, here.service()); err == nil {
		s.facts = append(s.facts, fact{lang.L("Cost"), costText(cost, here, len(tenants))})
	}
	return s
}

// someOf are the first names, a line each, and how many more there are.
func someOf(names []string) string {
	if more := len(names) - mostFiles; more > 1 {
		names = append(slices.Clone(names[:mostFiles]), fmt.Sprintf(lang.L("%s more"), words.Number(more)))
	}
	return strings.Join(names, "\n")
}

func ofCmdlet(c cmdlet.Cmdlet) []fact {
	return []fact{{lang.L("Parameters"), words.Number(len(c.Parameters))}}
}
