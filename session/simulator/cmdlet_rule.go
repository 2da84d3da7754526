package simulator

import (
	"fmt"
	"strings"

	"postroom/session/psrp"
)

const ruleTasks = "Microsoft.Exchange.MessagingPolicies.Rules.Tasks."

func (all *catalogue) addRuleCmdlets(c *classes) {
	rules := newView(c.rule, "", ruleTasks+"Rule", "Microsoft.Exchange.Configuration.ObjectModel.ConfigurableObject")
	all.add("Get-TransportRule", "Views mail flow rules.", "Identity id:Rule 0 pipe in:Identity; State enum:Enabled|Disabled; Filter string; ResultSize unlimited; ExcludeConditionActionDetails switch; DlpPolicy string",
		getter(ruleTasks+"GetTransportRule", &lister{views: []*view{rules}, conditions: []condition{{"State", "State", equals}, {"DlpPolicy", "DlpPolicy", equals}}, limited: true}))
	conditions := `Comments string; Priority int min:0; Mode enum:Enforce|Audit|AuditAndNotify; From mvp; FromMemberOf mvp; FromScope enum:InOrganization|NotInOrganization; SentTo mvp; SentToMemberOf mvp;
		SentToScope enum:InOrganization|NotInOrganization|ExternalPartner|ExternalNonPartner; SenderDomainIs mvp; RecipientDomainIs mvp; SenderIpRanges mvp; SubjectContainsWords mvp; SubjectOrBodyContainsWords mvp; FromAddressContainsWords mvp;
		AttachmentExtensionMatchesWords mvp; HeaderContainsMessageHeader string; HeaderContainsWords mvp; MessageSizeOver size; AttachmentIsPasswordProtected bool; ExceptIfFrom mvp; ExceptIfFromMemberOf mvp; ExceptIfSubjectContainsWords mvp; ExceptIfSenderDomainIs mvp;
		PrependSubject string; SetSCL int; SetHeaderName string; SetHeaderValue string; RemoveHeader string; ApplyHtmlDisclaimerText string; ApplyHtmlDisclaimerLocation enum:Append|Prepend; ApplyHtmlDisclaimerFallbackAction enum:Wrap|Ignore|Reject;
		AddToRecipients mvp; CopyTo mvp; BlindCopyTo mvp; RedirectMessageTo mvp; ModerateMessageByUser mvp; RejectMessageReasonText string; RejectMessageEnhancedStatusCode string; DeleteMessage bool; Quarantine bool; RouteMessageOutboundConnector string;
		RouteMessageOutboundRequireTls bool; StopRuleProcessing bool; SetAuditSeverity enum:DoNotAudit|Low|Medium|High; RuleErrorAction enum:Ignore|Defer; SenderAddressLocation enum:Header|Envelope|HeaderOrEnvelope; ActivationDate date; ExpiryDate date; DlpPolicy string`
	all.add("New-TransportRule", "Creates a mail flow rule.", "Name string ! 0 max:64; Enabled bool; "+conditions, definition{task: ruleTasks + "NewTransportRule", impact: alters, run: newRule(c, rules)})
	all.add("Set-TransportRule", "Modifies mail flow rules.", "Identity id:Rule 0 ! pipe; Name string max:64; "+conditions, definition{task: ruleTasks + "SetTransportRule", impact: alters, run: set(nil, c.rule)})
	all.add("Remove-TransportRule", "Removes mail flow rules.", "Identity id:Rule 0 ! pipe", definition{task: ruleTasks + "RemoveTransportRule", impact: asks, run: remove(c.rule), confirm: "Removing the transport rule \"%s\"."})
	all.add("Enable-TransportRule", "Switches mail flow rules on.", "Identity id:Rule 0 ! pipe; Mode enum:Enforce|Audit|AuditAndNotify", definition{task: ruleTasks + "EnableTransportRule", impact: alters, run: assign("State", "Enabled", c.rule)})
	all.add("Disable-TransportRule", "Switches mail flow rules off.", "Identity id:Rule 0 ! pipe", definition{task: ruleTasks + "DisableTransportRule", impact: asks, run: assign("State", "Disabled", c.rule), confirm: "Disabling the transport rule \"%s\"."})
}

