package simulator

import (
	"context"
	"maps"
	"sync"
)

// Stats are a server's counters since its start. GET /simulator/stats gives them as JSON,
// under the names of the tags. It has a field for each counter.
type Stats struct {
	// OpenShells is how many shells are open now.
	OpenShells int `json:"open_shells"`
	// ShellsCreated is how many were ever opened.
	ShellsCreated int `json:"shells_created"`
	// ShellsDeleted is how many a client ended by Delete.
	ShellsDeleted int `json:"shells_deleted"`
	// MaxOpenByAccount is the largest number of shells that one account ever
	// held at the same time.
	MaxOpenByAccount int `json:"max_open_by_account"`
	// Requests is how many HTTP requests came, those for these counters aside.
	Requests int `json:"requests"`
	// Connections is how many TCP connections are open now, that of whoever asks
	// among them.
	Connections int `json:"connections"`
	// Commands is how many pipelines were started.
	Commands int `json:"commands"`

	// ShellsExpired ended for lack of requests, ShellsLost by a fault, and
	// ShellsRefused were never opened because a limit was reached.
	ShellsExpired int `json:"shells_expired"`
	ShellsLost    int `json:"shells_lost"`
	ShellsRefused int `json:"shells_refused"`
	// Unauthorized counts requests whose sign-in was refused.
	Unauthorized int `json:"unauthorized"`
	// Prompts counts host calls that asked something.
	Prompts int `json:"prompts"`
	// Rows counts rows sent.
	Rows int64 `json:"rows"`
	// Bytes counts bytes of the remoting protocol sent to clients, before
	// base64.
	Bytes int64 `json:"bytes"`
	// OpenByAccount is OpenShells by account, MaxOpen MaxOpenByAccount by account.
	OpenByAccount map[string]int `json:"open_by_account"`
	MaxOpen       map[string]int `json:"max_open"`
	// CommandsByName counts cmdlets that were run, ChangesByCall the calls that
	// change something, as "tenant: call" with the call's whole text (secrets
	// hidden): a call that a client sent once must not be there twice.
	CommandsByName map[string]int `json:"commands_by_name"`
	ChangesByCall  map[string]int `json:"changes_by_call"`
	// RequestsByKind counts WS-Man requests by operation, FaultsPlayed the
	// faults by name.
	RequestsByKind map[string]int `json:"requests_by_kind"`
	FaultsPlayed   map[string]int `json:"faults_played"`
}

// counters guards a Stats.
type counters struct {
	mu   sync.Mutex
	s    Stats
	more news // of counts
}

func newCounters() *counters {
	return &counters{s: Stats{
		OpenByAccount: map[string]int{}, MaxOpen: map[string]int{}, CommandsByName: map[string]int{},
		ChangesByCall: map[string]int{}, RequestsByKind: map[string]int{}, FaultsPlayed: map[string]int{},
	}}
}

// count changes the counters under their lock; f must not call out.
func (c *counters) count(f func(*Stats)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f(&c.s)
	c.more.tell()
}

// until waits until the counters are as wanted. wanted is called under their
// lock and must not call out.
func (c *counters) until(ctx context.Context, wanted func(*Stats) bool) error {
	return c.more.until(ctx, &c.mu, func() bool { return wanted(&c.s) })
}

// snapshot is a copy that shares nothing.
func (c *counters) snapshot() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.s
	for _, m := range []*map[string]int{&s.OpenByAccount, &s.MaxOpen, &s.CommandsByName, &s.ChangesByCall, &s.RequestsByKind, &s.FaultsPlayed} {
		*m = maps.Clone(*m)
	}
	return s
}
