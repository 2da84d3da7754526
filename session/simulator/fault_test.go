package simulator_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"postroom/session/psrp"
	"postroom/session/simulator"
	"postroom/session/wsman"
	"postroom/test/fixture"
)

func rules(list ...simulator.Rule) *simulator.Faults { return &simulator.Faults{Seed: 1, Rules: list} }

// check says what is wrong with an outcome; "" when nothing is.
type check func(err error) string

func status(want int) check {
	return func(err error) string {
		var page *wsman.HTTPError
		var auth *wsman.AuthError
		switch {
		case errors.As(err, &page) && page.Status == want:
			return ""
		case errors.As(err, &auth) && auth.HTTP == want:
			return ""
		}
		return fmt.Sprintf("want HTTP %d", want)
	}
}

func category(want string) check {
	return func(err error) string {
		var f *wsman.Fault
		if errors.As(err, &f) && f.Exchange != nil && f.Exchange.FailureCategory == want && f.Exchange.RequestID != "" {
			return ""
		}
		return "want a fault of " + want
	}
}

func code(want uint32, text string) check {
	return func(err error) string {
		var f *wsman.Fault
		if errors.As(err, &f) && f.Code == want && strings.Contains(f.Error()+f.Reason+f.ServerProtocolVersion, text) {
			return ""
		}
		return fmt.Sprintf("want code %d and %q", want, text)
	}
}

func redirect(want wsman.RedirectReason) check {
	return func(err error) string {
		var r *wsman.RedirectError
		if errors.As(err, &r) && r.Reason == want {
			return ""
		}
		return "want a redirect that was not followed: " + string(want)
	}
}

func broken(err error) string {
	var n *wsman.NetError
	if errors.As(err, &n) {
		return ""
	}
	return "want an error of the network"
}

func protocol(err error) string {
	var p *wsman.ProtocolError
	var h *wsman.HTTPError
	if errors.As(err, &p) || errors.As(err, &h) {
		return ""
	}
	return "want a protocol error"
}

func certificate(is func(error) bool) check {
	return func(err error) string {
		if is(err) {
			return ""
		}
		return "want another error of the certificate"
	}
}

func invalid(reason x509.InvalidReason) check {
	return certificate(func(err error) bool {
		var c x509.CertificateInvalidError
		return errors.As(err, &c) && c.Reason == reason
	})
}

// Each fault, played once on the first Create: the client sees what it is, and
// the next attempt succeeds.
func TestEveryFaultOfConnecting(t *testing.T) {
	for fault, want := range map[simulator.Fault]check{
		simulator.Refuse: broken, simulator.DropBefore: broken, simulator.DropAfter: broken, simulator.Truncate: broken,
		simulator.TLSExpired: invalid(x509.Expired), simulator.TLSNotYet: invalid(x509.Expired),
		simulator.TLSWrongName: certificate(func(err error) bool { return errors.As(err, new(x509.HostnameError)) }),
		simulator.TLSUnknownCA: certificate(func(err error) bool { return errors.As(err, new(x509.UnknownAuthorityError)) }),
		simulator.Unavailable:  status(503), simulator.InternalError: status(500), simulator.BadGateway: status(502), simulator.NotFound: status(404),
		simulator.Forbidden: status(403), simulator.TooManyRequests: status(429), simulator.TooLarge: status(413), simulator.ProxyAuthentication: status(407),
		simulator.HTML: status(200), simulator.NoContentType: protocol, simulator.Garbage: protocol,
		simulator.Unauthorized: status(401), simulator.MFA: status(401), simulator.NotEnabled: status(400),
		simulator.RedirectLoop: redirect(wsman.RedirectLoop), simulator.RedirectHTTP: redirect(wsman.RedirectDowngrade), simulator.RedirectForeign: redirect(wsman.RedirectRefused),
		simulator.RedirectTenant: redirect(wsman.RedirectTenantLost), simulator.RedirectNowhere: redirect(wsman.RedirectNoLocation), simulator.Redirect: redirect(wsman.RedirectRefused),
		simulator.LostAffinity: code(0x8033805B, "was not found on the server"), simulator.Expire: category("WSMan-InvalidShellID"),
		simulator.Quota: category("AuthZ-AuthorizationException"), simulator.TenantQuota: category("AuthZ-AuthorizationException"), simulator.Budget: category("AuthZ-OverBudgetException"),
		simulator.QuotaLimit: code(0x803381A5, "maximum number of 3 concurrent shells"), simulator.Throttled: code(0x803381A7, "30000 milliseconds"),
		simulator.AccessDenied: code(5, "Access is denied"), simulator.NoRole: category("AuthZ-CmdletAccessDeniedException"), simulator.NotDelegated: code(0x80338043, `The user "soleil.onmicrosoft.example\admin@postroom.example" isn't assigned to any management roles.`),
		simulator.UnknownTenant: category("AuthZ-CannotResolveTenantNameException"), simulator.SendFailure: category("Cafe-SendFailure"),
		simulator.WrongResource: code(0x8033803B, "was not found in the WS-Management catalog"), simulator.VersionRefused: code(0x80540BC5, "2.1"),
		simulator.BrokenPool: func(err error) string {
			if errors.Is(err, errBroken) {
				return ""
			}
			return "want a pool that breaks"
		},
	} {
		t.Run(string(fault), func(t *testing.T) {
			on := simulator.Create
			switch fault {
			case simulator.Refuse, simulator.TLSExpired, simulator.TLSNotYet, simulator.TLSWrongName, simulator.TLSUnknownCA:
				on = simulator.Accept
			}
			s := start(t, simulator.Options{Faults: rules(simulator.Rule{Fault: fault, On: on, Nth: []int{1}})})
			c, err := open(t, s, dial{tenant: "soleil.example"})
			if err == nil {
				t.Fatal("it connected")
			}
			if wrong := want(err); wrong != "" {
				t.Errorf("%s: got %v", wrong, err)
			}
			if n := s.Stats().FaultsPlayed[string(fault)]; n != 1 {
				t.Errorf("played %d times", n)
			}
			if c != nil && c.shell != nil {
				c.close()
			}
			mustOpen(t, s, dial{tenant: "soleil.example"}).close()
		})
	}
}

