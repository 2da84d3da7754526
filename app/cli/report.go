package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"postroom/assets"
	"postroom/session"
	"postroom/session/endpoint"
	"postroom/session/harmless"
	"postroom/session/job"
	"postroom/session/reference"
	"postroom/session/report"
	"postroom/session/search"
)

const aboutReport = `Without a name it lists the reports: name, title, group and services; with --json
also their questions, columns and steps.

With a name it runs the report and writes its rows, as 'postroom run' does: all
flags of run are flags here, and several tenants give one table. What a report
asks is answered by --ask, where a date may be today-7d or now-12h:

  postroom report message-trace --url ... --user ... \
      --ask sender=ada@contoso.example --csv trace.csv

A file has the report's columns in its order. A row for which a follow-up failed
is kept, says why in a last column Status, and is named on standard error (exit
code 1); --retry asks for such rows again. A step that breaks off leaves
FILE.partial (exit code 3).

A pack is several reports in one go: its rows say how each came out, and its
files go into --dir, a workbook for each tenant unless --files says otherwise.

Your own reports are kept by --save, or in the window; --export writes a file to
share, --import shows every command of one before it keeps it:

  postroom report --save shared --columns DisplayName,WhenCreated \
      --line 'Get-Mailbox | Where-Object RecipientTypeDetails -eq SharedMailbox'
  postroom report --export shared --to shared.json
  postroom report --import shared.json

changes-since is the report of what changed in others: it runs them again and compares
with the rows that were kept here a week ago, or --ask since=now-30d.

--show prints what the report costs and its steps, and asks nobody. The texts of
the column Marks are English in every file, whatever the language of the session,
so that a program can filter by them.
`

// reportFlags are the flags of report. Most of its methods are those of run's flags, which
// are report's too.
type reportFlags struct {
	runFlags
	asks list
	// files, dir and pattern are of a pack.
	files, dir, pattern string
	kept                *report.Kept // for a report that compares; nil otherwise
}

func (o *reportFlags) register(f *flag.FlagSet) {
	o.runFlags.registerShared(f)
	f.Var(&o.asks, "ask", "answer a question of the report: `NAME=VALUE`; may be repeated")
	f.StringVar(&o.files, "files", "", "of a pack: `KIND` is tenant (a workbook for each, the default), all (one workbook) or csv")
	f.StringVar(&o.dir, "dir", "", "of a pack: write its files into `FOLDER` (default: the current one)")
	f.StringVar(&o.pattern, "pattern", "", "of a pack: name its files by `TEXT` with {tenant}, {pack}, {report}, {date} and {time} in it")
}

// runReport does `postroom report [NAME] [flags]`.
func runReport(ctx context.Context, args []string, s Streams) error {
	err := reportCommand(ctx, args, s)
	if usage, ok := errors.AsType[*usageError](err); ok {
		usage.command = "report"
	}
	return err
}

func reportCommand(ctx context.Context, args []string, s Streams) error {
	if !namesReport(args) {
		return manageReports(ctx, args, s)
	}
	var flags reportFlags
	f := new(flag.FlagSet)
	flags.register(f)
	if hasHelp(args) {
		args = []string{"--help"}
	}
	if err := parse("report", f, args, s); err != nil {
		return err
	}
	switch {
	case f.NArg() == 0:
		return &usageError{what: "the name of the report is missing; 'postroom report' lists them"}
	case f.NArg() > 1:
		return &usageError{what: fmt.Sprintf("report takes one name, not %q too", f.Arg(1))}
	}
	name := f.Arg(0)
	p, isPack, err := findPack(s, name)
	if err != nil {
		return err
	}
	if isPack {
		return flags.runPack(ctx, s, p)
	}
	r, err := findReport(s, name)
	if err != nil {
		return err
	}
	return flags.runReport(ctx, s, r)
}

// runReport runs a report that was found.
func (o *reportFlags) runReport(ctx context.Context, s Streams, r report.Report) error {
	if o.files != "" || o.dir != "" || o.pattern != "" {
		return &usageError{what: "--files, --dir and --pattern are of packs: " + r.Name + " is a report"}
	}
	if err := o.check(s, o.trace); err != nil {
		return err
	}
	o.language = s.language()
	o.title = r.Title.In(o.language)
	targets, err := o.resolve(s)
	if err != nil {
		return err
	}
	if each, eachErr := o.eachAsked(); each || eachErr != nil {
		if eachErr != nil {
			return eachErr
		}
		return o.reportEach(ctx, s, r, targets)
	}
	if r.Compare != nil {
		if o.kept, err = keptRows(s); err != nil {
			return err
		}
	}
	plan, err := o.plan(r, targets[0].Endpoint, nil)
	if err != nil {
		return err
	}
	o.fixed, o.status = plan.Columns(), plan.Status()
	if o.show {
		return showPlan(s.Out, plan, targets)
	}
	if service := report.ServiceOf(targets[0].Endpoint); !r.Has(service) { // the server has the last word
		say(s.Err, "postroom: %s is made for other services: %s\n", r.Name, (&report.LackError{Services: r.Services}).Error())
	}
	return o.connectAndDo(ctx, s, job.Work{Task: plan.Resumable(), Targets: targets})
}

