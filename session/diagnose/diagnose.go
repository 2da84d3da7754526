// Package diagnose turns an error into what a person can do about it: what
// happened, why, what to try, and a block of facts for support.
//
// It is the only package with prose for people. The others return typed facts,
// which the table in rules*.go recognizes by type, code and stable text; the
// sentences are in texts/, one file for each language, by the row's id. To
// explain another error, add a row, its sentences in every language, and a
// sample to the test.
package diagnose

import (
	"fmt"
	"runtime"
	"strings"
	"time"
)

// Kind is the sort of a problem, for exit codes and for where it is shown.
type Kind int

// The kinds of problems.
const (
	Connect     Kind = iota // could not connect or sign in, or lost the connection
	Usage                   // what was typed cannot be used
	Cmdlet                  // the server ran the command and reported an error
	Limit                   // the account has as many sessions as it may
	Interrupted             // a person stopped it
	Local                   // this computer: files, keyring, the program itself
)

// ExitCode is the exit status of the command line for a problem of this kind.
func (k Kind) ExitCode() int {
	switch k {
	case Cmdlet:
		return 1
	case Usage:
		return 2
	case Limit:
		return 4
	case Interrupted:
		return 5
	case Connect, Local:
	}
	return 3
}

// Problem is an error that a person can act on. No field holds a password, an
// Authorization header, a cookie or raw XML.
type Problem struct {
	ID      string // of the row in the table, for tests and support
	Kind    Kind
	Title   string // what happened, in one line
	Cause   string // why, as far as we can tell; may be empty
	Names   bool   // Cause names the file that it is about, and Title does not
	Fix     string // what to do next
	Mender  Mender // who can do it
	Who     string // the same in words; "" when it is not known
	Details string // for support: codes, request ids, texts of the server; lines
	Err     error  // the error that was explained
}

// Error is the title.
func (p *Problem) Error() string { return p.Title }

// Unwrap gives the error that was explained.
func (p *Problem) Unwrap() error { return p.Err }

// ExitCode is the exit status of the command line.
func (p *Problem) ExitCode() int { return p.Kind.ExitCode() }

// OfAccount says that the problem is the account's own: it would be met again at
// every tenant, and each further sign-in brings the account closer to being
// locked.
func (p *Problem) OfAccount() bool {
	switch p.ID {
	case "wrong-password", "entra-password", "password-expired", "account-locked", "account-disabled", "account-unknown", "mfa", "rps-disabled":
		return true
	}
	return false
}

// PointsToDetails says that Fix sends people to the details: where they are not a
// click away, they have to be in sight.
func (p *Problem) PointsToDetails() bool {
	switch p.ID {
	case "rest-unreadable", "ledger-state", "redirect-tenant", "certificate-other", "tls-handshake", "kerberos", "no-language", "protocol-version", "our-mistake",
		"server-text", "sign-in", "network", "protocol-limit", "too-many-columns", "undecoded", "protocol-state", "protocol", "server-error",
		"unknown", "cloud-blocked", "cloud-refused", "cut-short", "graph-broken", "rest-broken":
		return true
	}
	return false
}

// Line is what happened and why, in one line.
func (p *Problem) Line() string { return strings.TrimSpace(p.Title + " " + p.Cause) }

// partial is what an error says about itself when rows may be missing. Such an
// error may have Delivered too.
type partial interface {
	error
	Partial() bool
}

// deliveredError is what a partial error may tell: how many rows came, and whether
// it is not known that the command ran.
type deliveredError interface {
	error
	Delivered() (rows int, unsure bool)
}

// limitedError is what an error says about itself when the server refused a session
// because the account has too many: how many of them are ours, how many the
// account may have, and when an abandoned one is dropped at the latest (zero
// when not known).
type limitedError interface {
	error
	Limit() (used, limit int, frees time.Time)
}

// waitedError is what an error says about itself when an account's sessions were all
// in use on this computer until the wait for one was given up: how many the
// account may have, and how long the wait was.
type waitedError interface {
	error
	Waited() (limit int, waited time.Duration)
}

// noPassword is what an error says about itself when a password is missing where nobody
// can be asked for it; it wraps why the keyring gave none.
type noPassword interface {
	error
	NoPassword() (account string)
}

// leftOpen is what an error says about itself when sessions may be left on the
// server: how many.
type leftOpen interface {
	error
	LeftOpen() int
}

// goneError is what a leftOpen error says about itself when some of its sessions are gone
// from their servers, and only the list of open sessions could not say so: how many.
type goneError interface {
	leftOpen
	Gone() int
}

// rowsNotKept is what an error says about itself when the rows of a run are not in the
// history: the folder that it is in.
type rowsNotKept interface {
	error
	RowsNotKept() (dir string)
}

// leadsNowhere is what an error says about itself when a path that was typed or pasted is
// none of this computer's: the path, and whether it is one of another computer or system.
type leadsNowhere interface {
	error
	LeadsNowhere() (text string, ofComputer, ofSystem bool)
}

// freeingError is what an error says about itself when it knows when a server will
// have dropped by itself what may be left there; zero when it does not.
type freeingError interface {
	error
	Frees() time.Time
}

// leftoverRefused is what an error says about itself when the session of an
// earlier run is recorded at a host that may not have the password: where the
// session was asked for, and that host.
type leftoverRefused interface {
	error
	LeftoverRefused() (server, host string)
}

// tenantError is what an error says about itself when a tenant was named in the
// attempt that failed: its domain.
type tenantError interface {
	error
	ForTenant() (domain string)
}

// openFolder is what an error says about itself when every user of the computer
// may write in a folder of the program: which.
type openFolder interface {
	error
	OpenFolder() (dir string)
}

// Explain explains err in English. It never returns nil for a non-nil error,
// and nil for nil.
func Explain(err error) *Problem { return ExplainIn("en", err) }

