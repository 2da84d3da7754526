package endpoint

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
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

// ParseConnection understands what people have at hand: a ConnectionUri, or a
// line or script with New-PSSession, Enter-PSSession, Invoke-Command,
// Connect-ExchangeOnline or Connect-IPPSSession, as PowerShell would: quotes,
// backticks, abbreviated parameters, variables that the text itself sets. It
// returns the endpoint, which is Own and has no ID, the customer's tenant that
// DelegatedOrg or -DelegatedOrganization names, else the zero Tenant, and the
// user name, if the text has one. It returns *TextError, or *DomainError for
// the tenant.
//
// Parameters that change nothing for us (Name, ThrottleLimit, AllowRedirection
// and the like) are passed over; those that ask for another way to connect
// (SSH, virtual machines, certificates) are errors.
func ParseConnection(text string) (Endpoint, Tenant, string, error) {
	trimmed := strings.TrimFunc(text, func(r rune) bool {
		return isBlank(r) || r == '\n' || r == '\r' || isSingleQuote(r) || isDoubleQuote(r)
	})
	if rawURL, ok := bareURL(trimmed); ok {
		return connectionTo(rawURL, connection{})
	}
	s := readScript(text)
	for _, c := range s.commands {
		if !slices.Contains(connecting(), strings.ToLower(c.name)) {
			continue
		}
		given, err := s.connection(c)
		if err != nil {
			return Endpoint{}, Tenant{}, "", err
		}
		rawURL, err := given.address(c.name)
		if err != nil {
			return Endpoint{}, Tenant{}, "", err
		}
		return connectionTo(rawURL, given)
	}
	return Endpoint{}, Tenant{}, "", &TextError{Reason: TextNoAddress}
}

func bareURL(text string) (string, bool) {
	lower := strings.ToLower(text)
	if !strings.HasPrefix(lower, "http://") && !strings.HasPrefix(lower, "https://") {
		return "", false
	}
	return text, !strings.ContainsFunc(text, func(r rune) bool { return isBlank(r) || r == '\n' || r == '\r' }) ||
		strings.ContainsAny(text, "<>") // a placeholder with spaces in it: told as such
}

func connecting() []string {
	return []string{
		"new-pssession", "enter-pssession", "etsn", "nsn", "invoke-command", "icm", "connect-pssession",
		"connect-exchangeonline", "connect-ippssession",
	}
}

// connection is what the parameters of a command say.
type connection struct {
	uri, computer, application, configuration, authentication, tenant, user string
	port                                                                    string
	ssl                                                                     bool
}

// parameters are the parameters that matter, by full name, and those that must
// be told because an abbreviation has to be unambiguous among all.
func parameters() map[string]func(*connection, string) {
	ignore := func(*connection, string) {}
	return map[string]func(*connection, string){
		"connectionuri":         func(c *connection, v string) { c.uri = v },
		"computername":          func(c *connection, v string) { c.computer = v },
		"applicationname":       func(c *connection, v string) { c.application = v },
		"configurationname":     func(c *connection, v string) { c.configuration = v },
		"authentication":        func(c *connection, v string) { c.authentication = v },
		"delegatedorganization": func(c *connection, v string) { c.tenant = v },
		"userprincipalname":     func(c *connection, v string) { c.user = v },
		"port":                  func(c *connection, v string) { c.port = v },
		"usessl":                func(c *connection, v string) { c.ssl = !strings.EqualFold(v, "false") },
		"credential":            func(c *connection, v string) { c.user = v },
		"allowredirection":      ignore, "sessionoption": ignore, "name": ignore, "throttlelimit": ignore,
		"enablenetworkaccess": ignore, "usewindowspowershell": ignore, "session": ignore,
		"warningaction": ignore, "erroraction": ignore, "informationaction": ignore, "verbose": ignore,
		"debug": ignore, "errorvariable": ignore, "warningvariable": ignore, "informationvariable": ignore,
		"outvariable": ignore, "outbuffer": ignore, "pipelinevariable": ignore,
		// of Invoke-Command
		"scriptblock": ignore, "filepath": ignore, "argumentlist": ignore, "inputobject": ignore, "asjob": ignore,
		"jobname": ignore, "hidecomputername": ignore, "indisconnectedsession": ignore, "sessionname": ignore,
		// of the Exchange module
		"showbanner": ignore, "showprogress": ignore, "pagesize": ignore, "prefix": ignore, "commandname": ignore,
		"formattypename": ignore, "pssessionoption": ignore, "userpssession": ignore, "loglevel": ignore,
		"logdirectorypath": ignore, "usemultithreading": ignore, "trackperformance": ignore,
		"exchangeenvironmentname": ignore, "azureadauthorizationendpointuri": ignore, "bypassmailboxanchoring": ignore,
		"enableerrorreporting": ignore, "organization": ignore, "inlinecredential": ignore, "skiploadingformatdata": ignore,
	}
}

