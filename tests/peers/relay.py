"""A connection that breaks: a relay before a server on loopback, which can be told to cut what goes through it."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

PIECE = 4096
_METHODS = b"GET ", b"HEAD ", b"POST ", b"PUT ", b"DELETE "


@dataclass
class Relay:
    """A request whose first bytes contain ``cuts`` has its connection cut: in the middle of the request, or, where
    ``answered``, when the server begins to answer it. ``cut`` counts how often that was done.
    """

    url: str = ""
    cuts: bytes | None = None
    answered: bool = False
    cut: int = 0

    def breaks(self, request: bytes, *, answered: bool) -> bool:
        """Whether the connection is cut now, in a request that begins so."""
        return self.cuts is not None and self.cuts in request and self.answered == answered


@contextmanager
def relay(url: str) -> Iterator[Relay]:
    """Relay to the server at ``url``."""
    target = urlsplit(url)
    made = Relay()

    class Handler(socketserver.BaseRequestHandler):
        asked = b""

        def handle(self) -> None:
            with socket.create_connection((target.hostname, target.port)) as server, suppress(OSError):
                threading.Thread(target=self._answer, args=(server,), daemon=True).start()
                for piece in _pieces(self.request):
                    if piece.startswith(_METHODS):
                        self.asked = piece
                    if made.breaks(self.asked, answered=False):
                        server.sendall(piece[: len(piece) // 2])
                        self._cut(server)
                        break
                    server.sendall(piece)

        def _answer(self, server: socket.socket) -> None:
            with suppress(OSError):
                for piece in _pieces(server):
                    if made.breaks(self.asked, answered=True):
                        self._cut(server)
                        break
                    self.request.sendall(piece)

        def _cut(self, server: socket.socket) -> None:
            made.cut += 1
            for each in (self.request, server):
                each.shutdown(socket.SHUT_RDWR)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        made.url = f"http://127.0.0.1:{server.server_address[1]}"
        yield made
        server.shutdown()


def _pieces(connection: socket.socket) -> Iterator[bytes]:
    while piece := connection.recv(PIECE):
        yield piece
