package simulator

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"postroom/session/clixml"
	"postroom/session/cmdlet"
	"postroom/session/psrp"
	"postroom/session/simulator/exchange"
)

// commandInput is the body of an InvokeCommand.
type commandInput struct {
	CmdletInput struct {
		CmdletName string                     `json:"CmdletName"`
		Parameters map[string]json.RawMessage `json:"Parameters"`
	} `json:"CmdletInput"`
}

// cmdletOf is the cmdlet that a body names, for the rules of faults.
func cmdletOf(body []byte) string {
	var in commandInput
	if json.Unmarshal(body, &in) != nil {
		return ""
	}
	return in.CmdletInput.CmdletName
}

// invoke runs a cmdlet, or goes on where a page ended.
func (d *restDoor) invoke(q restRequest) answer {
	var in commandInput
	if err := json.Unmarshal(q.body, &in); err != nil || in.CmdletInput.CmdletName == "" || in.CmdletInput.Parameters == nil {
		return d.refusal(q, restError{status: 400, code: "BadRequest", message: "Invalid Operation", class: "Microsoft.Exchange.Admin.OData.Core.ODataServiceException", text: "The body is no CmdletInput with Parameters."})
	}
	query, err := url.ParseQuery(q.query)
	if err != nil {
		return d.refusal(q, restError{status: 400, code: "BadRequest", message: "Invalid Operation", text: err.Error()})
	}
	if token := query.Get("$skiptoken"); token != "" {
		return d.next(q, token)
	}
	i, problem := d.invocation(q.who.tenant, in)
	if problem != "" {
		return d.refusal(q, restError{status: 400, code: "BadRequest", message: "Invalid Operation", class: "Microsoft.Exchange.AdminApi.CommandInvocation.ParameterTransformationException", text: problem})
	}
	c := d.newCursor(q, i)
	if columns := query.Get("$select"); columns != "" {
		c.columns = strings.Split(columns, ",")
	}
	c.start()
	select {
	case p := <-c.pages:
		return d.answer(q, c, p)
	case <-c.ctx.Done(): // the server ends, and the cmdlet with it
		panic(http.ErrAbortHandler)
	}
}

// invocation turns a body into a call.
func (d *restDoor) invocation(t *exchange.Tenant, in commandInput) (cmdlet.Invocation, string) {
	i := cmdlet.Invocation{Cmdlet: in.CmdletInput.CmdletName}
	secrets := map[string]bool{}
	for _, m := range t.Cmdlets([]string{i.Cmdlet}) {
		for _, p := range m.Parameters {
			secrets[strings.ToLower(p.Name)] = p.Type == "System.Security.SecureString"
		}
	}
	for _, name := range slices.Sorted(maps.Keys(in.CmdletInput.Parameters)) {
		if strings.Contains(name, "@odata.type") {
			continue
		}
		v, err := restValue(in.CmdletInput.Parameters[name])
		if err != nil {
			return i, "Cannot process argument transformation on parameter '" + name + "'. " + err.Error()
		}
		if text, ok := v.(string); ok && secrets[strings.ToLower(name)] {
			plain, err := d.application.reveal(text)
			if err != nil {
				return i, "Cannot process argument transformation on parameter '" + name + "'. The secret cannot be read with the key of the module."
			}
			v = exchange.Secret(plain)
		}
		i.Args = append(i.Args, cmdlet.Arg{Name: name, Value: v})
	}
	return i, ""
}

// restValue reads a value: a table has an annotation, bytes are a list of
// numbers in one.
func restValue(b json.RawMessage) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(b))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return nil, err
	}
	return plainJSON(v), nil
}

func plainJSON(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		f, _ := v.Float64() // it is a number of JSON
		return f
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = plainJSON(v[i])
		}
		return list
	case map[string]any:
		if v["@odata.type"] == "#Exchange.ByteArrayType" {
			return plainBytes(v["Data"])
		}
		m := map[string]any{}
		for name, inner := range v {
			if !strings.Contains(name, "@odata.type") {
				m[name] = plainJSON(inner)
			}
		}
		return m
	}
	return v
}

func plainBytes(v any) []byte {
	list, _ := v.([]any)
	var b []byte
	for _, item := range list {
		if n, ok := item.(json.Number); ok {
			if k, err := n.Int64(); err == nil {
				b = append(b, byte(k))
			}
		}
	}
	return b
}

// restPage is what a cursor gives at a time.
type restPage struct {
	number   int
	rows     []byte // in JSON, without the brackets
	warnings []string
	errors   []*psrp.RemoteError
	problem  *psrp.RemoteError
	confirm  string
	more     bool
}

