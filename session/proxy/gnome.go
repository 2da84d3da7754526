//go:build unix && !darwin

package proxy

import (
	"context"
	"errors"
	"net"
	"net/url"
	"os/exec"
	"strings"
)

var errScript = errors.New("a proxy script needs the desktop's proxy portal, which does not answer; name the proxy in the connection's settings")

// ofGNOME reads GNOME's settings by its own tool; what it cannot read is no
// proxy, because there is no GNOME.
func ofGNOME(ctx context.Context, server *url.URL) (*url.URL, error) {
	get := func(schema, key string) string {
		out, err := exec.CommandContext(ctx, "gsettings", "get", "org.gnome.system.proxy"+schema, key).Output() //nolint:gosec // names of ours
		if err != nil {
			return ""
		}
		return strings.Trim(strings.TrimSpace(string(out)), "'")
	}
	switch get("", "mode") {
	case "auto":
		return nil, &SettingError{Source: "gsettings", Err: errScript}
	case "manual":
	default:
		return nil, nil //nolint:nilnil // no proxy and no error
	}
	if excepted(server.Hostname(), gvariantList(get("", "ignore-hosts"))) {
		return nil, nil //nolint:nilnil // as above
	}
	for _, kind := range []struct{ schema, scheme string }{{"." + server.Scheme, "http"}, {".socks", "socks5"}} {
		host, port := get(kind.schema, "host"), get(kind.schema, "port")
		if host != "" && port != "0" {
			return address("gsettings", kind.scheme+"://"+net.JoinHostPort(host, port))
		}
	}
	return nil, nil //nolint:nilnil // as above
}

// gvariantList reads a list of texts as gsettings prints it: ['a', 'b'].
func gvariantList(text string) (list []string) {
	for e := range strings.SplitSeq(strings.Trim(strings.TrimPrefix(text, "@as "), "[]"), ",") {
		if e = strings.Trim(strings.TrimSpace(e), `'"`); e != "" {
			list = append(list, e)
		}
	}
	return list
}
