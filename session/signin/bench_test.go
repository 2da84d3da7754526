package signin_test

import (
	"fmt"
	"testing"

	"postroom/session"
	"postroom/session/credential"
)

// BenchmarkHeldToken is what a command pays for its token where two hundred tenants
// are signed in to: nothing is asked, and the file is looked at only.
func BenchmarkHeldToken(b *testing.B) {
	a := newScripted(b)
	p := newProcess(b.TempDir(), credential.NewMemory())
	a.signIn(p, ada)
	target := a.target(ada)
	for n := range 200 {
		if _, err := p.Token(b.Context(), target, session.TokenRequest{Tenant: fmt.Sprintf("00000000-0000-4000-8000-000000000%03d", n)}); err != nil {
			b.Fatal(err)
		}
	}
	b.ResetTimer()
	for b.Loop() {
		if _, err := p.Token(b.Context(), target, session.TokenRequest{Tenant: "00000000-0000-4000-8000-000000000100"}); err != nil {
			b.Fatal(err)
		}
	}
}