// namesReport says that a report is to be run: the words name one, or flags are there
// that only a run has. Else the list is asked for, or one's own are changed.
func namesReport(args []string) bool {
	if hasHelp(args) {
		return true
	}
	var deeds, runs flag.FlagSet
	new(manageFlags).register(&deeds)
	new(reportFlags).register(&runs)
	onlyRuns := false
	for _, a := range args {
		if a == "--" {
			break
		}
		name, _, _ := strings.Cut(strings.TrimLeft(a, "-"), "=")
		if !strings.HasPrefix(a, "-") {
			continue
		}
		if slices.Contains([]string{"import", "export", "save", "duplicate", "remove", "find"}, name) {
			return false
		}
		onlyRuns = onlyRuns || deeds.Lookup(name) == nil && runs.Lookup(name) != nil
	}
	words, read := wordsAmong(func(f *flag.FlagSet) { new(reportFlags).register(f) }, args)
	return onlyRuns || read && len(words) > 0 || !read && slices.ContainsFunc(args, func(a string) bool { return !strings.HasPrefix(a, "-") })
}

func hasHelp(args []string) bool {
	return slices.ContainsFunc(args, func(a string) bool { return a == "-h" || a == "-help" || a == "--help" })
}

// reportEach runs the report for each row of a file.
func (o *reportFlags) reportEach(ctx context.Context, s Streams, r report.Report, targets []session.Target) error {
	task, err := o.each.task(ctx, s, targets, func(row eachRow) (job.Task, error) {
		plan, err := o.plan(r, targets[0].Endpoint, row.values)
		if err == nil {
			o.fixed = plan.Columns()
		}
		return plan, err
	})
	if err != nil {
		return err
	}
	return o.doEach(ctx, s, task, targets)
}

// showPlan prints what the report costs and what would be sent.
func showPlan(w io.Writer, plan *report.Plan, targets []session.Target) error {
	things, err := allThings()
	if err != nil {
		return err
	}
	say(w, "# %s\n", plan.Cost().By(report.WayOf(targets[0].Endpoint)).In("en", things))
	return show(w, plan.PowerShell(), targets)
}

// allThings are what rows are about.
func allThings() (report.Things, error) {
	things, err := report.LoadThings(assets.Things())
	if err != nil {
		return nil, fmt.Errorf("read what rows are about: %w", err)
	}
	return things, nil
}

// plan answers the report's questions and reads its steps for the service that
// the endpoint leads to. row has answers of a row of --each.
func (o *reportFlags) plan(r report.Report, at endpoint.Endpoint, row map[string]string) (*report.Plan, error) {
	answers := map[string]string{}
	for name, answer := range row {
		answers[strings.ToLower(name)] = answer
	}
	for _, given := range o.asks {
		name, answer, ok := strings.Cut(given, "=")
		if !ok || name == "" {
			return nil, &usageError{what: fmt.Sprintf("--ask %q is not NAME=VALUE", given)}
		}
		if _, twice := answers[strings.ToLower(name)]; twice {
			return nil, &usageError{what: fmt.Sprintf("--ask answers %s twice", name)}
		}
		answers[strings.ToLower(name)] = answer
	}
	plan, err := r.Plan(report.Options{Service: report.ServiceOf(at), Answers: answers, Now: time.Now(), Kinds: reference.New(), Kept: o.kept})
	var wrong *report.AnswerError
	switch {
	case errors.As(err, &wrong) && wrong.Unknown:
		asked := "it asks nothing"
		if len(wrong.Choices) > 0 {
			asked = "it asks " + strings.Join(wrong.Choices, ", ")
		}
		return nil, &usageError{what: fmt.Sprintf("%s has no question %q; %s", r.Name, wrong.Question, asked)}
	case errors.As(err, &wrong) && wrong.Text == "":
		return nil, &usageError{what: fmt.Sprintf("%s needs an answer: --ask %s=VALUE%s", r.Name, wrong.Question, oneOf(wrong.Choices))}
	case errors.As(err, &wrong):
		return nil, &usageError{what: fmt.Sprintf("%q is not an answer to %s%s", wrong.Text, wrong.Question, oneOf(wrong.Choices))}
	}
	return plan, err
}

