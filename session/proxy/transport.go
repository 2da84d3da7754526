package proxy

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"time"
)

// NewTransport is the way to https servers that do not sign in a connection:
// authorities and REST services. It goes through the proxy of the setting where
// there is one. roots may sign the servers' certificates; nil means the system's.
func NewTransport(s Setting, roots *x509.CertPool) *http.Transport {
	return NewTransportBy(&Dialer{Setting: s, RootCAs: roots})
}

// NewTransportBy is NewTransport with a dialer's sign-in to the proxy.
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
