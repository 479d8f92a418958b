"""HTTPS through connections that were checked: the certificate still has to be the host's."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests

from harvester.addresses import GuardedAdapter
from harvester.http import HttpClient
from mappings.errors import EndpointError
from tests.conftest import unavailable
from tests.harvester.test_http import QUICK

HOST = "ocean.example"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format: str, *args: object) -> None:
        pass


class Quiet(ThreadingHTTPServer):
    """Its clients break off the handshake on purpose."""

    def handle_error(self, request: object, client_address: object) -> None:
        pass


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for ``HOST``, and its key in the same file, signed by itself."""
    openssl = shutil.which("openssl")
    if openssl is None:
        unavailable("there is no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    key, made = folder / "key.pem", folder / "made.pem"
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}"]
    command += ["-addext", f"subjectAltName=DNS:{HOST}", "-keyout", str(key), "-out", str(made)]
    subprocess.run(command, check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_bytes(made.read_bytes() + key.read_bytes())
    return both


@pytest.fixture
def port(certificate: Path) -> Iterator[int]:
    """Where a server with that certificate listens."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Quiet(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield int(server.server_address[1])
        server.shutdown()
        thread.join()


def adapter() -> GuardedAdapter:
    """Every name is on loopback."""
    return GuardedAdapter(allow_private=True, connect_timeout=5, resolver=lambda host, port: ["127.0.0.1"])


def get(host: str, port: int, trusted: Path) -> bytes:
    request = requests.Request("GET", f"https://{host}:{port}/").prepare()
    content: bytes = adapter().send(request, timeout=5, verify=str(trusted)).content
    return content


def test_the_checked_address_is_asked_for_the_name(port: int, certificate: Path) -> None:
    assert get(HOST, port, certificate) == b"ok"


def test_a_certificate_of_another_name_is_refused(port: int, certificate: Path) -> None:
    with pytest.raises(requests.exceptions.SSLError, match=r"other\.example"):
        get("other.example", port, certificate)


def test_a_certificate_that_nobody_vouches_for_ends_the_run_with_what_to_check(port: int) -> None:
    client = HttpClient(QUICK, resolver=lambda host, port: ["127.0.0.1"])
    with pytest.raises(EndpointError, match=r"no secure connection.*Check the server's certificate"):
        client.get(f"https://{HOST}:{port}/")