func oneOf(choices []string) string {
	if len(choices) == 0 {
		return ""
	}
	return " (one of " + strings.Join(choices, ", ") + ")"
}

// keptRows are the reports and their kept rows.
func keptRows(s Streams) (*report.Kept, error) {
	list, err := reportsOf(s)
	if err != nil {
		return nil, err
	}
	book, err := openHistory()
	return &report.Kept{Reports: list, Book: book}, err
}

func findReport(s Streams, name string) (report.Report, error) {
	list, err := reportsOf(s)
	if err != nil {
		return report.Report{}, err
	}
	i := slices.IndexFunc(list, func(r report.Report) bool { return strings.EqualFold(r.Name, name) })
	if i < 0 {
		return report.Report{}, &usageError{what: fmt.Sprintf("there is no report %q; 'postroom report' lists them", name)}
	}
	return list[i], nil
}

// list does `postroom report [--find TEXT] [--json]`.
func (o *manageFlags) list(s Streams) error {
	if err := findable(o.find); err != nil {
		return reportUsage(err)
	}
	list, err := reportsOf(s)
	if err != nil {
		return err
	}
	language := s.language()
	if o.find != "" {
		list = reportsMeant(list, o.find, language)
	} else {
		slices.SortStableFunc(list, func(a, b report.Report) int { return strings.Compare(a.Group, b.Group) })
	}
	if o.json {
		err = writeReportsJSON(s.Out, list, language)
	} else {
		err = writeReportList(s.Out, list, language)
	}
	return err
}

// reportsMeant are those that a text means, the best first.
func reportsMeant(list []report.Report, text, language string) (found []report.Report) {
	for _, e := range search.New(report.Entries(list, nil, language, reference.New().ReportWords())).Find(text, search.Preference{}) {
		i := slices.IndexFunc(list, func(r report.Report) bool { return r.Name == e.ID })
		found = append(found, list[i])
	}
	return found
}

func writeReportList(w io.Writer, list []report.Report, language string) error {
	table := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, r := range list {
		say(table, "%s\t%s\t%s\t%s\n", r.Name, harmless.Line(r.Title.In(language)), harmless.Line(report.GroupTitle(r.InGroup()).In(language)), strings.Join(r.Services, ","))
	}
	return table.Flush()
}

// writeReportsJSON is a contract for scripts: docs/command-line.md.
func writeReportsJSON(w io.Writer, list []report.Report, language string) error {
	type question struct {
		Name    string   `json:"name"`
		Kind    string   `json:"kind"`
		Choices []string `json:"choices"`
		Default string   `json:"default"`
		Of      []string `json:"of"`
	}
	type entry struct {
		Name      string     `json:"name"`
		Title     string     `json:"title"`
		Group     string     `json:"group"`
		Services  []string   `json:"services"`
		Questions []question `json:"questions"`
		Columns   []string   `json:"columns"`
		Steps     []string   `json:"steps"`
		Own       bool       `json:"own"`
		Asks      string     `json:"asks"`
		Caveat    string     `json:"caveat"`
		Cost      string     `json:"cost"`
		Calls     int        `json:"calls"`
		Each      []string   `json:"each"`
	}
	things, err := allThings()
	if err != nil {
		return err
	}
	entries := make([]entry, 0, len(list))
	for _, r := range list {
		e := entry{Name: r.Name, Title: r.Title.In(language), Group: r.Group, Services: append([]string{}, r.Services...), Questions: []question{}, Own: r.Own, Steps: []string{}}
		for _, q := range r.Questions {
			e.Questions = append(e.Questions, question{q.Name, q.Kind, append([]string{}, q.Choices...), q.Default, append([]string{}, q.Of...)})
		}
		e.Columns = r.Given()
		for _, step := range r.Steps {
			e.Steps = append(e.Steps, step.Run)
		}
		cost, err := r.Cost("")
		if err != nil {
			return err
		}
		e.Asks, e.Caveat, e.Cost, e.Calls, e.Each = r.Asks.In(language), r.Caveat.In(language), cost.In(language, things), cost.Calls, []string{}
		for _, step := range cost.Each {
			e.Each = append(e.Each, step.Of)
		}
		entries = append(entries, e)
	}
	return writeJSON(w, entries)
}

// connectAndDo signs in and runs the job.
func (o *runFlags) connectAndDo(ctx context.Context, s Streams, w job.Work) error {
	ctx = s.atKeyring(ctx)
	way, err := o.enter(ctx, s, w.Targets, w.Task.Commands())
	if err != nil {
		return err
	}
	trace, err := openTrace(o.trace)
	if err != nil {
		return err
	}
	for i := range w.Targets {
		w.Targets[i].Trace = trace.tracer()
	}
	return join(o.do(ctx, s, way, w), trace.close())
}
