package cli

import (
	"context"
	"flag"
	"fmt"

	"postroom/session/simulator"
)

// simulate does `postroom simulate`: it prints what a client needs and serves
// until it is interrupted, which is its normal end.
func simulate(ctx context.Context, args []string, s Streams) (err error) {
	var o simulator.Options
	var faults string
	f := flag.NewFlagSet("simulate [flags]", flag.ContinueOnError)
	f.StringVar(&o.Listen, "listen", "", "listen on loopback `ADDR` (host:port; default: a free port)")
	f.StringVar(&o.Dir, "dir", "", "write the certificate authority into `DIR` (default: a temporary folder)")
	f.IntVar(&o.Rows, "rows", 0, "`N` mailboxes and traced messages a tenant, at most 1000000 (default: each tenant's own size)")
	f.Int64Var(&o.Seed, "seed", 1, "`N` makes the data: the same number, the same data")
	f.StringVar(&faults, "faults", "", "play the faults that `FILE` lists")
	if err := parse(f, args, s.Out); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return &usageError{what: fmt.Sprintf("simulate takes no argument %q", f.Arg(0))}
	}
	if faults != "" {
		if o.Faults, err = simulator.ReadFaults(faults); err != nil {
			return &usageError{what: "--faults", err: err}
		}
	}
	server, err := simulator.Start(o)
	if err != nil {
		return &usageError{what: "start the simulator", err: err}
	}
	fmt.Fprintf(s.Out, "url: %s\nca: %s\naccount: %s\npassword: %s\n",
		server.URL(), server.CAFile(), server.Account(), server.Password())
	<-ctx.Done()
	if err := server.Close(); err != nil {
		return fmt.Errorf("stop the simulator: %w", err)
	}
	return nil
}
