"""The cmdlets of Exchange over the tables of exchange_world.py, for psrpcore's server.

Each takes the parameters that Exchange's takes and refuses others, filters as it
does, and is fed by a pipeline row by row.
"""

import datetime
import os
import re
import uuid

from psrpcore.types import PSCustomObject, PSDateTime, PSGuid, PSInt, PSInt64, PSList, PSObject

import exchange_world

# What each cmdlet takes, beside nothing.
ACCEPTS = {
    "Get-Mailbox": "ResultSize Filter RecipientTypeDetails Database Server",
    "Get-Recipient": "ResultSize",
    "Get-User": "ResultSize RecipientTypeDetails",
    "Get-CASMailbox": "ResultSize",
    "Get-RecipientPermission": "ResultSize",
    "Get-MobileDevice": "ResultSize",
    "Get-MailboxStatistics": "Identity Database",
    "Get-MailboxPermission": "Identity User",
    "Get-InboxRule": "Mailbox",
    "Get-MailboxFolderStatistics": "Identity FolderScope",
    "Get-MailboxFolderPermission": "Identity",
    "Get-DistributionGroup": "ResultSize",
    "Get-DistributionGroupMember": "Identity ResultSize",
    "Get-RoleGroup": "ResultSize",
    "Get-RoleGroupMember": "Identity ResultSize",
    "Get-AcceptedDomain": "",
    "Get-MessageTraceV2": "StartDate EndDate SenderAddress RecipientAddress Status ResultSize StartingRecipientAddress",
    "Get-TransportRule": "ResultSize",
    "Get-InboundConnector": "",
    "Get-OutboundConnector": "IncludeTestModeConnectors",
    "Get-DkimSigningConfig": "",
    "Get-MailFlowStatusReport": "StartDate EndDate Page PageSize",
    "Search-UnifiedAuditLog": "RecordType StartDate EndDate SessionId SessionCommand ResultSize",
    "Get-HostedContentFilterPolicy": "",
    "Get-HostedContentFilterRule": "",
    "Get-HostedOutboundSpamFilterPolicy": "",
    "Get-BlockedSenderAddress": "",
    "Get-TenantAllowBlockListItems": "ListType",
    "Get-QuarantineMessage": "StartReceivedDate EndReceivedDate PageSize Page",
    "Get-ExchangeServer": "",
    "Get-TransportService": "",
    "Get-MailboxDatabase": "Status",
    "Get-Queue": "Server ResultSize",
    "Get-MessageTrackingLog": "Server Start End Sender Recipients MessageSubject ResultSize",
    "Get-ExchangeCertificate": "Server",
}

# Which property a time is compared with.
TIMES = {
    "Get-MessageTraceV2": ("Received", "StartDate", "EndDate"),
    "Get-MailFlowStatusReport": ("Date", "StartDate", "EndDate"),
    "Search-UnifiedAuditLog": ("CreationDate", "StartDate", "EndDate"),
    "Get-QuarantineMessage": ("ReceivedTime", "StartReceivedDate", "EndReceivedDate"),
    "Get-MessageTrackingLog": ("Timestamp", "Start", "End"),
}

# What names a row to the cmdlet after it in a pipeline, or to -Identity.
NAMES = {
    "Get-DistributionGroupMember": ("Guid",), "Get-RoleGroupMember": ("Guid",),
    "Get-Queue": ("Name",), "Get-MessageTrackingLog": ("Name",), "Get-ExchangeCertificate": ("Name",),
}


class Refused(Exception):
    """A terminating error: what the server says, and its id."""

    def __init__(self, text, error_id):
        super().__init__(text)
        self.error_id = error_id


