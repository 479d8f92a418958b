"""Connections that go only where they may: the host's name is resolved first, and the checked address is the one
connected to.

A name that resolves to a public address when checked and to a private one when used (DNS rebinding) gains nothing,
because it is resolved once per connection.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from weakref import WeakSet

from requests.adapters import HTTPAdapter
from urllib3 import PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from mappings.errors import EndpointError

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], list[str]]
"""Host name and port to addresses as text. Raises ``OSError`` (``socket.gaierror``) where there is none."""

_NAT64 = ip_network("64:ff9b::/96")


class UnreachableError(EndpointError):
    """No connection could be made; the client tries again before this ends the run."""


def resolve(host: str, port: int) -> list[str]:
    """The addresses the system's resolver gives, in its order, each once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether ``address`` is one of the open internet, looking through IPv6 forms that carry an IPv4 address."""
    found = ip_address(address.partition("%")[0])
    return all(part.is_global and not part.is_multicast for part in _carried(found))


def _carried(address: Address) -> Iterable[Address]:
    """The address that a packet ends up at: mapped, 6to4, Teredo and NAT64 forms carry an IPv4 address."""
    if isinstance(address, IPv4Address):
        return (address,)
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if address.teredo is not None:
        return address.teredo
    if address in _NAT64:
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    return (address,)


class GuardedAdapter(HTTPAdapter):
    """Sends requests over connections whose address was checked. ``shut`` ends those under way, from any thread."""

    def __init__(self, *, allow_private: bool, connect_timeout: float, resolver: Resolve = resolve) -> None:
        self._allow_private = allow_private
        self._connect_timeout = connect_timeout
        self._resolve = resolver
        self._connections: WeakSet[HTTPConnection] = WeakSet()
        super().__init__(pool_connections=4, pool_maxsize=1)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **_: Any) -> None:
        """Called by ``HTTPAdapter``: a pool manager whose connections are made by ``connect``."""
        adapter = self

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return adapter.connect(self)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return adapter.connect(self)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block)
        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}

    def connect(self, connection: HTTPConnection) -> socket.socket:
        """A socket to the first permitted address that takes it. TLS still checks the certificate against the name."""
        self._connections.add(connection)
        host, port = connection.host, connection.port or connection.default_port
        error: OSError | None = None
        for address in self.permitted(host, port):
            try:
                made = socket.create_connection((address, port), timeout=self._connect_timeout)
            except OSError as failed:
                error = failed
                continue
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return made
        reason = "nothing answered in time" if isinstance(error, TimeoutError) else error and error.strerror
        raise UnreachableError(
            f"No connection to {host} port {port} ({reason}): check that the server is up and that its "
            f"address is right."
        )

    def permitted(self, host: str, port: int) -> list[str]:
        """The addresses of ``host`` that may be connected to. Raises ``EndpointError`` where there is none."""
        try:
            addresses = self._resolve(host, port)
        except UnicodeError as error:
            raise EndpointError(f"{host!r} is not a host name: check the address.") from error
        except OSError as error:
            raise UnreachableError(
                f"The host name {host} could not be resolved ({error.strerror}): check its spelling and this "
                f"machine's DNS."
            ) from error
        allowed = [address for address in addresses if self._allow_private or is_public(address)]
        if not allowed:
            raise EndpointError(
                f"{host} is at the private address {', '.join(addresses)}, and no request was sent: "
                "if that is meant, give the source the option allow_private_addresses=true."
            )
        return allowed

    def shut(self) -> None:
        """Break every open connection, so that a thread waiting on one gets an error at once."""
        for connection in list(self._connections):
            open_socket = connection.sock
            if open_socket is not None:
                try:
                    open_socket.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # it was closed meanwhile
