package exorest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/result"
)

// Pipes is false: the server takes one cmdlet a request.
func (*conn) Pipes() bool { return false }

// batched is one call of many, with its own way back.
type batched struct {
	call call
	run  *run
	to   result.Appender
}

// RunEach runs commands that read, ten in a request. False says that one of them
// is not a single cmdlet that reads.
func (c *conn) RunEach(ctx context.Context, calls []session.Call) ([]error, bool) {
	list := make([]batched, len(calls))
	rows := make([]*counted, len(calls))
	for i, one := range calls {
		commands := one.Command.Commands()
		if len(commands) != 1 || !batches(commands[0]) {
			return nil, false
		}
		spelled, err := c.spell(ctx, commands[0])
		if err != nil || !batches(spelled) {
			return nil, false // each by itself says what is wrong with it
		}
		r := &run{conn: c, talk: one.Sink, text: one.Command.PowerShell(), said: map[string]bool{}}
		if narrowed, ok := one.Command.(session.Narrowed); ok {
			r.wanted = narrowed.Columns
		}
		r.warnOfValues(spelled)
		rows[i] = &counted{Appender: one.Sink}
		list[i] = batched{call: newCall(spelled, r.wanted), run: r, to: rows[i]}
	}
	errs, ended := make([]error, len(calls)), 0
	err := c.batches(ctx, list, func(i int, err error) error {
		errs[i], ended = list[i].run.outcome(err, rows[i].rows), i+1
		return nil
	})
	for i := ended; i < len(errs); i++ { // ctx has ended
		errs[i] = err
	}
	return errs, true
}

// batches says that a call can be one of many: it reads, and asks nothing.
func batches(i cmdlet.Invocation) bool {
	if cmdlet.RiskOf(i.Cmdlet) != cmdlet.Reads || isStage(i.Cmdlet) || hasSecret(i) {
		return false
	}
	for _, a := range i.Args {
		switch strings.ToLower(a.Name) {
		case "whatif", "confirm":
			return false
		}
	}
	return true
}

// batchResult is what came of one call of a batch.
type batchResult struct {
	origin Origin
	header http.Header
	body   []byte
	err    error
}