// cursor is a cmdlet that runs for the REST door: it makes a page and waits until the next
// one is asked for. It is the cmdlet's Host. It has a field for each thing that two
// goroutines hand to each other, or that the next request is compared with.
type cursor struct {
	id, print  string // what the next request must have in common with the first
	connection string
	call       exchange.Call
	size       int
	columns    []string
	ctx        context.Context //nolint:containedctx // a lifetime: it ends when nobody comes for the next page
	cancel     context.CancelFunc
	pages      chan restPage
	resume     chan struct{}
	done       func()
	asked      bool // Confirm was given and is true

	// of the goroutine
	page  restPage
	count int

	mu   sync.Mutex // guards last
	last restPage
}

// cursorLife is how long a page's link is good.
const cursorLife = 30 * time.Minute

func (d *restDoor) newCursor(q restRequest, i cmdlet.Invocation) *cursor {
	s := d.server
	account := q.who.account
	if account == "" {
		account = d.application.id
	}
	c := &cursor{connection: q.header.Get("connection-id"), size: pageSize(q.header.Values("Prefer")), pages: make(chan restPage, 1), resume: make(chan struct{}), print: fingerprint(q.body)}
	c.id = exchange.GUID(c.print + s.options.Clock.Now().String() + strconv.Itoa(int(s.balance.Add(1))))
	c.ctx, c.cancel = context.WithCancel(s.ctx)
	var args []cmdlet.Arg
	limited := false
	bounds := q.who.tenant.TakesUnlimited(i.Cmdlet, "ResultSize")
	for _, a := range i.Args { // ResultSize bounds a page, and the link goes on behind it
		if n := sizeOf(a); n > 0 && (bounds || !q.who.tenant.Takes(i.Cmdlet, "ResultSize")) {
			c.size, limited = min(c.size, n), bounds
			continue
		}
		if strings.EqualFold(a.Name, "Confirm") {
			c.asked = a.Value == true
		}
		args = append(args, a)
	}
	if limited {
		args = append(args, cmdlet.Arg{Name: "ResultSize", Value: "Unlimited"})
	}
	i.Args = args
	c.call = exchange.Call{Tenant: q.who.tenant, Account: account, Commands: []cmdlet.Invocation{i}, Host: c, Now: s.options.Clock.Now(), Begun: s.begun(account, q.who.tenant)}
	c.done = func() {
		d.mu.Lock()
		delete(d.cursors, c.id)
		d.mu.Unlock()
	}
	d.mu.Lock()
	d.cursors[c.id] = c
	d.mu.Unlock()
	return c
}

// sizeOf is the number that a ResultSize names; 0 for none.
func sizeOf(a cmdlet.Arg) int {
	if !strings.EqualFold(a.Name, "ResultSize") {
		return 0
	}
	switch v := a.Value.(type) {
	case int64:
		return int(v)
	case string:
		n, err := strconv.Atoi(v)
		if err == nil {
			return n
		}
	}
	return 0
}

// fingerprint says that two requests ask for the same.
func fingerprint(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:8])
}

// pageSize reads odata.maxpagesize.
func pageSize(prefer []string) int {
	for _, p := range strings.FieldsFunc(strings.Join(prefer, ";"), func(r rune) bool { return r == ';' || r == ',' }) {
		name, text, _ := strings.Cut(p, "=")
		if n, err := strconv.Atoi(strings.TrimSpace(text)); err == nil && strings.TrimSpace(name) == "odata.maxpagesize" && n > 0 {
			return min(n, 1000)
		}
	}
	return 1000
}

// start runs the cmdlet on a goroutine of its own, which ends with the last
// page, or when nobody comes for the next one.
func (c *cursor) start() {
	go func() {
		c.page.number = 1
		problem := c.call.Run(c.ctx)
		c.page.problem = problem
		select {
		case c.pages <- c.page:
		case <-c.ctx.Done():
		}
	}()
}

// Row adds a row to the page, and waits when it is full.
func (c *cursor) Row(r exchange.Row) bool {
	if c.count == c.size {
		c.page.more = true
		c.pages <- c.page
		select {
		case <-c.resume:
		case <-c.ctx.Done():
			return false
		}
		c.page, c.count = restPage{number: c.page.number + 1}, 0
	}
	if c.count > 0 {
		c.page.rows = append(c.page.rows, ',')
	}
	c.page.rows = r.AppendJSON(c.page.rows, c.columns)
	c.count++
	return c.ctx.Err() == nil
}

// Object adds an object that is no row of a table.
func (c *cursor) Object(v clixml.Value) bool {
	o, ok := v.(*clixml.Object)
	if !ok {
		return true
	}
	m := map[string]any{}
	for _, p := range append(slices.Clone(o.Adapted), o.Extended...) {
		if text, isText := p.Value.(string); isText {
			m[p.Name] = text
		}
	}
	if b, err := json.Marshal(m); err == nil {
		if c.count > 0 {
			c.page.rows = append(c.page.rows, ',')
		}
		c.page.rows = append(c.page.rows, b...)
		c.count++
	}
	return c.ctx.Err() == nil
}

