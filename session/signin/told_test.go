package signin_test

import (
	"fmt"
	"strings"
	"testing"

	"postroom/session"
	"postroom/session/credential"
	"postroom/session/diagnose"
	"postroom/session/signin"
)

// Every error that people can meet here has a sentence of its own.
func TestWhatPeopleAreTold(t *testing.T) {
	t.Parallel()
	refused := &signin.AuthorityError{Status: 400, OAuth: "interaction_required", Number: 50076, Text: "second factor"}
	for _, c := range []struct {
		err  error
		want string
	}{
		{&session.NeedsSignInError{Account: ada, Tenant: otherID}, "cloud-sign-in"},
		{&session.NeedsSignInError{Account: ada, Tenant: otherID, Err: refused}, "cloud-mfa"},
		{fmt.Errorf("sign in: %w", &session.WrongTenantError{Chosen: otherID, Got: homeID}), "token-elsewhere"},
		{&signin.AuthorityError{Status: 400, OAuth: "unauthorized_client", Number: 700016}, "cloud-app-unknown"},
		{&signin.AuthorityError{Status: 400, OAuth: "odd", Number: 999999}, "cloud-refused"},
		{&signin.MemoryOnlyError{Err: credential.ErrUnavailable}, "sign-ins-no-keyring"},
		{&signin.BrokenCacheError{Path: "x", Err: credential.ErrNotFound}, "sign-ins-broken"},
		{&signin.CacheError{Path: "x", Err: credential.ErrLocked}, "sign-ins-left"},
		{signin.ErrNoCertificate, "app-certificate-missing"},
		{signin.ErrPassphrase, "app-certificate-passphrase"},
		{signin.ErrEncryptedKey, "app-certificate-encrypted"},
		{signin.ErrNoKey, "app-certificate-key"},
		{fmt.Errorf("%w: x", signin.ErrCertificateFile), "app-certificate-form"},
		{&signin.InvalidAnswerError{Authority: "login.example"}, "bad-authority"},
		{&signin.ForeignHostError{Authority: "login.example", Host: "evil.example"}, "bad-authority"},
	} {
		if p := diagnose.Explain(c.err); p.ID != c.want {
			t.Errorf("%v: %s, not %s", c.err, p.ID, c.want)
		}
	}
}

// TestATenantIsCalledByItsDomain: whoever is told of a tenant reads the domain that was asked
// for, not the GUID that requests have; support finds the GUID in the details.
func TestATenantIsCalledByItsDomain(t *testing.T) {
	t.Parallel()
	target := session.Target{Account: ada}
	target.Tenant.Domain, target.Tenant.ID = "contoso.example", otherID
	for _, err := range []error{
		&session.NeedsSignInError{Account: ada, Tenant: otherID}, &session.WrongTenantError{Chosen: otherID, Got: homeID},
	} {
		p := diagnose.Explain(fmt.Errorf("Get-Mailbox: %w", target.OfTenant(err)))
		told := p.Title + " " + p.Cause + " " + p.Fix
		if !strings.Contains(told, "contoso.example") || strings.Contains(told, otherID) || !strings.Contains(p.Details, otherID) {
			t.Errorf("%s\n%s", told, p.Details)
		}
	}
}
