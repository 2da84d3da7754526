"""The forty ranked reports worked out by themselves: from the facts in
testdata/ranked.tsv and rows of cmdlets, with nothing of Postroom.

Columns, their order and the sort are read from the facts; what the facts say in
words (filters, computed columns, marks) is a function here for each report. The
rows come from a source: the tables of exchange_world.py, or a server that pypsrp
reads one plain cmdlet at a time. Reads a JSON object from standard input and
writes the reports as JSON: {name: {columns, rows}}.
"""

import collections
import csv
import datetime
import json
import math
import re
import sys
import uuid
import xml.etree.ElementTree as ElementTree

UTC = datetime.timezone.utc


# Values


class Row(dict):
    """A row whose properties are found without regard to letter case, as in PowerShell."""

    def __init__(self, values):
        super().__init__((k.lower(), v) for k, v in values.items())

    def __getitem__(self, name):
        return super().__getitem__(name.lower())

    def __contains__(self, name):
        return super().__contains__(name.lower())

    def get(self, name, other=None):
        return super().get(name.lower(), other)


def amount(text):
    """The bytes of '1.2 GB (1,288,490,189 bytes)'; None for Unlimited and nothing."""
    found = re.search(r"\(([\d,]+) bytes\)", str(text or ""))
    return int(found.group(1).replace(",", "")) if found else None


def percent(used, quota):
    used, quota = amount(used), amount(quota)
    return None if used is None or not quota else used / quota * 100


def nothing(value):
    return value is None or value == "" or value == []


def domain(address):
    found = re.search(r"@([^\]>\"\s]+)", str(address or ""))
    return found.group(1).lower() if found else None


def is_outside(address, accepted):
    d = domain(address)
    return d is not None and not any(d == a or d.endswith("." + a) for a in accepted)


def accepted(source):
    return [str(r["DomainName"]).lower() for r in source.all("Get-AcceptedDomain")]


def days(then, now):
    return None if then is None else int((now - then).total_seconds() / 86400)


# Reports: each gives (rows of the steps, computed columns, marks)


def plain(cmdlet, keep=lambda r, s: True, marks=lambda r: [], **parameters):
    def report(source):
        for row in source.all(cmdlet, **parameters):
            if keep(row, source):
                yield [row], {}, marks(row)
    return report


def between(name, back, ahead=datetime.timedelta(0), midnight=False):
    """Rows whose time lies between now less back and now."""
    def keep(row, source):
        start, end = source.now - back, source.now
        if midnight:
            start = source.now.replace(hour=0, minute=0, second=0, microsecond=0) - back
        return start <= row[name] <= end
    return keep


def mailbox_sizes(source):
    for box in source.all("Get-Mailbox"):
        for used in source.of("Get-MailboxStatistics", box) or [{}]:
            share = percent(used.get("TotalItemSize"), box["ProhibitSendReceiveQuota"])
            yield [box, used], {"PercentUsed": share}, ["at 90 % of its quota or more"] if share is not None and share >= 90 else []


def over_quota(source):
    for box in source.all("Get-Mailbox"):
        for used in source.of("Get-MailboxStatistics", box):
            share = percent(used["TotalItemSize"], box["ProhibitSendReceiveQuota"])
            if share is None or share < 90:
                continue
            state = "ok"
            for quota, word in [("IssueWarningQuota", "over warning"), ("ProhibitSendQuota", "over send"), ("ProhibitSendReceiveQuota", "over send-receive")]:
                if amount(box[quota]) is not None and amount(used["TotalItemSize"]) >= amount(box[quota]):
                    state = word
            yield [box, used], {"PercentUsed": share, "State": state}, ["over a quota"] if state != "ok" else []


def forwarding(source):
    inside = accepted(source)
    for box in source.all("Get-Mailbox"):
        if not nothing(box["ForwardingSmtpAddress"]) or not nothing(box["ForwardingAddress"]):
            kind = "internal object" if nothing(box["ForwardingSmtpAddress"]) else "address"
            yield [box], {"Kind": kind}, ["forwards outside"] if is_outside(box["ForwardingSmtpAddress"], inside) else []


def forwarding_external(source):
    inside = accepted(source)
    for box in source.all("Get-Mailbox"):
        if is_outside(box["ForwardingSmtpAddress"], inside):
            yield [box], {"TargetDomain": domain(box["ForwardingSmtpAddress"])}, ["forwards outside"]


def full_access(source):
    for box in source.all("Get-Mailbox"):
        for right in source.of("Get-MailboxPermission", box):
            if "FullAccess" in right["AccessRights"] and not right["IsInherited"] and right["User"] != "NT AUTHORITY\\SELF" and not right["User"].startswith("S-1-5-21-"):
                yield [box, right], {}, []


