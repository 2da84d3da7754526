package session

import "context"

// Keyed is what a Conn can do whose server has a key for the set of commands that the
// session may run: as long as it is the same, so is the set. A catalogue on disk is kept
// under it.
type Keyed interface {
	// CommandsKey gives the key, "" where the server has said none.
	CommandsKey() string
}

// CommandsKey gives the server's key for the set of commands of an open session; "" when
// there is none, or no such session.
func (m *Manager) CommandsKey(id ID) string {
	m.mu.Lock()
	var conn Conn
	if s := m.find(id); s != nil {
		conn = s.conn
	}
	m.mu.Unlock()
	if keyed, ok := conn.(Keyed); ok {
		return keyed.CommandsKey()
	}
	return ""
}

// commandsCame is the key of a context's hearer of commands.
type commandsCame struct{}

// NotifyCommands returns a context in which Commands says how many of all have come; all
// is 0 while the server has not said it. fn is called from the goroutine that reads, and
// must not block.
func NotifyCommands(ctx context.Context, fn func(came, all int)) context.Context {
	return context.WithValue(ctx, commandsCame{}, fn)
}

// CommandsCame tells who called [NotifyCommands], if anybody. It is for doors.
func CommandsCame(ctx context.Context, came, all int) {
	if fn, ok := ctx.Value(commandsCame{}).(func(came, all int)); ok {
		fn(came, all)
	}
}
