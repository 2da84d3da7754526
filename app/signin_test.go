package app

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"postroom/session"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/simulator"
	"postroom/widgets"
)

// withDemo is the program with its simulator running and no dialog shown.
func withDemo(t *testing.T) (*mainWindow, *uiQueue) {
	t.Helper()
	return withDemoOver(t, credential.NewMemory())
}

func withDemoOver(t *testing.T, keyring credential.Store) (*mainWindow, *uiQueue) {
	t.Helper()
	a, q := newTestAppWith(t, keyring)
	w := a.window
	w.startDemo()
	q.until(t, "the demo", func() bool { return w.demo != nil && w.signIn != nil })
	w.signIn.leave()
	return w, q
}

// inGerman makes the window of a test speak German.
func inGerman(t *testing.T) {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANGUAGE"} {
		t.Setenv(name, "")
	}
	t.Setenv("LANG", "de_DE.UTF-8")
}

func (s *signIn) over() bool { return s.stop == nil }

func TestSignInIsReadyToType(t *testing.T) {
	w, q := withDemo(t)
	w.showSignIn()
	q.drain()
	c := w.window.Canvas()
	if c.Focused() != fyne.Focusable(w.signIn.account) {
		t.Errorf("the focus is on %T", c.Focused())
	}
	test.Type(w.signIn.account, "a")
	c.FocusNext()
	if c.Focused() != w.signIn.password.Field() {
		t.Errorf("Tab goes from the account to %T, not to the password", c.Focused())
	}
	first := w.signIn
	w.showSignIn()
	if w.signIn != first || w.desk.Sheets.Count() != 1 {
		t.Error("Ctrl+N opens a second dialog over the first")
	}
	w.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if w.desk.Sheets.Count() != 0 || !first.hidden {
		t.Error("Escape does not leave the dialog")
	}
}

// TestASheetFitsIntoItsWindow: its buttons stay in sight whatever the size.
func TestASheetFitsIntoItsWindow(t *testing.T) {
	w, _ := withDemo(t)
	w.showTenants()
	foot := buttons(w)["Close"]
	for _, size := range []fyne.Size{{Width: 1360, Height: 860}, {Width: 700, Height: 420}, {Width: 380, Height: 500}, {Width: 1000, Height: 700}} {
		w.window.Resize(size)
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(foot)
		room := w.window.Canvas().Size()
		if at.X < 0 || at.X+foot.Size().Width > room.Width || at.Y+foot.Size().Height > room.Height {
			t.Errorf("in a window of %v the buttons are at %v, %v large", room, at, foot.Size())
		}
	}
}

