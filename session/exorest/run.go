package exorest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/result"
)

const (
	// standardTime is how long the service works on a cmdlet at most, and a
	// minute.
	standardTime = 16 * time.Minute
	// mostPage is the largest page.
	mostPage = 1000
)

// timeOf is how long a cmdlet may take: the service gives some more time.
func timeOf(name string) time.Duration {
	switch strings.ToLower(name) {
	case "get-distributiongroupmember", "import-transportrulecollection", "set-unifiedgroup", "update-distributiongroupmember":
		return time.Hour
	case "set-organizationconfig", "update-rolegroupmember":
		return 30 * time.Minute
	}
	return standardTime
}

// talker is what a run says and asks beside its rows.
type talker interface {
	Message(session.Message)
	Ask(context.Context, session.Prompt) (session.Answer, error)
}

// Run sends a command and feeds the sink. A pipeline is several requests; see
// pipeline.go.
func (c *conn) Run(ctx context.Context, command session.Command, sink session.Sink) error {
	r := &run{conn: c, talk: sink, text: command.PowerShell(), said: map[string]bool{}}
	if narrowed, ok := command.(session.Narrowed); ok {
		r.wanted = narrowed.Columns
	}
	rows := &counted{Appender: sink}
	commands, err := c.spelled(ctx, command.Commands())
	for _, i := range commands {
		r.warnOfValues(i)
	}
	if err == nil {
		err = r.pipeline(ctx, commands, rows)
	}
	return r.outcome(err, rows.rows)
}

// counted counts the rows that were handed on.
type counted struct {
	result.Appender
	rows int
}

// EndRow completes a row.
func (c *counted) EndRow() error {
	err := c.Appender.EndRow()
	if err == nil {
		c.rows++
	}
	return err
}

// run is one command on its way.
type run struct {
	conn   *conn
	talk   talker
	text   string // of the command, without secrets
	wanted []string
	said   map[string]bool // the warnings so far
	doubt  bool            // nobody knows whether a change was run
	begun  bool            // rows came, or something was changed
}

// outcome puts what a person must know into the error: rows may be missing, or
// nobody knows whether the command was run.
func (r *run) outcome(err error, rows int) error {
	var sink *sinkError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &sink):
		return sink.error
	case r.doubt:
		return &session.PartialError{Command: r.text, Rows: rows, Unsure: true, Err: err}
	case rows > 0 || r.begun:
		return &session.PartialError{Command: r.text, Rows: rows, Err: err}
	}
	return fmt.Errorf("run %s: %w", r.text, err)
}

// call is one cmdlet, as it is asked for.
type call struct {
	cmdlet.Invocation
	columns []string // that are wanted; none means all
	most    int      // rows that are wanted; 0 means all, usual what is so
}

// usual stands for a call that does not say how many rows it wants.
const usual = -1

// newCall reads how many rows an invocation wants.
func newCall(i cmdlet.Invocation, columns []string) call {
	c := call{Invocation: i, columns: columns, most: usual}
	a, given := i.Arg("ResultSize")
	if !given {
		return c
	}
	c.most = 0
	if n, err := strconv.Atoi(strings.TrimSpace(fmt.Sprint(a.Value))); err == nil && n > 0 {
		c.most = n
	}
	return c
}

// page is how many rows a page has at most.
func (c call) page() int {
	if c.most > 0 {
		return min(c.most, mostPage)
	}
	return mostPage
}

// flag reads a switch by its name.
func flag(i cmdlet.Invocation, name string) (on, given bool) {
	a, given := i.Arg(name)
	switch v := a.Value.(type) {
	case bool:
		return v, given
	case cmdlet.Switch:
		return bool(v), given
	}
	return given, given
}

