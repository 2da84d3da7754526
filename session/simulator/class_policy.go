package simulator

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Columns that all configuration objects have, behind their own.
func configColumns(own ...string) []string {
	return append(own,
		"AdminDisplayName text", "ExchangeVersion text 0.20 (15.0.0.0)", "DistinguishedName text", "Guid guid", "ObjectCategory text",
		"WhenChanged local 2024-03-05T09:10:11", "WhenCreated local 2019-11-20T14:15:16", "WhenChangedUTC time 2024-03-05T09:10:11", "WhenCreatedUTC time 2019-11-20T14:15:16",
		"OrganizationId text", "ExchangeObjectId guid", "IsValid bool true", "ObjectState text Unchanged")
}

func ruleColumns() []string {
	return []string{
		"Name text", "Identity text", "Priority int 0", "State text Enabled", "Mode text Enforce", "Description text", "Comments text",
		"RuleVersion version 14.0.0.0", "ManuallyModified bool false", "DlpPolicy text", "DlpPolicyId guid",
		"From names", "FromMemberOf names", "FromScope text", "SentTo names", "SentToMemberOf names", "SentToScope text",
		"SenderDomainIs list", "RecipientDomainIs list", "SenderIpRanges list", "SubjectContainsWords list", "SubjectOrBodyContainsWords list",
		"FromAddressContainsWords list", "AttachmentExtensionMatchesWords list", "HeaderContainsMessageHeader text", "HeaderContainsWords list",
		"MessageSizeOver text", "AttachmentIsPasswordProtected bool false", "HasSenderOverride bool false",
		"ExceptIfFrom names", "ExceptIfFromMemberOf names", "ExceptIfSubjectContainsWords list", "ExceptIfSenderDomainIs list",
		"PrependSubject text", "SetSCL int", "SetHeaderName text", "SetHeaderValue text", "RemoveHeader text", "ApplyHtmlDisclaimerText text",
		"ApplyHtmlDisclaimerLocation text", "ApplyHtmlDisclaimerFallbackAction text", "AddToRecipients names", "CopyTo names", "BlindCopyTo names",
		"RedirectMessageTo names", "ModerateMessageByUser names", "RejectMessageReasonText text", "RejectMessageEnhancedStatusCode text",
		"DeleteMessage bool false", "Quarantine bool false", "RouteMessageOutboundConnector text", "RouteMessageOutboundRequireTls bool false",
		"StopRuleProcessing bool false", "SetAuditSeverity text", "RuleErrorAction text Ignore", "SenderAddressLocation text Header",
		"RuleSubType text None", "ActivationDate local", "ExpiryDate local", "LastModifiedBy text", "Guid guid", "ImmutableId guid",
		"WhenChanged local 2025-06-02T07:08:09", "OrganizationId text", "IsValid bool true", "ObjectState text Unchanged",
	}
}

