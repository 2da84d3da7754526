package remoting

import (
	"context"
	"sync"
	"time"

	"postroom/session/holder"
	"postroom/session/wsman"
)

// fronts knows which cookies the servers' front ends hand out to any request.
// Each server is asked once, before its first Create: with such a cookie a shell
// whose answer was lost can be found again, or is known not to be there.
type fronts struct {
	mu    sync.Mutex
	known map[string][]wsman.Cookie // by server; nil cookies where it gives none
}

// frontTime is how long the question may take. A server that does not answer it
// is asked for the session all the same.
const frontTime = 10 * time.Second

// cookies gives those of the server at address, none where it does not answer
// such a question: what is wrong with the way there, the Create tells.
func (f *fronts) cookies(ctx context.Context, address string, client *wsman.Client) []wsman.Cookie {
	server, err := holder.ServerOf(address)
	if err != nil {
		return nil
	}
	f.mu.Lock()
	cookies, known := f.known[server]
	f.mu.Unlock()
	if known {
		return cookies
	}
	limit, cancel := context.WithTimeout(ctx, frontTime)
	defer cancel()
	if cookies, err = client.Front(limit); err != nil {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.known == nil {
		f.known = map[string][]wsman.Cookie{}
	}
	f.known[server] = cookies
	return cookies
}
