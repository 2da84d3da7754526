package exorest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/result"
)

// The service runs one cmdlet a request. So a pipeline runs here: each cmdlet
// behind another is asked for each row that the one before gave, many in one
// request where they read; Select-Object and Measure-Object are done by us.

// pipeline runs commands of which each gets what the one before gives.
func (r *run) pipeline(ctx context.Context, commands []cmdlet.Invocation, to result.Appender) error {
	head, rest := commands[0], commands[1:]
	if isStage(head.Cmdlet) {
		return &UnsupportedError{Cmdlet: head.Cmdlet, Parameter: "InputObject"}
	}
	columns := r.wanted
	if len(rest) > 0 {
		columns = nil
	}
	return r.behind(ctx, rest, to, func(out result.Appender, first []string) error {
		if first != nil {
			columns = first
		}
		return r.invoke(ctx, newCall(head, columns), out)
	})
}

// behind puts the commands after a source: those of ours up to the next cmdlet,
// and that one for each of the rows.
func (r *run) behind(ctx context.Context, rest []cmdlet.Invocation, to result.Appender, source func(out result.Appender, columns []string) error) error {
	here := 0
	for here < len(rest) && isStage(rest[here].Cmdlet) {
		here++
	}
	stages, next := rest[:here], rest[here:]
	out := to
	var rows *pipedRows
	if len(next) > 0 {
		m, err := r.conn.module(ctx)
		if err != nil {
			return fmt.Errorf("ask how %s takes rows: %w", next[0].Cmdlet, err)
		}
		known, _ := m.find(next[0].Cmdlet)
		rows = &pipedRows{call: next[0], known: known}
		out = rows.appender()
	}
	if err := r.staged(stages, out, source); err != nil || rows == nil {
		return err
	}
	return r.behind(ctx, next[1:], to, func(out result.Appender, columns []string) error {
		if len(next) == 1 {
			columns = r.wanted
		}
		calls, unbound := rows.calls()
		for range unbound {
			err := &CmdletError{Origin: Origin{Op: next[0].Cmdlet}, Message: unboundText, ID: "InputObjectNotBound"}
			r.talk.Message(session.Message{Kind: session.MessageError, Time: time.Now(), Text: err.Error(), Err: err})
		}
		return r.each(ctx, calls, columns, out)
	})
}

// staged puts commands of ours between a source and whoever takes the rows.
func (r *run) staged(stages []cmdlet.Invocation, to result.Appender, source func(out result.Appender, columns []string) error) error {
	chain := make([]*staged, len(stages))
	out := to
	for i := len(stages) - 1; i >= 0; i-- {
		s, err := newStage(stages[i], out)
		if err != nil {
			return err
		}
		chain[i], out = s, s
	}
	var columns []string
	if len(stages) > 0 {
		columns = selected(stages[0])
	}
	err := source(out, columns)
	if errors.Is(err, errEnough) {
		err = nil
	}
	r.begun = r.begun || err != nil && len(chain) > 0 && chain[0].came > 0
	for _, s := range chain {
		if ended := s.end(); ended != nil && !errors.Is(ended, errEnough) && err == nil {
			err = ended
		}
	}
	return err
}

// each runs a cmdlet once for each row, of whose rows only some columns may be wanted. An
// error that the cmdlet reports is of its row, and the others go on.
func (r *run) each(ctx context.Context, calls []cmdlet.Invocation, columns []string, to result.Appender) error {
	ofOne := func(err error) error {
		reported, is := errors.AsType[session.CmdletError](err)
		if !is || ctx.Err() != nil {
			return err
		}
		r.talk.Message(session.Message{Kind: session.MessageError, Time: time.Now(), Text: reported.Error(), Err: reported})
		return nil
	}
	if len(calls) > 0 && cmdlet.RiskOf(calls[0].Cmdlet) != cmdlet.Reads {
		for _, i := range calls {
			if err := ofOne(r.invoke(ctx, newCall(i, nil), to)); err != nil {
				return err
			}
			r.begun = true
		}
		return nil
	}
	list := make([]batched, len(calls))
	for i := range calls {
		list[i] = batched{call: newCall(calls[i], columns), run: r, to: to}
	}
	return r.conn.batches(ctx, list, func(_ int, err error) error { return ofOne(err) })
}

// identities are the properties by which a row is handed to the next cmdlet, the
// surest first.
func identities() []string {
	return []string{"Guid", "Identity", "DistinguishedName", "PrimarySmtpAddress", "Name"}
}

// pipedRows makes a call of a cmdlet for each row that comes.
type pipedRows struct {
	call  cmdlet.Invocation
	known moduleCmdlet
	table *result.Table
}

func (p *pipedRows) appender() result.Appender {
	p.table = result.NewTable(result.Provenance{})
	return p.table.Builder()
}

// unboundText is what PowerShell says of a row of which a cmdlet can take nothing.
const unboundText = "The input object cannot be bound to any parameters for the command either because the command does not take pipeline input or the input and its properties do not match any of the parameters that take pipeline input."

// calls gives a call for each row, and counts the rows that give the cmdlet nothing.
// For those nothing may be sent: it would be about all objects, not about the row's.
func (p *pipedRows) calls() (calls []cmdlet.Invocation, unbound int) {
	v := p.table.Snapshot()
	rows, _ := v.Size()
	calls = make([]cmdlet.Invocation, 0, rows)
	for row := range rows {
		i := cmdlet.Invocation{Cmdlet: p.call.Cmdlet, Args: append([]cmdlet.Arg(nil), p.call.Args...)}
		p.identify(&i, v, row)
		for _, name := range p.known.named {
			col, has := v.Column(name)
			if _, given := i.Arg(name); !has || given {
				continue
			}
			if value, ok := argumentOf(v.Value(row, col)); ok {
				i.Args = append(i.Args, cmdlet.Arg{Name: name, Value: value})
			}
		}
		if len(i.Args) == len(p.call.Args) {
			unbound++
			continue
		}
		calls = append(calls, i)
	}
	return calls, unbound
}

// identify adds the parameter that takes the row as a whole.
func (p *pipedRows) identify(i *cmdlet.Invocation, v *result.View, row int) {
	parameter := "Identity"
	if len(p.known.piped) > 0 {
		parameter = p.known.piped[0]
		for _, name := range p.known.piped {
			if strings.EqualFold(name, "Identity") {
				parameter = name
			}
		}
	}
	if _, given := i.Arg(parameter); given {
		return
	}
	for _, name := range identities() {
		col, has := v.Column(name)
		if !has {
			continue
		}
		if value, ok := argumentOf(v.Value(row, col)); ok {
			i.Args = append(i.Args, cmdlet.Arg{Name: parameter, Value: value})
			return
		}
	}
}

// argumentOf makes an argument of a cell; false for one without a value.
func argumentOf(v result.Value) (any, bool) {
	switch value := v.Go().(type) {
	case nil:
		return nil, false
	case string:
		return value, value != ""
	case []string:
		return value, len(value) > 0
	case []byte:
		return value, len(value) > 0
	default:
		return value, true
	}
}