// request makes the request of a call. confirm is what travels as Confirm; nil
// where it does not.
func (r *run) request(ctx context.Context, c call, confirm *bool) (*request, error) {
	i := c.Invocation
	if confirm != nil {
		i.Args = append(append([]cmdlet.Arg(nil), i.Args...), cmdlet.Arg{Name: confirmName, Value: *confirm})
	}
	w := writer{}
	if err := w.input(i, stays); err != nil {
		return nil, err
	}
	q := &request{
		op: i.Cmdlet, method: http.MethodPost, resource: r.conn.at.invokes(i.Cmdlet), query: selection(c.columns), header: http.Header{},
		shown: w.out, body: w.out, timeout: timeOf(i.Cmdlet), id: newID(), reads: cmdlet.RiskOf(i.Cmdlet) == cmdlet.Reads, tell: r.talk.Message,
	}
	if hasSecret(i) {
		m, err := r.conn.module(ctx)
		if err != nil {
			return nil, fmt.Errorf("ask for the key of the module file: %w", err)
		}
		sealed := writer{seal: sealWith(m.key)}
		if err := sealed.input(i, stays); err != nil {
			return nil, err
		}
		q.body = sealed.out
	}
	r.conn.headersOf(q, i, c.page())
	return q, nil
}

// confirmName is Confirm as we add it: what the caller gave was taken out.
const confirmName = "Confirm"

// stays says that a parameter does not travel, as PowerShell's own that every cmdlet has;
// our own Confirm does.
func stays(name string) bool { return name != confirmName && cmdlet.IsCommon(name) }

// headersOf are those of a cmdlet's request.
func (c *conn) headersOf(q *request, i cmdlet.Invocation, page int) {
	c.mu.Lock()
	account := c.account
	c.mu.Unlock()
	anchor, byParameter := c.anchor(i, account)
	q.header.Set("X-AnchorMailbox", anchor)
	if byParameter {
		q.header.Set("Parameter-Based-Routing", "true")
	}
	q.header.Set("X-CmdletName", i.Cmdlet)
	q.header.Set("X-ResponseFormat", "json")
	q.header.Set("X-SerializationLevel", "Partial")
	q.header.Set("Prefer", fmt.Sprintf("odata.maxpagesize=%d", page))
	action := ""
	if a, ok := i.Arg("WarningAction"); ok {
		if action = fmt.Sprint(a.Value); strings.EqualFold(action, "Ignore") {
			action = "SilentlyContinue"
		}
	}
	q.header["Warningaction"] = []string{action}
}

// plainName is a property's name that can stand in an address.
var plainName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// mostSelected is how long a list of columns may be in an address, in bytes.
const mostSelected = 1500

// selection asks for some properties alone; "" where all are wanted, or where
// the names cannot stand in an address.
func selection(columns []string) string {
	if len(columns) == 0 {
		return ""
	}
	for _, c := range columns {
		if !plainName.MatchString(c) {
			return ""
		}
	}
	text := "$select=" + strings.Join(columns, ",")
	if len(text) > mostSelected {
		return ""
	}
	return text
}

// invoke runs one cmdlet: a read by its pages, a change once, after the
// question whether it is wanted where it asks.
func (r *run) invoke(ctx context.Context, c call, to result.Appender) error {
	i := c.Invocation
	whatIf, _ := flag(i, "WhatIf")
	_, given := flag(i, "Confirm")
	if cmdlet.RiskOf(i.Cmdlet) == cmdlet.Reads && !whatIf && !given {
		q, err := r.request(ctx, c, nil)
		if err != nil {
			return err
		}
		_, err = r.pages(ctx, c, q, to)
		return err
	}
	return r.change(ctx, c, to)
}

// change runs a cmdlet that may change something. It is sent once; before that,
// where it asks, once to hear what would be done, which changes nothing.
func (r *run) change(ctx context.Context, c call, to result.Appender) error {
	m, err := r.conn.module(ctx)
	if err != nil {
		return fmt.Errorf("ask whether %s asks: %w", c.Cmdlet, err)
	}
	known, found := m.find(c.Cmdlet)
	whatIf, _ := flag(c.Invocation, "WhatIf")
	confirm, given := flag(c.Invocation, "Confirm")
	switch {
	case whatIf && !known.asks:
		return &UnsupportedError{Cmdlet: c.Cmdlet, Parameter: "WhatIf"}
	case confirm && found && !known.asks:
		return &UnsupportedError{Cmdlet: c.Cmdlet, Parameter: "Confirm"}
	case !known.asks:
		return r.once(ctx, c, nil, to)
	case whatIf:
		return r.whatIf(ctx, c, to)
	case confirm || !given && known.high:
		return r.confirmed(ctx, c, to)
	}
	return r.once(ctx, c, new(bool), to)
}

