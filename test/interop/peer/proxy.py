#!/usr/bin/env python3
"""A proxy that opens tunnels and signs its users in, for tests.

pyspnego checks NTLM (users by NTLM_USER_FILE); Basic is compared by hand. Every
tunnel leads to --to, whatever is asked for. Prints its port, then a line for
each tunnel that it opens; ends with standard input.
"""

import argparse
import base64
import select
import socket
import socketserver
import sys
import threading

import spnego


class Proxy(socketserver.StreamRequestHandler):
    def handle(self):
        context = None
        while True:
            request, authorization = self.head()
            if not request:
                return
            scheme, _, token = authorization.partition(" ")
            if scheme.lower() != self.server.scheme.lower():
                if not self.refuse(self.server.scheme):
                    return
                continue
            if scheme.lower() == "basic":
                if base64.b64decode(token).decode() != self.server.user:
                    self.refuse(self.server.scheme)
                    return
                return self.tunnel(request)
            try:
                context = context or spnego.server(protocol="ntlm")
                answer = context.step(base64.b64decode(token))
            except spnego.exceptions.SpnegoError:
                self.refuse(self.server.scheme)
                return
            if context.complete:
                return self.tunnel(request)
            self.refuse(self.server.scheme + " " + base64.b64encode(answer).decode())

    def head(self):
        request, authorization = self.rfile.readline().decode().strip(), ""
        while request:
            line = self.rfile.readline().decode().strip()
            if not line:
                break
            name, _, value = line.partition(":")
            if name.lower() == "proxy-authorization":
                authorization = value.strip()
        return request, authorization

    def refuse(self, offer):
        """Says 407; with --closes the first one ends the connection."""
        ends = self.server.closes and " " not in offer
        self.wfile.write(
            (
                "HTTP/1.1 407 Sign in\r\nProxy-Authenticate: %s\r\nContent-Length: 5\r\n%s\r\nsorry"
                % (offer, "Connection: close\r\n" if ends else "")
            ).encode()
        )
        return not ends

    def tunnel(self, request):
        print(request, flush=True)
        host, _, port = self.server.to.rpartition(":")
        with socket.create_connection((host, int(port))) as out:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            ends = {self.connection: out, out: self.connection}
            while True:
                for ready in select.select(list(ends), [], [])[0]:
                    data = ready.recv(65536)
                    if not data:
                        return
                    ends[ready].sendall(data)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--to", required=True)
    parser.add_argument("--scheme", required=True)
    parser.add_argument("--user", default="")
    parser.add_argument("--closes", action="store_true")
    options = parser.parse_args()
    with Server(("127.0.0.1", 0), Proxy) as server:
        server.to, server.scheme, server.user, server.closes = options.to, options.scheme, options.user, options.closes
        print(server.server_address[1], flush=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sys.stdin.read()


if __name__ == "__main__":
    main()