func TestOwnEndpointIsPreselected(t *testing.T) {
	w, q := withDemo(t)
	own, err := w.app.directory.Add(t.Context(), endpoint.Endpoint{
		Name: "Mine", URL: "https://mail.contoso.example/PowerShell/", Kind: endpoint.KindOwn,
		Configuration: "Microsoft.Exchange", Auth: []string{endpoint.AuthBasic}, SessionLimit: 3,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.showSignIn()
	q.drain()
	if w.signIn.endpoint.ID != own.ID {
		t.Errorf("the dialog begins with %s", w.signIn.endpoint.Name)
	}
	if w.signIn.rows[fieldCustomer].row.Visible() {
		t.Error("a customer is asked for where there is no delegation")
	}
	w.signIn.forgetEndpoint()
	q.until(t, "another endpoint", func() bool { return w.signIn.endpoint.ID != own.ID })
}

func TestTestConnectionTicksStepsOff(t *testing.T) {
	w, q := withDemo(t)
	s := w.showDemoSignIn()
	s.tryConnection()
	q.until(t, "the test", s.over)
	for _, step := range s.steps.Steps() {
		if step.State != widgets.StepDone {
			t.Errorf("step %q is in state %d", step.Text, step.State)
		}
	}
	if n := len(s.steps.Steps()); n != 6 {
		t.Errorf("%d steps, want 6", n)
	}
	if open := w.demo.server.Stats().OpenShells; open != 0 {
		t.Errorf("the test left %d sessions", open)
	}
	shot(t, w, "sign-in tested")

	s.password.SetText("wrong")
	s.tryConnection()
	q.until(t, "the second test", s.over)
	steps := s.steps.Steps()
	if steps[4].State != widgets.StepFailed || steps[5].State != widgets.StepPending || steps[3].State != widgets.StepDone {
		t.Errorf("steps are %+v", steps)
	}
	if len(s.problem.Objects) == 0 {
		t.Error("the failure is not explained")
	}
	if w.window.Canvas().Focused() != s.password.Field() {
		t.Error("the password does not have the focus after it was refused")
	}
	shot(t, w, "sign-in wrong password")
	test.Type(s.password.Field(), "new")
	if got := s.password.Text(); got != "new" {
		t.Errorf("what is typed next is added to the refused password: %q", got)
	}
}

func TestSignInPictures(t *testing.T) {
	inGerman(t)
	w, q := withDemo(t)
	s := w.showDemoSignIn()
	s.setTenant(w.demo.tenants[1])
	s.password.SetText("wrong")
	s.tryConnection()
	q.until(t, "the test", s.over)
	w.setTheme(widgets.AlwaysDark)
	shot(t, w, "sign-in german dark")
	w.window.Resize(fyne.NewSize(480, 620))
	s.arrange()
	shot(t, w, "sign-in german narrow")
	s.leave()
	w.setTheme(widgets.AlwaysLight)
	w.window.Resize(windowSize)
	w.showSignIn()
	q.drain()
	shot(t, w, "sign-in german closed")
	if got := w.signIn.connect.Text; got != "Verbinden" {
		t.Errorf("the button says %q in German", got)
	}
	e, err := w.app.directory.Find("exchange-server-https")
	if err != nil {
		t.Fatal(err)
	}
	w.signIn.setEndpoint(e)
	w.signIn.submit()
	shot(t, w, "sign-in german template")
	w.signIn.where.Open()
	shot(t, w, "sign-in german where")
}

func TestWhatIsMissingStandsBesideItsField(t *testing.T) {
	w, q := withDemo(t)
	w.showSignIn()
	q.drain()
	s := w.signIn
	e, err := w.app.directory.Find("exchange-server-https")
	if err != nil {
		t.Fatal(err)
	}
	s.setEndpoint(e)
	for _, step := range []struct {
		field signInField
		fill  func()
	}{
		{fieldHost, func() { s.host.SetText("mail.contoso.example") }},
		{fieldAccount, func() { s.account.SetText("anna@contoso.example") }},
	} {
		s.submit()
		if r := s.rows[step.field]; !r.wrong.Visible() || r.wrong.Value() == "" {
			t.Errorf("nothing stands beside field %d", step.field)
		}
		step.fill()
	}
	s.submit()
	if w.window.Canvas().Focused() != s.password.Field() {
		t.Error("the missing password does not get the focus")
	}
	if s.stop != nil {
		t.Error("an attempt began without a password")
	}
}

// What is pasted is read as --url is: session/endpoint has the table.
func TestAddressesAreReadAsOnTheCommandLine(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", "session", "endpoint", "testdata", "addresses.json"))
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		Text, ID, URL, Configuration, Auth string
		Limit                              int
		Tenant, User                       string
	}
	var rows []row
	if err := json.Unmarshal(raw, &rows); err != nil || len(rows) < 30 {
		t.Fatalf("%d addresses, %v", len(rows), err)
	}
	w, _ := withDemo(t)
	for _, want := range rows {
		w.showSignIn()
		s := w.signIn
		s.setTenant(endpoint.Tenant{}) // a tenant that was chosen stays where the text names none
		if !s.takeConnection(want.Text) {
			if want.URL != "" {
				t.Errorf("%q is not understood", want.Text)
			}
			continue
		}
		e := s.chosen()
		got := row{want.Text, e.ID, e.URL, e.Configuration, strings.Join(e.Auth, " "), e.SessionLimit, s.tenant.Domain, s.user}
		if got != want {
			t.Errorf("%q is\n%+v, want\n%+v", want.Text, got, want)
		}
	}
}

func TestAPastedConnectionIsUnderstoodAnywhere(t *testing.T) {
	const line = "$s = New-PSSession -ConfigurationName Microsoft.Exchange -ConnectionUri https://ps.outlook.com/powershell-liveid?DelegatedOrg=contoso.example -Credential anna@partner.example -Authentication Basic -AllowRedirection"
	check := func(t *testing.T, s *signIn) {
		t.Helper()
		if s.endpoint.ID != "delegated" || s.tenant.Domain != "contoso.example" || s.account.Text != "anna@partner.example" {
			t.Errorf("endpoint %s, tenant %s, account %s", s.endpoint.ID, s.tenant.Domain, s.account.Text)
		}
	}
	w, q := withDemo(t)
	for name, paste := range map[string]func(*signIn){
		"account": func(s *signIn) { s.account.SetText(line) },
		"host":    func(s *signIn) { s.host.SetText(line) },
		"password": func(s *signIn) {
			fyne.CurrentApp().Clipboard().SetContent(line)
			s.password.Field().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutPaste{Clipboard: fyne.CurrentApp().Clipboard()})
		},
		"link":   func(s *signIn) { fyne.CurrentApp().Clipboard().SetContent(line); s.pasteConnection() },
		"search": func(s *signIn) { s.endpointChosen(s.searchEndpoints(line)[0]) },
		"lines": func(s *signIn) {
			text := strings.ReplaceAll(line, " -", " `\n  -")
			fyne.CurrentApp().Clipboard().SetContent(text)
			s.account.TypedShortcut(&fyne.ShortcutPaste{Clipboard: fyne.CurrentApp().Clipboard()})
		},
	} {
		t.Run(name, func(t *testing.T) {
			w.showSignIn()
			q.drain()
			paste(w.signIn)
			check(t, w.signIn)
			if w.signIn.password.Text() != "" {
				t.Error("the command stays in the password")
			}
			w.signIn.leave()
		})
	}
	t.Run("typed letter by letter", func(t *testing.T) {
		w.showSignIn()
		q.drain()
		s := w.signIn
		e, err := w.app.directory.Find("exchange-server-https")
		if err != nil {
			t.Fatal(err)
		}
		s.setEndpoint(e)
		test.Type(s.host, "https://mail.contoso.example/PowerShell/")
		if s.host.Text != "https://mail.contoso.example/PowerShell/" || s.endpoint.ID != e.ID {
			t.Errorf("typing was taken for pasting: %q, %s", s.host.Text, s.endpoint.Name)
		}
		s.submit()
		if s.endpoint.Template() || s.chosen().URL != "https://mail.contoso.example/PowerShell/" {
			t.Errorf("the typed address became %s", s.chosen().URL)
		}
		s.leave()
	})
	fyne.CurrentApp().Clipboard().SetContent("no connection at all")
	w.showSignIn()
	w.signIn.pasteConnection()
	if len(w.signIn.problem.Objects) == 0 {
		t.Error("a text that is no connection is not explained")
	}
}

