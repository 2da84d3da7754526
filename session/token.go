package session

import (
	"context"
	"fmt"
	"time"

	"postroom/session/credential"
)

// Tokens gives access tokens to a door that needs them. *signin.Tokens is one.
type Tokens interface {
	// Token gives a token of the target's account, or of its application, for
	// one tenant: from memory, else without a person where that can be done. A
	// *NeedsSignInError says that the person has to sign in first. Whoever gets a
	// token compares its Tenant with the one that was chosen before anything is
	// sent; see WrongTenantError.
	Token(context.Context, Target, TokenRequest) (Token, error)
}

// TokenRequest says what a token is for.
type TokenRequest struct {
	// Tenant is the tenant's GUID in lower case. It is required: without it
	// Entra answers with a token of the account's own tenant.
	Tenant string
	// Scope is the resource with "/.default".
	Scope string
	// Claims is the JSON of a claims challenge; "" when there was none.
	Claims string
	// Fresh asks for a token that was not given before: the last was refused.
	Fresh bool
}

// Token is an access token and what its claims say.
type Token struct {
	Secret credential.Secret
	// Tenant is the GUID in "tid", in lower case; Home that of the account's own tenant,
	// "" where it is not known, and of an application.
	Tenant, Home string
	// Account is the name that signed in, of an application its client id.
	Account string
	Expires time.Time
}

// NeedsSignInError is a tenant of which no token can be had without the person.
type NeedsSignInError struct {
	Account string
	Tenant  string // its GUID, or its domain where the GUID is not known
	Claims  string // the JSON that the sign-in has to ask for; "" for none
	Err     error  // what the authority said; nil when nobody has signed in yet
}

// Error says who has to sign in, for which tenant and why.
func (e *NeedsSignInError) Error() string {
	text := fmt.Sprintf("sign in: %s has to sign in for the tenant %s", e.Account, e.Tenant)
	if e.Err == nil {
		return text
	}
	return text + ": " + e.Err.Error()
}

// Unwrap gives what the authority said.
func (e *NeedsSignInError) Unwrap() error { return e.Err }

// SignInNeeded gives the account and the tenant.
func (e *NeedsSignInError) SignInNeeded() (account, tenant string) { return e.Account, e.Tenant }

// WrongTenantError is a token, a path or a connection of another tenant than the
// one that was chosen. Nothing was sent.
type WrongTenantError struct {
	Chosen, Got string // GUIDs
}

// Error names both.
func (e *WrongTenantError) Error() string {
	return fmt.Sprintf("sign in: the tenant %s was chosen, the token is of %q", e.Chosen, e.Got)
}

// WrongTenant gives both.
func (e *WrongTenantError) WrongTenant() (chosen, got string) { return e.Chosen, e.Got }
