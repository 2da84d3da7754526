package proxy_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"postroom/session/proxy"
)

func server(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestParse(t *testing.T) {
	for text, want := range map[string]proxy.Setting{
		"": proxy.System, " system ": proxy.System, "none": proxy.Direct, "Direct": proxy.Direct,
		"proxy.contoso.com:8080":      "http://proxy.contoso.com:8080",
		" http://proxy.contoso.com/ ": "http://proxy.contoso.com:80",
		"https://proxy":               "https://proxy:443",
		"socks5h://127.0.0.1":         "socks5://127.0.0.1:1080",
		`http://CONTOSO%5Cada@proxy`:  "http://CONTOSO%5Cada@proxy:80",
		"http://[::1]:3128":           "http://[::1]:3128",
	} {
		if got, err := proxy.Parse(text); err != nil || got != want {
			t.Errorf("%q is %q, %v; want %q", text, got, err, want)
		}
	}
	for text, what := range map[string]string{
		"proxy:99999": "port", "proxy:0": "port", "PROXY proxy:8080": "PAC", "DIRECT; PROXY x:1": "PAC", "socks proxy:1080": "PAC",
	} {
		if _, err := proxy.Parse(text); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%q: %v, want something about %q", text, err, what)
		}
	}
	for _, text := range []string{"ftp://proxy", "http://", "http://ada:secret@proxy", "proxy:port", "http://ada:50%@proxy"} {
		_, err := proxy.Parse(text)
		var wrong *proxy.SettingError
		if !errors.As(err, &wrong) {
			t.Errorf("%q: %v", text, err)
		} else if strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "50%@") {
			t.Errorf("%q: the error shows a password: %v", text, err)
		}
	}
}

// What stands in the environment is used, or said to be wrong; it is never left
// out in silence.
func TestEnvironment(t *testing.T) {
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy", "REQUEST_METHOD"} {
		t.Setenv(name, "")
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	t.Setenv("PATH", t.TempDir())
	find := func(address string) (string, error) {
		u, err := proxy.System.Resolver()(t.Context(), server(t, address))
		if u == nil {
			return "", err
		}
		return u.String(), err
	}
	if got, err := find("https://mail.invalid/"); got != "" || err != nil {
		t.Errorf("without any setting: %q, %v", got, err)
	}
	t.Setenv("ALL_PROXY", "DIRECT")
	if got, err := find("https://mail.invalid/"); got != "" || err == nil || !strings.Contains(err.Error(), "NO_PROXY") {
		t.Errorf("by ALL_PROXY=DIRECT: %q, %v", got, err)
	}
	t.Setenv("ALL_PROXY", "nonsense://x")
	if got, err := find("https://mail.invalid/"); got != "" || err == nil {
		t.Errorf("by an ALL_PROXY that cannot be read: %q, %v", got, err)
	}
	t.Setenv("ALL_PROXY", "http://all:8080")
	for _, address := range []string{"https://mail.invalid/", "http://mail.invalid/"} {
		if got, err := find(address); got != "http://all:8080" || err != nil {
			t.Errorf("%s goes by %q, %v; want ALL_PROXY", address, got, err)
		}
	}
	t.Setenv("ALL_PROXY", "")
	t.Setenv("https_proxy", "http://ada:p%25ss@proxy:3128")
	t.Setenv("NO_PROXY", ".intern.example,10.0.0.0/8")
	for address, want := range map[string]string{
		"https://mail.invalid/": "http://ada:p%25ss@proxy:3128", "https://mail.intern.example/": "",
		"https://10.1.2.3/": "", "http://mail.invalid/": "", "https://localhost/": "",
	} {
		if got, err := find(address); got != want || err != nil {
			t.Errorf("%s goes by %q, %v; want %q", address, got, err, want)
		}
	}
	t.Setenv("HTTPS_PROXY", "http://ada:50%@proxy:3128") // once passed over in silence
	_, err := find("https://mail.invalid/")
	var wrong *proxy.SettingError
	if !errors.As(err, &wrong) || wrong.Source != "HTTPS_PROXY" || strings.Contains(err.Error(), "50%@") {
		t.Errorf("a setting that cannot be read: %v", err)
	}
	for _, password := range []string{"2026#Herbst", "8080/x", "12?x"} { // its beginning was taken for the port, and shown
		t.Setenv("HTTPS_PROXY", "http://svc:"+password+"@proxy:3128")
		if got, err := find("https://mail.invalid/"); !errors.As(err, &wrong) {
			t.Errorf("password %s: by %q, %v", password, got, err)
		}
	}
	t.Setenv("HTTPS_PROXY", "http://svc:p@proxy:3128/")
	if got, err := find("https://mail.invalid/"); got != "http://svc:p@proxy:3128" || err != nil {
		t.Errorf("with a slash at the end: %q, %v", got, err)
	}
}
