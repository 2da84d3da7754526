package simulator

// classes are all tables that a tenant has.
type classes struct {
	all                                                []*class
	mailbox, mailUser, contact, group, message, junk   *class
	rule, domain, inbound, outbound, remoteDomain      *class
	contentFilter, contentFilterRule, outboundSpam     *class
	connectionFilter, malware, malwareRule, antiPhish  *class
	antiPhishRule, safeLinks, safeAttachment, dkim     *class
	allowBlock, blockedSender, quarantinePolicy        *class
	organization, transportConfig, roleGroup, external *class
	auditConfig, inboxRule, permission, assignment     *class
	mobileDevice                                       *class
}

func newClasses() *classes {
	c := &classes{}
	c.mailbox = newClass("Mailbox", "Name Alias Identity PrimarySmtpAddress UserPrincipalName Guid ExchangeGuid DisplayName SamAccountName DistinguishedName EmailAddresses ExternalDirectoryObjectId",
		func(t *tenant) int { return t.mailboxes }, mailboxOwner, mailboxColumns())
	c.mailUser = newClass("MailUser", "Name Alias Identity PrimarySmtpAddress UserPrincipalName Guid DisplayName ExternalEmailAddress DistinguishedName EmailAddresses",
		func(t *tenant) int { return t.mailUsers }, mailUser, mailUserColumns())
	c.contact = newClass("MailContact", "Name Alias Identity PrimarySmtpAddress Guid DisplayName ExternalEmailAddress DistinguishedName EmailAddresses",
		func(t *tenant) int { return t.contacts }, mailContact, mailUserColumns())
	c.group = newClass("DistributionGroup", "Name Alias Identity PrimarySmtpAddress Guid DisplayName DistinguishedName EmailAddresses",
		func(t *tenant) int { return t.groups }, distributionGroup, groupColumns())
	c.message = newClass("MessageTrace", "MessageTraceId MessageId", func(t *tenant) int { return t.traced }, tracedMessage, messageColumns())
	c.junk = newClass("QuarantineMessage", "Identity MessageId", func(t *tenant) int { return t.quarantined }, quarantinedMessage, quarantineColumns())

	c.rule = newFixedClass("TransportRule", "Name Identity Guid ImmutableId", ruleColumns(), transportRules)
	c.domain = newFixedClass("AcceptedDomain", "Name Identity DomainName Guid", acceptedDomainColumns(), acceptedDomains)
	c.inbound = newFixedClass("InboundConnector", "Name Identity Guid", inboundColumns(), inboundConnectors)
	c.outbound = newFixedClass("OutboundConnector", "Name Identity Guid", outboundColumns(), outboundConnectors)
	c.remoteDomain = newFixedClass("RemoteDomain", "Name Identity Guid DomainName", remoteDomainColumns(), remoteDomains)
	c.contentFilter = newFixedClass("HostedContentFilterPolicy", "Name Identity Guid", contentFilterColumns(), contentFilters)
	c.contentFilterRule = newFixedClass("HostedContentFilterRule", "Name Identity Guid", policyRuleColumns(), policyRules("Geschäftsführung (streng)"))
	c.outboundSpam = newFixedClass("HostedOutboundSpamFilterPolicy", "Name Identity Guid", outboundSpamColumns(), simplePolicies("Default"))
	c.connectionFilter = newFixedClass("HostedConnectionFilterPolicy", "Name Identity Guid", connectionFilterColumns(), simplePolicies("Default"))
	c.malware = newFixedClass("MalwareFilterPolicy", "Name Identity Guid", malwareColumns(), simplePolicies("Default", "Strict Preset Security Policy1603"))
	c.malwareRule = newFixedClass("MalwareFilterRule", "Name Identity Guid", policyRuleColumns(), policyRules("Strict Preset Security Policy1603"))
	c.antiPhish = newFixedClass("AntiPhishPolicy", "Name Identity Guid", antiPhishColumns(), simplePolicies("Office365 AntiPhish Default", "Vorstand"))
	c.antiPhishRule = newFixedClass("AntiPhishRule", "Name Identity Guid", policyRuleColumns(), policyRules("Vorstand"))
	c.safeLinks = newFixedClass("SafeLinksPolicy", "Name Identity Guid", safeLinksColumns(), simplePolicies("Built-In Protection Policy"))
	c.safeAttachment = newFixedClass("SafeAttachmentPolicy", "Name Identity Guid", safeAttachmentColumns(), simplePolicies("Built-In Protection Policy"))
	c.dkim = newFixedClass("DkimSigningConfig", "Name Identity Domain Guid", dkimColumns(), dkimConfigs)
	c.allowBlock = newFixedClass("TenantAllowBlockListItems", "Identity Value", allowBlockColumns(), allowBlockItems)
	c.blockedSender = newFixedClass("BlockedSenderAddress", "SenderAddress", blockedSenderColumns(), blockedSenders)
	c.quarantinePolicy = newFixedClass("QuarantinePolicy", "Name Identity Guid", quarantinePolicyColumns(), simplePolicies("DefaultFullAccessPolicy", "AdminOnlyAccessPolicy", "DefaultFullAccessWithNotificationPolicy"))
	c.organization = newFixedClass("OrganizationConfig", "Name Identity Guid", organizationColumns(), organizationRows)
	c.transportConfig = newFixedClass("TransportConfig", "Name Identity Guid", transportConfigColumns(), func(*tenant) []row { return []row{{}} })
	c.roleGroup = newFixedClass("RoleGroup", "Name Identity Guid", roleGroupColumns(), roleGroups)
	c.assignment = newFixedClass("ManagementRoleAssignment", "Name Identity Guid", assignmentColumns(), assignments)
	c.external = newFixedClass("ExternalInOutlook", "Identity", []string{"RunspaceId guid", "Identity text", "Enabled bool false", "AllowList list contoso.example,fabrikam.example"}, func(t *tenant) []row { return []row{{"Identity": t.initial}} })
	c.auditConfig = newFixedClass("AdminAuditLogConfig", "Name Identity", auditColumns(), func(*tenant) []row { return []row{{}} })
	c.inboxRule = newFixedClass("InboxRule", "Name Identity RuleIdentity", inboxRuleColumns(), inboxRules)
	c.permission = newFixedClass("MailboxPermission", "Identity User", permissionColumns(), permissions)
	c.mobileDevice = newFixedClass("MobileDevice", "Identity DeviceId Guid", mobileDeviceColumns(), mobileDevices)
	c.all = []*class{
		c.mailbox, c.mailUser, c.contact, c.group, c.message, c.junk, c.rule, c.domain, c.inbound, c.outbound, c.remoteDomain, c.contentFilter, c.contentFilterRule,
		c.outboundSpam, c.connectionFilter, c.malware, c.malwareRule, c.antiPhish, c.antiPhishRule, c.safeLinks, c.safeAttachment, c.dkim, c.allowBlock, c.blockedSender,
		c.quarantinePolicy, c.organization, c.transportConfig, c.roleGroup, c.assignment, c.external, c.auditConfig, c.inboxRule, c.permission, c.mobileDevice,
	}
	return c
}
