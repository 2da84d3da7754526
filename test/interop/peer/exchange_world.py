"""An organization with Exchange, made by a seed: a table for each cmdlet.

What lives here: the rows, as plain Python values. What does not: the protocol
(wsman_shell.py), the cmdlets that show the rows (exchange_cmdlets.py), and what
reports make of them (ranked_reports.py). The values are chosen so that a report
that leaves out a condition, an empty value or an order gives other rows.
"""

import datetime
import random
import uuid

UTC = datetime.timezone.utc
DAY = datetime.timedelta(days=1)


class Shown(str):
    """A value that travels as an object of a .NET type, known by its ToString."""

    def __new__(cls, text, kind="Microsoft.Exchange.Data.Directory.ADObjectId"):
        made = super().__new__(cls, text)
        made.kind = kind
        return made


def enum(text):
    return None if text is None else Shown(text, "System.Enum")


def size(n, unlimited=False):
    """An amount of data as Exchange shows it; None is Unlimited."""
    if n is None:
        return Shown("Unlimited", "Microsoft.Exchange.Data.Unlimited`1[[Microsoft.Exchange.Data.ByteQuantifiedSize]]")
    value, unit = float(n), "B"
    for next_unit in ("KB", "MB", "GB", "TB"):
        if value < 1024:
            break
        value, unit = value / 1024, next_unit
    text = ("%.4g %s" % (value, unit)) + " ({:,} bytes)".format(n)
    kind = "Microsoft.Exchange.Data.ByteQuantifiedSize"
    return Shown(text, "Microsoft.Exchange.Data.Unlimited`1[[%s]]" % kind if unlimited else kind)


FIRST = ["Ada", "Björn", "Chloé", "Dmitri", "élise", "Fumiko", "Gül", "Hans", "Inès", "jan", "Kaoru", "Łukasz", "María", "Nils", "Özlem"]
LAST = ["Anders", "Öztürk", "de Vries", "Müller", "O'Neill", "Tanaka", "Zając", "van den Berg", "Löwe", "Smith"]
OUTSIDE = ["gmail.example", "fabrikam.example", "mail.partner.example", "contoso.example.evil.example"]


