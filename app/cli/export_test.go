package cli

import (
	"context"
	"flag"

	"postroom/session/credential"
	"postroom/session/endpoint"
)

// Place is where the flags say to connect.
func Place(s Streams, args ...string) (endpoint.Address, error) {
	var flags connectFlags
	var f flag.FlagSet
	flags.register(&f)
	if err := parse("run", &f, args, s); err != nil {
		return endpoint.Address{}, err
	}
	return flags.place(s)
}

// Ready makes streams fit for questions.
func (s Streams) Ready() Streams { return s.ready() }

// AskSecret asks the person at the terminal.
func AskSecret(ctx context.Context, s Streams, question string) (credential.Secret, error) {
	return askSecret(ctx, s, question, "nothing was typed")
}
