package app

import (
	"sync"

	"postroom/session"
)

// sessionNews takes the changes of sessions to the UI thread, in their order: all that came
// since it last listened, at once. A report that asks once for each mailbox changes its sessions
// thousands of times; a redraw for each would pile up, and the window would show what was.
type sessionNews struct {
	post func(func())
	hear func([]session.Info) // on the UI thread

	mu   sync.Mutex
	news []session.Info // nobody was told of; while there are some, the UI thread will ask
}

// SessionChanged is session.Observer's.
func (n *sessionNews) SessionChanged(i session.Info) {
	n.mu.Lock()
	n.news = append(n.news, i)
	first := len(n.news) == 1
	n.mu.Unlock()
	if first {
		n.post(func() { n.hear(n.take()) })
	}
}

// take gives what nobody was told of.
func (n *sessionNews) take() []session.Info {
	n.mu.Lock()
	defer n.mu.Unlock()
	news := n.news
	n.news = nil
	return news
}
