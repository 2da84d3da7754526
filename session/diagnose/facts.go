package diagnose

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"postroom/session/atomicfile"
	"postroom/session/cmdlet"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/jsonfile"
	"postroom/session/ledger"
	"postroom/session/proxy"
	"postroom/session/psrp"
	"postroom/session/result"
	"postroom/session/wsman"
)

// facts is what the rules look at: everything that the error's chain says, gathered once.
// It has a field for each kind of error that a rule asks for.
type facts struct {
	err      error
	fault    *wsman.Fault
	auth     *wsman.AuthError
	http     *wsman.HTTPError
	net      *wsman.NetError
	redirect *wsman.RedirectError
	exchange *wsman.ExchangeFault
	remote   *psrp.RemoteError
	cmdlet   cmdletError // as remote, through the other door
	answered bool        // the status is of Exchange Online's REST
	sent     bool        // a request failed on the way, at another door than remoting

	op     string
	host   string
	status int
	code   uint32
	header map[string]string
	page   []byte
	// own is what this program and its libraries said, in lower case; empty
	// when a server reported the error.
	own string
	// text is all that was said, in lower case, for rules that know a stable
	// fragment. It is never shown.
	text string
}

func gather(err error) *facts {
	f := &facts{err: err}
	said := []string{err.Error()}
	if errors.As(err, &f.fault) {
		f.op, f.status, f.code, f.exchange = f.fault.Op, f.fault.HTTP, f.fault.Code, f.fault.Exchange
		said = append(said, f.fault.ProviderText, f.fault.Message, f.fault.Reason)
	}
	if errors.As(err, &f.auth) {
		f.status, f.header, f.page = f.auth.HTTP, f.auth.Header, f.auth.Body
		f.exchange = first(f.exchange, f.auth.Exchange)
	}
	if errors.As(err, &f.http) {
		f.op, f.status, f.header, f.page = f.http.Op, f.http.Status, f.http.Header, f.http.Body
		f.exchange = first(f.exchange, f.http.Exchange)
	}
	if errors.As(err, &f.net) {
		f.op, f.host = f.net.Op, hostOf(f.net.URL)
	}
	if errors.As(err, &f.redirect) && f.redirect.From != nil {
		f.host = f.redirect.From.Hostname()
	}
	if errors.As(err, &f.remote) {
		r := f.remote
		said = append(said, r.Message, r.Details, r.ExceptionText, r.FullyQualifiedID, r.ExceptionType)
		f.exchange = first(f.exchange, wsman.ParseExchangeFault(r.Error()))
	}
	said = append(said, f.gatherCloud()...)
	if f.exchange != nil {
		said = append(said, f.exchange.FailureCategory, f.exchange.Class, f.exchange.Text)
	}
	if f.fault == nil && !remote(f) {
		f.own = strings.ToLower(said[0][:min(len(said[0]), mostMatched)])
	}
	said = append(said, excerptForMatching(f.page))
	for i, text := range said {
		said[i] = text[:min(len(text), mostMatched)]
	}
	f.text = plainMarks.Replace(strings.ToLower(strings.Join(said, "\n")))
	return f
}

// mostMatched is how much of each text the rules look at, in bytes: a server may
// send megabytes, and what it is about stands at the beginning.
const mostMatched = 64 << 10

// plainMarks undoes what servers and pages make of apostrophes and hyphens.
var plainMarks = strings.NewReplacer("\u2018", "'", "\u2019", "'", "\u2010", "-", "\u2011", "-", "\u2212", "-", "\u00a0", " ")

func first(a, b *wsman.ExchangeFault) *wsman.ExchangeFault {
	if a != nil {
		return a
	}
	return b
}