// TestOutputIsCountedUntilTerminate: what a command has given, for a rule that waits for it, is
// forgotten with the command. One with the same ID begins anew.
func TestOutputIsCountedUntilTerminate(t *testing.T) {
	s := start(t, simulator.Options{})
	c := mustOpen(t, s, dial{})
	defer c.close()
	id := newGUID()
	run := func() {
		t.Helper()
		if err := c.pool.Start(id, psrp.PipelineOptions{}, call("Get-AcceptedDomain")); err != nil {
			t.Fatal(err)
		}
		err := c.send()
		if err == nil {
			_, err = c.finish(id)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	before := s.Stats().Bytes
	run()
	output := int(s.Stats().Bytes - before)
	rule := simulator.Rule{Fault: simulator.DropBefore, On: simulator.Receive, After: output}
	if err := s.SetFaults(rules(rule)); err != nil {
		t.Fatal(err)
	}
	run()
	rule.After = 1 // a second fetch always has something before it
	if err := s.SetFaults(rules(rule)); err != nil {
		t.Fatal(err)
	}
	if id, err := c.begin(call("Get-Mailbox", "ResultSize", "Unlimited")); err != nil {
		t.Fatal(err)
	} else if _, err = c.finish(id); err == nil {
		t.Error("a rule that waits for output was not played")
	}
}

func TestFaultsAfterServingHaveServed(t *testing.T) {
	for _, fault := range []simulator.Fault{simulator.DropAfter, simulator.Truncate} {
		s := start(t, simulator.Options{Faults: rules(simulator.Rule{Fault: fault, On: simulator.Create, Nth: []int{1}})})
		var id string
		if _, err := open(t, s, dial{shell: &id}); broken(err) != "" {
			t.Errorf("%s: %v", fault, err)
		}
		if got := s.Stats(); got.OpenShells != 1 {
			t.Errorf("%s: %d shells are open", fault, got.OpenShells)
		}
		// the client never saw the cookie: a request without one is handed out in
		// turn to the servers behind the name, so that one of two finds the shell
		sh, err := newClient(t, s, dial{}).Attach(wsman.Record{ShellID: id, URL: s.URL(), Configuration: "Microsoft.Exchange"})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := sh.Delete(t.Context()); err != nil {
				t.Errorf("%s: %v", fault, err)
			}
		}
		if got := s.Stats(); got.OpenShells != 0 || got.ShellsDeleted != 1 {
			t.Errorf("%s: after Delete: %+v", fault, got)
		}
	}
	s := start(t, simulator.Options{Faults: rules(simulator.Rule{Fault: simulator.DropBefore, On: simulator.Create, Nth: []int{1}})})
	if _, err := open(t, s, dial{}); broken(err) != "" {
		t.Errorf("drop-before: %v", err)
	}
	if got := s.Stats(); got.OpenShells != 0 {
		t.Errorf("drop-before: %d shells are open", got.OpenShells)
	}
}

func TestHang(t *testing.T) {
	for _, fault := range []simulator.Fault{simulator.Hang, simulator.HangAfter} {
		s := start(t, simulator.Options{Faults: rules(simulator.Rule{Fault: fault, On: simulator.Create, Nth: []int{1}})})
		ctx, cancel := context.WithCancel(t.Context())
		result := make(chan error, 1)
		go func() { _, err := open(t, s, dial{ctx: ctx}); result <- err }() // ends with ctx
		if err := s.Played(t.Context(), fault, 1); err != nil {
			t.Fatal(err)
		}
		if fault == simulator.HangAfter { // what was asked is done first
			if err := s.Until(t.Context(), func(st *simulator.Stats) bool { return st.OpenShells == 1 }); err != nil {
				t.Fatal(err)
			}
		}
		select {
		case err := <-result:
			t.Fatalf("%s did not hang: %v", fault, err)
		default:
		}
		cancel()
		if err := <-result; !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", fault, err)
		}
	}
	clock := simulator.NewManualClock(epoch)
	s := start(t, simulator.Options{Clock: clock, Faults: rules(simulator.Rule{Fault: simulator.Hang, On: simulator.Create, Nth: []int{1}, Delay: simulator.Duration(time.Minute)})})
	result := make(chan error, 1)
	go func() { _, err := open(t, s, dial{}); result <- err }() // ends when the fault does
	waits(t, clock, time.Minute)
	clock.Advance(time.Minute)
	if err := <-result; broken(err) != "" {
		t.Errorf("after a minute: %v", err)
	}
}

