package simulator

import (
	"slices"
	"strconv"
)

const gigabyte = 1 << 30

// personColumns are what all recipients that are people or things have, the
// properties of Get-User and Get-Recipient included.
func personColumns() []column[person] {
	return []column[person]{
		{"Name", kindText, nil, func(v *person, p pen) { p.text(v.name()) }},
		{"Alias", kindText, nil, func(v *person, p pen) { p.text(v.alias) }},
		{"DisplayName", kindText, nil, func(v *person, p pen) { p.text(v.display) }},
		{"Identity", kindText, nil, func(v *person, p pen) { p.text(v.name()) }},
		{"PrimarySmtpAddress", kindText, nil, func(v *person, p pen) { p.text(v.alias, "@", v.domain) }},
		{"WindowsEmailAddress", kindText, nil, func(v *person, p pen) { p.text(v.alias, "@", v.domain) }},
		{"EmailAddresses", kindList, addressList(), writeAddresses},
		{"RecipientType", kindText, nil, func(v *person, p pen) { p.text(recipientType(v.kind)) }},
		{"RecipientTypeDetails", kindText, nil, func(v *person, p pen) { p.text(v.kind) }},
		{"FirstName", kindText, nil, func(v *person, p pen) { p.text(v.first) }},
		{"LastName", kindText, nil, func(v *person, p pen) { p.text(v.last) }},
		{"Title", kindText, nil, func(v *person, p pen) {
			if v.first == "" {
				p.text("")
				return
			}
			p.text(pick(v.d.of(40), v.t.names.titles))
		}},
		{"Department", kindText, nil, func(v *person, p pen) { p.text(pick(v.d.of(41), v.t.names.departments)) }},
		{"Company", kindText, nil, func(v *person, p pen) { p.text(v.t.Name) }},
		{"Manager", kindText, nil, func(v *person, p pen) {
			if v.i > 0 && v.kind == userMailbox && !v.added {
				boss := mailboxOwner(v.t, v.i/8*12%max(v.t.mailboxes, 1))
				p.text(boss.name())
			}
		}},
		{"Office", kindText, nil, func(v *person, p pen) { p.text(v.city) }},
		{"City", kindText, nil, func(v *person, p pen) { p.text(v.city) }},
		{"CountryOrRegion", kindText, nil, func(v *person, p pen) { p.text(v.t.country) }},
		{"Phone", kindText, nil, func(v *person, p pen) {
			if !v.d.of(42).one(4) {
				p.text("+49 40 555 ", strconv.Itoa(1000+v.d.of(43).n(9000)))
			} else {
				p.text("")
			}
		}},
		{"MobilePhone", kindText, nil, func(v *person, p pen) { p.text("") }},
		{"Notes", kindText, nil, writeNotes},
		{"OrganizationalUnit", kindText, nil, func(v *person, p pen) {
			p.text("eurpr06a014.prod.outlook.example/Microsoft Exchange Hosted Organizations/", v.t.initial)
		}},
		{"OrganizationId", kindText, nil, func(v *person, p pen) {
			p.text("EURPR06A014.PROD.OUTLOOK.EXAMPLE/Microsoft Exchange Hosted Organizations/", v.t.initial, " - EURPR06A014.PROD.OUTLOOK.EXAMPLE/ConfigurationUnits/", v.t.initial, "/Configuration")
		}},
		{"ExternalDirectoryObjectId", kindText, nil, func(v *person, p pen) { p.text(guidText(v.d.of(50))) }},
		{"Guid", kindGUID, nil, func(v *person, p pen) { p.guid(v.d.of(51)) }},
		{"ExchangeObjectId", kindGUID, nil, func(v *person, p pen) { p.guid(v.d.of(51)) }},
		{"DistinguishedName", kindText, nil, func(v *person, p pen) {
			p.text("CN=", v.name(), ",OU=", v.t.initial, ",OU=Microsoft Exchange Hosted Organizations,DC=EURPR06A014,DC=PROD,DC=OUTLOOK,DC=EXAMPLE")
		}},
		{"HiddenFromAddressListsEnabled", kindBool, nil, func(v *person, p pen) { p.yes(v.kind == guestMailUser || !v.added && v.d.of(52).one(23)) }},
		{"EmailAddressPolicyEnabled", kindBool, nil, func(v *person, p pen) { p.yes(false) }},
		{"RequireSenderAuthenticationEnabled", kindBool, nil, func(v *person, p pen) { p.yes(v.kind == roomMailbox) }},
		{"CustomAttribute1", kindText, nil, func(v *person, p pen) {
			if v.d.of(53).one(3) && !v.added {
				p.text("K", strconv.Itoa(4000+v.d.of(54).n(120)), "; \"", v.city, "\"")
			} else {
				p.text("")
			}
		}},
		{"CustomAttribute2", kindText, nil, func(v *person, p pen) { p.text("") }},
		{"ExtensionCustomAttribute1", kindList, stringList(), func(v *person, p pen) { p.list() }},
		{"ModerationEnabled", kindBool, nil, func(v *person, p pen) { p.yes(false) }},
		{"AcceptMessagesOnlyFrom", kindList, recipientList(), func(v *person, p pen) { p.list() }},
		{"RejectMessagesFrom", kindList, recipientList(), func(v *person, p pen) { p.list() }},
		{"PoliciesIncluded", kindList, stringList(), func(v *person, p pen) { p.list() }},
		{"PoliciesExcluded", kindList, stringList(), func(v *person, p pen) { p.list("{26491cfc-9e50-4857-861b-0cb8df22b5d7}") }},
		{"WhenCreated", kindTime, nil, func(v *person, p pen) { p.time(v.created, clockLocal) }},
		{"WhenChanged", kindTime, nil, func(v *person, p pen) { p.time(v.changed, clockLocal) }},
		{"WhenCreatedUTC", kindTime, nil, func(v *person, p pen) { p.time(v.created, clockUTC) }},
		{"WhenChangedUTC", kindTime, nil, func(v *person, p pen) { p.time(v.changed, clockUTC) }},
		{"ExchangeVersion", kindText, nil, func(v *person, p pen) { p.text("0.20 (15.0.0.0)") }},
		{"IsValid", kindBool, nil, func(v *person, p pen) { p.yes(true) }},
		{"IsDirSynced", kindBool, nil, func(v *person, p pen) { p.yes(v.t.mailboxes == 0) }},
		{"RemotePowerShellEnabled", kindBool, nil, func(v *person, p pen) { p.yes(v.kind == userMailbox && v.d.of(55).one(6)) }},
		{"MailTip", kindText, nil, func(v *person, p pen) {
			if v.kind == sharedMailbox && v.d.of(56).one(3) {
				p.text("<html>\r\n<body>\r\n", v.t.names.subjects[0][:7], " &amp; \"", v.city, "\"\r\n</body>\r\n</html>\r\n")
			}
		}},
	}
}

