package cmdlet

import "strings"

// Risk is how much a cmdlet may change, judged by its verb.
type Risk uint8

const (
	// Reads means that nothing on the server changes.
	Reads Risk = iota
	// Changes means that something is added or altered, and can be altered back.
	Changes
	// Destroys means that something is taken away that may not come back.
	Destroys
)

// String gives the constant's name.
func (r Risk) String() string {
	switch r {
	case Reads:
		return "Reads"
	case Changes:
		return "Changes"
	case Destroys:
		return "Destroys"
	}
	return "Risk(?)"
}

// Risk judges the cmdlet by its verb. A verb that is not known Changes: it is better to
// ask once too often.
func (c Cmdlet) Risk() Risk {
	return RiskOf(c.Name)
}

// RiskOf judges a command's name by its verb, as [Cmdlet.Risk] does.
func RiskOf(name string) Risk {
	name = plainName(name)
	switch {
	case equalFold(name, "Search-Mailbox"), equalFold(name, "New-ComplianceSearchAction"):
		return Destroys // -DeleteContent and -Purge, whatever the verb says
	case equalFold(name, "Export-AutoDiscoverConfig"), equalFold(name, "Compare-TextMessagingVerificationCode"):
		return Changes // they write what they export or compare into the directory
	case equalFold(name, "Test-Mailflow"):
		return Changes // it sends a message
	}
	verb, _, ok := strings.Cut(name, "-")
	if !ok {
		return Changes
	}
	switch strings.ToLower(verb) {
	case "get", "test", "search", "export", "find", "measure", "select", "sort", "group",
		"where", "format", "out", "show", "compare", "convertto", "convertfrom", "resolve",
		"read", "trace", "validate", "check", "dump", "wait", "ping", "preview", "join", "split":
		return Reads
	case "remove", "clear", "disable", "uninstall", "delete", "stop", "purge", "revoke",
		"reset", "dismount", "block", "deny", "unregister", "unpublish", "dismiss":
		return Destroys
	}
	return Changes
}
