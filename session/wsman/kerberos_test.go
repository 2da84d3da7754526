package wsman_test

import (
	"testing"

	"postroom/session/credential"
	"postroom/session/wsman"
)

// Closing does not wait for a KDC that does not answer: a person has given the
// connection up. The ticket is dropped when the question has come to its end.
func TestCloseWhileTheKDCIsAsked(t *testing.T) {
	c, err := wsman.New(wsman.Config{
		URL: "http://mail.invalid/PowerShell/", Configuration: "Microsoft.Exchange", Auth: wsman.Kerberos,
		Credential: credential.Credential{User: "ann@EXAMPLE.INVALID", Secret: credential.NewSecret(testPassword)},
		Kerberos:   wsman.KerberosConfig{KDC: "127.0.0.1:88"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if before, after := wsman.CloseWhileAsking(c); before || !after {
		t.Errorf("the ticket is gone before the answer: %v, and after: %v", before, after)
	}
}
