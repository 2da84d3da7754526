package proxy

import (
	"context"
	"net/url"
	"strings"

	"github.com/mattn/go-ieproxy"
)

// ofSystem reads the system configuration; a PAC script is evaluated by CFNetwork.
// A core that was built without cgo finds nothing there and connects directly.
func ofSystem(ctx context.Context, server *url.URL) (*url.URL, error) {
	return ofProxyConf(ctx, "macos", server, func() settings {
		c := ieproxy.ReloadConf()
		return settings{
			script: c.Automatic.Active, find: c.Automatic.FindProxyForURL,
			fixed: c.Static.Active, protocols: c.Static.Protocols, except: strings.FieldsFunc(c.Static.NoProxy, isSeparator),
		}
	})
}