func TestARememberedPasswordNeedsNoTyping(t *testing.T) {
	w, q := withDemo(t)
	s := w.showDemoSignIn()
	s.remember.SetChecked(true)
	s.submit()
	q.until(t, "the connection", func() bool { return w.connection != nil && len(w.accounts) == 1 })
	if s.password.Text() != "" {
		t.Error("the password stays in the dialog")
	}
	s = w.showDemoSignIn()
	s.password.SetText("")
	s.account.SetText("")
	q.drain()
	s.account.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	if s.account.Text != w.demo.server.Account() {
		t.Errorf("Down in the account offers %q", s.account.Text)
	}
	shot(t, w, "sign-in remembered")
	w.disconnectAll()
	q.until(t, "the end of the session", func() bool { return len(w.app.manager.Sessions()) == 0 })
	w.connection = nil
	s.submit()
	q.until(t, "the connection", func() bool { return w.connection != nil || len(s.problem.Objects) > 0 })
	if w.connection == nil {
		t.Fatal("the remembered password does not connect")
	}
}

// lockedKeyring waits for a person until its context ends, as the Secret
// Service does with a prompt.
type lockedKeyring struct{ *credential.Memory }

func (lockedKeyring) Get(ctx context.Context, ref string) (credential.Secret, error) {
	if strings.HasPrefix(ref, "no such") {
		return credential.Secret{}, credential.ErrLocked
	}
	return credential.NewMemory().Get(ctx, ref)
}

