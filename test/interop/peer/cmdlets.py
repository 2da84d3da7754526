"""The scripted cmdlets of the psrpcore server.

Each is a function that runs in its pipeline's own thread and talks through a Run. They exist to make the other side show what it can do: every value type
there and back, all streams, failures, prompts, secrets, input, and a command
that only ends when it is stopped.
"""

import datetime
import decimal
import fnmatch
import json
import os
import queue
import threading
import uuid

import exchange_cmdlets
from psrpcore import EndOfPipelineInputEvent, GetMetadata, PipelineHostResponseEvent
from psrpcore.types import (
    ChoiceDescription,
    ErrorCategory,
    ErrorCategoryInfo,
    ErrorDetails,
    ErrorRecord,
    FieldDescription,
    HostMethodIdentifier,
    NETException,
    ProgressRecordType,
    PSByte,
    PSByteArray,
    PSChar,
    PSCredential,
    PSCredentialTypes,
    PSCredentialUIOptions,
    PSCustomObject,
    PSDateTime,
    PSDecimal,
    PSDict,
    PSDouble,
    PSDuration,
    PSGuid,
    PSInt,
    PSInt16,
    PSInt64,
    PSInvocationState,
    PSList,
    PSQueue,
    PSSByte,
    PSScriptBlock,
    PSSecureString,
    PSSingle,
    PSStack,
    PSString,
    PSUInt,
    PSUInt16,
    PSUInt64,
    PSUri,
    PSVersion,
    PSXml,
)


class Stopped(Exception):
    """The client asked to stop."""


class Failed(Exception):
    """A terminating error; it reaches the client in the pipeline's state alone."""

    def __init__(self, record):
        super().__init__(str(record))
        self.record = record


class Run(threading.Thread):
    """One running pipeline. inbox gets host responses and pipeline input."""

    def __init__(self, shell, command):
        super().__init__(daemon=True)
        self.shell, self.command, self.pipeline = shell, command, command.pipeline
        self.inbox = queue.Queue()
        self.stopping = threading.Event()

    def stop(self):
        self.stopping.set()
        self.inbox.put(None)

    def tell(self, method, *arguments, **named):
        """Calls a method of the pipeline and lets the bytes go."""
        if self.stopping.is_set():
            raise Stopped()
        with self.shell.lock:
            result = getattr(self.pipeline, method)(*arguments, **named)
            self.shell.pump()
            return result

    def output(self, value):
        self.tell("write_output", value)

    def next(self):
        event = self.inbox.get()
        if event is None:
            raise Stopped()
        return event

    def ask(self, method, *parameters):
        call = self.tell("host_call", method, list(parameters))
        event = self.next()
        assert isinstance(event, PipelineHostResponseEvent) and event.ci == call, (event, call)
        return event.error if event.error is not None else event.result

    def input(self):
        while True:
            event = self.next()
            if isinstance(event, EndOfPipelineInputEvent):
                return
            yield event.data

    def run(self):
        try:
            self.tell("start")
            metadata = self.pipeline.metadata
            if isinstance(metadata, GetMetadata):
                describe(self, metadata)
            elif exchange_cmdlets.EXCHANGE:
                self.exchange(metadata.commands)
            else:
                for command in metadata.commands:
                    self.call(command)
            self.tell("complete")
        except Stopped:
            self.end(lambda: self.pipeline.stop())
        except Failed as failure:
            self.end(lambda: self.pipeline._change_state(PSInvocationState.Failed, error=failure.record))
        finally:
            with self.shell.lock:
                self.command.finished = True
                self.shell.pump()

    def exchange(self, commands):
        """Runs a pipeline of Exchange's cmdlets."""
        try:
            exchange_cmdlets.pipeline(self, commands)
        except exchange_cmdlets.Refused as refused:
            raise Failed(error_record(str(refused), refused.error_id, ErrorCategory.InvalidOperation))

    def end(self, change):
        with self.shell.lock:
            change()
            self.shell.pump()

    def call(self, command):
        name = command.command_text
        if command.is_script:
            raise Failed(error_record("The syntax is not supported by this runspace.", "ScriptsNotAllowed", ErrorCategory.InvalidOperation))
        function = CMDLETS.get(name.lower())
        if function is None:
            raise Failed(error_record(
                "The term '%s' is not recognized as a name of a cmdlet, function, script file, or executable program." % name,
                "CommandNotFoundException", ErrorCategory.ObjectNotFound, target=name,
            ))
        function(self, command.parameters)


