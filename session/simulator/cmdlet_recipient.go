package simulator

import (
	"strings"

	"postroom/session/clixml"
	"postroom/session/psrp"
)

const recipientTasks = "Microsoft.Exchange.Management.RecipientTasks."

const mailboxKinds = "UserMailbox|SharedMailbox|RoomMailbox|EquipmentMailbox|TeamMailbox|DiscoveryMailbox|GroupMailbox|SchedulingMailbox|LegacyMailbox|LinkedMailbox"

const mailboxView = `Database UseDatabaseQuotaDefaults RetainDeletedItemsFor RetentionPolicy LitigationHoldEnabled LitigationHoldDate LitigationHoldOwner LitigationHoldDuration SingleItemRecoveryEnabled
	DeliverToMailboxAndForward ForwardingAddress ForwardingSmtpAddress ExchangeGuid ArchiveGuid ArchiveName ArchiveStatus ArchiveQuota AutoExpandingArchiveEnabled ProhibitSendQuota ProhibitSendReceiveQuota IssueWarningQuota
	RecipientLimits ResourceCapacity ResourceType SamAccountName ServerName UserPrincipalName MicrosoftOnlineServicesID AuditEnabled AuditLogAgeLimit SKUAssigned AccountDisabled Languages WhenMailboxCreated
	Office AcceptMessagesOnlyFrom Alias CustomAttribute1 CustomAttribute2 ExtensionCustomAttribute1 DisplayName EmailAddresses GrantSendOnBehalfTo ExternalDirectoryObjectId HiddenFromAddressListsEnabled MaxSendSize MaxReceiveSize ModerationEnabled
	EmailAddressPolicyEnabled OrganizationalUnit PoliciesIncluded PoliciesExcluded PrimarySmtpAddress RecipientType RecipientTypeDetails RejectMessagesFrom RequireSenderAuthenticationEnabled WindowsEmailAddress MailTip
	Identity Name DistinguishedName Guid ExchangeObjectId ExchangeVersion WhenChanged WhenCreated WhenChangedUTC WhenCreatedUTC OrganizationId IsDirSynced IsValid`

const mailUserView = `ExchangeGuid MailboxRegion ExternalEmailAddress UsePreferMessageFormat MessageFormat MessageBodyFormat UseMapiRichTextFormat MacAttachmentFormat UserPrincipalName MicrosoftOnlineServicesID
	AcceptMessagesOnlyFrom Alias CustomAttribute1 CustomAttribute2 ExtensionCustomAttribute1 DisplayName EmailAddresses ExternalDirectoryObjectId HiddenFromAddressListsEnabled MaxSendSize MaxReceiveSize ModerationEnabled
	EmailAddressPolicyEnabled OrganizationalUnit PoliciesIncluded PoliciesExcluded PrimarySmtpAddress RecipientType RecipientTypeDetails RejectMessagesFrom RequireSenderAuthenticationEnabled WindowsEmailAddress MailTip
	Identity Name DistinguishedName Guid ExchangeObjectId ExchangeVersion WhenChanged WhenCreated WhenChangedUTC WhenCreatedUTC OrganizationId IsDirSynced IsValid`

const recipientView = `Identity Alias ArchiveGuid CustomAttribute1 City Company CountryOrRegion Database Department DisplayName EmailAddresses ExternalDirectoryObjectId ExternalEmailAddress FirstName HiddenFromAddressListsEnabled LastName
	LitigationHoldEnabled ManagedBy Manager Name Office OrganizationalUnit Phone PrimarySmtpAddress RecipientType RecipientTypeDetails ResourceType SamAccountName ServerName SKUAssigned Title UMEnabled WindowsLiveID=UserPrincipalName
	WhenMailboxCreated Guid ExchangeGuid ExchangeObjectId DistinguishedName WhenChanged WhenCreated WhenChangedUTC WhenCreatedUTC OrganizationId IsValid`

const userView = `SamAccountName Sid UserPrincipalName MicrosoftOnlineServicesID AccountDisabled City Company CountryOrRegion Department DisplayName FirstName LastName Manager MobilePhone Notes Office Phone Title RecipientType RecipientTypeDetails
	RemotePowerShellEnabled WindowsEmailAddress IsDirSynced ExternalDirectoryObjectId Identity Name DistinguishedName Guid WhenChanged WhenCreated OrganizationId IsValid`

