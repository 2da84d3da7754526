package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// command is one word of the command line.
type command struct {
	name     string
	synopsis string // what may follow the name
	summary  string // one line for the list of commands
	about    string // paragraphs for its own help
	run      func(context.Context, []string, Streams) error
}

func commands() []command {
	return []command{
		{
			name: "run", synopsis: "[flags] CMDLET [-Parameter [VALUE]]... | --line TEXT",
			summary: "run a cmdlet and write what it gives", about: aboutRun, run: run,
		},
		{
			name: "report", synopsis: "[NAME [flags]] | [--json] [--find TEXT] | --import FILE | --export NAME | --save NAME --line TEXT",
			summary: "the reports and packs; with a name, run one; your own", about: aboutReport, run: runReport,
		},
		{
			name: "cmdlets", synopsis: "[flags] [NAME]... | --find TEXT",
			summary: "what the account may run, or with --offline what is known of all cmdlets", about: aboutCmdlets, run: cmdlets,
		},
		{
			name: "history", synopsis: "[--json] [--find TEXT] | ID [--diff] [flags] | --keep-rows on|off",
			summary: "what ran here, its rows, and what changed since the run before", about: aboutHistory, run: runHistory,
		},
		{
			name: "sessions", synopsis: "[--close] [flags]",
			summary: "what the ledger holds; with --close, delete it on the servers", about: aboutSessions, run: sessions,
		},
		{
			name: "check", synopsis: "[flags]",
			summary: "test each step of the way to tenants, and say who can fix what fails", about: aboutCheck, run: check,
		},
		{
			name: "tenants", synopsis: "[--json] | --confirm | --from-graph [flags]",
			summary: "your list of tenants; with --from-graph, add a partner's", about: aboutTenants, run: runTenants,
		},
		{
			name: "sign-ins", synopsis: "[--sign-out] [--user UPN] [--json]",
			summary: "who is signed in on this computer; with --sign-out, sign out", about: aboutSignIns, run: signIns,
		},
		{
			name: "passwords", synopsis: "[--json] | --forget [--user UPN] [--server HOST] | --change --user UPN --server HOST",
			summary: "whose passwords the keyring keeps; forget or change them", about: aboutPasswords, run: passwords,
		},
		{
			name: "simulate", synopsis: "[flags]",
			summary: "serve a simulated Exchange until interrupted", about: aboutSimulate + aboutFaults(), run: simulate,
		},
		{
			name: "schedule", synopsis: "[--json] | --add 'DAYS TIME' [flags] report NAME ... | --run ID | --remove ID | --seen",
			summary: "what the computer's scheduler runs again and again", about: aboutSchedule, run: schedules,
		},
	}
}

func find(name string) (command, bool) {
	all := commands()
	i := slices.IndexFunc(all, func(c command) bool { return c.name == name })
	if i < 0 {
		return command{}, false
	}
	return all[i], true
}

// Has says whether name is a command of the command line.
func Has(name string) bool {
	_, found := find(name)
	return found || slices.Contains(helpWords(), name)
}

// helpWords are what people type who want to read first.
func helpWords() []string { return []string{"help", "--help", "-help", "-h"} }

// Run does what the arguments, without the program's name, say. It returns the
// exit code. The end of ctx counts as an interruption; what is open on servers
// is closed before it returns.
func Run(ctx context.Context, args []string, s Streams) int {
	s = s.ready()
	return Finish(s.Err, s.outcome(dispatch(ctx, args, s)))
}

func dispatch(ctx context.Context, args []string, s Streams) error {
	switch {
	case len(args) == 0, len(args) == 1 && slices.Contains(helpWords(), args[0]), slices.Equal(args, []string{"help", "help"}):
		writeOverview(s.Out)
		return nil
	case args[0] == "help" && len(args) > 2:
		return &usageError{what: fmt.Sprintf("help takes one command, not %q too", args[2])}
	case args[0] == "help":
		args = []string{args[1], "--help"}
	}
	c, found := find(args[0])
	if !found {
		return &usageError{what: fmt.Sprintf("there is no command %q; there are: %s", args[0], strings.Join(names(), ", "))}
	}
	err := c.run(ctx, args[1:], s)
	if usage, ok := errors.AsType[*usageError](err); ok && usage.command == "" {
		usage.command = c.name
	}
	return err
}

func names() []string {
	var all []string
	for _, c := range commands() {
		all = append(all, c.name)
	}
	return append(all, "help")
}

func writeOverview(w io.Writer) {
	var b strings.Builder
	line := func(command, summary string) { fmt.Fprintf(&b, "  postroom %-13s %s\n", command, summary) }
	line("", "the window")
	line("--demo", "the window, with the simulator started and offered")
	line("--tour DIR", "the demo, driven by itself; screenshots and a CSV file into DIR")
	line("--version", "its version")
	for _, c := range commands() {
		line(c.name, c.summary)
	}
	line("help COMMAND", "more about a command, and its flags")
	b.WriteString(aboutExitCodes)
	sayOwn(w, b.String())
}
