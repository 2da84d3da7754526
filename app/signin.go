package app

import (
	"context"
	"errors"
	"net/url"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/credential"
	"postroom/session/diagnose"
	"postroom/session/endpoint"
	"postroom/widgets"
)

// signIn is the dialog that connects. UI thread only, apart from what says
// otherwise.
type signIn struct {
	window *mainWindow
	dialog *dialog.CustomDialog

	where    *widgets.Picker
	address  *widgets.Entry
	customer *widgets.CompletionEntry
	account  *widgets.Entry
	password *widgets.PasswordEntry
	remember *widget.Check
	steps    *widgets.StepList
	problem  *fyne.Container
	content  *fyne.Container
	connect  *widgets.Button
	cancel   *widgets.Button

	endpoint endpoint.Endpoint
	demo     *demo // whose certificate to trust, when it is the demo
	stop     context.CancelFunc
}

func (w *mainWindow) showSignIn() { w.newSignIn().show() }

// show shows the dialog, ready to type the account.
func (s *signIn) show() {
	s.dialog.Show()
	s.window.window.Canvas().Focus(s.account)
}

func (w *mainWindow) newSignIn() *signIn {
	s := &signIn{
		window: w, address: widgets.NewEntry(), account: widgets.NewEntry(), password: widgets.NewPasswordEntry(),
		remember: widget.NewCheck(lang.L("Remember in the keyring of this computer"), nil),
		steps:    widgets.NewStepList(), problem: container.NewVBox(),
	}
	s.where = widgets.NewPicker(s.searchEndpoints, s.endpointChosen)
	s.customer = widgets.NewCompletionEntry(w.searchTenants)
	s.customer.SetPlaceHolder(lang.L("own organisation"))
	s.address.SetPlaceHolder("https://mail.contoso.example/PowerShell/")
	s.account.SetPlaceHolder("anna@contoso.example")
	s.account.OnSubmitted = func(string) { s.submit() }
	s.password.OnSubmitted = func(string) { s.submit() }
	s.connect = widgets.NewPrimaryButton(lang.L("Connect"), s.submit)
	s.cancel = widgets.NewButton(lang.L("Cancel"), s.cancelled)
	form := container.New(layout.NewFormLayout(),
		widget.NewLabel(lang.L("Where")), s.where,
		widget.NewLabel(lang.L("Address")), s.address,
		widget.NewLabel(lang.L("Customer")), s.customer,
		widget.NewLabel(lang.L("Account")), s.account,
		widget.NewLabel(lang.L("Password")), s.password,
		widget.NewLabel(""), s.remember,
	)
	buttons := container.NewHBox(layout.NewSpacer(), s.cancel, s.connect)
	s.content = container.NewVBox(form, s.steps, s.problem, buttons)
	s.dialog = dialog.NewCustomWithoutButtons(lang.L("Connect"), fixedWidth(s.content, 620), w.window)
	s.steps.Hide()
	s.problem.Hide()
	s.setEndpoint(w.firstEndpoint())
	return s
}

// firstEndpoint is the one that the person most likely wants: their own, else
// the catalogue's first.
func (w *mainWindow) firstEndpoint() endpoint.Endpoint {
	all := w.app.directory.All()
	for _, e := range all {
		if e.Own {
			return e
		}
	}
	if len(all) == 0 {
		return endpoint.Endpoint{}
	}
	return all[0]
}

func (s *signIn) searchEndpoints(text string) []widgets.Item {
	var items []widgets.Item
	for _, e := range s.window.app.directory.All() {
		if e.Kind == endpoint.KindDemo {
			continue // it has its own button
		}
		if contains(e.Name+" "+e.URL, text) {
			items = append(items, widgets.Item{ID: e.ID, Title: e.Name, Detail: e.Closed})
		}
	}
	return items
}

func (s *signIn) endpointChosen(i widgets.Item) {
	for _, e := range s.window.app.directory.All() {
		if e.ID == i.ID {
			s.setEndpoint(e)
		}
	}
}

func (s *signIn) setEndpoint(e endpoint.Endpoint) {
	s.endpoint = e
	s.where.SetItem(widgets.Item{ID: e.ID, Title: e.Name})
	s.address.SetText(e.URL)
}

// forDemo fills the dialog in for the simulator.
func (s *signIn) forDemo(d *demo) {
	s.demo = d
	s.setEndpoint(d.endpoint)
	s.account.SetText(d.server.Account())
	s.password.SetText(d.server.Password())
}