// batches runs calls in batches, some at the same time, and hands what came on in
// the order of the calls, from the caller's goroutine. each is told of the end of
// each call; its error ends it all.
func (c *conn) batches(ctx context.Context, list []batched, each func(i int, err error) error) error {
	ctx, stop := context.WithCancel(ctx)
	results := make([]batchResult, len(list))
	done := make([]chan struct{}, len(list))
	for i := range done {
		done[i] = make(chan struct{})
	}
	turns := make(chan struct{}, session.RequestsAtOnce)   // the pace may allow fewer
	ahead := make(chan struct{}, 2*session.RequestsAtOnce) // batches whose answers nobody has taken yet
	var working sync.WaitGroup
	defer working.Wait()
	defer stop()
	working.Go(func() { // ends with the last batch, or with ctx
		defer c.guard()
		for from := 0; from < len(list); from += session.CallsInRequest {
			to := min(from+session.CallsInRequest, len(list))
			for _, gate := range []chan struct{}{ahead, turns} {
				select {
				case gate <- struct{}{}:
				case <-ctx.Done():
					return
				}
			}
			working.Go(func() { // ends with the batch's answers, or with ctx
				defer c.guard()
				defer func() { <-turns }()
				c.batch(ctx, list[from:to], results[from:to])
				for i := from; i < to; i++ {
					close(done[i])
				}
			})
		}
	})
	for i := range list {
		select {
		case <-done[i]:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		if err := each(i, list[i].take(ctx, results[i])); err != nil {
			return err
		}
		results[i] = batchResult{}
		if i%session.CallsInRequest == session.CallsInRequest-1 {
			<-ahead
		}
	}
	return nil
}

func (c *conn) guard() {
	if c.options.Guard != nil {
		c.options.Guard()
	}
}

// take hands on what came of a call, and asks for the pages that follow.
func (b *batched) take(ctx context.Context, got batchResult) error {
	if got.err != nil {
		b.run.warnOf(got.err)
		return got.err
	}
	q, err := b.run.request(ctx, b.call, nil)
	if err != nil {
		return err
	}
	first := &reply{Origin: got.origin, header: got.header, body: bytes.NewReader(got.body)}
	_, err = b.run.pagesFrom(ctx, b.call, q, b.to, first)
	return err
}

// batch runs up to ten calls. What passes, or what the service has no room for,
// is asked again, the others not.
func (c *conn) batch(ctx context.Context, list []batched, results []batchResult) {
	pending := make([]int, len(list))
	for i := range pending {
		pending[i] = i
	}
	pause := c.door.options.Pause
	for try := 0; len(pending) > 0; try++ {
		c.round(ctx, list, results, pending)
		var again []int
		slow := false
		for _, i := range pending {
			err := results[i].err
			if ctx.Err() != nil || err == nil || try >= throttledTries {
				continue
			}
			if throttled, is := errors.AsType[*ThrottledError](err); is && results[i].origin.Status != 0 {
				c.pace.throttled(throttled.Until)
				again = append(again, i)
			} else if try < tries && results[i].origin.Status != 0 && passes(err) {
				again, slow = append(again, i), true
			}
		}
		if slow && session.Pause(ctx, pause) != nil {
			return
		}
		pause *= 2
		pending = again
	}
}

// round sends one batch. An error of the whole is each one's, with no origin: it
// was tried again already.
func (c *conn) round(ctx context.Context, list []batched, results []batchResult, pending []int) {
	q, ids, err := c.batchRequest(list, pending)
	if err == nil {
		err = c.ask(ctx, q, func(a *reply) error {
			parts, readErr := batchParts(a.body)
			if readErr != nil {
				return readErr
			}
			for i := range results {
				if at := ids[i]; at != "" {
					results[i] = partOf(parts, at, a.Origin, list[i].call.Cmdlet)
				}
			}
			return nil
		})
	}
	if err != nil {
		for _, i := range pending {
			results[i] = batchResult{err: err}
		}
	}
}

// partOf finds the answer to one request; answers come in any order.
func partOf(parts []batchPart, id string, from Origin, name string) batchResult {
	from.Op = name
	for _, p := range parts {
		if p.id != id {
			continue
		}
		r := batchResult{origin: from, header: http.Header{}, body: p.body}
		r.origin.Status = p.status
		for key, text := range p.header {
			r.header.Set(key, text)
		}
		if p.status/100 != 2 {
			r.err = (&answer{Origin: r.origin, header: r.header, body: p.body}).err()
		}
		return r
	}
	return batchResult{err: &HTTPError{Origin: from, Text: "the batch has no answer to this request"}}
}

// batchRequest makes the request of a batch, and the ids of its parts, by their
// place in list.
func (c *conn) batchRequest(list []batched, pending []int) (*request, []string, error) {
	type part struct {
		ID      string            `json:"id"`
		Method  string            `json:"method"`
		URL     string            `json:"url"`
		Headers map[string]string `json:"headers"`
		Body    json.RawMessage   `json:"body"`
	}
	ids := make([]string, len(list))
	var body struct {
		Requests []part `json:"requests"`
	}
	c.mu.Lock()
	host := c.host
	c.mu.Unlock()
	q := &request{
		method: http.MethodPost, resource: "$batch", header: http.Header{}, timeout: standardTime, id: newID(), reads: true, most: c.door.options.MostAnswer / 2,
	}
	for _, i := range pending {
		one := list[i].call
		w := writer{}
		if err := w.input(one.Invocation, stays); err != nil {
			return nil, nil, err
		}
		own := &request{header: http.Header{}}
		c.headersOf(own, one.Invocation, one.page())
		ids[i] = newID()
		p := part{ID: ids[i], Method: http.MethodPost, URL: c.at.at(host, c.at.base.Path, c.at.invokes(one.Cmdlet), selection(one.columns)).String(), Body: w.out, Headers: map[string]string{
			"Content-Type": "application/json", "Accept": "application/json",
		}}
		for name, values := range own.header {
			p.Headers[wireName(name)] = values[0]
		}
		body.Requests = append(body.Requests, p)
		q.op, q.tell = fmt.Sprintf("%s ×%d", one.Cmdlet, len(pending)), nil
		q.timeout = max(q.timeout, timeOf(one.Cmdlet))
	}
	q.header.Set("Prefer", fmt.Sprintf("odata.maxpagesize=%d;odata.continue-on-error", mostPage))
	b, err := json.Marshal(body)
	q.body, q.shown = b, b
	return q, ids, err
}

// wireName is a header's name as clients of the service write it.
func wireName(canonical string) string {
	switch canonical {
	case "X-Anchormailbox":
		return "X-AnchorMailbox"
	case "X-Cmdletname":
		return "X-CmdletName"
	case "X-Responseformat":
		return "X-ResponseFormat"
	case "X-Serializationlevel":
		return "X-SerializationLevel"
	case "Parameter-Based-Routing":
		return "parameter-based-routing"
	case "Warningaction":
		return "WarningAction"
	}
	return canonical
}

// progress tells how far a list has come.
func (r *run) progress(op string, page, rows int) {
	r.talk.Message(session.Message{Kind: session.MessageProgress, Time: time.Now(), Progress: session.Progress{
		ID: progressID, Parent: -1, Activity: op, Doing: session.Doing{Page: page, Rows: rows}, Percent: -1, Remaining: -1,
	}})
}
