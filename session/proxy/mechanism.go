package proxy

import (
	"context"
	"errors"
	"strings"

	"github.com/Azure/go-ntlmssp"

	"postroom/session/credential"
)

var errUser = errors.New("a colon in the user's name cannot be sent to a proxy that takes Basic only")

// basic says user and password in one token (RFC 7617 2).
type basic struct{ user *credential.Credential }

// Step gives the one token that there is.
func (b basic) Step(context.Context, []byte) ([]byte, error) {
	if strings.Contains(b.user.User, ":") {
		return nil, errUser
	}
	return []byte(b.user.User + ":" + b.user.Secret.Reveal()), nil
}

// ntlm answers a challenge (MS-NLMP 3.1.5) by Azure/go-ntlmssp, NTLMv2 only.
type ntlm struct{ user *credential.Credential }

// Step begins without a token and answers one.
func (n *ntlm) Step(_ context.Context, token []byte) ([]byte, error) {
	if token == nil {
		return ntlmssp.NewNegotiateMessage("", "")
	}
	return ntlmssp.NewAuthenticateMessage(token, n.user.User, n.user.Secret.Reveal(), nil)
}