// unsupported are the parameters that ask for another way to connect.
func unsupported() []string {
	return []string{
		"certificatethumbprint", "certificate", "certificatefilepath", "certificatepassword", "appid", "accesstoken",
		"managedidentity", "managedidentityaccountid", "device",
		"hostname", "keyfilepath", "sshtransport", "sshconnection", "subsystem", "options", "connectingtimeout", "username",
		"vmid", "vmname", "containerid", "runasadministrator",
	}
}

func aliases() map[string]string {
	return map[string]string{
		"uri": "connectionuri", "cu": "connectionuri", "cn": "computername", "vmguid": "vmid",
		"ea": "erroraction", "wa": "warningaction", "ev": "errorvariable", "wv": "warningvariable",
		"ov": "outvariable", "ob": "outbuffer", "vb": "verbose", "db": "debug",
		"infa": "informationaction", "iv": "informationvariable", "pv": "pipelinevariable",
		"delegatedorg": "delegatedorganization", "upn": "userprincipalname",
	}
}

// fullName resolves an alias or an abbreviation: among the parameters that say
// where to connect first, then among all. It is "" for an unknown or ambiguous
// one.
func fullName(name string) string {
	name = strings.ToLower(name)
	if full, ok := aliases()[name]; ok {
		return full
	}
	where := []string{"connectionuri", "computername", "configurationname", "credential", "authentication", "usessl", "port"}
	all := slices.Concat(slices.Collect(maps.Keys(parameters())), unsupported())
	for _, candidates := range [][]string{where, all} {
		if slices.Contains(all, name) {
			return name
		}
		var found []string
		for _, p := range candidates {
			if strings.HasPrefix(p, name) {
				found = append(found, p)
			}
		}
		if len(found) == 1 {
			return found[0]
		}
	}
	return ""
}

// connection reads the arguments of c.
func (s script) connection(c command) (connection, error) {
	var given connection
	set := parameters()
	for _, a := range c.args {
		if a.parameter == "" {
			if given.computer == "" && given.uri == "" && a.value.kind == tokenWord && a.value.unknown == "" {
				given.computer = positional(c.name, a.value.text)
			}
			continue
		}
		name := fullName(a.parameter)
		if slices.Contains(unsupported(), name) {
			return given, &TextError{Reason: TextUnsupported, Name: "-" + a.parameter}
		}
		apply, ok := set[name]
		if !ok {
			return given, &TextError{Reason: TextUnsupported, Name: "-" + a.parameter}
		}
		value, err := s.value(name, a)
		if err != nil {
			return given, err
		}
		if value != "" || name == "usessl" {
			apply(&given, value)
		}
	}
	return given, nil
}

// positional is the first value without a parameter: the computer's name for
// New-PSSession and Enter-PSSession.
func positional(commandName, value string) string {
	switch strings.ToLower(commandName) {
	case "new-pssession", "nsn", "enter-pssession", "etsn", "connect-pssession":
		return value
	}
	return ""
}

// value is the text of an argument. A variable is an error where we need its
// value, and a credential is looked up for its user name.
func (s script) value(name string, a argument) (string, error) {
	if name == "credential" {
		if a.value.unknown == "" {
			return a.value.text, nil
		}
		if a.value.kind == tokenOpen {
			return a.value.text, nil
		}
		return s.users[strings.ToLower(strings.TrimPrefix(a.value.unknown, "$"))], nil
	}
	switch strings.ToLower(a.value.unknown) {
	case "":
		return a.value.text, nil
	case "$true":
		return "true", nil
	case "$false":
		return "false", nil
	}
	switch name {
	case "connectionuri", "computername", "configurationname", "delegatedorganization", "port", "applicationname":
		return "", &TextError{Reason: TextVariable, Name: a.value.unknown}
	}
	return "", nil
}

// address is the URL that the command would connect to.
func (c connection) address(commandName string) (string, error) {
	switch {
	case c.uri != "":
		return c.uri, nil
	case c.computer != "":
		return c.computerURL()
	case strings.EqualFold(commandName, "Connect-ExchangeOnline"):
		return "https://outlook.office365.com/powershell-liveid/", nil
	case strings.EqualFold(commandName, "Connect-IPPSSession"):
		return "https://ps.compliance.protection.outlook.com/powershell-liveid/", nil
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

// connectionTo makes the endpoint for a URL and what else was said.
func connectionTo(rawURL string, given connection) (Endpoint, Tenant, string, error) {
	fail := func(err error) (Endpoint, Tenant, string, error) { return Endpoint{}, Tenant{}, "", err }
	rawURL = strings.TrimSpace(rawURL)
	if i := strings.IndexAny(rawURL, "<{"); i >= 0 && !strings.Contains(rawURL[:i], "?") || strings.Contains(rawURL, "<") {
		return fail(&TextError{Reason: TextPlaceholder})
	}
	if strings.ContainsFunc(rawURL, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || isBlank(r) }) {
		return fail(&TextError{Reason: TextBadAddress})
	}
	u, err := url.Parse(rawURL)
	switch {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", !validHost(u.Hostname()):
		return fail(&TextError{Reason: TextBadAddress})
	case u.User != nil:
		return fail(&TextError{Reason: TextPassword})
	}
	rawURL, domain := cutDelegatedOrg(strings.SplitN(rawURL, "#", 2)[0])
	if given.tenant != "" {
		domain = given.tenant
	}
	e := guess(u)
	e.URL = rawURL
	if given.configuration != "" {
		e.Configuration = trimPrefixFold(given.configuration, configurationPrefix)
	}
	if given.authentication != "" {
		if e.Auth = methods(given.authentication); e.Auth == nil {
			return fail(&TextError{Reason: TextUnsupported, Name: "-Authentication"})
		}
	}
	var t Tenant
	if domain != "" {
		e.Delegation = true
		if t.Domain, err = ParseDomain(domain); err != nil {
			return fail(err)
		}
		t.Name = DisplayDomain(t.Domain)
		t.Color = assignColor(t.Domain, nil)
	}
	return e, t, given.user, nil
}

func trimPrefixFold(s, prefix string) string {
	if len(s) > len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return s[len(prefix):]
	}
	return s
}

