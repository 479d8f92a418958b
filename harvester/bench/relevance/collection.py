"""The records that questions are judged over: those of the demo, and real ones of other catalogues.

The real ones are read from the corpus, a folder beside the project whose files may not be copied into it: its
``MANIFEST.train.tsv`` lists them. Files that hold several records (answers of CSW servers, THREDDS catalogs) are
taken apart into a scratch folder, which a source of type ``folder`` harvests like any other. Records keep their ids
as long as the corpus and this module stay as they are.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from crosswalks.detect import format_of
from crosswalks.readers.xml import parse
from harvester.demo import start as start_demo
from harvester.pipeline import RunReport, run
from harvester.source import SourceConfig
from harvester.sources.invcatalog import Dataset, read_catalog
from indexer.workspace import Workspace
from mappings.errors import ConfigurationError, UnreadableRecord

SOURCE = "corpus"
MANIFEST = "MANIFEST.train.tsv"
PER_CATALOG = 6
"""Datasets of one THREDDS catalog: more would be the same file of other days."""

_KINDS = frozenset({"iso19139", "iso19115-2", "csw202", "csw30", "thredds", "opendap", "erddap", "other"})
_QUALITIES = frozenset({"real", "server_output", "example", "reconstructed"})
_CSW = ("http://www.opengis.net/cat/csw/2.0.2", "http://www.opengis.net/cat/csw/3.0")
_WITHIN = (
    "{http://www.isotc211.org/2005/gmi}MI_Metadata",
    "{http://www.isotc211.org/2005/gmd}MD_Metadata",
    *(f"{{{namespace}}}Record" for namespace in _CSW),
    *(f"{{{namespace}}}SummaryRecord" for namespace in _CSW),
)
_IDENTIFIERS = (
    "{http://www.isotc211.org/2005/gmd}fileIdentifier",
    "{http://purl.org/dc/elements/1.1/}identifier",
)
_URL = re.compile(r"\burl=(https?://[^\s;]+)")
_Piece = tuple[str, bytes, str | None]
"""Suffix, content and identifier of a record."""


def load(workspace: Workspace, corpus: Path | None, scratch: Path) -> tuple[RunReport, ...]:
    """Harvest the demo and, where it is given, the corpus. ``scratch`` is a folder for the pieces of the corpus.

    Raises ``ConfigurationError`` for a folder that is no corpus.
    """
    with start_demo() as demo:
        reports = [run(source, workspace.catalogue, workspace.stewardship) for source in demo.endpoints]
    if corpus is not None:
        take_apart(corpus, scratch)
        source = SourceConfig(SOURCE, "folder", str(scratch))
        reports.append(run(source, workspace.catalogue, workspace.stewardship))
    return tuple(reports)


def take_apart(corpus: Path, folder: Path) -> int:
    """Write each record of the corpus that there is a crosswalk for into a file of its own, but not the same one twice.

    Gives their number.
    """
    seen: set[bytes | str] = set()
    written = 0
    for row in _rows(corpus):
        path = row["path"].removeprefix("train/")
        for number, (suffix, content, identifier) in enumerate(_pieces(corpus / path, row)):
            if seen & {content, identifier}:
                continue
            seen |= {content, identifier or content}
            written += 1
            target = folder / row["kind"] / f"{Path(path).stem}~{number:03d}{suffix}"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            dds = (corpus / path).with_suffix(".dds")
            if suffix == ".das" and dds.is_file():
                target.with_suffix(".dds").write_bytes(dds.read_bytes())
    return written


def _rows(corpus: Path) -> Iterator[dict[str, str]]:
    manifest = corpus / MANIFEST
    if not manifest.is_file():
        raise ConfigurationError(f"{corpus} is not the corpus: there is no {MANIFEST} in it")
    with manifest.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["kind"] in _KINDS and row["quality"] in _QUALITIES:
                yield row


def _pieces(path: Path, row: dict[str, str]) -> Iterator[_Piece]:
    """Each record in a file; none of one that holds no record."""
    content = path.read_bytes()
    try:
        if row["kind"] == "thredds":
            yield from _datasets(content, path, row)
        elif content.lstrip(b"\xef\xbb\xbf \r\n")[:1] == b"<":
            yield from _documents(content)
        else:
            yield {"opendap": ".das", "erddap-info": ".json"}[format_of(content)], content, None
    except (UnreadableRecord, KeyError):
        return


def _documents(content: bytes) -> Iterator[_Piece]:
    """The outermost records of an XML document."""
    root = parse(content)
    for element in root.iter(*_WITHIN):
        if not any(above.tag in _WITHIN for above in element.iterancestors()):
            content = etree.tostring(element, encoding="UTF-8", xml_declaration=True, with_tail=False)
            yield ".xml", content, _identifier(element)


def _identifier(element: Any) -> str | None:
    named = next(element.iterchildren(*_IDENTIFIERS), None)
    return None if named is None else "".join(named.itertext()).strip() or None


def _datasets(content: bytes, path: Path, row: dict[str, str]) -> Iterator[_Piece]:
    """The first datasets of a THREDDS catalog, as harvesting it from its address would give them."""
    told = _URL.search(row["note"])
    address = told[1] if told else f"https://data.example.org/thredds/{path.stem}/catalog.xml"
    found = [item for item in read_catalog(content, address) if isinstance(item, Dataset)]
    for dataset in found[:PER_CATALOG]:
        yield ".xml", dataset.document, None