func transportRules(t *tenant) []row {
	legal := "<div style=\"font-size:9pt\">" + t.Name + " – vertraulich & nur für den Empfänger.<br>\r\nSitz: \"" + t.names.cities[0] + "\"</div>"
	rules := []row{
		{"Name": "Extern kennzeichnen", "FromScope": "NotInOrganization", "SentToScope": "InOrganization", "PrependSubject": "[EXTERN] ", "Comments": "Beschluss der Geschäftsführung vom 12.03.\r\nAnsprechpartner: \"IT-Sicherheit\"\r\n\tDurchwahl 4711"},
		{"Name": "Block executable attachments", "AttachmentExtensionMatchesWords": []string{"exe", "bat", "cmd", "js", "vbs", "scr", "ps1"}, "RejectMessageReasonText": "Executable attachments are not accepted here; use the portal.", "RejectMessageEnhancedStatusCode": "5.7.1", "SetAuditSeverity": "Medium"},
		{"Name": "Disclaimer – ausgehend", "SentToScope": "NotInOrganization", "ApplyHtmlDisclaimerText": legal, "ApplyHtmlDisclaimerLocation": "Append", "ApplyHtmlDisclaimerFallbackAction": "Wrap", "ExceptIfSubjectContainsWords": []string{"Rechnung", "invoice"}},
		{"Name": "Bypass spam filter for scanner", "SenderIpRanges": []string{"192.0.2.10", "192.0.2.64/28"}, "SetSCL": -1, "StopRuleProcessing": true, "Comments": "multifunction printers"},
		{"Name": "Weiterleitung Geschäftsführung", "SentTo": []string{"ceo@" + t.Domain}, "BlindCopyTo": []string{"assistenz@" + t.Domain}, "Mode": "Audit", "State": "Disabled", "Comments": "Wunsch von \"oben\"; Rücksprache <nötig>"},
		{"Name": "Quarantäne: Passwort-Anhang", "AttachmentIsPasswordProtected": true, "Quarantine": true, "FromScope": "NotInOrganization"},
		{"Name": "Bewerbungen → Personal", "SentTo": []string{"bewerbung@" + t.Domain}, "AddToRecipients": []string{"personal@" + t.Domain, "hr-archiv@" + t.Domain}, "SubjectContainsWords": []string{"Bewerbung", "Initiativbewerbung", "application"}},
		{"Name": "Größe > 25 MB ablehnen", "MessageSizeOver": sizeText(25 << 20), "RejectMessageReasonText": "Zu groß: höchstens 25 MB, bitte \"Dateiaustausch\" nutzen.", "RejectMessageEnhancedStatusCode": "5.3.4"},
		{"Name": "Umleitung ausgeschiedene Mitarbeiter", "SentToMemberOf": []string{"Ehemalige"}, "RedirectMessageTo": []string{"empfang@" + t.Domain}, "Comments": nil},
		{"Name": "TLS zu Partnern erzwingen", "RecipientDomainIs": partnerDomains()[:4], "RouteMessageOutboundRequireTls": true},
		{"Name": "日本語の件名を監視", "SubjectOrBodyContainsWords": []string{"至急", "振込"}, "Mode": "AuditAndNotify", "SetAuditSeverity": "High"},
		{"Name": "Newsletter markieren 📰", "HeaderContainsMessageHeader": "List-Unsubscribe", "HeaderContainsWords": []string{"http", "mailto"}, "SetHeaderName": "X-Newsletter", "SetHeaderValue": "yes"},
	}
	for n := range 6 + t.seed.of(200).n(14) {
		domain := partnerDomains()[n%len(partnerDomains())]
		rules = append(rules, row{
			"Name": fmt.Sprintf("Partner %02d – %s", n+1, domain), "SenderDomainIs": []string{domain}, "SetSCL": n % 3, "ExceptIfSenderDomainIs": []string{"sub." + domain},
			"State": []string{"Enabled", "Enabled", "Disabled"}[n%3],
		})
	}
	for i, r := range rules {
		r["Priority"], r["Identity"] = i, r["Name"]
		r["Description"] = ruleDescription(r)
		r["LastModifiedBy"] = "Admin Ünal"
		r["WhenChanged"] = time.Date(2025, time.Month(1+i%12), 1+i%27, 6+i%12, i, 2*i, 123_456_700, time.UTC)
		r["OrganizationId"] = t.initial
		if i%5 == 4 {
			r["ActivationDate"] = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
		}
	}
	return rules
}

// ruleDescription is what Exchange says of a rule, over several lines.
func ruleDescription(r row) string {
	var b strings.Builder
	b.WriteString("If the message:\r\n")
	for _, c := range []struct{ column, text string }{
		{"FromScope", "\tIs received from '%s'\r\n"},
		{"SentTo", "\tIs sent to '%s'\r\n"},
		{"SenderDomainIs", "\tsender's address domain portion belongs to any of these domains: '%s'\r\n"},
		{"SubjectContainsWords", "\tIncludes these words in the message subject: '%s'\r\n"},
		{"MessageSizeOver", "\tmessage size is greater than or equal to '%s'\r\n"},
		{"AttachmentExtensionMatchesWords", "\tHas an attachment with a file extension that matches these words: '%s'\r\n"},
	} {
		if v, ok := r[c.column]; ok {
			text := fmt.Sprint(v)
			if list, isList := v.([]string); isList {
				text = strings.Join(list, "' or '")
			}
			fmt.Fprintf(&b, c.text, text)
		}
	}
	b.WriteString("Take the following actions:\r\n")
	for _, c := range []struct{ column, text string }{
		{"PrependSubject", "\tPrepend the subject with '%v'\r\n"},
		{"SetSCL", "\tSet the spam confidence level (SCL) to '%v'\r\n"},
		{"RejectMessageReasonText", "\treject the message and include the explanation '%v'\r\n"},
		{"BlindCopyTo", "\tBlind carbon copy(Bcc) the message to '%v'\r\n"},
		{"Quarantine", "\tDeliver the message to the hosted quarantine\r\n"},
	} {
		if v, ok := r[c.column]; ok {
			if strings.Contains(c.text, "%v") {
				fmt.Fprintf(&b, c.text, v)
			} else {
				b.WriteString(c.text)
			}
		}
	}
	return b.String()
}

