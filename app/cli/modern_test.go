package cli_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"html"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"postroom/app/cli"
	"postroom/session/simulator"
)

// modern are the words of a run through the REST door, up to the cmdlet.
func modern(s *simulator.Server, method string, more ...string) []string {
	return slices.Concat([]string{
		"run", "--url", s.RESTURL(), "--ca", s.CAFile(), "--auth", method, "--authority", s.AuthorityURL(), "--client-id", s.ClientID(), "--csv", "-", "--columns", "DomainName",
	}, more)
}

// An application signs in by its certificate, as PEM and as PFX, for the tenants that
// are named, and leaves no token in a file, a trace or a text.
func TestAnApplicationRunsByItsCertificate(t *testing.T) {
	s := start(t, simulator.Options{REST: true, Rows: 1, Seed: 1})
	config, state := home(t)
	trace := filepath.Join(t.TempDir(), "trace.txt")
	r := do(t, "", modern(s, "app", "--certificate", s.CertificateFile(), "--tenant", s.TenantID(), "--tenant", "customer01.example", "--trace", trace, "Get-AcceptedDomain")...)
	if r.code != 0 || !strings.Contains(r.stdout, "postroom.example") || !strings.Contains(r.stdout, "customer01.example") {
		t.Errorf("%+v", r)
	}
	written, err := os.ReadFile(trace)
	if err != nil || len(written) == 0 {
		t.Fatalf("no trace: %v", err)
	}
	texts := map[string]string{"trace": string(written), "output": r.stdout + r.stderr}
	for _, dir := range []string{config, state} {
		walking := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return nil //nolint:nilerr // a folder that was not made has no tokens in it
			}
			b, err := os.ReadFile(name)
			texts[name] = string(b)
			return err
		})
		if walking != nil {
			t.Fatal(walking)
		}
	}
	token := regexp.MustCompile(`eyJ[\w-]{20,}|Bearer \w`) // the beginning of every JWT
	for where, text := range texts {
		if found := token.FindString(text); found != "" {
			t.Errorf("%s has a token: %.40s", where, found)
		}
	}
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("there is no openssl to make a PFX with")
	}
	pfx := filepath.Join(t.TempDir(), "application.pfx")
	if said, err := exec.CommandContext(t.Context(), openssl, "pkcs12", "-export", "-in", s.CertificateFile(), "-out", pfx, "-passout", "pass:geheim").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	with := modern(s, "app", "--certificate", pfx, "--tenant", s.TenantID(), "--password-stdin", "Get-AcceptedDomain")
	if r := do(t, "geheim\n", with...); r.code != 0 || !strings.Contains(r.stdout, "postroom.example") {
		t.Errorf("PFX: %+v", r)
	}
	if r := do(t, "falsch\n", with...); r.code != 3 || !strings.Contains(r.stderr, "passphrase") || strings.Contains(r.stderr, "falsch") {
		t.Errorf("PFX, another passphrase: %+v", r)
	}
}

// What cannot be done is said before anything is asked.
func TestModernSignInThatCannotBe(t *testing.T) {
	s := start(t, simulator.Options{REST: true, Rows: 1, Seed: 1})
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"no tenant":         {modern(s, "app", "--certificate", s.CertificateFile(), "Get-AcceptedDomain"), 2, "--tenant is missing"},
		"no certificate":    {modern(s, "app", "--tenant", s.TenantID(), "Get-AcceptedDomain"), 2, "--certificate"},
		"not a certificate": {modern(s, "app", "--certificate", s.CAFile(), "--tenant", s.TenantID(), "Get-AcceptedDomain"), 2, "key"},
		"client id":         {append(modern(s, "app", "--certificate", s.CertificateFile(), "--tenant", s.TenantID()), "--client-id", "postroom", "Get-AcceptedDomain"), 2, "ClientID"},
		"plain http":        {append(modern(s, "device"), "--authority", "http://login.example", "Get-AcceptedDomain"), 2, "Authority"},
		"basic with one":    {append(modern(s, "device"), "--auth", "basic", "--user", "a@b.example", "Get-AcceptedDomain"), 2, "--authority"},
		"scope":             {append(modern(s, "device"), "--scope", "nonsense", "Get-AcceptedDomain"), 2, "Scope cannot be"},
		"base path":         {append(modern(s, "device"), "--base-path", "adminapi", "Get-AcceptedDomain"), 2, "BasePath cannot be"},
		"module version":    {append(modern(s, "device"), "--module-version", "new", "Get-AcceptedDomain"), 2, "ModuleVersion cannot be"},
		"a credential":      {modern(s, "device", "New-MigrationEndpoint", "-Name", "x", "-Credentials", "ada\nGr0ß"), 2, "cannot be used with Exchange Online"},
		"nobody there":      {modern(s, "device", "Get-AcceptedDomain"), 3, "sign in"},
		"nobody, for one":   {modern(s, "modern", "--user", s.Account(), "--tenant", "customer01.example", "Get-AcceptedDomain"), 3, s.Account()},
	} {
		if r := do(t, "", c.args...); r.code != c.code || !strings.Contains(r.stderr, c.says) || r.stdout != "" {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// watched tells of what is written, as it comes.
type watched struct {
	mu   sync.Mutex
	text bytes.Buffer
	seen func(string)
}

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	w.text.Write(p)
	text := w.text.String()
	w.mu.Unlock()
	w.seen(text)
	return len(p), nil
}

// At a terminal the code is shown, and the run goes on once it was typed elsewhere.
func TestADeviceCodeAtATerminal(t *testing.T) {
	s := start(t, simulator.Options{REST: true, Rows: 1, Seed: 1})
	code := regexp.MustCompile(`open (https://\S+) in any browser and enter the code (\w+)`)
	var once sync.Once
	typed := make(chan error, 1)
	screen := &watched{}
	screen.seen = func(text string) {
		if m := code.FindStringSubmatch(text); m != nil {
			once.Do(func() { go func() { typed <- typeCode(t.Context(), s, m[1], m[2]) }() })
		}
	}
	var out bytes.Buffer
	got := cli.Run(t.Context(), modern(s, "device", "Get-AcceptedDomain"), cli.Streams{In: strings.NewReader(""), Out: &out, Err: screen, Terminal: true})
	if err := <-typed; err != nil {
		t.Fatal(err)
	}
	if got != 0 || !strings.Contains(out.String(), "postroom.example") || !strings.Contains(screen.text.String(), "until the program ends") {
		t.Errorf("%d: %s\n%s", got, out.String(), screen.text.String())
	}
}

// typeCode signs the account in on another device.
func typeCode(ctx context.Context, s *simulator.Server, address, code string) error {
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: s.RootCAs()}, DisableKeepAlives: true}}
	_, err := send(ctx, client, address, url.Values{"user_code": {code}, "login": {s.Account()}, "passwd": {s.Password()}})
	return err
}

