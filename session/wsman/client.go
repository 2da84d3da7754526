package wsman

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"postroom/session/credential"
	"postroom/session/proxy"
)

const (
	defaultOperationTimeout = 60 * time.Second
	defaultGrace            = 30 * time.Second
	dialTimeout             = 30 * time.Second
	maxRedirects            = 5 // as .NET has it
	// idleConnection is less than the 120 s after which IIS closes one: a
	// command that met that end would have to be called unsure.
	idleConnection = 90 * time.Second
)

// Client opens shells at one URL with one account. It is safe for use by many
// goroutines; each Shell has its own cookies and its own idea of the URL.
type Client struct {
	cfg         Config
	url         *url.URL
	resourceURI string
	plain       *http.Transport // connections of Basic, nil for other sign-ins
	tickets     *tickets        // of Kerberos, nil for other sign-ins
}

// ErrConfig is wrapped by what New says about a Config.
var ErrConfig = errors.New("wsman: bad configuration")

// New checks the configuration. It does not connect. Errors wrap ErrConfig,
// ErrBasicOverHTTP, ErrBasicColon, ErrBasicControl or what reading the Kerberos files gave.
func New(c Config) (*Client, error) {
	u, err := parseURL(c.URL)
	if err != nil {
		return nil, fmt.Errorf("%w: url: %w", ErrConfig, err)
	}
	if c.Configuration == "" {
		return nil, fmt.Errorf("%w: no configuration name", ErrConfig)
	}
	if err := c.defaults(); err != nil {
		return nil, err
	}
	cl := &Client{cfg: c, url: u, resourceURI: resourceURI(c.Configuration)}
	switch c.Auth {
	case Basic:
		if u.Scheme != "https" {
			return nil, ErrBasicOverHTTP
		}
		if err := fitsBasic(c.Credential); err != nil {
			return nil, err
		}
		cl.plain = cl.newTransport(u.Scheme)
	case NTLM:
	case Kerberos:
		if cl.tickets, err = newTickets(c.Kerberos, c.Credential); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("%w: sign-in %q", ErrConfig, c.Auth)
	}
	return cl, nil
}

// fitsBasic refuses what the header of Basic cannot carry (RFC 7617, section 2):
// a server would read another account, or another password, and count a failed
// sign-in towards the account's lock.
func fitsBasic(c credential.Credential) error {
	switch {
	case strings.Contains(c.User, ":"):
		return ErrBasicColon
	case strings.ContainsFunc(c.User, unicode.IsControl), strings.ContainsFunc(c.Secret.Reveal(), unicode.IsControl):
		return ErrBasicControl
	}
	return nil
}

func (c *Config) defaults() error {
	if c.OperationTimeout == 0 {
		c.OperationTimeout = defaultOperationTimeout
	}
	if c.OperationTimeout < time.Second {
		return fmt.Errorf("%w: operation timeout %v", ErrConfig, c.OperationTimeout)
	}
	if c.Grace <= 0 {
		c.Grace = defaultGrace
	}
	if c.MaxEnvelope == 0 {
		c.MaxEnvelope = MaxEnvelope
	}
	if c.MaxEnvelope < 8192 || c.MaxEnvelope > 8<<20 {
		return fmt.Errorf("%w: envelope of %d bytes", ErrConfig, c.MaxEnvelope)
	}
	c.Locale = orDefault(c.Locale, "en-US")
	return nil
}

// parseURL takes an absolute http or https URL. Path and query stay as they
// are; a default port goes, because servers compare the URL with their own.
func parseURL(s string) (*url.URL, error) {
	if strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, errors.New("a character that a URL may not have")
	}
	u, err := url.Parse(s)
	if err != nil {
		var bare *url.Error
		if errors.As(err, &bare) { // without the URL, which may hold a password
			err = bare.Err
		}
		return nil, err
	}
	return u, checkURL(u)
}

func checkURL(u *url.URL) error {
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return errors.New("neither http nor https")
	case u.Hostname() == "" || u.Opaque != "":
		return errors.New("no host")
	case strings.Contains(u.Hostname(), ":") && u.Host[0] != '[':
		return errors.New("a colon in the host's name")
	case u.User != nil:
		return errors.New("user and password do not belong there")
	}
	u.Fragment, u.RawFragment = "", ""
	u.Host = strings.ToLower(u.Host)
	if p := u.Port(); p == "443" && u.Scheme == "https" || p == "80" && u.Scheme == "http" || p == "" {
		u.Host = u.Hostname()
		if strings.Contains(u.Host, ":") { // an IPv6 address
			u.Host = "[" + u.Host + "]"
		}
	}
	if u.Path == "" {
		u.Path = "/"
	}
	return nil
}

func resourceURI(configuration string) string {
	if strings.Contains(configuration, "://") {
		return configuration
	}
	return nsPowerShell + "/" + configuration
}

// way is how servers of a scheme are reached: directly, or by a tunnel.
func (c *Client) way(scheme string) *proxy.Dialer {
	d := &proxy.Dialer{Setting: c.cfg.Proxy, Scheme: scheme, Password: c.cfg.ProxyPassword, RootCAs: c.cfg.RootCAs}
	if c.tickets != nil {
		d.Kerberos = func(host string) (proxy.Mechanism, error) {
			return newKerberosMechanism(c.tickets, KerberosConfig{}, &url.URL{Host: host}, "Negotiate", nil), nil
		}
	}
	return d
}

// newTransport is for servers of one scheme. It has HTTP/2 off, as sign-in is
// by connection.
func (c *Client) newTransport(scheme string) *http.Transport {
	return &http.Transport{
		DialContext:           c.way(scheme).DialContext,
		TLSClientConfig:       &tls.Config{RootCAs: c.cfg.RootCAs, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:   dialTimeout,
		MaxIdleConns:          16,
		MaxIdleConnsPerHost:   8,
		IdleConnTimeout:       idleConnection,
		ExpectContinueTimeout: time.Second,
		WriteBufferSize:       32 << 10,
		ReadBufferSize:        32 << 10,
		TLSNextProto:          map[string]func(string, *tls.Conn) http.RoundTripper{},
	}
}

// Close drops the connections that are idle and, with Kerberos, the ticket.
// Shells stay as they are; they must not be used afterwards.
func (c *Client) Close() {
	if c.plain != nil {
		c.plain.CloseIdleConnections()
	}
	if c.tickets != nil {
		c.tickets.close()
	}
}

// OpenLimit is how many bytes of fragments fit into CreateOptions.Open, with
// the longest name and after redirects to URLs twice as long.
func (c *Client) OpenLimit() int {
	f := c.frame(c.url.String()+c.url.String(), newMessageID())
	o := CreateOptions{ShellID: zeroGUID, Name: zeroGUID, IdleTimeout: time.Hour, NoProfile: true}
	return f.create(o).room(f.maxEnvelope)
}

const zeroGUID = "00000000-0000-0000-0000-000000000000"

func (c *Client) frame(to, sessionID string) *frame {
	return &frame{
		to: to, resourceURI: c.resourceURI, sessionID: sessionID, locale: c.cfg.Locale,
		timeout: c.cfg.OperationTimeout, maxEnvelope: min(MinEnvelope, c.cfg.MaxEnvelope),
	}
}
