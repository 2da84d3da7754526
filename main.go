// Postroom looks after mail in Exchange and Exchange Online Protection: a
// window for people who do not write scripts, and the same jobs from the
// command line. This package only tells the two apart; everything else lives in
// app and below session.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"postroom/app"
	"postroom/app/cli"
)

func main() { os.Exit(start(os.Args[1:])) }

// start runs the window or a command and gives the exit code.
func start(args []string) int {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	signals := make(chan os.Signal, 1)
	listen := func() { signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP) }
	listen()
	go func() { // ends with the first signal, or with the program; further signals change nothing
		<-signals
		cancel()
	}()
	signal.Ignore(syscall.SIGPIPE) // a reader that goes away must not end us with sessions open
	if len(args) > 0 && (cli.Has(args[0]) || !strings.HasPrefix(args[0], "-")) {
		return cli.Run(ctx, args, cli.Standard())
	}
	given, err := cli.ParseWindow(ctx, args, cli.Standard())
	if err != nil {
		return cli.Finish(os.Stderr, err)
	}
	s := app.Start{
		Demo: given.Demo, Tour: given.Tour,
		Claim: func() {
			signal.Ignore(os.Interrupt, syscall.SIGTERM) // takes them from all who listen; not Reset, by which one that comes now would kill us
			listen()
		},
		Exit: func(ctx context.Context, err error) { os.Exit(code(ctx, err)) },
	}
	return code(ctx, app.Main(ctx, s, os.Stdout))
}

// code tells how the window ended and gives the exit code.
func code(ctx context.Context, err error) int {
	if err != nil {
		cli.Explain(os.Stderr, err)
		return cli.ExitConnect
	}
	if ctx.Err() != nil {
		fmt.Fprintln(os.Stderr, "postroom: interrupted; all sessions are closed")
		return cli.ExitInterrupted
	}
	return cli.ExitDone
}