const statisticsView = `AssociatedItemCount DeletedItemCount DisplayName Identity=MailboxGuid IsArchiveMailbox ItemCount LastLogoffTime LastLogonTime LegacyDN=DistinguishedName MailboxGuid MailboxTypeDetail StorageLimitStatus TotalDeletedItemSize TotalItemSize DatabaseName=Database ServerName IsValid`

const casView = `EmailAddresses LegacyExchangeDN=DistinguishedName PrimarySmtpAddress SamAccountName ServerName DisplayName ActiveSyncEnabled ActiveSyncMailboxPolicy OWAEnabled OwaMailboxPolicy PopEnabled ImapEnabled MAPIEnabled EwsEnabled SmtpClientAuthenticationDisabled Identity Name Guid WhenChanged IsValid`

func (all *catalogue) addRecipientCmdlets(c *classes) {
	directory := "Microsoft.Exchange.Data.Directory.Management."
	presentation := directory + "ADPresentationObject"
	mailboxes := newView(c.mailbox, mailboxView, directory+"Mailbox", directory+"MailEnabledOrgPerson", directory+"MailEnabledRecipient", presentation)
	users := newView(c.mailUser, mailUserView, directory+"MailUser", directory+"MailEnabledOrgPerson", directory+"MailEnabledRecipient", presentation)
	contacts := newView(c.contact, mailUserView, directory+"MailContact", directory+"MailEnabledOrgPerson", directory+"MailEnabledRecipient", presentation)
	anr := condition{"Anr", "DisplayName", startsWith}
	kinds := condition{"RecipientTypeDetails", "RecipientTypeDetails", oneOf}
	paging := "ResultSize unlimited; Filter string in:Identity,AnrSet; SortBy string; OrganizationalUnit id:OrganizationalUnit; ReadFromDomainController switch; IgnoreDefaultScope switch; Credential credential"

	all.add("Get-Mailbox", "Views mailbox objects and attributes.", "Identity id:Mailbox 0 pipe in:Identity alias:Id; Anr string in:AnrSet; RecipientTypeDetails enum[]:"+mailboxKinds+"; Archive switch; InactiveMailboxOnly switch; IncludeInactiveMailbox switch; SoftDeletedMailbox switch; GroupMailbox switch; "+paging,
		definition{task: recipientTasks + "GetMailbox", run: func(x *execution) *psrp.RemoteError {
			l := lister{views: []*view{mailboxes}, conditions: []condition{anr, kinds}, limited: true}
			if x.args.on("Archive") {
				x.args["archivestatus"] = []string{"Active"}
				l.conditions = append(l.conditions, condition{"ArchiveStatus", "ArchiveStatus", oneOf})
			}
			if x.args.on("InactiveMailboxOnly") || x.args.on("SoftDeletedMailbox") || x.args.on("GroupMailbox") {
				return nil
			}
			return l.get(x)
		}})
	all.add("Get-MailUser", "Views mail users.", "Identity id:MailUser 0 pipe in:Identity; Anr string in:AnrSet; RecipientTypeDetails enum[]:MailUser|GuestMailUser|RemoteUserMailbox; SoftDeletedMailUser switch; "+paging,
		getter(recipientTasks+"GetMailUser", &lister{views: []*view{users}, conditions: []condition{anr, kinds}, limited: true}))
	all.add("Get-MailContact", "Views mail contacts.", "Identity id:MailContact 0 pipe in:Identity; Anr string in:AnrSet; RecipientTypeDetails enum[]:MailContact|MailForestContact; "+paging,
		getter(recipientTasks+"GetMailContact", &lister{views: []*view{contacts}, conditions: []condition{anr, kinds}, limited: true}))
	var recipients, people []*view
	for _, k := range []*class{c.mailbox, c.mailUser, c.contact, c.group} {
		recipients = append(recipients, newView(k, recipientView, directory+"ReducedRecipient", presentation))
	}
	for _, k := range []*class{c.mailbox, c.mailUser} {
		people = append(people, newView(k, userView, directory+"User", directory+"OrgPersonPresentationObject", presentation))
	}
	all.add("Get-Recipient", "Views recipients of every kind.", "Identity id:Recipient 0 pipe in:Identity; Anr string in:AnrSet; RecipientType enum[]:UserMailbox|MailUser|MailContact|MailUniversalDistributionGroup|MailUniversalSecurityGroup|DynamicDistributionGroup; RecipientTypeDetails enum[]:"+mailboxKinds+"|MailUser|GuestMailUser|MailContact|MailUniversalDistributionGroup|MailUniversalSecurityGroup|DynamicDistributionGroup|RoomList; RecipientPreviewFilter string; Properties string[]; PropertySet enum:All|ConsoleSmallSet|ConsoleLargeSet|Minimum; "+paging,
		getter(recipientTasks+"GetRecipient", &lister{views: recipients, conditions: []condition{anr, kinds, {"RecipientType", "RecipientType", oneOf}}, limited: true}))
	all.add("Get-User", "Views users.", "Identity id:User 0 pipe in:Identity; Anr string in:AnrSet; RecipientTypeDetails enum[]:"+mailboxKinds+"|MailUser|GuestMailUser|User|DisabledUser; IsVIP switch; "+paging,
		getter(recipientTasks+"GetUser", &lister{views: people, conditions: []condition{anr, kinds}, limited: true}))
	cas := newView(c.mailbox, casView, directory+"CASMailbox", presentation)
	all.add("Get-CASMailbox", "Views the client access settings of mailboxes.", "Identity id:Mailbox 0 pipe in:Identity; Anr string in:AnrSet; "+paging, getter(recipientTasks+"GetCASMailbox", &lister{views: []*view{cas}, conditions: []condition{anr}, limited: true}))
	statistics := newView(c.mailbox, statisticsView, "Microsoft.Exchange.Management.MapiTasks.Presentation.MailboxStatistics", "Microsoft.Exchange.Management.MapiTasks.Presentation.MapiPresentationObject")
	all.add("Get-MailboxStatistics", "Views sizes and logons of mailboxes.", "Identity id:GeneralMailbox 0 ! pipe in:Identity; Server id:Server ! in:Server; Database id:Database ! in:Database; Archive switch; IncludeMoveReport switch; IncludeMoveHistory switch; IncludeSoftDeletedRecipients switch",
		getter("Microsoft.Exchange.Management.MapiTasks.GetMailboxStatistics", &lister{views: []*view{statistics}, progress: "Reading mailbox statistics"}))

	attributes := "Alias string; DisplayName string; CustomAttribute1 string; CustomAttribute2 string; ExtensionCustomAttribute1 mvp; EmailAddresses mvp; HiddenFromAddressListsEnabled bool; MailTip string; Name string max:64; WindowsEmailAddress smtp; ModerationEnabled bool; AcceptMessagesOnlyFrom mvp; RejectMessagesFrom mvp; RequireSenderAuthenticationEnabled bool; Force switch"
	all.add("Set-Mailbox", "Modifies the settings of mailboxes.", "Identity id:Mailbox 0 ! pipe; "+attributes+"; ForwardingAddress id:Recipient; ForwardingSmtpAddress string; DeliverToMailboxAndForward bool; GrantSendOnBehalfTo mvp; LitigationHoldEnabled bool; LitigationHoldDuration string; LitigationHoldDate date; LitigationHoldOwner string; ProhibitSendQuota size; ProhibitSendReceiveQuota size; IssueWarningQuota size; MaxSendSize size; MaxReceiveSize size; RecipientLimits string; RetentionPolicy id:MailboxPolicy; RetainDeletedItemsFor span; SingleItemRecoveryEnabled bool; AuditEnabled bool; AccountDisabled bool; Type enum:Regular|Room|Equipment|Shared; Office string; ResourceCapacity int; Languages mvp; UseDatabaseQuotaDefaults bool; MicrosoftOnlineServicesID smtp; Password secure; RoomMailboxPassword secure",
		definition{task: recipientTasks + "SetMailbox", impact: alters, run: setMailbox(c)})
	all.add("Set-MailUser", "Modifies mail users.", "Identity id:MailUser 0 ! pipe; "+attributes+"; ExternalEmailAddress string; Password secure", definition{task: recipientTasks + "SetMailUser", impact: alters, run: set(nil, c.mailUser)})
	all.add("Set-MailContact", "Modifies mail contacts.", "Identity id:MailContact 0 ! pipe; "+attributes+"; ExternalEmailAddress string", definition{task: recipientTasks + "SetMailContact", impact: alters, run: set(nil, c.contact)})
	all.add("Set-User", "Modifies users.", "Identity id:User 0 ! pipe; City string; Company string; CountryOrRegion string; Department string; DisplayName string; FirstName string; LastName string; Manager id:User; MobilePhone string; Notes string; Office string; Phone string; Title string; RemotePowerShellEnabled bool; Name string max:64; Force switch",
		definition{task: recipientTasks + "SetUser", impact: alters, run: set(nil, c.mailbox, c.mailUser)})
	all.add("Set-CASMailbox", "Modifies the client access settings of mailboxes.", "Identity id:Mailbox 0 ! pipe; ActiveSyncEnabled bool; OWAEnabled bool; PopEnabled bool; ImapEnabled bool; MAPIEnabled bool; EwsEnabled bool; SmtpClientAuthenticationDisabled bool; OwaMailboxPolicy id:MailboxPolicy; ActiveSyncMailboxPolicy id:MailboxPolicy",
		definition{task: recipientTasks + "SetCASMailbox", impact: alters, run: set(nil, c.mailbox)})

	account := "Name string ! max:64; Alias string; DisplayName string; FirstName string; LastName string; PrimarySmtpAddress smtp; "
	all.add("New-Mailbox", "Creates a mailbox.", account+"MicrosoftOnlineServicesID smtp ! in:MicrosoftOnlineServicesID; Password secure ! in:MicrosoftOnlineServicesID; Shared switch ! in:Shared; Room switch ! in:Room; Equipment switch ! in:Equipment; ResetPasswordOnNextLogon bool",
		definition{task: recipientTasks + "NewMailbox", impact: alters, run: newMailbox(c, mailboxes)})
	all.byName["new-mailbox"].meta.DefaultSet = "MicrosoftOnlineServicesID"
	all.add("New-MailUser", "Creates a mail user.", account+"ExternalEmailAddress string !; MicrosoftOnlineServicesID smtp; Password secure; UsePreferMessageFormat bool; MessageFormat enum:Text|Mime", definition{task: recipientTasks + "NewMailUser", impact: alters, run: newPerson(c.mailUser, users, "mail user")})
	all.add("New-MailContact", "Creates a mail contact.", account+"ExternalEmailAddress string !; UsePreferMessageFormat bool; MessageFormat enum:Text|Mime", definition{task: recipientTasks + "NewMailContact", impact: alters, run: newPerson(c.contact, contacts, "mail contact")})
	all.add("Remove-Mailbox", "Removes mailboxes and their users.", "Identity id:Mailbox 0 ! pipe; Force switch; PermanentlyDelete switch", definition{
		task: recipientTasks + "RemoveMailbox", impact: asks, run: remove(c.mailbox),
		confirm: "Removing the mailbox Identity:\"%s\" will remove the user object and mark the mailbox and the archive (if present) for removal.",
	})
	all.add("Remove-MailUser", "Removes mail users.", "Identity id:MailUser 0 ! pipe; Force switch", definition{task: recipientTasks + "RemoveMailUser", impact: asks, run: remove(c.mailUser), confirm: "Removing the mail user Identity:\"%s\"."})
	all.add("Remove-MailContact", "Removes mail contacts.", "Identity id:MailContact 0 ! pipe; Force switch", definition{task: recipientTasks + "RemoveMailContact", impact: asks, run: remove(c.contact), confirm: "Removing the mail contact Identity:\"%s\"."})
	all.addAccessCmdlets(c)
}