def error_record(message, fqid, category, target=None):
    return ErrorRecord(
        Exception=NETException(Message=message, HResult=-2146233087),
        CategoryInfo=ErrorCategoryInfo(Category=category, Activity="interop", Reason="Exception", TargetName=target or "", TargetType="String"),
        FullyQualifiedErrorId=fqid,
        TargetObject=target,
    )


def named(parameters):
    return {(name or "").strip("-:").lower(): value for name, value in parameters}


def described():
    """The cmdlets of the file that POSTROOM_TEST_CMDLETS names: name, and of each parameter name, type,
    aliases. Each is a CommandInfo with ParameterMetadata as PowerShell 7 was recorded to send it."""
    with open(os.environ["POSTROOM_TEST_CMDLETS"], encoding="utf-8") as file:
        return json.load(file)


def describe_all(run):
    all = described()
    run.output(PSCustomObject(Count=len(all)))
    for command in all:
        parameters = PSDict({p["name"]: PSCustomObject(
            PSTypeName="System.Management.Automation.ParameterMetadata", Name=p["name"], ParameterType=p["type"],
            Aliases=PSList(p["aliases"]), IsDynamic=False, SwitchParameter=p["type"].endswith(".SwitchParameter"),
        ) for p in command["parameters"]})
        run.output(PSCustomObject(Name=command["name"], Namespace="", HelpUri="", CommandType="Function", ResolvedCommandName=None,
                                  OutputType=PSList([]), Parameters=parameters))


def describe(run, wanted):
    if "POSTROOM_TEST_CMDLETS" in os.environ:
        describe_all(run)
        return
    names = [n for n in sorted(CMDLETS) if any(fnmatch.fnmatch(n, w.lower()) for w in wanted.name)]
    run.output(PSCustomObject(Count=len(names)))
    for n in names:
        run.output(PSCustomObject(Name=n, CommandType="Function", Parameters=PSDict({})))


def echo(run, parameters):
    """Says of each parameter what arrived, and sends the value back."""
    for name, value in parameters:
        if isinstance(value, PSCredential):
            text = value.UserName + " " + str(value.Password.decrypt())
        elif isinstance(value, PSSecureString):
            text = str(value.decrypt())
        else:
            text = str(value)
        run.output(PSCustomObject(Name=name, Type=type(value).__name__, Text=text, Value=value))


def queue_of(*values):
    filled = PSQueue()
    for value in values:
        filled.put(value)
    return filled


def every_type(run, parameters):
    """One object for each type of MS-PSRP 2.2.5.1 that psrpcore can write, as a property and bare."""
    for name, value in typed_values():
        run.output(PSCustomObject(Name=name, Value=value))
    for _, value in typed_values():  # again, because writing a queue empties it
        run.output(value)