// whatIf tells what a change would do.
func (r *run) whatIf(ctx context.Context, c call, to result.Appender) error {
	yes := true
	preview, err := r.preview(ctx, c, &yes, to)
	switch {
	case err != nil:
		return err
	case preview == "":
		r.doubt = true
		return errNoPreview
	}
	r.talk.Message(session.Message{Kind: session.MessageInformation, Time: time.Now(), Text: "What if: " + preview})
	return nil
}

// confirmed sends a change when the person has agreed to what it would do.
func (r *run) confirmed(ctx context.Context, c call, to result.Appender) error {
	yes := true
	preview, err := r.preview(ctx, c, &yes, to)
	if err != nil || preview == "" { // without a question it was done at once
		return err
	}
	if agreed, err := r.question(ctx, preview); err != nil || !agreed {
		return err
	}
	return r.once(ctx, c, new(bool), to)
}

// preview sends a change with the wish to be asked.
func (r *run) preview(ctx context.Context, c call, confirm *bool, to result.Appender) (string, error) {
	q, err := r.request(ctx, c, confirm)
	if err != nil {
		return "", err
	}
	return r.pages(ctx, c, q, to)
}

// once sends a change.
func (r *run) once(ctx context.Context, c call, confirm *bool, to result.Appender) error {
	_, err := r.preview(ctx, c, confirm, to)
	return err
}

// question asks the person what the service would have asked.
func (r *run) question(ctx context.Context, text string) (bool, error) {
	answer, err := r.talk.Ask(ctx, session.Prompt{
		Kind: session.PromptChoice, Caption: "Confirm", Message: text, Default: []int{0},
		Choices: []session.Choice{{Label: "&Yes"}, {Label: "&No"}},
	})
	if err != nil {
		return false, fmt.Errorf("the server's question %q: %w", text, err)
	}
	return len(answer.Choices) == 1 && answer.Choices[0] == 0, nil
}

// moreText and usualText are Exchange's own warnings that a list was cut: at what
// was asked for, and at what is usual.
const (
	moreText  = "There are more results available than are currently displayed. To view them, increase the value for the ResultSize parameter."
	usualText = "By default, only the first 1000 items are returned. Use the ResultSize parameter to specify the number of items returned. To return all items, specify \"-ResultSize Unlimited\"."
)

// isMore says that a warning says that a list was cut: while pages follow, that
// is not true.
func isMore(text string) bool {
	return strings.HasPrefix(text, "There are more results available") || strings.HasPrefix(text, "By default, only the first 1000 items")
}

// pages sends a request, and the same again for each page that follows. It gives
// what the service would have asked.
func (r *run) pages(ctx context.Context, c call, q *request, to result.Appender) (confirm string, err error) {
	return r.pagesFrom(ctx, c, q, to, nil)
}

// pagesFrom is pages where the first answer may have come already.
func (r *run) pagesFrom(ctx context.Context, c call, q *request, to result.Appender, came *reply) (confirm string, err error) {
	reader := &rowReader{to: to, most: max(0, c.most)}
	for page := 1; ; page++ {
		e, err := r.page(ctx, q, reader, came)
		came = nil
		if r.begun = r.begun || page > 1; err != nil {
			r.doubt = r.doubt || !q.reads && unsure(err)
			r.warnOf(err)
			return "", err
		}
		more := r.goesOn(ctx, c, q, e, reader)
		if !more {
			return e.confirm, nil
		}
		if q.link, err = nextPage(q, e); err != nil {
			r.begun = true
			return "", err
		}
		q.given = false
		r.progress(q.op, page+1, reader.rows)
	}
}

// goesOn says whether the next page is wanted, and tells the page's warnings, and
// that there is more where nobody asks for it.
func (r *run) goesOn(ctx context.Context, c call, q *request, e envelope, reader *rowReader) bool {
	cut, more := "", e.next != "" && !reader.full()
	switch {
	case reader.full() && (e.next != "" || reader.dropped > 0):
		cut = moreText
	case more && c.most == usual && reader.rows >= mostPage && r.bounded(ctx, c.Cmdlet):
		more, cut = false, usualText
	}
	r.tellPage(q, e, more || cut != "")
	if cut != "" {
		r.warn(cut)
	}
	return more
}

