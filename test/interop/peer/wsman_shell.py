"""WS-Man shells around psrpcore's server half.

What lives here: SOAP in, SOAP out, and the queues of fragments between the
HTTP threads and a runspace pool. What does not: HTTP and sign-in
(http_server.py), and what the cmdlets do (cmdlets.py). It is written from
MS-WSMV and the recorded traffic of Windows hosts, and is strict where a server
is: a wrong resource URI, an unknown selector or an envelope that is too long is
a fault, not a shrug.
"""

import base64
import collections
import re
import threading
import time
import uuid
import xml.etree.ElementTree as ET
from xml.sax.saxutils import escape

import psrpcore
from psrpcore.types import PSVersion

import cmdlets

NS = {
    "s": "http://www.w3.org/2003/05/soap-envelope",
    "a": "http://schemas.xmlsoap.org/ws/2004/08/addressing",
    "w": "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd",
    "p": "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd",
    "rsp": "http://schemas.microsoft.com/wbem/wsman/1/windows/shell",
    "x": "http://schemas.xmlsoap.org/ws/2004/09/transfer",
    "f": "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault",
    "ps": "http://schemas.microsoft.com/powershell",
}
SHELL = NS["rsp"] + "/"
TRANSFER = NS["x"] + "/"
STATE = SHELL + "CommandState/"
RESOURCE = "http://schemas.microsoft.com/powershell/Microsoft.Exchange"


class Fault(Exception):
    """A refusal, in the words and codes of MS-WSMV and wsmerror.h."""

    def __init__(self, code, subcode, text, sender=True):
        super().__init__(text)
        self.code, self.subcode, self.text, self.sender = code, subcode, text, sender


def unknown_shell():
    return Fault(
        2150858843,
        "w:InvalidSelectors",
        "The request for the Windows Remote Shell with ShellId failed because the shell was not found on the server.",
    )


def unknown_command():
    return Fault(2150858843, "w:InvalidSelectors", "The command identifier does not exist.")


def seconds(duration):
    found = re.fullmatch(r"PT([0-9.]+)S", duration or "")
    return float(found.group(1)) if found else 60.0


class Request:
    """One parsed envelope."""

    def __init__(self, body):
        root = ET.fromstring(body)
        header = root.find("s:Header", NS)
        self.body = root.find("s:Body", NS)
        self.action = header.findtext("a:Action", "", NS)
        self.message_id = header.findtext("a:MessageID", "", NS)
        self.to = header.findtext("a:To", "", NS)
        self.resource = header.findtext("w:ResourceURI", "", NS)
        self.timeout = seconds(header.findtext("w:OperationTimeout", "", NS))
        self.max_envelope = int(header.findtext("w:MaxEnvelopeSize", "153600", NS))
        self.shell_id = header.findtext("w:SelectorSet/w:Selector[@Name='ShellId']", "", NS)
        self.options = {o.get("Name"): o.text for o in header.findall("w:OptionSet/w:Option", NS)}


class Command:
    """A pipeline as the shell sees it."""

    def __init__(self, pipeline):
        self.pipeline = pipeline
        self.run = None  # cmdlets.Run, once CREATE_PIPELINE is there
        self.finished = False


class Shell:
    """One runspace pool. Every method is called with a request of its own thread;
    lock guards all of it, and changed wakes the Receives that wait."""

    def __init__(self, shell_id, fragment, version):
        self.id = shell_id
        self.fragment = fragment
        self.pool = psrpcore.ServerRunspacePool()
        self.pool.our_capability.protocolversion = PSVersion(version)
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.queues = collections.defaultdict(collections.deque)  # pipeline id or None -> payloads
        self.commands = {}
        self.deleted = False

    def feed(self, data):
        """Takes client bytes, lets psrpcore answer, and starts what it asked for."""
        self.pool.receive_data(psrpcore.PSRPPayload(data, psrpcore.StreamType.default, None))
        while True:
            event = self.pool.next_event()
            if event is None:
                break
            self.handle(event)
        self.pump()

    def handle(self, event):
        command = self.commands.get(event.pipeline_id)
        if isinstance(event, (psrpcore.CreatePipelineEvent, psrpcore.GetCommandMetadataEvent)):
            command.run = cmdlets.Run(self, command)
            command.run.start()
        elif isinstance(event, (psrpcore.PipelineInputEvent, psrpcore.EndOfPipelineInputEvent, psrpcore.PipelineHostResponseEvent)):
            command.run.inbox.put(event)
        elif isinstance(event, (psrpcore.GetAvailableRunspacesEvent)):
            self.pool.runspace_availability_response(event.ci, self.pool.max_runspaces - len(self.running()))
        elif isinstance(event, (psrpcore.SetMaxRunspacesEvent, psrpcore.SetMinRunspacesEvent, psrpcore.ResetRunspaceStateEvent)):
            self.pool.runspace_availability_response(event.ci, True)

    def running(self):
        return [c for c in self.commands.values() if not c.finished]

    def pump(self):
        while True:
            payload = self.pool.data_to_send(self.fragment)
            if payload is None:
                break
            self.queues[payload.pipeline_id].append(payload.data)
        self.changed.notify_all()

    def stop(self, command):
        if command.run is not None and not command.finished:
            command.run.stop()


