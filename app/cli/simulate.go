package cli

import (
	"context"
	"flag"
	"fmt"
	"path/filepath"

	"postroom/session/atomicfile"
	"postroom/session/simulator"
)

// simulate does `postroom simulate`: it prints what a client needs and serves
// until it is interrupted, which is its normal end.
func simulate(ctx context.Context, args []string, s Streams) (err error) {
	var o simulator.Options
	var faults string
	f := new(flag.FlagSet)
	f.StringVar(&o.Listen, "listen", "", "listen on `ADDR`, host:port (default: a free port of 127.0.0.1)")
	f.StringVar(&o.Dir, "dir", "", "write the certificate authority into `DIR` (default: a temporary folder)")
	f.IntVar(&o.Rows, "rows", 0, "`N` mailboxes and traced messages a tenant, at most 1000000 (default: each tenant's own size)")
	f.Int64Var(&o.Seed, "seed", 1, "make the data from `N`: the same number gives the same data")
	f.BoolVar(&o.REST, "rest", false, "serve the REST door and an authority to sign in to as well")
	f.StringVar(&faults, "faults", "", "play the faults that `FILE` lists (JSON)")
	if err := parse("simulate", f, args, s); err != nil {
		return err
	}
	if err := noArguments("simulate", f); err != nil {
		return err
	}
	if faults != "" {
		if err = atomicfile.CheckRegular(faults); err != nil {
			return &usageError{command: "simulate", what: "--faults", err: err}
		}
		if o.Faults, err = simulator.ReadFaults(faults); err != nil {
			return &usageError{command: "simulate", what: "--faults", err: err}
		}
	}
	if o.Dir != "" { // what is printed is to be used in another terminal, so from another folder
		if o.Dir, err = filepath.Abs(o.Dir); err != nil {
			return &usageError{command: "simulate", what: "--dir", err: err}
		}
	}
	server, err := simulator.Start(o)
	if err != nil {
		return &usageError{command: "simulate", what: "the simulator does not start", err: err}
	}
	say(s.Out, "url: %s\nca: %s\naccount: %s\npassword: %s\n",
		server.URL(), server.CAFile(), server.Account(), server.Password())
	if o.REST {
		say(s.Out, "rest-url: %s\nauthority: %s\nclient-id: %s\ncertificate: %s\ntenant-id: %s\ngraph: %s\n",
			server.RESTURL(), server.AuthorityURL(), server.ClientID(), server.CertificateFile(), server.TenantID(), server.GraphURL())
	}
	unsaid := s.outcome(nil) // nobody could sign in to it
	if unsaid == nil {
		<-ctx.Done()
	}
	if err := server.Close(); err != nil {
		return join(unsaid, fmt.Errorf("stop the simulator: %w", err))
	}
	return unsaid
}