func recipientType(kind string) string {
	switch kind {
	case mailUserKind, guestMailUser:
		return "MailUser"
	case mailContactKind:
		return "MailContact"
	}
	return "UserMailbox"
}

func writeAddresses(v *person, p pen) {
	var items [4]string
	list := append(items[:0], "SMTP:"+v.alias+"@"+v.domain)
	switch {
	case v.kind == mailContactKind || v.added:
	case v.first != "" && v.d.of(60).one(5):
		list = append(list, "smtp:"+v.alias+"@"+v.t.initial, "smtp:"+v.alias+".alt@"+v.t.domains[len(v.t.domains)-1], "x500:/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn="+v.alias)
	default:
		list = append(list, "smtp:"+v.alias+"@"+v.t.initial)
	}
	p.list(list...)
}

func writeNotes(v *person, p pen) {
	switch {
	case v.added || !v.d.of(57).one(9):
		p.text("")
	case v.d.of(58).one(2):
		p.text("Vertretung: siehe \"Org-Plan\"\r\nTel. Durchwahl <", strconv.Itoa(v.d.of(59).n(900)+100), ">\r\n\tab 1.4. & nur vormittags")
	default:
		p.text("=HYPERLINK(\"https://intranet.", v.t.Domain, "\";\"Profil\") – ", v.city)
	}
}