def can_access(source):
    if not source.answers["user"]:  # who can open most
        may = collections.Counter(r["User"] for b in source.all("Get-Mailbox") for r in source.of("Get-MailboxPermission", b) if not r["IsInherited"] and "\\" not in r["User"])
        source.answers["user"] = may.most_common(1)[0][0]
    for box in source.all("Get-Mailbox"):
        for right in source.of("Get-MailboxPermission", box):
            if right["User"].lower() == source.answers["user"].lower() and not right["IsInherited"]:
                yield [box, right], {}, []


def inbox_rules(source):
    inside = accepted(source)
    for box in source.all("Get-Mailbox"):
        if box["RecipientTypeDetails"] not in ("UserMailbox", "SharedMailbox"):
            continue
        for rule in source.of("Get-InboxRule", box):
            targets = [t for name in ("ForwardTo", "ForwardAsAttachmentTo", "RedirectTo") for t in (rule.get(name) or [])]
            if targets:
                out = [t for t in targets if is_outside(t, inside)]
                yield [box, rule], {"External": out or None}, ["sends outside"] if out else []


def group_members(source):
    for group in source.all("Get-DistributionGroup"):
        for member in source.of("Get-DistributionGroupMember", group):
            yield [group, member], {}, []


def role_members(source):
    for group in source.all("Get-RoleGroup"):
        for member in source.of("Get-RoleGroupMember", group):
            a_group = "Group" in str(member["RecipientType"])
            yield [group, member], {}, ["a group: its members administer too"] if a_group else []


def antispam(source):
    rules = source.all("Get-HostedContentFilterRule")
    for policy in source.all("Get-HostedContentFilterPolicy"):
        for rule in [r for r in rules if r["HostedContentFilterPolicy"] == policy["Name"]] or [{}]:
            yield [policy, rule], {}, []


def allowed_senders(source):
    for policy in source.all("Get-HostedContentFilterPolicy"):
        for name in ("AllowedSenders", "AllowedSenderDomains", "BlockedSenders", "BlockedSenderDomains"):
            for entry in policy.get(name) or []:
                yield [policy], {"List": name, "Entry": entry}, ["a whole domain is let through"] if name == "AllowedSenderDomains" else []


def dkim(source):
    signing = source.all("Get-DkimSigningConfig")
    for d in source.all("Get-AcceptedDomain"):
        for config in [c for c in signing if str(c["Domain"]).lower() == str(d["DomainName"]).lower()] or [{}]:
            row = Row(dict(config, domain=config.get("Domain") or d["DomainName"]))
            yield [row], {"Missing": not config}, [] if config.get("Enabled") else ["not signed"]


def addresses(source):
    for r in source.all("Get-Recipient"):
        for entry in r["EmailAddresses"]:
            if entry.lower().startswith("smtp:"):
                yield [r], {"Address": entry[5:], "IsPrimary": entry.startswith("SMTP:"), "Domain": domain(entry)}, []


def calendars(source):
    for box in source.all("Get-Mailbox"):
        for folder in source.of("Get-MailboxFolderStatistics", box):
            if folder["FolderType"] != "Calendar":
                continue
            for right in source.of("Get-MailboxFolderPermission", box, folder):
                dull = {"Default": ["AvailabilityOnly"], "Anonymous": ["None"]}
                if right["AccessRights"] != dull.get(right["User"]):
                    yield [box, folder, right], {}, []


def audit(source):
    for entry in source.all("Search-UnifiedAuditLog"):
        start = source.now.replace(hour=0, minute=0, second=0, microsecond=0) - datetime.timedelta(days=7)
        if start <= entry["CreationDate"] <= source.now and not entry["UserIds"].startswith("NT AUTHORITY\\SYSTEM"):
            data = json.loads(entry["AuditData"])
            pairs = ["%s=%s" % (p["Name"], p["Value"]) for p in data.get("Parameters") or []]
            yield [entry], {"ObjectId": data.get("ObjectId"), "Parameters": pairs or None, "ClientIP": data.get("ClientIP")}, []


def of_servers(first, second, keep=lambda r, s: True, computed=lambda r, s: {}, marks=lambda r, c: []):
    def report(source):
        for server in source.all(first):
            for row in source.of(second, server):
                if keep(row, source):
                    more = computed(row, source)
                    yield [server, row], more, marks(row, more)
    return report


