"""A PowerShell remoting server that nobody here wrote the protocol of.

psrpcore's server half speaks PSRP, pyspnego checks NTLM and Kerberos, Python's
http.server carries it. Prints `url: ...` when it listens and serves until its
standard input ends, so it cannot outlive the test that started it.
"""

import argparse
import collections
import http.server
import json
import logging
import os
import ssl
import sys
import threading

import authentication
import wsman_shell


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # http.server writes headers and body apart
    wbufsize = -1
    options = None
    wsman = None
    notes = collections.Counter()

    def setup(self):
        super().setup()
        self.auth = self.options.make_auth()
        self.notes["connections"] += 1

    def log_message(self, *_):
        pass

    def do_GET(self):
        if self.path != "/stats":
            self.reply(404, "text/plain", b"not here")
            return
        stats = dict(self.wsman.counters(), **self.notes)
        self.reply(200, "application/json", json.dumps(stats).encode())

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            extra = self.auth.check(self.headers)
        except authentication.Refused as refused:
            self.notes["refused"] += 1
            self.reply(401, "text/html", b"<html>401 - Unauthorized</html>", [("WWW-Authenticate", c) for c in refused.challenges])
            return
        principal = getattr(self.auth, "principal", lambda: None)()
        if principal:
            self.notes["as " + principal] += 1
        content_type = self.headers.get("Content-Type", "")
        if self.auth.encrypts:
            if not body:
                # The client shows its token with an empty body before it seals anything.
                self.reply(200, "application/soap+xml;charset=UTF-8", b"", extra)
                return
            if "multipart/encrypted" not in content_type:
                self.notes["clear_requests"] += 1
                self.reply(500, "text/plain", b"this server takes sealed messages only", extra)
                return
            body = self.auth.open(content_type, body)
            self.notes["sealed_requests"] += 1
        status, answer = self.wsman.answer(body, self.path)
        content_type = "application/soap+xml;charset=UTF-8"
        if self.auth.encrypts and answer:
            content_type, answer = self.auth.seal(answer)
            more, answer = self.auth.compress(self.headers, answer)
            if more:
                self.notes["compressed_answers"] += 1
            extra = extra + more
        self.reply(status, content_type, answer, extra)

    def reply(self, status, content_type, body, headers=()):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()


class Listener(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--auth", choices=["basic", "ntlm", "kerberos", "negotiate"], default="basic")
    parser.add_argument("--header", default="Negotiate", help="scheme of the Authorization header: Negotiate or Kerberos")
    parser.add_argument("--user", default="admin@example.org")
    parser.add_argument("--password-env", default="", help="variable that holds the password of --user (Basic)")
    parser.add_argument("--hostname", default="localhost", help="host part of the service principal")
    parser.add_argument("--encrypt", action="store_true")
    parser.add_argument("--exchange", action="store_true", help="Exchange's boundary and IIS's compression")
    parser.add_argument("--cert", help="PEM file with certificate and key: https")
    parser.add_argument("--max-envelope", type=int, default=153600)
    parser.add_argument("--answer-bytes", type=int, default=98304)
    parser.add_argument("--fragment", type=int, default=32768, help="largest fragment in bytes, header included")
    parser.add_argument("--version", default="2.3", help="protocol version of PSRP that the server has")
    parser.add_argument("--log", help="psrpcore's debug log goes to this file")
    options = parser.parse_args()
    if options.log:
        logging.basicConfig(filename=options.log, level=logging.DEBUG)

    if options.auth == "basic":
        password = os.environ.get(options.password_env, "")
        options.make_auth = lambda: authentication.Basic(options.user, password)
    else:
        options.make_auth = lambda: authentication.Negotiated(options.auth, options.header, options.hostname, options.encrypt, options.exchange)

    Handler.options = options
    Handler.wsman = wsman_shell.Server(options)
    server = Listener(("127.0.0.1", 0), Handler)
    scheme = "http"
    if options.cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.cert)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme = "https"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("url: %s://localhost:%d/powershell/" % (scheme, server.server_port), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
