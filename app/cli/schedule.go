package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"postroom/app/folders"
	"postroom/session/harmless"
	"postroom/session/result"
	"postroom/session/schedule"
)

const aboutSchedule = `Lists what the computer's own scheduler runs again and again (a timer of systemd, the
Task Scheduler, launchd), and how each came out last. Postroom installs no service of its own.

  postroom schedule --add 'monday 07:00' --keep 8 --dir reports \
      report quarterly-review --endpoint eop --user me@partner.example --tenant contoso.example

What follows the flags is a command line of this program, 'report' or 'run', without
what says where its rows go. The days are names, 'daily' or 'monthly 1'; the time is
the computer's. The password comes from the keyring, where the window remembers it.

--run runs one now, as the scheduler will; its exit code is the command's. Failures
are reported here and at the window's next start, until --seen.
`

// scheduleFlags are the flags of schedule.
type scheduleFlags struct {
	json, seen             bool
	add, title, dir        string
	format, runID, removed string
	keep                   count
}

func (o *scheduleFlags) register(f *flag.FlagSet) {
	f.BoolVar(&o.json, "json", false, "write JSON")
	f.StringVar(&o.add, "add", "", "run the command that follows every `DAYS TIME`: 'monday 07:00', 'mon,thu 7:30', 'daily 06:00', 'monthly 1 07:00'")
	f.StringVar(&o.title, "title", "", "with --add: call it `TEXT`")
	f.StringVar(&o.dir, "dir", "", "with --add: write its files into `FOLDER` (default: the current one)")
	f.StringVar(&o.format, "format", "", "with --add: files of the kind `NAME`: csv or xlsx (default csv); a pack has its own")
	f.Var(&o.keep, "keep", "with --add: keep the files of the last `N` runs (default: of all)")
	f.StringVar(&o.runID, "run", "", "run the schedule `ID` now")
	f.StringVar(&o.removed, "remove", "", "remove the schedule `ID`")
	f.BoolVar(&o.seen, "seen", false, "stop reporting the failures so far")
}

// Schedules are those of this computer's person.
func Schedules() (*schedule.Book, error) {
	dir, err := folders.Config()
	if err != nil {
		return nil, err
	}
	return schedule.Open(filepath.Join(dir, folders.Schedules)), nil
}

// schedules does `postroom schedule`.
func schedules(ctx context.Context, args []string, s Streams) error {
	var flags scheduleFlags
	f := new(flag.FlagSet)
	flags.register(f)
	if err := parseFirst("schedule", f, args, s); err != nil {
		return err
	}
	book, err := Schedules()
	if err != nil {
		return err
	}
	if flags.add == "" {
		if err := noArguments("schedule", f); err != nil {
			return err
		}
	}
	switch {
	case flags.add != "":
		err = flags.doAdd(ctx, s, book, f.Args())
	case flags.runID != "":
		return RunSchedule(ctx, book, flags.runID, s)
	case flags.removed != "":
		err = RemoveSchedule(ctx, book, flags.removed)
	case flags.seen:
		err = book.See(ctx)
	default:
		err = listSchedules(s, book, flags.json)
	}
	if errors.Is(err, schedule.ErrUnknown) {
		return &usageError{what: "there is no such schedule; 'postroom schedule' lists them"}
	}
	return err
}

// doAdd reads what is to run, and hands it to the scheduler.
func (o *scheduleFlags) doAdd(ctx context.Context, s Streams, book *schedule.Book, words []string) error {
	when, err := schedule.ParseWhen(o.add)
	if err != nil {
		return &usageError{what: fmt.Sprintf("--add %q says no day and time: 'monday 07:00', 'daily 06:00', 'monthly 1 07:00'", o.add)}
	}
	dir, err := filepath.Abs(o.dir)
	if err != nil {
		return &usageError{what: "--dir", err: err}
	}
	added, err := AddSchedule(ctx, book, schedule.Schedule{
		Title: o.title, When: when, Args: words, Dir: dir, Format: o.format, Keep: int(o.keep),
	})
	if err != nil {
		return err
	}
	say(s.Err, "postroom: %s runs %s\n", added.ID, added.When.String())
	return nil
}

