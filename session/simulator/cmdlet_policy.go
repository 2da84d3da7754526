package simulator

func (all *catalogue) addPolicyCmdlets(c *classes) {
	system := "Microsoft.Exchange.Management.SystemConfigurationTasks."
	for _, k := range []struct {
		class    *class
		typeName string
	}{
		{c.contentFilter, "HostedContentFilterPolicy"},
		{c.contentFilterRule, "HostedContentFilterRule"},
		{c.outboundSpam, "HostedOutboundSpamFilterPolicy"},
		{c.connectionFilter, "HostedConnectionFilterPolicy"},
		{c.malware, "MalwareFilterPolicy"},
		{c.malwareRule, "MalwareFilterRule"},
		{c.antiPhish, "AntiPhishPolicy"},
		{c.antiPhishRule, "AntiPhishRule"},
		{c.safeLinks, "SafeLinksPolicy"},
		{c.safeAttachment, "SafeAttachmentPolicy"},
		{c.dkim, "DkimSigningConfig"},
		{c.quarantinePolicy, "QuarantinePolicy"},
	} {
		all.plainGet(k.class, k.typeName)
	}
	spam := "enum:MoveToJmf|AddXHeader|ModifySubject|Redirect|Delete|Quarantine|NoAction"
	all.add("Set-HostedContentFilterPolicy", "Modifies an anti-spam policy.", "Identity id:HostedContentFilterPolicy 0 ! pipe; AllowedSenders mvp; AllowedSenderDomains mvp; BlockedSenders mvp; BlockedSenderDomains mvp; BulkThreshold int min:1 max:9; QuarantineRetentionPeriod int min:1 max:30; SpamAction "+spam+"; HighConfidenceSpamAction "+spam+"; PhishSpamAction "+spam+"; BulkSpamAction "+spam+"; EnableLanguageBlockList bool; LanguageBlockList mvp; EnableRegionBlockList bool; RegionBlockList mvp; ZapEnabled bool; MakeDefault switch",
		definition{task: system + "SetHostedContentFilterPolicy", impact: alters, run: set(nil, c.contentFilter)})
	all.add("New-HostedContentFilterPolicy", "Creates an anti-spam policy.", "Name string ! 0 max:64; AllowedSenders mvp; AllowedSenderDomains mvp; BlockedSenders mvp; BlockedSenderDomains mvp; BulkThreshold int min:1 max:9; SpamAction "+spam,
		definition{task: system + "NewHostedContentFilterPolicy", impact: alters, run: creation{class: c.contentFilter, view: newView(c.contentFilter, "", "Microsoft.Exchange.Data.Directory.SystemConfiguration.HostedContentFilterPolicy"), what: "anti-spam policy"}.run})
	all.add("Remove-HostedContentFilterPolicy", "Removes an anti-spam policy.", "Identity id:HostedContentFilterPolicy 0 ! pipe; Force switch", definition{task: system + "RemoveHostedContentFilterPolicy", impact: asks, run: remove(c.contentFilter), confirm: "Removing the anti-spam policy \"%s\"."})
	all.add("Set-HostedConnectionFilterPolicy", "Modifies the connection filter.", "Identity id:HostedConnectionFilterPolicy 0 ! pipe; IPAllowList mvp; IPBlockList mvp; EnableSafeList bool", definition{task: system + "SetHostedConnectionFilterPolicy", impact: alters, run: set(nil, c.connectionFilter)})
	all.add("Set-HostedOutboundSpamFilterPolicy", "Modifies the outbound spam filter.", "Identity id:HostedOutboundSpamFilterPolicy 0 ! pipe; AutoForwardingMode enum:Automatic|Off|On; RecipientLimitExternalPerHour int min:0 max:10000; RecipientLimitInternalPerHour int min:0 max:10000; RecipientLimitPerDay int min:0 max:10000; ActionWhenThresholdReached enum:Alert|BlockUser|BlockUserForToday; NotifyOutboundSpam bool; NotifyOutboundSpamRecipients mvp", definition{task: system + "SetHostedOutboundSpamFilterPolicy", impact: alters, run: set(nil, c.outboundSpam)})
	all.add("Set-MalwareFilterPolicy", "Modifies an anti-malware policy.", "Identity id:MalwareFilterPolicy 0 ! pipe; EnableFileFilter bool; FileTypes mvp; ZapEnabled bool; QuarantineTag string; EnableInternalSenderAdminNotifications bool; InternalSenderAdminAddress smtp", definition{task: system + "SetMalwareFilterPolicy", impact: alters, run: set(nil, c.malware)})
	all.add("Set-AntiPhishPolicy", "Modifies an anti-phishing policy.", "Identity id:AntiPhishPolicy 0 ! pipe; Enabled bool; PhishThresholdLevel int min:1 max:4; EnableSpoofIntelligence bool; EnableTargetedUserProtection bool; TargetedUsersToProtect mvp; HonorDmarcPolicy bool; EnableFirstContactSafetyTips bool", definition{task: system + "SetAntiPhishPolicy", impact: alters, run: set(nil, c.antiPhish)})
	all.add("Set-DkimSigningConfig", "Modifies DKIM signing.", "Identity id:DkimSigningConfig 0 ! pipe; Enabled bool; HeaderCanonicalization enum:Simple|Relaxed; BodyCanonicalization enum:Simple|Relaxed", definition{task: system + "SetDkimSigningConfig", impact: alters, run: set(nil, c.dkim)})
	items := newView(c.allowBlock, "", "Microsoft.Exchange.Management.TenantAllowBlockList.TenantAllowBlockListItem")
	all.add("Get-TenantAllowBlockListItems", "Lists what is allowed and blocked.", "ListType enum:Sender|Url|FileHash|IP !; ListSubType enum:Tenant|AdvancedDelivery; Entry string; Allow switch; Block switch; NoExpiration switch; OutputJson switch",
		getter("Microsoft.Exchange.Management.TenantAllowBlockList.GetTenantAllowBlockListItems", &lister{views: []*view{items}, conditions: []condition{{"ListType", "ListType", equals}, {"Entry", "Value", equals}}}))
	all.add("Remove-TenantAllowBlockListItems", "Takes entries out of the list.", "Identity id:TenantAllowBlockListItem 0 ! pipe; ListType enum:Sender|Url|FileHash|IP", definition{task: "Microsoft.Exchange.Management.TenantAllowBlockList.RemoveTenantAllowBlockListItems", impact: asks, run: remove(c.allowBlock), confirm: "Removing the entry \"%s\"."})
	blocked := newView(c.blockedSender, "", "Microsoft.Exchange.Data.Transport.BlockedSenderAddress")
	all.add("Get-BlockedSenderAddress", "Lists senders that are blocked for outbound spam.", "SenderAddress string", getter("Microsoft.Exchange.Management.SystemConfigurationTasks.GetBlockedSenderAddress", &lister{views: []*view{blocked}, conditions: []condition{{"SenderAddress", "SenderAddress", equals}}}))
	all.add("Remove-BlockedSenderAddress", "Lets blocked senders send again.", "Identity string alias:SenderAddress 0 ! pipe; Reason string", definition{task: system + "RemoveBlockedSenderAddress", impact: alters, run: remove(c.blockedSender)})
}