def backups(source):
    for base in source.all("Get-MailboxDatabase"):
        since = days(base["LastFullBackup"], source.now)
        marks = []
        if since is None:
            marks.append("never backed up")
        elif since > 7:
            marks.append("no full backup for a week")
        yield [base], {"DaysSinceFull": since}, marks


def certificate_marks(row, computed):
    if computed["DaysLeft"] is None:
        return []
    if computed["DaysLeft"] < 0:
        return ["expired"]
    return ["expires within 30 days"] if computed["DaysLeft"] <= 30 else []


TWO_DAYS = datetime.timedelta(days=2)
REPORTS = {
    "message-trace": plain("Get-MessageTraceV2", between("Received", TWO_DAYS)),
    "mailbox-sizes": mailbox_sizes,
    "mailbox-forwarding": forwarding,
    "quarantine": plain("Get-QuarantineMessage", between("ReceivedTime", datetime.timedelta(days=7), midnight=True)),
    "mailbox-full-access": full_access,
    "inbox-rules-external": inbox_rules,
    "all-recipients": plain("Get-Recipient"),
    "mailbox-list": plain("Get-Mailbox"),
    "transport-rules": plain("Get-TransportRule"),
    "group-members": group_members,
    "shared-mailbox-sign-in": plain("Get-User", lambda r, s: r["RecipientTypeDetails"] == "SharedMailbox" and r["AccountDisabled"] is False, lambda r: ["sign-in is allowed"]),
    "mailbox-send-as": plain("Get-RecipientPermission", lambda r, s: r["Trustee"] != "NT AUTHORITY\\SELF" and not r["IsInherited"]),
    "distribution-groups": plain("Get-DistributionGroup"),
    "accepted-domains": plain("Get-AcceptedDomain"),
    "inbound-connectors": plain("Get-InboundConnector", marks=lambda r: ["takes mail without TLS"] if r["Enabled"] and not r["RequireTls"] else []),
    "outbound-connectors": plain("Get-OutboundConnector", marks=lambda r: ["sends without required TLS"] if r["Enabled"] and nothing(r["TlsSettings"]) else [], IncludeTestModeConnectors=True),
    "message-trace-failed": plain("Get-MessageTraceV2", lambda r, s: r["Status"] == "Failed" and between("Received", TWO_DAYS)(r, s)),
    "antispam-policies": antispam,
    "allowed-senders": allowed_senders,
    "outbound-spam-policies": plain("Get-HostedOutboundSpamFilterPolicy", marks=lambda r: ["automatic forwarding is allowed"] if r["AutoForwardingMode"] == "On" else []),
    "dkim": dkim,
    "blocked-senders": plain("Get-BlockedSenderAddress"),
    "cas-protocols": plain("Get-CASMailbox", marks=lambda r: ["POP is on"] * bool(r["PopEnabled"]) + ["IMAP is on"] * bool(r["ImapEnabled"])),
    "mobile-devices": plain("Get-MobileDevice"),
    "mailboxes-over-quota": over_quota,
    "all-addresses": addresses,
    "mailbox-forwarding-external": forwarding_external,
    "user-can-access": can_access,
    "calendar-permissions": calendars,
    "shared-mailboxes": lambda s: ((rows, more, ["forwards outside"] if is_outside(rows[0]["ForwardingSmtpAddress"], accepted(s)) else []) for rows, more, _ in plain("Get-Mailbox", lambda r, s: r["RecipientTypeDetails"] == "SharedMailbox")(s)),
    "mailbox-litigation-hold": plain("Get-Mailbox", lambda r, s: r["LitigationHoldEnabled"] is True),
    "tenant-allow-block": plain("Get-TenantAllowBlockListItems", lambda r, s: r.get("ListType", s.answers["listtype"]) == s.answers["listtype"], ListType="Sender"),
    "admin-roles": role_members,
    "admin-audit-cloud": audit,
    "databases": plain("Get-MailboxDatabase"),
    "queues": of_servers("Get-TransportService", "Get-Queue", lambda r, s: r["DeliveryType"] != "ShadowRedundancy", marks=lambda r, c: [] if nothing(r.get("LastError")) else ["has an error"]),
    "message-tracking": of_servers("Get-TransportService", "Get-MessageTrackingLog", lambda r, s: r["EventId"] not in ("HAREDIRECT", "SUBMIT") and between("Timestamp", datetime.timedelta(days=1))(r, s)),
    "backups": backups,
    "exchange-certificates": of_servers("Get-ExchangeServer", "Get-ExchangeCertificate", computed=lambda r, s: {"DaysLeft": None if r["NotAfter"] is None else -days(r["NotAfter"], s.now)}, marks=certificate_marks),
    "mail-flow-status": plain("Get-MailFlowStatusReport", lambda r, s: s.now.replace(hour=0, minute=0, second=0, microsecond=0) - datetime.timedelta(days=14) <= r["Date"] <= s.now.replace(hour=0, minute=0, second=0, microsecond=0)),
}

