package wsman

import (
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/publicsuffix"
)

// jar is the cookies of one session. Beside the standard jar, which decides
// what goes where, it keeps what was set, as the standard jar does not give
// out path and expiry.
type jar struct {
	std *cookiejar.Jar

	mu   sync.Mutex
	kept map[cookieKey]Cookie
}

type cookieKey struct{ host, domain, path, name string }

func newJar() (*jar, error) {
	std, err := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
	if err != nil {
		return nil, fmt.Errorf("wsman: cookies: %w", err)
	}
	return &jar{std: std, kept: map[cookieKey]Cookie{}}, nil
}

// SetCookies implements http.CookieJar.
func (j *jar) SetCookies(u *url.URL, cookies []*http.Cookie) {
	for _, c := range cookies {
		// IIS does not mind the case of a path, cookies do: a cookie for
		// /powershell-liveid would not come back to /PowerShell-LiveID.
		if n := len(c.Path); n > 0 && n <= len(u.Path) && strings.EqualFold(u.Path[:n], c.Path) {
			c.Path = u.Path[:n]
		}
	}
	j.std.SetCookies(u, cookies)
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, c := range cookies {
		key := cookieKey{u.Hostname(), strings.ToLower(c.Domain), c.Path, c.Name}
		if c.MaxAge < 0 || !c.Expires.IsZero() && c.Expires.Before(time.Now()) {
			delete(j.kept, key)
			continue
		}
		expires := c.Expires
		if c.MaxAge > 0 {
			expires = time.Now().Add(time.Duration(c.MaxAge) * time.Second)
		}
		j.kept[key] = Cookie{
			Name: c.Name, Value: c.Value, Domain: c.Domain, Path: c.Path,
			Expires: expires, Secure: c.Secure, HTTPOnly: c.HttpOnly,
		}
	}
}

// Cookies implements http.CookieJar.
func (j *jar) Cookies(u *url.URL) []*http.Cookie { return j.std.Cookies(u) }

// export gives the cookies that would go to u, with all that is known.
func (j *jar) export(u *url.URL) []Cookie {
	sent := j.std.Cookies(u)
	j.mu.Lock()
	defer j.mu.Unlock()
	var out []Cookie
	for _, s := range sent {
		for _, c := range j.kept {
			if c.Name == s.Name && c.Value == s.Value {
				out = append(out, c)
				break
			}
		}
	}
	return out
}

// restore puts cookies of a ledger back, as if u had set them.
func (j *jar) restore(u *url.URL, cookies []Cookie) {
	set := make([]*http.Cookie, 0, len(cookies))
	for _, c := range cookies {
		//lint:ignore gosec each as its server had set it
		set = append(set, &http.Cookie{
			Name: c.Name, Value: c.Value, Domain: c.Domain, Path: c.Path,
			Expires: c.Expires, Secure: c.Secure, HttpOnly: c.HTTPOnly,
		})
	}
	j.SetCookies(u, set)
}
