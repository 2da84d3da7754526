package report

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"postroom/session"
	"postroom/session/history"
	"postroom/session/result"
)

// Compare makes a report of what other reports give now and what their kept rows
// had at another time. Such a report has no steps of its own.
type Compare struct {
	// Reports and Since name the questions: which reports, and since when.
	Reports string `json:"reports"`
	Since   string `json:"since"`
}

// Kept is what a report that compares needs beside its answers.
type Kept struct {
	// Reports are all that may be chosen, Book has their kept rows.
	Reports []Report
	Book    *history.Book
}

// ErrNothingKept means that a report that compares was run without a history.
var ErrNothingKept = errors.New("report: there is no history to compare with")

// What a row of a report that compares says.
const (
	changeAdded   = "added"
	changeRemoved = "removed"
	changeChanged = "changed"
	// changeFirst: no earlier run of the report was kept. It is kept now.
	changeFirst = "no earlier run"
	// changePart: not all rows came, so that nothing can be said.
	changePart = "not compared"
)

// changesColumns are the columns of a report that compares, in order.
func changesColumns() []string {
	return []string{"Report", "Change", "Row", "Column", "Before", "After", "Since"}
}

// compared is a report that is run to be compared.
type compared struct{ plan *Plan }

// checkCompare says what is wrong with a report that compares.
func (r Report) checkCompare() error {
	switch {
	case len(r.Steps)+len(r.Variants) > 0:
		return errors.New("a report that compares has no steps")
	case !slices.Equal(r.Given(), changesColumns()):
		return fmt.Errorf("a report that compares has the columns %s", strings.Join(changesColumns(), ", "))
	}
	for name, kind := range map[string]string{r.Compare.Reports: AskReports, r.Compare.Since: AskDate} {
		if q, asked := r.Question(name); !asked || q.Kind != kind || !q.Needed {
			return fmt.Errorf("a question %q of the kind %s is wanted", name, kind)
		}
	}
	return nil
}

// planCompared plans the reports that were chosen, as far as the service has
// them. Answers to questions that are not the report's own are theirs. Errors are
// *AnswerError, and those of Plan.
func (p *Plan) planCompared() error {
	c := p.report.Compare
	chosen, _ := p.answers[strings.ToLower(c.Reports)].([]string)
	theirs := map[string]string{}
	for name, answer := range p.options.Answers {
		if _, own := p.report.Question(name); !own {
			theirs[name] = answer
		}
	}
	asked := map[string]bool{}
	for _, name := range chosen {
		r, found := p.options.Kept.find(name)
		if !found {
			q, _ := p.report.Question(c.Reports)
			return &AnswerError{Question: q.Name, Text: name, Choices: q.Choices}
		}
		answers := map[string]string{}
		for name, answer := range theirs {
			if q, asks := r.Question(name); asks {
				answers[q.Name], asked[name] = answer, true
			}
		}
		if !r.Has(p.options.Service) {
			continue
		}
		plan, err := r.Plan(Options{Service: p.options.Service, Answers: answers, Now: p.options.Now, Kinds: p.options.Kinds, Everything: true})
		if err != nil {
			return err
		}
		p.compared = append(p.compared, compared{plan})
	}
	for name := range theirs {
		if !asked[name] {
			return &AnswerError{Question: name, Unknown: true, Choices: p.report.questionNames()}
		}
	}
	return nil
}

// find gives a report that can be compared: one that reads.
func (k *Kept) find(name string) (r Report, found bool) {
	i := slices.IndexFunc(k.Reports, func(r Report) bool { return r.Compare == nil && strings.EqualFold(r.Name, name) && r.Reads() })
	if i < 0 {
		return Report{}, false
	}
	return k.Reports[i], true
}

// located is what a session.Runner may say beyond running: for which target.
type located interface{ Target() session.Target }

// compare runs the chosen reports one after the other, keeps their rows and gives
// what changed. A report that the server refuses does not keep the others from
// running; the error is then the first one's.
func (r *running) compare(ctx context.Context) error {
	if r.plan.options.Kept == nil {
		return ErrNothingKept
	}
	book := r.plan.options.Kept.Book
	var target session.Target
	if at, says := r.by.(located); says {
		target = at.Target()
	}
	var refused error
	for i, c := range r.plan.compared {
		err := r.compareOne(ctx, c, book, target)
		if err != nil && (!ofOneRow(err) || ctx.Err() != nil) {
			return fmt.Errorf("%s: %w", c.plan.Name(), err)
		}
		if err != nil {
			refused = cmp.Or(refused, fmt.Errorf("%s: %w", c.plan.Name(), err))
		}
		r.to.Message(session.Message{Kind: session.MessageProgress, Time: time.Now(), Progress: session.Progress{
			ID: 0, Parent: -1, Activity: c.plan.Name(), Status: fmt.Sprintf("%d / %d", i+1, len(r.plan.compared)), Done: i + 1, Total: len(r.plan.compared),
			Percent: 100 * (i + 1) / len(r.plan.compared), Remaining: -1, Completed: i+1 == len(r.plan.compared),
		}})
	}
	return refused
}

