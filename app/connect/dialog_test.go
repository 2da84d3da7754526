package connect

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"postroom/app/demo"
	"postroom/app/desk"
	"postroom/app/desktest"
	"postroom/app/settings"
	"postroom/app/words"
	"postroom/session"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/simulator"
	"postroom/widgets"
)

func TestSignInIsReadyToType(t *testing.T) {
	w, q := withDemo(t)
	w.Show()
	q.Drain()
	if at := w.dialog.place.endpoint; at.ID != "microsoft-365" {
		t.Errorf("the dialog begins with %s", at.Name)
	}
	server, err := w.Directory.Find("exchange-server-https")
	check(t, err)
	w.dialog.place.set(server)
	c := w.Desk.Window.Canvas()
	if c.Focused() != fyne.Focusable(w.dialog.login.account) {
		t.Errorf("the focus is on %T", c.Focused())
	}
	test.Type(w.dialog.login.account, "a")
	c.FocusNext()
	if c.Focused() != w.dialog.login.password.Field() {
		t.Errorf("Tab goes from the account to %T, not to the password", c.Focused())
	}
	first := w.dialog
	w.Show()
	if w.dialog != first || w.Desk.Sheets.Count() != 1 {
		t.Error("Ctrl+N opens a second dialog over the first")
	}
	desktest.Type(w.Desk, fyne.KeyEscape)
	if w.Desk.Sheets.Count() != 0 || first.sheet.Shown() {
		t.Error("Escape does not leave the dialog")
	}
}

// What is filled in is replaced by what is typed: who types the remembered account again does
// not double it.
func TestTheAccountIsTypedOverWhatIsFilledIn(t *testing.T) {
	w, q := withDemo(t)
	const last = "ada@contoso.example"
	w.Settings.Change(func(s *settings.Settings) { s.Endpoint, s.Account = w.demo.Endpoint.ID, last })
	w.Show()
	q.Drain()
	if got := w.dialog.login.account.Text; got != last {
		t.Fatalf("filled in is %q", got)
	}
	for _, r := range "bob@contoso.example" {
		w.Desk.Window.Canvas().Focused().TypedRune(r)
	}
	if got := w.dialog.login.account.Text; got != "bob@contoso.example" {
		t.Errorf("typed over it is %q", got)
	}
}

// Whoever opened the dialog before the demo was ready has that one filled in, and no second.
func TestTheDemoFillsInTheDialogThatIsOpen(t *testing.T) {
	w, _ := withDemo(t)
	w.Show()
	before := w.Desk.Sheets.Count()
	d := w.ShowDemo(w.demo)
	if n := w.Desk.Sheets.Count(); n != before || before != 1 {
		t.Errorf("%d dialogs are open", n)
	}
	if got := d.aim(); got.Endpoint.ID != w.demo.Endpoint.ID || got.Account != w.demo.Server.Account() {
		t.Errorf("it is filled in for %s at %s", got.Account, got.Endpoint.Name)
	}
}

