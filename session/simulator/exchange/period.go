package exchange

import (
	"fmt"
	"strings"
	"time"

	"postroom/session/clixml"
	"postroom/session/psrp"
)

// period is how a report is bounded in time: by -StartDate and -EndDate.
type period struct {
	// usual is what is looked at when no dates are given, most the longest that
	// may be asked for; 0: any.
	usual, most time.Duration
	// capped: at most -ResultSize rows come, with a hint at the next call.
	capped bool
}

// newPeriod reads "period USUAL MOST [capped]".
func newPeriod(s *settings) (*period, error) {
	words := s.words["period"]
	if len(words) == 0 {
		return nil, nil
	}
	if len(words) < 2 {
		return nil, fmt.Errorf("period: two durations are wanted")
	}
	usual, okA := duration(words[0])
	most, okB := duration(words[1])
	if !okA || !okB {
		return nil, fmt.Errorf("period %s cannot be read", strings.Join(words, " "))
	}
	return &period{usual: time.Duration(usual) * 100, most: time.Duration(most) * 100, capped: len(words) > 2}, nil
}

// check puts in the dates that were not given and refuses those that cannot be.
func (p *period) check(x *execution) *psrp.RemoteError {
	end, hasEnd := x.args.time("EndDate")
	start, hasStart := x.args.time("StartDate")
	wrong := func(text string) *psrp.RemoteError {
		return x.exchangeProblem(categoryInvalidArgument, "Microsoft.Exchange.Management.ReportingTask.InvalidExpressionException", "", text)
	}
	if hasEnd != hasStart {
		return wrong("Both StartDate and EndDate must be specified, or neither of them.")
	}
	if !hasEnd {
		end = timeOf(x.tenant.epoch)
		start = end.Add(-p.usual)
	}
	switch {
	case start.After(end):
		return wrong("Invalid StartDate value. The StartDate can't be later than the EndDate.")
	case p.most > 0 && end.Sub(start) > p.most+time.Minute:
		return wrong(fmt.Sprintf("Invalid StartDate value. The StartDate can't be older than %d days from the EndDate.", p.most/(24*time.Hour)))
	}
	x.args["startdate"], x.args["enddate"] = clixml.DateTimeOf(start.UTC()), clixml.DateTimeOf(end.UTC())
	return nil
}

// getCapped lists the newest rows of a trace, -ResultSize at most, and says
// how to go on when there are more.
func (p *period) getCapped(x *execution, l *lister) *psrp.RemoteError {
	if s := x.args.text("Subject"); s != "" {
		pattern := map[string]string{"startswith": s + "*", "endswith": "*" + s}[strings.ToLower(x.args.text("SubjectFilterType"))]
		if pattern == "" {
			pattern = "*" + s + "*"
		}
		x.args["subject"] = pattern
	}
	limit := x.args.number("ResultSize", 1000)
	last := &follower{window: window{output: x.out, take: limit}, after: strings.ToLower(x.args.text("StartingRecipientAddress"))}
	last.until, _ = x.args.time("EndDate")
	x.out = last
	problem := l.list(x, unlimited)
	if last.more {
		start, _ := x.args.time("StartDate")
		x.warn(fmt.Sprintf("There are more results, use the following command to get more. %s -StartDate \"%s\" -EndDate \"%s\" -StartingRecipientAddress \"%s\" -ResultSize %d",
			x.def.name, start.Format(time.RFC3339Nano), last.at.Format(time.RFC3339Nano), last.recipient, limit))
	}
	return problem
}

// follower begins a page of a trace behind the last row of the page before,
// and remembers the last row of its own.
type follower struct {
	window
	until     time.Time
	after     string // the recipient of the last row
	at        time.Time
	recipient string
}

func (f *follower) put(o object) bool {
	received, _ := o.property("Received").(clixml.DateTime)
	when, who := received.Time(), display(o.property("RecipientAddress"))
	if f.after != "" && !when.Before(f.until) && strings.ToLower(who) <= f.after {
		return true
	}
	if f.take > 0 {
		f.at, f.recipient = when, who
	}
	return f.window.put(o)
}

// auditPage is how many records a search of the audit log gives at most, and
// when nothing else is said.
const (
	auditPage  = 100
	auditLimit = 5000
)

// getAudit searches the audit log: with -SessionId and -SessionCommand each
// call goes on where the last one of the session ended, and each row says
// which of how many it is.
func (l *lister) getAudit(x *execution) *psrp.RemoteError {
	size := min(x.args.number("ResultSize", auditPage), auditLimit)
	session := ""
	if id := x.args.text("SessionId"); id != "" && x.args.has("SessionCommand") {
		session = x.call.Account + " " + id
	}
	counted := &tally{}
	was := x.out
	x.out = counted
	if problem := l.getAll(x, unlimited); problem != nil {
		return problem
	}
	x.tenant.mu.Lock()
	from := x.tenant.searches[session]
	if session != "" {
		x.tenant.searches[session] = min(from+size, counted.rows)
	} else {
		from = 0
	}
	x.tenant.mu.Unlock()
	x.out = &window{output: &numbered{output: was, index: from, count: counted.rows}, skip: from, take: size}
	return l.getAll(x, unlimited)
}

// tally counts.
type tally struct {
	output
	rows int64
}

func (t *tally) put(object) bool { t.rows++; return true }

// numbered writes into each row which of how many it is.
type numbered struct {
	output
	index, count int64
}

func (n *numbered) put(o object) bool {
	n.index++
	for name, number := range map[string]int64{"ResultIndex": n.index, "ResultCount": n.count} {
		if c, ok := o.row.view.column(name); ok && c.from >= 0 {
			o.row.record.set(c.from, int32(number))
		}
	}
	return n.output.put(o)
}
