package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"postroom/app/folders"
	"postroom/session/atomicfile"
	"postroom/session/cmdlet"
	"postroom/session/harmless"
	"postroom/session/reference"
	"postroom/session/report"
)

// library are the reports and packs of this computer's person.
func library() (*report.Library, error) {
	dir, err := folders.Config()
	if err != nil {
		return nil, err
	}
	catalogue, err := Reports()
	if err != nil {
		return nil, err
	}
	return report.NewLibrary(filepath.Join(dir, folders.Reports), catalogue), nil
}

// reportsOf are the catalogue and the person's own. One's own that cannot be used
// are told and left out.
func reportsOf(s Streams) ([]report.Report, error) {
	l, err := library()
	if err != nil {
		return nil, err
	}
	list, err := l.Reports()
	if err != nil {
		Explain(s.Err, err)
	}
	return list, nil
}

// manageFlags are the flags of report where no report is named.
type manageFlags struct {
	json, yes, allow, replace         bool
	importFile, remove, duplicate, as string
	export                            list
	to                                string
	save, line, title, columns        string
	find                              string
}

func (o *manageFlags) register(f *flag.FlagSet) {
	f.BoolVar(&o.json, "json", false, "write JSON")
	f.StringVar(&o.find, "find", "", "list only the reports that `TEXT` means, the best first: words as people say them, English or German")
	f.StringVar(&o.importFile, "import", "", "look through the reports that somebody shared as `FILE`, and keep them")
	f.BoolVar(&o.yes, "yes", false, "with --import: keep them without asking")
	f.BoolVar(&o.allow, "allow-changes", false, "with --import and --save: also reports whose commands may change something")
	f.Var(&o.export, "export", "write the report or pack of that `NAME` as a file to share; may be repeated")
	f.StringVar(&o.to, "to", "-", "with --export: write to `FILE`, or to standard output with -")
	f.StringVar(&o.save, "save", "", "keep --line as a report of that `NAME`")
	f.StringVar(&o.line, "line", "", "with --save: the line of PowerShell `TEXT`, as 'postroom run --line' takes it")
	f.StringVar(&o.title, "title", "", "with --save: give it the title `TEXT`")
	f.StringVar(&o.columns, "columns", "", "with --save: the columns `A,B`, in that order (default: those of the line, else those that are known of the cmdlet)")
	f.BoolVar(&o.replace, "replace", false, "with --save: replace your own of that name")
	f.StringVar(&o.duplicate, "duplicate", "", "keep a copy of the report or pack of that `NAME`")
	f.StringVar(&o.as, "as", "", "with --duplicate: under `NAME`")
	f.StringVar(&o.remove, "remove", "", "remove your own report or pack of that `NAME`")
}

// manageReports does `postroom report` without the name of a report: it lists, or
// changes the person's own.
func manageReports(ctx context.Context, args []string, s Streams) error {
	var flags manageFlags
	f := new(flag.FlagSet)
	flags.register(f)
	if err := parse("report", f, args, s); err != nil {
		return err
	}
	if err := noArguments("report", f); err != nil {
		return err
	}
	deeds := map[string]func(context.Context, Streams) error{}
	for name, deed := range map[string]struct {
		wanted bool
		do     func(context.Context, Streams) error
	}{
		"import": {flags.importFile != "", flags.doImport}, "export": {len(flags.export) > 0, flags.doExport},
		"save": {flags.save != "", flags.doSave}, "duplicate": {flags.duplicate != "", flags.doDuplicate}, "remove": {flags.remove != "", flags.doRemove},
	} {
		if deed.wanted {
			deeds[name] = deed.do
		}
	}
	if len(deeds) > 1 {
		return &usageError{what: "only one of --import, --export, --save, --duplicate and --remove can be done at once"}
	}
	for name, do := range deeds {
		if flags.find != "" {
			return reportUsage(&usageError{what: "--find lists reports and --" + name + " does something else: leave one out"})
		}
		return reportUsage(do(ctx, s))
	}
	return flags.list(s)
}

// reportUsage makes wrong usage of what only the person can put right.
func reportUsage(err error) error {
	changes, changing := errors.AsType[*report.ChangesError](err)
	_, format := errors.AsType[*report.FormatError](err)
	_, notSaved := errors.AsType[*report.NotSavedError](err)
	switch {
	case changing:
		return &usageError{what: fmt.Sprintf("%s may change something: %s; --allow-changes lets it", changes.Report, harmless.Line(strings.Join(changes.Commands, "; ")))}
	case errors.Is(err, report.ErrNoColumns):
		return &usageError{what: "--columns is missing: which columns the report gives"}
	case format, notSaved, errors.Is(err, report.ErrTaken), errors.Is(err, report.ErrNotOwn):
		return &usageError{what: harmless.Line(err.Error())}
	}
	return err
}

