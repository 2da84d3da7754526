package report

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// CallTime is how long a call for one row takes, about: a round trip to a server
// on the internet and the cmdlet's own work. It is an estimate, for people who
// decide whether to wait.
const CallTime = 240 * time.Millisecond

// Cost is what a plan asks of a server, in each tenant.
type Cost struct {
	// Calls is how many calls are made whatever the number of rows.
	Calls int
	// Each are the steps that make a call for each row of the step before.
	Each []EachCost
}

// EachCost is a step that makes a call for each row.
type EachCost struct {
	// Of is the noun of the cmdlet whose rows they are: Mailbox.
	Of string
	// Step is the cmdlet that is called for each.
	Step string
}

// Cost counts the calls of the plan.
func (p *Plan) Cost() Cost {
	c, _ := p.report.Cost(p.options.Service) // the steps were read when the plan was made
	return c
}

// Cost counts the calls of the report in a service; "" takes its own steps.
// Errors are *StepError.
func (r Report) Cost(service string) (Cost, error) {
	var c Cost
	noun := "" // of the step before
	steps, _ := r.For(service)
	for i, s := range steps {
		read, err := readCommand(s.Run, nil)
		if err != nil {
			return c, &StepError{Report: r.Name, Step: i + 1, Err: err}
		}
		if s.How == Each && s.On == nil {
			c.Each = append(c.Each, EachCost{Of: noun, Step: read.pipeline[0].Cmdlet})
		} else {
			c.Calls++
		}
		_, noun, _ = strings.Cut(read.pipeline[len(read.pipeline)-1].Cmdlet, "-")
	}
	return c, nil
}

// Cost counts the calls of the pack's reports in a service, those that it has. Errors are
// *StepError.
func (p Pack) Cost(reports []Report, service string) (Cost, error) {
	var sum Cost
	for _, part := range p.Parts {
		i := slices.IndexFunc(reports, func(r Report) bool { return strings.EqualFold(r.Name, part.Report) })
		if i < 0 || !reports[i].Has(service) {
			continue
		}
		c, err := reports[i].Cost(service)
		if err != nil {
			return sum, err
		}
		sum.Calls += c.Calls
		sum.Each = append(sum.Each, c.Each...)
	}
	return sum, nil
}

// Time is about how long it takes when each of those steps has so many rows.
func (c Cost) Time(rows int) time.Duration {
	return CallTime * time.Duration(c.Calls+rows*len(c.Each))
}

// Usual is a number of rows that large tenants have of a noun's things: people
// know the cost of a report by it.
func (c EachCost) Usual() int {
	switch c.Of {
	case "Mailbox", "User", "MobileDevice":
		return 5000
	case "ExchangeServer", "TransportService", "MailboxServer", "MailboxDatabase", "RoleGroup", "AcceptedDomain":
		return 50
	}
	return 500
}

// In says the cost in a language: 'one call per mailbox: about 20 minutes for
// 5,000'. things name what the rows are.
func (c Cost) In(language string, things Things) string {
	german := Text{En: "", De: "de"}.In(language) == "de"
	if len(c.Each) == 0 {
		switch {
		case c.Calls == 1 && german:
			return "ein Aufruf"
		case c.Calls == 1:
			return "one call"
		case german:
			return fmt.Sprintf("%d Aufrufe", c.Calls)
		}
		return fmt.Sprintf("%d calls", c.Calls)
	}
	most, names := 0, make([]string, 0, len(c.Each))
	for _, e := range c.Each {
		most = max(most, e.Usual())
		name := Text{En: "row of Get-" + e.Of, De: "Zeile von Get-" + e.Of}
		if t, ok := things.OfCmdlet("Get-" + e.Of); ok {
			name = t.Title
		}
		if text := name.In(language); !slices.Contains(names, text) {
			names = append(names, text)
		}
	}
	if german {
		return fmt.Sprintf("ein Aufruf je %s: etwa %s für %s", strings.Join(names, " und je "), about(c.Time(most), german), thousands(most, "."))
	}
	return fmt.Sprintf("one call per %s: about %s for %s", strings.Join(names, " and per "), about(c.Time(most), german), thousands(most, ","))
}

// about is a length of time as people estimate it.
func about(d time.Duration, german bool) string {
	n, unit := int((d+30*time.Second)/time.Minute), "minute"
	switch {
	case d < 90*time.Second:
		n, unit = max(1, int((d+time.Second/2)/time.Second)), "second"
	case d >= 100*time.Minute:
		n, unit = int((d+30*time.Minute)/time.Hour), "hour"
	}
	if german {
		words := map[string][2]string{"second": {"Sekunde", "Sekunden"}, "minute": {"Minute", "Minuten"}, "hour": {"Stunde", "Stunden"}}[unit]
		return fmt.Sprintf("%d %s", n, words[min(1, n-1)])
	}
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}

// thousands writes a number below a million with a mark between the groups.
func thousands(n int, mark string) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d%s%03d", n/1000, mark, n%1000)
}

// LackError says that a report does not run here: the service does not have it,
// or the account may not run one of its cmdlets.
type LackError struct {
	// Services have the report; empty where the service does.
	Services []string
	// Cmdlet is what the account lacks.
	Cmdlet string
}

// Error says which.
func (e *LackError) Error() string {
	if e.Cmdlet != "" {
		return "the account may not run " + e.Cmdlet
	}
	return "only in " + strings.Join(e.Services, ", ")
}

// Lacks says why the report does not run in a service for somebody who may run
// some cmdlets; nil where it does. Errors are *LackError and *FormatError.
func (r Report) Lacks(service string, may func(cmdlet string) bool) error {
	if !r.Has(service) {
		return &LackError{Services: r.Services}
	}
	names, err := r.Commands(service)
	if err != nil {
		return err
	}
	for _, name := range names {
		if !may(name) {
			return &LackError{Cmdlet: name}
		}
	}
	return nil
}