func acceptedDomainColumns() []string {
	return configColumns("Name text", "Identity text", "DomainName text", "DomainType text Authoritative", "CatchAllRecipientID text", "AddressBookEnabled bool true",
		"MatchSubDomains bool false", "Default bool false", "InitialDomain bool false", "AuthenticationType text Managed", "OutboundOnly bool false", "PendingRemoval bool false", "SendingFromDomainDisabled bool false")
}

func acceptedDomains(t *tenant) []row {
	var rows []row
	for i, d := range t.domains {
		r := row{"Name": d, "Identity": d, "DomainName": d, "Default": i == 0, "InitialDomain": d == t.initial}
		if i == 1 && len(t.domains) > 2 {
			r["DomainType"], r["MatchSubDomains"] = "InternalRelay", true
		}
		rows = append(rows, r)
	}
	return rows
}

func inboundColumns() []string {
	return configColumns("Name text", "Identity text", "Enabled bool true", "ConnectorType text OnPremises", "ConnectorSource text Default", "Comment text",
		"SenderIPAddresses list", "SenderDomains list smtp:*;1", "TrustedOrganizations list", "AssociatedAcceptedDomains names", "RequireTls bool true", "RestrictDomainsToIPAddresses bool false",
		"RestrictDomainsToCertificate bool false", "CloudServicesMailEnabled bool false", "TreatMessagesAsInternal bool false", "TlsSenderCertificateName text", "EFSkipLastIP bool false", "EFSkipIPs list", "EFSkipMailGateway list", "EFUsers list", "EFTestMode bool false", "ScanAndDropRecipients list")
}

func inboundConnectors(t *tenant) []row {
	return []row{
		{"Name": "Inbound from on-premises", "Identity": "Inbound from on-premises", "TlsSenderCertificateName": "mail." + t.Domain, "CloudServicesMailEnabled": true, "RestrictDomainsToCertificate": true, "Comment": "Hybrid; Zertifikat bis 2027-02-28\r\n(\"Wildcard\" nicht zulässig)"},
		{"Name": "Scanner & Drucker", "Identity": "Scanner & Drucker", "SenderIPAddresses": []string{"192.0.2.10", "192.0.2.64/28"}, "RequireTls": false, "RestrictDomainsToIPAddresses": true},
		{"Name": "Partner Fabrikam", "Identity": "Partner Fabrikam", "ConnectorType": "Partner", "SenderDomains": []string{"smtp:fabrikam.example;1", "smtp:*.fabrikam.example;1"}, "Enabled": false},
	}
}

func outboundColumns() []string {
	return configColumns("Name text", "Identity text", "Enabled bool true", "UseMXRecord bool true", "Comment text", "ConnectorType text Partner", "ConnectorSource text Default",
		"RecipientDomains list", "SmartHosts list", "TlsDomain text", "TlsSettings text", "IsTransportRuleScoped bool false", "RouteAllMessagesViaOnPremises bool false",
		"CloudServicesMailEnabled bool false", "AllAcceptedDomains bool false", "SenderRewritingEnabled bool false", "TestMode bool false", "LinkForModifiedConnector guid", "ValidationRecipients list", "IsValidated bool false", "LastValidationTimestamp local")
}

func outboundConnectors(t *tenant) []row {
	return []row{
		{"Name": "Outbound to on-premises", "Identity": "Outbound to on-premises", "ConnectorType": "OnPremises", "UseMXRecord": false, "SmartHosts": []string{"mail." + t.Domain, "192.0.2.25"}, "RecipientDomains": []string{"*"}, "TlsSettings": "DomainValidation", "TlsDomain": "mail." + t.Domain, "IsValidated": true, "LastValidationTimestamp": time.Date(2025, 9, 1, 12, 0, 0, 0, time.UTC)},
		{"Name": "Verschlüsselungs-Gateway", "Identity": "Verschlüsselungs-Gateway", "UseMXRecord": false, "SmartHosts": []string{"gateway.müller-söhne.example"}, "IsTransportRuleScoped": true, "TlsSettings": "EncryptionOnly", "Comment": "nur über Regel \"TLS zu Partnern erzwingen\""},
		{"Name": "Partner MX, TLS", "Identity": "Partner MX, TLS", "RecipientDomains": partnerDomains()[:3], "TlsSettings": "CertificateValidation"},
	}
}

