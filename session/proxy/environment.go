package proxy

import (
	"net/netip"
	"net/url"
	"os"

	"golang.org/x/net/http/httpproxy"
)

// fromEnvironment reads HTTPS_PROXY or HTTP_PROXY, else ALL_PROXY, and NO_PROXY, in
// capitals or small, as every program of the command line does. set says that one of
// them decides, be it for a direct connection. x/net/http/httpproxy has the rules of
// NO_PROXY; it leaves out an address that it cannot read, so that is read here
// before.
func fromEnvironment(server *url.URL) (proxy *url.URL, set bool, err error) {
	names := []string{"HTTPS_PROXY", "https_proxy"}
	if server.Scheme == "http" {
		names = []string{"HTTP_PROXY", "http_proxy"}
	}
	for _, name := range append(names, "ALL_PROXY", "all_proxy") {
		text := os.Getenv(name)
		if text == "" {
			continue
		}
		through, err := address(name, text)
		if err != nil {
			return nil, true, err
		}
		rules := httpproxy.FromEnvironment()
		rules.HTTPProxy, rules.HTTPSProxy, rules.CGI = through.String(), through.String(), false
		chosen, err := rules.ProxyFunc()(server)
		if err != nil {
			return nil, true, &SettingError{Source: name, Err: errAddress}
		}
		if chosen == nil {
			return nil, true, nil // NO_PROXY names the server, or it is this computer
		}
		return through, true, nil
	}
	return nil, false, nil
}

// inNetwork says that host is an address within a network such as 10.0.0.0/8,
// or that very address.
func inNetwork(host, network string) bool {
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	if prefix, err := netip.ParsePrefix(network); err == nil {
		return prefix.Contains(ip.Unmap())
	}
	one, err := netip.ParseAddr(network)
	return err == nil && one == ip
}