def typed_values():
    moment = PSDateTime(2024, 2, 29, 23, 59, 58, 123456, nanosecond=700)
    zoned = PSDateTime(2024, 2, 29, 23, 59, 58, 0, tzinfo=datetime.timezone(datetime.timedelta(hours=-7)))
    return [
        ("String", PSString("Zo\u00eb \u4e2d \U0001f600 _x0041_ a\r\nb\t\x07 <&>\"'")),
        ("Char", PSChar("\u00e9")),
        ("Bool", True),
        ("Null", None),
        ("Byte", PSByte(255)), ("SByte", PSSByte(-128)),
        ("Int16", PSInt16(-32768)), ("UInt16", PSUInt16(65535)),
        ("Int32", PSInt(-2147483648)), ("UInt32", PSUInt(4294967295)),
        ("Int64", PSInt64(-9223372036854775808)), ("UInt64", PSUInt64(18446744073709551615)),
        ("Single", PSSingle(1.5)), ("Double", PSDouble(1e100)),
        ("Decimal", PSDecimal(decimal.Decimal("79228162514264337593543950335"))),
        ("DateTime", moment), ("Zoned", zoned),
        ("Duration", PSDuration(days=1, hours=2, minutes=3, seconds=4, microseconds=5)),
        ("Bytes", PSByteArray(bytes(range(256)))),
        ("Guid", PSGuid("00010203-0405-0607-0809-0a0b0c0d0e0f")),
        ("Uri", PSUri("https://example.org/a?b=c&d")),
        ("Version", PSVersion("15.20.7452.28")),
        ("Xml", PSXml("<a b=\"c\">d</a>")),
        ("ScriptBlock", PSScriptBlock("Get-Mailbox | Out-Null")),
        ("List", PSList(["a", PSInt(1), None])),
        ("Queue", queue_of("a", "b")),
        ("Stack", PSStack(["a", "b"])),
        ("Dict", PSDict({"k": "v", PSInt(2): PSInt(3)})),
    ]


def streams(run, parameters):
    run.output("one")
    run.tell("write_warning", "Micro delay applied.")
    run.tell("write_verbose", "verbose text")
    run.tell("write_debug", "debug text")
    run.tell("write_progress", "Searching", 7, "half way", current_operation="mailbox 5", percent_complete=50, seconds_remaining=3)
    run.tell("write_information", "information text", "Write-Streams", tags=["interop", "tag2"], user="ann", computer="EX01", process_id=42)
    run.tell(
        "write_error",
        NETException(Message="The mailbox 'nobody' couldn't be found.", HResult=-2146233087),
        category_info=ErrorCategoryInfo(Category=ErrorCategory.ObjectNotFound, Activity="Get-Mailbox", Reason="ManagementObjectNotFoundException", TargetName="nobody", TargetType="MailboxIdParameter"),
        target_object="nobody",
        fully_qualified_error_id="Id,Get-Mailbox",
        error_details=ErrorDetails(Message="details say more", RecommendedAction="look again"),
    )
    run.tell("write_progress", "Searching", 7, "done", record_type=ProgressRecordType.Completed)
    run.output("two")


def failure(run, parameters):
    run.output("kept")
    raise Failed(error_record("You don't have access.", "AccessDenied,Set-Mailbox", ErrorCategory.PermissionDenied, target="mailbox"))


def rows(run, parameters):
    count = int(named(parameters).get("resultsize", 10))
    for i in range(count):
        columns = {"Identity": "mailbox%06d" % i, "Size": PSInt64(i * 1000003), "Enabled": i % 3 == 0, "Null": None,
                   "Id": PSGuid(str(uuid.UUID(int=i))), "WhenCreated": PSDateTime(2020, 1, 1 + i % 28, 12, 0, 0),
                   "Addresses": PSList(["SMTP:m%d@example.org" % i, "smtp:alt%d@example.org" % i]),
                   "Notes": "line one\r\nline \"two\", \u00fcber \U0001f4ec %d" % i}
        for extra in range(32):
            columns["Custom%02d" % extra] = "value %d of row %d" % (extra, i)
        run.output(PSCustomObject(PSTypeName="Deserialized.Microsoft.Exchange.Data.Directory.Management.Mailbox", **columns))


