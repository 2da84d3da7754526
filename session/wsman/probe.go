package wsman

import (
	"context"
	"time"
)

// Step is one step of a Probe.
type Step struct {
	// Name is "name", "tcp", "proxy", "tls", "http" or "sign-in".
	Name string
	// Detail is what the step found: addresses, the TLS version, the status.
	Detail  string
	Elapsed time.Duration
	// Err is why the step failed; later steps are not tried.
	Err error
}

func (c *Client) Probe(ctx context.Context, each func(Step)) error { return nil }
