package tray

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"postroom/app/desktest"
	"postroom/session"
	"postroom/session/endpoint"
	"postroom/widgets"
)

func TestMain(m *testing.M) {
	if err := desktest.English(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// A session that is asked for is being opened: it waits, and all others are in use, only
// when that is known.
func TestASessionWaitsWhenItIsKnownForWhat(t *testing.T) {
	p := &Panel{}
	asked := session.Info{ID: 3, Account: "anna@partner.example", Tenant: endpoint.Tenant{Name: "Contoso", Domain: "contoso.example"}, Limit: 3}
	if s := p.state([]session.Info{asked}); len(s.Waiting) != 0 || len(s.Sessions) != 1 || s.Sessions[0].State != widgets.SessionOpening {
		t.Errorf("asked for: %+v", s)
	}
	if _, waits := WaitingFor([]session.Info{asked}, session.Target{Tenant: asked.Tenant}); waits {
		t.Error("it waits for nothing that is known")
	}
	asked.Place, asked.Wait = 1, session.Wait{For: session.WaitSlot}
	if s := p.state([]session.Info{asked}); len(s.Waiting) != 1 || len(s.Sessions) != 0 || !strings.Contains(s.Waiting[0].Detail, "All 3 are in use") {
		t.Errorf("waiting for a slot: %+v", s)
	}
}

// The row of a connection by tokens says what it depends on: that the tenant was
// verified, until when the token is good, what is left of the rate, until when the
// server wants to be left alone, and that the person has to sign in.
func TestTheRowOfAConnectionByTokens(t *testing.T) {
	until := time.Now().Add(time.Hour)
	info := session.Info{
		ID: 7, Account: "anna@partner.example", Tenant: endpoint.Tenant{Name: "Contoso", Domain: "contoso.example"}, State: session.Idle, Server: "outlook.office365.com",
		Door: endpoint.REST, Standing: session.Standing{TenantID: "5b1f0a52-0d3e-4d5e-9c61-7f2b9a4c1d20", TokenUntil: until, Rate: session.Rate{Limit: 30000, Remaining: 29994, Reset: until}},
	}
	at := until.Local().Format("15:04")
	row := sessionInfo(info)
	if !row.Tokens || !row.Verified || row.SignIn || row.Note != "" || row.ID != "7" || row.Tenant != "Contoso" || row.Endpoint != "outlook.office365.com" || row.State != widgets.SessionIdle {
		t.Errorf("%+v", row)
	}
	if len(row.Facts) != 2 || !strings.Contains(row.Facts[0], at) || !strings.Contains(row.Facts[1], at) || !strings.Contains(row.Facts[1], "994") {
		t.Errorf("%q", row.Facts)
	}
	info.Rate.Reset = time.Time{}
	if row = sessionInfo(info); len(row.Facts) != 2 || strings.Contains(row.Facts[1], at) {
		t.Errorf("no time for the rate: %q", row.Facts)
	}
	info.Rate, info.WaitUntil = session.Rate{}, time.Now().Add(time.Minute)
	if row = sessionInfo(info); len(row.Facts) != 1 || !strings.Contains(row.Note, info.WaitUntil.Local().Format(time.TimeOnly)) {
		t.Errorf("waiting: %q, %q", row.Facts, row.Note)
	}
	info.WaitUntil = time.Now().Add(-time.Minute)
	info.NeedsSignIn = &session.NeedsSignInError{Account: info.Account, Tenant: info.TenantID}
	if row = sessionInfo(info); row.Verified || !row.SignIn || len(row.Facts) > 0 || row.Note != "" {
		t.Errorf("the person is needed: %+v", row)
	}
	info.TenantID, info.NeedsSignIn = "", nil
	if row = sessionInfo(info); row.Verified {
		t.Error("verified without a tenant's GUID")
	}
	info.Endpoint.URL, info.Server = "https://outlook.office365.com", "eurprd07.outlook.office365.com"
	if row = sessionInfo(info); !slices.Contains(row.Facts, "Region: eurprd07") {
		t.Errorf("the region is not said: %q", row.Facts)
	}
	info.Server = "outlook.office365.com"
	if row = sessionInfo(info); slices.ContainsFunc(row.Facts, func(f string) bool { return strings.HasPrefix(f, "Region") }) {
		t.Errorf("a region that nobody knows: %q", row.Facts)
	}
	info.Door = endpoint.Remoting
	if row = sessionInfo(info); row.Tokens || slices.ContainsFunc(row.Facts, func(f string) bool { return f != "" }) {
		t.Errorf("the classic door's row: %+v", row)
	}
}

// A session says what it works for, in the person's words: the report; where several things go on
// there, or nobody knows of one, the cmdlets, without the GUIDs that they ask for.
func TestASessionSaysWhatItWorksFor(t *testing.T) {
	var works []string
	p := &Panel{Works: func(session.Info) []string { return works }}
	info := session.Info{ID: 7, Tenant: endpoint.Tenant{Name: "Contoso"}, State: session.Running, Runs: []string{
		"Get-MailboxStatistics -Identity 1f605b3b-0139-4bb4-aafa-ef2f0e14f4d3", "Get-MailboxStatistics -Identity ccfd40bb-ee5d-4e27-80fc-be8c20189c43", "Get-Mailbox | Get-InboxRule",
	}}
	for _, c := range []struct {
		works []string
		state session.State
		want  string
	}{
		{nil, session.Running, "Get-MailboxStatistics, Get-Mailbox"},
		{[]string{"Mailbox sizes"}, session.Running, "Mailbox sizes"},
		{[]string{"Mailbox sizes", "Inbox rules"}, session.Running, "Get-MailboxStatistics, Get-Mailbox"},
		{[]string{"Mailbox sizes", "Inbox rules"}, session.Idle, "Mailbox sizes, Inbox rules"},
		{nil, session.Idle, ""},
	} {
		works, info.State = c.works, c.state
		if c.state == session.Idle {
			info.Runs = nil
		}
		s := p.state([]session.Info{info}).Sessions[0]
		if s.Running != c.want || (s.State == widgets.SessionRunning) != (c.want != "") {
			t.Errorf("%v, %v: %q, %v; want %q", c.works, c.state, s.Running, s.State, c.want)
		}
	}
}
