package simulator

import (
	"fmt"
	"strings"
	"time"

	"postroom/session/clixml"
	"postroom/session/psrp"
)

const traceStatus = "None|GettingStatus|Failed|Pending|Delivered|Expanded|Quarantined|FilteredAsSpam"

func (all *catalogue) addMessageCmdlets(c *classes) {
	reporting := "Microsoft.Exchange.Management.FfoReporting."
	trace := newView(c.message, "Organization MessageId Received SenderAddress RecipientAddress Subject Status ToIP FromIP Size MessageTraceId StartDate EndDate Index", reporting+"MessageTrace", reporting+"FfoReportObject")
	trace2 := newView(c.message, "MessageId Received SenderAddress RecipientAddress Subject Status ToIP FromIP Size MessageTraceId", reporting+"MessageTraceV2", reporting+"FfoReportObject")
	who := "StartDate date; EndDate date; SenderAddress mvp; RecipientAddress mvp; MessageId mvp; MessageTraceId guid; FromIP string; ToIP string; Status enum[]:" + traceStatus
	conditions := []condition{{"SenderAddress", "SenderAddress", oneOf}, {"RecipientAddress", "RecipientAddress", oneOf}, {"MessageId", "MessageId", oneOf}, {"MessageTraceId", "MessageTraceId", equals}, {"FromIP", "FromIP", equals}, {"ToIP", "ToIP", equals}, {"Status", "Status", oneOf}, {"StartDate", "Received", notBefore}, {"EndDate", "Received", notAfter}}
	all.add("Get-MessageTraceV2", "Traces messages of the last 90 days.", who+"; Subject string; SubjectFilterType enum:Contains|EndsWith|StartsWith; StartingRecipientAddress string; ResultSize int min:1 max:5000", definition{
		task: reporting + "GetMessageTraceV2",
		run:  traceRun(&lister{views: []*view{trace2}, conditions: append(conditions, condition{"(subject)", "Subject", oneOf})}, false),
	})
	all.add("Get-MessageTrace", "Traces messages of the last ten days.", who+"; Page int min:1 max:1000; PageSize int min:1 max:5000; Expression string; ProbeTag string", definition{task: reporting + "GetMessageTrace", run: traceRun(&lister{views: []*view{trace}, conditions: conditions}, true)})
	detail := "MessageTraceId guid ! pipe; RecipientAddress smtp !; SenderAddress smtp; StartDate date; EndDate date; MessageId string; Event mvp; Action mvp"
	all.add("Get-MessageTraceDetailV2", "Says what happened to a message.", detail, definition{task: reporting + "GetMessageTraceDetailV2", run: traceDetail(c)})
	all.add("Get-MessageTraceDetail", "Says what happened to a message.", detail+"; Page int; PageSize int", definition{task: reporting + "GetMessageTraceDetail", run: traceDetail(c)})
	all.add("Get-MailFlowStatusReport", "Counts messages by day and verdict.", "StartDate date; EndDate date; Direction mvp; EventType mvp; Domain mvp", definition{task: reporting + "GetMailFlowStatusReport", run: flowReport})
	all.add("Get-MailTrafficSummaryReport", "Counts messages by sender or recipient.", "Category enum:TopMailSender|TopMailRecipient|TopSpamRecipient|TopMalwareRecipient|TopMalware !; StartDate date; EndDate date; Page int; PageSize int; DlpPolicy mvp; TransportRule mvp", definition{task: reporting + "GetMailTrafficSummaryReport", run: summaryReport})
}

// traceRun is a message trace: the last two days unless dates are given, at
// most ten days at a time, newest first, 1,000 rows unless more are asked for.
func traceRun(l *lister, pages bool) func(*execution) *psrp.RemoteError {
	return func(x *execution) *psrp.RemoteError {
		if problem := x.tracePeriod(); problem != nil {
			return x.fail(problem)
		}
		if s := x.args.text("Subject"); s != "" {
			pattern := map[string]string{"startswith": s + "*", "endswith": "*" + s}[strings.ToLower(x.args.text("SubjectFilterType"))]
			if pattern == "" {
				pattern = "*" + s + "*"
			}
			x.args["(subject)"] = []string{pattern}
		}
		if !pages {
			limit := x.args.number("ResultSize", 1000)
			counted := &counter{output: x.out, limit: limit}
			x.out = counted
			problem := l.getAll(x, unlimited)
			if counted.more {
				x.warn(fmt.Sprintf("There are more results, use the following command to get more. Get-MessageTraceV2 -StartDate \"%s\" -EndDate \"%s\" -ResultSize %d", x.dateText("StartDate"), x.dateText("EndDate"), limit))
			}
			return problem
		}
		size := x.args.number("PageSize", 1000)
		x.out = &window{output: x.out, skip: (x.args.number("Page", 1) - 1) * size, take: size}
		return l.getAll(x, unlimited)
	}
}

func (x *execution) dateText(name string) string {
	t, _ := x.args[strings.ToLower(name)].(time.Time)
	return t.Format("2006-01-02T15:04:05Z")
}