// addAccessCmdlets adds permissions, inbox rules and devices.
func (all *catalogue) addAccessCmdlets(c *classes) {
	permission := newView(c.permission, "", "Microsoft.Exchange.Management.RecipientTasks.MailboxAcePresentationObject", "Microsoft.Exchange.Management.RecipientTasks.AcePresentationObject")
	all.add("Get-MailboxPermission", "Lists who may open a mailbox.", "Identity id:Mailbox 0 ! pipe; User id:SecurityPrincipal; Owner switch; ResultSize unlimited", definition{task: recipientTasks + "GetMailboxPermission", run: ofMailbox(c, &lister{views: []*view{permission}, conditions: []condition{{"User", "User", oneOf}}}, "Identity")})
	inbox := newView(c.inboxRule, "", "Microsoft.Exchange.Management.Common.InboxRule")
	all.add("Get-InboxRule", "Lists the inbox rules of a mailbox.", "Mailbox id:Mailbox 0 ! pipe; Identity id:InboxRule; IncludeHidden switch; DescriptionTimeFormat string", definition{task: recipientTasks + "GetInboxRule", run: ofMailbox(c, &lister{views: []*view{inbox}}, "MailboxOwnerId")})
	device := newView(c.mobileDevice, "", "Microsoft.Exchange.Data.Directory.SystemConfiguration.MobileDevice", "Microsoft.Exchange.Data.Directory.ADObject")
	all.add("Get-MobileDevice", "Lists phones and tablets.", "Identity id:MobileDevice 0 pipe in:Identity; Mailbox id:Mailbox in:Mailbox; ResultSize unlimited; Filter string; ActiveSync switch; OWAforDevices switch", getter("Microsoft.Exchange.Management.AirSync.GetMobileDevice", &lister{views: []*view{device}, conditions: []condition{{"Mailbox", "UserDisplayName", oneOf}}, limited: true}))
}