// mailboxColumns are those of Get-Mailbox, Get-MailboxStatistics and
// Get-CASMailbox beyond the common ones.
func mailboxColumns() []column[person] {
	return slices.Concat(personColumns(), directoryColumns(), quotaColumns(), statisticsColumns(), accessColumns())
}

// directoryColumns are of Get-Mailbox: identity, archive, hold, forwarding.
func directoryColumns() []column[person] {
	return []column[person]{
		{"UserPrincipalName", kindText, nil, func(v *person, p pen) { p.text(v.alias, "@", v.domain) }},
		{"MicrosoftOnlineServicesID", kindText, nil, func(v *person, p pen) { p.text(v.alias, "@", v.domain) }},
		{"SamAccountName", kindText, nil, func(v *person, p pen) {
			p.text("$", strconv.Itoa(100000+v.i), "-", strconv.Itoa(v.d.of(70).n(900000)+100000))
		}},
		{"Database", kindText, nil, func(v *person, p pen) { p.text("EURPR06DG", strconv.Itoa(100+v.i%90), "-db0", strconv.Itoa(10+v.i%80)) }},
		{"ServerName", kindText, nil, func(v *person, p pen) { p.text("db3pr06mb78", strconv.Itoa(10+v.i%80)) }},
		{"ExchangeGuid", kindGUID, nil, func(v *person, p pen) { p.guid(v.d.of(71)) }},
		{"ArchiveGuid", kindGUID, nil, func(v *person, p pen) { p.archive(v, func() { p.guid(v.d.of(72)) }) }},
		{"ArchiveStatus", kindText, nil, func(v *person, p pen) { p.text(map[bool]string{true: "Active", false: "None"}[hasArchive(v)]) }},
		{"ArchiveName", kindList, stringList(), func(v *person, p pen) {
			if hasArchive(v) {
				p.list("In-Place Archive -" + v.display)
			} else {
				p.list()
			}
		}},
		{"AutoExpandingArchiveEnabled", kindBool, nil, func(v *person, p pen) { p.yes(false) }},
		{"LitigationHoldEnabled", kindBool, nil, func(v *person, p pen) { p.yes(v.held()) }},
		{"LitigationHoldDate", kindTime, nil, func(v *person, p pen) {
			if v.held() {
				p.time(v.changed+9*ticksPerDay, clockLocal)
			}
		}},
		{"LitigationHoldOwner", kindText, nil, func(v *person, p pen) {
			if v.held() {
				p.text("rechtsabteilung@", v.t.Domain)
			} else {
				p.text("")
			}
		}},
		{"LitigationHoldDuration", kindText, nil, func(v *person, p pen) {
			if v.held() && v.d.of(73).one(2) {
				p.text("2555.00:00:00")
			} else {
				p.text("Unlimited")
			}
		}},
		{"RetentionPolicy", kindText, nil, func(v *person, p pen) { p.text("Default MRM Policy") }},
		{"RetainDeletedItemsFor", kindSpan, nil, func(v *person, p pen) { p.span("P14D") }},
		{"SingleItemRecoveryEnabled", kindBool, nil, func(v *person, p pen) { p.yes(true) }},
		{"DeliverToMailboxAndForward", kindBool, nil, func(v *person, p pen) { p.yes(v.forwards() && v.d.of(74).one(2)) }},
		{"ForwardingAddress", kindText, nil, func(v *person, p pen) {
			if v.kind == sharedMailbox && v.d.of(75).one(9) {
				other := mailboxOwner(v.t, 0)
				p.text(other.name())
			}
		}},
		{"ForwardingSmtpAddress", kindText, nil, func(v *person, p pen) {
			if v.forwards() {
				if v.d.of(76).one(2) {
					p.text("smtp:forward.", v.alias, "@gmail.example")
				} else {
					p.text("smtp:archive@", v.t.Domain)
				}
			}
		}},
		{"GrantSendOnBehalfTo", kindList, recipientList(), func(v *person, p pen) {
			if v.kind == sharedMailbox && v.t.mailboxes > 2 && v.d.of(77).one(3) {
				a, b := mailboxOwner(v.t, 0), mailboxOwner(v.t, 1)
				p.list(a.name(), b.name())
			} else {
				p.list()
			}
		}},
	}
}

