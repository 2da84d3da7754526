package proxy

import (
	"context"
	"net/url"
	"strings"

	"github.com/mattn/go-ieproxy"
)

// ofSystem reads the registry; a PAC script is evaluated by WinHTTP.
func ofSystem(ctx context.Context, server *url.URL) (*url.URL, error) {
	return ofProxyConf(ctx, "windows", server, func() settings {
		c := ieproxy.ReloadConf()
		return settings{
			script: c.Automatic.Active, find: c.Automatic.FindProxyForURL,
			fixed: c.Static.Active, protocols: c.Static.Protocols, except: strings.FieldsFunc(c.Static.NoProxy, isSeparator),
		}
	})
}
