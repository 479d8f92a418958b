"""The fast ways of writing records give what the plain ones give."""

from __future__ import annotations

import pytest
from lxml import etree

from crosswalks.writers import iso19115_2, iso19139
from harvester.bench.generator import generate
from search_ui.csw import records
from search_ui.csw.protocol import GMD, Output
from tests.search_ui.csw.conftest import TELLING

DOCUMENTS = [iso19115_2.write(record) for record in (*generate(30), *TELLING)]


def canonical(content: bytes) -> bytes:
    return bytes(etree.tostring(etree.fromstring(content), method="c14n"))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_gmd_by_bytes_is_gmd_by_projection(document: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = canonical(etree.tostring(iso19139.project(document)))
    monkeypatch.setattr(iso19139, "project", None)  # not needed for what our writer writes
    assert canonical(records.as_gmd(document)) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"</gmi:MI_Metadata>", b"</gmi:MI_Metadata >"),
        (b"<gmd:language>", b"<!-- <gmi:acquisitionInformation> --><gmd:language>"),
        (b"<gmd:language>", b"<?x <gmi:acquisitionInformation>?><gmd:language>"),
        (b"<gmd:fileIdentifier>", b"<gmd:fileIdentifier><!-- </gmi:acquisitionInformation> -->"),
    ],
)
def test_other_documents_are_parsed(old: bytes, new: bytes) -> None:
    document = DOCUMENTS[0]
    assert document.count(old) == 1
    changed = document.replace(old, new)
    assert canonical(records.as_gmd(changed)) == canonical(etree.tostring(iso19139.project(changed)))
    assert b"fileIdentifier" in records.iso_document(changed, Output(GMD, "brief"))
