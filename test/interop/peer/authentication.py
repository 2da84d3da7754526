"""Sign-in from the server's side, one object for each TCP connection.

Basic by hand; NTLM and Kerberos by pyspnego, with the message encryption that
WinRM and Exchange use over http: multipart/encrypted, one sealed part. With the
Exchange flavour replies have the delimiter that Exchange writes, '-- Encrypted
Boundary' with a space, and are compressed by IIS when the client allows it.
"""

import base64
import gzip
import re
import struct

import spnego

BOUNDARY = "Encrypted Boundary"


class Refused(Exception):
    """401 with these WWW-Authenticate values."""

    def __init__(self, *challenges):
        super().__init__(*challenges)
        self.challenges = challenges


class Basic:
    """User name and password in every request."""

    encrypts = False

    def __init__(self, user, password):
        self.expected = "Basic " + base64.b64encode(("%s:%s" % (user, password)).encode()).decode()

    def check(self, headers):
        if headers.get("Authorization") != self.expected:
            raise Refused('Basic realm="interop"')
        return []


class Negotiated:
    """A security context that belongs to its connection."""

    def __init__(self, protocol, header, hostname, encrypts, exchange):
        self.protocol, self.header, self.hostname = protocol, header, hostname
        self.encrypts, self.exchange = encrypts, exchange
        self.context = None
        self.kind = "application/HTTP-%s-session-encrypted" % ("Kerberos" if header == "Kerberos" else "SPNEGO")

    def check(self, headers):
        """Returns headers for the answer, or raises Refused."""
        sent = headers.get("Authorization", "")
        scheme, _, token = sent.partition(" ")
        if token and scheme.lower() == self.header.lower():
            if self.context is None or self.context.complete:
                self.context = spnego.server(hostname=self.hostname, service="HTTP", protocol=self.protocol, options=spnego.NegotiateOptions.wrapping_winrm)
            try:
                answer = self.context.step(base64.b64decode(token))
            except spnego.exceptions.SpnegoError as error:
                self.context = None
                print("refused: %s" % str(error).replace("\n", " "), flush=True)
                raise Refused(self.header)
            reply = "%s %s" % (self.header, base64.b64encode(answer or b"").decode())
            if not self.context.complete:
                raise Refused(reply)
            return [("WWW-Authenticate", reply)] if answer else []
        if sent or self.context is None or not self.context.complete:
            raise Refused(self.header)
        return []

    def principal(self):
        return self.context.client_principal if self.context else None

    def open(self, content_type, body):
        """Unseals a request body."""
        if self.kind not in content_type:
            raise ValueError("content type %r is not %s" % (content_type, self.kind))
        boundary = re.search(r'boundary="([^"]+)"', content_type).group(1).encode()
        parts = body.split(b"--" + boundary)
        if parts[0] != b"" or len(parts) != 4 or parts[3] not in (b"--\r\n", b"--"):
            raise ValueError("multipart body has another shape: %r" % body[:300])
        length = int(re.search(rb"OriginalContent: type=application/soap\+xml;charset=UTF-8;Length=(\d+)", parts[1]).group(1))
        sealed = parts[2].split(b"Content-Type: application/octet-stream\r\n", 1)[1]
        size = struct.unpack("<i", sealed[:4])[0]
        clear = self.context.unwrap_winrm(sealed[4 : 4 + size], sealed[4 + size :])
        if len(clear) != length:
            raise ValueError("Length says %d, unsealed %d" % (length, len(clear)))
        return clear

    def seal(self, body):
        """Seals an answer: (content type, body)."""
        header, data, padding = self.context.wrap_winrm(body)
        delimiter = ("-- " if self.exchange else "--") + BOUNDARY
        head = "\r\n".join([
            delimiter, "\tContent-Type: %s" % self.kind,
            "\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=%d" % (len(body) + padding),
            delimiter, "\tContent-Type: application/octet-stream", "",
        ]).encode()
        sealed = head + struct.pack("<i", len(header)) + header + data + ("%s--\r\n" % delimiter).encode()
        return 'multipart/encrypted;protocol="%s";boundary="%s"' % (self.kind, BOUNDARY), sealed

    def compress(self, headers, body):
        """What IIS does to Exchange's replies: (extra headers, body)."""
        if self.exchange and "gzip" in headers.get("Accept-Encoding", ""):
            return [("Content-Encoding", "gzip")], gzip.compress(body)
        return [], body
