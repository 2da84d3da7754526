package endpoint

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"postroom/session/cmdlet"
)

// TextReason says why a pasted text was not understood.
type TextReason int

// The reasons of a *TextError.
const (
	TextNoAddress   TextReason = iota // neither a URL nor a command that connects
	TextVariable                      // a variable or expression stands where the address should be
	TextPlaceholder                   // <customer> or {host} was not replaced
	TextUnsupported                   // a parameter asks for a way that we do not have
	TextBadValue                      // the value of a parameter is not one that it can have
	TextBadAddress                    // the address is not http or https, or has no host
	TextPassword                      // the address holds a password
	TextElsewhere                     // the command connects to another service than Exchange
	TextRetired                       // the cloud that is named is closed
	TextPort                          // the port is no number from 1 to 65535
	TextSeveral                       // a parameter is there more than once, or has more than one value
	TextBeside                        // a parameter stands beside -ConnectionUri, which says the same
	TextAddresses                     // the text has more than one address
	TextSplatting                     // parameters are handed over in a table: @name
	TextNoBrackets                    // an IPv6 address stands without square brackets
)

// TextError is a pasted text that is no connection. It repeats names from the
// text, never values, because people paste passwords.
type TextError struct {
	Reason TextReason
	Name   string // of the parameter, variable or placeholder; may be empty
}

// Error names the reason.
func (e *TextError) Error() string {
	what := [...]string{
		"no address and no New-PSSession in the text", "not set in the text", "a placeholder stands in the address",
		"not supported", "not a value that the parameter can have", "not an http or https address", "the address holds a password",
		"connects to another service", "a cloud that is closed", "not a port", "more than one value", "stands beside -ConnectionUri",
		"more than one address in the text", "parameters in a table", "an IPv6 address without square brackets",
	}[e.Reason]
	if e.Name == "" {
		return "endpoint: pasted text: " + what
	}
	return fmt.Sprintf("endpoint: pasted text: %s: %s", e.Name, what)
}

const (
	configurationPrefix   = "http://schemas.microsoft.com/powershell/"
	exchangeConfiguration = "Microsoft.Exchange"
	windowsConfiguration  = "Microsoft.PowerShell"
)

// Address is what an address says, or a line that connects.
type Address struct {
	// Endpoint is where it leads. It is Own and has no ID unless a Directory knows it.
	Endpoint Endpoint
	// Tenant is the one that DelegatedOrg, -DelegatedOrganization, -Organization or the
	// address of the authority or of InvokeCommand names, else zero.
	Tenant Tenant
	// User is the account's name; empty if the text has none.
	User string
}

// parseAddress understands what people have at hand: a ConnectionUri, or a line or script
// with New-PSSession, Enter-PSSession, Invoke-Command, Connect-ExchangeServer,
// Connect-ExchangeOnline or Connect-IPPSSession, as PowerShell would: quotes, backticks,
// abbreviated parameters, variables that the text itself sets to a plain text, the prompt
// that is copied along. What documents and mails make of it is undone first, see plainText.
// Else, and where a sentence only speaks of such a command, it takes the one address of a
// remote PowerShell that stands in the text. It returns
// *TextError, *TenantsError where two tenants are named, or *DomainError for the tenant;
// with the address, what the parameters of a command said.
//
// A command that leads to one of Microsoft's clouds leads to its REST door, also an old
// New-PSSession: the classic one is closed. An address that stands alone is taken as it
// is written.
//
// Parameters that change nothing for us (Name, ThrottleLimit, AllowRedirection
// and the like) are passed over; those that ask for another way to connect
// (SSH, virtual machines, and certificates elsewhere than in the cloud) are errors.
func parseAddress(text string) (Address, connection, error) {
	text = plainText(text[:min(len(text), longestText)])
	if rawURL, ok := bareURL(text); ok {
		return addressOf(rawURL, connection{})
	}
	if strings.HasPrefix(strings.TrimSpace(text), "-") {
		text = "New-PSSession " + strings.TrimSpace(text) // its parameters alone
	}
	rawURL, severalErr := onlyURL(text)
	a, said, err := commandIn(text, rawURL != "" || severalErr != nil)
	none, isText := errors.AsType[*TextError](err)
	switch {
	case !isText, none.Reason != TextNoAddress && none.Reason != TextElsewhere:
		return a, said, err
	case rawURL != "":
		return addressOf(rawURL, connection{})
	}
	return Address{}, connection{}, cmp.Or(severalErr, err)
}

