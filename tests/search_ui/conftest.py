"""The portal on the demo's records: harvested over HTTP once, searched by the plain engine."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from crosswalks.writers import iso19115_2
from harvester import demo
from harvester.pipeline import run
from indexer.stored import Ingest
from indexer.workspace import Workspace
from mappings.record import Link, LocalisedText, RawRecord, Record
from search_ui.application import create_app
from search_ui.services import Services

ODD_IDS = ("a/b:c", "黄海 1号", "ends.xml", "https://example.org/x?y=1#z", "..", "100%")
HOSTILE = "<script>alert('x')</script>"


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The demo's records, records with odd ids, and one that attacks its readers."""
    opened = Workspace(tmp_path_factory.mktemp("portal"), search_url="memory:")
    with demo.start() as endpoints:
        for source in endpoints.endpoints:
            run(source, opened.catalogue, opened.stewardship)
    odd = [Record(odd_id, LocalisedText(f"Odd id {odd_id}"), access_level="open") for odd_id in ODD_IDS]
    attacker = Record(
        "attacker",
        LocalisedText(f"Quokka {HOSTILE}"),
        abstract=LocalisedText(HOSTILE),
        links=(Link("javascript:alert(1)", name="click me"), Link("https://example.org/fine", name="fine")),
    )
    batch = [
        Ingest.of("tests", RawRecord(one.file_identifier, "iso19115-2", b"x"), one, iso19115_2.write(one))
        for one in (*odd, attacker)
    ]
    opened.catalogue.ingest(batch)
    opened.catalogue.drain()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def application(workspace: Workspace) -> Flask:
    return create_app(
        Services(workspace.catalogue, workspace.stewardship, "http://localhost", "not a secret")
    )


@pytest.fixture
def client(application: Flask) -> FlaskClient:
    return application.test_client()


@pytest.fixture(scope="session")
def site(application: Flask) -> Iterator[str]:
    """The address of the portal, served on loopback."""
    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def restricted(workspace: Workspace) -> str:
    """The id of a record whose data must be asked for, and that has variables."""
    listed = (workspace.catalogue.get(line.id) for line in workspace.catalogue.listing())
    return next(one.id for one in listed if one.record.access_level == "restricted" and one.record.variables)