// waits waits until the server waits for d by its clock, and for nothing sooner.
func waits(t *testing.T, clock *simulator.ManualClock, d time.Duration) {
	t.Helper()
	if err := clock.Awaited(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	now, cancel := context.WithCancel(t.Context())
	cancel()
	if clock.Awaited(now, d-1) == nil {
		t.Errorf("it waits for less than %s", d)
	}
}

func TestSlowAndDelayedAnswersArrive(t *testing.T) {
	s := start(t, simulator.Options{Faults: rules(
		simulator.Rule{Fault: simulator.Slow, On: simulator.Create, Rate: 20_000},
		simulator.Rule{Fault: simulator.Delayed, On: simulator.Command, Delay: simulator.Duration(time.Millisecond)})})
	c := mustOpen(t, s, dial{})
	if r := c.run(call("Get-AcceptedDomain")); len(r.rows) == 0 {
		t.Error("no rows")
	}
	c.close()
	if got := s.Stats().FaultsPlayed; got["slow"] != 1 || got["delay"] != 1 {
		t.Errorf("played: %v", got)
	}
}

func TestRedirectIsFollowed(t *testing.T) {
	s := start(t, simulator.Options{Faults: rules(simulator.Rule{Fault: simulator.Redirect, On: simulator.Create})})
	var offered []string
	c := mustOpen(t, s, dial{tenant: "fujimi.example", allow: func(_ context.Context, _, to *url.URL) error { offered = append(offered, to.String()); return nil }})
	if len(offered) != 1 || !strings.HasPrefix(offered[0], "https://localhost:") || !strings.HasSuffix(offered[0], "/powershell-liveid/?DelegatedOrg=fujimi.example") {
		t.Errorf("offered %q", offered)
	}
	if r := c.run(call("Get-OrganizationConfig")); r.get(t, 0, "DisplayName") != "富士見製作所 (Fujimi Works)" {
		t.Errorf("%v", r.rows)
	}
	if !strings.HasPrefix(c.shell.URL(), "https://localhost:") {
		t.Errorf("pinned to %s", c.shell.URL())
	}
	c.close()
}

// Faults in the middle of a session.
func TestFaultsOfARunningSession(t *testing.T) {
	for name, tc := range map[string]struct {
		rule simulator.Rule
		want check
		left int // shells that are open afterwards
	}{
		"command dropped":     {simulator.Rule{Fault: simulator.DropBefore, On: simulator.Command}, broken, 1},
		"command unavailable": {simulator.Rule{Fault: simulator.Unavailable, On: simulator.Command}, status(503), 1},
		"command throttled":   {simulator.Rule{Fault: simulator.Throttled, On: simulator.Command, Retry: simulator.Duration(9 * time.Second)}, code(0x803381A7, "9000 milliseconds"), 1},
		"affinity lost":       {simulator.Rule{Fault: simulator.LostAffinity, On: simulator.Receive, Nth: []int{2}}, code(0x8033805B, "was not found"), 0},
		"expired":             {simulator.Rule{Fault: simulator.Expire, On: simulator.Command}, category("WSMan-InvalidShellID"), 0},
		"receive truncated":   {simulator.Rule{Fault: simulator.Truncate, On: simulator.Receive, Nth: []int{2}, Bytes: 700}, broken, 1},
		"receive html":        {simulator.Rule{Fault: simulator.HTML, On: simulator.Receive, Nth: []int{2}}, status(200), 1},
		"denied":              {simulator.Rule{Fault: simulator.AccessDenied, On: simulator.Command}, code(5, "Access is denied"), 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, simulator.Options{})
			c := mustOpen(t, s, dial{})
			if err := s.SetFaults(rules(tc.rule)); err != nil {
				t.Fatal(err)
			}
			_, err := c.try(call("Get-Mailbox"))
			if err == nil && tc.rule.On == simulator.Receive {
				_, err = c.try(call("Get-Mailbox"))
			}
			if wrong := tc.want(err); wrong != "" {
				t.Errorf("%s: got %v", wrong, err)
			}
			if got := s.Stats().OpenShells; got != tc.left {
				t.Errorf("%d shells are open, want %d", got, tc.left)
			}
			if err := s.SetFaults(nil); err != nil {
				t.Fatal(err)
			}
			c.close() // a shell that is gone counts as deleted
			if got := s.Stats().OpenShells; got != 0 {
				t.Errorf("%d shells are left", got)
			}
		})
	}
}