class Exchange:
    """The cmdlets of one organization. Its searches of the audit log remember how far they came."""

    def __init__(self, seed, now, mailboxes):
        self.world = exchange_world.World(seed, now, mailboxes)
        self.searches = {}

    def run(self, name, parameters, piped=None):
        """The rows of a cmdlet; piped is the row before it in a pipeline, where there is one."""
        cmdlet = next((c for c in ACCEPTS if c.lower() == name.lower()), None)
        if cmdlet is None:
            raise Refused("The term '%s' is not recognized as a name of a cmdlet, function, script file, or executable program." % name, "CommandNotFoundException")
        given = {}
        for key, value in parameters:
            known = next((p for p in ACCEPTS[cmdlet].split() if p.lower() == (key or "").strip("-:").lower()), None)
            if known is None:
                raise Refused("A parameter cannot be found that matches parameter name '%s'." % key, "NamedParameterNotFound,%s" % cmdlet)
            given[known] = value
        if cmdlet in self.world.rows:
            rows = self.world.rows[cmdlet]
        else:
            rows = self.of_owner(cmdlet, given, piped)
        rows = [r for r in rows if self.wanted(cmdlet, r, given)]
        return self.page(cmdlet, rows, given)

    def of_owner(self, cmdlet, given, piped):
        tables = self.world.children[cmdlet]
        if "Database" in given:
            inside = [b for b in self.world.rows["Get-Mailbox"] if b["Database"] == str(given["Database"])]
            return [r for b in inside for r in tables[str(b["ExchangeGuid"])]]
        named = str(piped[NAMES.get(cmdlet, ("ExchangeGuid",))[0]] if piped else given.get("Identity") or given.get("Mailbox") or given.get("Server") or "")
        for key, rows in tables.items():
            if key.lower() == named.lower():
                return rows
        raise Refused("The operation couldn't be performed because object '%s' couldn't be found." % named, "ManagementObjectNotFoundException,%s" % cmdlet)

    def wanted(self, cmdlet, row, given):
        if cmdlet in TIMES:
            property_name, start, end = TIMES[cmdlet]
            if start in given and row[property_name] < moment(given[start]) or end in given and row[property_name] > moment(given[end]):
                return False
        if "Filter" in given and not opath(str(given["Filter"]), row):
            return False
        if cmdlet == "Get-MailboxFolderStatistics" and str(given.get("FolderScope")) == "Calendar":
            return row["Name"] in ("Kalender", "Feiertage")
        for parameter in ("RecipientTypeDetails", "Status", "ListType", "User", "RecordType", "Sender", "SenderAddress", "Database"):
            if parameter in given and parameter in row and str(row[parameter]) not in texts(given[parameter]):
                return False
        return True

    def page(self, cmdlet, rows, given):
        if cmdlet == "Search-UnifiedAuditLog" and "SessionId" in given:
            at = self.searches.get(str(given["SessionId"]), 0)
            self.searches[str(given["SessionId"])] = at + int(given["ResultSize"])
            return rows[at : at + int(given["ResultSize"])]
        if "PageSize" in given:
            length, number = int(given["PageSize"]), int(given.get("Page", 1))
            return rows[(number - 1) * length : number * length]
        limit = str(given.get("ResultSize", "1000"))
        return rows if limit == "Unlimited" else rows[: int(limit)]


def texts(value):
    return [str(v) for v in value] if isinstance(value, (list, tuple)) else str(value).split(",")


def moment(value):
    if isinstance(value, datetime.datetime):
        return value if value.tzinfo else value.replace(tzinfo=exchange_world.UTC)
    return datetime.datetime.fromisoformat(str(value).replace("Z", "+00:00"))


def opath(text, row):
    """A filter of comparisons with $null and $true, with -or between."""
    for part in re.split(r"\s+-or\s+", text):
        found = re.fullmatch(r"(\w+) -(ne|eq) \$(null|true|false)", part.strip())
        if not found or found.group(1) not in row:
            raise Refused("Cannot bind parameter 'Filter' to the target: %s" % part, "ParameterBindingFailed")
        literal = {"null": None, "true": True, "false": False}[found.group(3)]
        if (row[found.group(1)] == literal) == (found.group(2) == "eq"):
            return True
    return False


def travelling(value):
    """A value as psrpcore sends it."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, exchange_world.Shown):
        shown = PSObject()
        shown.PSObject.type_names = ["Deserialized." + value.kind, "System.Object"]
        shown.PSObject.to_string = str(value)
        return shown
    if isinstance(value, int):
        return PSInt(value) if -(2**31) <= value < 2**31 else PSInt64(value)
    if isinstance(value, datetime.datetime):
        return PSDateTime(value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond, tzinfo=value.tzinfo)
    if isinstance(value, uuid.UUID):
        return PSGuid(str(value))
    if isinstance(value, list):
        return PSList([travelling(v) for v in value])
    return value


def served():
    """The organization that the environment names by POSTROOM_TEST_EXCHANGE: seed, now and mailboxes; None without."""
    wanted = os.environ.get("POSTROOM_TEST_EXCHANGE")
    if not wanted:
        return None
    seed, now, mailboxes = wanted.split(" ")
    return Exchange(int(seed), moment(now), int(mailboxes))


EXCHANGE = served()


def pipeline(run, commands):
    """Runs the commands of a pipeline, each fed by the one before."""
    rows = [None]
    for command in commands:
        rows = [r for before in rows for r in fed(run, command, before)]
    for row in rows:
        run.output(PSCustomObject(PSTypeName="Deserialized.Microsoft.Exchange.Data.Directory.ADPresentationObject", **{k: travelling(v) for k, v in row.items()}))


def fed(run, command, before):
    rows = EXCHANGE.run(command.command_text, command.parameters, before)
    if not rows and command.command_text == "Get-MailboxStatistics":
        run.tell("write_warning", "The user hasn't logged on to mailbox, so there is no data to return.")
    return rows
