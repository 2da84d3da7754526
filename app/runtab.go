package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"

	"postroom/app/desk"
	"postroom/app/tray"
	"postroom/app/words"
	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/reference"
	"postroom/session/result"
	"postroom/widgets"
)

// runTab is one cmdlet: its form, its rows, its messages. UI thread only,
// apart from what says otherwise.
type runTab struct {
	host   runHost
	desk   *desk.Desk
	do     runServices
	cmdlet cmdlet.Cmdlet
	target session.Target // where it runs, for its life

	form     *widgets.ParameterForm
	filter   *widgets.Entry
	count    *widgets.Text
	grid     *widgets.Grid
	progress *widgets.ProgressLine
	messages *widgets.MessageList
	problem  *fyne.Container // holds a ProblemCard, or nothing
	queue    *fyne.Container // while the run waits for a free session
	partial  *widgets.Banner // says that rows may be missing
	origin   *widgets.Text   // where the rows came from
	columns  *widgets.Button
	export   *widgets.Button
	bar      *fyne.Container // filter, origin, count, columns, export
	content  *fyne.Container
	tab      *widgets.Tab // what the row of tabs shows of it

	run *activeRun // the last run; nil before the first
}

// runHost is what a tab needs of its window beside the desk.
type runHost interface {
	base() *desk.Desk
	manager() *session.Manager
	tabsChanged()
	finished(*runTab)
	services() runServices
}

// runServices are what the window does for the runs of all tabs.
type runServices struct {
	// traced makes a target's session be recorded if a trace is running.
	traced func(session.Target) session.Target
	// offers are the ways to free a slot for a session that waits.
	offers func(all []session.Info, waiting session.Info) []fyne.CanvasObject
	// export asks where to, and writes the view there.
	export func(v *result.View, whole bool)
}

// activeRun is one run of a tab.
type activeRun struct {
	target  session.Target
	inv     cmdlet.Invocation
	table   *result.Table
	look    *look
	sink    *runSink
	cancel  context.CancelCauseFunc
	started time.Time
	ended   time.Time
	said    int    // messages shown
	looked  uint64 // number of the view shown
	total   int    // rows that came
	view    *result.View
	running bool
	err     error
}

// errStoppedByUser is why a run was cancelled.
var errStoppedByUser = errors.New("app: stopped by the user")

func newRunTab(h runHost, c cmdlet.Cmdlet, target session.Target) *runTab {
	t := &runTab{
		host: h, desk: h.base(), do: h.services(), cmdlet: c, target: target,
		form:     widgets.NewParameterForm(),
		filter:   widgets.NewEntry(),
		count:    widgets.NewCutText("", widgets.BodyText),
		grid:     widgets.NewGrid(),
		progress: widgets.NewProgressLine(),
		messages: widgets.NewMessageList(),
		origin:   widgets.NewCutText("", widgets.MutedText),
		problem:  container.NewVBox(),
		queue:    container.New(layout.NewCustomPaddedLayout(2, 8, tabPad, tabPad)),
		partial:  widgets.NewBanner(widgets.Warning, lang.L("Not all rows are here: the run did not come to its end.")),
	}
	t.askForm()
	t.form.SetSpec(formSpec(reference.New(), c))
	t.form.OnRun = t.start
	t.form.OnStop = t.stop
	t.form.SetRunStyle(runStyle(c.Risk()))
	t.filter.SetPlaceHolder(lang.L("Filter rows"))
	t.filter.OnChanged = func(text string) { t.change(func(l *look) { l.filter.Text = text }) }
	t.filter.OnKey = t.filterKey
	t.grid.SetEmptyText(lang.L("Fill in what you need and press Run."))
	t.grid.OnSort = t.sort
	t.grid.OnDetails = t.details
	t.grid.OnSelect = func(int) { t.showCount() }
	t.grid.OnMenu = t.rowMenu
	t.grid.OnHeaderMenu = t.columnMenu
	t.grid.OnCopy = func(r widgets.CopyRequest) { copyRows(t.desk, r) }
	t.progress.OnCancel = t.stop
	t.messages.OnCopy = t.desk.Copy
	t.columns = widgets.NewButton(lang.L("Columns"), func() { chooseColumns(t.desk, t.grid) })
	t.export = widgets.NewButton(lang.L("Export"), t.exportShown)
	t.tab = &widgets.Tab{Title: c.Name, Detail: words.Place(target), Color: words.TenantColor(target.Tenant)}
	t.content = t.layout()
	t.tab.Content = t.content
	t.form.SetRunText(fmt.Sprintf(lang.L("Run on %s"), words.Place(target))) // so that nobody runs in the wrong one
	t.progress.Hide()
	t.messages.Hide()
	t.problem.Hide()
	t.queue.Hide()
	t.partial.Hide()
	return t
}

