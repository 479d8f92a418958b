"""Small definitions and raw records for the tests of this folder."""

from __future__ import annotations

from pathlib import Path

from crosswalks.crosswalk import Crosswalk, Crosswalked
from crosswalks.definitions import crosswalk_for
from crosswalks.loading import load_definition
from mappings.record import RawRecord, Record

HEAD = "name: test\nversion: 3\nformat: test\nreader: {reader}\n"
TITLE = "  - {field: file_identifier, paths: $native_id}\n  - {field: title, constant: T}\n"


def definition(folder: Path, rules: str, reader: str = "json", head: str = "") -> Crosswalk:
    """A crosswalk from YAML rules (indented by two), which need not care for identifier and title."""
    file = folder / "test.yaml"
    file.write_text(HEAD.format(reader=reader) + head + "rules:\n" + TITLE + rules, encoding="utf-8")
    return load_definition(file)


def applied(crosswalk: Crosswalk, content: str | bytes, trace: bool = False) -> Crosswalked:
    """What the crosswalk makes of ``content``."""
    raw = RawRecord(
        "id-1", crosswalk.format, content if isinstance(content, bytes) else content.encode(), "http://h/x"
    )
    return crosswalk.apply(raw, trace)


def read(
    format: str,
    content: str | bytes,
    location: str | None = None,
    attachments: tuple[tuple[str, bytes], ...] = (),
) -> Crosswalked:
    """What the definition for ``format`` makes of ``content``."""
    body = content if isinstance(content, bytes) else content.encode()
    return crosswalk_for(format).apply(RawRecord("id-1", format, body, location, attachments=attachments))


def record_of(
    format: str,
    content: str | bytes,
    location: str | None = None,
    attachments: tuple[tuple[str, bytes], ...] = (),
) -> Record:
    """The record alone."""
    return read(format, content, location, attachments).record


_NAMESPACES = (
    'xmlns:gmd="http://www.isotc211.org/2005/gmd" xmlns:gco="http://www.isotc211.org/2005/gco" '
    'xmlns:gmi="http://www.isotc211.org/2005/gmi" xmlns:gmx="http://www.isotc211.org/2005/gmx" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:gml="{gml}"'
)


def iso(
    identification: str = "",
    rest: str = "",
    root: str = "gmd:MD_Metadata",
    gml: str = "http://www.opengis.net/gml/3.2",
) -> str:
    """An ISO 19139 document with a title, and what the test is about in its identification or beside it."""
    namespaces = _NAMESPACES.format(gml=gml)
    return (
        f"<{root} {namespaces}><gmd:fileIdentifier><gco:CharacterString>f-1</gco:CharacterString></gmd:fileIdentifier>"
        "<gmd:identificationInfo><gmd:MD_DataIdentification><gmd:citation><gmd:CI_Citation><gmd:title>"
        "<gco:CharacterString>A title</gco:CharacterString></gmd:title></gmd:CI_Citation></gmd:citation>"
        f"{identification}</gmd:MD_DataIdentification></gmd:identificationInfo>{rest}</{root}>"
    )


def das(attributes: str, variables: str = "") -> str:
    """A DAS with global attributes and further containers."""
    return f"Attributes {{\n NC_GLOBAL {{\n{attributes}\n }}\n{variables}\n}}\n"