// Say keeps warnings, errors and what would be done for the page.
func (c *cursor) Say(n exchange.Note) {
	switch n.Stream {
	case exchange.Warning:
		c.page.warnings = append(c.page.warnings, n.Text)
	case exchange.Failure:
		c.page.errors = append(c.page.errors, n.Err)
	case exchange.WhatIf:
		c.page.confirm = n.Text
	}
}

// Ask has nobody to ask: what Confirm asks for goes back as the answer, to be
// sent again without it; else the cmdlet goes on.
func (c *cursor) Ask(q exchange.Question) (clixml.Value, *psrp.RemoteError) {
	if len(q.Fields) > 0 {
		return nil, exchange.Problem(11, "HostFunctionNotImplemented", "System.Management.Automation.Host.HostException", "The parameters that are missing cannot be asked for.")
	}
	if !c.asked {
		return int32(0), nil
	}
	_, c.page.confirm, _ = strings.Cut(q.Message, "\n")
	return int32(2), nil
}

// answer writes a page.
func (d *restDoor) answer(q restRequest, c *cursor, p restPage) answer {
	c.mu.Lock()
	c.last = p
	c.mu.Unlock()
	switch clock := d.server.options.Clock; {
	case p.more:
		context.AfterFunc(c.ctx, clock.AfterFunc(cursorLife, func() { c.cancel(); c.done() }))
	case p.number == 1:
		c.cancel()
		c.done()
	default: // kept for whoever loses the last page
		c.cancel()
		context.AfterFunc(d.server.ctx, clock.AfterFunc(cursorLife, c.done)) // with the server goes what it keeps
	}
	if p.problem != nil {
		return d.problemAnswer(q, p.problem)
	}
	if len(p.rows) == 0 && len(p.errors) > 0 {
		return d.problemAnswer(q, p.errors[0])
	}
	b := append([]byte(`{"@odata.context":`), quoted(d.context(q, "Collection(Exchange.GenericHashTable)"))...)
	if p.more {
		token := base64.RawURLEncoding.EncodeToString([]byte(c.id + "|" + strconv.Itoa(p.number)))
		b = append(append(b, `,"@odata.nextLink":`...), quoted(d.server.base()+"/adminapi/"+q.version+"/"+q.who.tenant.ID+"/InvokeCommand?%24skiptoken="+token)...)
	}
	b = append(append(b, `,"adminapi.warnings@odata.type":"#Collection(String)","@adminapi.warnings":`...), list(p.warnings)...)
	if len(p.errors) > 0 {
		var texts []string
		for _, e := range p.errors {
			texts = append(texts, piped(e))
		}
		b = append(append(b, `,"adminapi.errors@odata.type":"#Collection(String)","@adminapi.errors":`...), list(texts)...)
	}
	if p.confirm != "" {
		b = append(append(b, `,"@adminapi.confirmationmessage":`...), quoted(p.confirm)...)
	}
	b = append(append(append(b, `,"value":[`...), p.rows...), "]}"...)
	a := answer{status: 200, header: d.header(q), body: b}
	if p.more && p.number == 1 {
		a.header.Set("Set-Cookie", restCookie+"="+c.id[:8]+"; path=/; secure; HttpOnly")
	}
	if len(p.warnings) > 0 {
		a.header["X-Warnings"] = []string{strings.ReplaceAll(strings.Join(p.warnings, " "), "\n", " ")}
	}
	return a
}

// restCookie leads to the server that has a page's continuation.
const restCookie = "exchangecookie"

func list(texts []string) []byte {
	if texts == nil {
		texts = []string{}
	}
	b, err := json.Marshal(texts)
	if err != nil {
		panic(err) // texts can be written
	}
	return b
}

// next answers with the page behind a link: to the same request, of the same
// connection, with the cookie; the page that was sent last is sent again to
// whoever lost it.
func (d *restDoor) next(q restRequest, token string) answer {
	b, err := base64.RawURLEncoding.DecodeString(token)
	id, text, _ := strings.Cut(string(b), "|")
	number, numberErr := strconv.Atoi(text)
	d.mu.Lock()
	c := d.cursors[id]
	d.mu.Unlock()
	if err != nil || numberErr != nil || c == nil || c.connection != q.header.Get("connection-id") || c.print != fingerprint(q.body) || !strings.Contains(q.header.Get("Cookie"), restCookie+"="+c.id[:8]) {
		return d.refusal(q, refusedCursor())
	}
	c.mu.Lock()
	last := c.last
	c.mu.Unlock()
	switch {
	case last.number == number+1:
		return d.answer(q, c, last)
	case last.number != number || !last.more:
		return d.refusal(q, refusedCursor())
	}
	select {
	case c.resume <- struct{}{}:
	case <-c.ctx.Done():
		return d.refusal(q, refusedCursor())
	}
	select {
	case p := <-c.pages:
		return d.answer(q, c, p)
	case <-c.ctx.Done():
		return d.refusal(q, refusedCursor())
	}
}
