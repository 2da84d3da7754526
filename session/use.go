package session

import (
	"errors"

	"postroom/session/endpoint"
)

// inUse are the sessions that hold the slots that the session waits for. The Manager's
// mutex must be held.
func (s *live) inUse() []Use {
	var uses []Use
	for _, other := range s.manager.sessions {
		if other.holder.MayBe(s.holder) && other.state != Waiting && !other.state.Ended() {
			uses = append(uses, other.use())
		}
	}
	for _, h := range s.others {
		uses = append(uses, Use{
			Account: h.Account, Tenant: endpoint.Tenant{Domain: h.Tenant}, State: Running, Since: h.Since, PID: h.PID,
		})
	}
	return uses
}

// use is what the session does with its slot.
func (s *live) use() Use {
	i := s.info()
	u := Use{Account: i.Account, Tenant: i.Tenant, Runs: i.Runs, State: i.State, Since: i.Opened}
	switch {
	case len(s.runs) > 0:
		u.Since = s.runs[0].began
	case i.State == Idle:
		u.Since = i.IdleSince
		u.Ends, _ = i.Expires()
	}
	return u
}

// tellWaiting queues the news of a session for those who wait for its slot. The Manager's
// mutex must be held.
func (m *Manager) tellWaiting(s *live) {
	for _, other := range m.sessions {
		if other != s && other.holder.MayBe(s.holder) && other.state == Waiting && other.wait.For == WaitSlot {
			m.changes.queue = append(m.changes.queue, change{info: other.info()})
		}
	}
}

// same says that there is no news.
func (w Wait) same(o Wait) bool {
	return w.For == o.For && w.Until.Equal(o.Until) && w.Doubtful == o.Doubtful && errors.Is(w.Err, o.Err)
}
