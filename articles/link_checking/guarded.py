"""Requests to other sites that reach public addresses only, wherever a redirect or a name leads.

A source's address is typed by staff or comes from a file, and its owner may redirect it. Without a
guard either could make this machine ask its own services, or those of its network (OWASP: SSRF). A
name is looked up once, and the connection goes to the very address that was checked: a second look
could find another.
"""

import http.client
import ipaddress
import socket
import ssl
import urllib.request
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from typing import Any

TIMEOUT = 10  # seconds for each step of a request
REDIRECTS = 5


class NotPublic(OSError):
    """The address leads into a private network."""


def is_public(address: str) -> bool:
    """Tell whether an IP address belongs to the public internet."""
    known = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(known, "ipv4_mapped", None) or getattr(known, "sixtofour", None)
    return all(one.is_global and not one.is_multicast for one in (known, inner) if one)


def connect(host: str, port: int) -> socket.socket:
    """Return a connection to `host`. Raises NotPublic, or OSError when there is none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if not all(is_public(str(address[0])) for *_family, address in found):
        raise NotPublic("It leads into a private network.")
    failed = OSError("It has no address.")
    for family, kind, protocol, _name, address in found:
        connection = socket.socket(family, kind, protocol)
        try:
            connection.settimeout(TIMEOUT)
            connection.connect(address)
        except OSError as error:
            connection.close()
            failed = error
        else:
            return connection
    raise failed


class GuardedConnection(HTTPConnection):
    def connect(self) -> None:
        self.sock = connect(self.host, self.port)


class GuardedSecureConnection(HTTPSConnection):
    def connect(self) -> None:
        context = ssl.create_default_context()
        self.sock = context.wrap_socket(connect(self.host, self.port), server_hostname=self.host)


class GuardedHandler(urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> HTTPResponse:
        return self.do_open(GuardedConnection, req)


class GuardedSecureHandler(urllib.request.HTTPSHandler):
    def https_open(self, req: urllib.request.Request) -> HTTPResponse:
        return self.do_open(GuardedSecureConnection, req)


class Redirects(urllib.request.HTTPRedirectHandler):
    """Follows as the method asked, and not without end."""

    max_redirections = REDIRECTS
    max_repeats = 2

    def redirect_request(self, req: urllib.request.Request, *answer: Any) -> Any:
        following = super().redirect_request(req, *answer)
        if following:
            following.method = req.get_method()
        return following


def opener() -> urllib.request.OpenerDirector:
    """Return what opens http and https and nothing else: no files, no proxies, no cookies."""
    made = urllib.request.OpenerDirector()
    for handler in (
        GuardedHandler(),
        GuardedSecureHandler(),
        Redirects(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
    ):
        made.add_handler(handler)
    return made


# What a server can do wrong, beside what urllib calls an error.
TROUBLE = (OSError, http.client.HTTPException, ValueError)