# Columns that the facts put into words alone, behind the others.
BEHIND = {"mailbox-forwarding": ["Kind"], "inbox-rules-external": ["External"], "dkim": ["Missing"]}


# Columns and order, as the facts have them


def columns(fact):
    """(heading, step or 0, property): of two that share a name the one of step 2 is called Member…"""
    seen, made = set(), []
    for column in fact["columns"].split(",") + BEHIND.get(fact["id"], []):
        step, _, name = column.rpartition(".")
        heading = "Member" + name if name in seen else name
        seen.add(name)
        made.append((heading, int(step or 0), name))
    return made


def ordered(value):
    """A key by which values of one column compare; letter case does not count."""
    if isinstance(value, (bool, list)):
        return str(value).lower()
    if isinstance(value, str):
        return value.lower()
    return value


def worked_out(fact, source):
    shape = columns(fact)
    rows = []
    for steps, computed, marks in REPORTS[fact["id"]](source):
        cells = {}
        for heading, step, name in shape:
            if name in computed:
                cells[heading] = computed[name]
            elif step:
                cells[heading] = steps[min(step, len(steps)) - 1].get(name)
            else:
                cells[heading] = next((s[name] for s in steps if name in s), None)
        rows.append((cells, marks))
    for key in reversed([k for k in fact["sort"].split(",") if k]):
        name, _, direction = key.partition(" ")
        step, _, bare = name.rpartition(".")
        heading = next(h for h, s, n in shape if n == bare and (not step or s == int(step)))
        there = [r for r in rows if not nothing(r[0][heading])]
        there.sort(key=lambda r: ordered(r[0][heading]), reverse=direction == "desc")  # reversed, equals keep their order
        rows = there + [r for r in rows if nothing(r[0][heading])]
    return {"columns": [h for h, _, _ in shape], "rows": [[cells[h] for h, _, _ in shape] for cells, _ in rows], "marks": ["; ".join(m) for _, m in rows], "answers": source.answers}


# Sources


class Tables:
    """The tables of exchange_world.py."""

    def __init__(self, seed, now, mailboxes, answers):
        import exchange_world

        self.now, self.answers = now, answers
        self.world = exchange_world.World(seed, now, mailboxes)

    def all(self, cmdlet, **_):
        return [self.seen(r) for r in self.world.rows[cmdlet]]

    def of(self, cmdlet, row, folder=None):
        key = row.get("ExchangeGuid") or row.get("Guid")
        if cmdlet in ("Get-Queue", "Get-MessageTrackingLog", "Get-ExchangeCertificate"):
            key = row["Name"]
        if folder:
            key = "%s:%s" % (key, folder["FolderId"])
        return [self.seen(r) for r in self.world.children[cmdlet][str(key)]]

    def seen(self, row):
        return Row({k: str(v) if isinstance(v, uuid.UUID) else v for k, v in row.items()})