func hostOf(rawURL string) string {
	u, err := url.Parse(rawURL)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// excerptForMatching is the beginning of a page without its markup.
func excerptForMatching(page []byte) string {
	return clean(string(page[:min(len(page), 16<<10)]))
}

// values gives what the sentences have placeholders for. Each placeholder that
// a text may hold has a value in every language.
func (f *facts) values(language string, r rule) map[string]string {
	w := wordsIn(language)
	v := map[string]string{
		"tenant": "", "account": "", "command": "",
		"host": w.server, "max": w.some, "used": w.some, "frees": w.quarter, "wait": w.moment, "rows": "0",
		"server": "", "status": fmt.Sprint(f.status), "offered": w.nothing, "parameter": w.parameter, "text": "",
		"choices": "", "file": w.file, "kept": "", "inner": "", "innerfix": "", "to": w.server, "field": "", "want": "",
		"size": w.some, "names": "", "counted": w.count(0),
	}
	set := func(name, value string) {
		if value = clean(value); value != "" {
			v[name] = value
		}
	}
	set("host", f.namedHost())
	set("server", f.serverText())
	set("kept", "")
	if f.fault != nil && f.fault.Wait() > 0 {
		set("wait", w.duration(f.fault.Wait()))
	} else if f.http != nil && f.http.RetryAfter > 0 {
		set("wait", w.duration(time.Duration(f.http.RetryAfter)*time.Second))
	} else if d, ok := waitIn(f.text); ok {
		set("wait", w.duration(d))
	}
	var through *proxy.Error
	var setting *proxy.SettingError
	switch {
	case errors.As(f.err, &through):
		set("to", through.Proxy)
		set("offered", strings.Join(through.Schemes, ", "))
		v["status"] = fmt.Sprint(through.Status)
	case errors.As(f.err, &setting):
		set("field", orWord(setting.Source, w.setting))
		set("inner", setting.Err.Error())
	case f.auth != nil:
		set("offered", strings.Join(f.auth.Schemes, ", "))
	}
	if f.status == http.StatusProxyAuthRequired && through == nil { // one that nobody has set
		v["to"] = fmt.Sprintf(w.onTheWay, v["host"])
	}
	f.cloudValues(w, set)
	f.sessionValues(w, set)
	f.localValues(w, set)
	f.inner(language, r, set)
	return v
}

func orWord(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// runValues are about what came of a run, and what it lacked.
func (f *facts) runValues(w words, set func(name, value string)) {
	var delivered deliveredError
	if errors.As(f.err, &delivered) {
		rows, _ := delivered.Delivered()
		set("rows", fmt.Sprint(rows))
		set("counted", w.count(rows))
	}
	var missing noPassword
	if errors.As(f.err, &missing) {
		set("account", missing.NoPassword())
	}
}

func (f *facts) sessionValues(w words, set func(name, value string)) {
	var limited limitedError
	if errors.As(f.err, &limited) {
		used, limit, frees := limited.Limit()
		set("used", fmt.Sprint(used))
		set("max", fmt.Sprint(limit))
		if !frees.IsZero() {
			set("frees", w.at+" "+frees.Local().Format("15:04"))
		}
	}
	var freeing freeingError
	if errors.As(f.err, &freeing) && !freeing.Frees().IsZero() {
		set("frees", w.at+" "+freeing.Frees().Local().Format("15:04"))
	}
	var waited waitedError
	if errors.As(f.err, &waited) {
		limit, d := waited.Waited()
		set("max", fmt.Sprint(limit))
		set("wait", w.duration(d))
	}
	f.runValues(w, set)
	f.reports(w, set)
	var readOnly readOnlyError
	if errors.As(f.err, &readOnly) {
		tenant, command := readOnly.ReadOnly()
		set("tenant", tenant)
		set("command", command)
	}
	var perhaps perhapsReadOnly
	var tenant tenantError
	if errors.As(f.err, &perhaps) {
		set("tenant", perhaps.PerhapsReadOnly())
	} else if errors.As(f.err, &tenant) {
		set("tenant", tenant.ForTenant())
	}
	var left leftOpen
	if errors.As(f.err, &left) {
		set("used", fmt.Sprint(left.LeftOpen()))
	}
	var refused *endpoint.RedirectRefused
	var leftover leftoverRefused
	switch {
	case errors.As(f.err, &leftover):
		server, host := leftover.LeftoverRefused()
		set("host", server)
		set("to", host)
	case errors.As(f.err, &refused):
		set("host", hostOf(refused.From))
		set("to", refused.Host)
	case f.redirect != nil && f.redirect.To != nil:
		set("to", f.redirect.To.Hostname())
	}
}

func (f *facts) localValues(w words, set func(name, value string)) {
	var path *os.PathError
	var link *os.LinkError
	var aside *jsonfile.SetAsideError
	var newer *jsonfile.NewerError
	var busy *jsonfile.BusyError
	var unusable *ledger.UnusableError
	var tooBig *credential.TooBigError
	var open openFolder
	var bind *cmdlet.BindError
	if errors.As(f.err, &path) {
		set("file", path.Path)
	} else if errors.As(f.err, &link) {
		set("file", link.New)
	}
	if errors.As(f.err, &unusable) {
		set("file", unusable.Dir)
		set("inner", rootOf(unusable.Err).Error())
	}
	if errors.As(f.err, &open) {
		set("file", open.OpenFolder())
	}
	f.diskValues(set)
	if errors.As(f.err, &newer) {
		set("file", newer.Path)
	}
	if errors.As(f.err, &busy) {
		set("file", busy.Path)
	}
	if errors.As(f.err, &aside) {
		set("file", aside.Path)
		set("kept", aside.Kept)
	}
	if errors.As(f.err, &tooBig) && tooBig.Max > 0 {
		set("max", fmt.Sprint(tooBig.Max))
		set("size", fmt.Sprint(tooBig.Size))
	}
	if errors.As(f.err, &bind) {
		set("parameter", bind.Parameter)
		set("text", cmp.Or(bind.Text, bind.Parameter)) // a secret has no text
		set("choices", strings.Join(bind.Names, ", "))
		set("want", w.kind(bind.Kind.String()))
	}
	f.addressValues(set)
}

// diskValues are of what the program keeps on the disk by itself, and of files that were
// not written to their end.
func (f *facts) diskValues(set func(name, value string)) {
	var kept rowsNotKept
	var spool *result.SpoolError
	var torn *atomicfile.TornError
	var nowhere leadsNowhere
	switch {
	case errors.As(f.err, &nowhere):
		text, _, _ := nowhere.LeadsNowhere()
		set("text", text)
	case errors.As(f.err, &kept):
		set("file", kept.RowsNotKept())
	case errors.As(f.err, &spool):
		set("file", spool.Dir)
	case errors.As(f.err, &torn):
		set("file", torn.Name)
		set("kept", torn.Kept)
		set("inner", rootOf(torn.Err).Error())
	}
}

// addressValues are of addresses, tenants and lists of them.
func (f *facts) addressValues(set func(name, value string)) {
	var invalid *endpoint.InvalidError
	var domain *endpoint.DomainError
	var pasted *endpoint.TextError
	var delegation *endpoint.NoDelegationError
	var line *endpoint.LineError
	var lost *endpoint.LostError
	var tenants *endpoint.TenantsError
	if errors.As(f.err, &tenants) {
		set("tenant", tenants.One)
		set("to", tenants.Other)
	}
	if errors.As(f.err, &lost) {
		list, kept := lost.Lost()
		set("file", list)
		set("kept", kept)
	}
	if errors.As(f.err, &invalid) {
		set("field", strings.TrimPrefix(invalid.Field, "Modern."))
		set("text", invalid.Value)
	}
	if errors.As(f.err, &domain) {
		set("text", domain.Text)
	}
	if errors.As(f.err, &pasted) {
		set("text", pasted.Name)
	}
	if errors.As(f.err, &delegation) {
		set("host", delegation.Endpoint)
	}
	if errors.As(f.err, &line) {
		set("rows", fmt.Sprint(line.Line))
		set("text", shortened(line.Text))
	}
}

// rootOf is the innermost error of a chain: what the operating system said.
func rootOf(err error) error {
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(err) {
		err = next
	}
	return err
}

// inner explains what broke a run off, for the sentences about partial results.
func (f *facts) inner(language string, r rule, set func(name, value string)) {
	if !strings.HasPrefix(r.id, "partial") && r.id != "read-only-unsure" && r.id != "no-password" {
		return
	}
	if p := f.explainWithin(language, r); p != nil {
		set("inner", p.Line())
		set("innerfix", p.Fix)
	}
}

// explainWithin explains what the error wraps, past all that tells the same as
// row r; nil when there is nothing else.
func (f *facts) explainWithin(language string, r rule) *Problem {
	cause := within(f.err)
	for cause != nil && sameTelling(r.id, ruleFor(gather(cause)).id) {
		cause = within(cause)
	}
	var tenant tenantError
	if cause != nil && errors.As(f.err, &tenant) {
		cause = &forTenant{cause, tenant.ForTenant()}
	}
	return ExplainIn(language, cause)
}

// forTenant keeps what an outer error knew of the tenant.
type forTenant struct {
	error
	domain string
}

func (e *forTenant) Unwrap() error     { return e.error }
func (e *forTenant) ForTenant() string { return e.domain }

// within is what an error wraps: the first one, when it wraps several.
func within(err error) error {
	if several, ok := err.(interface{ Unwrap() []error }); ok && len(several.Unwrap()) > 0 { //nolint:errorlint // one level is meant
		return several.Unwrap()[0]
	}
	return errors.Unwrap(err)
}

// sameTelling reports whether an error that wraps another tells the same.
func sameTelling(outer, inner string) bool {
	return outer == inner || strings.HasPrefix(outer, "partial") && strings.HasPrefix(inner, "partial")
}

// namedHost is the host that the error is about.
func (f *facts) namedHost() string {
	var name x509.HostnameError
	var dns *net.DNSError
	switch {
	case errors.As(f.err, &dns) && dns.Name != "":
		return dns.Name
	case errors.As(f.err, &name) && name.Host != "":
		return name.Host
	}
	return f.host
}

// serverText is what the server itself said, without Exchange's prefix.
func (f *facts) serverText() string {
	switch {
	case f.exchange != nil && f.exchange.Text != "":
		return f.exchange.Text
	case f.fault != nil:
		return f.fault.Text()
	case f.remote != nil:
		return f.remote.Error()
	case f.cmdlet != nil:
		return f.cmdlet.Error()
	case f.page != nil:
		return excerpt(f.page)
	}
	return f.err.Error()
}

// cancelled reports whether a person ended it.
func (f *facts) cancelled() bool { return errors.Is(f.err, context.Canceled) }

// reports are the facts of errors about reports.
func (f *facts) reports(w words, set func(name, value string)) {
	var changes reportChanges
	if errors.As(f.err, &changes) {
		name, commands := changes.Changing()
		set("report", name)
		set("command", strings.Join(commands, "; "))
	}
	var malformed reportMalformed
	if errors.As(f.err, &malformed) {
		name, what := malformed.Malformed()
		set("report", name)
		set("what", what.Error())
		if p := ExplainIn(w.language, what); p.ID != "unknown" {
			set("what", p.Title)
		}
	}
	var misread Misread
	if errors.As(f.err, &misread) {
		set("what", w.misread(misread.Misread()))
	}
	var refused schedulerRefused
	if errors.As(f.err, &refused) {
		program, said := refused.Scheduler()
		set("command", program)
		set("what", said)
	}
	var wrong wrongUsage
	if errors.As(f.err, &wrong) {
		set("what", wrong.WrongUsage())
	}
	var not notSaved
	if errors.As(f.err, &not) {
		set("what", not.NotSaved())
	}
}
