package simulator

import (
	"strconv"
	"strings"
	"time"
)

func remoteDomainColumns() []string {
	return configColumns("Name text", "Identity text", "DomainName text", "IsInternal bool false", "AllowedOOFType text External", "AutoReplyEnabled bool true", "AutoForwardEnabled bool false", "DeliveryReportEnabled bool true", "NDREnabled bool true", "TNEFEnabled bool", "CharacterSet text iso-8859-1", "NonMimeCharacterSet text iso-8859-1", "LineWrapSize text Unlimited", "ContentType text MimeHtmlText", "TrustedMailOutboundEnabled bool false", "TrustedMailInboundEnabled bool false")
}

func remoteDomains(*tenant) []row {
	return []row{{"Name": "Default", "Identity": "Default", "DomainName": "*"}, {"Name": "Fabrikam", "Identity": "Fabrikam", "DomainName": "*.fabrikam.example", "TNEFEnabled": false, "AutoForwardEnabled": true}}
}

func blockedSenderColumns() []string {
	return []string{"SenderAddress text", "Reason text", "CreatedDatetime time", "ChangedDatetime time", "TemporaryBlock bool false", "ObjectState text Unchanged"}
}

func blockedSenders(t *tenant) []row {
	var rows []row
	for i := range 3 {
		p := t.someone(t.seed.of(uint64(500 + i)))
		at := timeOf(t.epoch).Add(-time.Duration(i*31+5) * time.Hour)
		rows = append(rows, row{
			"SenderAddress": p.alias + "@" + p.domain, "CreatedDatetime": at, "ChangedDatetime": at, "TemporaryBlock": i == 1,
			"Reason": "OutboundSpamLast24Hours=" + strconv.Itoa(812+i) + ";OutboundMailLast24Hours=" + strconv.Itoa(901+i) + ";OutboundSpamPercent=" + strconv.Itoa(900+i),
		})
	}
	return rows
}

func quarantinePolicyColumns() []string {
	return configColumns("Name text", "Identity text", "IsDefault bool false", "EndUserQuarantinePermissions text PermissionToViewHeader: False, PermissionToDownload: False, PermissionToAllowSender: True, PermissionToBlockSender: False, PermissionToRequestRelease: False, PermissionToRelease: True, PermissionToPreview: True, PermissionToDelete: True",
		"EndUserQuarantinePermissionsValue int 43", "ESNEnabled bool false", "EndUserSpamNotificationFrequency span P1D", "QuarantineRetentionDays int 30", "CustomDisclaimer text", "MultiLanguageSenderName list", "OrganizationBrandingEnabled bool false")
}

func roleGroupColumns() []string {
	return configColumns("Name text", "Identity text", "DisplayName text", "Description text", "Roles names", "Members names", "ManagedBy names", "RoleAssignments names", "Capabilities text", "LinkedGroup text")
}

func roleGroups(t *tenant) []row {
	member := func(n uint64) string { p := t.someone(t.seed.of(n)); return p.name() }
	return []row{
		{"Name": "Organization Management", "Identity": "Organization Management", "DisplayName": "Organization Management", "Description": "Members of this management role group have permissions to manage Exchange objects and their properties in the Exchange organization.\r\nMembers can also delegate role groups.", "Roles": []string{"Audit Logs", "Mail Recipients", "Transport Rules", "View-Only Configuration"}, "Members": []string{"Admin Ünal", member(601)}},
		{"Name": "Hygiene Management", "Identity": "Hygiene Management", "DisplayName": "Hygiene Management", "Roles": []string{"Transport Hygiene", "View-Only Recipients"}, "Members": []string{member(602), member(603)}},
		{"Name": "View-Only Organization Management", "Identity": "View-Only Organization Management", "DisplayName": "View-Only Organization Management", "Roles": []string{"View-Only Configuration", "View-Only Recipients"}},
		{"Name": "Help Desk – Empfänger", "Identity": "Help Desk – Empfänger", "DisplayName": "Help Desk – Empfänger", "Roles": []string{"Mail Recipients"}, "Members": []string{member(604), member(605), member(606)}},
	}
}

func assignmentColumns() []string {
	return configColumns("Name text", "Identity text", "Role text", "RoleAssigneeName text", "RoleAssigneeType text RoleGroup", "AssignmentMethod text Direct", "EffectiveUserName text All Group Members", "RecipientReadScope text Organization", "ConfigReadScope text OrganizationConfig", "RecipientWriteScope text Organization", "ConfigWriteScope text OrganizationConfig", "Enabled bool true")
}

func assignments(t *tenant) []row {
	var rows []row
	for _, g := range roleGroups(t) {
		roles, _ := g["Roles"].([]string)
		for _, r := range roles {
			group, _ := g["Name"].(string)
			rows = append(rows, row{"Name": r + "-" + group, "Identity": r + "-" + group, "Role": r, "RoleAssigneeName": group})
		}
	}
	return rows
}