func contentFilterColumns() []string {
	return configColumns("Name text", "Identity text", "IsDefault bool false", "SpamAction text MoveToJmf", "HighConfidenceSpamAction text Quarantine", "PhishSpamAction text Quarantine", "HighConfidencePhishAction text Quarantine",
		"BulkSpamAction text MoveToJmf", "BulkThreshold int 7", "MarkAsSpamBulkMail text On", "QuarantineRetentionPeriod int 30", "SpamQuarantineTag text DefaultFullAccessPolicy", "PhishQuarantineTag text AdminOnlyAccessPolicy",
		"AllowedSenders list", "AllowedSenderDomains list", "BlockedSenders list", "BlockedSenderDomains list", "EnableLanguageBlockList bool false", "LanguageBlockList list", "EnableRegionBlockList bool false", "RegionBlockList list",
		"IncreaseScoreWithImageLinks text Off", "IncreaseScoreWithNumericIps text Off", "IncreaseScoreWithRedirectToOtherPort text Off", "MarkAsSpamEmptyMessages text Off", "MarkAsSpamSpfRecordHardFail text Off", "TestModeAction text None", "ModifySubjectValue text", "AddXHeaderValue text", "RedirectToRecipients list", "InlineSafetyTipsEnabled bool true", "ZapEnabled bool true", "SpamZapEnabled bool true", "PhishZapEnabled bool true")
}

func contentFilters(t *tenant) []row {
	return []row{
		{"Name": "Default", "Identity": "Default", "IsDefault": true, "AllowedSenderDomains": []string{"contoso.example", "fabrikam.example", "gmail.example"}, "BlockedSenders": []string{"winner@winner-lotto.example"}},
		{"Name": "Geschäftsführung (streng)", "Identity": "Geschäftsführung (streng)", "BulkThreshold": 4, "SpamAction": "Quarantine", "AllowedSenders": []string{"bank@secure-bank.example"}, "EnableRegionBlockList": true, "RegionBlockList": []string{"KP", "AQ"}},
		{"Name": "Standard Preset Security Policy1598", "Identity": "Standard Preset Security Policy1598", "BulkThreshold": 6, "QuarantineRetentionPeriod": 30},
	}
}

func policyRuleColumns() []string {
	return []string{
		"Name text", "Identity text", "Policy text", "State text Enabled", "Priority int 0", "Comments text", "Description text", "RuleVersion version 14.0.0.0", "SentTo names", "SentToMemberOf names", "RecipientDomainIs list",
		"ExceptIfSentTo names", "ExceptIfSentToMemberOf names", "ExceptIfRecipientDomainIs list", "Guid guid", "ImmutableId guid", "WhenChanged local 2025-02-03T04:05:06", "IsValid bool true", "ObjectState text Unchanged",
	}
}

func policyRules(policy string) func(*tenant) []row {
	return func(t *tenant) []row {
		return []row{{"Name": policy, "Identity": policy, "Policy": policy, "SentTo": []string{"ceo@" + t.Domain, "cfo@" + t.Domain}, "Comments": "gilt nur für \"Vorstand\""}}
	}
}

func simplePolicies(names ...string) func(*tenant) []row {
	return func(*tenant) []row {
		var rows []row
		for _, n := range names {
			rows = append(rows, row{"Name": n, "Identity": n, "IsDefault": len(rows) == 0})
		}
		return rows
	}
}

func outboundSpamColumns() []string {
	return configColumns("Name text", "Identity text", "IsDefault bool false", "AutoForwardingMode text Automatic", "RecipientLimitExternalPerHour int 500", "RecipientLimitInternalPerHour int 1000", "RecipientLimitPerDay int 1000", "ActionWhenThresholdReached text BlockUserForToday",
		"NotifyOutboundSpam bool false", "NotifyOutboundSpamRecipients list", "BccSuspiciousOutboundMail bool false", "BccSuspiciousOutboundAdditionalRecipients list")
}