// submit signs in with what was typed.
func (s *signIn) submit() {
	if s.stop != nil {
		return // on its way already
	}
	target, err := s.read()
	if err != nil {
		s.showProblem(err)
		return
	}
	s.hideProblem()
	ctx, cancel := context.WithCancel(context.Background())
	s.stop = cancel
	s.connect.SetText(lang.L("Connecting ..."))
	s.steps.SetSteps([]widgets.Step{{Text: lang.L("Connecting ..."), State: widgets.StepRunning}})
	s.steps.Show()
	s.arrange()
	keep := credential.KeepThisTime
	if s.remember.Checked {
		keep = credential.KeepAlways
	}
	started := time.Now()
	s.window.app.spawn(func() { // ends with the attempt, which Cancel ends
		defer cancel()
		cmdlets, err := s.work(ctx, target, keep)
		s.window.post(func() { s.ended(target, cmdlets, err, time.Since(started)) })
	})
}

// read makes a target of what was typed.
func (s *signIn) read() (session.Target, error) {
	e := s.endpoint
	if s.address.Text != e.URL {
		e = endpoint.Endpoint{
			ID: "typed", Name: s.address.Text, URL: s.address.Text, Kind: endpoint.KindOwn, Own: true,
			Configuration: "Microsoft.Exchange", Auth: []string{endpoint.AuthBasic}, SessionLimit: 3, Delegation: true,
		}
		if u, err := url.Parse(e.URL); err == nil && u.Host != "" {
			e.Name = u.Host
		}
	}
	if err := e.Validate(); err != nil {
		return session.Target{}, err
	}
	t := session.Target{Endpoint: e}
	if text := s.customer.Text; text != "" {
		domain, err := endpoint.ParseDomain(text)
		if err != nil {
			return t, err
		}
		t.Tenant = s.window.tenantOf(domain)
	}
	if s.demo != nil && e.URL == s.demo.endpoint.URL {
		t.RootCAs = s.demo.server.RootCAs()
	}
	t.Credential = credential.Credential{User: s.account.Text, Secret: credential.NewSecret(s.password.Text())}
	if t.Credential.User == "" || t.Credential.Secret.IsZero() {
		return t, credential.ErrNoAccount
	}
	return t, nil
}

// work opens the session and asks what the account may do. On a worker.
func (s *signIn) work(ctx context.Context, t session.Target, keep credential.Keep) ([]cmdlet.Cmdlet, error) {
	m := s.window.app.manager
	id, err := m.Open(ctx, t)
	if err != nil {
		return nil, err
	}
	cmdlets, err := m.Commands(ctx, id)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(t.Endpoint.URL)
	if err != nil {
		return nil, err
	}
	kept, err := s.window.app.vault.Remember(ctx, t.Credential.User, u.Host, t.Credential.Secret, keep)
	if err == nil && keep == credential.KeepAlways && kept.Err != nil {
		// The password works, it is only not remembered: said, and no reason to stop.
		s.window.post(func() { s.window.showProblem(kept.Err) })
	}
	return cmdlets, err
}

func (s *signIn) ended(t session.Target, cmdlets []cmdlet.Cmdlet, err error, took time.Duration) {
	s.stop = nil
	s.connect.SetText(lang.L("Connect"))
	if err == nil {
		s.password.SetText("") // also out of the entry's undo
		s.dialog.Hide()
		s.window.signedIn(t, cmdlets)
		return
	}
	s.steps.SetSteps([]widgets.Step{{Text: lang.L("Connected"), State: widgets.StepFailed, Took: took}})
	if !errors.Is(err, context.Canceled) {
		s.showProblem(err)
	}
}

func (s *signIn) cancelled() {
	if s.stop != nil {
		s.stop()
		return
	}
	s.password.SetText("")
	s.dialog.Hide()
}

func (s *signIn) showProblem(err error) {
	p := diagnose.Explain(err)
	card := widgets.NewProblemCard(widgets.Problem{
		Severity: widgets.Failure, Title: p.Title, Cause: p.Cause, Fix: p.Fix, Details: p.Details,
	})
	card.OnCopy = s.window.copied
	s.problem.Objects = []fyne.CanvasObject{card}
	s.problem.Show()
	s.arrange()
}

func (s *signIn) hideProblem() {
	s.problem.Objects = nil
	s.problem.Hide()
	s.arrange()
}

// arrange gives the dialog the size of what is in it.
func (s *signIn) arrange() {
	s.content.Refresh()
	s.dialog.Resize(s.dialog.MinSize())
}