def blob(run, parameters):
    size = int(named(parameters)["size"])
    run.output(("0123456789abcdef" * (size // 16 + 1))[:size])


def prompts(run, parameters):
    """Asks everything that a host can be asked, and repeats the answers."""
    answers = run.ask(HostMethodIdentifier.Prompt, "Caption", "Supply values for the following parameters:", [
        FieldDescription(Name="Identity", ParameterTypeName="String", ParameterTypeFullName="System.String", Label="&Identity", HelpMessage="whom"),
        FieldDescription(Name="Password", ParameterTypeName="SecureString", ParameterTypeFullName="System.Security.SecureString"),
    ])
    run.output("identity=%s" % answers["Identity"])
    run.output("password=%s" % answers["Password"].decrypt())
    choice = run.ask(HostMethodIdentifier.PromptForChoice, "Confirm", "Are you sure?", [
        ChoiceDescription(Label="&Yes", HelpMessage="do it"), ChoiceDescription(Label="&No", HelpMessage="do not"),
    ], PSInt(0))
    run.output("choice=%d" % choice)
    credential = run.ask(HostMethodIdentifier.PromptForCredential2, "Credential", "Enter it", "ann", "target",
                         PSCredentialTypes.Default, PSCredentialUIOptions.Default)
    run.output("credential=%s:%s" % (credential.UserName, credential.Password.decrypt()))
    run.output("line=%s" % run.ask(HostMethodIdentifier.ReadLine))
    secret = run.ask(HostMethodIdentifier.ReadLineAsSecureString)
    run.output("secret=%s" % secret.decrypt())
    run.tell("host_call", HostMethodIdentifier.WriteLine2, ["What if: nothing"])
    refused = run.ask(HostMethodIdentifier.ReadKey, PSInt(8))
    run.output("refused=%s" % type(refused).__name__)


def secrets(run, parameters):
    """Gives back what it was told, once in clear and once as a SecureString."""
    for name, value in parameters:
        if isinstance(value, PSCredential):
            value = value.Password
        if isinstance(value, PSSecureString):
            text = str(value.decrypt())
            run.output(PSCustomObject(Name=name, Clear=text, Secret=PSSecureString(text)))


def unasked_secret(run, parameters):
    """A SecureString of the server's own, maybe before any key was exchanged."""
    run.output(PSCustomObject(Secret=PSSecureString("s3cret \u00e4\u20ac")))


def echo_input(run, parameters):
    count = 0
    for value in run.input():
        count += 1
        run.output(value)
    run.output("count=%d" % count)


def help_on(run, parameters):
    """What Get-Help makes of a file of help (MAML): a lone parameter is no list, and the
    mistake of many an author, a text where paragraphs belong, is there too."""
    name = str(named(parameters)["name"])
    if name.lower() == "get-unknown":
        raise Failed(error_record("Get-Help could not find %s in a help file in this session." % name, "HelpNotFound,Microsoft.PowerShell.Commands.GetHelpCommand", ErrorCategory.ResourceUnavailable, target=name))

    def parameter(name, required, *texts):
        return PSCustomObject(PSTypeName="MamlCommandHelpInfo#parameter", name=name, required=required, position="named",
                              description=PSList([PSCustomObject(PSTypeName="MamlParaTextItem", Text=text) for text in texts]))
    parameters = [parameter("Identity", "true", "Whom it is about.", "A name,\r\n  or an address."), parameter("Novel", "false"),
                  PSCustomObject(PSTypeName="MamlCommandHelpInfo#parameter", name="Plain", required="false", description="No paragraph.")]
    run.output(PSCustomObject(PSTypeName="MamlCommandHelpInfo#Exchange#%s" % name, Name=name, Category="Function",
                              Synopsis="\r\n  Gives what\r\n  is there.\r\n", parameters=PSCustomObject(
                                  PSTypeName="MamlCommandHelpInfo#parameters", parameter=parameters[0] if name.lower() == "get-blob" else PSList(parameters))))


def forever(run, parameters):
    run.output("started")
    run.stopping.wait()
    raise Stopped()


CMDLETS = {
    "get-help": help_on,
    "get-echo": echo,
    "get-everytype": every_type,
    "get-mailbox": rows,
    "get-blob": blob,
    "get-unaskedsecret": unasked_secret,
    "test-secret": secrets,
    "test-input": echo_input,
    "test-prompt": prompts,
    "write-streams": streams,
    "write-failure": failure,
    "wait-forever": forever,
}
