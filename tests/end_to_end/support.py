"""A whole Halocline in a folder: harvest into it, ask it, and ask it over HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from lxml import etree
from owslib.csw import CatalogueServiceWeb
from owslib.fes import And as FesAnd
from owslib.fes import BBox, PropertyIsEqualTo, PropertyIsLike
from werkzeug.serving import make_server

from crosswalks.validate import problems
from harvester.demo.endpoints import OPTIONS
from harvester.pipeline import RunReport, run
from harvester.source import SourceConfig
from indexer.catalogue import StoredRecord
from indexer.query import And, Condition, During, Query, Spatial, Terms, Text
from indexer.workspace import Workspace
from search_ui.application import create_app
from search_ui.services import Services

DRIVER = Path("xsd/drivers/iso19115-2_ngdc.xsd")
GMI = "http://www.isotc211.org/2005/gmi"
FILE_IDENTIFIER = f"{{{GMI}}}MI_Metadata/{{*}}fileIdentifier/{{*}}CharacterString"
_WORD = re.compile(r"[^\W\d_\u3400-\u9fff]{2,}|[\u3400-\u9fff]+")


def loopback(name: str, kind: str, url: str, options: Mapping[str, str] = OPTIONS) -> SourceConfig:
    """A source on loopback."""
    return SourceConfig(name, kind, url, options=options)


def harvest(workspace: Workspace, config: SourceConfig) -> RunReport:
    """One run, and its outbox drained."""
    report = run(config, workspace.catalogue, workspace.stewardship)
    workspace.catalogue.drain()
    return report


def stored(workspace: Workspace, source: str) -> list[StoredRecord]:
    """Everything that is stored of a source."""
    return [workspace.catalogue.get(listed.id) for listed in workspace.catalogue.listing(source)]


def assert_valid(workspace: Workspace, records: Iterable[StoredRecord], corpus: Path) -> None:
    """Every stored ISO document is valid after the schema of ISO 19115-2."""
    for record in records:
        found = problems(workspace.catalogue.document(record.id), corpus / DRIVER)
        assert found == (), (record.id, found)


def assert_found(workspace: Workspace, records: Iterable[StoredRecord]) -> None:
    """Each record is found by a word of its title, by each of its boxes and by each of its periods."""
    for stored_record in records:
        record = stored_record.record
        conditions: list[Condition] = [Text(title_word(stored_record))]
        conditions += [Spatial("intersects", box) for box in record.extent.boxes]
        conditions += [During(period.start, period.end) for period in record.extent.periods]
        for condition in conditions:
            where = And((condition, Terms("identifier", (record.file_identifier,))))
            page = workspace.catalogue.search(Query(where))
            assert stored_record.id in {hit.id for hit in page.hits}, (stored_record.id, condition)


def title_word(stored_record: StoredRecord) -> str:
    """The longest word of the title, or a run of Han characters of it."""
    title = stored_record.record.title.text
    return max(_WORD.findall(title), key=len, default=title)


@contextmanager
def served(workspace: Workspace) -> Iterator[str]:
    """The web application on a free port of loopback; yields its address."""
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    root = f"http://127.0.0.1:{server.server_port}"
    services = Services(
        catalogue=workspace.catalogue,
        stewardship=workspace.stewardship,
        base_url=root,
        secret_key="a key for tests",
    )
    server.app = create_app(services)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield root
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def assert_found_through_csw(root: str, records: Iterable[StoredRecord]) -> None:
    """OWSLib finds each record in ``/csw`` by a word of its title within its box, and gets it by its id."""
    client = CatalogueServiceWeb(f"{root}/csw")
    for stored_record in records:
        record = stored_record.record
        identifier = record.file_identifier
        parts = [
            PropertyIsEqualTo("dc:identifier", identifier),
            PropertyIsLike("csw:AnyText", f"%{title_word(stored_record)}%"),
        ]
        parts += [BBox([box.west, box.south, box.east, box.north]) for box in record.extent.boxes[:1]]
        client.getrecords2(constraints=[FesAnd(parts)], esn="full", maxrecords=5)
        assert client.exceptionreport is None, client.response
        assert identifier in client.records, (identifier, client.response)
        client.getrecordbyid([stored_record.id], outputschema=GMI)
        document = etree.fromstring(client.response)
        assert document.findtext(FILE_IDENTIFIER) == identifier, client.response