func newRule(c *classes, v *view) func(*execution) *psrp.RemoteError {
	create := creation{class: c.rule, view: v, what: "transport rule", fill: func(x *execution, put func(string, any)) {
		tb := x.tenant.tables[c.rule]
		ch := tb.state.Load()
		if !x.args.has("Priority") {
			put("Priority", tb.rows(ch)-len(ch.removed))
		}
		if on, given := x.args["enabled"].(bool); given && !on {
			put("State", "Disabled")
		}
		r := row{}
		for _, name := range []string{"FromScope", "PrependSubject", "MessageSizeOver", "RejectMessageReasonText"} {
			if text := x.args.text(name); text != "" {
				r[name] = text
			}
		}
		for _, name := range []string{"SentTo", "SenderDomainIs", "SubjectContainsWords", "BlindCopyTo"} {
			if list := x.args.list(name); len(list) > 0 {
				r[name] = list
			}
		}
		put("Description", ruleDescription(r))
		put("LastModifiedBy", x.shell.account)
		put("OrganizationId", x.tenant.initial)
	}}.run
	actions := []string{"PrependSubject", "SetSCL", "SetHeaderName", "RemoveHeader", "ApplyHtmlDisclaimerText", "AddToRecipients", "CopyTo", "BlindCopyTo", "RedirectMessageTo", "ModerateMessageByUser", "RejectMessageReasonText", "DeleteMessage", "Quarantine", "RouteMessageOutboundConnector", "RouteMessageOutboundRequireTls", "StopRuleProcessing", "SetAuditSeverity"}
	return func(x *execution) *psrp.RemoteError {
		for _, a := range actions {
			if x.args.has(a) {
				return create(x)
			}
		}
		return x.fail(x.exchangeProblem(categoryInvalidArgument, "System.ArgumentException", "", "The rule can't be created because it has no action. Please specify at least one action."))
	}
}

func (all *catalogue) addConnectorCmdlets(c *classes) {
	system := "Microsoft.Exchange.Management.SystemConfigurationTasks."
	inbound := all.plainGet(c.inbound, "TenantInboundConnector")
	outbound := all.plainGet(c.outbound, "TenantOutboundConnector")
	in := "Comment string; ConnectorType enum:OnPremises|Partner; Enabled bool; SenderDomains mvp; SenderIPAddresses mvp; RequireTls bool; TlsSenderCertificateName string; RestrictDomainsToIPAddresses bool; RestrictDomainsToCertificate bool; CloudServicesMailEnabled bool; EFSkipLastIP bool; EFSkipIPs mvp; EFUsers mvp"
	out := "Comment string; ConnectorType enum:OnPremises|Partner; Enabled bool; RecipientDomains mvp; SmartHosts mvp; UseMXRecord bool; TlsDomain string; TlsSettings enum:EncryptionOnly|CertificateValidation|DomainValidation; IsTransportRuleScoped bool; CloudServicesMailEnabled bool; RouteAllMessagesViaOnPremises bool; AllAcceptedDomains bool"
	for _, k := range []struct {
		class      *class
		view       *view
		parameters string
	}{{c.inbound, inbound, in}, {c.outbound, outbound, out}} {
		noun := k.class.name
		all.add("New-"+noun, "Creates a connector.", "Name string ! 0 max:64; "+k.parameters, definition{task: system + "New" + noun, impact: alters, run: creation{class: k.class, view: k.view, what: "connector"}.run})
		all.add("Set-"+noun, "Modifies a connector.", "Identity id:"+noun+" 0 ! pipe; Name string max:64; "+k.parameters, definition{task: system + "Set" + noun, impact: alters, run: set(nil, k.class)})
		all.add("Remove-"+noun, "Removes a connector.", "Identity id:"+noun+" 0 ! pipe", definition{task: system + "Remove" + noun, impact: asks, run: remove(k.class), confirm: "Removing the connector \"%s\"."})
	}
	all.plainGet(c.domain, "AcceptedDomain")
	all.add("Set-AcceptedDomain", "Modifies an accepted domain.", "Identity id:AcceptedDomain 0 ! pipe; DomainType enum:Authoritative|InternalRelay|ExternalRelay; MatchSubDomains bool; MakeDefault bool; OutboundOnly bool; AddressBookEnabled bool; Name string", definition{task: system + "SetAcceptedDomain", impact: alters, run: setDomain(c)})
	all.plainGet(c.remoteDomain, "DomainContentConfig")
}

// setDomain refuses what Exchange refuses: the default domain's match of
// subdomains needs a relay.
func setDomain(c *classes) func(*execution) *psrp.RemoteError {
	plain := set(map[string]string{"MakeDefault": "Default"}, c.domain)
	return func(x *execution) *psrp.RemoteError {
		if x.args.on("MatchSubDomains") && strings.EqualFold(x.args.text("DomainType"), "Authoritative") {
			return x.fail(x.exchangeProblem(categoryInvalidArgument, "Microsoft.Exchange.Data.DataValidationException", x.args.text("Identity"), fmt.Sprintf("The domain '%s' can't match subdomains while it's authoritative; it must be an internal relay.", x.args.text("Identity"))))
		}
		return plain(x)
	}
}
