//go:build unix && !darwin

package proxy

import (
	"bufio"
	"bytes"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// ofKDE reads kioslaverc, where KDE keeps its proxies: ProxyType 0 none, 1
// fixed, 2 and 3 a script, 4 variables of the environment.
func ofKDE(server *url.URL) (*url.URL, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return nil, nil //nolint:nilnil,nilerr // without a home there are no settings
	}
	b, err := os.ReadFile(filepath.Join(dir, "kioslaverc")) //nolint:gosec // the person's own settings
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil //nolint:nilnil // never set
	case err != nil:
		return nil, &SettingError{Source: "kde", Err: err}
	}
	set := section(b, "Proxy Settings")
	switch set["ProxyType"] {
	case "1":
	case "2", "3":
		return nil, &SettingError{Source: "kde", Err: errScript}
	default:
		return nil, nil //nolint:nilnil // none, or the environment, which was asked
	}
	if excepted(server.Hostname(), strings.Split(set["NoProxyFor"], ",")) {
		return nil, nil //nolint:nilnil // as above
	}
	for _, key := range []string{server.Scheme + "Proxy", "socksProxy"} {
		// KDE writes "http://host 8080".
		if text := strings.Join(strings.Fields(set[key]), ":"); text != "" {
			return first("kde", []string{text})
		}
	}
	return nil, nil //nolint:nilnil // as above
}

// section reads the lines key=value below a heading of an INI file.
func section(file []byte, heading string) map[string]string {
	values, within := map[string]string{}, false
	lines := bufio.NewScanner(bytes.NewReader(file))
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if strings.HasPrefix(line, "[") {
			within = line == "["+heading+"]"
			continue
		}
		if key, value, ok := strings.Cut(line, "="); within && ok {
			values[strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
	}
	return values
}
