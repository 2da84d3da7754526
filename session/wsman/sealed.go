package wsman

import (
	"context"
	"net/url"

	"postroom/session/credential"
)

type tickets struct{}

func newTickets(k KerberosConfig, c credential.Credential) (*tickets, error) { return nil, nil }

type signedDoor struct{}

func newSignedDoor(c *Client, u *url.URL) *signedDoor { return nil }

func (d *signedDoor) exchange(ctx context.Context, call *call) (*answer, error) { return nil, nil }
func (d *signedDoor) close()                                                    {}