class World:
    """The tables: rows[cmdlet] is a list of rows; children[cmdlet][key] are those of an owner."""

    def __init__(self, seed, now, mailboxes=40):
        self.dice = random.Random(seed)
        self.now = now
        self.domains = ["contoso.example", "contoso.onmail.example", "fähre.example"]
        self.rows, self.children = {}, {}
        self.recipients(mailboxes)
        self.of_mailboxes()
        self.groups()
        self.flow()
        self.threats()
        self.servers()

    # Small things

    def guid(self):
        return uuid.UUID(int=self.dice.getrandbits(128))

    def one(self, n):
        return self.dice.randrange(n) == 0

    def ago(self, least, most):
        """A moment so many days ago, to the second."""
        seconds = self.dice.randrange(int(least * 86400), int(most * 86400))
        return self.now - datetime.timedelta(seconds=seconds)

    def maybe(self, n, value, other=None):
        return value if self.one(n) else other

    def table(self, cmdlet, rows):
        self.rows[cmdlet] = rows
        return rows

    def child(self, cmdlet, key, rows):
        self.children.setdefault(cmdlet, {})[str(key)] = rows

    # Recipients

    def recipients(self, count):
        d = self.dice
        boxes, recipients, users, cas = [], [], [], []
        for i in range(count):
            display = "%s %s" % (d.choice(FIRST), d.choice(LAST))
            kind = d.choice(["UserMailbox"] * 4 + ["SharedMailbox", "SharedMailbox", "RoomMailbox"])
            alias = "m%03d" % i
            address = "%s@%s" % (alias, self.domains[0])
            identity = Shown("%s-%d" % (display, i))
            quota = d.choice([None, 50 << 30, 100 << 30])
            forward = None
            if self.one(4):
                forward = "smtp:%s@%s" % (alias, d.choice(OUTSIDE + self.domains + ["sub." + self.domains[0]]))
            hold = self.one(5)
            created = self.ago(30, 2000)
            box = dict(
                Name=str(identity), Identity=identity, DisplayName=display, PrimarySmtpAddress=Shown(address, "Microsoft.Exchange.Data.SmtpAddress"),
                UserPrincipalName=address, RecipientTypeDetails=enum(kind), ExchangeGuid=self.guid(), Guid=self.guid(),
                DistinguishedName="CN=%s,OU=Users,DC=contoso,DC=example" % identity,
                ProhibitSendReceiveQuota=size(quota, True), ProhibitSendQuota=size(quota and quota - (1 << 30), True),
                IssueWarningQuota=size(quota and quota - (2 << 30), True), UseDatabaseQuotaDefaults=False,
                ForwardingSmtpAddress=forward, ForwardingAddress=Shown("Contact %d" % i) if self.one(9) else None,
                DeliverToMailboxAndForward=self.one(2), WhenChanged=self.ago(0.1, 29), WhenCreated=created,
                ArchiveStatus=enum(d.choice(["Active", "None"])), LitigationHoldEnabled=hold, LitigationHoldDate=self.ago(1, 300) if hold else None,
                LitigationHoldOwner="legal@contoso.example" if hold else "", LitigationHoldDuration=enum(d.choice(["Unlimited", "2555.00:00:00"])),
                RetentionComment="Fall \"%d\"; <offen>" % i if hold else "", RetentionPolicy=Shown("Default MRM Policy"),
                HiddenFromAddressListsEnabled=self.one(6), Database=Shown("DB%02d" % (i % 3)),
                GrantSendOnBehalfTo=[Shown("Person %d" % j) for j in range(d.randrange(3))],
                MessageCopyForSentAsEnabled=self.one(2), MessageCopyForSendOnBehalfEnabled=self.one(2),
            )
            boxes.append(box)
            addresses = ["SMTP:" + address]
            if self.one(2):
                addresses.append("smtp:%s@%s" % (alias, self.domains[1]))
            if self.one(3):
                addresses.append("X500:/o=Contoso/ou=Exchange/cn=%s" % alias)
            if self.one(4):
                addresses.append("sip:" + address)
            recipients.append(dict(
                Name=box["Name"], Identity=identity, Guid=box["Guid"], DisplayName=display, PrimarySmtpAddress=box["PrimarySmtpAddress"],
                RecipientTypeDetails=box["RecipientTypeDetails"], EmailAddresses=[Shown(a, "Microsoft.Exchange.Data.SmtpProxyAddress") for a in addresses],
                HiddenFromAddressListsEnabled=box["HiddenFromAddressListsEnabled"], WhenCreated=created,
            ))
            users.append(dict(
                Identity=identity, Guid=box["Guid"], DisplayName=display, UserPrincipalName=address, AccountDisabled=self.one(2),
                RecipientTypeDetails=box["RecipientTypeDetails"], WhenCreated=created,
            ))
            cas.append(dict(
                Identity=identity, Guid=box["Guid"], DisplayName=display, PrimarySmtpAddress=box["PrimarySmtpAddress"],
                ActiveSyncEnabled=self.one(2), OWAEnabled=self.one(2), PopEnabled=self.one(5), ImapEnabled=self.one(5), MAPIEnabled=True,
                EwsEnabled=d.choice([True, False, None]), SmtpClientAuthenticationDisabled=d.choice([True, False, None]),
                OwaMailboxPolicy=Shown("OwaMailboxPolicy-Default"), ActiveSyncMailboxPolicy=Shown("Default"),
            ))
        self.table("Get-Mailbox", boxes)
        self.table("Get-Recipient", recipients)
        self.table("Get-User", users)
        self.table("Get-CASMailbox", cas)
        self.table("Get-RecipientPermission", [dict(
            Identity=b["Identity"], Trustee=d.choice(["NT AUTHORITY\\SELF", "helga@contoso.example", "S-1-5-21-77", "Team Verkauf"]),
            AccessRights=[enum("SendAs")], AccessControlType=enum(d.choice(["Allow", "Deny"])), IsInherited=self.one(4),
        ) for b in boxes for _ in range(d.randrange(3))])
        self.table("Get-MobileDevice", [dict(
            UserDisplayName="contoso.example/Users/%s" % b["Name"], FriendlyName=d.choice([None, "Mein Telefon"]), DeviceModel=d.choice(["iPhone15C3", "Pixel 9"]),
            DeviceOS="iOS 18.5 22F76", DeviceType="iPhone", ClientType=enum(d.choice(["EAS", "Outlook"])), DeviceAccessState=enum(d.choice(["Allowed", "Blocked", "Quarantined"])),
            DeviceAccessStateReason=enum("Global"), FirstSyncTime=self.ago(1, 300), WhenChanged=self.ago(1, 30), DeviceId="APPL%08X" % d.getrandbits(32),
        ) for b in boxes if self.one(2)])

    def of_mailboxes(self):
        d = self.dice
        people = ["NT AUTHORITY\\SELF", "S-1-5-21-1-2-3-4", "helga@contoso.example", "Contoso\\Organization Management", "nina@contoso.example"]
        for b in self.rows["Get-Mailbox"]:
            key = b["ExchangeGuid"]
            used = d.choice([d.randrange(1 << 20), d.randrange(48 << 30), 47 << 30, 50 << 30, 99 << 30])
            self.child("Get-MailboxStatistics", key, [] if self.one(9) else [dict(
                MailboxGuid=key, DisplayName=b["DisplayName"], TotalItemSize=size(used, True), ItemCount=d.randrange(40000),
                TotalDeletedItemSize=size(used // 11), LastLogonTime=None if self.one(7) else self.ago(0.01, 200),
            )])
            self.child("Get-MailboxPermission", key, [dict(
                Identity=b["Identity"], User=Shown(who, "Microsoft.Exchange.Configuration.Tasks.SecurityPrincipalIdParameter"),
                AccessRights=[enum(r) for r in d.choice([["FullAccess"], ["FullAccess", "ReadPermission"], ["ReadPermission"]])],
                IsInherited=self.one(3), Deny=self.one(8),
            ) for who in d.sample(people, d.randrange(len(people)))])
            self.child("Get-InboxRule", key, [self.rule(b, n) for n in range(d.randrange(3))])
            folders, number = [], 0
            for kind in ["Calendar"] + ["User Created"] * d.randrange(3):
                folder_id = "LgAAAAC%s%d" % (key.hex[:6], number)
                number += 1
                folders.append(dict(Identity="%s\\%s" % (b["Name"], kind), Name="Kalender" if kind == "Calendar" else "Feiertage", FolderType=enum(kind), FolderId=folder_id))
                self.child("Get-MailboxFolderPermission", "%s:%s" % (key, folder_id), [dict(
                    FolderName="Kalender", User=Shown(who, "MailboxFolderUserId"), AccessRights=[enum(r)], SharingPermissionFlags=enum(d.choice([None, "Delegate"])),
                ) for who, r in [("Default", d.choice(["AvailabilityOnly", "Reviewer"])), ("Anonymous", d.choice(["None", "LimitedDetails"]))] + [("Nina", "Editor")] * self.one(2)])
            self.child("Get-MailboxFolderStatistics", key, folders)

    def rule(self, box, n):
        d = self.dice

        def targets(odds):
            if not self.one(odds):
                return None
            return d.sample([
                '"Extern" [SMTP:x%d@%s]' % (n, d.choice(OUTSIDE)), '"Intern" [EX:/o=Contoso/ou=Exchange/cn=m001]',
                '"Innen" [SMTP:m002@%s]' % self.domains[2], '"Unter" [SMTP:m003@sub.%s]' % self.domains[0],
            ], 1 + d.randrange(3))

        return dict(
            Name="Regel %d" % n, Identity="%s\\%d" % (box["Name"], n), MailboxOwnerId=box["Identity"], Enabled=self.one(2), ForwardTo=targets(2),
            ForwardAsAttachmentTo=targets(6), RedirectTo=targets(4), DeleteMessage=self.one(4), Description="If the message:\r\n\twas sent to me\r\nTake: \"all\"",
        )

    def groups(self):
        d = self.dice
        groups = []
        for i in range(8):
            guid = self.guid()
            groups.append(dict(
                Name="g%d" % i, Identity=Shown("g%d" % i), Guid=guid, DisplayName=d.choice(["Verkauf", "verkauf", "Ärzte", "Zentrale", "All"]) + (" %d" % i if i % 2 else ""),
                PrimarySmtpAddress=Shown("g%d@contoso.example" % i, "Microsoft.Exchange.Data.SmtpAddress"), GroupType=enum(d.choice(["Universal", "Universal, SecurityEnabled"])),
                ManagedBy=[Shown("Chef %d" % j) for j in range(d.randrange(3))], RequireSenderAuthenticationEnabled=self.one(2), HiddenFromAddressListsEnabled=self.one(3),
                MemberJoinRestriction=enum("Closed"), MemberDepartRestriction=enum("Open"), ModerationEnabled=self.one(4), IsDirSynced=self.one(3), WhenCreated=self.ago(5, 900),
            ))
            self.child("Get-DistributionGroupMember", guid, [dict(
                Name="p%d" % j, DisplayName="%s %s" % (d.choice(FIRST), d.choice(LAST)), PrimarySmtpAddress=Shown("p%d@contoso.example" % j, "Microsoft.Exchange.Data.SmtpAddress"),
                RecipientTypeDetails=enum(d.choice(["UserMailbox", "MailContact"])),
            ) for j in range(d.randrange(5))])
        self.table("Get-DistributionGroup", groups)
        roles = []
        for name in ["Organization Management", "Help Desk", "View-Only Organization Management", "Records Management", "Empty"]:
            guid = self.guid()
            roles.append(dict(Name=name, Identity=Shown(name), Guid=guid, Roles=[Shown("Mail Recipients"), Shown("Audit Logs")][: 1 + d.randrange(2)]))
            self.child("Get-RoleGroupMember", guid, [] if name == "Empty" else [dict(
                Name="admin%d" % j, DisplayName=None if self.one(4) else "Admin %d" % j, RecipientType=enum(d.choice(["UserMailbox", "Group", "MailUniversalSecurityGroup"])),
                PrimarySmtpAddress=Shown("admin%d@contoso.example" % j, "Microsoft.Exchange.Data.SmtpAddress"),
            ) for j in range(1 + d.randrange(4))])
        self.table("Get-RoleGroup", roles)

    # Mail flow

    def flow(self):
        d = self.dice
        self.table("Get-AcceptedDomain", [dict(
            Name=name, DomainName=Shown(name, "Microsoft.Exchange.Data.SmtpDomainWithSubdomains"), DomainType=enum(d.choice(["Authoritative", "InternalRelay"])),
            Default=name == self.domains[0], InitialDomain=name == self.domains[1], MatchSubDomains=self.one(2), AuthenticationType=enum(d.choice(["Managed", "Federated", None])),
        ) for name in self.domains])
        trace = [dict(
            Received=self.ago(0.001, 4), SenderAddress="s%d@gmail.example" % (i % 7), RecipientAddress="m%03d@contoso.example" % d.randrange(40),
            Subject=d.choice(["Rechnung; \"Mai\"", "=cmd()", "Re: Grüße\t<ok>", "", "見積もり"]), Status=enum(d.choice(["Delivered", "Failed", "Quarantined", "Pending"])),
            FromIP=d.choice([None, "203.0.113.%d" % d.randrange(255)]), ToIP=None, Size=d.randrange(10**7), MessageTraceId=self.guid(), MessageId="<%d@gmail.example>" % i,
        ) for i in range(260)]
        trace.sort(key=lambda r: r["Received"], reverse=True)
        self.table("Get-MessageTraceV2", trace)
        self.table("Get-TransportRule", [dict(
            Name="Rule %d" % i, Identity=Shown("Rule %d" % i), Priority=(i * 7) % 11, State=enum(d.choice(["Enabled", "Disabled"])), Mode=enum(d.choice(["Enforce", "Audit"])),
            Description="If the message:\r\n\tIs sent to 'Outside'\r\nTake the following actions:\r\n\tSet \"X\"", StopRuleProcessing=self.one(2),
            SetSCL=d.choice([None, -1, 9]), Comments=d.choice([None, "", "\nzwei Zeilen"]), WhenChanged=self.ago(1, 300),
        ) for i in range(11)])
        self.table("Get-InboundConnector", [dict(
            Name="In %d" % i, Identity=Shown("In %d" % i), Enabled=self.one(2), ConnectorType=enum("Partner"), ConnectorSource=enum("Default"), SenderDomains=["smtp:*;1"], SenderIPAddresses=[Shown("203.0.113.0/24", "IPRange")],
            RequireTls=self.one(2), RestrictDomainsToCertificate=self.one(3), RestrictDomainsToIPAddresses=self.one(3), TlsSenderCertificateName=d.choice([None, "*.fabrikam.example"]),
            EFSkipLastIP=self.one(2), EFSkipIPs=[], WhenChanged=self.ago(1, 99),
        ) for i in range(6)])
        self.table("Get-OutboundConnector", [dict(
            Name="Out %d" % i, Identity=Shown("Out %d" % i), Enabled=self.one(2), ConnectorType=enum("OnPremises"), RecipientDomains=["*", "fabrikam.example"], SmartHosts=[Shown("[203.0.113.9]", "SmartHost")],
            UseMXRecord=self.one(2), TlsSettings=enum(d.choice([None, "EncryptionOnly", "DomainValidation"])), TlsDomain=None, IsTransportRuleScoped=self.one(3), TestMode=self.one(3),
            IsValidated=self.one(2), LastValidationTimestamp=d.choice([None, self.ago(1, 300)]),
        ) for i in range(7)])
        self.table("Get-DkimSigningConfig", [dict(
            Domain=name, Enabled=i == 0, Status=enum("Valid" if i == 0 else "CnameMissing"), Selector1CNAME="selector1-" + name, Selector2CNAME="selector2-" + name,
            Selector1KeySize=2048, RotateOnDate=self.ago(-90, 9), LastChecked=self.ago(0.1, 3),
        ) for i, name in enumerate(self.domains[:2])])
        self.table("Get-MailFlowStatusReport", [dict(
            Date=self.now.replace(hour=0, minute=0, second=0) - n * DAY, Direction=direction, EventType=event, MessageCount=d.randrange(5000),
        ) for n in range(20) for direction in ("Inbound", "Outbound") for event in ("GoodMail", "SpamDetections")])
        self.table("Search-UnifiedAuditLog", [dict(
            Identity=str(self.guid()), CreationDate=self.ago(0.001, 9), UserIds=d.choice(["ada@contoso.example", "NT AUTHORITY\\SYSTEM (w3wp)", "bob@contoso.example"]),
            Operations=d.choice(["Set-Mailbox", "New-TransportRule"]), RecordType=enum("ExchangeAdmin"),
            AuditData='{"ObjectId":"m%03d","Parameters":[{"Name":"Identity","Value":"m%03d"},{"Name":"ForwardingSmtpAddress","Value":"x\\"y"}],"ClientIP":"203.0.113.%d","Version":1}' % (i, i, i),
        ) for i in range(60)])

    # Threats

    def threats(self):
        d = self.dice
        names = ["Default", "Streng", "vorstand", "Ohne Regel"]
        self.table("Get-HostedContentFilterPolicy", [dict(
            Name=n, Identity=Shown(n), IsDefault=n == "Default", SpamAction=enum("MoveToJmf"), HighConfidenceSpamAction=enum("Quarantine"), PhishSpamAction=enum("Quarantine"),
            HighConfidencePhishAction=enum("Quarantine"), BulkSpamAction=enum("MoveToJmf"), BulkThreshold=d.randrange(1, 9), QuarantineRetentionPeriod=15 * d.randrange(1, 3),
            SpamZapEnabled=self.one(2), PhishZapEnabled=self.one(2), AllowedSenders=["a@fabrikam.example", "B@gmail.example"][: d.randrange(3)],
            AllowedSenderDomains=["partner.example"][: d.randrange(2)], BlockedSenders=[], BlockedSenderDomains=["zz.example", "aa.example"],
        ) for n in names])
        self.table("Get-HostedContentFilterRule", [dict(
            Name="Rule of " + n, HostedContentFilterPolicy=Shown(n), State=enum(d.choice(["Enabled", "Disabled"])), Priority=p, RecipientDomainIs=[self.domains[p]],
            SentTo=None, SentToMemberOf=["g1@contoso.example"] if p else None,
        ) for p, n in enumerate(["vorstand", "Streng"])])
        self.table("Get-HostedOutboundSpamFilterPolicy", [dict(
            Name=n, Identity=Shown(n), IsDefault=n == "Default", AutoForwardingMode=enum(mode), RecipientLimitExternalPerHour=d.randrange(500), RecipientLimitInternalPerHour=0,
            RecipientLimitPerDay=1000, ActionWhenThresholdReached=enum("BlockUser"), NotifyOutboundSpam=self.one(2), NotifyOutboundSpamRecipients=[],
        ) for n, mode in [("Default", "Automatic"), ("Partner", "On"), ("Alle", "Off")]])
        self.table("Get-BlockedSenderAddress", [dict(
            SenderAddress="m%03d@contoso.example" % i, Reason="OutboundSpamLast24Hours=%d;OutboundMailLast24Hours=500" % i, CreatedDatetime=self.ago(0.1, 30), ChangedDatetime=self.ago(0.1, 3),
        ) for i in range(5)])
        self.table("Get-TenantAllowBlockListItems", [dict(
            ListType=kind, Value=value, Action=enum(d.choice(["Allow", "Block"])), ListSubType=enum("Tenant"), ExpirationDate=d.choice([None, self.ago(-30, -1)]), LastUsedDate=d.choice([None, self.ago(1, 9)]),
            Notes=d.choice(["", "wegen \"Fall 7\""]), ModifiedBy="ada@contoso.example", LastModifiedDateTime=self.ago(1, 99),
        ) for kind, value in [("Sender", "z@gmail.example"), ("Sender", "fabrikam.example"), ("Sender", "A@gmail.example"), ("Url", "evil.example/*"), ("IP", "203.0.113.4")]])
        held = [dict(
            Identity="%s\\%s" % (self.guid(), self.guid()), ReceivedTime=self.ago(0.01, 12), SenderAddress="spam%d@winner.example" % i, RecipientAddress=["m%03d@contoso.example" % d.randrange(40)],
            Subject="Sie haben gewonnen!!! %d" % i, QuarantineTypes=enum(d.choice(["Spam", "Phish", "HighConfPhish"])), PolicyName="Default", PolicyType=enum("HostedContentFilterPolicy"),
            ReleaseStatus=enum(d.choice(["NotReleased", "Released"])), Direction=enum("Inbound"), Expires=self.ago(-30, -1), Size=d.randrange(10**6),
        ) for i in range(90)]
        self.table("Get-QuarantineMessage", held)

    # On the premises

    def servers(self):
        d = self.dice
        names = ["EX01", "EX02", "ex03"]
        servers = [dict(Name=n, Identity=Shown(n), Fqdn=n + ".contoso.example", Guid=self.guid()) for n in names]
        self.table("Get-ExchangeServer", servers)
        self.table("Get-TransportService", servers)
        self.table("Get-MailboxDatabase", [dict(
            Name="DB%02d" % i, Identity=Shown("DB%02d" % i), Guid=self.guid(), Server=Shown(d.choice(names)), Mounted=self.one(2), DatabaseSize=size(d.randrange(900 << 30)), AvailableNewMailboxSpace=size(d.randrange(9 << 30)),
            EdbFilePath=Shown("E:\\DB%02d\\DB%02d.edb" % (i, i), "Microsoft.Exchange.Data.EdbFilePath"), LogFolderPath=Shown("F:\\DB%02d" % i, "NonRootLocalLongFullPath"), CircularLoggingEnabled=self.one(2),
            ProhibitSendReceiveQuota=size(2355 << 20, True), MailboxRetention=Shown("30.00:00:00", "Microsoft.Exchange.Data.EnhancedTimeSpan"), LastFullBackup=last, LastIncrementalBackup=self.maybe(2, self.ago(0.1, 2)),
            LastDifferentialBackup=None, LastCopyBackup=None, BackupInProgress=self.one(4),
        ) for i, last in enumerate([self.ago(0.1, 1), self.ago(8, 30), None, self.ago(2, 6), self.ago(7.01, 7.99)])])
        for n in names:
            self.child("Get-Queue", n, [dict(
                Identity=Shown("%s\\%d" % (n, q), "QueueIdentity"), DeliveryType=enum(d.choice(["SmtpDeliveryToMailbox", "DnsConnectorDelivery", "ShadowRedundancy"])), Status=enum(d.choice(["Ready", "Retry"])),
                MessageCount=d.randrange(200), NextHopDomain="fabrikam.example", LastError=d.choice(["", None, "[{LED=441 4.4.1 Error};{FQDN=};{IP=203.0.113.9}]"]), NextRetryTime=d.choice([None, self.ago(-0.2, -0.01)]),
                DeferredMessageCount=d.randrange(4),
            ) for q in range(3, 8)])
            self.child("Get-MessageTrackingLog", n, [dict(
                Timestamp=self.ago(0.001, 2), ServerHostname=n, Source=enum("SMTP"), EventId=enum(d.choice(["RECEIVE", "DELIVER", "HAREDIRECT", "SUBMIT"])), Sender="s%d@gmail.example" % i,
                Recipients=["m001@contoso.example", "m002@contoso.example"][: 1 + d.randrange(2)], MessageSubject="Betreff; %d" % i, RecipientStatus=["250 2.1.5 OK"], TotalBytes=d.randrange(10**6), MessageId="<%d@x>" % i,
            ) for i in range(20)])
            self.child("Get-ExchangeCertificate", n, [dict(
                FriendlyName="Microsoft Exchange", Subject="CN=%s" % n, Services=enum("IMAP, POP, IIS, SMTP"), NotAfter=self.now + datetime.timedelta(days=days, hours=5), Status=enum("Valid"), IsSelfSigned=self.one(2),
                CertificateDomains=[n, n + ".contoso.example"], Thumbprint="%040X" % d.getrandbits(160),
            ) for days in d.sample([-40, -1, 0, 12, 30, 31, 500], 3)])
