package cli

import (
	"flag"

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
