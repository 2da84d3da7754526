package endpoint

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
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
		"connects to another service",
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
// Connect-ExchangeServer, Connect-ExchangeOnline or Connect-IPPSSession, as
// PowerShell would: quotes, backticks, abbreviated parameters, splatting,
// commands in brackets and blocks, variables that the text itself sets, the
// prompt that is copied along. Else it takes the one address of a remote
// PowerShell that stands in the text. It returns the endpoint, which is Own and
// has no ID, the customer's tenant that DelegatedOrg or -DelegatedOrganization
// names, else the zero Tenant, and the user name, if the text has one. It
// returns *TextError, or *DomainError for the tenant.
//
// Parameters that change nothing for us (Name, ThrottleLimit, AllowRedirection
// and the like) are passed over; those that ask for another way to connect
// (SSH, virtual machines, certificates) are errors.
func ParseConnection(text string) (Endpoint, Tenant, string, error) {
	if rawURL, ok := bareURL(text); ok {
		return connectionTo(rawURL, connection{})
	}
	text = withoutPrompts(text)
	if r, _ := utf8.DecodeRuneInString(strings.TrimSpace(text)); isDash(r) {
		text = "New-PSSession " + strings.TrimSpace(text) // its parameters alone
	}
	s := readScript(text)
	none := &TextError{Reason: TextNoAddress}
	for _, c := range s.commands {
		name := strings.ToLower(c.name)
		name = name[strings.LastIndexByte(name, '\\')+1:] // of a module: Module\Command
		if slices.Contains(elsewhere(), name) && none.Name == "" {
			none = &TextError{Reason: TextElsewhere, Name: c.name}
		}
		if !slices.Contains(connecting(), name) {
			continue
		}
		given, err := s.connection(name, c.args)
		if err != nil {
			return Endpoint{}, Tenant{}, "", err
		}
		rawURL, err := given.address(name)
		if missing, ok := errors.AsType[*TextError](err); ok && missing.Reason == TextNoAddress {
			continue
		}
		if err != nil {
			return Endpoint{}, Tenant{}, "", err
		}
		return connectionTo(rawURL, given)
	}
	if rawURL, ok := onlyURL(text); ok {
		return connectionTo(rawURL, connection{})
	}
	return Endpoint{}, Tenant{}, "", none
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

// connection is what the parameters of a command say.
type connection struct {
	uri, computer, application, configuration, authentication, tenant, user, cloud string
	port                                                                           string
	ssl                                                                            bool
}

// parameters are the parameters that matter, by full name, and those that must
// be told because an abbreviation has to be unambiguous among all.
func parameters() map[string]func(*connection, string) {
	ignore := func(*connection, string) {}
	return map[string]func(*connection, string){
		"connectionuri":           func(c *connection, v string) { c.uri = v },
		"computername":            func(c *connection, v string) { c.computer = v },
		"applicationname":         func(c *connection, v string) { c.application = v },
		"configurationname":       func(c *connection, v string) { c.configuration = v },
		"authentication":          func(c *connection, v string) { c.authentication = v },
		"delegatedorganization":   func(c *connection, v string) { c.tenant = v },
		"userprincipalname":       func(c *connection, v string) { c.user = v },
		"port":                    func(c *connection, v string) { c.port = v },
		"usessl":                  func(c *connection, v string) { c.ssl = !strings.EqualFold(v, "false") },
		"credential":              func(c *connection, v string) { c.user = v },
		"exchangeenvironmentname": func(c *connection, v string) { c.cloud = v },
		"serverfqdn":              func(c *connection, v string) { c.computer = v },
		"allowredirection":        ignore, "sessionoption": ignore, "name": ignore, "throttlelimit": ignore,
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
		"azureadauthorizationendpointuri": ignore, "bypassmailboxanchoring": ignore,
		"enableerrorreporting": ignore, "organization": ignore, "inlinecredential": ignore, "skiploadingformatdata": ignore,
		"skiploadingcmdlethelp": ignore, "loadcmdlethelp": ignore, "disablewam": ignore,
		"enablesearchonlysession": ignore, "signingcertificate": ignore,
		// of Connect-ExchangeServer
		"auto": ignore, "clientapplication": ignore,
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

// connection reads the arguments of the command with this name.
func (s script) connection(commandName string, args []argument) (connection, error) {
	var given connection
	args, err := s.expanded(args)
	if err != nil {
		return given, err
	}
	for _, a := range args {
		if a.parameter == "" {
			err = given.positional(commandName, a.value)
		} else {
			err = s.apply(&given, a)
		}
		if err != nil {
			return given, err
		}
	}
	return given, nil
}

// expanded puts the entries of hash tables in place of @name.
func (s script) expanded(args []argument) ([]argument, error) {
	var out []argument
	for _, a := range args {
		table, isTable := splatted(a)
		switch {
		case !isTable:
			out = append(out, a)
		case s.tables[table] == nil:
			return nil, &TextError{Reason: TextVariable, Name: "@" + table}
		default:
			out = append(out, s.tables[table]...)
		}
	}
	return out, nil
}

// positional takes a value without a parameter.
func (c *connection) positional(commandName string, value token) error {
	if c.computer != "" || c.uri != "" || value.kind != tokenWord || !takesComputer(commandName) {
		return nil
	}
	if value.unknown != "" {
		return &TextError{Reason: TextVariable, Name: value.unknown}
	}
	c.computer = value.text
	return nil
}

// apply takes the value of a parameter.
func (s script) apply(given *connection, a argument) error {
	name := fullName(a.parameter)
	apply, ok := parameters()[name]
	if !ok || slices.Contains(unsupported(), name) {
		return &TextError{Reason: TextUnsupported, Name: "-" + a.parameter}
	}
	value, err := s.value(name, a)
	if err != nil {
		return err
	}
	if value != "" || name == "usessl" {
		apply(given, value)
	}
	return nil
}

// splatted is the variable of @name, which stands for the parameters in it.
func splatted(a argument) (variable string, ok bool) {
	if a.parameter != "" || a.value.quoted || a.value.kind != tokenWord {
		return "", false
	}
	name, ok := strings.CutPrefix(a.value.text, "@")
	_, name = cutScope(strings.ToLower(name))
	return name, ok && name != ""
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
	case "connectionuri", "computername", "serverfqdn", "configurationname", "delegatedorganization", "port", "applicationname",
		"exchangeenvironmentname":
		return "", &TextError{Reason: TextVariable, Name: a.value.unknown}
	}
	return "", nil
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
	case commandName == "connect-exchangeonline", commandName == "connect-exopssession", commandName == "new-exopssession":
		if uri := cloudURI(c.cloud); uri != "" {
			return uri, nil
		}
		return "", &TextError{Reason: TextBadValue, Name: "-ExchangeEnvironmentName"}
	case commandName == "connect-ippssession":
		return "https://ps.compliance.protection.outlook.com/powershell-liveid/", nil
	}
	return "", &TextError{Reason: TextNoAddress}
}

// cloudURI is the classic door of a cloud that -ExchangeEnvironmentName names;
// empty for an unknown one. The addresses are those that Microsoft's pages list.
func cloudURI(environment string) string {
	switch strings.ToLower(environment) {
	case "", "o365default":
		return "https://outlook.office365.com/powershell-liveid/"
	case "o365china":
		return "https://partner.outlook.cn/PowerShell"
	case "o365germanycloud":
		return "https://outlook.office.de/powershell-liveid/"
	case "o365usgovgcchigh":
		return "https://outlook.office365.us/powershell-liveid/"
	case "o365usgovdod":
		return "https://webmail.apps.mil/powershell-liveid"
	}
	return ""
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
	rawURL, _, _ = strings.Cut(strings.TrimSpace(rawURL), "#") // of no use to the server
	rawURL = withoutPunctuation(rawURL)
	if i := strings.IndexAny(rawURL, "<{"); i >= 0 && !strings.Contains(rawURL[:i], "?") || strings.Contains(rawURL, "<") {
		return fail(&TextError{Reason: TextPlaceholder})
	}
	if !utf8.ValidString(rawURL) || strings.ContainsFunc(rawURL, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || isBlank(r) }) {
		return fail(&TextError{Reason: TextBadAddress})
	}
	u, err := url.Parse(rawURL)
	switch {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", !validHost(u.Hostname()):
		return fail(&TextError{Reason: TextBadAddress})
	case u.User != nil:
		return fail(&TextError{Reason: TextPassword})
	}
	rawURL, domain := cutDelegatedOrg(rawURL)
	rawURL = withoutPunctuation(rawURL)
	if given.tenant != "" {
		domain = given.tenant
	}
	e, err := given.endpoint(guess(u))
	if err != nil {
		return fail(err)
	}
	e.URL = rawURL
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
