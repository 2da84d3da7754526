package cli_test

import (
	"slices"
	"testing"

	"postroom/app/cli"
	"postroom/session/credential"
	"postroom/session/holder"
	"postroom/session/simulator"
)

// A password that was forgotten is asked for at a terminal, and missed where
// nobody sits; one that is only locked away is no reason to ask.
func TestAForgottenPasswordIsAskedFor(t *testing.T) {
	s := start(t, simulator.Options{})
	config, _ := home(t)
	vault, err := credential.OpenVault(config, credential.NewMemory())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := vault.Remember(t.Context(), s.Account(), s.URL(), credential.NewSecret(s.Password()), credential.KeepAlways); err != nil {
		t.Fatal(err)
	}
	args := slices.DeleteFunc(at(s, "--csv", "-", "Get-TransportRule"), func(a string) bool { return a == "--password-stdin" })
	do(t, "", args...).fits(t, cli.ExitConnect, s.Password(), "keyring")

	who, err := holder.Of(s.Account(), s.URL())
	if err == nil {
		err = vault.Forget(t.Context(), who)
	}
	if err != nil {
		t.Fatal(err)
	}
	do(t, "", args...).fits(t, cli.ExitConnect, s.Password(), "no stored password", "--password-stdin")
	for range 2 {
		got, asked := typing(t, s.Password()+"\n", args...)
		got.fits(t, cli.ExitDone, s.Password(), "Password of")
		if asked != 1 {
			t.Errorf("asked %d times in a run: what is typed stays in memory", asked)
		}
	}
	nothingLeft(t, s)
}

// What pasting adds to an account is not sent: each failed sign-in is a step
// towards the lock-out.
func TestAPastedAccountIsCleaned(t *testing.T) {
	s := start(t, simulator.Options{})
	for _, around := range [][2]string{
		{"\u200b", "\u00a0"}, {"mailto:", ""}, {"SMTP:", ";"}, {"<", ">"}, {"Anna Lind <", ">;"}, {" ", "\ufeff"},
	} {
		args := at(s, "--csv", "-", "Get-TransportRule")
		args[slices.Index(args, "--user")+1] = around[0] + s.Account() + around[1]
		do(t, s.Password()+"\n", args...).fits(t, cli.ExitDone, s.Password())
	}
	args := at(s, "--csv", "-", "Get-TransportRule")
	args[slices.Index(args, "--user")+1] = "an\x07na@contoso.example"
	do(t, s.Password()+"\n", args...).fits(t, cli.ExitUsage, s.Password(), "control character")
	nothingLeft(t, s)
}

// What cannot be meant is wrong usage; without a keyring nothing is kept, and that is told.
func TestPasswordsAreAskedForRightly(t *testing.T) {
	home(t)
	for _, args := range [][]string{
		{"--forget", "--change"},
		{"--json", "--forget"},
		{"--password-stdin"},
		{"--change", "--user", "ada@contoso.example"},
		{"--change", "--server", "mail.contoso.example"},
		{"--forget", "--user", " \u200b"},
		{"--server", "https:///"},
		{"ada@contoso.example"},
		{"--change", "--user", "ada@contoso.example", "--server", "mail.contoso.example"}, // nobody is there
	} {
		do(t, "", append([]string{"passwords"}, args...)...).fits(t, cli.ExitUsage, "no password")
	}
	do(t, "secret of ada\n", "passwords", "--change", "--user", "ada@contoso.example", "--server", "mail.contoso.example", "--password-stdin").
		fits(t, cli.ExitConnect, "secret of ada", "keyring")
	do(t, "", "passwords").fits(t, cli.ExitDone, "secret of ada")
	do(t, "", "passwords", "--forget").fits(t, cli.ExitDone, "secret of ada", "no password was kept")
}