func connectionFilterColumns() []string {
	return configColumns("Name text", "Identity text", "IsDefault bool false", "IPAllowList list 192.0.2.10,192.0.2.64/28", "IPBlockList list 203.0.113.7", "EnableSafeList bool false", "DirectoryBasedEdgeBlockMode text Default")
}

func malwareColumns() []string {
	return configColumns("Name text", "Identity text", "IsDefault bool false", "EnableFileFilter bool true", "FileTypes list ace,apk,app,appx,ani,arj,bat,cab,cmd,com,deb,dex,dll,docm,elf,exe,hta,img,iso,jar,js,jse,lnk", "FileTypeAction text Reject", "ZapEnabled bool true", "QuarantineTag text AdminOnlyAccessPolicy",
		"EnableInternalSenderAdminNotifications bool true", "InternalSenderAdminAddress text", "EnableExternalSenderAdminNotifications bool false", "ExternalSenderAdminAddress text", "CustomNotifications bool false", "CustomFromName text", "CustomFromAddress text")
}

func antiPhishColumns() []string {
	return configColumns("Name text", "Identity text", "IsDefault bool false", "Enabled bool true", "PhishThresholdLevel int 1", "EnableMailboxIntelligence bool true", "EnableMailboxIntelligenceProtection bool false", "EnableTargetedUserProtection bool false", "TargetedUsersToProtect list", "EnableTargetedDomainsProtection bool false", "TargetedDomainsToProtect list", "EnableOrganizationDomainsProtection bool false",
		"EnableSpoofIntelligence bool true", "AuthenticationFailAction text MoveToJmf", "SpoofQuarantineTag text DefaultFullAccessPolicy", "EnableFirstContactSafetyTips bool true", "EnableUnauthenticatedSender bool true", "EnableViaTag bool true", "HonorDmarcPolicy bool true", "DmarcQuarantineAction text Quarantine", "DmarcRejectAction text Reject")
}

func safeLinksColumns() []string {
	return configColumns("Name text", "Identity text", "IsDefault bool false", "EnableSafeLinksForEmail bool true", "EnableSafeLinksForTeams bool true", "EnableSafeLinksForOffice bool true", "TrackClicks bool true", "AllowClickThrough bool false", "ScanUrls bool true", "EnableForInternalSenders bool true", "DeliverMessageAfterScan bool true", "DisableUrlRewrite bool false", "DoNotRewriteUrls list https://intranet.postroom.example/*")
}

func safeAttachmentColumns() []string {
	return configColumns("Name text", "Identity text", "IsDefault bool false", "Enable bool true", "Action text Block", "QuarantineTag text AdminOnlyAccessPolicy", "Redirect bool false", "RedirectAddress text", "OperationMode text Delay")
}

func dkimColumns() []string {
	return configColumns("Name text", "Identity text", "Domain text", "Enabled bool false", "Status text", "Selector1CNAME text", "Selector2CNAME text", "Selector1KeySize int 2048", "Selector2KeySize int 2048", "KeyCreationTime time 2025-01-15T08:00:00", "RotateOnDate time 2025-01-15T08:00:00", "LastChecked time 2025-10-01T03:00:00", "SigningAlgorithm text RsaSHA256", "BodyCanonicalization text Relaxed", "HeaderCanonicalization text Relaxed", "IsDefault bool false")
}

func dkimConfigs(t *tenant) []row {
	var rows []row
	for i, d := range t.domains {
		label := strings.ReplaceAll(plainASCII(d), ".", "-")
		r := row{"Name": d, "Identity": d, "Domain": d, "Selector1CNAME": "selector1-" + label + "._domainkey." + t.initial, "Selector2CNAME": "selector2-" + label + "._domainkey." + t.initial, "Status": "Valid", "Enabled": true}
		if i == 1 {
			r["Status"], r["Enabled"] = "CnameMissing", false
		}
		rows = append(rows, r)
	}
	return rows
}

func allowBlockColumns() []string {
	return []string{"Identity guid", "Value text", "Action text Block", "ListType text Sender", "ListSubType text Tenant", "Notes text", "ExpirationDate time", "CreatedDateTime time 2025-08-01T10:00:00", "LastModifiedDateTime time 2025-08-01T10:00:00", "LastUsedDate time", "ModifiedBy text", "SubmissionID text", "EntryValueHash text", "SysManaged bool false"}
}