// Where no browser can be opened, the address is there to be opened elsewhere on this
// computer; who signs in by it goes on as with a browser.
func TestABrowserAtATerminal(t *testing.T) {
	s := start(t, simulator.Options{REST: true, Rows: 1, Seed: 1})
	t.Setenv("PATH", t.TempDir()) // so that no browser of this computer opens
	address := regexp.MustCompile(`go to\n  (https://\S+)\n`)
	var once sync.Once
	signedIn := make(chan error, 1)
	screen := &watched{}
	screen.seen = func(text string) {
		if m := address.FindStringSubmatch(text); m != nil {
			once.Do(func() { go func() { signedIn <- signInAt(t.Context(), s, m[1]) }() })
		}
	}
	var out bytes.Buffer
	got := cli.Run(t.Context(), modern(s, "modern", "Get-AcceptedDomain"), cli.Streams{In: strings.NewReader(""), Out: &out, Err: screen, Terminal: true})
	if err := <-signedIn; err != nil {
		t.Fatal(err)
	}
	if got != 0 || !strings.Contains(out.String(), "postroom.example") {
		t.Errorf("%d: %s\n%s", got, out.String(), screen.text.String())
	}
}

// signInAt fills in the authority's page, and brings its answer back to the program.
func signInAt(ctx context.Context, s *simulator.Server, address string) error {
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: s.RootCAs()}, DisableKeepAlives: true}}
	at, err := url.Parse(address)
	if err != nil {
		return err
	}
	form := at.Query()
	form.Set("login", s.Account())
	form.Set("passwd", s.Password())
	at.RawQuery = ""
	page, err := send(ctx, client, at.String(), form)
	if err != nil {
		return err
	}
	back := url.Values{}
	for _, m := range regexp.MustCompile(`name="([^"]*)" value="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		back.Set(m[1], html.UnescapeString(m[2]))
	}
	_, err = send(ctx, client, form.Get("redirect_uri"), back)
	return err
}

func send(ctx context.Context, client *http.Client, to string, form url.Values) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := client.Do(r)
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(resp.Body)
	return string(b), errors.Join(err, resp.Body.Close())
}

// --columns asks for these columns alone, with what is computed, filtered and told apart by;
// a name that nobody knows asks for all. What is written is the same either way.
func TestColumnsNarrowWhatIsSent(t *testing.T) {
	s := start(t, simulator.Options{REST: true, Rows: 12, Seed: 1})
	home(t)
	asked := func(selected string, words ...string) string {
		t.Helper()
		trace := filepath.Join(t.TempDir(), "trace.txt")
		args := slices.Concat([]string{
			"run", "--url", s.RESTURL(), "--ca", s.CAFile(), "--auth", "app", "--authority", s.AuthorityURL(), "--client-id", s.ClientID(), "--csv", "-",
			"--certificate", s.CertificateFile(), "--tenant", "soleil.example", "--trace", trace,
		}, words)
		r := do(t, "", args...)
		written, err := os.ReadFile(trace)
		if r.code != 0 && !(r.code == cli.ExitUsage && strings.Contains(r.stderr, "no row has the column NoSuchThing")) || err != nil {
			t.Fatalf("%v: %+v, %v", words, r, err)
		}
		found := regexp.MustCompile(`InvokeCommand\?\$select=([A-Za-z,]*)`).FindAllStringSubmatch(string(written), -1)
		got := ""
		for _, f := range found {
			got = f[1]
		}
		if got != selected {
			t.Errorf("%v asks for %q, want %q", words, got, selected)
		}
		return r.stdout
	}
	const apart = "ExchangeGuid,ExternalDirectoryObjectId,Guid,Id,Identity"
	narrow := asked("DisplayName,DistinguishedName,"+apart+",Name,PrimarySmtpAddress,UserPrincipalName", "--columns", "primarysmtpaddress,DisplayName", "Get-Mailbox")
	all := asked("", "--columns", "PrimarySmtpAddress,DisplayName,NoSuchThing", "Get-Mailbox")
	if strings.Count(narrow, "\n") != 13 || strings.ReplaceAll(all, ",\n", "\n") != strings.Replace(narrow, "primarysmtpaddress,DisplayName", "PrimarySmtpAddress,DisplayName,NoSuchThing", 1) {
		t.Errorf("%s\n%s", narrow, all)
	}
	computed := asked("DisplayName,DistinguishedName,"+apart+",Name,PrimarySmtpAddress,UserPrincipalName",
		"--columns", "Where", "--compute", "Where=domain(PrimarySmtpAddress)", "Get-Mailbox")
	if !strings.Contains(computed, "Where\nsoleil.example\n") {
		t.Errorf("computed: %s", computed)
	}
	asked("", "Get-Mailbox")
}

// --show says as whom: an application by its id.
func TestShowNamesTheApplication(t *testing.T) {
	s := start(t, simulator.Options{REST: true, Rows: 1, Seed: 1})
	home(t)
	r := do(t, "", modern(s, "app", "--certificate", s.CertificateFile(), "--tenant", s.TenantID(), "--show", "Get-AcceptedDomain")...)
	if r.code != 0 || !strings.Contains(r.stdout, " as application "+s.ClientID()+"\n") {
		t.Errorf("%+v", r)
	}
	r = do(t, "", modern(s, "modern", "--show", "Get-AcceptedDomain")...)
	if r.code != 0 || !strings.Contains(r.stdout, " as the account that is signed in") {
		t.Errorf("%+v", r)
	}
}

// A change whose answer is lost: nobody knows whether it was run. It is said, with what to
// do, and nothing is sent again.
func TestALostAnswerToAChangeOverREST(t *testing.T) {
	s := start(t, simulator.Options{REST: true, Rows: 5, Seed: 1, Faults: &simulator.Faults{Rules: []simulator.Rule{
		{Fault: simulator.DropAfter, On: simulator.Invoke, Cmdlet: "Set-Mailbox"},
	}}})
	home(t)
	with := []string{"--certificate", s.CertificateFile(), "--tenant", s.TenantID()}
	list := do(t, "", slices.Concat(modern(s, "app", with...), []string{"--columns", "PrimarySmtpAddress", "Get-Mailbox", "-ResultSize", "1"})...)
	_, mailbox, _ := strings.Cut(strings.TrimSpace(list.stdout), "\n")
	if list.code != 0 || !strings.Contains(mailbox, "@") {
		t.Fatalf("%+v", list)
	}
	r := do(t, "", slices.Concat(modern(s, "app", with...), []string{"--yes", "Set-Mailbox", "-Identity", mailbox, "-CustomAttribute1", "x"})...)
	if r.code != 3 || !strings.Contains(r.stderr, "it is not known whether the server ran the command") || !strings.Contains(r.stderr, "Check on the server") || !strings.Contains(r.stderr, "not repeated automatically") {
		t.Errorf("%+v", r)
	}
	if changes := s.Stats().ChangesByCall; len(changes) != 1 || slices.Max(slices.Collect(maps.Values(changes))) != 1 {
		t.Errorf("sent: %v", changes)
	}
}

// A service that is not there is told at once, and not after a minute of asking again.
func TestAServiceThatIsNotThere(t *testing.T) {
	s := start(t, simulator.Options{REST: true, Rows: 1, Seed: 1})
	home(t)
	r := do(t, "", "run", "--url", "https://127.0.0.1:1", "--scope", s.RESTURL()+"/.default", "--ca", s.CAFile(), "--auth", "app", "--authority", s.AuthorityURL(), "--client-id", s.ClientID(),
		"--certificate", s.CertificateFile(), "--tenant", s.TenantID(), "Get-AcceptedDomain")
	if r.code != 3 || !strings.Contains(r.stderr, "refuses the connection") || strings.Contains(r.stderr, "trying again") {
		t.Errorf("%+v", r)
	}
}