// commandIn is where the first command of a text that connects leads, and what its
// parameters said; hasURL says that the text has an address of a remote PowerShell. Without
// such a command it returns *TextError with TextNoAddress or TextElsewhere.
func commandIn(text string, hasURL bool) (Address, connection, error) {
	none := &TextError{Reason: TextNoAddress}
	users := map[string]string{}
	var first Address
	var said connection // by the first command that connects
	found := false
	for _, c := range cmdlet.Calls(text, understood) {
		name := strings.ToLower(c.Name)
		switch {
		case name == "get-credential":
			users[c.Variable] = credentialUser(c)
			continue
		case slices.Contains(elsewhere(), name):
			if none.Name == "" {
				none = &TextError{Reason: TextElsewhere, Name: c.Name}
			}
			continue
		case spokenOf(name, c.Args, hasURL):
			continue
		}
		a, given, err := called(name, c.Args, users)
		missing, isText := errors.AsType[*TextError](err)
		switch {
		case isText && missing.Reason == TextNoAddress:
		case !found && err != nil:
			return Address{}, given, err
		case !found:
			first, said, found = a, given, true
		case err == nil: // the first is taken, unless another means another tenant
			if _, err := OneTenant(first.Tenant, a.Tenant); err != nil {
				return Address{}, said, err
			}
		}
	}
	if !found {
		return Address{}, connection{}, none
	}
	return first, said, nil
}

// spokenOf says that a sentence only speaks of a command that leads to a server: it has no
// parameter with a name, and beside it an address, or more words than a command takes.
func spokenOf(name string, args []cmdlet.CallArg, hasURL bool) bool {
	return slices.Contains(connecting(), name) && !toCloud(name) && (hasURL || len(args) > 2) &&
		!slices.ContainsFunc(args, func(a cmdlet.CallArg) bool { return a.Parameter != "" || strings.HasPrefix(a.Unknown, "@") })
}

// longestText is how much of a pasted text is read, in bytes.
const longestText = 1 << 20

// called is where the command with this name leads.
func called(name string, args []cmdlet.CallArg, users map[string]string) (Address, connection, error) {
	given, err := connectionOf(name, args, users)
	if err != nil {
		return Address{}, given, err
	}
	if given.line = true; toCloud(name) {
		a, cloudErr := given.cloudAddress(name)
		return a, given, cloudErr
	}
	rawURL, err := given.address(name)
	if err != nil {
		return Address{}, given, err
	}
	return addressOf(rawURL, given)
}

// understood says that a command is looked for in a text.
func understood(name string) bool {
	name = strings.ToLower(name)
	return name == "get-credential" || slices.Contains(connecting(), name) || slices.Contains(elsewhere(), name)
}

func connecting() []string {
	return []string{
		"new-pssession", "enter-pssession", "etsn", "nsn", "invoke-command", "icm", "connect-pssession",
		"connect-exchangeonline", "connect-ippssession", "connect-exopssession", "new-exopssession", "connect-exchangeserver",
	}
}

// elsewhere are commands that stand in the same scripts and lead to other
// services.
func elsewhere() []string {
	return []string{
		"connect-msolservice", "connect-azuread", "connect-mggraph", "connect-entra", "connect-azaccount", "connect-sposervice",
		"connect-pnponline", "connect-microsoftteams", "new-csonlinesession", "connect-aipservice", "connect-viva",
	}
}