// doImport shows all that a file would run, and keeps it when the person agrees.
func (o *manageFlags) doImport(ctx context.Context, s Streams) error {
	l, err := library()
	if err != nil {
		return err
	}
	raw, err := atomicfile.Read(o.importFile, report.MostShared)
	if err != nil {
		return &usageError{what: "--import " + o.importFile, err: err}
	}
	shared, err := report.ReadShared(raw)
	if err != nil {
		return err
	}
	review, err := l.Review(shared, s.language())
	if err != nil {
		return err
	}
	writeReview(s.Out, review)
	if !o.allow {
		for _, r := range review {
			if len(r.Changing) > 0 {
				return &report.ChangesError{Report: r.Name, Commands: r.Changing}
			}
		}
	}
	agreed, err := o.agreed(ctx, s)
	if err != nil || !agreed {
		return err
	}
	may := report.ReadingOnly
	if o.allow {
		may = report.AlsoChanges
	}
	names, err := l.Import(ctx, shared, may)
	if err != nil {
		return err
	}
	say(s.Err, "postroom: kept %s\n", strings.Join(names, ", "))
	return nil
}

// agreed asks the person whether to keep what was shown.
func (o *manageFlags) agreed(ctx context.Context, s Streams) (bool, error) {
	if o.yes {
		return true, nil
	}
	return s.agree(ctx, "Keep these?")
}

// writeReview lists every command, those that may change something marked.
func writeReview(w io.Writer, review []report.Reviewed) {
	for _, r := range review {
		name := r.Name
		if r.As != r.Name {
			name += " as " + r.As
		}
		kind := "report"
		if r.Pack {
			kind = "pack"
		}
		say(w, "%s %s: %s\n", kind, name, harmless.Line(r.Title))
		for _, command := range r.Commands {
			mark := " "
			if slices.Contains(r.Changing, command) {
				mark = "!"
			}
			say(w, "  %s %s\n", mark, harmless.Line(command))
		}
	}
}

// doExport writes the file to share.
func (o *manageFlags) doExport(_ context.Context, s Streams) error {
	l, err := library()
	if err != nil {
		return err
	}
	file, err := l.Share(o.export...)
	if err != nil {
		return err
	}
	var to files
	w, err := to.open(o.to, s.Out)
	if err != nil {
		return err
	}
	if _, err = w.Write(file); err != nil {
		return join(err, to.discard())
	}
	return to.keep(true, s.Err)
}

// doSave keeps a line as a report.
func (o *manageFlags) doSave(ctx context.Context, s Streams) error {
	if o.line == "" {
		return &usageError{what: "--save needs --line: what the report runs"}
	}
	l, err := library()
	if err != nil {
		return err
	}
	line, err := cmdlet.Reader{Kinds: reference.New()}.Line(o.line)
	if err != nil {
		return &usageError{what: "--line", err: err}
	}
	made := report.Made{Line: line, Columns: (&outputFlags{columns: o.columns}).columnList()}
	r, err := made.Report()
	if errors.Is(err, report.ErrNoColumns) {
		made.Columns = reference.New().Columns(rowsOf(line.Pipeline))
		r, err = made.Report()
	}
	if err != nil {
		return err
	}
	r.Name, r.Title, r.Allowed = o.save, report.Text{En: o.title}, o.allow
	if o.title == "" {
		r.Title.En = o.save
	}
	saving := report.New
	if o.replace {
		saving = report.Replace
	}
	if err := l.Save(ctx, r, saving); err != nil {
		return err
	}
	say(s.Err, "postroom: kept %s\n", r.Name)
	return nil
}

// doDuplicate keeps a copy under another name.
func (o *manageFlags) doDuplicate(ctx context.Context, s Streams) error {
	l, err := library()
	if err != nil {
		return err
	}
	name, err := l.Duplicate(ctx, o.duplicate, o.as)
	if err != nil {
		return err
	}
	say(s.Err, "postroom: kept %s\n", name)
	return nil
}

// doRemove removes one's own.
func (o *manageFlags) doRemove(ctx context.Context, s Streams) error {
	l, err := library()
	if err != nil {
		return err
	}
	return l.Remove(ctx, o.remove)
}
