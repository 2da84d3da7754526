package endpoint

import "strings"

// Cloud is one of Microsoft's clouds, by who runs it and where people sign in.
type Cloud string

// The clouds.
const (
	CloudWorldwide  Cloud = "worldwide"  // and GCC
	CloudGovernment Cloud = "government" // GCC High and DoD
	CloudChina      Cloud = "china"      // operated by 21Vianet
	// CloudOwn is where an authority that is not Microsoft's signs people in: the
	// demo's, or one that somebody configured.
	CloudOwn Cloud = "own"
)

// CloudOf is the cloud that an authority belongs to, by any name that it has: those of
// the instance discovery in Microsoft's MSAL (apps/internal/oauth/ops/authority), and
// login.chinacloudapi.cn, which Microsoft Graph's page of the clouds names.
func CloudOf(authority string) Cloud {
	switch strings.ToLower(strings.TrimPrefix(strings.TrimRight(authority, "/"), "https://")) {
	case "login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net":
		return CloudWorldwide
	case "login.microsoftonline.us", "login-us.microsoftonline.com", "login.usgovcloudapi.net":
		return CloudGovernment
	case "login.chinacloudapi.cn", "login.partner.microsoftonline.cn":
		return CloudChina
	}
	return CloudOwn
}

// Authorities are where each cloud signs people in, the worldwide one first.
func Authorities() []string {
	var all []string
	for _, c := range clouds() {
		all = append(all, c.authority)
	}
	return all
}

// restURL is the REST door of the cloud that a host of its classic door belongs
// to.
func restURL(host string, kind Kind) string {
	compliance := kind == KindCompliance
	of := func(online, protection string) string {
		if compliance {
			return "https://" + protection
		}
		return "https://" + online
	}
	switch {
	case strings.HasSuffix(host, ".cn"):
		return of("partner.outlook.cn", "ps.compliance.protection.partner.outlook.cn")
	case strings.HasPrefix(host, "outlook-dod."), strings.HasSuffix(host, ".mil"), strings.HasPrefix(host, "l5."):
		return of("outlook-dod.office365.us", "l5.ps.compliance.protection.office365.us")
	case strings.HasSuffix(host, ".us"):
		return of("outlook.office365.us", "ps.compliance.protection.office365.us")
	}
	return of("outlook.office365.com", "ps.compliance.protection.outlook.com") // Germany's tenants were moved there
}

// environmentHost is a host of the cloud that -ExchangeEnvironmentName names; ""
// for an unknown one.
func environmentHost(environment string) string {
	switch strings.ToLower(environment) {
	case "", "o365default":
		return "outlook.office365.com"
	case "o365china":
		return "partner.outlook.cn"
	case "o365usgovgcchigh":
		return "outlook.office365.us"
	case "o365usgovdod":
		return "outlook-dod.office365.us"
	}
	return ""
}