func (lockedKeyring) Set(ctx context.Context, _ string, _ credential.Secret) error {
	return context.Cause(ctx)
}

// missingKeyring is a desktop without one.
type missingKeyring struct{ *credential.Memory }

func (missingKeyring) Get(context.Context, string) (credential.Secret, error) {
	return credential.Secret{}, &credential.UnavailableError{Reason: credential.ReasonNoService}
}

func (missingKeyring) Set(context.Context, string, credential.Secret) error {
	return &credential.UnavailableError{Reason: credential.ReasonNoService}
}

func TestWithoutKeyringItSaysMemoryOnly(t *testing.T) {
	w, q := withDemoOver(t, missingKeyring{})
	s := w.showDemoSignIn()
	q.until(t, "the word about the keyring", s.keeping.Visible)
	if !s.remember.Disabled() || !strings.Contains(s.keeping.Value(), "memory") {
		t.Errorf("without a keyring the dialog says %q", s.keeping.Value())
	}
	shot(t, w, "sign-in no keyring")
	w, q = withDemoOver(t, lockedKeyring{})
	s = w.showDemoSignIn()
	q.until(t, "the word about the keyring", s.keeping.Visible)
	if s.remember.Disabled() || !strings.Contains(s.keeping.Value(), "locked") {
		t.Errorf("with a locked keyring the dialog says %q", s.keeping.Value())
	}
}

func TestCancelEndsAnAttempt(t *testing.T) {
	w, q := withDemo(t)
	if err := w.demo.server.SetFaults(&simulator.Faults{Rules: []simulator.Rule{{Fault: simulator.Hang, On: simulator.Create}}}); err != nil {
		t.Fatal(err)
	}
	s := w.showDemoSignIn()
	s.submit()
	q.until(t, "the request", func() bool {
		infos := w.app.manager.Sessions()
		return len(infos) == 1 && infos[0].State == session.Connecting
	})
	if !s.account.Disabled() {
		t.Error("the fields can be changed while connecting")
	}
	s.keyringWaits(true)
	if detail := s.steps.Steps()[0].Detail; !strings.Contains(detail, "keyring") {
		t.Errorf("while the keyring waits the dialog says %q", detail)
	}
	shot(t, w, "sign-in waits for the keyring")
	s.keyringWaits(false)
	if detail := s.steps.Steps()[0].Detail; detail != "" {
		t.Errorf("after the keyring was unlocked the dialog says %q", detail)
	}
	shot(t, w, "sign-in connecting")
	s.cancelled()
	q.until(t, "the end of the attempt", s.over)
	if s.hidden || s.account.Disabled() {
		t.Error("after Cancel the dialog is not ready for another attempt")
	}
	s.cancelled()
	if !s.hidden {
		t.Error("a second Cancel does not leave the dialog")
	}
}

func TestSettingsSurviveARestart(t *testing.T) {
	dir := t.TempDir()
	s, err := openSettings(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.change(t.Context(), func(s *settings) { s.Account, s.Endpoint = "anna@contoso.example", "eop" }); err != nil {
		t.Fatal(err)
	}
	again, err := openSettings(dir)
	if err != nil || again.get().Account != "anna@contoso.example" || again.get().Endpoint != "eop" {
		t.Errorf("%+v, %v", again.get(), err)
	}
	if err := os.WriteFile(filepath.Join(dir, "settings.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openSettings(dir); err == nil || errors.Is(err, os.ErrNotExist) {
		t.Errorf("a torn file gives %v", err)
	}
}