// compareOne runs a report, keeps its rows where all came, and gives what changed.
func (r *running) compareOne(ctx context.Context, c compared, book *history.Book, target session.Target) error {
	began := time.Now()
	now := result.NewTable(result.Provenance{Started: began})
	run := c.plan.Resumable() // anew: what changed is seen by fresh rows
	run.Retry(r.retries)
	err := run.RunOn(ctx, 0, r.by, &taking{Appender: now.Builder(), talk: r.to})
	if err != nil || run.Failed(0) > 0 {
		if giveErr := r.giveChange(c, changePart, history.RowChange{}, history.CellChange{}, time.Time{}); giveErr != nil {
			return giveErr
		}
		return err
	}
	ran := history.Entry{
		Command: c.plan.PowerShell(), Report: c.plan.Name(), Answers: c.plan.Answers(), Account: target.Account, Endpoint: target.Endpoint.Name,
		Started: began, Seconds: time.Since(began).Seconds(), Rows: now.Len(), State: history.Done,
	}
	if target.Tenant.Domain != "" {
		ran.Tenants = []string{target.Tenant.Domain}
	}
	since, _ := r.plan.answers[strings.ToLower(r.plan.report.Compare.Since)].(time.Time)
	before, err := book.Earlier(ran, since)
	switch {
	case errors.Is(err, history.ErrFirst):
		err = r.giveChange(c, changeFirst, history.RowChange{}, history.CellChange{}, time.Time{})
	case err == nil:
		err = r.giveChanges(ctx, c, book, before, now.Snapshot(), target.Tenant.Domain)
	}
	if err != nil {
		return err
	}
	return keepRun(ctx, book, ran, now.Snapshot())
}

// keepRun keeps the rows of a run in the history.
func keepRun(ctx context.Context, book *history.Book, e history.Entry, rows *result.View) error {
	recording := book.Begin(e.Started)
	n, cols := rows.Size()
	for row := range n {
		recording.BeginRow()
		for col := range cols {
			result.Copy(recording, []byte(rows.Header(col)), rows.Value(row, col))
		}
		if err := recording.EndRow(); err != nil {
			return err
		}
	}
	_, err := recording.Commit(ctx, e)
	return err
}

// giveChanges gives what changed since a run.
func (r *running) giveChanges(ctx context.Context, c compared, book *history.Book, before history.Entry, now *result.View, tenant string) error {
	was, err := book.TableOf(ctx, before, tenant)
	if err != nil {
		return err
	}
	given := c.plan.Columns()
	aside := func(column string) bool { return column == MarksColumn || !slices.Contains(given, column) }
	d, err := history.Compare(ctx, was, now, history.How{LeaveOut: aside})
	if err != nil {
		return err
	}
	words := map[history.Change]string{history.Added: changeAdded, history.Removed: changeRemoved, history.Changed: changeChanged}
	for _, row := range d.Rows {
		row.Key = rowName(row, was, now, given, len(d.Key) > 0)
		cells := row.Cells
		if len(cells) == 0 {
			cells = []history.CellChange{{}}
		}
		for _, cell := range cells {
			if err := r.giveChange(c, words[row.Change], row, cell, before.Started); err != nil {
				return err
			}
		}
	}
	return nil
}

// rowName is what people call a row that changed: by one of the report's columns; all
// that is compared where nothing tells the rows apart.
func rowName(row history.RowChange, was, now *result.View, given []string, apart bool) string {
	view, at := now, row.After
	if at < 0 {
		view, at = was, row.Before
	}
	names := slices.DeleteFunc(slices.Clone(calling), func(name string) bool { return !slices.Contains(given, name) })
	for _, name := range append(names, given...) {
		if col, there := view.Column(name); there && (apart || row.Key == "") && view.Cell(at, col) != "" {
			return view.Cell(at, col)
		}
	}
	return row.Key
}

// giveChange gives one row of what changed.
func (r *running) giveChange(c compared, change string, row history.RowChange, cell history.CellChange, since time.Time) error {
	names := changesColumns()
	r.to.BeginRow()
	for i, text := range []string{c.plan.Name(), change, row.Key, cell.Column, cell.Before, cell.After} {
		if text == "" {
			r.to.Null([]byte(names[i]))
			continue
		}
		r.to.Text([]byte(names[i]), []byte(text))
	}
	var at value
	if !since.IsZero() {
		at = since.UTC()
	}
	put(r.to, names[len(names)-1], at)
	return r.to.EndRow()
}
