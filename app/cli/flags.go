package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

// list is a flag that may be given several times.
type list []string

// String joins the values.
func (l *list) String() string { return strings.Join(*l, ",") }

// Set adds a value.
func (l *list) Set(v string) error {
	*l = append(*l, v)
	return nil
}

// target are the flags that say where to connect and as whom.
type target struct {
	url, endpoint  string
	tenants        list
	tenantsFile    string
	user           string
	passwordStdin  bool
	auth           string
	configuration  string
	ca             string
	allowRedirects list
	sessionLimit   int
	trace          string
}

func (t *target) register(f *flag.FlagSet) {
	f.StringVar(&t.url, "url", "", "connect to `URL`, such as https://mail.contoso.example/PowerShell/")
	f.StringVar(&t.endpoint, "endpoint", "", "connect to the endpoint of that `NAME`")
	f.Var(&t.tenants, "tenant", "work for the customer of that `DOMAIN`; may be repeated")
	f.StringVar(&t.tenantsFile, "tenants", "", "work for the customers in `FILE`, one domain a line")
	f.StringVar(&t.auth, "auth", "", "sign in by basic, ntlm or kerberos (default: the endpoint's own)")
	f.StringVar(&t.configuration, "configuration", "", "session configuration `NAME` (default: the endpoint's own, or Microsoft.Exchange)")
	f.Var(&t.allowRedirects, "allow-redirect", "let the server redirect to `HOST`; may be repeated")
	f.IntVar(&t.sessionLimit, "session-limit", 0, "`N` sessions are allowed to the account (default: the endpoint's own, or 3)")
	f.StringVar(&t.trace, "trace", "", "write a protocol trace without secrets to `FILE`")
	t.registerSignIn(f)
}

// registerSignIn has the flags that also `sessions --close` takes.
func (t *target) registerSignIn(f *flag.FlagSet) {
	f.StringVar(&t.user, "user", "", "sign in as `UPN`")
	f.BoolVar(&t.passwordStdin, "password-stdin", false, "read the password from the first line of standard input (default: the keyring)")
	f.StringVar(&t.ca, "ca", "", "trust the certificates in `FILE` (PEM)")
}

// parse reads the flags; the rest stays in f.Args. The order of the words is
// flags first, then the cmdlet.
func parse(f *flag.FlagSet, args []string, help io.Writer) error {
	f.SetOutput(io.Discard) // errors are written once, by finish
	err := f.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		f.SetOutput(help)
		fmt.Fprintf(help, "usage: postroom %s\n", f.Name())
		f.PrintDefaults()
		return errHelp
	case err != nil:
		return &usageError{what: "postroom " + strings.Fields(f.Name())[0], err: err}
	}
	return nil
}