class Server:
    """A server that pypsrp asks, a plain cmdlet at a time; what was asked is kept."""

    UNLIMITED = {
        "Get-Mailbox", "Get-Recipient", "Get-User", "Get-CASMailbox", "Get-RecipientPermission", "Get-MobileDevice", "Get-DistributionGroup",
        "Get-DistributionGroupMember", "Get-RoleGroup", "Get-RoleGroupMember", "Get-TransportRule", "Get-Queue", "Get-MessageTrackingLog",
    }

    def __init__(self, pool, now, answers):
        self.pool, self.now, self.answers, self.known = pool, now, answers, {}

    def ask(self, cmdlet, **parameters):
        from pypsrp.powershell import PowerShell

        if cmdlet in self.UNLIMITED:
            parameters["ResultSize"] = "Unlimited"
        times = {"Get-MessageTraceV2": ("StartDate", "EndDate"), "Get-QuarantineMessage": ("StartReceivedDate", "EndReceivedDate"),
                 "Search-UnifiedAuditLog": ("StartDate", "EndDate"), "Get-MailFlowStatusReport": ("StartDate", "EndDate"), "Get-MessageTrackingLog": ("Start", "End")}
        if cmdlet in times:
            start, end = times[cmdlet]
            parameters[start] = (self.now - datetime.timedelta(days=9 if cmdlet == "Get-MessageTraceV2" else 29)).isoformat()
            parameters[end] = (self.now + datetime.timedelta(days=1)).isoformat()
        if cmdlet == "Get-MessageTraceV2":
            parameters["ResultSize"] = 5000
        if cmdlet == "Get-QuarantineMessage":
            parameters["PageSize"] = 1000
        if cmdlet == "Search-UnifiedAuditLog":
            parameters.update(RecordType="ExchangeAdmin", ResultSize=5000)
        if cmdlet == "Get-MailboxDatabase":
            parameters["Status"] = None
        shell = PowerShell(self.pool)
        shell.add_cmdlet(cmdlet)
        for name, value in parameters.items():
            shell.add_parameter(name, value)
        shell.invoke()
        assert not shell.streams.error, "%s %r: %s" % (cmdlet, parameters, shell.streams.error)
        return [Row({k: self.read(v) for k, v in {**o.adapted_properties, **o.extended_properties}.items()}) for o in shell.output]

    def asked(self, cmdlet, **parameters):
        key = (cmdlet, str(parameters))
        if key not in self.known:
            self.known[key] = self.ask(cmdlet, **parameters)
        return self.known[key]

    def all(self, cmdlet, **parameters):
        return self.asked(cmdlet, **parameters)

    def of(self, cmdlet, row, folder=None):
        key = str(row.get("ExchangeGuid") or row.get("Guid"))
        if cmdlet in ("Get-Queue", "Get-MessageTrackingLog", "Get-ExchangeCertificate"):
            return self.asked(cmdlet, Server=row["Name"])
        if cmdlet == "Get-InboxRule":
            return self.asked(cmdlet, Mailbox=key)
        if cmdlet == "Get-MailboxFolderStatistics":
            return self.asked(cmdlet, Identity=key, FolderScope="Calendar")
        if folder:
            key = "%s:%s" % (key, folder["FolderId"])
        return self.asked(cmdlet, Identity=key)

    def read(self, value):
        """A value as pypsrp gives it, made plain."""
        from pypsrp.complex_objects import GenericComplexObject

        if isinstance(value, GenericComplexObject):
            for inside in value.property_sets:  # of a collection, as it came
                if inside.startswith("<LST"):
                    return [i.findtext("ToString") if i.tag == "Obj" else i.text for i in ElementTree.fromstring(inside)]
            return value.to_string
        if isinstance(value, (list, tuple)):
            return [self.read(v) for v in value]
        if isinstance(value, uuid.UUID):
            return str(value)
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", value):
            return moment(value)
        length = re.fullmatch(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", value) if isinstance(value, str) and value != "P" else None
        if length:  # as .NET shows it
            d, h, m, s = (int(part or 0) for part in length.groups())
            return ("%d." % d if d else "") + "%02d:%02d:%02d" % (h, m, s)
        return value


def moment(text):
    """A time with at most the six decimals that Python has."""
    made = datetime.datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text).replace("Z", "+00:00"))
    return made if made.tzinfo else made.replace(tzinfo=UTC)


def written(value):
    if isinstance(value, datetime.datetime):
        return {"time": value.astimezone(UTC).isoformat()}
    if isinstance(value, (list, tuple)):
        return [written(v) for v in value]
    if isinstance(value, float):  # reports have two decimals
        return math.floor(value * 100 + 0.5) / 100
    if value is None or isinstance(value, (bool, int)):
        return value
    return str(value)


def main():
    job = json.load(sys.stdin)
    now = datetime.datetime.fromisoformat(job["now"].replace("Z", "+00:00"))
    with open(job["facts"], encoding="utf-8", newline="") as file:
        facts = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))

    def all_of(source):
        return {f["id"]: {k: written(v) if k == "rows" else v for k, v in worked_out(f, source).items()} for f in facts}

    if "url" not in job:
        json.dump(all_of(Tables(job["seed"], now, job["mailboxes"], job["answers"])), sys.stdout)
        return
    from urllib.parse import urlparse

    from pypsrp.powershell import RunspacePool
    from pypsrp.wsman import WSMan

    url = urlparse(job["url"])
    wsman = WSMan(
        url.hostname, port=url.port, path=url.path.lstrip("/") + "?" + url.query, ssl=True, auth="basic", username=job["user"],
        password=job["password"], cert_validation=job["ca"], no_proxy=True, operation_timeout=10,
        read_timeout=300,  # a busy machine is no fault
    )
    with RunspacePool(wsman, configuration_name="Microsoft.Exchange") as pool:
        json.dump(all_of(Server(pool, now, job["answers"])), sys.stdout)


if __name__ == "__main__":
    main()
