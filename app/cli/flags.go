package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"

	"postroom/session/credential"
	"postroom/session/endpoint"
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

// count is a whole number from 1; 0 means that the flag was not given.
type count int

// errCount is a number that counts nothing.
var errCount = errors.New("give a whole number from 1")

// String gives the number, nothing for none.
func (c *count) String() string {
	if c == nil || *c == 0 {
		return ""
	}
	return fmt.Sprint(int(*c))
}

// Set reads the number.
func (c *count) Set(v string) error {
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 {
		return errCount
	}
	*c = count(n)
	return nil
}

// signInFlags say as whom, and whose certificates are trusted.
type signInFlags struct {
	user          string
	passwordStdin bool
	ca            string

	first *credential.Secret // the first line of standard input, where it was read before
}

func (t *signInFlags) register(f *flag.FlagSet) {
	f.StringVar(&t.user, "user", "", "sign in as `UPN`")
	f.BoolVar(&t.passwordStdin, "password-stdin", false, "read the password from the first line of standard input, not from the keyring")
	f.StringVar(&t.ca, "ca", "", "trust the certificates in `FILE` (PEM), and no others")
}

// connectFlags say where to connect, for whom and as whom. It has a field for each flag.
type connectFlags struct {
	signInFlags
	url, endpoint  string
	tenants        list
	tenantsFile    string
	auth           string
	authority      string
	clientID       string
	certificate    string
	scope          string
	basePath       string
	moduleVersion  string
	configuration  string
	allowRedirects list
	sessionLimit   count
	tryNow         bool

	// the person's lists, as resolve read them
	known     *endpoint.Tenants
	directory *endpoint.Directory
}

func (t *connectFlags) register(f *flag.FlagSet) {
	f.StringVar(&t.url, "url", "", "connect to `URL`, such as https://mail.contoso.example/PowerShell/; a line of New-PSSession or Connect-ExchangeOnline does, too")
	f.StringVar(&t.endpoint, "endpoint", "", "connect to the endpoint of that `NAME`, from the catalogue or your own")
	f.Var(&t.tenants, "tenant", "work for the tenant of that `DOMAIN` or GUID; may be repeated")
	f.StringVar(&t.tenantsFile, "tenants", "", "work for the tenants in `FILE`, one domain a line")
	f.StringVar(&t.auth, "auth", "", "sign in by `METHOD`: basic, ntlm or kerberos; in the cloud modern (in the browser), device (by a code) or app (by a certificate) (default: the endpoint's own)")
	f.StringVar(&t.authority, "authority", "", "for modern, device and app: sign in at `URL` (default: that of the endpoint's cloud)")
	f.StringVar(&t.clientID, "client-id", "", "for modern, device and app: sign in with the application of that `ID` (default: that of Microsoft's own module)")
	f.StringVar(&t.certificate, "certificate", "", "for app: the application's certificate in `FILE`, PEM with its key or PFX; its passphrase by --password-stdin")
	f.StringVar(&t.scope, "scope", "", "for modern, device and app: ask for tokens of the resource `SCOPE`, such as https://outlook.office365.com/.default (default: that of the address)")
	f.StringVar(&t.basePath, "base-path", "", "for modern, device and app: find the commands at `PATH` below the address (default: "+endpoint.DefaultBasePath+")")
	f.StringVar(&t.moduleVersion, "module-version", "", "for modern, device and app: ask for the cmdlets as version `N` of Microsoft's module would (default: "+endpoint.DefaultModuleVersion+")")
	f.StringVar(&t.configuration, "configuration", "", "use the session configuration `NAME` (default: the endpoint's own, most often Microsoft.Exchange)")
	f.Var(&t.allowRedirects, "allow-redirect", "let the server redirect to `HOST[:PORT]` (without a port, the port that was asked for and 443); may be repeated")
	f.BoolVar(&t.tryNow, "try-now", false, "where a session would have to wait, try at once: sessions that may be gone do not count, and a refusal is not waited out; the server may refuse again")
	f.Var(&t.sessionLimit, "session-limit", "the account may hold `N` sessions there (default: the endpoint's own)")
	t.signInFlags.register(f)
}

// parse reads the flags of the command, wherever they stand; the words between them
// stay in f.Args.
func parse(name string, f *flag.FlagSet, args []string, s Streams) error {
	return parsed(name, f, s, everywhere(f, args))
}

// parseFirst is parse for a command whose words are a command line of their own: the
// flags stand before them.
func parseFirst(name string, f *flag.FlagSet, args []string, s Streams) error {
	return parsed(name, f, s, func() error { return f.Parse(args) })
}

// everywhere reads flags between words; behind -- all are words.
func everywhere(f *flag.FlagSet, args []string) func() error {
	return func() error {
		var words []string
		for left := args; len(left) > 0; {
			if err := f.Parse(left); err != nil {
				return err
			}
			rest := f.Args()
			if read := len(left) - len(rest); read > 0 && left[read-1] == "--" || len(rest) == 0 {
				words = append(words, rest...)
				break
			}
			words, left = append(words, rest[0]), rest[1:]
		}
		return f.Parse(append([]string{"--"}, words...))
	}
}

// wordsAmong are the words between flags, which register tells apart from their
// values; ok is false where the flags cannot be read.
func wordsAmong(register func(*flag.FlagSet), args []string) (words []string, ok bool) {
	f := flag.NewFlagSet("", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	register(f)
	err := everywhere(f, args)()
	return f.Args(), err == nil
}

func parsed(name string, f *flag.FlagSet, s Streams, read func() error) error {
	f.Init(name, flag.ContinueOnError)
	f.SetOutput(io.Discard) // errors are written once, by Finish
	err := read()
	switch {
	case errors.Is(err, flag.ErrHelp):
		c, _ := find(name)
		writeHelp(s.Out, c, f)
		return errHelp
	case err != nil:
		return &usageError{command: name, what: twoDashes(err.Error())}
	}
	return nothingEmpty(f)
}

// nothingEmpty refuses a flag with an empty value, which is a variable of a
// script that was not set: --tenants "" must not ask another organization.
func nothingEmpty(f *flag.FlagSet) error {
	var empty []string
	f.Visit(func(given *flag.Flag) {
		if given.Value.String() == "" {
			empty = append(empty, "--"+given.Name)
		}
	})
	if len(empty) == 0 {
		return nil
	}
	return &usageError{what: fmt.Sprintf("the value of %s is empty: give one, or leave the flag out", strings.Join(empty, ", "))}
}

// twoDashes writes a flag as the manuals do: the package flag says -name.
func twoDashes(text string) string {
	for _, before := range []string{"not defined: ", "for flag ", "for ", "an argument: "} {
		text = strings.ReplaceAll(text, before+"-", before+"--")
	}
	return text
}

// noArguments refuses words that a command has no use for.
func noArguments(name string, f *flag.FlagSet) error {
	if f.NArg() == 0 {
		return nil
	}
	return &usageError{command: name, what: fmt.Sprintf("%s takes no argument %q", name, f.Arg(0))}
}
