//go:build unix && !darwin

package proxy_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"postroom/session/proxy"
)

// bare is an environment without proxies, bus and tools; what a test puts into
// dir is found on the PATH.
func bare(t *testing.T) (dir string) {
	t.Helper()
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "KDE_FULL_SESSION", "XDG_CURRENT_DESKTOP"} {
		t.Setenv(name, "")
	}
	dir = t.TempDir()
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
	t.Setenv("XDG_CONFIG_HOME", dir)
	t.Setenv("PATH", dir)
	return dir
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil { //nolint:gosec // a script of the test's
		t.Fatal(err)
	}
}

func TestGNOME(t *testing.T) {
	dir := bare(t)
	t.Setenv("XDG_CURRENT_DESKTOP", "ubuntu:GNOME")
	for _, c := range []struct{ mode, address, want string }{
		{"'manual'", "https://mail.example/", "http://gnome.example:3128"},
		{"'manual'", "http://mail.example/", "socks5://socks.example:1080"}, // no proxy for http
		{"'manual'", "https://a.intern.example/", ""},
		{"'manual'", "https://10.7.7.7/", ""},
		{"'none'", "https://mail.example/", ""},
	} {
		write(t, filepath.Join(dir, "gsettings"), `#!/bin/sh
case "$2 $3" in
"org.gnome.system.proxy mode") echo "`+c.mode+`" ;;
"org.gnome.system.proxy ignore-hosts") echo "['localhost', '*.intern.example', '10.0.0.0/8']" ;;
"org.gnome.system.proxy.https host") echo "'gnome.example'" ;;
"org.gnome.system.proxy.https port") echo 3128 ;;
"org.gnome.system.proxy.socks host") echo "'socks.example'" ;;
"org.gnome.system.proxy.socks port") echo 1080 ;;
*) echo "''" ;;
esac
`)
		u, err := proxy.System.Resolver()(t.Context(), server(t, c.address))
		if err != nil || c.want == "" && u != nil || c.want != "" && (u == nil || u.String() != c.want) {
			t.Errorf("%s, %s: %v, %v; want %q", c.mode, c.address, u, err, c.want)
		}
	}
	write(t, filepath.Join(dir, "gsettings"), "#!/bin/sh\necho \"'auto'\"\n")
	var wrong *proxy.SettingError
	if _, err := proxy.System.Resolver()(t.Context(), server(t, "https://mail.example/")); !errors.As(err, &wrong) {
		t.Errorf("a script without a portal: %v", err)
	}
}

func TestKDE(t *testing.T) {
	dir := bare(t)
	t.Setenv("KDE_FULL_SESSION", "true")
	write(t, filepath.Join(dir, "kioslaverc"), `[Other]
ProxyType=3

[Proxy Settings]
NoProxyFor=.intern.example,localhost
ProxyType=1
httpsProxy=http://kde.example 8080
socksProxy=socks://socks.example 1080
`)
	for address, want := range map[string]string{
		"https://mail.example/": "http://kde.example:8080", "http://mail.example/": "socks5://socks.example:1080",
		"https://a.intern.example/": "",
	} {
		u, err := proxy.System.Resolver()(t.Context(), server(t, address))
		if err != nil || want == "" && u != nil || want != "" && (u == nil || u.String() != want) {
			t.Errorf("%s: %v, %v; want %q", address, u, err, want)
		}
	}
	write(t, filepath.Join(dir, "kioslaverc"), "[Proxy Settings]\nProxyType=2\n")
	var wrong *proxy.SettingError
	if _, err := proxy.System.Resolver()(t.Context(), server(t, "https://mail.example/")); !errors.As(err, &wrong) {
		t.Errorf("a script without a portal: %v", err)
	}
}