// ofMailbox lists what belongs to one mailbox, found by its name in a column.
func ofMailbox(c *classes, l *lister, column string) func(*execution) *psrp.RemoteError {
	return func(x *execution) *psrp.RemoteError {
		identities := x.identities
		for _, name := range []string{"Mailbox", "Identity"} {
			if x.args.has(name) {
				identities = x.args.list(name)
				delete(x.args, strings.ToLower(name))
				break
			}
		}
		x.piped = false
		for _, id := range identities {
			t, problem := x.one(id, c.mailbox)
			if problem != nil {
				if problem = x.fail(problem); problem != nil {
					return problem
				}
				continue
			}
			x.args["(mailbox)"] = []string{t.name()}
			of := *l
			of.conditions = append(of.conditions[:len(of.conditions):len(of.conditions)], condition{"(mailbox)", column, oneOf})
			if problem := of.getAll(x, unlimited); problem != nil {
				return problem
			}
		}
		return nil
	}
}

// setMailbox is Set-Mailbox: -Type changes the kind, and a forwarding address
// must exist.
func setMailbox(c *classes) func(*execution) *psrp.RemoteError {
	plain := set(map[string]string{"Type": "RecipientTypeDetails"}, c.mailbox)
	kinds := map[string]string{"regular": userMailbox, "shared": sharedMailbox, "room": roomMailbox, "equipment": equipmentMailbox}
	return func(x *execution) *psrp.RemoteError {
		if kind, ok := kinds[strings.ToLower(x.args.text("Type"))]; ok {
			x.args["type"] = kind
		}
		if to := x.args.text("ForwardingAddress"); to != "" {
			t, problem := x.one(to, c.mailbox, c.mailUser, c.contact, c.group)
			if problem != nil {
				return x.fail(problem)
			}
			x.args["forwardingaddress"] = t.name()
		}
		if to := x.args.text("ForwardingSmtpAddress"); to != "" && !strings.Contains(to, ":") {
			x.args["forwardingsmtpaddress"] = "smtp:" + to
		}
		return plain(x)
	}
}