// connectionOf reads the arguments of the command with this name. users are the accounts
// that credentials in variables are for.
func connectionOf(commandName string, args []cmdlet.CallArg, users map[string]string) (connection, error) {
	given := connection{seen: map[string]string{}}
	for _, a := range args {
		if isSwitch(fullName(commandName, a.Parameter)) && a.HasValue && a.Unknown == "" && a.Text != "true" && a.Text != "false" {
			if err := given.apply(commandName, cmdlet.CallArg{Parameter: a.Parameter}, users); err != nil {
				return given, err
			}
			a.Parameter = "" // the value belongs to the next position: -UseSSL server
		}
		if a.Parameter == "" {
			var err error
			if a.Parameter, err = given.position(commandName, a); err != nil {
				return given, err
			}
			if a.Parameter == "" {
				continue
			}
		}
		if err := given.apply(commandName, a, users); err != nil {
			return given, err
		}
	}
	return given, given.beside()
}

// position is the parameter that a value without one is for; "" where it says nothing
// about the connection.
func (c *connection) position(commandName string, a cmdlet.CallArg) (string, error) {
	if strings.HasPrefix(a.Unknown, "@") {
		return "", &TextError{Reason: TextSplatting, Name: a.Unknown} // it may have the address
	}
	if a.Text == "" && a.Unknown == "" { // a script block
		return "", nil
	}
	if toCloud(commandName) && a.Unknown == "" && !strings.ContainsAny(strings.TrimRight(a.Text, ".:"), ".:") {
		return "", nil // a word of the sentence in which the command is named
	}
	all := positions(commandName)
	for _, p := range all {
		if _, taken := c.seen[strings.ToLower(p)]; !taken {
			return p, nil
		}
	}
	if len(all) == 1 {
		return "", &TextError{Reason: TextSeveral, Name: "-" + all[0]}
	}
	return "", nil
}

// apply takes the value of a parameter.
func (c *connection) apply(commandName string, a cmdlet.CallArg, users map[string]string) error {
	name := fullName(commandName, a.Parameter)
	apply, ok := parameters(commandName)[name]
	if !ok {
		return &TextError{Reason: TextUnsupported, Name: "-" + a.Parameter}
	}
	if apply == nil {
		return nil
	}
	value, err := valueOf(name, a, users)
	if err != nil {
		return err
	}
	if strings.Contains(value, "<") { // PowerShell has it for a redirection
		return &TextError{Reason: TextPlaceholder}
	}
	_, again := c.seen[name]
	c.seen[name] = "-" + a.Parameter
	switch {
	case again && !isTenant(name): // two tenants are told by their names
		return &TextError{Reason: TextSeveral, Name: "-" + a.Parameter}
	case value == "" && isTenant(name): // who says one means no own tenant
		return &TextError{Reason: TextBadValue, Name: "-" + a.Parameter}
	case value != "" || isSwitch(name) || isCertificate(name):
		apply(c, value)
	}
	return nil
}

// beside refuses what says a second time where to connect.
func (c *connection) beside() error {
	if c.uri == "" {
		return nil
	}
	for _, name := range ofServers() {
		if written, ok := c.seen[name]; ok {
			return &TextError{Reason: TextBeside, Name: written}
		}
	}
	return nil
}

// valueOf is the text of an argument. A variable is an error where its value is needed,
// and a credential is looked up for its user name.
func valueOf(name string, a cmdlet.CallArg, users map[string]string) (string, error) {
	if name == "credential" {
		for _, c := range a.Calls {
			return credentialUser(c), nil
		}
		if variable, ok := strings.CutPrefix(a.Unknown, "$"); ok {
			return users[strings.ToLower(variable)], nil
		}
		return a.Text, nil
	}
	if a.Unknown == "" {
		return a.Text, nil
	}
	switch name {
	case "connectionuri", "computername", "serverfqdn", "configurationname", "delegatedorganization", "port", "applicationname",
		"exchangeenvironmentname", "organization", "appid", "azureadauthorizationendpointuri":
		return "", &TextError{Reason: TextVariable, Name: a.Unknown}
	}
	return "", nil
}

// credentialUser is the account that Get-Credential names.
func credentialUser(c cmdlet.Call) string {
	for _, a := range c.Args {
		switch name := strings.ToLower(a.Parameter); {
		case !strings.EqualFold(c.Name, "get-credential"):
		case name == "", name == "credential", name == "username":
			return a.Text
		}
	}
	return ""
}