// nextPage reads the link to the page that follows.
func nextPage(q *request, e envelope) (*url.URL, error) {
	if !q.reads { // the same request again would have to be taken for the same change
		return nil, fmt.Errorf("%w: %s may have changed something, and its list has more pages", ErrCursor, q.op)
	}
	u, err := url.Parse(e.next)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("%w: the link to the next page cannot be read", ErrCursor)
	}
	return u, nil
}

// page reads one page: the one that came, or the one that the request asks for.
func (r *run) page(ctx context.Context, q *request, reader *rowReader, came *reply) (e envelope, err error) {
	before := reader.rows
	read := func(a *reply) error {
		reader.scanner = newScanner(a.body)
		var readErr error
		e, readErr = reader.page()
		q.given = reader.rows > before
		switch {
		case readErr != nil:
			return readErr
		case e.fault != nil:
			e.fault = []byte(a.clean(string(e.fault)))
			return (&answer{Origin: a.Origin, header: a.header, body: slices.Concat([]byte(`{"error":`), e.fault, []byte("}"))}).err()
		}
		e.warnings = append(e.warnings, headerWarnings(a.header, e.warnings)...)
		for _, texts := range [][]string{e.warnings, e.errors} {
			for i := range texts {
				texts[i] = a.clean(texts[i])
			}
		}
		r.partial(e, a.Origin)
		return nil
	}
	if came != nil {
		err = read(came)
	} else {
		err = r.conn.ask(ctx, q, read)
	}
	return e, err
}

// partial tells the errors that came beside rows.
func (r *run) partial(e envelope, from Origin) {
	for _, text := range e.errors {
		err := partialErr(text, from)
		r.talk.Message(session.Message{Kind: session.MessageError, Time: time.Now(), Text: err.Error(), Err: err})
	}
}

// headerWarnings are those in the header that the body did not have.
func headerWarnings(h http.Header, body []string) []string {
	var found []string
	for _, text := range h.Values("X-Warnings") {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		known := false
		for _, w := range body {
			known = known || strings.Contains(text, strings.Join(strings.Fields(w), " ")) || strings.Contains(text, w)
		}
		if !known {
			found = append(found, text)
		}
	}
	return found
}

// tellPage tells the warnings of a page; goesOn says that more rows follow, or
// that it is told that there are.
func (r *run) tellPage(q *request, e envelope, goesOn bool) {
	for _, text := range e.warnings {
		if goesOn && isMore(text) {
			continue
		}
		r.warn(text)
	}
	if q.link != nil && e.next == "" {
		r.talk.Message(session.Message{Kind: session.MessageProgress, Time: time.Now(), Progress: session.Progress{
			ID: progressID, Parent: -1, Activity: q.op, Percent: 100, Completed: true,
		}})
	}
}

// warn tells a warning of the service's, each once in a run.
func (r *run) warn(text string) { r.warnBy(text, nil) }

// warnBy is warn where the warning may be our own: err.
func (r *run) warnBy(text string, err error) {
	if r.said[text] {
		return
	}
	r.said[text] = true
	r.talk.Message(session.Message{Kind: session.MessageWarning, Time: time.Now(), Text: text, Err: err})
}

// warnOfValues tells, before anything is sent, what may be misread of a call.
func (r *run) warnOfValues(i cmdlet.Invocation) {
	for _, d := range doubts(r.conn.door.options.Expected, i) {
		r.warnBy(d.Error(), d)
	}
}

// warnOf tells the warnings that came with an error.
func (r *run) warnOf(err error) {
	if said, ok := errors.AsType[*CmdletError](err); ok {
		for _, text := range said.Warnings {
			r.warn(text)
		}
	}
}

// bounded says that a cmdlet gives a thousand rows where nobody says how many:
// it has a ResultSize.
func (r *run) bounded(ctx context.Context, name string) bool {
	m, err := r.conn.module(ctx)
	if err != nil {
		return false // all rows are never wrong
	}
	known, _ := m.find(name)
	_, has := known.Parameter("ResultSize")
	return has
}
