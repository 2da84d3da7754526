package words_test

import (
	"strings"
	"testing"
	"time"

	"postroom/app/words"
	"postroom/session"
)

// Another process's session in the account's own tenant is of the domain of the account, and
// of the account where its name has none.
func TestWhoseAnotherProcessesSessionIs(t *testing.T) {
	for account, want := range map[string]string{
		"anna@contoso.example": "run for contoso.example (since",
		`CONTOSO\anna`:         `run for CONTOSO\anna (since`,
	} {
		u := session.Use{Account: account, State: session.Running, Since: time.Now(), PID: 4711}
		if got := words.InUse([]session.Use{u}); !strings.Contains(got, want) {
			t.Errorf("%q lacks %q", got, want)
		}
	}
}