// The answer to a Receive that is lost with rows in it: the client half of psrp
// sees the hole.
func TestALostReceiveLeavesAGap(t *testing.T) {
	rows := 3000 / fixture.OneOf(3)
	s := start(t, simulator.Options{Rows: rows})
	c := mustOpen(t, s, dial{})
	id, err := c.begin(call("Get-Mailbox", "ResultSize", "Unlimited"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SetFaults(rules(simulator.Rule{Fault: simulator.DropAfter, On: simulator.Receive, Nth: []int{2}})); err != nil {
		t.Fatal(err)
	}
	var r result
	for !r.state.Final() {
		events, err := c.fetch(id)
		if err != nil {
			if broken(err) != "" {
				t.Fatal(err)
			}
			c.pool.LostReply(id)
			continue
		}
		if err := r.take(events); err != nil {
			t.Fatal(err)
		}
	}
	if !r.gap || len(r.rows) >= rows || len(r.rows) == 0 {
		t.Errorf("gap %v, %d rows of %d", r.gap, len(r.rows), rows)
	}
	c.close()
}

func TestFaultsOfCmdlets(t *testing.T) {
	s := start(t, simulator.Options{Epoch: epoch, Faults: rules(
		simulator.Rule{Fault: simulator.Transient, On: simulator.Cmdlet, Cmdlet: "Get-TransportRule", Nth: []int{1}},
		simulator.Rule{Fault: simulator.HalfWay, On: simulator.Cmdlet, Cmdlet: "Get-Mailbox"},
		simulator.Rule{Fault: simulator.NotInRole, On: simulator.Cmdlet, Cmdlet: "New-Mailbox"},
		simulator.Rule{Fault: simulator.MicroDelay, On: simulator.Cmdlet, Cmdlet: "Get-AcceptedDomain"},
	)})
	c := mustOpen(t, s, dial{})
	defer c.close()
	r := c.run(call("Get-TransportRule"))
	if r.state != psrp.PipelineFailed || !strings.Contains(r.err.Message, "The LDAP server is unavailable") || r.err.CategoryReason != "ADTransientException" {
		t.Errorf("transient: %v %v", r.state, r.err)
	}
	if r := c.run(call("Get-TransportRule")); r.state != psrp.PipelineCompleted {
		t.Errorf("the second time: %v", r.err)
	}
	if r := c.run(call("Get-Mailbox")); r.state != psrp.PipelineFailed || len(r.rows) != 123 {
		t.Errorf("half way: state %v, %d rows of 246", r.state, len(r.rows))
	}
	if r := c.run(call("New-Mailbox", "Name", "x", "Shared", on)); r.state != psrp.PipelineFailed || r.err.FullyQualifiedID != "CommandNotFoundException" {
		t.Errorf("not in role: %v", r.err)
	}
	if r := c.run(call("Get-AcceptedDomain")); len(r.rows) == 0 || len(r.warnings) != 1 || !strings.HasPrefix(r.warnings[0], "Micro delay applied.") {
		t.Errorf("micro delay: %q", r.warnings)
	}
}

// One of each three mailboxes fails by name; the others come all the same.
func TestErrorsOfSingleRows(t *testing.T) {
	s := start(t, simulator.Options{Rows: 9, Epoch: epoch, Faults: rules(simulator.Rule{Fault: simulator.RowError, On: simulator.Cmdlet, Cmdlet: "Get-MailboxPermission", Rows: 3})})
	c := mustOpen(t, s, dial{})
	defer c.close()
	r := c.run(call("Get-Mailbox"), call("Get-MailboxPermission"))
	if len(r.errors) != 3 || len(r.rows) < 6 || r.err != nil || r.errors[0].CategoryReason != "MailboxOfflineException" {
		t.Errorf("%d rows, errors %v, %v; want 3 errors of 9 mailboxes", len(r.rows), r.errors, r.err)
	}
}

// Without the cookie a session's requests are handed out in turn, so that the
// second server refuses every other one.
func TestASessionWithoutItsCookie(t *testing.T) {
	s := start(t, simulator.Options{Faults: rules(simulator.Rule{Fault: simulator.NoCookie, On: simulator.Create, Nth: []int{1}})})
	if _, err := open(t, s, dial{}); code(0x8033805B, "was not found on the server")(err) != "" {
		t.Errorf("got %v", err)
	}
	if got := s.Stats().OpenShells; got != 1 {
		t.Errorf("%d shells are open", got)
	}
}

// outcomes opens sessions and says which attempts failed.
func outcomes(t *testing.T, seed int64, n int) string {
	t.Helper()
	s := start(t, simulator.Options{Faults: &simulator.Faults{Seed: seed, Rules: []simulator.Rule{{Fault: simulator.Unavailable, On: simulator.Create, Probability: 0.5}}}})
	var b strings.Builder
	for range n {
		c, err := open(t, s, dial{})
		if err != nil {
			b.WriteByte('x')
			continue
		}
		b.WriteByte('.')
		c.close()
	}
	return b.String()
}

func TestASeededScheduleRepeats(t *testing.T) {
	first := outcomes(t, 11, 24)
	if again := outcomes(t, 11, 24); again != first {
		t.Errorf("seed 11 gave %s and %s", first, again)
	}
	if other := outcomes(t, 12, 24); other == first {
		t.Errorf("seed 12 gave the same as 11: %s", first)
	}
	if n := strings.Count(first, "x"); n < 4 || n > 20 {
		t.Errorf("half of 24 should fail: %s", first)
	}
}

func TestNthEveryLimitAndConditions(t *testing.T) {
	s := start(t, simulator.Options{Faults: rules(
		simulator.Rule{Fault: simulator.NotFound, On: simulator.Create, Tenant: "soleil.example"},
		simulator.Rule{Fault: simulator.Forbidden, On: simulator.Create, Tenant: "alpenhof.example", Every: 2, Limit: 1},
		simulator.Rule{Fault: simulator.BadGateway, Account: "ADMIN@postroom.example", On: simulator.Create, Nth: []int{3}},
	)})
	var got []string
	for _, tenant := range []string{"", "soleil.example", "alpenhof.example", "alpenhof.example", "alpenhof.example", "alpenhof.example", "", "soleil.example"} {
		c, err := open(t, s, dial{tenant: tenant})
		var page *wsman.HTTPError
		switch {
		case errors.As(err, &page):
			got = append(got, fmt.Sprint(page.Status))
		case err != nil:
			t.Fatal(err)
		default:
			got = append(got, "ok")
			c.close()
		}
	}
	if text := strings.Join(got, " "); text != "ok 404 502 403 ok ok ok 404" {
		t.Errorf("got %s", text)
	}
}

func TestFaultsFile(t *testing.T) {
	f, err := simulator.ParseFaults(strings.NewReader(`{"seed": 5, "rules": [{"fault": "drop-before", "on": "Command", "nth": [2, 3]}, {"fault": "slow", "rate": 100, "probability": 0.25}, {"fault": "hang", "delay": "1m30s"}]}`))
	if err != nil || len(f.Rules) != 3 || f.Seed != 5 || f.Rules[2].Delay != simulator.Duration(90*time.Second) || f.Rules[0].On != simulator.Command {
		t.Errorf("%+v, %v", f, err)
	}
	for text, index := range map[string]int{
		`{"rules": [{"fault": "nonsense"}]}`: 0, `{"rules": [{"fault": "503"}, {"fault": "refuse", "on": "Create"}]}`: 1, `{"rules": [{"fault": "503", "on": "Nowhere"}]}`: 0,
		`{"rules": [{"fault": "slow"}]}`: 0, `{"rules": [{"fault": "503", "probability": 2}]}`: 0, `{"rules": [{"fault": "503", "nth": [0]}]}`: 0, `{"rules": [{"fault": "broken-pool", "on": "Delete"}]}`: 0,
		`{"rules": [{"fault": "transient", "on": "Create"}]}`: 0,
	} {
		var rule *simulator.RuleError
		if _, err := simulator.ParseFaults(strings.NewReader(text)); !errors.As(err, &rule) || rule.Index != index {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, text := range []string{"", "[]", `{"rules": [], "other": 1}`, `{"rules": []} x`, `{"rules": [{"fault": "hang", "delay": "soon"}]}`} {
		if _, err := simulator.ParseFaults(strings.NewReader(text)); err == nil {
			t.Errorf("%q was read", text)
		}
	}
	for text, want := range map[string]string{ // a value of another kind: the field, and what it takes
		`{"rules": [{"fault": "slow", "rate": "fast"}]}`:  "rules.rate must be a whole number, not string",
		`{"rules": [{"fault": 503}]}`:                     "rules.fault must be a text in quotes, not number",
		`{"rules": [{"fault": "503", "nth": 2}]}`:         "rules.nth must be a list of whole numbers, such as [2, 3], not number",
		`{"rules": [{"fault": "hang", "delay": 5}]}`:      `rules.delay must be a length of time in quotes, such as "1.5s", not number`,
		`{"rules": [{"fault": "hang", "delay": "soon"}]}`: `a delay or retry must be a length of time in quotes, such as "1.5s", not "soon"`,
		`{"rules": [{"probability": "often"}]}`:           "rules.probability must be a number, not string",
		`{"rules": {"fault": "503"}}`:                     "rules must be a list, not object",
		`{"rules": ["503"]}`:                              "rules must be an object in {}, not string",
		`[]`:                                              "the file must be an object in {}, not array",
	} {
		_, err := simulator.ParseFaults(strings.NewReader(text))
		if wrong, is := errors.AsType[*simulator.FieldError](err); !is || wrong.Error() != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	if _, err := simulator.ReadFaults(t.TempDir() + "/none.json"); err == nil {
		t.Error("a file that is not there was read")
	}
	if _, err := simulator.Start(simulator.Options{Faults: rules(simulator.Rule{Fault: "nonsense"})}); err == nil {
		t.Error("a server started with a rule that it cannot play")
	}
	s := start(t, simulator.Options{})
	var rule *simulator.RuleError
	if err := s.SetFaults(rules(simulator.Rule{Fault: "nonsense"})); !errors.As(err, &rule) {
		t.Errorf("SetFaults: %v", err)
	}
}

// Every fault that is listed must be played by a test above, or be known here.
func TestNoFaultIsForgotten(t *testing.T) {
	if n := len(simulator.AllFaults()); n != 70 {
		t.Errorf("%d faults: add the new ones to the tests of this file", n)
	}
}

func TestBadOptions(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	for name, o := range map[string]simulator.Options{
		"port taken": {Listen: l.Addr().String()}, "no address": {Listen: "nonsense"}, "negative rows": {Rows: -1}, "tiny envelope": {MaxEnvelope: 100},
		"folder that cannot be": {Dir: "/dev/null/x"}, "negative limit": {SessionLimit: -1},
	} {
		if s, err := simulator.Start(o); err == nil {
			t.Errorf("%s: it started", name)
			_ = s.Close()
		}
	}
}
