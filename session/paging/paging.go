// Package paging knows which cmdlets give their rows in pages, how large a page
// is, and how each goes on. A page that came back full says that there may be
// more; nobody calls a result whole before one came back short.
package paging

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"postroom/session/cmdlet"
	"postroom/session/result"
)

// Rule is how one call goes on.
type Rule struct {
	// Size is how many rows a full page of this call has.
	Size int
	way  way
	// began is when the first page was asked for.
	began time.Time
}

// traceWindow is how far a message trace without dates looks back.
const traceWindow = 48 * time.Hour

// way is how a cmdlet goes on.
type way uint8

const (
	byPage    way = iota // -Page counts up
	byLast               // the last row's values begin the next page
	bySession            // the same call again, until no row comes
)

// fact is what is known of a cmdlet that pages.
type fact struct {
	way way
	// size names the parameter for the size of a page, whole is what it is
	// without one, most the largest that the server takes.
	size        string
	whole, most int
}

// pageCmdlets count pages of 1,000 rows, at most 5,000 (their own pages; the
// larger size saves calls).
var pageCmdlets = []string{
	"Get-AggregateZapReport", "Get-ATPTotalTrafficReport", "Get-CompromisedUserAggregateReport", "Get-CompromisedUserDetailReport",
	"Get-ContentMalwareMdoAggregateReport", "Get-ContentMalwareMdoDetailReport", "Get-DataRetentionReport", "Get-DetailZapReport",
	"Get-DlpDetailReport", "Get-DlpDetectionsReport", "Get-DlpIncidentDetailReport", "Get-MailDetailATPReport",
	"Get-MailDetailDlpPolicyReport", "Get-MailDetailEncryptionReport", "Get-MailDetailTransportRuleReport", "Get-MailFlowStatusReport",
	"Get-MailTrafficATPReport", "Get-MailTrafficEncryptionReport", "Get-MailTrafficPolicyReport", "Get-MailTrafficSummaryReport",
	"Get-MessageTrace", "Get-MessageTraceDetail", "Get-SafeLinksDetailReport", "Get-SpoofMailReport",
	"Get-SupervisoryReviewOverallProgressReport", "Get-SupervisoryReviewPolicyReport", "Get-SupervisoryReviewReport",
	"Get-SupervisoryReviewTopCasesReport",
}

// factOf gives what is known of a cmdlet; letter case does not matter.
func factOf(name string) (fact, bool) {
	switch {
	case strings.EqualFold(name, "Get-QuarantineMessage"):
		return fact{byPage, "PageSize", 100, 1000}, true
	case strings.EqualFold(name, "Get-MessageTraceV2"):
		return fact{byLast, "ResultSize", 1000, 5000}, true
	case strings.EqualFold(name, "Search-UnifiedAuditLog"):
		return fact{bySession, "ResultSize", 100, 5000}, true
	case slices.ContainsFunc(pageCmdlets, func(c string) bool { return strings.EqualFold(c, name) }):
		return fact{byPage, "PageSize", 1000, 5000}, true
	}
	return fact{}, false
}

// Of tells how a call goes on; ok is false where it does not page: another
// cmdlet, a pipeline, or a call that names the page that it wants.
func Of(p cmdlet.Pipeline) (r Rule, ok bool) {
	if len(p) != 1 {
		return Rule{}, false
	}
	f, known := factOf(p[0].Cmdlet)
	if _, named := p[0].Arg("Page"); !known || named {
		return Rule{}, false
	}
	return Rule{Size: sizeOf(p[0], f), way: f.way}, true
}

// sizeOf is how many rows a full page of a call has.
func sizeOf(inv cmdlet.Invocation, f fact) int {
	arg, given := inv.Arg(f.size)
	if !given {
		return f.whole
	}
	n := 0
	if _, err := fmt.Sscan(fmt.Sprint(arg.Value), &n); err != nil || n < 1 {
		return f.whole // the server will say what it thinks of it
	}
	return min(n, f.most)
}

// largest gives the call with the largest page that its cmdlet takes, unless it
// names a size, and ready to go on: a search of the audit log gets a session.
func (r Rule) largest(p cmdlet.Pipeline) (cmdlet.Pipeline, Rule) {
	f, _ := factOf(p[0].Cmdlet)
	inv := cmdlet.Invocation{Cmdlet: p[0].Cmdlet, Args: slices.Clone(p[0].Args)}
	if _, given := inv.Arg(f.size); !given {
		inv.Args = append(inv.Args, cmdlet.Arg{Name: f.size, Value: int64(f.most)})
	}
	if f.way == bySession {
		if _, given := inv.Arg("SessionId"); !given {
			inv.Args = append(inv.Args, cmdlet.Arg{Name: "SessionId", Value: newSession()}, cmdlet.Arg{Name: "SessionCommand", Value: "ReturnLargeSet"})
		}
	}
	return cmdlet.Pipeline{inv}, Rule{Size: sizeOf(inv, f), way: r.way, began: time.Now()}
}

