package endpoint_test

import (
	"errors"
	"strings"
	"testing"

	"postroom/session/endpoint"
)

func TestParseAddress(t *testing.T) {
	for _, c := range []struct {
		name, text                                     string
		url, configuration, auth, tenant, user, kindOf string
	}{
		{
			"bare address", " https://ps.protection.outlook.com/powershell-liveid/\r\n",
			"https://ps.protection.outlook.com/powershell-liveid/", "Microsoft.Exchange", "basic", "", "", "eop",
		},
		{
			"bare address with tenant", `"https://ps.outlook.com/powershell-liveid?DelegatedOrg=Contoso.onmicrosoft.com&BasicAuthToOAuthConversion=true"`,
			"https://ps.outlook.com/powershell-liveid?BasicAuthToOAuthConversion=true", "Microsoft.Exchange", "basic", "contoso.onmicrosoft.com", "", "online",
		},
		{
			"the documentation's line",
			`$Session = New-PSSession -ConfigurationName Microsoft.Exchange -ConnectionUri https://ps.protection.outlook.com/powershell-liveid/ -Credential $UserCredential -Authentication Basic -AllowRedirection`,
			"https://outlook.office365.com", "", "modern device app", "", "", "online",
		},
		{
			"a script, with variables, comments and more commands",
			"# URI for connecting\n$URI = \"https://ps.protection.outlook.com/powershell-liveid/\" # worldwide\n" +
				"$org = 'contoso.com'; $UserCredential = Get-Credential -UserName admin@partner.example -Message 'Password'\r\n" +
				"<# New-PSSession -ConnectionUri http://wrong.example/ #>\n" +
				"$s = New-PSSession -ConfigurationName 'Microsoft.Exchange' -ConnectionUri \"$URI?DelegatedOrg=$($org)\" -Credential $UserCredential -Authentication Basic -AllowRedirection\nImport-PSSession $s",
			"https://outlook.office365.com", "", "modern device app", "contoso.com", "admin@partner.example", "online",
		},
		{
			"the same with a plain variable",
			"$URI = 'https://ps.protection.outlook.com/powershell-liveid/'\n$org = \"contoso.com\"\n$cred = Get-Credential admin@partner.example\n" +
				"$s = New-PSSession -ConfigurationName Microsoft.Exchange -ConnectionUri \"${URI}?DelegatedOrg=$org\" -Credential $cred -Authentication Basic\nImport-PSSession $s",
			"https://outlook.office365.com", "", "modern device app", "contoso.com", "admin@partner.example", "online",
		},
		{
			"backticks over lines, one with a space behind it",
			"New-PSSession `\r\n  -ConfigurationName Microsoft.Exchange ` \n\t-ConnectionUri https://outlook.office365.com/powershell-liveid/ `\n -Credential (Get-Credential 'CORP\\admin') -Auth Basic",
			"https://outlook.office365.com", "", "modern device app", "", `CORP\admin`, "online",
		},
		{
			"typographic quotes and dashes from a document",
			"New\u2011PSSession", "", "", "", "", "", "none",
		},
		{
			"dashes and quotes as Word makes them",
			"New-PSSession \u2013ConfigurationName Microsoft.Exchange \u2013ConnectionUri \u201chttps://mail.corp.example/PowerShell/\u201d \u2013Authentication Negotiate",
			"https://mail.corp.example/PowerShell/", "Microsoft.Exchange", "kerberos ntlm", "", "", "onpremises",
		},
		{
			"on-premises with Kerberos",
			"New-PSSession -ConfigurationName Microsoft.Exchange -ConnectionUri http://mail1.corp.example/PowerShell/ -Authentication Kerberos -Credential admin@corp.example",
			"http://mail1.corp.example/PowerShell/", "Microsoft.Exchange", "kerberos", "", "admin@corp.example", "onpremises",
		},
		{
			"what comes along unseen in a line, and the narrow blank of a web page",
			"New-PSSession\u2060 -ConnectionUri\u200e\u202fhttps://mail.corp.example/PowerShell/ -Authenti\u00adcation\u202fKerberos",
			"https://mail.corp.example/PowerShell/", "Microsoft.Exchange", "kerberos", "", "", "onpremises",
		},
		{
			"parameters with colons, abbreviated, with a full configuration URI",
			"nsn -Conf:http://schemas.microsoft.com/powershell/Microsoft.Exchange -Conn:'https://h.example/PowerShell/' -Au:Basic -AllowR -WarningAction SilentlyContinue -ea 0",
			"https://h.example/PowerShell/", "Microsoft.Exchange", "basic", "", "", "onpremises",
		},
		{
			"quotes inside quotes",
			"New-PSSession -Name 'it''s \"mine\"' -ConnectionUri \"https://h.example/Power`Shell/\" -Credential \"o''neill@h.example\"",
			"https://h.example/PowerShell/", "Microsoft.Exchange", "basic ntlm", "", "o''neill@h.example", "onpremises",
		},
		{
			"a computer", "New-PSSession srv1.corp.example -Credential CORP\\admin",
			"http://srv1.corp.example:5985/wsman", "Microsoft.PowerShell", "kerberos ntlm", "", `CORP\admin`, "windows",
		},
		{
			"a computer over https", "Enter-PSSession -ComputerName 10.1.2.3 -UseSSL -Port 8443 -ApplicationName /custom -ConfigurationName JEA -Authentication Negotiate",
			"https://10.1.2.3:8443/custom", "JEA", "kerberos ntlm", "", "", "own",
		},
		{
			"an IPv6 computer", "etsn -cn 2001:db8::5 -UseSSL:$true",
			"https://[2001:db8::5]:5986/wsman", "Microsoft.PowerShell", "kerberos ntlm", "", "", "windows",
		},
		{
			"a computer without SSL after all", "nsn srv -UseSSL:$false",
			"http://srv:5985/wsman", "Microsoft.PowerShell", "kerberos ntlm", "", "", "windows",
		},
		{
			"Invoke-Command with a script block",
			"Invoke-Command -ConnectionUri https://h.example/PowerShell/ -ConfigurationName Microsoft.Exchange -ScriptBlock { Get-Mailbox; Get-User } -Authentication Basic",
			"https://h.example/PowerShell/", "Microsoft.Exchange", "basic", "", "", "onpremises",
		},
		{
			"the module's command for a partner",
			"Connect-ExchangeOnline -UserPrincipalName navin@partner.example -DelegatedOrganization adatum.onmicrosoft.com -ShowBanner:$false",
			"https://outlook.office365.com", "", "modern device app", "adatum.onmicrosoft.com", "navin@partner.example", "online",
		},
		{
			"the module's command for EOP",
			"Connect-IPPSSession -UserPrincipalName navin@contoso.com -ConnectionUri https://ps.protection.outlook.com/powershell-liveid/",
			"https://outlook.office365.com", "", "modern device app", "", "navin@contoso.com", "online",
		},
		{
			"the module's command for compliance", "Connect-IPPSSession",
			"https://ps.compliance.protection.outlook.com", "", "modern device app", "", "", "compliance",
		},
		{
			"an address without quotes and with &",
			"New-PSSession -ConnectionUri https://ps.outlook.com/powershell-liveid?BasicAuthToOAuthConversion=true&DelegatedOrg=contoso.com -Authentication Basic",
			"https://outlook.office365.com", "", "modern device app", "contoso.com", "", "online",
		},
		{
			"a semicolon between parameters and one after the line",
			"New-PSSession -ConnectionUri 'https://h.example/PowerShell/?PSVersion=5.1;DelegatedOrg=contoso.com;x=1' -Authentication Basic; Get-Mailbox",
			"https://h.example/PowerShell/?PSVersion=5.1;x=1", "Microsoft.Exchange", "basic", "contoso.com", "", "onpremises",
		},
		{"splatting", "$p = @{ ConnectionUri = 'https://outlook.office365.com/powershell-liveid/' }\nNew-PSSession @p", "", "", "", "", "", "splatting:@p"},
		{
			"a command in brackets",
			"Import-PSSession (New-PSSession -ConfigurationName Microsoft.Exchange -ConnectionUri http://mail1.corp.example/PowerShell/ -Authentication Kerberos) -DisableNameChecking",
			"http://mail1.corp.example/PowerShell/", "Microsoft.Exchange", "kerberos", "", "", "onpremises",
		},
		{
			"a command in a function, a try and an if",
			"function Connect-EOP {\n try { if (-not $s) { $s = New-PSSession -ConfigurationName Microsoft.Exchange -ConnectionUri https://ps.protection.outlook.com/powershell-liveid/ -Auth Basic } } catch { }\n}",
			"https://outlook.office365.com", "", "modern device app", "", "", "online",
		},
		{"texts that are put together", "$script:uri = \"http://\" + $server + '/PowerShell/'\nNew-PSSession -ConnectionUri $script:uri", "", "", "", "", "", "variable:$script:uri"},
		{"a format", "New-PSSession -ConnectionUri (\"http://{0}/PowerShell/\" -f 'mail1')", "", "", "", "", "", "variable:(...)"},
		{
			"the prompts of a window",
			"PS C:\\Users\\me> $s = New-PSSession -ConfigurationName Microsoft.Exchange `\n>>   -ConnectionUri https://ps.protection.outlook.com/powershell-liveid/ `\n>>   -Authentication Basic\n[PS] C:\\>Get-Mailbox",
			"https://outlook.office365.com", "", "modern device app", "", "", "online",
		},
		{
			"a module's name before the command", "Microsoft.PowerShell.Core\\New-PSSession -ConnectionUri https://h.example/PowerShell/ -Authentication Basic |",
			"https://h.example/PowerShell/", "Microsoft.Exchange", "basic", "", "", "onpremises",
		},
		{
			"lines that a mail program has broken",
			"$s = New-PSSession -ConfigurationName Microsoft.Exchange -ConnectionUri\nhttps://ps.protection.outlook.com/powershell-liveid/ -Credential $c\n-Authentication Basic",
			"https://outlook.office365.com", "", "modern device app", "", "", "online",
		},
		{
			"the parameters alone", "-ConnectionUri https://h.example/PowerShell/ -Authentication Basic",
			"https://h.example/PowerShell/", "Microsoft.Exchange", "basic", "", "", "onpremises",
		},
		{
			"an address in a sentence", "Please use ConnectionUri: <https://ps.protection.outlook.com/powershell-liveid/>. See https://docs.example/help.",
			"https://ps.protection.outlook.com/powershell-liveid/", "Microsoft.Exchange", "basic", "", "", "eop",
		},
		{
			"an address with punctuation", "\u201chttps://h.example/PowerShell/\u201d,",
			"https://h.example/PowerShell/", "Microsoft.Exchange", "basic ntlm", "", "", "onpremises",
		},
		{
			"a cloud's address without https", "ps.protection.outlook.com/powershell-liveid/",
			"https://ps.protection.outlook.com/powershell-liveid/", "Microsoft.Exchange", "basic", "", "", "eop",
		},
		{
			"another cloud by name", "Connect-ExchangeOnline -ExchangeEnvironmentName O365China",
			"https://partner.outlook.cn", "", "modern device app", "", "", "online",
		},
		{"a cloud that is closed", "Connect-ExchangeOnline -ExchangeEnvironmentName O365GermanyCloud", "", "", "", "", "", "retired:-ExchangeEnvironmentName"},
		{"no GUID of an application", "Connect-ExchangeOnline -AppId hunter2 -CertificateThumbprint ABC -Organization contoso.onmicrosoft.com", "", "", "", "", "", "value:-AppId"},
		{"a token", "Connect-ExchangeOnline -AccessToken $t", "", "", "", "", "", "unsupported:-AccessToken"},
		{"a managed identity", "Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com", "", "", "", "", "", "unsupported:-ManagedIdentity"},
		{
			"the module before the module", "Connect-EXOPSSession -UserPrincipalName navin@contoso.com",
			"https://outlook.office365.com", "", "modern device app", "", "navin@contoso.com", "online",
		},
		{
			"the management shell's command", "Connect-ExchangeServer -ServerFqdn mail1.corp.example -ClientApplication:ManagementShell",
			"http://mail1.corp.example/PowerShell/", "Microsoft.Exchange", "kerberos", "", "", "onpremises",
		},
		{
			"an address like the clouds'", "https://127.0.0.1:8443/powershell-liveid/",
			"https://127.0.0.1:8443/powershell-liveid/", "Microsoft.Exchange", "basic", "", "", "own",
		},
		{
			"a credential in brackets without a name", "nsn -Uri https://h.example/PowerShell/ -cred(Get-Credential)-auth Basic",
			"https://h.example/PowerShell/", "Microsoft.Exchange", "basic", "", "", "onpremises",
		},
		{
			"a command for another service first", "Connect-MgGraph\nConnect-IPPSSession -UserPrincipalName navin@contoso.com",
			"https://ps.compliance.protection.outlook.com", "", "modern device app", "", "navin@contoso.com", "compliance",
		},
		{
			"a computer's name in a variable of its type", "[string]$server = 'mail1.corp.example'\nNew-PSSession -ConnectionUri \"http://$server/PowerShell/\" -Authentication Kerberos",
			"http://mail1.corp.example/PowerShell/", "Microsoft.Exchange", "kerberos", "", "", "onpremises",
		},
		{
			"a name with other letters", "https://m\u00fcller.example:8443/PowerShell/ ",
			"https://xn--mller-kva.example:8443/PowerShell/", "Microsoft.Exchange", "basic ntlm", "", "", "onpremises",
		},
		{
			"a tenant under an encoded name", "https://ps.outlook.com/powershell-liveid?Delegated%4frg=contoso.com",
			"https://ps.outlook.com/powershell-liveid", "Microsoft.Exchange", "basic", "contoso.com", "", "online",
		},
		{
			"a path of its own", "https://h.example/custom", "https://h.example/custom", "Microsoft.Exchange", "basic ntlm", "", "", "own",
		},
		{"two tenants", "https://ps.outlook.com/powershell-liveid?Delegated%4frg=a.example&DelegatedOrg=b.example", "", "", "", "", "", "tenants:a.example b.example"},
		{"an unknown cloud", "Connect-ExchangeOnline -ExchangeEnvironmentName O365Mars", "", "", "", "", "", "value:-ExchangeEnvironmentName"},
		{"another service", "Connect-MsolService", "", "", "", "", "", "elsewhere:Connect-MsolService"},
		{"a table that is set elsewhere", "New-PSSession @parameters", "", "", "", "", "", "splatting:@parameters"},
		{"a variable in a subexpression", "New-PSSession -ConnectionUri \"http://$($env:COMPUTERNAME).corp.example/PowerShell/\"", "", "", "", "", "", "variable:$env:COMPUTERNAME"},
		{"a loop over customers", "foreach ($o in $all) { Connect-ExchangeOnline -DelegatedOrganization $o }", "", "", "", "", "", "variable:$o"},
		{"two addresses", "https://a.example/powershell https://b.example/powershell", "", "", "", "", "", "addresses:"},
		{"a page about it", "see https://learn.example/exchange", "", "", "", "", "", "none"},
		{"nothing", "", "", "", "", "", "", "none"},
		{"another command", "Get-Mailbox -ResultSize Unlimited", "", "", "", "", "", "none"},
		{"no address", "New-PSSession -ConfigurationName Microsoft.Exchange", "", "", "", "", "", "none"},
		{"an unknown variable", "New-PSSession -ConnectionUri $uri", "", "", "", "", "", "variable:$uri"},
		{"an expression", "New-PSSession -ConnectionUri (Get-Content uri.txt)", "", "", "", "", "", "variable:(...)"},
		{"a placeholder", "New-PSSession -ConnectionUri https://ps.outlook.com/powershell-liveid?DelegatedOrg=<customer tenant domain name> -Authentication Basic", "", "", "", "", "", "placeholder:"},
		{"a bare placeholder", "https://ps.outlook.com/powershell-liveid?DelegatedOrg=<customer tenant domain name>", "", "", "", "", "", "placeholder:"},
		{"a template", "https://{host}/PowerShell/", "", "", "", "", "", "placeholder:"},
		{"SSH", "New-PSSession -HostName srv -UserName me -KeyFilePath ~/.ssh/id", "", "", "", "", "", "unsupported:-HostName"},
		{"a certificate", "New-PSSession -ConnectionUri https://h.example/PowerShell/ -CertificateThumbprint ABC", "", "", "", "", "", "unsupported:-CertificateThumbprint"},
		{"CredSSP", "New-PSSession -ConnectionUri https://h.example/PowerShell/ -Authentication CredSSP", "", "", "", "", "", "unsupported:-Authentication"},
		{"an unknown parameter", "New-PSSession -ConnectionUri https://h.example/PowerShell/ -Frobnicate", "", "", "", "", "", "unsupported:-Frobnicate"},
		{"an ambiguous one", "New-PSSession -Con https://h.example/PowerShell/", "", "", "", "", "", "unsupported:-Con"},
		{"a bad port", "New-PSSession srv -Port many", "", "", "", "", "", "port:-Port"},
		{"another scheme", "New-PSSession -ConnectionUri ftp://h.example/", "", "", "", "", "", "address:"},
		{"a password in the address", "https://admin:hunter2@h.example/PowerShell/", "", "", "", "", "", "password:"},
		{"a bad tenant", "https://ps.outlook.com/powershell-liveid?DelegatedOrg=hunter2", "", "", "", "", "", "domain"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := endpoint.ParseAddress(c.text)
			e, tenant, user := a.Endpoint, a.Tenant, a.User
			if c.url == "" {
				if got := failure(err); got != c.kindOf {
					t.Errorf("%q, %v; want %q", got, err, c.kindOf)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := e.Validate(); err != nil {
				t.Errorf("the endpoint is not usable: %v", err)
			}
			if e.URL != c.url || e.Configuration != c.configuration || strings.Join(e.Auth, " ") != c.auth ||
				tenant.Domain != c.tenant || user != c.user || string(e.Kind) != c.kindOf {
				t.Errorf("%+v\n%+v %q", e, tenant, user)
			}
		})
	}
}

// failure names a *TextError as the table above does.
func failure(err error) string {
	var text *endpoint.TextError
	var domain *endpoint.DomainError
	var tenants *endpoint.TenantsError
	switch {
	case errors.As(err, &tenants):
		return "tenants:" + tenants.One + " " + tenants.Other
	case errors.As(err, &domain):
		return "domain"
	case !errors.As(err, &text):
		return "no error"
	case text.Reason == endpoint.TextNoAddress:
		return "none"
	}
	return map[endpoint.TextReason]string{
		endpoint.TextVariable: "variable", endpoint.TextPlaceholder: "placeholder", endpoint.TextUnsupported: "unsupported",
		endpoint.TextBadValue: "value", endpoint.TextBadAddress: "address", endpoint.TextPassword: "password",
		endpoint.TextElsewhere: "elsewhere", endpoint.TextRetired: "retired",
		endpoint.TextPort: "port", endpoint.TextSeveral: "several", endpoint.TextBeside: "beside", endpoint.TextAddresses: "addresses",
		endpoint.TextSplatting: "splatting", endpoint.TextNoBrackets: "no-brackets",
	}[text.Reason] + ":" + text.Name
}

func TestPastedPasswordsAreNotRepeated(t *testing.T) {
	for _, text := range []string{
		"$p = ConvertTo-SecureString 'hunter2' -AsPlainText -Force\nNew-PSSession -ConnectionUri $nowhere -Credential $p",
		"https://admin:hunter2@h.example:bad/", "go to https://admin:hunter2@h.example/PowerShell/ now",
		"$p = @{ Password = 'hunter2'; ConnectionUri = \"https://$x/\" }\nNew-PSSession @p", "$pw = 'hunter2'; New-PSSession -ConnectionUri ($pw + $x)", "New-PSSession -ConnectionUri https://x:hunter2@h.example/ -Frob hunter2",
		"New-PSSession -Port hunter2 srv", "New-PSSession -Authentication hunter2 -ConnectionUri https://h.example/PowerShell/",
	} {
		a, err := endpoint.ParseAddress(text)
		e, tenant, user := a.Endpoint, a.Tenant, a.User
		if err == nil {
			t.Errorf("%q was understood", text)
			continue
		}
		if strings.Contains(err.Error()+e.URL+e.Name+tenant.Name+user, "hunter2") {
			t.Errorf("the password is repeated: %v", err)
		}
	}
}

// TestPastedTextIsBounded pastes what doubles a text with every line, and what would be read
// again at every level or from every place.
func TestPastedTextIsBounded(t *testing.T) {
	for name, text := range map[string]string{
		"quotes":   "$a = 'https://h.example/PowerShell/'\n" + strings.Repeat("$a = \"$a$a\"\n", 200) + "New-PSSession -ConnectionUri $a",
		"brackets": strings.Repeat("(nsn ", 100_000),
		"values":   strings.Repeat("nsn -cn (", 100_000) + strings.Repeat(")", 100_000),
		"comments": strings.Repeat("<#", 1<<20),
		"literals": "nsn " + strings.Repeat("@(", 1<<20),
	} {
		if a, err := endpoint.ParseAddress(text); err == nil {
			t.Errorf("%s: an address of %d bytes", name, len(a.Endpoint.URL))
		}
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, seed := range []string{
		"https://ps.outlook.com/powershell-liveid?DelegatedOrg=a.example&x=1", "New-PSSession `\n -Conn \"$x$(1)\" -Cred (Get-Credential 'a@b')",
		"$a='x';nsn -cn $a -UseSSL:$true", "<# #> '' \"\" ${x} @{} {", "New-PSSession -ConnectionUri 'https://h/p?a;b=1'", "`", "$", "-", "'", "\u201c",
		"$p=@{ConnectionUri='https://h/PowerShell';x=@{y=1}};$p.z=1;nsn @p", "nsn -cn (\"{0}{1}\" -f $a,'b')", "PS> nsn ('a'+\"b\"+$c)", "((((((((((((((nsn a))))", "+", "$x=$y+", "@", "@{=;}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := endpoint.ParseAddress(text)
		if err != nil {
			return
		}
		e, tenant := a.Endpoint, a.Tenant
		if tenant.Domain != tenant.ID {
			if again, err := endpoint.ParseDomain(tenant.Domain); err != nil || again != tenant.Domain {
				t.Errorf("tenant %q: %q, %v", tenant.Domain, again, err)
			}
		}
		if e.Validate() != nil {
			return // such as Basic over http: the person is told when it is saved
		}
		url, err := e.For(tenant)
		if err != nil {
			t.Fatalf("For: %v", err)
		}
		again, err := endpoint.ParseAddress(url)
		if err != nil || again.Endpoint.URL != e.URL || again.Tenant.Domain != tenant.Domain {
			t.Errorf("%q becomes %q, which is read as %q for %q: %v", text, url, again.Endpoint.URL, again.Tenant.Domain, err)
		}
	})
}

func FuzzParseDomain(f *testing.F) {
	for _, seed := range []string{"contoso.com", "a@b.example", "müller.example", "https://x.example/y", "xn--a.b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		domain, err := endpoint.ParseDomain(text)
		if err != nil {
			return
		}
		if again, err := endpoint.ParseDomain(domain); err != nil || again != domain {
			t.Errorf("%q becomes %q, which becomes %q, %v", text, domain, again, err)
		}
		if strings.Trim(domain, "abcdefghijklmnopqrstuvwxyz0123456789.-") != "" {
			t.Errorf("%q becomes %q", text, domain)
		}
	})
}