// newMailbox is New-Mailbox: a user with a password, or a thing.
func newMailbox(c *classes, v *view) func(*execution) *psrp.RemoteError {
	create := newPerson(c.mailbox, v, "mailbox")
	return func(x *execution) *psrp.RemoteError {
		x.args["recipienttypedetails"] = userMailbox
		for _, kind := range []string{"Shared", "Room", "Equipment"} {
			if x.args.on(kind) {
				x.args["recipienttypedetails"] = kind + "Mailbox"
			}
		}
		return create(x)
	}
}

func newPerson(c *class, v *view, what string) func(*execution) *psrp.RemoteError {
	return creation{class: c, view: v, what: what, fill: func(x *execution, put func(string, any)) {
		name := x.args.text("Name")
		alias := x.args.text("Alias")
		if alias == "" {
			alias = strings.ToLower(plainASCII(name))
		}
		address := x.args.text("PrimarySmtpAddress")
		if id := x.args.text("MicrosoftOnlineServicesID"); address == "" && id != "" {
			address = id
		}
		if address == "" {
			address = alias + "@" + x.tenant.domains[0]
		}
		put("Alias", alias)
		put("PrimarySmtpAddress", address)
		put("WindowsEmailAddress", address)
		put("UserPrincipalName", address)
		put("EmailAddresses", []string{"SMTP:" + address})
		put("DistinguishedName", "CN="+name+",OU="+x.tenant.initial+",OU=Microsoft Exchange Hosted Organizations,DC=EURPR06A014,DC=PROD,DC=OUTLOOK,DC=EXAMPLE")
		if !x.args.has("DisplayName") {
			put("DisplayName", name)
		}
		if kind := x.args.text("RecipientTypeDetails"); kind != "" {
			put("RecipientTypeDetails", kind)
		}
		if to := x.args.text("ExternalEmailAddress"); to != "" && !strings.Contains(to, ":") {
			put("ExternalEmailAddress", "SMTP:"+to)
		}
	}}.run
}

// objectOf is an object with note properties.
func objectOf(typeName string, properties ...clixml.Property) *clixml.Object {
	return &clixml.Object{Types: []string{typeName, automation + "PSCustomObject", "System.Object"}, Extended: properties}
}
