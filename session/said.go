package session

// mostSaid is how many messages a session keeps for its next run; a server that says more
// between two runs says the same again and again.
const mostSaid = 100

// hear keeps what the server said while no run was there: it stands before the messages of
// the next one.
func (s *live) hear(m Message) {
	s.manager.mu.Lock()
	defer s.manager.mu.Unlock()
	if len(s.said) < mostSaid {
		s.said = append(s.said, m)
	}
}

// heard gives what was kept, once.
func (m *Manager) heard(id ID) []Message {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.find(id)
	if s == nil {
		return nil
	}
	said := s.said
	s.said = nil
	return said
}
