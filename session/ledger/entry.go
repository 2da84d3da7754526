// Package ledger is the crash-safe list of the shells that this program has
// open on servers, and the count of slots that follows from it. The list is
// shared by all processes of the program on this computer.
//
// It opens and deletes no shell itself: session does, and tells the ledger
// before Create goes out and after Delete was confirmed. It never holds a
// password.
package ledger

import "time"

// State is how far a shell has come.
type State string

// The states of an entry, in the order in which they follow each other.
const (
	Reserved State = "reserved" // a slot is held; nothing was sent
	Intended State = "intended" // Create may have reached the server
	Opened   State = "opened"   // Create was answered
)

// Cookie is an affinity cookie that a Delete has to send back.
type Cookie struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Entry is one shell: all that a Delete needs but the password.
type Entry struct {
	ShellID       string `json:"shell_id"` // chosen by us before Create; unique in the ledger
	URL           string `json:"url"`      // after redirects
	Configuration string `json:"configuration"`
	Auth          string `json:"auth"`
	Account       string `json:"account"`
	// Server is what the limit counts by, with Account: the host of the URL
	// that was asked for first. Reserve fills it from URL when it is empty.
	Server   string   `json:"server"`
	Tenant   string   `json:"tenant,omitempty"`
	Endpoint string   `json:"endpoint,omitempty"`
	Cookies  []Cookie `json:"cookies,omitempty"`
	// IdleTimeout is after how long the server drops the shell by itself; 0
	// when not known.
	IdleTimeout time.Duration `json:"idle_timeout,omitempty"`

	// The fields below are filled by the ledger.

	State   State     `json:"state"`
	PID     int       `json:"pid"`
	Started time.Time `json:"started"` // of the process
	Birth   string    `json:"birth"`   // with PID and Host names one process for ever
	Host    string    `json:"host"`
	Created time.Time `json:"created"` // of the entry
	// SeenDead is when a ledger first found the process gone; zero while it
	// lives.
	SeenDead time.Time `json:"seen_dead,omitzero"`
}