// address is the URL that the command would connect to.
func (c connection) address(commandName string) (string, error) {
	switch {
	case c.uri != "":
		return c.uri, nil
	case commandName == "connect-exchangeserver" && c.computer != "":
		if !validHost(c.computer) {
			return "", &TextError{Reason: TextBadValue, Name: "-ServerFqdn"}
		}
		return "http://" + c.computer + "/PowerShell/", nil
	case c.computer != "":
		return c.computerURL()
	}
	return "", &TextError{Reason: TextNoAddress}
}

func (c connection) computerURL() (string, error) {
	scheme, port := "http", "5985"
	if c.ssl {
		scheme, port = "https", "5986"
	}
	if c.port != "" {
		if !validPort(c.port) {
			return "", &TextError{Reason: TextPort, Name: "-Port"}
		}
		port = c.port
	}
	if !validHost(c.computer) {
		return "", &TextError{Reason: TextBadValue, Name: "-ComputerName"}
	}
	host := c.computer
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	application := c.application
	if application == "" {
		application = "wsman"
	}
	return scheme + "://" + host + ":" + port + "/" + strings.TrimPrefix(application, "/"), nil
}

// addressOf makes the endpoint for a URL and what else was said.
func addressOf(rawURL string, given connection) (Address, connection, error) {
	fail := func(err error) (Address, connection, error) { return Address{}, given, err }
	rawURL, u, err := parseURL(rawURL)
	if err != nil {
		return fail(err)
	}
	rawURL, domains := cutTenants(rawURL)
	rawURL = withoutPunctuation(rawURL)
	tenant, err := given.tenant(append(domains, pathTenant(u.Path)...)...)
	if err != nil {
		return fail(err)
	}
	if adminParts(u.Path) != nil && u.Scheme != "https" { // a token is sent
		return fail(&TextError{Reason: TextBadAddress})
	}
	if to, modern := modernOf(u, given.line); modern {
		given.classic = rawURL
		a, cloudErr := given.cloud(to, tenant)
		return a, given, cloudErr
	}
	e, err := given.endpoint(guess(u))
	if err != nil {
		return fail(err)
	}
	e.URL = rawURL
	e.Delegation = e.Delegation || !tenant.IsZero()
	return Address{Endpoint: e, Tenant: tenant, User: given.user}, given, nil
}

// parseURL reads an address of a server, and gives it as it is kept.
func parseURL(rawURL string) (kept string, u *url.URL, err error) {
	rawURL, _, _ = strings.Cut(strings.TrimSpace(rawURL), "#") // of no use to the server
	rawURL = withoutPunctuation(rawURL)
	if i := strings.IndexAny(rawURL, "<{"); i >= 0 && !strings.Contains(rawURL[:i], "?") || strings.Contains(rawURL, "<") {
		return "", nil, &TextError{Reason: TextPlaceholder}
	}
	if !utf8.ValidString(rawURL) || strings.ContainsFunc(rawURL, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == utf8.RuneError }) {
		return "", nil, &TextError{Reason: TextBadAddress}
	}
	if lacksBrackets(rawURL) {
		return "", nil, &TextError{Reason: TextNoBrackets}
	}
	if rawURL = withHostAsKept(rawURL); !portFits(rawURL) {
		return "", nil, &TextError{Reason: TextPort}
	}
	u, err = url.Parse(rawURL)
	switch {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", !validHost(u.Hostname()), !isASCII(u.Hostname()):
		return "", nil, &TextError{Reason: TextBadAddress}
	case u.User != nil:
		return "", nil, &TextError{Reason: TextPassword}
	}
	return rawURL, u, nil
}

// endpoint is e with what the parameters say about it.
func (c connection) endpoint(e Endpoint) (Endpoint, error) {
	if c.configuration != "" {
		e.Configuration = trimPrefixFold(c.configuration, configurationPrefix)
	}
	if c.authentication != "" {
		if e.Auth = methods(c.authentication); e.Auth == nil {
			return e, &TextError{Reason: TextUnsupported, Name: "-Authentication"}
		}
	}
	return e, nil
}

func trimPrefixFold(s, prefix string) string {
	if len(s) > len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return s[len(prefix):]
	}
	return s
}