// cutDelegatedOrg takes the parameter out of the query and leaves the rest as
// it is; For puts it back for the tenant that is asked for.
func cutDelegatedOrg(rawURL string) (without, domain string) {
	base, query, _ := strings.Cut(rawURL, "?")
	for start := 0; start < len(query); {
		end := start + strings.IndexAny(query[start:], "&;")
		if end < start {
			end = len(query)
		}
		key, value, _ := strings.Cut(query[start:end], "=")
		if strings.EqualFold(key, delegatedOrg) {
			if decoded, err := url.QueryUnescape(value); err == nil {
				value = decoded
			}
			switch {
			case end < len(query): // with the separator after it
				query = query[:start] + query[end+1:]
			case start > 0: // the last one: with the separator before it
				query = query[:start-1]
			default:
				query = ""
			}
			domain = value
			break
		}
		start = end + 1
	}
	if query == "" {
		return base, domain
	}
	return base + "?" + query, domain
}

// methods are our sign-in methods for a value of -Authentication, or nil.
func methods(authentication string) []string {
	switch strings.ToLower(authentication) {
	case "basic":
		return []string{AuthBasic}
	case "kerberos":
		return []string{AuthKerberos}
	case "default", "negotiate", "negotiatewithimplicitcredential":
		return []string{AuthKerberos, AuthNTLM}
	}
	return nil
}

// guess is what the URL alone says about an endpoint.
func guess(u *url.URL) Endpoint {
	host := canonicalHost(u.Hostname())
	e := Endpoint{
		Name: u.Host, Kind: KindOwn, Configuration: windowsConfiguration, Auth: []string{AuthKerberos, AuthNTLM},
		SessionLimit: 3, IdleTimeout: 15 * time.Minute, Own: true,
	}
	if cloud, ok := cloudKind(host); ok {
		e.Kind, e.Configuration, e.Auth, e.Delegation = cloud, exchangeConfiguration, []string{AuthBasic}, true
		e.RedirectHosts = cloudRedirects(host)
		return e
	}
	path := strings.ToLower(strings.Trim(u.Path, "/"))
	switch {
	case strings.HasPrefix(path, "powershell"):
		e.Kind, e.Configuration, e.SessionLimit = KindOnPremises, exchangeConfiguration, 18
		e.Auth = []string{AuthKerberos}
		if u.Scheme == "https" {
			e.Auth = []string{AuthBasic, AuthNTLM}
		}
	case path == "wsman" || u.Port() == "5985" || u.Port() == "5986":
		e.Kind, e.SessionLimit, e.IdleTimeout = KindWindows, 30, 2*time.Hour
	}
	return e
}

// cloudKind recognises the hosts of Microsoft's clouds.
func cloudKind(host string) (Kind, bool) {
	under := func(parents ...string) bool {
		return slices.ContainsFunc(parents, func(p string) bool { return host == p || strings.HasSuffix(host, "."+p) })
	}
	switch {
	case under("ps.compliance.protection.outlook.com", "ps.compliance.protection.outlook.de",
		"ps.compliance.protection.office365.us", "ps.compliance.protection.partner.outlook.cn"):
		return KindCompliance, true
	case under("ps.protection.outlook.com", "ps.protection.outlook.de"):
		return KindEOP, true
	case under("outlook.office365.com", "outlook.com", "outlook.office365.us", "outlook-dod.office365.us",
		"outlook.office.de", "partner.outlook.cn"):
		return KindOnline, true
	}
	return "", false
}

// cloudRedirects are the hosts that a cloud's front door may send us to: those
// of the same cloud.
func cloudRedirects(host string) []string {
	for _, parent := range []string{"outlook.de", "office365.us", "partner.outlook.cn"} {
		if strings.HasSuffix(host, parent) {
			return []string{"*." + parent}
		}
	}
	return []string{"*.outlook.com", "outlook.office365.com", "*.outlook.office365.com"}
}
