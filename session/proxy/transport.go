package proxy

import (
	"crypto/tls"
	"net/http"
	"time"
)

// NewTransportBy is the way to https servers that do not sign in a connection:
// authorities and REST services. It goes through the proxy of the dialer's setting
// where there is one, and signs in there. The dialer's roots may sign the servers'
// certificates; nil means the system's.
func NewTransportBy(way *Dialer) *http.Transport {
	roots := way.RootCAs
	return &http.Transport{
		DialContext:         way.DialContext,
		TLSClientConfig:     &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout: dialTimeout,
		ForceAttemptHTTP2:   true,
		MaxIdleConns:        64,
		MaxIdleConnsPerHost: 16,
		IdleConnTimeout:     90 * time.Second,
	}
}