// AddSchedule checks what is to run by asking the command line itself, keeps it,
// and makes the computer's scheduler run it. On an error nothing is kept.
func AddSchedule(ctx context.Context, book *schedule.Book, s schedule.Schedule) (schedule.Schedule, error) {
	if err := checkSchedule(ctx, s); err != nil {
		return s, err
	}
	s.Title = cmp.Or(s.Title, strings.Join(s.Args[:2], " "))
	system, err := schedule.Here()
	if err != nil {
		return s, err
	}
	added, err := book.Add(ctx, s)
	if err != nil {
		return s, err
	}
	job, err := jobOf(added)
	if err == nil {
		err = system.Install(ctx, job)
	}
	if err != nil {
		return s, errors.Join(err, book.Remove(ctx, added.ID))
	}
	return added, nil
}

// schedulable says why words are not the beginning of what can run regularly: a report by
// its name, not one of report's deeds such as --remove, or a run.
func schedulable(args []string) error {
	if len(args) < 2 || args[0] != "run" && (args[0] != "report" || strings.HasPrefix(args[1], "-")) {
		return &usageError{command: "schedule", what: "what is to run begins with report NAME or run"}
	}
	return nil
}

// checkSchedule says why something cannot run regularly: it asks the command line
// itself, which sends nothing.
func checkSchedule(ctx context.Context, s schedule.Schedule) error {
	if err := schedulable(s.Args); err != nil {
		return err
	}
	for _, word := range s.Args {
		name, _, _ := strings.Cut(strings.TrimLeft(word, "-"), "=")
		isFlag := strings.HasPrefix(word, "--") || s.Args[0] == "report" && strings.HasPrefix(word, "-")
		if isFlag && slices.Contains([]string{"csv", "tsv", "json", "ndjson", "xlsx", "markdown", "html", "chart", "dir", "password-stdin", "trace", "show", "import", "export", "save", "remove"}, name) {
			return &usageError{command: "schedule", what: fmt.Sprintf("--%s has no place in a schedule: it says itself where the files go, and the password comes from the keyring", name)}
		}
	}
	if s.Format != "" && s.Format != "csv" && s.Format != "xlsx" {
		return &usageError{command: "schedule", what: fmt.Sprintf("--format %q is none of csv, xlsx", s.Format)}
	}
	var said bytes.Buffer
	if code := Run(ctx, withWords(s.Args, "--show"), Streams{Out: io.Discard, Err: &said}); code != ExitDone {
		return &usageError{command: "schedule", what: strings.TrimSpace(said.String())}
	}
	if info, err := os.Stat(s.Dir); err != nil || !info.IsDir() {
		return &usageError{command: "schedule", what: s.Dir + " is not a folder", err: err}
	}
	return nil
}

// jobOf is what the scheduler runs: this program, with the schedule's ID. The folders
// of the person go along where the environment names them.
func jobOf(s schedule.Schedule) (schedule.Job, error) {
	program, err := os.Executable()
	if err != nil {
		return schedule.Job{}, fmt.Errorf("find this program: %w", err)
	}
	j := schedule.Job{ID: s.ID, Title: s.Title, When: s.When, Command: program, Args: []string{"schedule", "--run", s.ID}}
	for _, name := range []string{"XDG_CONFIG_HOME", "XDG_STATE_HOME"} {
		if value := os.Getenv(name); filepath.IsAbs(value) {
			j.Env = append(j.Env, name+"="+value)
		}
	}
	return j, nil
}

// RemoveSchedule makes the scheduler forget it, and forgets it.
func RemoveSchedule(ctx context.Context, book *schedule.Book, id string) error {
	if _, err := book.Find(id); err != nil {
		return err
	}
	system, err := schedule.Here()
	if err == nil {
		err = system.Remove(ctx, id)
	}
	if err != nil && !errors.Is(err, schedule.ErrNoScheduler) {
		return err
	}
	return book.Remove(ctx, id)
}

// withWords puts words behind the command, and behind the name of a report: before
// the cmdlet of a run.
func withWords(args []string, words ...string) []string {
	at := 1
	if args[0] == "report" {
		at = 2
	}
	return slices.Insert(slices.Clone(args), at, words...)
}

// longestSaid is how much is kept of what a failed run said last, in bytes.
const longestSaid = 2000