// quotaColumns are of Get-Mailbox: sizes and the rest.
func quotaColumns() []column[person] {
	return []column[person]{
		{"ProhibitSendQuota", kindText, nil, func(v *person, p pen) { p.quota(v, 99) }},
		{"ProhibitSendReceiveQuota", kindText, nil, func(v *person, p pen) { p.quota(v, 100) }},
		{"IssueWarningQuota", kindText, nil, func(v *person, p pen) { p.quota(v, 98) }},
		{"ArchiveQuota", kindText, nil, func(v *person, p pen) { p.size(100 * gigabyte) }},
		{"UseDatabaseQuotaDefaults", kindBool, nil, func(v *person, p pen) { p.yes(false) }},
		{"MaxSendSize", kindText, nil, func(v *person, p pen) { p.size(int64(35+v.d.of(78).n(3)*30) << 20) }},
		{"MaxReceiveSize", kindText, nil, func(v *person, p pen) { p.size(36 << 20) }},
		{"RecipientLimits", kindText, nil, func(v *person, p pen) {
			if v.d.of(79).one(40) {
				p.text("Unlimited")
			} else {
				p.text("500")
			}
		}},
		{"ResourceType", kindText, nil, func(v *person, p pen) {
			switch v.kind {
			case roomMailbox:
				p.text("Room")
			case equipmentMailbox:
				p.text("Equipment")
			}
		}},
		{"ResourceCapacity", kindInt32, nil, func(v *person, p pen) {
			if v.kind == roomMailbox {
				p.int32(4 + v.d.of(80).n(6)*4)
			}
		}},
		{"Languages", kindList, listOf("System.Globalization.CultureInfo, mscorlib, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089"), func(v *person, p pen) { p.list(v.t.language) }},
		{"AuditEnabled", kindBool, nil, func(v *person, p pen) { p.yes(true) }},
		{"AuditLogAgeLimit", kindSpan, nil, func(v *person, p pen) { p.span("P90D") }},
		{"SKUAssigned", kindBool, nil, func(v *person, p pen) {
			if v.kind == userMailbox {
				p.yes(true)
			}
		}},
		{"AccountDisabled", kindBool, nil, func(v *person, p pen) { p.yes(v.kind != userMailbox || v.d.of(81).one(30)) }},
		{"WhenMailboxCreated", kindTime, nil, func(v *person, p pen) { p.time(v.created+3*60*ticksPerSecond, clockLocal) }},
	}
}

func statisticsColumns() []column[person] {
	return []column[person]{
		{"MailboxGuid", kindGUID, nil, func(v *person, p pen) { p.guid(v.d.of(71)) }},
		{"ItemCount", kindInt64, nil, func(v *person, p pen) { p.int64(v.items()) }},
		{"TotalItemSize", kindText, nil, func(v *person, p pen) { p.size(v.items()*98_304 + int64(v.d.of(83).n(90_000))) }},
		{"DeletedItemCount", kindInt64, nil, func(v *person, p pen) { p.int64(v.items() / 17) }},
		{"TotalDeletedItemSize", kindText, nil, func(v *person, p pen) { p.size(v.items() / 17 * 51_200) }},
		{"AssociatedItemCount", kindInt64, nil, func(v *person, p pen) { p.int64(int64(20 + v.d.of(84).n(400))) }},
		{"LastLogonTime", kindTime, nil, func(v *person, p pen) {
			if !v.added && !v.d.of(85).one(12) {
				p.time(v.t.epoch-int64(v.d.of(86).n(86_400*30))*ticksPerSecond, clockLocal)
			}
		}},
		{"LastLogoffTime", kindTime, nil, func(v *person, p pen) {}},
		{"StorageLimitStatus", kindText, nil, func(v *person, p pen) {}},
		{"IsArchiveMailbox", kindBool, nil, func(v *person, p pen) { p.yes(false) }},
		{"MailboxTypeDetail", kindText, nil, func(v *person, p pen) { p.text(v.kind) }},
	}
}

