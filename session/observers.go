package session

// changes delivers every change of every session to every observer, each once
// and in order. Whoever adds to an empty queue delivers it: there is no
// goroutine to end, and no lock is held while an observer runs.
//
// The Manager's mutex guards it.
type changes struct {
	observers  []Observer
	queue      []change
	delivering bool
}

// change is a session's new state. gone, if not nil, is closed when all
// observers have heard of it: it was the session's last.
type change struct {
	info Info
	gone chan struct{}
}

// notify queues the session's state. m.mu must be held.
func (m *Manager) notify(s *live) {
	m.changes.queue = append(m.changes.queue, change{info: s.info()})
	m.tellWaiting(s)
}

// notifyEnd queues the session's last state; when it is told, the session is
// gone: whoever waited for that finds every observer informed. m.mu must be held.
func (m *Manager) notifyEnd(s *live) {
	m.changes.queue = append(m.changes.queue, change{info: s.info(), gone: s.gone})
}

// deliver empties the queue. m.mu must not be held.
func (m *Manager) deliver() {
	m.mu.Lock()
	if m.changes.delivering {
		m.mu.Unlock()
		return // the one who delivers sees what was added
	}
	m.changes.delivering = true
	for len(m.changes.queue) > 0 {
		next := m.changes.queue[0]
		m.changes.queue = m.changes.queue[1:]
		observers := m.changes.observers
		m.mu.Unlock()
		for _, o := range observers {
			o.SessionChanged(next.info)
		}
		if next.gone != nil {
			close(next.gone)
		}
		m.mu.Lock()
	}
	m.changes.delivering = false
	m.mu.Unlock()
}

// Observe adds an observer. It hears of every change from now on.
func (m *Manager) Observe(o Observer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.changes.observers = append(m.changes.observers[:len(m.changes.observers):len(m.changes.observers)], o)
}
