package endpoint

import (
	"maps"
	"slices"
	"strings"
)

// This file knows the parameters of the commands that connect.

// connection is what the parameters of a command say. It has a field for each parameter
// that is read.
type connection struct {
	uri, computer, application, configuration, authentication, tenant, user, cloudName string
	port                                                                               string
	ssl                                                                                bool
	app, certificate, authority                                                        string // of a modern sign-in
	device, certified                                                                  bool
	line                                                                               bool   // a command said it, not an address alone
	classic                                                                            string // the address of the classic door that a command leads to
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
		"exchangeenvironmentname": func(c *connection, v string) { c.cloudName = v },
		"serverfqdn":              func(c *connection, v string) { c.computer = v },
		"allowredirection":        ignore, "sessionoption": ignore, "name": ignore, "throttlelimit": ignore,
		"enablenetworkaccess": ignore, "usewindowspowershell": ignore, "session": ignore,
		"warningaction": ignore, "erroraction": ignore, "informationaction": ignore, "verbose": ignore,
		"debug": ignore, "errorvariable": ignore, "warningvariable": ignore, "informationvariable": ignore,
		"outvariable": ignore, "outbuffer": ignore, "pipelinevariable": ignore, "progressaction": ignore,
		// of Invoke-Command
		"scriptblock": ignore, "filepath": ignore, "argumentlist": ignore, "inputobject": ignore, "asjob": ignore,
		"jobname": ignore, "hidecomputername": ignore, "indisconnectedsession": ignore, "sessionname": ignore,
		// of the Exchange module
		"showbanner": ignore, "showprogress": ignore, "pagesize": ignore, "prefix": ignore, "commandname": ignore,
		"formattypename": ignore, "pssessionoption": ignore, "userpssession": ignore, "loglevel": ignore,
		"logdirectorypath": ignore, "usemultithreading": ignore, "trackperformance": ignore,
		"azureadauthorizationendpointuri": func(c *connection, v string) { c.authority = v }, "bypassmailboxanchoring": ignore,
		"organization":         func(c *connection, v string) { c.tenant = v },
		"enableerrorreporting": ignore, "inlinecredential": ignore, "skiploadingformatdata": ignore,
		"skiploadingcmdlethelp": ignore, "loadcmdlethelp": ignore, "disablewam": ignore,
		"enablesearchonlysession": ignore, "signingcertificate": ignore, "exomodulebasepath": ignore,
		// of Connect-ExchangeServer
		"auto": ignore, "clientapplication": ignore,
	}
}

// modernCommands lead to the cloud, where nothing else is said.
func modernCommands() []string {
	return []string{"connect-exchangeonline", "connect-ippssession", "connect-exopssession", "new-exopssession"}
}

// modernParameters are those of modernCommands that mean another way to connect
// elsewhere.
func modernParameters() map[string]func(*connection, string) {
	certified := func(c *connection, _ string) { c.certified = true }
	return map[string]func(*connection, string){
		"appid":               func(c *connection, v string) { c.app = v },
		"certificatefilepath": func(c *connection, v string) { c.certified, c.certificate = true, v },
		// These lie in Windows' store, or in a variable: the file is asked for.
		"certificatethumbprint": certified, "certificate": certified, "certificatepassword": certified,
		"device": func(c *connection, v string) { c.device = !strings.EqualFold(v, "false") },
	}
}

func isCertificate(name string) bool { return strings.HasPrefix(name, "certificate") }

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
		"infa": "informationaction", "iv": "informationvariable", "pv": "pipelinevariable", "proga": "progressaction",
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
