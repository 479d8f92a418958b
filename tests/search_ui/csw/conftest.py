"""A catalogue of some generated and some telling records, behind the CSW front, in process and over
loopback HTTP.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from crosswalks.writers import iso19115_2
from harvester.bench.generator import generate
from indexer.catalogue import Catalogue, Ingest
from indexer.engines import open_engine
from indexer.store import open_store
from mappings.record import (
    BoundingBox,
    Dates,
    Extent,
    Identifier,
    Keyword,
    KeywordGroup,
    LocalisedText,
    Period,
    Platform,
    RawRecord,
    Record,
)
from search_ui import csw

GENERATED = 60
TELLING = (
    Record(
        file_identifier="yellow-sea-ctd",
        title=LocalisedText("CTD casts in the Yellow Sea & <Bohai>"),
        abstract=LocalisedText("Profiles of sea temperature and salinity."),
        identifiers=(Identifier("10.1234/yellow", "doi"),),
        keyword_groups=(KeywordGroup((Keyword(LocalisedText("Oceans")),)),),
        platforms=(Platform("Research Vessel Test"),),
        extent=Extent(boxes=(BoundingBox(119, 32, 126, 41),), periods=(Period("2003", "2005-06"),)),
        dates=Dates(metadata="2006-01-01"),
    ),
    Record(
        file_identifier="a,b",  # an identifier with a comma
        title=LocalisedText("黄海海表温度日平均产品"),
        language="zho",
        abstract=LocalisedText("卫星海表温度"),
        extent=Extent(boxes=(BoundingBox(170, -10, -170, 10),), periods=(Period("2019", None),)),
        dates=Dates(metadata="2020-05-05"),
    ),
)
TOTAL = GENERATED + len(TELLING) + 1


@dataclass(frozen=True)
class Services:
    """What the front needs of ``search_ui.services.Services``."""

    catalogue: Catalogue
    base_url: str
    site_name: str = "A Catalogue & More"


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    folder: Path = tmp_path_factory.mktemp("csw")
    store = open_store(f"sqlite:///{folder / 'catalogue.db'}")
    filled = Catalogue(store, open_engine("memory:", folder))
    filled.ingest([ingest("one", record) for record in (*generate(GENERATED), *TELLING)])
    filled.ingest([ingest("two", TELLING[0])])  # the same record from another portal
    filled.drain()
    yield filled
    store.close()


def ingest(source: str, record: Record) -> Ingest:
    raw = RawRecord(record.file_identifier, "iso19115-2", record.file_identifier.encode())
    return Ingest.of(source, raw, record, iso19115_2.write(record))


def application(catalogue: Catalogue, base_url: str) -> Flask:
    app = Flask(__name__)
    app.register_blueprint(csw.blueprint(Services(catalogue, base_url)))
    return app


@pytest.fixture(scope="session")
def client(catalogue: Catalogue) -> FlaskClient:
    return application(catalogue, "http://catalogue.example.org").test_client()


@pytest.fixture(scope="session")
def address(catalogue: Catalogue) -> Iterator[str]:
    """The URL of a live CSW on loopback."""
    app = Flask(__name__)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    base_url = f"http://127.0.0.1:{server.server_port}"
    app.register_blueprint(csw.blueprint(Services(catalogue, base_url)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"{base_url}/csw"
    server.shutdown()
    thread.join()
    server.server_close()