func accessColumns() []column[person] {
	return []column[person]{
		{"ActiveSyncEnabled", kindBool, nil, func(v *person, p pen) { p.yes(v.kind == userMailbox) }},
		{"OWAEnabled", kindBool, nil, func(v *person, p pen) { p.yes(!v.d.of(87).one(50)) }},
		{"PopEnabled", kindBool, nil, func(v *person, p pen) { p.yes(v.d.of(88).one(20)) }},
		{"ImapEnabled", kindBool, nil, func(v *person, p pen) { p.yes(v.d.of(89).one(8)) }},
		{"MAPIEnabled", kindBool, nil, func(v *person, p pen) { p.yes(true) }},
		{"EwsEnabled", kindBool, nil, func(v *person, p pen) { p.yes(true) }},
		{"SmtpClientAuthenticationDisabled", kindBool, nil, func(v *person, p pen) {
			if v.d.of(90).one(3) {
				p.yes(v.d.of(91).one(2))
			}
		}},
		{"ActiveSyncMailboxPolicy", kindText, nil, func(v *person, p pen) { p.text("Default") }},
		{"OwaMailboxPolicy", kindText, nil, func(v *person, p pen) { p.text("OwaMailboxPolicy-Default") }},
	}
}

func hasArchive(v *person) bool { return v.kind == userMailbox && !v.added && v.d.of(92).one(4) }

func (p pen) archive(v *person, write func()) {
	if hasArchive(v) {
		write()
		return
	}
	c := p.cell()
	c.kind, c.text = kindGUID, p.r.keep("00000000-0000-0000-0000-000000000000")
}

func (p pen) quota(v *person, gigabytes int64) {
	switch {
	case v.d.of(93).one(50):
		p.text("Unlimited")
	case v.kind == userMailbox:
		p.size(gigabytes * gigabyte)
	default:
		p.size(gigabytes * gigabyte / 2)
	}
}

func (p *person) held() bool { return !p.added && p.kind == userMailbox && p.d.of(94).one(11) }

func (p *person) forwards() bool { return !p.added && p.kind == userMailbox && p.d.of(95).one(6) }

func (p *person) items() int64 {
	if p.added {
		return 3
	}
	return int64(p.d.of(82).n(40_000))
}

// mailUserColumns are those of Get-MailUser and Get-MailContact beyond the
// common ones.
func mailUserColumns() []column[person] {
	return append(personColumns(), []column[person]{
		{"UserPrincipalName", kindText, nil, func(v *person, p pen) { p.text(v.alias, "@", v.t.domains[0]) }},
		{"MicrosoftOnlineServicesID", kindText, nil, func(v *person, p pen) { p.text(v.alias, "@", v.t.domains[0]) }},
		{"ExternalEmailAddress", kindText, nil, func(v *person, p pen) {
			if v.t.mailboxes == 0 {
				p.text("SMTP:", v.alias, "@mail.", v.t.Domain)
			} else {
				p.text("SMTP:", v.alias, "@", pick(v.d.of(96), partnerDomains()))
			}
		}},
		{"UsePreferMessageFormat", kindBool, nil, func(v *person, p pen) { p.yes(false) }},
		{"MessageFormat", kindText, nil, func(v *person, p pen) { p.text("Mime") }},
		{"MessageBodyFormat", kindText, nil, func(v *person, p pen) { p.text("TextAndHtml") }},
		{"UseMapiRichTextFormat", kindText, nil, func(v *person, p pen) { p.text("UseDefaultSettings") }},
		{"MacAttachmentFormat", kindText, nil, func(v *person, p pen) { p.text("BinHex") }},
		{"MailboxRegion", kindText, nil, func(v *person, p pen) {}},
		{"ExchangeGuid", kindGUID, nil, func(v *person, p pen) {
			c := p.cell()
			c.kind, c.text = kindGUID, p.r.keep("00000000-0000-0000-0000-000000000000")
		}},
		{"MaxSendSize", kindText, nil, func(v *person, p pen) { p.text("Unlimited") }},
		{"MaxReceiveSize", kindText, nil, func(v *person, p pen) { p.text("Unlimited") }},
	}...)
}
