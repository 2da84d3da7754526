package cli

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"postroom/app/folders"
	"postroom/session"
	"postroom/session/catalogue"
	"postroom/session/cmdlet"
	"postroom/session/reference"
	"postroom/session/search"
)

// cmdletsFlags are the flags of cmdlets.
type cmdletsFlags struct {
	connectFlags
	offline, json bool
	service, find string
}

func (o *cmdletsFlags) register(f *flag.FlagSet) {
	o.connectFlags.register(f)
	f.BoolVar(&o.offline, "offline", false, "ask no server: what the built-in reference knows")
	f.StringVar(&o.service, "service", "", "with --offline: only what `NAME` has: EXO, EOP, SCC, 2010, 2013, 2016, 2019, SE or onprem")
	f.BoolVar(&o.json, "json", false, "write JSON")
	f.StringVar(&o.find, "find", "", "only those that `TEXT` means, the best first: words as people say them, English or German")
}

// cmdlets does `postroom cmdlets [flags] [NAME]...`.
func cmdlets(ctx context.Context, args []string, s Streams) error {
	var flags cmdletsFlags
	f := new(flag.FlagSet)
	flags.register(f)
	err := parse("cmdlets", f, args, s)
	if err == nil {
		err = flags.do(ctx, s, f)
	}
	if usage, ok := errors.AsType[*usageError](err); ok {
		usage.command = "cmdlets"
	}
	return err
}

func (o *cmdletsFlags) do(ctx context.Context, s Streams, f *flag.FlagSet) error {
	if o.find != "" && f.NArg() > 0 {
		return &usageError{what: "--find looks for cmdlets and " + f.Arg(0) + " names one: leave one out"}
	}
	if err := findable(o.find); err != nil {
		return err
	}
	all, err := o.list(ctx, s, f)
	if err != nil {
		return err
	}
	chosen, err := choose(all, f.Args())
	if o.find != "" {
		chosen = meant(all, o.find)
	}
	switch {
	case err != nil:
		return err
	case o.json:
		return writeCmdletsJSON(s.Out, chosen)
	case f.NArg() == 0:
		return writeCmdletList(s.Out, chosen)
	}
	describeCmdlets(s.Out, chosen)
	return nil
}

// The sources of what is said of a cmdlet.
const (
	fromReference = "reference"
	fromServer    = "server"
	fromBoth      = "server and reference"
)

// known is a cmdlet and who knows of it.
type known struct {
	reference.Cmdlet

	synopsis, source string
	help             func(parameter string) string
}

// list gives the reference's cmdlets or the server's.
func (o *cmdletsFlags) list(ctx context.Context, s Streams, f *flag.FlagSet) ([]known, error) {
	if !o.offline {
		if o.service != "" {
			return nil, &usageError{what: "--service goes with --offline: a server has its own list"}
		}
		return o.ask(ctx, s, f.Args())
	}
	var needless []string
	f.Visit(func(given *flag.Flag) {
		if !slices.Contains([]string{"offline", "service", "json", "find"}, given.Name) {
			needless = append(needless, "--"+given.Name)
		}
	})
	if len(needless) > 0 {
		return nil, &usageError{what: fmt.Sprintf("--offline asks no server, so %s says nothing: leave one out", strings.Join(needless, ", "))}
	}
	var services reference.Services
	if o.service != "" {
		var err error
		if services, err = reference.ParseServices(o.service); err != nil {
			return nil, &usageError{what: "--service", err: err}
		}
	}
	r, language := reference.New(), s.language()
	var all []known
	for _, name := range r.Names(services) {
		c, _ := r.Cmdlet(name)
		all = append(all, fromReferenceAlone(r, c, language))
	}
	return all, nil
}

func fromReferenceAlone(r *reference.Reference, c reference.Cmdlet, language string) known {
	return explained(r, c, cmdlet.Help{}, language)
}

// explained is a cmdlet with the reference's words, and the server's where there are none.
func explained(r *reference.Reference, c reference.Cmdlet, help cmdlet.Help, language string) known {
	return known{
		Cmdlet: c, synopsis: r.Summary(c.Name, help).In(language), source: fromReference,
		help: func(parameter string) string { return r.Explains(c.Name, parameter, help).In(language) },
	}
}

// laidOver is the server's cmdlet with what the reference and the server's help add.
func laidOver(r *reference.Reference, server cmdlet.Cmdlet, help cmdlet.Help, language string) known {
	k := explained(r, r.Needed(r.Lay(server), help), help, language)
	k.synopsis = cmp.Or(server.Synopsis, k.synopsis)
	k.source = fromServer
	if _, found := r.Cmdlet(server.Name); found {
		k.source = fromBoth
	}
	ours := k.help
	k.help = func(parameter string) string {
		p, _ := server.Parameter(parameter)
		return cmp.Or(p.Help, ours(parameter))
	}
	return k
}