func (t *runTab) layout() *fyne.Container {
	t.bar = newRowsBar(t.filter, t.origin, t.count, t.columns, t.export)
	over := widgets.NewColumn(0, t.bar, t.problem, t.queue, t.partial)
	line := container.New(layout.NewCustomPaddedLayout(5, 5, tabPad, tabPad), t.progress)
	foot := widgets.NewColumn(0, line, t.messages)
	return &fyne.Container{Layout: &tabLayout{}, Objects: []fyne.CanvasObject{t.form, over, foot, t.grid}}
}

// runStyle warns by colour before what changes or destroys.
func runStyle(r cmdlet.Risk) widgets.ButtonStyle {
	if r == cmdlet.Destroys {
		return widgets.DangerButton
	}
	return widgets.PrimaryButton
}

// start runs the cmdlet with the values of the form.
func (t *runTab) start(values map[string]string) {
	t.form.ClearErrors()
	inv, err := t.cmdlet.Bind(values, time.Now())
	var wrong *cmdlet.BindError
	if errors.As(err, &wrong) {
		t.form.SetError(wrong.Parameter, words.Explain(err).Title)
		t.form.FocusField(wrong.Parameter)
		return
	}
	if err != nil {
		t.showProblem(err)
		return
	}
	if t.run != nil && t.run.running {
		return
	}
	target := t.do.traced(t.target)
	if t.cmdlet.Risk() != cmdlet.Reads {
		confirm(t.desk, target, inv, func() { t.begin(target, inv) })
		return
	}
	t.begin(target, inv)
}

