// Package words says how the window puts what it knows before people: numbers
// and lengths of time, the names and colours of tenants, errors in plain words.
// What the words mean is decided elsewhere: errors in session/diagnose, names in
// session/endpoint.
package words

import (
	"fmt"
	"image/color"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"postroom/session"
	"postroom/session/bytesize"
	"postroom/session/diagnose"
	"postroom/session/endpoint"
	"postroom/session/harmless"
	"postroom/session/result"
)

// Place is what people call the place where a run goes: the tenant's name, or
// the domain of the account for its own tenant.
func Place(t session.Target) string {
	switch {
	case t.Tenant.Name != "":
		return t.Tenant.Name
	case t.Tenant.Domain != "":
		return endpoint.DisplayDomain(t.Tenant.Domain)
	}
	_, domain, found := strings.Cut(t.Account, "@")
	if !found {
		return t.Endpoint.Name
	}
	return domain
}

// Of gives a text that stands in several languages in the one that the window
// speaks.
func Of(t interface{ In(language string) string }) string { return t.In(lang.L("en")) } // its translation names the language

// Session is what people call the place where a session goes.
func Session(i session.Info) string {
	t := session.Target{Tenant: i.Tenant, Endpoint: i.Endpoint}
	t.Account = i.Account
	return Place(t)
}

// Server is the server that a session is open at, or the endpoint's name before
// that is known.
func Server(i session.Info) string {
	if i.Server != "" {
		return i.Server
	}
	return i.Endpoint.Name
}

// TenantColor is the tenant's own colour; transparent for the account's own
// tenant.
func TenantColor(t endpoint.Tenant) color.Color {
	rgb, err := strconv.ParseUint(strings.TrimPrefix(t.Color, "#"), 16, 24)
	if err != nil || len(t.Color) != 7 {
		return color.Transparent
	}
	return color.NRGBA{R: uint8(rgb >> 16), G: uint8(rgb >> 8), B: uint8(rgb), A: 0xff}
}

// Number writes n with the language's mark between groups of three digits.
func Number(n int) string { return result.Grouped(n, lang.L(",")) }

// Decimal writes n with so many places behind the language's decimal point.
func Decimal(n float64, places int) string {
	return result.Decimal(n, places, lang.L(","), lang.L("."))
}

// Size writes a number of bytes in the largest unit that it fills.
func Size(n float64) string {
	unit, size := bytesize.Scale(n)
	if size == 1 {
		return Decimal(n, 0) + " " + unit
	}
	return Decimal(n/size, 1) + " " + unit
}

// Rows says how many rows, in the number that the language asks for.
func Rows(n int) string {
	if n == 1 {
		return lang.L("1 row")
	}
	return fmt.Sprintf(lang.L("%s rows"), Number(n))
}

// Errors says how many errors.
func Errors(n int) string {
	if n == 1 {
		return lang.L("1 error")
	}
	return fmt.Sprintf(lang.L("%s errors"), Number(n))
}

// Tenants says how many tenants.
func Tenants(n int) string {
	if n == 1 {
		return lang.L("1 tenant")
	}
	return fmt.Sprintf(lang.L("%s tenants"), Number(n))
}

// Seconds writes a length of time as people read it, without the unit.
func Seconds(d time.Duration) string {
	return Decimal(d.Seconds(), 1)
}

// Contains finds text in s, letter case aside.
func Contains(s, text string) bool {
	return strings.Contains(strings.ToLower(s), strings.ToLower(strings.TrimSpace(text)))
}

// Cloud names one of Microsoft's clouds.
func Cloud(c endpoint.Cloud) string {
	switch c {
	case endpoint.CloudWorldwide:
		return lang.L("Microsoft 365 worldwide")
	case endpoint.CloudGovernment:
		return lang.L("GCC High or DoD")
	case endpoint.CloudChina:
		return "21Vianet"
	case endpoint.CloudOwn:
	}
	return lang.L("an authority of its own")
}

// Services names services, which reports name in short.
func Services(short []string) string {
	names := make([]string, len(short))
	for i, s := range short {
		if names[i] = serviceNames[s]; names[i] == "" {
			names[i] = s
		}
	}
	return strings.Join(names, ", ")
}

var serviceNames = map[string]string{
	"EXO": "Exchange Online", "EOP": "Exchange Online Protection", "ONPREM": "Exchange Server", "SCC": "Security & Compliance",
}

// StepDetail is what a step of an access check found, as far as it tells a person
// something.
func StepDetail(step, detail string) string {
	detail = harmless.Line(detail)
	switch step {
	case "tcp":
		return "" // the address stands with the name
	case "tls":
		_, until, ok := strings.Cut(detail, ", valid until ")
		if !ok {
			return detail
		}
		return fmt.Sprintf(lang.L("valid until %s"), until)
	case "token":
		_, until, ok := strings.Cut(detail, " until ")
		at, err := time.Parse(time.RFC3339, until)
		if !ok || err != nil {
			return detail
		}
		return fmt.Sprintf(lang.L("until %s"), at.Local().Format("15:04"))
	case "role": // the host behind the words
		return detail[strings.LastIndex(detail, " ")+1:]
	case "cmdlets": // their number
		number, _, _ := strings.Cut(detail, ",")
		return number
	case "read": // the cmdlet, and the domain that it found
		name, found, _ := strings.Cut(detail, ": ")
		domain, rest, proof := strings.Cut(found, ",")
		if proof && strings.Contains(rest, "same tenant") {
			return name + ": " + domain
		}
		return name
	}
	return detail
}

// Mender says who can mend a problem, as a sentence; "" where it is the person who
// reads it, or nobody knows.
func Mender(p *diagnose.Problem) string {
	if p.Who == "" || p.Mender == diagnose.MenderPerson {
		return ""
	}
	return fmt.Sprintf(lang.L("Who can fix it: %s."), p.Who)
}

// Explain explains an error in the language that the window speaks. What a server
// said in it is made fit for labels; it is nil for nil.
func Explain(err error) *diagnose.Problem {
	p := diagnose.ExplainIn(lang.L("en"), err)
	if p == nil {
		return nil
	}
	shown := *p
	shown.Title, shown.Cause = harmless.Line(p.Title), harmless.Label(p.Cause)
	shown.Fix, shown.Details = harmless.Label(p.Fix), harmless.Label(p.Details)
	return &shown
}

// About is a length of time as one says it.
func About(d time.Duration) string {
	switch {
	case d < 90*time.Second:
		return fmt.Sprintf(lang.L("about %s s"), Number(max(1, int(d.Round(time.Second).Seconds()))))
	case d < 90*time.Minute:
		return fmt.Sprintf(lang.L("about %s min"), Number(int(d.Round(time.Minute).Minutes())))
	}
	return fmt.Sprintf(lang.L("about %s h"), Number(int(d.Round(time.Hour).Hours())))
}
