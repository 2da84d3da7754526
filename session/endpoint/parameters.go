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
	uri, computer, application, configuration, authentication, user, cloudName string
	port                                                                       string
	tenants                                                                    []string          // as they are written
	seen                                                                       map[string]string // the parameters, as they are written, by their full names
	ssl                                                                        bool
	app, certificate, authority                                                string // of a modern sign-in
	device, certified                                                          bool
	line                                                                       bool   // a command said it, not an address alone
	classic                                                                    string // the address of the classic door that a command leads to
}

// parameters are those of a command that connects, by full name, with what they say; nil
// for one that says nothing about the connection.
func parameters(commandName string) map[string]func(*connection, string) {
	all := map[string]func(*connection, string){
		"connectionuri":         func(c *connection, v string) { c.uri = v },
		"delegatedorganization": func(c *connection, v string) { c.tenants = append(c.tenants, v) },
		"organization":          func(c *connection, v string) { c.tenants = append(c.tenants, v) },
		"userprincipalname":     func(c *connection, v string) { c.user = v },
		"credential":            func(c *connection, v string) { c.user = v },
	}
	of := []string{ // the common ones
		"warningaction", "erroraction", "informationaction", "verbose", "debug", "errorvariable", "warningvariable",
		"informationvariable", "outvariable", "outbuffer", "pipelinevariable", "progressaction",
	}
	if slices.Contains(modernCommands(), commandName) {
		maps.Copy(all, modernParameters())
		of = append(of, "showbanner", "showprogress", "pagesize", "prefix", "commandname", "formattypename", "pssessionoption",
			"userpssession", "loglevel", "logdirectorypath", "usemultithreading", "trackperformance", "bypassmailboxanchoring",
			"enableerrorreporting", "inlinecredential", "skiploadingformatdata", "skiploadingcmdlethelp", "loadcmdlethelp", "disablewam",
			"enablesearchonlysession", "signingcertificate", "exomodulebasepath")
	} else {
		maps.Copy(all, serverParameters())
		of = append(of, "allowredirection", "sessionoption", "name", "throttlelimit", "enablenetworkaccess", "usewindowspowershell",
			"session", "scriptblock", "filepath", "argumentlist", "inputobject", "asjob", "jobname", "hidecomputername",
			"indisconnectedsession", "sessionname", "auto", "clientapplication")
	}
	for _, name := range of {
		all[name] = nil
	}
	return all
}

// serverParameters are those of the commands that lead to a server.
func serverParameters() map[string]func(*connection, string) {
	return map[string]func(*connection, string){
		"computername":      func(c *connection, v string) { c.computer = v },
		"serverfqdn":        func(c *connection, v string) { c.computer = v },
		"applicationname":   func(c *connection, v string) { c.application = v },
		"configurationname": func(c *connection, v string) { c.configuration = v },
		"authentication":    func(c *connection, v string) { c.authentication = v },
		"port":              func(c *connection, v string) { c.port = v },
		"usessl":            func(c *connection, v string) { c.ssl = !strings.EqualFold(v, "false") },
	}
}

// modernCommands lead to the cloud, where nothing else is said.
func modernCommands() []string {
	return []string{"connect-exchangeonline", "connect-ippssession", "connect-exopssession", "new-exopssession"}
}

// modernParameters are those of modernCommands alone.
func modernParameters() map[string]func(*connection, string) {
	certified := func(c *connection, _ string) { c.certified = true }
	return map[string]func(*connection, string){
		"azureadauthorizationendpointuri": func(c *connection, v string) { c.authority = v },
		"exchangeenvironmentname":         func(c *connection, v string) { c.cloudName = v },
		"appid":                           func(c *connection, v string) { c.app = v },
		"certificatefilepath":             func(c *connection, v string) { c.certified, c.certificate = true, v },
		// These lie in Windows' store, or in a variable: the file is asked for.
		"certificatethumbprint": certified, "certificate": certified, "certificatepassword": certified,
		"device": func(c *connection, v string) { c.device = !strings.EqualFold(v, "false") },
	}
}

// ofServers say where a server is, as -ConnectionUri does.
func ofServers() []string {
	return []string{"computername", "serverfqdn", "port", "usessl", "applicationname"}
}

// positions are the parameters whose values may stand without a name, in their order. Of
// those that say nothing about the connection the later ones are left out.
func positions(commandName string) []string {
	switch {
	case commandName == "connect-exchangeserver":
		return []string{"ServerFqdn"}
	case commandName == "connect-ippssession":
		return []string{"ConnectionUri", "AzureADAuthorizationEndpointUri", "DelegatedOrganization"}
	case slices.Contains(modernCommands(), commandName):
		return []string{"ConnectionUri", "AzureADAuthorizationEndpointUri", "ExchangeEnvironmentName", "PSSessionOption", "DelegatedOrganization"}
	}
	return []string{"ComputerName"}
}

// isSwitch says that a parameter takes no value but :$true and :$false.
func isSwitch(name string) bool {
	return slices.Contains([]string{
		"usessl", "device", "allowredirection", "enablenetworkaccess", "usewindowspowershell", "showbanner", "bypassmailboxanchoring",
		"inlinecredential", "skiploadingformatdata", "skiploadingcmdlethelp", "loadcmdlethelp", "disablewam", "enableerrorreporting",
		"enablesearchonlysession", "userpssession", "auto", "asjob", "hidecomputername", "indisconnectedsession", "verbose", "debug",
	}, name)
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

// fullName resolves an alias or an abbreviation of a command's parameter: among those that
// say where to connect first, then among all. It is "" for an unknown or ambiguous one.
func fullName(commandName, name string) string {
	name = strings.ToLower(name)
	if full, ok := aliases()[name]; ok {
		return full
	}
	known := slices.Concat(slices.Collect(maps.Keys(parameters(commandName))), unsupported())
	if name == "" || slices.Contains(known, name) {
		return name
	}
	where := slices.DeleteFunc([]string{"connectionuri", "computername", "configurationname", "credential", "authentication", "usessl", "port"},
		func(p string) bool { return !slices.Contains(known, p) })
	for _, candidates := range [][]string{where, known} {
		var found []string
		for _, p := range candidates {
			if strings.HasPrefix(p, name) && !slices.Contains(found, p) {
				found = append(found, p)
			}
		}
		if len(found) == 1 {
			return found[0]
		}
	}
	return ""
}