func (all *catalogue) addOrganizationCmdlets(c *classes) {
	all.plainGet(c.organization, "ADOrganizationConfig")
	all.plainGet(c.transportConfig, "TransportConfigContainer")
	all.plainGet(c.auditConfig, "AdminAuditLogConfig")
	all.plainGet(c.roleGroup, "RoleGroup")
	all.plainGet(c.external, "ExternalInOutlook")
	assignment := newView(c.assignment, "", "Microsoft.Exchange.Data.Directory.SystemConfiguration.ExchangeRoleAssignmentPresentation", "Microsoft.Exchange.Data.Directory.ADObject")
	all.add("Get-ManagementRoleAssignment", "Lists who has which role.", "Identity id:RoleAssignment 0 pipe in:Identity; Role id:Role; RoleAssignee id:RoleAssignee; GetEffectiveUsers switch; Enabled bool", getter("Microsoft.Exchange.Management.RbacTasks.GetManagementRoleAssignment", &lister{views: []*view{assignment}, conditions: []condition{{"Role", "Role", equals}, {"RoleAssignee", "RoleAssigneeName", equals}, {"Enabled", "Enabled", equals}}}))
	all.add("Set-OrganizationConfig", "Modifies the organization.", "MailTipsAllTipsEnabled bool; MailTipsExternalRecipientsTipsEnabled bool; MailTipsLargeAudienceThreshold int; OAuth2ClientProfileEnabled bool; AuditDisabled bool; SendFromAliasEnabled bool; RejectDirectSend bool; FocusedInboxOn bool; CustomerLockboxEnabled bool",
		definition{task: "Microsoft.Exchange.Management.SystemConfigurationTasks.SetOrganizationConfig", impact: alters, run: setOrganization(c)})
}