func auditColumns() []string {
	return configColumns("Name text Admin Audit Log Settings", "Identity text Admin Audit Log Settings", "AdminAuditLogEnabled bool true", "LogLevel text None", "TestCmdletLoggingEnabled bool false", "AdminAuditLogCmdlets list *", "AdminAuditLogParameters list *", "AdminAuditLogExcludedCmdlets list", "AdminAuditLogAgeLimit span P90D", "UnifiedAuditLogIngestionEnabled bool true", "UnifiedAuditLogFirstOptInDate local 2021-02-03T04:05:06")
}

func inboxRuleColumns() []string {
	return []string{"Name text", "Identity text", "RuleIdentity text", "Enabled bool true", "Priority int 1", "MailboxOwnerId text", "Description text", "From list", "SubjectContainsWords list", "ForwardTo list", "ForwardAsAttachmentTo list", "RedirectTo list", "DeleteMessage bool false", "MoveToFolder text", "MarkAsRead bool false", "StopProcessingRules bool true", "InError bool false", "IsValid bool true"}
}

// inboxRules gives some mailboxes rules, as Get-InboxRule -Mailbox shows them.
func inboxRules(t *tenant) []row {
	var rows []row
	for i := range min(t.mailboxes, 300) {
		p := mailboxOwner(t, i)
		if p.kind != userMailbox || i%4 != 1 {
			continue
		}
		id := strconv.FormatUint(uint64(p.d.of(700)), 10)
		r := row{"Identity": p.alias + `\` + id, "RuleIdentity": id, "MailboxOwnerId": p.name()}
		switch i % 3 {
		case 0:
			r["Name"], r["ForwardTo"], r["Description"] = "Weiterleitung", []string{"\"privat\" [SMTP:" + p.alias + "@gmail.example]"}, "If the message:\r\n\tthe message was received\r\nTake the following actions:\r\n\tforward the message"
		case 1:
			r["Name"], r["MoveToFolder"], r["SubjectContainsWords"] = "Newsletter", "Archiv\\Größe > 1", []string{"Newsletter", "Angebot"}
		default:
			r["Name"], r["DeleteMessage"], r["From"], r["Enabled"] = ".", true, []string{"\"CEO\" [SMTP:ceo@" + t.Domain + "]"}, i%2 == 0
		}
		rows = append(rows, r)
	}
	return rows
}

func permissionColumns() []string {
	return []string{"AccessRights list FullAccess", "Deny bool false", "InheritanceType text All", "User text", "UserSid text", "Identity text", "IsInherited bool false", "IsValid bool true", "ObjectState text Unchanged"}
}

func permissions(t *tenant) []row {
	var rows []row
	for i := range min(t.mailboxes, 1_000) {
		p := mailboxOwner(t, i)
		rows = append(rows, row{"Identity": p.name(), "User": `NT AUTHORITY\SELF`, "UserSid": "S-1-5-10", "AccessRights": []string{"FullAccess", "ReadPermission"}})
		if p.kind == sharedMailbox {
			for n := range 1 + p.d.of(710).n(3) {
				o := t.someone(p.d.of(uint64(711 + n)))
				rows = append(rows, row{"Identity": p.name(), "User": o.alias + "@" + o.domain, "UserSid": "S-1-5-21-" + strconv.Itoa(1_000_000+o.i)})
			}
		}
	}
	return rows
}

func mobileDeviceColumns() []string {
	return []string{"FriendlyName text", "DeviceId text", "DeviceMobileOperator text", "DeviceOS text", "DeviceTelephoneNumber text", "DeviceType text", "DeviceUserAgent text", "DeviceModel text", "FirstSyncTime time", "UserDisplayName text", "DeviceAccessState text Allowed", "DeviceAccessStateReason text Global", "IsManaged bool false", "IsCompliant bool false", "IsDisabled bool false", "ClientVersion text 16.1", "ClientType text EAS", "Name text", "Identity text", "Guid guid", "IsValid bool true"}
}

func mobileDevices(t *tenant) []row {
	var rows []row
	for i := range min(t.mailboxes, 400) {
		p := mailboxOwner(t, i)
		if p.kind != userMailbox || i%3 == 2 {
			continue
		}
		id := strings.ToUpper(strings.ReplaceAll(guidText(p.d.of(720)), "-", ""))
		model := pick(p.d.of(721), []string{"iPhone15C3", "SM-S921B", "Pixel 9", "Outlook for iOS and Android", "iPad14C1"})
		rows = append(rows, row{
			"DeviceId": id, "Name": p.alias + "§" + id, "Identity": p.name() + `\ExchangeActiveSyncDevices\` + model + "§" + id, "DeviceModel": model, "DeviceOS": pick(p.d.of(722), []string{"iOS 18.5 22F76", "Android 15", "OutlookBasicAuth"}),
			"UserDisplayName": p.display, "FriendlyName": pick(p.d.of(723), []string{"Diensthandy", "iPhone von \"" + p.first + "\"", ""}), "FirstSyncTime": timeOf(p.changed), "DeviceType": "Outlook",
		})
	}
	return rows
}