// begin starts the run on a worker.
func (t *runTab) begin(target session.Target, inv cmdlet.Invocation) {
	if t.run != nil && t.run.running {
		return
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	r := &activeRun{target: target, inv: inv, started: time.Now(), running: true, cancel: cancel}
	r.table = result.NewTable(result.Provenance{
		Endpoint: target.Endpoint.Name, Tenant: target.Tenant.Domain, Account: target.Account,
		Command: inv.PowerShell(), Started: r.started,
	})
	r.look = &look{table: r.table, spawn: t.desk.Spawn, show: func(l looking) { t.desk.Post(func() { t.showRows(r, l) }) }}
	r.look.filter.Text = t.filter.Text
	if t.run != nil {
		r.look.like(t.run.look)
	}
	manager := t.host.manager()
	redraw := &refresher{period: refreshes, draw: func() {
		defer manager.Guard() // a timer's goroutine
		r.look.refresh()
	}}
	r.sink = &runSink{
		Builder: r.table.Builder(), news: redraw.news,
		ask: func(ctx context.Context, p session.Prompt) (session.Answer, error) {
			return ask(ctx, t.desk, target, p)
		},
	}
	t.run = r
	t.hideProblem()
	t.partial.Hide()
	t.messages.Clear()
	t.messages.Hide()
	t.noRows()
	t.grid.SetEmptyText(lang.L("Waiting for rows ..."))
	t.form.SetRunning(true)
	t.form.SetFolded(true)
	t.origin.SetText(r.origin())
	t.tab.Busy = true
	t.host.tabsChanged()
	t.progress.Show()
	t.progress.SetRunning()
	t.progress.SetText(lang.L("Connecting ..."), "")
	t.arrange()
	t.desk.Spawn(func() { // ends with the run, which stop cancels
		err := t.work(ctx, manager, r)
		redraw.end()
		t.desk.Post(func() { t.ended(r, err) })
	})
}

// work is the run itself, on a worker.
func (t *runTab) work(ctx context.Context, m *session.Manager, r *activeRun) error {
	id, err := m.Open(ctx, r.target)
	if err != nil {
		return err
	}
	return m.Run(ctx, id, r.inv, r.sink)
}

// close ends the run and lets go of its rows: a closed tab may hold a million.
func (t *runTab) close() {
	t.stop()
	t.run = nil
	t.grid.SetSource(nil)
}

// escape stops what only reads. What changes something is stopped by its button
// alone, not by a key that also closes lists.
func (t *runTab) escape() {
	if t.cmdlet.Risk() == cmdlet.Reads {
		t.stop()
	}
}

func (t *runTab) stop() {
	if t.run != nil && t.run.running {
		t.run.cancel(errStoppedByUser)
		t.progress.SetText(lang.L("Stopping ..."), "")
	}
}

// arrange lays the tab out anew after parts of it came or went.
func (t *runTab) arrange() { t.content.Refresh() }

func (t *runTab) showProgress(r *activeRun) {
	_, p := r.sink.said(0)
	text := words.Rows(r.total)
	if p.Activity != "" && !p.Completed {
		text += " · " + strings.TrimSpace(p.Activity+" "+p.Status)
	}
	if p.Percent >= 0 && p.Activity != "" {
		t.progress.SetFraction(float64(p.Percent) / 100)
	}
	t.progress.SetText(text, fmt.Sprintf(lang.L("Started %s"), r.started.Format(time.TimeOnly)))
}

func (t *runTab) showMessages(r *activeRun) {
	news, _ := r.sink.said(r.said)
	if len(news) == 0 {
		return
	}
	r.said += len(news)
	for _, m := range news {
		t.messages.Append(listMessage(m))
	}
	if !t.messages.Visible() {
		t.messages.Show()
		t.arrange()
	}
}

// listMessage is a message as the list shows it: an error in plain words.
func listMessage(m session.Message) widgets.Message {
	out := widgets.Message{Text: m.Text, Time: m.Time.Format(time.TimeOnly), Severity: widgets.Information}
	switch m.Kind {
	case session.MessageError:
		out.Severity = widgets.Failure
	case session.MessageWarning:
		out.Severity = widgets.Warning
	}
	return out
}

// ended shows how the run came out.
func (t *runTab) ended(r *activeRun, err error) {
	r.running, r.err, r.ended = false, err, time.Now()
	r.cancel(nil)
	if t.run != r {
		return
	}
	t.form.SetRunning(false)
	t.tab.Busy = false
	t.host.tabsChanged()
	t.showQueue(nil)
	widgets.SetVisible(t.partial, err != nil && r.total > 0)
	t.showMessages(r)
	t.showCount()
	errorCount, warnings := r.sink.counts()
	state := widgets.Success
	text := words.Rows(r.total)
	switch {
	case errors.Is(err, errStoppedByUser):
		state, text = widgets.Warning, text+" · "+lang.L("stopped, rows may be missing")
	case err != nil:
		state, text = widgets.Failure, text+" · "+lang.L("not complete")
		t.showProblem(err)
	case errorCount > 0:
		state, text = widgets.Failure, text+" · "+errorText(errorCount)
	case warnings > 0:
		state, text = widgets.Warning, text+" · "+warningText(warnings)
	}
	t.progress.SetDone(state)
	t.progress.SetText(text, fmt.Sprintf(lang.L("%s · %s s · %s"),
		words.Place(r.target), words.Seconds(r.ended.Sub(r.started)), r.started.Format(time.DateTime)))
	if r.total == 0 {
		t.grid.SetEmptyText(lang.L("No rows came."))
		if err == nil {
			t.grid.SetEmptyText(lang.L("The server found nothing."))
		}
	}
	t.arrange()
	t.host.finished(t)
}

func errorText(n int) string {
	if n == 1 {
		return lang.L("1 error")
	}
	return fmt.Sprintf(lang.L("%s errors"), words.Number(n))
}

func warningText(n int) string {
	if n == 1 {
		return lang.L("1 warning")
	}
	return fmt.Sprintf(lang.L("%s warnings"), words.Number(n))
}

func (t *runTab) showProblem(err error) {
	card := t.desk.ProblemCard(err)
	card.OnClose = t.hideProblem
	t.problem.Objects = []fyne.CanvasObject{card}
	t.problem.Show()
	t.arrange()
}

func (t *runTab) hideProblem() {
	if t.problem.Visible() {
		t.problem.Objects = nil
		t.problem.Hide()
		t.arrange()
	}
}

// title says where the rows came from.
func (r *activeRun) title() string {
	return fmt.Sprintf("%s · %s · %s · %s", words.Place(r.target), r.target.Account, r.target.Endpoint.Name, r.inv.PowerShell())
}

// origin says what the tab and the foot do not: both name the tenant, the foot
// the time.
func (r *activeRun) origin() string {
	return fmt.Sprintf("%s · %s · %s", r.inv.PowerShell(), r.target.Account, r.target.Endpoint.Name)
}

// sessionsChanged shows a place in the queue for a free session, and what could
// be disconnected to come first.
func (t *runTab) sessionsChanged(infos []session.Info) {
	if t.run == nil || !t.run.running {
		return
	}
	target := t.run.target
	waiting, ok := tray.WaitingFor(infos, target)
	if !ok {
		if t.queue.Visible() {
			t.showQueue(nil)
			t.progress.SetText(lang.L("Connecting ..."), "")
		}
		return
	}
	t.progress.SetText(tray.QueueText(waiting), "")
	t.showQueue(t.do.offers(infos, waiting))
}

// showQueue offers sessions to disconnect; none hides the offer.
func (t *runTab) showQueue(offers []fyne.CanvasObject) {
	if len(offers) == 0 && !t.queue.Visible() {
		return
	}
	t.queue.Objects = []fyne.CanvasObject{widgets.NewColumn(6, offers...)}
	widgets.SetVisible(t.queue, len(offers) > 0)
	t.arrange()
}
