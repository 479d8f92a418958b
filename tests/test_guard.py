"""The tests' own guard: they reach loopback addresses and no others."""

from __future__ import annotations

import socket

import pytest
from pytest_socket import SocketConnectBlockedError


@pytest.mark.filterwarnings("ignore:A test tried to use:UserWarning")  # said before it refuses
@pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.1", "203.0.113.7"])
def test_other_addresses_are_refused_before_anything_is_sent(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The addresses are for documentation or private; were the guard gone, the stand-in below would be called."""
    from pytest_socket import _true_connect

    tried: list[object] = []
    assert socket.socket.connect is not _true_connect, "the guard is not in place"
    monkeypatch.setattr("pytest_socket._true_connect", lambda _self, to: tried.append(to))
    with socket.socket() as probe, pytest.raises(SocketConnectBlockedError):
        probe.connect((address, 9))
    assert tried == []


def test_loopback_is_reached() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        accepted, _ = server.accept()
        with accepted:
            client.sendall(b"x")
            assert accepted.recv(1) == b"x"