// ExplainIn is Explain in the language of a BCP 47 tag such as "de-AT". A
// language without texts gets English.
func ExplainIn(language string, err error) *Problem {
	if err == nil {
		return nil
	}
	f := gather(err)
	r := ruleFor(f)
	texts := textsIn(language)
	sentences := texts[r.id]
	values := f.values(language, r)
	p := &Problem{ID: r.id, Kind: r.kind, Err: err, Details: f.details(r.id), Mender: f.mender(r.id)}
	p.Who = wordsIn(language).menders[p.Mender]
	p.Title = fill(sentences.Title, values)
	p.Cause = fill(sentences.Cause, values)
	p.Fix = fill(sentences.Fix, values)
	p.Names = strings.Contains(sentences.Cause, "{file}") && !strings.Contains(sentences.Title, "{file}")
	if r.id == leftBehind { // why it failed comes first, what was left is added
		if why := f.explainWithin(language, r); why != nil {
			p.ID, p.Kind, p.Title, p.Cause, p.Fix = why.ID, why.Kind, why.Title, why.Cause, why.Fix+" "+p.Fix
			p.Mender, p.Who, p.Names = why.Mender, why.Who, why.Names
		}
	}
	if p.Title == "" { // a row without sentences: the test finds it first
		p.Title = clean(err.Error())
	}
	return p
}

// leftBehind is the row of an attempt that failed and may have left a session.
const leftBehind = "left-behind"

// fill puts values for {name} into a sentence, cleaned of what must not be
// shown, and on one line.
func fill(sentence string, values map[string]string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(sentence, "{")
		b.WriteString(before)
		if !found {
			break
		}
		name, after, _ := strings.Cut(rest, "}")
		b.WriteString(values[name])
		sentence = after
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// details is the block for support.
func (f *facts) details(id string) string {
	var b strings.Builder
	line := func(name, value string) {
		if value = clean(value); value != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, value)
		}
	}
	line("Problem", id)
	line("Time", time.Now().UTC().Format(time.RFC3339))
	line("System", runtime.GOOS+"/"+runtime.GOARCH)
	line("Error", f.err.Error())
	f.transportDetails(line)
	f.exchangeDetails(line)
	f.remoteDetails(line)
	f.cloudDetails(line)
	return strings.TrimSuffix(b.String(), "\n")
}

func (f *facts) transportDetails(line func(name, value string)) {
	line("Operation", f.op)
	line("Host", f.host)
	if f.status != 0 && !f.answered {
		line("HTTP status", fmt.Sprint(f.status))
	}
	if f.code != 0 {
		line("Code", fmt.Sprintf("%d (0x%08X)", f.code, f.code))
	}
	if f.fault != nil {
		line("Subcode", strings.Trim(f.fault.SOAPCode+" "+f.fault.Subcode+" "+f.fault.FaultDetail, " "))
		line("Machine", f.fault.Machine)
		line("Server's text", f.fault.Text())
		line("Server's protocol version", f.fault.ServerProtocolVersion)
	}
	if f.auth != nil {
		line("Sign-in", string(f.auth.Auth))
		line("Offered", strings.Join(f.auth.Schemes, ", "))
		line("Kerberos", f.auth.Kerberos)
	}
	for _, name := range sortedKeys(f.header) {
		if !secretHeader(name) {
			line(name, f.header[name])
		}
	}
	line("Page", excerpt(f.page))
}

func (f *facts) exchangeDetails(line func(name, value string)) {
	x := f.exchange
	if x == nil {
		return
	}
	line("Server", x.Server)
	line("Back-end server", x.BackEndServer)
	line("Request id", x.RequestID)
	line("Authorization request id", x.AuthZRequestID)
	line("Server's time", x.TimeStamp)
	line("Failure category", x.FailureCategory)
	line("Server's code", strings.Trim(x.Code+" "+x.Class, " "))
	line("Message", x.Text)
}

func (f *facts) remoteDetails(line func(name, value string)) {
	r := f.remote
	if r == nil {
		return
	}
	line("Error id", r.FullyQualifiedID)
	line("Category", r.CategoryText)
	line("Exception", r.ExceptionType)
	line("Message", r.Message)
	line("Recommended", r.RecommendedAction)
}

// undecoded is a run with values that could not be decoded.
type undecoded interface {
	error
	Undecoded() (values, rows int)
}

// reportChanges is what an error says about itself when a report of one's own is
// not kept, or not used, because it may change something.
type reportChanges interface {
	error
	Changing() (report string, commands []string)
}

// reportMalformed is what an error says about itself when a report, or a file of
// them, cannot be taken.
type reportMalformed interface {
	error
	Malformed() (report string, what error)
}

// Misread is what an error says about itself when an expression of a report cannot be read:
// what was expected at which byte.
type Misread interface {
	error
	Misread() (expression string, at int, want string)
}

// schedulerRefused is what an error says about itself when the computer's scheduler
// would not do what it was told.
type schedulerRefused interface {
	error
	Scheduler() (program, said string)
}

// wrongUsage is what an error says about itself when a command line cannot be done.
type wrongUsage interface {
	error
	WrongUsage() (what string)
}

// notSaved is what an error says about itself when a report cannot hold something.
type notSaved interface {
	error
	NotSaved() (what string)
}

// perhapsReadOnly is what an error says about itself when nothing was sent because nobody
// can tell whether this is a tenant that is set to read-only: which one.
type perhapsReadOnly interface {
	error
	PerhapsReadOnly() (tenant string)
}

// readOnlyError is what an error says about itself when a command was not sent because
// it may change something and the person has set its tenant to read-only.
type readOnlyError interface {
	error
	ReadOnly() (tenant, command string)
}