class Server:
    """The shells of one server process, and its counters."""

    def __init__(self, options):
        self.options = options
        self.lock = threading.Lock()
        self.shells = {}
        self.stats = collections.Counter()
        self.largest_request = 0
        self.paths = []

    def counters(self):
        with self.lock:
            return dict(self.stats, open_shells=len(self.shells), largest_request=self.largest_request, paths=self.paths)

    def answer(self, body, path):
        """Answers one envelope: (HTTP status, envelope)."""
        with self.lock:
            self.largest_request = max(self.largest_request, len(body))
            if path not in self.paths:
                self.paths.append(path)
        if len(body) > self.options.max_envelope:
            return 413, b""
        request = Request(body)
        try:
            if request.resource != RESOURCE:
                raise Fault(2150858811, "a:DestinationUnreachable", "The resource URI was not found in the WS-Management catalog.")
            name = request.action.rsplit("/", 1)[1]
            with self.lock:
                self.stats[name] += 1
            action, content = getattr(self, "do_" + name)(request)
            return 200, envelope(request, action, content)
        except Fault as fault:
            with self.lock:
                self.stats["fault_%d" % fault.code] += 1
            return 500, fault_envelope(request, fault)

    def shell(self, request):
        with self.lock:
            shell = self.shells.get(request.shell_id.upper())
        if shell is None:
            raise unknown_shell()
        return shell

    def do_Create(self, request):
        wanted = request.body.find("rsp:Shell", NS)
        if request.options.get("protocolversion") not in ("2.1", "2.2", "2.3"):
            raise Fault(2152991685, "w:InternalError", '<PSProtocolVersionError ServerProtocolVersion="2.3"/>')
        shell = Shell((wanted.get("ShellId") or str(uuid.uuid4())).upper(), self.options.fragment, self.options.version)
        with self.lock:
            if shell.id in self.shells:
                raise Fault(2150859223, "w:AlreadyExists", "A shell with this id exists already.")
            self.shells[shell.id] = shell
            self.stats["max_open_shells"] = max(self.stats["max_open_shells"], len(self.shells))
        with shell.lock:
            shell.feed(base64.b64decode(wanted.findtext("ps:creationXml", "", NS)))
        content = (
            "<x:ResourceCreated><a:Address>%s</a:Address><a:ReferenceParameters><w:ResourceURI>%s</w:ResourceURI>"
            '<w:SelectorSet><w:Selector Name="ShellId">%s</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>'
            "<rsp:Shell><rsp:ShellId>%s</rsp:ShellId><rsp:ResourceUri>%s</rsp:ResourceUri><rsp:Owner>interop</rsp:Owner>"
            "<rsp:ClientIP>127.0.0.1</rsp:ClientIP><rsp:IdleTimeOut>PT900.000S</rsp:IdleTimeOut>"
            "<rsp:InputStreams>stdin pr</rsp:InputStreams><rsp:OutputStreams>stdout</rsp:OutputStreams>"
            "<rsp:MaxIdleTimeOut>PT43200.000S</rsp:MaxIdleTimeOut><rsp:State>Connected</rsp:State></rsp:Shell>"
        ) % (escape(request.to), RESOURCE, shell.id, shell.id, RESOURCE)
        return TRANSFER + "CreateResponse", content

    def do_Command(self, request):
        shell = self.shell(request)
        line = request.body.find("rsp:CommandLine", NS)
        command_id = uuid.UUID(line.get("CommandId") or str(uuid.uuid4()))
        with shell.lock:
            if command_id in shell.commands:
                raise Fault(2150859222, "w:AlreadyExists", "A command with this id exists already.")
            command = Command(psrpcore.ServerPipeline(shell.pool, command_id))
            shell.commands[command_id] = command
            shell.feed(base64.b64decode(line.findtext("rsp:Arguments", "", NS)))
        return SHELL + "CommandResponse", "<rsp:CommandResponse><rsp:CommandId>%s</rsp:CommandId></rsp:CommandResponse>" % str(command_id).upper()

    def do_Send(self, request):
        shell = self.shell(request)
        for stream in request.body.findall("rsp:Send/rsp:Stream", NS):
            if stream.get("Name") not in ("stdin", "pr"):
                raise Fault(2150858817, "w:SchemaValidationError", "There is no such stream.")
            with shell.lock:
                if stream.get("CommandId") and uuid.UUID(stream.get("CommandId")) not in shell.commands:
                    raise unknown_command()
                self.stats["sent_" + stream.get("Name")] += 1
                shell.feed(base64.b64decode(stream.text or ""))
        return SHELL + "SendResponse", "<rsp:SendResponse/>"

    def do_Receive(self, request):
        shell = self.shell(request)
        wanted = request.body.find("rsp:Receive/rsp:DesiredStream", NS)
        command_id = uuid.UUID(wanted.get("CommandId")) if wanted.get("CommandId") else None
        limit = min(self.options.answer_bytes, (request.max_envelope - 4096) * 3 // 4)
        deadline = time.monotonic() + request.timeout
        with shell.changed:
            command = shell.commands.get(command_id)
            if command_id is not None and command is None:
                raise unknown_command()
            queue = shell.queues[command_id]
            while not queue and not (command and command.finished) and not shell.deleted:
                if not shell.changed.wait(max(0, deadline - time.monotonic())):
                    raise Fault(2150858793, "w:TimedOut", "The WS-Management service cannot complete the operation within the time specified in OperationTimeout.", sender=False)
            if shell.deleted:
                raise unknown_shell()
            parts, size = [], 0
            while queue and (not parts or size + len(queue[0]) <= limit):
                size += len(queue[0])
                parts.append(queue.popleft())
            done = command is not None and command.finished and not queue
        attribute = ' CommandId="%s"' % str(command_id).upper() if command_id else ""
        content = ["<rsp:ReceiveResponse>"]
        content += ['<rsp:Stream Name="stdout"%s>%s</rsp:Stream>' % (attribute, base64.b64encode(p).decode()) for p in parts]
        if done:
            content.append('<rsp:CommandState%s State="%sDone"><rsp:ExitCode>0</rsp:ExitCode></rsp:CommandState>' % (attribute, STATE))
        elif command is not None:
            content.append('<rsp:CommandState%s State="%sRunning"/>' % (attribute, STATE))
        content.append("</rsp:ReceiveResponse>")
        return SHELL + "ReceiveResponse", "".join(content)

    def do_Signal(self, request):
        shell = self.shell(request)
        signal = request.body.find("rsp:Signal", NS)
        command_id = uuid.UUID(signal.get("CommandId"))
        code = signal.findtext("rsp:Code", "", NS)
        with shell.lock:
            command = shell.commands.get(command_id)
            if command is None:
                raise unknown_command()
            shell.stop(command)
            if code == "powershell/signal/crtl_c":
                self.stats["stop"] += 1
            else:  # Windows: anything else closes the pipeline
                self.stats["terminate"] += 1
                shell.commands.pop(command_id)
                shell.pool.pipeline_table.pop(command_id, None)
            shell.changed.notify_all()
        return SHELL + "SignalResponse", "<rsp:SignalResponse/>"

    def do_Delete(self, request):
        shell = self.shell(request)
        with shell.lock:
            shell.deleted = True
            for command in list(shell.commands.values()):
                shell.stop(command)
            shell.changed.notify_all()
        with self.lock:
            self.shells.pop(shell.id, None)
        return TRANSFER + "DeleteResponse", ""


def envelope(request, action, content):
    names = "".join(' xmlns:%s="%s"' % (k, v) for k, v in NS.items() if k not in ("f", "ps"))
    return (
        '<s:Envelope xml:lang="en-US"%s><s:Header><a:Action>%s</a:Action><a:MessageID>uuid:%s</a:MessageID>'
        "<a:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:To><a:RelatesTo>%s</a:RelatesTo>"
        "</s:Header><s:Body>%s</s:Body></s:Envelope>"
    ).__mod__((names, action, str(uuid.uuid4()).upper(), request.message_id, content)).encode()


def fault_envelope(request, fault):
    content = (
        "<s:Fault><s:Code><s:Value>s:%s</s:Value><s:Subcode><s:Value>%s</s:Value></s:Subcode></s:Code>"
        '<s:Reason><s:Text xml:lang="en-US">%s</s:Text></s:Reason>'
        '<s:Detail><f:WSManFault xmlns:f="%s" Code="%d" Machine="interop"><f:Message>%s</f:Message></f:WSManFault></s:Detail></s:Fault>'
    ) % ("Sender" if fault.sender else "Receiver", fault.subcode, escape(fault.text), NS["f"], fault.code, escape(fault.text))
    return envelope(request, "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault", content)


