package app

import (
	"bufio"
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"html"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"

	"fyne.io/fyne/v2/test"

	"postroom/app/cli"
	"postroom/app/desktest"
	"postroom/session/credential"
	"postroom/session/result"
	"postroom/session/simulator"
)

// forms are the ways in which a password may stand in a file: as it is, as
// base64 of what Basic sends, in UTF-16, escaped; and its first letters, which no
// escaping changes.
func forms(account, password string) []string {
	wide := make([]byte, 0, 2*len(password))
	for _, u := range utf16.Encode([]rune(password)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	plain := password // up to the first sign that some encoding writes in another way
	if i := strings.IndexFunc(password, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }); i >= 8 {
		plain = password[:i]
	}
	return []string{
		password, plain, string(wide), strconv.Quote(password), html.EscapeString(password), base64.StdEncoding.EncodeToString([]byte(account + ":" + password)),
		base64.StdEncoding.EncodeToString([]byte(password)), base64.StdEncoding.EncodeToString(wide), url.QueryEscape(password),
	}
}

// The child of TestNoPasswordIsLeftAnywhere is told with these what to do; the
// password comes on its standard input.
const (
	childURL     = "POSTROOM_TEST_URL"
	childAccount = "POSTROOM_TEST_ACCOUNT"
	childCA      = "POSTROOM_TEST_CA"
)