// tracePeriod puts in the dates that were not given and checks those that were.
func (x *execution) tracePeriod() *psrp.RemoteError {
	end, hasEnd := x.args["enddate"].(time.Time)
	start, hasStart := x.args["startdate"].(time.Time)
	if hasEnd != hasStart {
		return x.exchangeProblem(categoryInvalidArgument, "Microsoft.Exchange.Management.ReportingTask.InvalidExpressionException", "", "Both StartDate and EndDate must be specified, or neither of them.")
	}
	now := timeOf(x.tenant.epoch)
	if !hasEnd {
		end, start = now, now.Add(-48*time.Hour)
	}
	switch {
	case start.After(end):
		return x.exchangeProblem(categoryInvalidArgument, "Microsoft.Exchange.Management.ReportingTask.InvalidExpressionException", "", "Invalid StartDate value. The StartDate can't be later than the EndDate.")
	case end.Sub(start) > traceDays*24*time.Hour+time.Minute:
		return x.exchangeProblem(categoryInvalidArgument, "Microsoft.Exchange.Management.ReportingTask.InvalidExpressionException", "", "Invalid StartDate value. The StartDate can't be older than 10 days from the EndDate.")
	}
	x.args["startdate"], x.args["enddate"] = start, end
	return nil
}

// counter lets so many rows through, and knows whether there were more.
type counter struct {
	output
	limit int64
	more  bool
}

func (c *counter) row(v *view, r *record) bool {
	if c.limit == 0 {
		c.more = true
		return false
	}
	c.limit--
	return c.output.row(v, r)
}

// window lets a page of rows through.
type window struct {
	output
	skip, take int64
}

func (w *window) row(v *view, r *record) bool {
	if w.skip > 0 {
		w.skip--
		return true
	}
	if w.take == 0 {
		return false
	}
	w.take--
	return w.output.row(v, r)
}

func traceDetail(c *classes) func(*execution) *psrp.RemoteError {
	return func(x *execution) *psrp.RemoteError {
		ids := x.identities
		if id := x.args.text("MessageTraceId"); id != "" {
			ids = []string{id}
		}
		for _, id := range ids {
			tb := x.tenant.tables[c.message]
			for _, i := range tb.lookup(id) {
				m := tracedMessage(x.tenant, i)
				if !x.sendEvents(&m, id) {
					return nil
				}
			}
		}
		return nil
	}
}

func (x *execution) sendEvents(m *message, id string) bool {
	events := [][3]string{{"Receive", "Message received by: " + x.tenant.server, ""}, {"Submit", "The message was submitted.", ""}}
	switch m.status {
	case "Failed":
		events = append(events, [3]string{"Fail", "Reason: [{LED=550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient \"" + m.recipient() + "\" not found by SMTP address lookup};{FQDN=};{IP=}]", ""})
	case "FilteredAsSpam", "Quarantined":
		events = append(events, [3]string{"Spam", "SCL: 6", "MoveToJmf"})
	default:
		events = append(events, [3]string{"Deliver", "The message was successfully delivered.", ""})
	}
	guid, err := clixml.ParseGUID(id)
	if err != nil {
		return true
	}
	for n, e := range events {
		o := objectOf("Microsoft.Exchange.Management.FfoReporting.MessageTraceDetail",
			clixml.Property{Name: "MessageId", Value: "<" + id + ">"}, clixml.Property{Name: "MessageTraceId", Value: guid},
			clixml.Property{Name: "Date", Value: clixml.DateTime{Ticks: m.at + int64(n)*ticksPerSecond}}, clixml.Property{Name: "Event", Value: e[0]}, clixml.Property{Name: "Action", Value: e[2]},
			clixml.Property{Name: "Detail", Value: e[1]}, clixml.Property{Name: "Data", Value: "<root><MEP Name=\"Server\" String=\"" + x.tenant.server + "\"/></root>"})
		if !x.out.object(o) {
			return false
		}
	}
	return true
}

func flowReport(x *execution) *psrp.RemoteError {
	t := x.tenant
	for day := range 7 {
		for n, event := range []string{"GoodMail", "SpamDetections", "EdgeBlockSpam", "EmailMalware", "EmailPhish", "TransportRules"} {
			d := t.seed.of(uint64(800 + day*10 + n))
			o := objectOf("Microsoft.Exchange.Management.FfoReporting.MailFlowStatusReport",
				clixml.Property{Name: "Organization", Value: t.initial}, clixml.Property{Name: "Date", Value: clixml.DateTime{Ticks: (t.epoch/ticksPerDay - int64(day)) * ticksPerDay}},
				clixml.Property{Name: "Direction", Value: "Inbound"}, clixml.Property{Name: "EventType", Value: event}, clixml.Property{Name: "MessageCount", Value: int32(d.n(t.traced/(n*n*9+7) + 1))})
			if !x.out.object(o) {
				return nil
			}
		}
	}
	return nil
}

func summaryReport(x *execution) *psrp.RemoteError {
	for n := range 25 {
		p := x.tenant.someone(x.tenant.seed.of(uint64(900 + n)))
		o := objectOf("Microsoft.Exchange.Management.FfoReporting.MailTrafficSummaryReport",
			clixml.Property{Name: "C1", Value: p.alias + "@" + p.domain}, clixml.Property{Name: "C2", Value: fmt.Sprint(4_000 - n*n*6)}, clixml.Property{Name: "C3", Value: x.args.text("Category")})
		if !x.out.object(o) {
			return nil
		}
	}
	return nil
}
