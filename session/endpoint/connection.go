package endpoint

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"

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
		"connects to another service", "a cloud that is closed",
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
	// address of the authority names, else zero. Named by a GUID it has no domain.
	Tenant Tenant
	// User is the account's name; empty if the text has none.
	User string
}

// parseAddress understands what people have at hand: a ConnectionUri, or a line or script
// with New-PSSession, Enter-PSSession, Invoke-Command, Connect-ExchangeServer,
// Connect-ExchangeOnline or Connect-IPPSSession, as PowerShell would: quotes, backticks,
// abbreviated parameters, variables that the text itself sets to a plain text, the prompt
// that is copied along. Else it takes the one address of a remote PowerShell that stands
// in the text. It returns *TextError, or *DomainError for the tenant;
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
	text = plainBlanks(withoutUnseen(text))
	if rawURL, ok := bareURL(text); ok {
		return addressOf(rawURL, connection{})
	}
	if r, _ := utf8.DecodeRuneInString(strings.TrimSpace(text)); isDash(r) {
		text = "New-PSSession " + strings.TrimSpace(text) // its parameters alone
	}
	none := &TextError{Reason: TextNoAddress}
	users := map[string]string{}
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
		}
		given, err := connectionOf(name, c.Args, users)
		if err != nil {
			return Address{}, given, err
		}
		if given.line = true; given.toCloud(name) {
			a, cloudErr := given.cloudAddress(name)
			return a, given, cloudErr
		}
		rawURL, err := given.address(name)
		if missing, ok := errors.AsType[*TextError](err); ok && missing.Reason == TextNoAddress {
			continue
		}
		if err != nil {
			return Address{}, given, err
		}
		return addressOf(rawURL, given)
	}
	if rawURL, ok := onlyURL(text); ok {
		return addressOf(rawURL, connection{})
	}
	return Address{}, connection{}, none
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
	var given connection
	for _, a := range args {
		var err error
		if a.Parameter == "" {
			err = given.positional(commandName, a)
		} else {
			err = given.apply(commandName, a, users)
		}
		if err != nil {
			return given, err
		}
	}
	return given, nil
}

// positional takes a value without a parameter.
func (c *connection) positional(commandName string, a cmdlet.CallArg) error {
	if strings.HasPrefix(a.Unknown, "@") {
		return &TextError{Reason: TextVariable, Name: a.Unknown} // splatting: it may have the address
	}
	if c.computer != "" || c.uri != "" || !takesComputer(commandName) {
		return nil
	}
	if a.Unknown != "" {
		return &TextError{Reason: TextVariable, Name: a.Unknown}
	}
	c.computer = a.Text
	return nil
}

// apply takes the value of a parameter.
func (c *connection) apply(commandName string, a cmdlet.CallArg, users map[string]string) error {
	name := fullName(a.Parameter)
	apply, ok := parameters()[name]
	if modern, known := modernParameters()[name]; known && slices.Contains(modernCommands(), commandName) {
		apply, ok = modern, true
	} else if slices.Contains(unsupported(), name) {
		ok = false
	}
	if !ok {
		return &TextError{Reason: TextUnsupported, Name: "-" + a.Parameter}
	}
	value, err := valueOf(name, a, users)
	if err != nil {
		return err
	}
	if value != "" || name == "usessl" || name == "device" || isCertificate(name) {
		apply(c, value)
	}
	return nil
}

// takesComputer reports whether the first value without a parameter is the
// computer's name.
func takesComputer(commandName string) bool {
	switch commandName {
	case "new-pssession", "nsn", "enter-pssession", "etsn", "connect-pssession", "connect-exchangeserver":
		return true
	}
	return false
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
		if strings.Trim(c.port, "0123456789") != "" || len(c.port) > 5 {
			return "", &TextError{Reason: TextBadValue, Name: "-Port"}
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
	domain := given.tenant
	switch {
	case len(domains) > 1: // a server may take either
		return fail(&TextError{Reason: TextBadValue, Name: delegatedOrg})
	case domain == "" && len(domains) == 1:
		domain = domains[0]
	}
	if to, modern := modernOf(u, given.line); modern {
		given.classic, given.tenant = rawURL, domain
		a, cloudErr := given.cloud(to)
		return a, given, cloudErr
	}
	e, err := given.endpoint(guess(u))
	if err != nil {
		return fail(err)
	}
	e.URL = rawURL
	a := Address{User: given.user}
	if domain != "" {
		e.Delegation = true
		if a.Tenant, err = namedTenant(domain); err != nil {
			return fail(err)
		}
	}
	a.Endpoint = e
	return a, given, nil
}

// parseURL reads an address of a server, and gives it as it is kept.
func parseURL(rawURL string) (kept string, u *url.URL, err error) {
	rawURL, _, _ = strings.Cut(strings.TrimSpace(withoutUnseen(rawURL)), "#") // of no use to the server
	rawURL = withoutPunctuation(rawURL)
	if i := strings.IndexAny(rawURL, "<{"); i >= 0 && !strings.Contains(rawURL[:i], "?") || strings.Contains(rawURL, "<") {
		return "", nil, &TextError{Reason: TextPlaceholder}
	}
	if !utf8.ValidString(rawURL) || strings.ContainsFunc(rawURL, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || isBlank(r) }) {
		return "", nil, &TextError{Reason: TextBadAddress}
	}
	rawURL = withASCIIHost(rawURL)
	u, err = url.Parse(rawURL)
	switch {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", !validHost(u.Hostname()), !isASCII(u.Hostname()):
		return "", nil, &TextError{Reason: TextBadAddress}
	case u.User != nil:
		return "", nil, &TextError{Reason: TextPassword}
	}
	return rawURL, u, nil
}

// namedTenant is a tenant of which a line has the domain or the GUID.
func namedTenant(name string) (Tenant, error) {
	if id, ok := ParseTenantID(name); ok {
		return Tenant{Name: id, ID: id, Color: assignColor(id, nil)}, nil
	}
	domain, err := ParseDomain(name)
	if err != nil {
		return Tenant{}, err
	}
	return Tenant{Name: DisplayDomain(domain), Domain: domain, Color: assignColor(domain, nil)}, nil
}

// withASCIIHost writes the host of an address as the network has it: müller.example is
// xn--mller-kva.example. What is no such host stays, and is refused for it.
func withASCIIHost(rawURL string) string {
	if isASCII(rawURL) {
		return rawURL
	}
	scheme, rest, ok := strings.Cut(rawURL, "://")
	if !ok {
		return rawURL
	}
	end := strings.IndexAny(rest, "/?")
	if end < 0 {
		end = len(rest)
	}
	host, port, _ := strings.Cut(rest[:end], ":")
	ascii, err := idna.Lookup.ToASCII(host)
	if err != nil {
		return rawURL
	}
	if port != "" {
		ascii += ":" + port
	}
	return scheme + "://" + ascii + rest[end:]
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
