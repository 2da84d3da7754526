package simulator

import (
	"fmt"
	"strings"
	"time"
)

// defaultAccount is the account of a server whose Options name none. It may
// connect to its own organization and to the customers that it looks after.
const defaultAccount = "admin@postroom.example"

// MaxRows is the largest Options.Rows.
const MaxRows = 1_000_000

// Options say how a server is set up. The zero value is a server on a free port of
// 127.0.0.1 with the standard data, a fresh password and no faults. It has a field for
// each flag of simulate, and for what tests set beside them.
type Options struct {
	// Listen is host:port; "" means 127.0.0.1:0, a free port on loopback.
	Listen string
	// Dir is where ca.pem is written; it is made if need be. "" makes a
	// temporary folder, which Close removes.
	Dir string
	// Rows is how many mailboxes and how many traced messages each tenant has;
	// 0 means each tenant's own size (some hundreds to thousands). At most
	// MaxRows.
	Rows int
	// Seed makes the data. Equal seeds and epochs give equal data.
	Seed int64
	// Epoch is the moment that the data look back from: traces and quarantine
	// end there. The zero time means the last full hour of the clock at Start.
	Epoch time.Time
	// Account and Password are the sign-in. "" means defaultAccount and a
	// password made at Start.
	Account, Password string
	// Cmdlets are those that accounts may run, where their roles allow it; nil
	// means all that the roles allow.
	Cmdlets []string
	// Accounts are further accounts that may sign in.
	Accounts []Account
	// SessionLimit is how many sessions an account may hold; 0 means 3, as in
	// the cloud.
	SessionLimit int
	// IdleTimeout is after how long without a request a shell ends, and the
	// longest that a client may ask for; 0 means 15 minutes.
	IdleTimeout time.Duration
	// MaxEnvelope is the largest envelope in bytes that is taken and sent; 0
	// means 512,000. A longer request is answered with HTTP 413.
	MaxEnvelope int
	// REST serves the REST door and an authority to sign in to as well, and
	// writes the application's certificate to application.pem in Dir.
	REST bool
	// Faults play what goes wrong; nil means none. Server.SetFaults changes them.
	Faults *Faults
	// Secret is told of everything of the authority's that nobody but the client may
	// see, so that tests can search for it; nil tells nobody.
	Secret func(kind, text string)
	// Clock is where time comes from; nil means the machine's. Tests give a
	// ManualClock to let sessions expire without waiting.
	Clock Clock
}

// Account is one that may sign in.
type Account struct {
	User, Password string
	State          AccountState
}

// AccountState says what an account may do.
type AccountState string

// The states of an account. Three accounts of the same password as the first
// are always there to show the last three: disabled@, mfa@ and norole@ in the
// first account's domain.
const (
	// AccountEnabled may connect.
	AccountEnabled AccountState = ""
	// AccountNotEnabled is not enabled for remote PowerShell: HTTP 400, "Bad Request".
	AccountNotEnabled AccountState = "not enabled"
	// AccountMFA needs a second factor, which Basic cannot give: HTTP 401.
	AccountMFA AccountState = "mfa"
	// AccountNoRole has no management role: the shell is refused by AuthZ.
	AccountNoRole AccountState = "no role"
)

func (o Options) withDefaults() (Options, error) {
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	if o.Rows < 0 || o.Rows > MaxRows {
		return o, fmt.Errorf("simulator: rows: %d is not within 0 to %d", o.Rows, MaxRows)
	}
	if o.Clock == nil {
		o.Clock = systemClock{}
	}
	if o.Epoch.IsZero() {
		o.Epoch = o.Clock.Now().UTC().Truncate(time.Hour)
	}
	if o.Account == "" {
		o.Account = defaultAccount
	}
	if o.Password == "" {
		o.Password = newPassword()
	}
	if o.SessionLimit == 0 {
		o.SessionLimit = 3
	}
	if o.IdleTimeout == 0 {
		o.IdleTimeout = 15 * time.Minute
	}
	if o.MaxEnvelope == 0 {
		o.MaxEnvelope = 512_000
	}
	if o.SessionLimit < 0 || o.IdleTimeout < 0 || o.MaxEnvelope < 32<<10 {
		return o, fmt.Errorf("simulator: options: session limit %d, idle timeout %s and envelope %d: negative, or an envelope below 32 KB",
			o.SessionLimit, o.IdleTimeout, o.MaxEnvelope)
	}
	return o, nil
}

// accounts gives all that may sign in, by lower-case name: a server folds the case of names
// by itself, and knows nothing of a client's rule for them.
func (o Options) accounts() map[string]Account {
	all := map[string]Account{}
	add := func(a Account) { all[strings.ToLower(a.User)] = a }
	domain := o.Account[strings.LastIndexByte(o.Account, '@')+1:]
	for name, state := range map[string]AccountState{"disabled": AccountNotEnabled, "mfa": AccountMFA, "norole": AccountNoRole} {
		add(Account{User: name + "@" + domain, Password: o.Password, State: state})
	}
	for _, a := range o.Accounts {
		add(a)
	}
	add(Account{User: o.Account, Password: o.Password})
	return all
}