// ask opens a session, asks for the account's cmdlets, and for help on those that are
// named, and closes it.
func (o *cmdletsFlags) ask(ctx context.Context, s Streams, names []string) (all []known, err error) {
	targets, err := o.resolve(s)
	if err != nil {
		return nil, err
	}
	if len(targets) > 1 {
		return nil, &usageError{what: "roles differ from tenant to tenant: ask for one"}
	}
	ctx = s.atKeyring(ctx)
	way, err := o.enter(ctx, s, targets, nil)
	if err != nil {
		return nil, err
	}
	target := targets[0]
	book, err := openLedger(s.Err)
	if err != nil {
		return nil, err
	}
	defer func() { err = join(err, book.Close()) }()
	manager := session.NewManager(session.Options{Doors: way.Doors, Ledger: book})
	defer manager.Guard()
	learn := learnFrom(manager)
	deleteLeftovers(ctx, s, manager, target)
	opening, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	waiting := newWaits(s, target)
	waiting.giveUp = func(_ session.Info, why error) { giveUp(why) }
	if o.tryNow {
		waiting.tryNow = manager.TryNow
	}
	manager.Observe(waiting)
	list, err := commandsOf(opening, s, manager, target)
	helps := map[string]cmdlet.Help{}
	for _, name := range names {
		if !slices.ContainsFunc(list, func(c cmdlet.Cmdlet) bool { return strings.EqualFold(c.Name, name) }) {
			continue
		}
		if help, helpErr := manager.Explain(ctx, target, name); helpErr == nil { // else the reference has to do
			helps[strings.ToLower(name)] = help
		}
	}
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
	defer cancel()
	if err = join(err, manager.CloseAll(closing), learn.keep(closing, s)); err != nil {
		return nil, err
	}
	r := reference.New()
	for _, c := range list {
		all = append(all, laidOver(r, c, helps[strings.ToLower(c.Name)], s.language()))
	}
	slices.SortFunc(all, func(a, b known) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return all, nil
}

// commandsOf asks in a session of its own.
func commandsOf(ctx context.Context, s Streams, m *session.Manager, t session.Target) ([]cmdlet.Cmdlet, error) {
	id, err := m.Open(ctx, t)
	if err != nil {
		return nil, runError(err)
	}
	dir, err := folders.State()
	if err != nil {
		return nil, err
	}
	owner := catalogue.Owner{Holder: t.Holder(), Tenant: t.Tenant.Domain}
	may, err := catalogue.At(filepath.Join(dir, catalogue.Folder)).Of(ctx, owner, m.CommandsKey(id), func(ctx context.Context) ([]cmdlet.Cmdlet, error) {
		return m.Commands(ctx, id)
	})
	if is[*catalogue.NotKeptError](err) {
		Explain(s.Err, err)
		err = nil
	}
	if err != nil {
		return nil, runError(err)
	}
	return may.Cmdlets, nil
}

// choose gives those that are named, in the order of the names; all for no name.
func choose(all []known, names []string) ([]known, error) {
	if len(names) == 0 {
		return all, nil
	}
	var chosen []known
	for _, name := range names {
		i := slices.IndexFunc(all, func(k known) bool { return strings.EqualFold(k.Name, name) })
		if i < 0 {
			return nil, &usageError{what: fmt.Sprintf("there is no cmdlet %q among the %d%s", name, len(all), likely(all, name))}
		}
		chosen = append(chosen, all[i])
	}
	return chosen, nil
}

// meant are those that a text means, the best first.
func meant(all []known, text string) (found []known) {
	names, byName := make([]string, len(all)), make(map[string]known, len(all))
	for i, k := range all {
		names[i], byName[k.Name] = k.Name, k
	}
	for _, e := range search.New(reference.New().Entries(names)).Find(text, search.Preference{}) {
		found = append(found, byName[e.ID])
	}
	return found
}

// findable refuses a --find in which there is nothing to look for: a list of everything
// would be read as its answer.
func findable(text string) error {
	if text != "" && search.Wordless(text) {
		return &usageError{what: fmt.Sprintf("--find %q has no word in it", text)}
	}
	return nil
}

// likely names those that may have been meant.
func likely(all []known, name string) string {
	var found []string
	for _, k := range meant(all, name) {
		if found = append(found, k.Name); len(found) == 3 {
			break
		}
	}
	if len(found) == 0 {
		return ""
	}
	return "; perhaps " + strings.Join(found, ", ")
}

// riskWord is how much a cmdlet may change, in a word.
func riskWord(r cmdlet.Risk) string {
	return map[cmdlet.Risk]string{cmdlet.Reads: "reads", cmdlet.Changes: "changes", cmdlet.Destroys: "destroys"}[r]
}