// Needs names the properties of a row by which a call goes on.
func Needs(p cmdlet.Pipeline) []string {
	if rule, pages := Of(p); pages && rule.way == byLast {
		return []string{"RecipientAddress", "Received"}
	}
	return nil
}

// newSession names a search of the audit log; the server keeps its place by it.
func newSession() string { return "postroom-" + rand.Text() }

// next gives the call for the page after number page (from 1); ok is false where
// the last row lacks what the call needs.
func (r Rule) next(p cmdlet.Pipeline, page int, row *last) (next cmdlet.Pipeline, ok bool) {
	inv := cmdlet.Invocation{Cmdlet: p[0].Cmdlet, Args: slices.Clone(p[0].Args)}
	set := func(name string, value any) {
		inv.Args = slices.DeleteFunc(inv.Args, func(a cmdlet.Arg) bool { return strings.EqualFold(a.Name, name) })
		inv.Args = append(inv.Args, cmdlet.Arg{Name: name, Value: value})
	}
	switch r.way {
	case byPage:
		set("Page", int64(page+1))
	case byLast:
		if row.recipient == "" || !row.dated {
			return nil, false
		}
		set("StartingRecipientAddress", row.recipient)
		set("EndDate", row.received.Time())
		if _, given := inv.Arg("StartDate"); !given { // the server takes both dates or neither
			set("StartDate", r.began.Add(-traceWindow))
		}
	}
	return cmdlet.Pipeline{inv}, true
}

// All runs a call and, where its cmdlet pages, the calls after it until a page
// is short. run gives the rows of one call to the Appender that it gets, which
// hands them on to rows. A cmdlet that does not page is run once, as it stands.
func All(ctx context.Context, p cmdlet.Pipeline, rows result.Appender, run func(context.Context, cmdlet.Pipeline, result.Appender) error) error {
	rule, pages := Of(p)
	if !pages {
		return run(ctx, p, rows)
	}
	p, rule = rule.largest(p)
	seen := &last{Appender: rows}
	for page := 1; ; page++ {
		before := seen.rows
		if err := run(ctx, p, seen); err != nil {
			return err
		}
		came := seen.rows - before
		if came == 0 || came < rule.Size {
			return nil
		}
		next, ok := rule.next(p, page, seen)
		if !ok {
			return &EndError{Cmdlet: p[0].Cmdlet, Rows: seen.rows}
		}
		p = next
	}
}

// First runs a call as it stands and says whether more rows may follow those
// that came.
func First(ctx context.Context, p cmdlet.Pipeline, rows result.Appender, run func(context.Context, cmdlet.Pipeline, result.Appender) error) (more bool, err error) {
	rule, pages := Of(p)
	if !pages {
		return false, run(ctx, p, rows)
	}
	seen := &last{Appender: rows}
	err = run(ctx, p, seen)
	return err == nil && seen.rows >= rule.Size, err
}

// last hands rows on and keeps what the next page is asked by.
type last struct {
	result.Appender
	rows      int
	recipient string
	received  result.Time
	dated     bool
}

// BeginRow forgets the row before.
func (l *last) BeginRow() {
	l.recipient, l.dated = "", false
	l.Appender.BeginRow()
}

// Text hands a text on.
func (l *last) Text(name, v []byte) {
	if strings.EqualFold(string(name), "RecipientAddress") {
		l.recipient = string(v)
	}
	l.Appender.Text(name, v)
}

// Time hands a time on.
func (l *last) Time(name []byte, t result.Time) {
	if strings.EqualFold(string(name), "Received") {
		l.received, l.dated = t, true
	}
	l.Appender.Time(name, t)
}

// EndRow counts.
func (l *last) EndRow() error {
	err := l.Appender.EndRow()
	if err == nil {
		l.rows++
	}
	return err
}

// EndError says that a full page came whose last row does not tell how to go on:
// there may be more rows.
type EndError struct {
	Cmdlet string
	Rows   int // so far
}

// Error says how far it came.
func (e *EndError) Error() string {
	return fmt.Sprintf("%s: after %d rows there may be more, and the last one does not say how to go on", e.Cmdlet, e.Rows)
}