// RunSchedule runs a schedule as the scheduler does: it writes its files, deletes
// those of runs that are too old, and notes how it came out.
func RunSchedule(ctx context.Context, book *schedule.Book, id string, s Streams) error {
	of, err := book.Find(id)
	if errors.Is(err, schedule.ErrUnknown) {
		return &usageError{command: "schedule", what: "there is no such schedule; 'postroom schedule' lists them"}
	}
	if err != nil {
		return err
	}
	if err := schedulable(of.Args); err != nil { // the file may be by another hand
		return err
	}
	began := time.Now()
	ran := schedule.Ran{At: began}
	words := []string{"--dir", of.Dir}
	if _, isPack, packErr := findPack(s, of.Args[1]); packErr != nil {
		return packErr
	} else if !isPack || of.Args[0] != "report" {
		format := cmp.Or(of.Format, "csv")
		path := filepath.Join(of.Dir, result.SafeFileName(of.Title+"_"+began.Format("2006-01-02_1504"))+"."+format)
		words = []string{"--" + format, path}
		ran.Files = append(ran.Files, path)
	}
	var said bytes.Buffer
	inner := s
	inner.Terminal, inner.Hide, inner.In, inner.Width = false, nil, nil, 0
	inner.Out, inner.Err = io.Discard, io.MultiWriter(s.Err, &said)
	inner.wrote = func(path string) { ran.Files = append(ran.Files, path) }
	ran.Code = Run(ctx, withWords(of.Args, words...), inner)
	ran.Files = existing(ran.Files)
	if ran.Code != ExitDone {
		ran.Text = harmless.Label(tail(said.String()))
	}
	old, err := book.Note(context.WithoutCancel(ctx), id, ran)
	for _, name := range old {
		if removeErr := os.Remove(name); removeErr != nil && !errors.Is(removeErr, os.ErrNotExist) {
			err = errors.Join(err, fmt.Errorf("delete an old file: %w", removeErr))
		}
	}
	if err != nil {
		return err
	}
	if ran.Code != ExitDone {
		return &shownError{code: ran.Code}
	}
	return nil
}

// existing are the files that are there, with the name that a part has.
func existing(names []string) []string {
	var there []string
	for _, name := range names {
		for _, each := range []string{name, name + result.PartialSuffix} {
			if _, err := os.Stat(each); err == nil {
				there = append(there, each)
			}
		}
	}
	return there
}

// tail is the end of a text, in whole lines where that can be.
func tail(text string) string {
	text = strings.TrimSpace(text)
	if len(text) <= longestSaid {
		return text
	}
	text = strings.ToValidUTF8(text[len(text)-longestSaid:], "")
	if _, rest, found := strings.Cut(text, "\n"); found {
		return rest
	}
	return text
}

// listSchedules lists them, and how each came out last.
func listSchedules(s Streams, book *schedule.Book, asJSON bool) error {
	all, err := book.All()
	if err != nil {
		return err
	}
	if asJSON {
		return writeSchedulesJSON(s.Out, all)
	}
	table := tabwriter.NewWriter(s.Out, 0, 8, 2, ' ', 0)
	for _, each := range all {
		outcome := "not run yet"
		if last, ran := each.Last(); ran {
			outcome = fmt.Sprintf("%s exit code %d", last.At.Local().Format("2006-01-02 15:04"), last.Code)
		}
		say(table, "%s\t%s\t%s\t%s\n", each.ID, harmless.Line(each.Title), each.When.String(), outcome)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, each := range all {
		if last, ran := each.Last(); ran && last.Failed() && !last.Seen {
			say(s.Err, "postroom: %s failed: %s\n", each.ID, last.Text)
		}
	}
	return nil
}

// writeSchedulesJSON is a contract for scripts: docs/command-line.md.
func writeSchedulesJSON(w io.Writer, all []schedule.Schedule) error {
	type run struct {
		At   time.Time `json:"at"`
		Code int       `json:"code"`
		Text string    `json:"text"`
	}
	type entry struct {
		ID    string     `json:"id"`
		Title string     `json:"title"`
		When  string     `json:"when"`
		Args  []string   `json:"args"`
		Dir   string     `json:"dir"`
		Keep  int        `json:"keep"`
		Last  *time.Time `json:"last"`
		Code  *int       `json:"code"`
		Text  string     `json:"text"`
		Files []string   `json:"files"`
		Runs  []run      `json:"runs"` // the newest first
	}
	list := make([]entry, 0, len(all))
	for _, s := range all {
		e := entry{ID: s.ID, Title: s.Title, When: s.When.String(), Args: s.Args, Dir: s.Dir, Keep: s.Keep, Files: []string{}, Runs: []run{}}
		for _, r := range slices.Backward(s.Runs) {
			e.Runs = append(e.Runs, run{r.At, r.Code, r.Text})
		}
		if last, ran := s.Last(); ran {
			e.Last, e.Code, e.Text, e.Files = &last.At, &last.Code, last.Text, append(e.Files, last.Files...)
		}
		list = append(list, e)
	}
	return writeJSON(w, list)
}