// TestNoPasswordIsLeftAnywhere lets another process work for a while with a
// remembered and an unremembered password, see a wrong one, write a trace, an
// export and a log, run the command line, and crash. Then the password must be
// nowhere: not in its home folder, its environment, its arguments, nor in what
// it said.
func TestNoPasswordIsLeftAnywhere(t *testing.T) {
	if os.Getenv(childURL) != "" {
		t.Skip("this is the child")
	}
	const remembered, unremembered = "Rem3mberedSecret-\"<ä&", "Unremembered4Secret/+"
	server, err := simulator.Start(simulator.Options{
		Seed: 1, Account: "anna@postroom.example", Password: remembered,
		Accounts: []simulator.Account{{User: "ben@postroom.example", Password: unremembered}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	home := t.TempDir()
	child := exec.Command(os.Args[0], "-test.run", "^TestWorkForTheSearch$", "-test.v")
	child.Dir = home
	child.Env = []string{
		"HOME=" + home, "XDG_CONFIG_HOME=" + filepath.Join(home, "config"), "XDG_STATE_HOME=" + filepath.Join(home, "state"),
		"TMPDIR=" + home, "PATH=" + os.Getenv("PATH"), "GOTRACEBACK=all", "LANG=C",
		childURL + "=" + server.URL(), childAccount + "=" + server.Account(), childCA + "=" + server.CAFile(),
	}
	var said, messages bytes.Buffer
	child.Stderr = &messages
	in, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(in, "%s\n%s\n", remembered, unremembered)
	secrets := append(forms(server.Account(), remembered), forms("ben@postroom.example", unremembered)...)
	lines := bufio.NewScanner(out)
	open := false
	for lines.Scan() {
		said.WriteString(lines.Text() + "\n")
		if !strings.Contains(lines.Text(), openLine) {
			continue
		}
		open = true
		for _, file := range []string{"environ", "cmdline", "status"} {
			b, readErr := os.ReadFile(fmt.Sprintf("/proc/%d/%s", child.Process.Pid, file))
			if readErr != nil && runtime.GOOS == "linux" {
				t.Error(readErr)
			}
			noSecret(t, "the process's "+file, b, secrets)
		}
		fmt.Fprintln(in, "go on")
	}
	err = child.Wait()
	said.Write(messages.Bytes())
	if !open || err == nil || !strings.Contains(said.String(), crashText) {
		t.Fatalf("the child was to open sessions and to crash; %v\n%s", err, said.String())
	}
	noSecret(t, "what it said", said.Bytes(), secrets)
	files := searchFolder(t, home, secrets)
	for _, want := range []string{"endpoints.json", "settings.json", "accounts.json", "trace.jsonl", "rules.csv", "log.txt"} {
		if !slices.ContainsFunc(files, func(f string) bool { return strings.HasSuffix(f, want) }) {
			t.Errorf("the search found no %s among %v: it looked in the wrong place", want, files)
		}
	}
	if n := server.Stats().OpenShells; n != 0 {
		t.Errorf("%d sessions are open after the crash", n)
	}
}

const (
	openLine  = "sessions are open"
	crashText = "a crash for the search"
)

func noSecret(t *testing.T, where string, b []byte, secrets []string) {
	t.Helper()
	for i, s := range secrets {
		if bytes.Contains(b, []byte(s)) {
			t.Errorf("a password (form %d) is in %s", i, where)
		}
	}
}

// searchFolder searches every file below a folder and gives their names.
func searchFolder(t *testing.T, dir string, secrets []string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		noSecret(t, path, b, secrets)
		files = append(files, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestWorkForTheSearch is the child of TestNoPasswordIsLeftAnywhere.
func TestWorkForTheSearch(t *testing.T) {
	address := os.Getenv(childURL)
	if address == "" {
		t.Skip("it runs as the child of TestNoPasswordIsLeftAnywhere")
	}
	in := bufio.NewReader(os.Stdin)
	line := func() string {
		text, err := in.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSuffix(text, "\n")
	}
	remembered, unremembered := line(), line()
	home := os.Getenv("HOME")
	log, err := os.Create(filepath.Join(home, "log.txt"))
	if err != nil {
		t.Fatal(err)
	}
	slog.SetDefault(slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	pem, err := os.ReadFile(os.Getenv(childCA))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	q := desktest.NewQueue()
	a, err := New(test.NewTempApp(t), Deps{
		Post: q.Post, Passwords: credential.NewMemory(), Roots: roots,
		Config: filepath.Join(home, "config", "postroom"), State: filepath.Join(home, "state", "postroom"),
	})
	if err != nil {
		t.Fatal(err)
	}
	w := a.window
	w.window.Resize(windowSize)
	w.desk.Spawn(func() { w.recorder.begin(filepath.Join(home, "trace.jsonl")) })
	q.Until(t, "the trace", func() bool { return w.recorder.now != nil })
	for _, c := range []struct {
		account, password string
		remember          bool
	}{
		{os.Getenv(childAccount), remembered + "x", true}, // wrong
		{os.Getenv(childAccount), remembered, true},
		{"ben@postroom.example", unremembered, false},
	} {
		w.connector.Show()
		q.Drain()
		w.desk.Copy(address)
		desktest.Press(t, w.desk, "Paste an address or a New-PSSession line")
		desktest.Entry(t, w.desk, "anna@contoso.example").SetText(c.account)
		desktest.Password(t, w.desk).SetText(c.password)
		desktest.Check(t, w.desk, "Remember in the keyring of this computer").SetChecked(c.remember)
		desktest.Press(t, w.desk, "Connect")
		q.Until(t, "the end of the sign-in", func() bool { return w.desk.Sheets.Top() == nil || len(desktest.Card(w.desk)) > 0 })
		slog.Info("sign in", "screen", desktest.Text(w.desk))
	}
	if w.accounts.now == nil {
		t.Fatal("no sign-in worked")
	}
	slog.Info("signed in", "connection", fmt.Sprintf("%+v", w.accounts.now), "target", fmt.Sprintf("%#v", w.accounts.now.base))
	tab := ran(t, w, q, "Get-TransportRule")
	if _, err := writeExport(t.Context(), filepath.Join(home, "rules.csv"), tab.Shown(), result.Options{}); err != nil {
		t.Fatal(err)
	}
	code := cli.Run(t.Context(), []string{
		"run", "--url", address, "--user", os.Getenv(childAccount), "--password-stdin", "--ca", os.Getenv(childCA),
		"--trace", filepath.Join(home, "cli-trace.jsonl"), "--csv", filepath.Join(home, "cli.csv"), "Get-AcceptedDomain",
	}, cli.Streams{In: strings.NewReader(remembered + "\n"), Out: os.Stdout, Err: os.Stderr})
	if code != cli.ExitDone {
		t.Errorf("the command line ends with %d", code)
	}
	q.Until(t, "the settings", func() bool { return a.settings.Get().Account != "" })
	fmt.Println(openLine)
	line()
	w.desk.Spawn(func() { panic(crashText) }) // Guard closes the sessions before the process dies of it
	q.Until(t, "the end of the process", func() bool { return false })
}
