package ledger

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"postroom/session/holder"
)

// server is what the book remembers of a server: the cookies that came with the
// answers to Create. By them requests find the one of a farm that has the shell.
type server struct {
	Name    string    `json:"name"`
	Cookies []string  `json:"cookies"`
	Seen    time.Time `json:"seen"`
}

// mostServers is how many servers are remembered; those seen last stay.
const mostServers = 100

// handsOut notes the cookies of an answer to Create.
func (b *book) handsOut(address string, cookies []Cookie) {
	name, err := holder.ServerOf(address)
	if err != nil || len(cookies) == 0 {
		return
	}
	s := server{Name: name, Seen: time.Now().UTC()}
	for _, c := range cookies {
		s.Cookies = append(s.Cookies, c.Name)
	}
	b.Servers = slices.DeleteFunc(b.Servers, func(old server) bool { return old.Name == name })
	b.Servers = append(b.Servers, s)
	if more := len(b.Servers) - mostServers; more > 0 {
		b.Servers = slices.Delete(b.Servers, 0, more)
	}
}

// Led says whether a request for the shell comes to the server that has it, so
// that its 'not found' is the truth. It does not where a cookie leads there and
// the entry has none of that name: one that the server is known to hand out, or
// any, where Affinity says that there must be one.
func (l *Ledger) Led(e Entry) (bool, error) {
	b, err := l.load()
	if err != nil {
		return false, err
	}
	if e.Affinity && len(e.Cookies) == 0 {
		return false, nil
	}
	name, err := holder.ServerOf(e.URL)
	if err != nil {
		return false, fmt.Errorf("ledger: address of shell %s: %w", e.ShellID, err)
	}
	i := slices.IndexFunc(b.Servers, func(s server) bool { return s.Name == name })
	if i < 0 {
		return true, nil
	}
	for _, needed := range b.Servers[i].Cookies {
		if !slices.ContainsFunc(e.Cookies, func(c Cookie) bool { return strings.EqualFold(c.Name, needed) }) {
			return false, nil
		}
	}
	return true, nil
}

// Deny notes that no server that was asked knew a shell, and that one that was
// not may: it counts until the server would have dropped it, but all of them together
// never take the last slot. An entry that is gone is no error.
func (l *Ledger) Deny(ctx context.Context, shellID string) error {
	return l.change(ctx, func(b *book) error {
		if i := b.find(shellID); i >= 0 {
			b.Entries[i].Denied = true
		}
		return nil
	})
}