func allowBlockItems(t *tenant) []row {
	var rows []row
	for i := range 40 + t.seed.of(300).n(60) {
		r := row{"ModifiedBy": "admin@" + t.Domain, "EntryValueHash": strings.ToUpper(strconv.FormatUint(uint64(t.seed.of(301).of(uint64(i))), 16))}
		switch i % 4 {
		case 0:
			r["ListType"], r["Value"] = "Sender", pick(t.seed.of(uint64(302+i)), outsiders)+"@winner-lotto.example"
		case 1:
			r["ListType"], r["Value"] = "Url", "*."+strconv.Itoa(i)+".secure-bank.example/login?x=1&y=\"2\""
		case 2:
			r["ListType"], r["Value"] = "FileHash", strings.Repeat(strings.ReplaceAll(guidText(t.seed.of(uint64(400+i))), "-", ""), 2)
		case 3:
			r["ListType"], r["Value"], r["Action"] = "Sender", pick(t.seed.of(uint64(303+i)), partnerDomains()), "Allow"
		}
		if i%3 == 0 {
			r["ExpirationDate"] = timeOf(t.epoch).AddDate(0, 0, i)
			r["Notes"] = "Ticket #" + strconv.Itoa(1000+i) + "\nbefristet"
		}
		rows = append(rows, r)
	}
	return rows
}

func organizationColumns() []string {
	return configColumns("Name text", "Identity text", "DisplayName text", "OrganizationalUnitRoot text", "IsDehydrated bool false", "IsMixedMode bool false", "DefaultPublicFolderAgeLimit text", "DefaultPublicFolderIssueWarningQuota text 1.7 GB (1,825,361,920 bytes)", "MailTipsAllTipsEnabled bool true", "MailTipsExternalRecipientsTipsEnabled bool false", "MailTipsGroupMetricsEnabled bool true", "MailTipsLargeAudienceThreshold int 25", "MailTipsMailboxSourcedTipsEnabled bool true",
		"OAuth2ClientProfileEnabled bool true", "AuditDisabled bool false", "SendFromAliasEnabled bool false", "RejectDirectSend bool false", "FocusedInboxOn bool", "ConnectorsEnabled bool true", "CustomerLockboxEnabled bool false", "EwsEnabled bool", "EwsApplicationAccessPolicy text", "IsTenantAccessBlocked bool false", "PublicFoldersEnabled text Local", "RemotePublicFolderMailboxes names", "DistributionGroupNamingPolicy text", "DistributionGroupNameBlockedWordsList list", "HierarchicalAddressBookRoot text", "ActivityBasedAuthenticationTimeoutInterval text 06:00:00", "ActivityBasedAuthenticationTimeoutEnabled bool true", "AdminDisplayVersion text 0.20 (15.20.8158.24)", "SIPAccessService text", "MicrosoftExchangeRecipientEmailAddresses addresses", "TenantRelocationsAllowed bool false", "MaxInformationBarrierSegments int 250")
}

func organizationRows(t *tenant) []row {
	return []row{{
		"Name": t.initial, "Identity": t.initial, "DisplayName": t.Name, "OrganizationalUnitRoot": "EURPR06A014.PROD.OUTLOOK.EXAMPLE/Microsoft Exchange Hosted Organizations/" + t.initial, "IsDehydrated": t.Domain == "soleil.example",
		"MicrosoftExchangeRecipientEmailAddresses": []string{"SMTP:MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@" + t.initial}, "WhenCreated": time.Date(2014, 5, 6, 7, 8, 9, 0, time.UTC), "FocusedInboxOn": nil,
	}}
}

func transportConfigColumns() []string {
	return configColumns("Name text Transport Settings", "Identity text Transport Settings", "SmtpClientAuthenticationDisabled bool true", "AllowLegacyTLSClients bool", "MaxSendSize text Unlimited", "MaxReceiveSize text Unlimited", "MaxRecipientEnvelopeLimit text Unlimited", "JournalingReportNdrTo text <>", "ExternalPostmasterAddress text", "ExternalDsnDefaultLanguage text", "InternalDsnLanguageDetectionEnabled bool true", "Rfc2231EncodingEnabled bool false", "ClearCategories bool true", "ConvertDisclaimerWrapperToEml bool false", "DSNConversionMode text PreserveDSNBody", "HeaderPromotionModeSetting text NoCreate", "TLSReceiveDomainSecureList list", "TLSSendDomainSecureList list")
}
