package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"postroom/session"
	"postroom/session/endpoint"
	"postroom/session/result"
)

// RoundTrip and Work are how long a call takes, about: the way to a server on the
// internet and back, and the cmdlet's own work. They are estimates, for people who
// decide whether to wait.
const (
	RoundTrip = 100 * time.Millisecond
	Work      = 140 * time.Millisecond
)

// Way is how calls for single rows go to a server.
type Way struct {
	// AtOnce is how many requests are on their way at the same time.
	AtOnce int
	// InRequest is how many calls a request has.
	InRequest int
	// Pipes says that one pipeline does for all rows, where a report can tell them
	// apart.
	Pipes bool
}

// usualLimit is how many sessions an account may have where nobody says.
const usualLimit = 3

// WayOf is how calls go to an endpoint, when a job has one tenant and all slots of
// the account are free.
func WayOf(e endpoint.Endpoint) Way {
	if e.Door == endpoint.REST {
		return Way{AtOnce: session.RequestsAtOnce, InRequest: session.CallsInRequest}
	}
	limit := e.SessionLimit
	if limit < 1 {
		limit = usualLimit
	}
	return Way{AtOnce: limit, InRequest: 1, Pipes: true}
}

// Cost is what a plan asks of a server, in each tenant.
type Cost struct {
	// Calls is how many calls are made whatever the number of rows.
	Calls int
	// Each are the steps that make a call for each row of the step before.
	Each []EachCost
	// Way is how these go.
	Way Way
	// Others says that it is what other reports cost.
	Others bool

	piped []EachCost // those of which a pipeline does, among Calls
}

// EachCost is a step that makes a call for each row.
type EachCost struct {
	// Of is the noun of the cmdlet whose rows they are: Mailbox.
	Of string
	// Step is the cmdlet that is called for each.
	Step string
}

// Cost counts the calls of the plan, as Report.Cost does.
func (p *Plan) Cost() Cost {
	c, _ := p.report.Cost(p.options.Service) // the steps were read when the plan was made
	return c
}

// Cost counts the calls of the report in a service; "" takes its own steps. They go
// by remoting, in as many sessions as an account usually may have; see By. Errors
// are *StepError.
func (r Report) Cost(service string) (Cost, error) {
	c := Cost{Way: WayOf(endpoint.Endpoint{}), Others: r.Compare != nil}
	noun := "" // of the step before
	steps, _ := r.For(service)
	for i, s := range steps {
		read, err := readCommand(s.Run, nil)
		if err != nil {
			return c, &StepError{Report: r.Name, Step: i + 1, Err: err}
		}
		of := EachCost{Of: noun, Step: read.pipeline[0].Cmdlet}
		switch {
		case s.How == Each && s.On == nil:
			c.Each = append(c.Each, of)
		case s.How == Each:
			c.piped = append(c.piped, of)
			c.Calls++
		default:
			c.Calls++
		}
		_, noun, _ = strings.Cut(read.pipeline[len(read.pipeline)-1].Cmdlet, "-")
	}
	return c, nil
}

// By is the cost by another way.
func (c Cost) By(w Way) Cost {
	if !w.Pipes && len(c.piped) > 0 {
		c.Calls -= len(c.piped)
		c.Each, c.piped = append(slices.Clone(c.Each), c.piped...), nil
	}
	c.Way = w
	return c
}

// Cost counts the calls of the pack's reports in a service, those that it has. Errors are
// *StepError.
func (p Pack) Cost(reports []Report, service string) (Cost, error) {
	sum := Cost{Way: WayOf(endpoint.Endpoint{})}
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
		sum.Each, sum.piped = append(sum.Each, c.Each...), append(sum.piped, c.piped...)
	}
	return sum, nil
}

// Time is about how long it takes when each of those steps has so many rows.
func (c Cost) Time(rows int) time.Duration {
	atOnce, inRequest := max(1, c.Way.AtOnce), max(1, c.Way.InRequest)
	turns := 0
	for range c.Each {
		requests := (rows + inRequest - 1) / inRequest
		turns += (requests + atOnce - 1) / atOnce
	}
	return time.Duration(c.Calls)*(RoundTrip+Work) + time.Duration(turns)*(RoundTrip+time.Duration(inRequest)*Work)
}

// usual is a number of rows that large tenants have of a noun's things: people
// know the cost of a report by it.
func (c EachCost) usual() int {
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
		case c.Others:
			return Text{En: "the calls of the reports that are chosen", De: "die Aufrufe der gewählten Berichte"}.In(language)
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
		most = max(most, e.usual())
		name := Text{En: "row of Get-" + e.Of, De: "Zeile von Get-" + e.Of}
		if t, ok := things.ofCmdlet("Get-" + e.Of); ok {
			name = t.Title
		}
		if text := name.In(language); !slices.Contains(names, text) {
			names = append(names, text)
		}
	}
	if german {
		return fmt.Sprintf("ein Aufruf je %s%s: etwa %s für %s", strings.Join(names, " und je "), c.Way.in(german), about(c.Time(most), german), result.Grouped(most, "."))
	}
	return fmt.Sprintf("one call per %s%s: about %s for %s", strings.Join(names, " and per "), c.Way.in(german), about(c.Time(most), german), result.Grouped(most, ","))
}

// in says how many calls go at once, with a comma before it.
func (w Way) in(german bool) string {
	switch {
	case w.InRequest > 1 && german:
		return fmt.Sprintf(", %d in einer Anfrage", w.InRequest)
	case w.InRequest > 1:
		return fmt.Sprintf(", %d in a request", w.InRequest)
	case w.AtOnce > 1 && german:
		return fmt.Sprintf(", %d zugleich", w.AtOnce)
	case w.AtOnce > 1:
		return fmt.Sprintf(", %d at once", w.AtOnce)
	}
	return ""
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

// Needs are the services and cmdlets of a report, read once for whoever asks often. It says
// what the report needed when it was made.
type Needs struct {
	report   Report
	commands map[string][]string // cmdlets by service; where one has no steps of its own, those of ""
	err      error               // a step that cannot be read
}

// Needs reads what the report needs.
func (r Report) Needs() Needs {
	n := Needs{report: r, commands: map[string][]string{}}
	services := []string{""}
	for _, v := range r.Variants {
		services = append(services, v.Services...)
	}
	for _, service := range services {
		if n.commands[service], n.err = r.Commands(service); n.err != nil {
			break
		}
	}
	return n
}

// Lacks says why the report does not run in a service for somebody who may run
// some cmdlets; nil where it does. Errors are *LackError and *FormatError.
func (n Needs) Lacks(service string, may func(cmdlet string) bool) error {
	if !n.report.Has(service) {
		return &LackError{Services: n.report.Services}
	}
	if n.err != nil {
		return n.err
	}
	names, own := n.commands[service]
	if !own {
		names = n.commands[""]
	}
	for _, name := range names {
		if !may(name) {
			return &LackError{Cmdlet: name}
		}
	}
	return nil
}