func TestOwnEndpointIsPreselected(t *testing.T) {
	w, q := withDemo(t)
	own, err := w.Directory.Add(t.Context(), endpoint.Endpoint{
		Name: "Mine", URL: "https://mail.contoso.example/PowerShell/", Kind: endpoint.KindOwn,
		Configuration: "Microsoft.Exchange", Auth: []string{endpoint.AuthBasic}, SessionLimit: 3,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Show()
	q.Drain()
	if w.dialog.place.endpoint.ID != own.ID {
		t.Errorf("the dialog begins with %s", w.dialog.place.endpoint.Name)
	}
	if w.dialog.fields[fieldTenant].row.Visible() {
		t.Error("a customer is asked for where there is no delegation")
	}
	w.dialog.place.forgetEndpoint()
	q.Until(t, "another endpoint", func() bool { return w.dialog.place.endpoint.ID != own.ID })
}

func TestTestConnectionTicksStepsOff(t *testing.T) {
	w, q := withDemo(t)
	s := w.ShowDemo(w.demo)
	s.tryConnection()
	q.Until(t, "the test", s.over)
	for _, step := range s.progress.steps.Steps() {
		if step.State != widgets.StepDone {
			t.Errorf("step %q is in state %d", step.Text, step.State)
		}
	}
	if n := len(s.progress.steps.Steps()); n != 6 {
		t.Errorf("%d steps, want 6", n)
	}
	if open := w.demo.Server.Stats().OpenShells; open != 0 {
		t.Errorf("the test left %d sessions", open)
	}
	desktest.Shot(t, w.Desk, "sign-in tested")

	s.login.password.SetText("wrong")
	s.tryConnection()
	q.Until(t, "the second test", s.over)
	steps := s.progress.steps.Steps()
	if steps[4].State != widgets.StepFailed || steps[5].State != widgets.StepPending || steps[3].State != widgets.StepDone {
		t.Errorf("steps are %+v", steps)
	}
	if len(s.problem.Objects) == 0 {
		t.Error("the failure is not explained")
	}
	if w.Desk.Window.Canvas().Focused() != s.login.password.Field() {
		t.Error("the password does not have the focus after it was refused")
	}
	desktest.Shot(t, w.Desk, "sign-in wrong password")
	test.Type(s.login.password.Field(), "new")
	if got := s.login.password.Text(); got != "new" {
		t.Errorf("what is typed next is added to the refused password: %q", got)
	}
}

func TestSignInPictures(t *testing.T) {
	desktest.German(t)
	w, q := withDemo(t)
	s := w.ShowDemo(w.demo)
	s.SetTenant(w.demo.Tenants.All()[1])
	s.login.password.SetText("wrong")
	s.tryConnection()
	q.Until(t, "the test", s.over)
	setTheme(widgets.AlwaysDark)
	desktest.Shot(t, w.Desk, "sign-in german dark")
	w.Desk.Window.Resize(fyne.NewSize(480, 620))
	s.arrange()
	desktest.Shot(t, w.Desk, "sign-in german narrow")
	s.leave()
	setTheme(widgets.AlwaysLight)
	w.Desk.Window.Resize(fyne.NewSize(1360, 860))
	w.Show()
	q.Drain()
	desktest.Shot(t, w.Desk, "sign-in german closed")
	if got := w.dialog.connect.Text; got != "Verbinden" {
		t.Errorf("the button says %q in German", got)
	}
	e, err := w.Directory.Find("exchange-server-https")
	if err != nil {
		t.Fatal(err)
	}
	w.dialog.place.set(e)
	w.dialog.Submit()
	desktest.Shot(t, w.Desk, "sign-in german template")
	w.dialog.place.where.Open()
	desktest.Shot(t, w.Desk, "sign-in german where")
}

func TestWhatIsMissingStandsBesideItsField(t *testing.T) {
	w, q := withDemo(t)
	w.Show()
	q.Drain()
	s := w.dialog
	e, err := w.Directory.Find("exchange-server-https")
	if err != nil {
		t.Fatal(err)
	}
	s.place.set(e)
	for _, step := range []struct {
		field field
		fill  func()
	}{
		{fieldHost, func() { s.place.host.SetText("mail.contoso.example") }},
		{fieldAccount, func() { s.login.account.SetText("anna@contoso.example") }},
	} {
		s.Submit()
		if r := s.fields[step.field]; !r.wrong.Visible() || r.wrong.Value() == "" {
			t.Errorf("nothing stands beside field %d", step.field)
		}
		step.fill()
	}
	s.Submit()
	if w.Desk.Window.Canvas().Focused() != s.login.password.Field() {
		t.Error("the missing password does not get the focus")
	}
	if s.attempt != nil {
		t.Error("an attempt began without a password")
	}
}

// TestACAFileIsEnoughForOnesOwnServer: also for the test of the connection, and
// it is kept with the endpoint.
func TestACAFileIsEnoughForOnesOwnServer(t *testing.T) {
	b, q := withDemo(t)
	server := b.demo.Server
	b.Window.Demo = func() *demo.Demo { return nil } // to the dialog it is a server like any other
	b.Show()
	b.Desk.Copy(server.URL())
	desktest.Press(t, b.Desk, "Paste an address or a New-PSSession line")
	d := b.dialog
	if b.Desk.Window.Canvas().Focused() != fyne.Focusable(d.login.account) {
		t.Error("what is typed after pasting an address does not reach the account")
	}
	d.login.account.SetText(server.Account())
	d.login.password.SetText(server.Password())
	desktest.Press(t, b.Desk, "Test connection")
	q.Until(t, "the refusal", func() bool { return d.over() && len(desktest.Card(b.Desk)) > 0 })
	if said := strings.Join(desktest.Card(b.Desk), " "); !strings.Contains(said, "authority") {
		t.Errorf("without the CA it says %s", said)
	}
	file, err := os.Open(server.CAFile())
	check(t, err)
	defer file.Close() //nolint:errcheck // it was only read
	authority, err := endpoint.ReadAuthority(file)
	check(t, err)
	d.place.trust.SetAuthority(authority)
	d.place.trust.OnChanged() // as the file dialog does
	desktest.Shot(t, b.Desk, "sign-in with a CA")
	desktest.Press(t, b.Desk, "Test connection")
	q.Until(t, "the test", d.over)
	if card := desktest.Card(b.Desk); card != nil {
		t.Fatalf("with the CA it says %q", card)
	}
	desktest.Press(t, b.Desk, "Connect")
	q.Until(t, "the connection", func() bool { return b.signed != nil })
	if kept, ok := b.Directory.Recognize(b.signed.Endpoint); !ok || kept.Authority != authority {
		t.Errorf("kept is %+v", kept)
	}
}

// TestOpenPlacesComeFirst: the person's own, then those that are open; the
// closed ones are last, and folded until somebody wants to see them.
func TestOpenPlacesComeFirst(t *testing.T) {
	b, _ := withDemo(t)
	own, err := b.Directory.Add(t.Context(), endpoint.Endpoint{
		Name: "Mine", URL: "https://mail.contoso.example/PowerShell/", Kind: endpoint.KindOwn,
		Configuration: "Microsoft.Exchange", Auth: []string{endpoint.AuthBasic}, SessionLimit: 3,
	})
	check(t, err)
	b.Show()
	p := b.dialog.place
	items := p.search("")
	if items[0].ID != own.ID {
		t.Errorf("the first place is %s", items[0].Title)
	}
	for _, i := range items[:len(items)-1] {
		if i.Detail == "closed" {
			t.Errorf("%s is closed, and stands before the end", i.Title)
		}
	}
	p.whereChosen(items[len(items)-1])
	all := p.search("")
	closed := 0
	for n, i := range all {
		if i.Detail == "closed" {
			closed++
		} else if closed > 0 {
			t.Errorf("%s stands at %d, after closed ones", i.Title, n)
		}
	}
	if closed < 5 {
		t.Errorf("%d closed places are unfolded", closed)
	}
	if found := p.search("GCC"); len(found) == 0 {
		t.Error("a closed place is not found by its name")
	}
	check(t, b.Directory.Remove(t.Context(), own.ID))
	if e := p.first(""); p.closed(e) != "" {
		t.Errorf("a first start begins at %s, which is closed", e.Name)
	}
}

// What is pasted is read as --url is: session/endpoint has the table. Each text comes by
// the clipboard and the link of the dialog, as a person's does.
func TestAddressesAreReadAsOnTheCommandLine(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", "..", "session", "endpoint", "testdata", "addresses.json"))
	check(t, err)
	type row struct {
		Text, ID, URL, Configuration, Auth string
		Limit                              int
		Tenant, User, Problem              string
	}
	var rows []row
	if err := json.Unmarshal(raw, &rows); err != nil || len(rows) < 30 {
		t.Fatalf("%d addresses, %v", len(rows), err)
	}
	w, _ := withDemo(t)
	for _, want := range rows {
		w.Show()
		s := w.dialog
		s.SetTenant(endpoint.Tenant{}) // a tenant that was chosen stays where the text names none
		s.login.account.SetText("")
		before := s.place.endpoint
		w.Desk.Copy(want.Text)
		test.Tap(s.place.paste)
		told, user := desktest.Card(w.Desk), s.login.account.Text
		s.leave()
		e := s.place.chosen()
		if want.URL == "" {
			if len(told) == 0 || !reflect.DeepEqual(before, s.place.endpoint) || user != "" || !s.place.tenant.IsZero() {
				t.Errorf("%q is to be refused: told %q, the place is %s", want.Text, told, e.URL)
			}
			_, err := w.Directory.Read(want.Text)
			if problem := words.Explain(err); problem.ID != want.Problem || !slices.Contains(told, problem.Title) {
				t.Errorf("%q is %s, want %s; told %q", want.Text, problem.ID, want.Problem, told)
			}
			continue
		}
		got := row{want.Text, e.ID, e.URL, e.Configuration, strings.Join(e.Auth, " "), e.SessionLimit, s.place.tenant.Domain, user, ""}
		if got != want || len(told) > 0 {
			t.Errorf("%q is\n%+v, want\n%+v; told %q", want.Text, got, want, told)
		}
		at, err := w.Directory.Read(want.Text)
		if err != nil || !reflect.DeepEqual(e, at.Endpoint) { // kind, door, certificate and what else there is
			t.Errorf("%q is\n%+v, the reader has\n%+v, %v", want.Text, e, at.Endpoint, err)
		}
	}
}

func TestAPastedConnectionIsUnderstoodAnywhere(t *testing.T) {
	const line = "$s = New-PSSession -ConfigurationName Microsoft.Exchange -ConnectionUri https://ps.outlook.com/powershell-liveid?DelegatedOrg=contoso.example -Credential anna@partner.example -Authentication Basic -AllowRedirection"
	check := func(t *testing.T, s *Dialog) {
		t.Helper()
		if s.place.endpoint.ID != "microsoft-365" || s.place.tenant.Domain != "contoso.example" || s.login.account.Text != "anna@partner.example" {
			t.Errorf("endpoint %s, tenant %s, account %s", s.place.endpoint.ID, s.place.tenant.Domain, s.login.account.Text)
		}
	}
	w, q := withDemo(t)
	for name, paste := range map[string]func(*Dialog){
		"account": func(s *Dialog) { s.login.account.SetText(line) },
		"host":    func(s *Dialog) { s.place.host.SetText(line) },
		"password": func(s *Dialog) {
			w.Desk.Copy(line)
			s.login.password.Field().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutPaste{Clipboard: fyne.CurrentApp().Clipboard()})
		},
		"link":   func(s *Dialog) { w.Desk.Copy(line); s.pasteConnection() },
		"search": func(s *Dialog) { s.place.whereChosen(s.place.search(line)[0]) },
		"lines": func(s *Dialog) {
			text := strings.ReplaceAll(line, " -", " `\n  -")
			w.Desk.Copy(text)
			s.login.account.TypedShortcut(&fyne.ShortcutPaste{Clipboard: fyne.CurrentApp().Clipboard()})
		},
	} {
		t.Run(name, func(t *testing.T) {
			w.Show()
			q.Drain()
			paste(w.dialog)
			check(t, w.dialog)
			if w.dialog.login.password.Text() != "" {
				t.Error("the command stays in the password")
			}
			w.dialog.leave()
		})
	}
	t.Run("typed letter by letter", func(t *testing.T) {
		w.Show()
		q.Drain()
		s := w.dialog
		e, err := w.Directory.Find("exchange-server-https")
		if err != nil {
			t.Fatal(err)
		}
		s.place.set(e)
		test.Type(s.place.host, "https://mail.contoso.example/PowerShell/")
		if s.place.host.Text != "https://mail.contoso.example/PowerShell/" || s.place.endpoint.ID != e.ID {
			t.Errorf("typing was taken for pasting: %q, %s", s.place.host.Text, s.place.endpoint.Name)
		}
		s.Submit()
		if s.place.endpoint.Template() || s.place.chosen().URL != "https://mail.contoso.example/PowerShell/" {
			t.Errorf("the typed address became %s", s.place.chosen().URL)
		}
		s.leave()
	})
	w.Desk.Copy("no connection at all")
	w.Show()
	w.dialog.pasteConnection()
	if len(w.dialog.problem.Objects) == 0 {
		t.Error("a text that is no connection is not explained")
	}
}

func TestARememberedPasswordNeedsNoTyping(t *testing.T) {
	w, q := withDemo(t)
	s := w.ShowDemo(w.demo)
	s.login.remember.SetChecked(true)
	s.Submit()
	q.Until(t, "the connection", func() bool { return w.signed != nil && len(w.accounts) == 1 })
	if s.login.password.Text() != "" {
		t.Error("the password stays in the dialog")
	}
	s = w.ShowDemo(w.demo)
	s.login.password.SetText("")
	s.login.account.SetText("")
	q.Drain()
	s.login.account.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	if s.login.account.Text != w.demo.Server.Account() {
		t.Errorf("Down in the account offers %q", s.login.account.Text)
	}
	desktest.Shot(t, w.Desk, "sign-in remembered")
	for _, i := range w.Manager.Sessions() {
		check(t, w.Manager.Close(t.Context(), i.ID))
	}
	q.Until(t, "the end of the session", func() bool { return len(w.Manager.Sessions()) == 0 })
	w.signed = nil
	s.Submit()
	q.Until(t, "the connection", func() bool { return w.signed != nil || len(s.problem.Objects) > 0 })
	if w.signed == nil {
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
	w := newBench(t, missingKeyring{})
	q := w.Queue
	s := w.ShowDemo(w.demo)
	q.Until(t, "the word about the keyring", s.login.keeping.Visible)
	if !s.login.remember.Disabled() || !strings.Contains(s.login.keeping.Value(), "memory") {
		t.Errorf("without a keyring the dialog says %q", s.login.keeping.Value())
	}
	desktest.Shot(t, w.Desk, "sign-in no keyring")
	w = newBench(t, lockedKeyring{})
	q = w.Queue
	s = w.ShowDemo(w.demo)
	q.Until(t, "the word about the keyring", s.login.keeping.Visible)
	if s.login.remember.Disabled() || !strings.Contains(s.login.keeping.Value(), "locked") {
		t.Errorf("with a locked keyring the dialog says %q", s.login.keeping.Value())
	}
}

// silentKeyring is one whose service says nothing.
type silentKeyring struct{ *credential.Memory }

func (silentKeyring) Get(ctx context.Context, _ string) (credential.Secret, error) {
	<-ctx.Done()
	return credential.Secret{}, fmt.Errorf("read: %w", context.Cause(ctx))
}

// A keyring that does not answer is told as that, and not as a server.
func TestASilentKeyringIsToldAsOne(t *testing.T) {
	var told error
	synctest.Test(t, func(t *testing.T) {
		now := func(f func()) { f() }
		c := New(Deps{Desk: &desk.Desk{Post: now, Spawn: now}, Keyring: silentKeyring{}})
		c.checkKeyring(func(err error) { told = err })
	})
	w, _ := withDemo(t)
	s := w.ShowDemo(w.demo)
	s.login.keyringKnown(told)
	s.modern.keyringKnown(told)
	for _, text := range []string{s.login.keeping.Value(), s.modern.keeping.Value()} {
		if !strings.HasPrefix(text, "The keyring did not answer. Until it does,") {
			t.Errorf("the dialog says %q", text)
		}
	}
	if s.login.remember.Disabled() {
		t.Error("what may answer yet cannot be asked to remember")
	}
}

func TestCancelEndsAnAttempt(t *testing.T) {
	w, q := withDemo(t)
	if err := w.demo.Server.SetFaults(&simulator.Faults{Rules: []simulator.Rule{{Fault: simulator.Hang, On: simulator.Create}}}); err != nil {
		t.Fatal(err)
	}
	s := w.ShowDemo(w.demo)
	s.Submit()
	q.Until(t, "the request", func() bool {
		infos := w.Manager.Sessions()
		return len(infos) == 1 && infos[0].State == session.Connecting
	})
	if !s.login.account.Disabled() {
		t.Error("the fields can be changed while connecting")
	}
	s.attempt.keyringWaits(true)
	if detail := s.progress.steps.Steps()[0].Detail; !strings.Contains(detail, "keyring") {
		t.Errorf("while the keyring waits the dialog says %q", detail)
	}
	desktest.Shot(t, w.Desk, "sign-in waits for the keyring")
	s.attempt.keyringWaits(false)
	if detail := s.progress.steps.Steps()[0].Detail; detail != "" {
		t.Errorf("after the keyring was unlocked the dialog says %q", detail)
	}
	desktest.Shot(t, w.Desk, "sign-in connecting")
	s.cancelled()
	q.Until(t, "the end of the attempt", s.over)
	if !s.sheet.Shown() || s.login.account.Disabled() {
		t.Error("after Cancel the dialog is not ready for another attempt")
	}
	s.cancelled()
	if s.sheet.Shown() {
		t.Error("a second Cancel does not leave the dialog")
	}
}

// TestTheFirstListOfCmdletsCanBeCancelled: it says how many have come, and Cancel ends it and
// its session.
func TestTheFirstListOfCmdletsCanBeCancelled(t *testing.T) {
	w, q := withDemo(t)
	if err := w.demo.Server.SetFaults(&simulator.Faults{Rules: []simulator.Rule{{Fault: simulator.Hang, On: simulator.Command}}}); err != nil {
		t.Fatal(err)
	}
	s := w.ShowDemo(w.demo)
	s.Submit()
	loading := func() widgets.Step { return s.progress.steps.Steps()[1] }
	q.Until(t, "the list", func() bool { return len(s.progress.steps.Steps()) == 2 && loading().State == widgets.StepRunning })
	session.CommandsCame(s.attempt.counting(t.Context()), 120, 486)
	q.Until(t, "the count", func() bool { return strings.HasSuffix(loading().Detail, "120 of 486") })
	desktest.Shot(t, w.Desk, "sign-in loads cmdlets")
	desktest.Press(t, w.Desk, "Cancel")
	q.Until(t, "the end of the attempt", s.over)
	if w.signed != nil || !s.sheet.Shown() || s.login.account.Disabled() {
		t.Error("after Cancel the dialog is not ready for another attempt")
	}
	if err := w.demo.Server.SetFaults(&simulator.Faults{}); err != nil {
		t.Fatal(err)
	}
	s.Submit()
	q.Until(t, "the sign-in", func() bool { return w.signed != nil })
}

func setTheme(m widgets.Mode) { fyne.CurrentApp().Settings().SetTheme(widgets.NewTheme(m)) }
