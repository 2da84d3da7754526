package endpoint_test

import (
	"errors"
	"strings"
	"testing"

	"postroom/session/endpoint"
)

// Each parameter that Microsoft's pages have for the commands that lead to the cloud is
// taken: it says something, changes nothing here, or is refused by its name. The lists are
// of the pages Connect-ExchangeOnline, Connect-IPPSSession (module 3.10) and about_
// CommonParameters (PowerShell 7.6).
func TestDocumentedParametersAreTaken(t *testing.T) {
	common := []string{
		"-Debug", "-ErrorAction Stop", "-ErrorVariable e", "-InformationAction Ignore", "-InformationVariable i", "-OutBuffer 1", "-OutVariable o",
		"-PipelineVariable p", "-ProgressAction SilentlyContinue", "-Verbose", "-WarningAction Ignore", "-WarningVariable w",
		"-db", "-ea Stop", "-ev e", "-infa Ignore", "-iv i", "-ob 1", "-ov o", "-pv p", "-proga Ignore", "-vb", "-wa Ignore", "-wv w",
	}
	shared := []string{
		"-ConnectionUri https://outlook.office365.com/powershell-liveid/", "-AzureADAuthorizationEndpointUri https://login.microsoftonline.com/common",
		"-PSSessionOption $o", "-DelegatedOrganization adatum.onmicrosoft.com", "-Prefix Cloud", "-CommandName Get-Mailbox,Get-User", "-FormatTypeName *",
		"-AppId 36ee4c6c-0812-40a2-b820-b22ebd02bce3", "-BypassMailboxAnchoring", "-Certificate $c", "-CertificateFilePath C:\\app.pfx",
		"-CertificatePassword (Read-Host -AsSecureString)", "-CertificateThumbprint 01AB", "-Credential $cred", "-DisableWAM", "-EnableErrorReporting",
		"-LogDirectoryPath C:\\logs", "-LogLevel All", "-Organization adatum.onmicrosoft.com", "-ShowBanner:$false", "-UserPrincipalName anna@adatum.com",
		"-UseRPSSession:$false",
	}
	for command, own := range map[string][]string{
		"Connect-ExchangeOnline": {
			"-ExchangeEnvironmentName O365Default", "-Device", "-EXOModuleBasePath C:\\m", "-InlineCredential", "-LoadCmdletHelp", "-PageSize 1000",
			"-ShowProgress $true", "-SigningCertificate $s", "-SkipLoadingCmdletHelp", "-SkipLoadingFormatData", "-TrackPerformance $true",
			"-UseMultithreading $true",
		},
		"Connect-IPPSSession": {"-EnableSearchOnlySession"},
	} {
		for _, list := range [][]string{common, shared, own} {
			for _, parameter := range list {
				a, err := endpoint.ParseAddress(command + " " + parameter + " -ShowBanner:$false")
				if err != nil || a.Endpoint.Door != endpoint.REST {
					t.Errorf("%s %s: %+v, %v", command, parameter, a.Endpoint, err)
				}
			}
		}
		all := strings.Join(append(shared[:len(shared):len(shared)], own...), " ")
		if a, err := endpoint.ParseAddress(command + " " + all); err != nil || a.Tenant.Domain != "adatum.onmicrosoft.com" || a.User != "anna@adatum.com" {
			t.Errorf("all at once: %+v, %v", a, err)
		}
		for _, refused := range []string{"-AccessToken $t", "-ManagedIdentity", "-ManagedIdentityAccountId 1"} {
			var told *endpoint.TextError
			name, _, _ := strings.Cut(refused, " ")
			if _, err := endpoint.ParseAddress(command + " " + refused); !errors.As(err, &told) || told.Reason != endpoint.TextUnsupported || told.Name != name {
				t.Errorf("%s %s: %v", command, refused, err)
			}
		}
	}
}
