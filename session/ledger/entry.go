// Package ledger is the crash-safe list of the shells that this program has
// open on servers, and the count of slots that follows from it. The list is
// shared by all processes of the program that use the same folder.
//
// It opens and deletes no shell itself: session does, and tells the ledger
// before Create goes out and after Delete was confirmed. It never holds a
// password.
//
// # Who is alive
//
// Each open Ledger holds an exclusive lock on a file of its own, and its
// entries name that file. The system drops the lock when the process ends, in
// whatever way, so a shell whose lock can be had belongs to nobody any more. A
// process id would have to be told from a reused one, and means nothing in
// another container or sandbox that shares the folder.
package ledger

import (
	"net/url"
	"strings"
	"time"

	"postroom/session/holder"
)

// State is how far a shell has come.
type State string

// The states of an entry, in the order in which they follow each other.
const (
	Reserved State = "reserved" // a slot is held; nothing was sent
	Intended State = "intended" // Create may have reached the server
	Opened   State = "opened"   // Create was answered
	Left     State = "left"     // its session gave up on deleting it
)

// Cookie is an affinity cookie that a Delete has to send back.
type Cookie struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Entry is one shell: all that a Delete needs but the password. It has a field for each
// thing that the Delete's message and its connection need: nothing can be asked later.
type Entry struct {
	ShellID       string `json:"shell_id"` // chosen by us before Create; unique in the ledger
	URL           string `json:"url"`      // after redirects; never with user information
	Configuration string `json:"configuration"`
	Auth          string `json:"auth"`
	Account       string `json:"account"`
	// Server is what the limit counts by, with Account: the host of the URL
	// that was asked for first. Reserve fills it from URL when it is empty.
	Server   string   `json:"server"`
	Tenant   string   `json:"tenant,omitempty"`
	Endpoint string   `json:"endpoint,omitempty"`
	Cookies  []Cookie `json:"cookies,omitempty"`
	// IdleTimeout is after how long the server drops the shell by itself, in
	// nanoseconds; 0 when not known.
	IdleTimeout time.Duration `json:"idle_timeout_ns,omitempty"`
	// Affinity says that requests find their shell by a cookie there, as at the
	// operator's own services; other servers are known by what they answered.
	Affinity bool `json:"affinity,omitempty"`
	// InProcess says that the server is part of the process that opened the
	// shell, and goes with it.
	InProcess bool `json:"in_process,omitempty"`

	// The fields below are filled by the ledger.

	State   State     `json:"state"`
	PID     int       `json:"pid"`     // for people; see Owner
	Started time.Time `json:"started"` // when that process opened the ledger
	Host    string    `json:"host"`    // its computer, for people
	Owner   string    `json:"owner"`   // names the lock that lives as long as the process
	Created time.Time `json:"created"` // of the entry
	// Alone is when a ledger first found the shell without an owner; zero
	// while it has one.
	Alone time.Time `json:"alone,omitzero"`
	// Asked is when Create last went out, until it is answered.
	Asked time.Time `json:"asked,omitzero"`
	// Denied says that no server that was asked knew the shell, although one that
	// was not may: it is probably not there. See Deny.
	Denied bool `json:"denied,omitempty"`
}

// lateCreate is how long after it was sent a Create may still make its shell:
// as long as clients wait for the answer (RunspaceConnectionInfo.cs: 180 s).
const lateCreate = 3 * time.Minute

// FreesAt is when the server has dropped a shell that nobody owns any more, so
// that it stops counting: its idle timeout after the last moment at which it
// can have been used, and a little, since clocks differ. A Create that was
// never answered made a shell that nobody has used since. It is false while the
// shell has an owner and when the server's idle timeout is not known.
func (e Entry) FreesAt() (time.Time, bool) {
	if e.Alone.IsZero() || e.IdleTimeout <= 0 {
		return time.Time{}, false
	}
	used := e.Alone
	if made := e.Asked.Add(lateCreate); !e.Asked.IsZero() && made.Before(used) {
		used = made
	}
	return used.Add(e.IdleTimeout + min(time.Minute, e.IdleTimeout/4)), true
}

// counts reports whether the shell may still hold a slot on its server.
func (e Entry) counts(now time.Time) bool {
	frees, known := e.FreesAt()
	return !known || now.Before(frees)
}

// Holder is whose shell it is: what the limit counts by. It is nobody where the
// entry names no account or no server, as only a file that was tampered with does.
func (e Entry) Holder() holder.Holder {
	h, err := holder.Of(e.Account, e.Server)
	if err != nil {
		return holder.Holder{}
	}
	return h
}

// complete fills what Reserve promises to fill, or says what is missing.
func (e Entry) complete() (Entry, error) {
	u, err := url.Parse(e.URL)
	if err != nil || u.Hostname() == "" || u.User != nil {
		return e, ErrURL
	}
	if e.Server == "" {
		e.Server = u.Hostname()
	}
	if strings.TrimSpace(e.ShellID) == "" || e.Holder().IsZero() {
		return e, ErrIncomplete
	}
	return e, nil
}
