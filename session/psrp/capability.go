package psrp

import (
	"strconv"
	"strings"

	"postroom/session/clixml"
)

// capability makes SESSION_CAPABILITY (MS-PSRP 2.2.2.1). PSVersion is 2.0 and
// SerializationVersion 1.1.0.1 for all protocol versions.
func capability(version string) *clixml.Object {
	return bag(
		prop("protocolversion", clixml.Version(version)),
		prop("PSVersion", clixml.Version("2.0")),
		prop("SerializationVersion", clixml.Version("1.1.0.1")),
	)
}

// versionNumber reads a protocol version 2.0 to 2.3 and gives its minor number.
func versionNumber(text string) (minor int, ok bool) {
	major, rest, found := strings.Cut(text, ".")
	n, err := strconv.Atoi(rest)
	if !found || err != nil || major != "2" || n < 0 || n > 3 {
		return 0, false
	}
	return n, true
}

// newerMinor tells a version 2.x above those that are spoken here.
func newerMinor(text string) bool {
	major, rest, found := strings.Cut(text, ".")
	n, err := strconv.Atoi(rest)
	return found && err == nil && major == "2" && n > 3
}

// readCapability reads the other end's SESSION_CAPABILITY.
func readCapability(o *clixml.Object) Negotiated {
	zone, _ := get(o, "TimeZone").([]byte)
	return Negotiated{
		Version:              getText(o, "protocolversion"),
		PSVersion:            getText(o, "PSVersion"),
		SerializationVersion: getText(o, "SerializationVersion"),
		TimeZone:             zone,
	}
}
