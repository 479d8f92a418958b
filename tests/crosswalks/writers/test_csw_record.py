"""csw:Record as a client sees it: OWSLib reads what we wrote."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree
from owslib.catalogue.csw2 import CswRecord

from crosswalks.writers import csw_record
from crosswalks.writers.csw_record import DC, DCT, OWS
from mappings.record import (
    Association,
    BoundingBox,
    Constraints,
    Dates,
    Extent,
    Format,
    Identifier,
    Keyword,
    KeywordGroup,
    Link,
    LocalisedText,
    Period,
    Record,
    ResponsibleParty,
    Translation,
    Variable,
)

RECORD = Record(
    "ysh-2019",
    LocalisedText("Yellow Sea sections", (Translation("zho", "黄海断面"),)),
    language="eng",
    parent_identifier="ysh",
    identifiers=(Identifier("10.1234/ysh", "doi"),),
    abstract=LocalisedText("CTD casts", (Translation("zho", "温盐深剖面"),)),
    topic_categories=("oceans",),
    keyword_groups=(KeywordGroup((Keyword(LocalisedText("salinity")), Keyword(LocalisedText("oceans")))),),
    variables=(Variable("TEMP", "sea_water_temperature"), Variable("flag")),
    extent=Extent(
        boxes=(BoundingBox(119.5, 31, 127, 39), BoundingBox(170, -10, -160, 10)),
        periods=(Period("2019-04", None),),
        places=("Yellow Sea",),
    ),
    contacts=(
        ResponsibleParty("author", "Li Ming", "Institute of Oceanology"),
        ResponsibleParty("publisher", organisation="Data Centre"),
        ResponsibleParty("pointOfContact", position="Data manager"),
        ResponsibleParty("pointOfContact", organisation="Who wrote the metadata", scope="metadata"),
    ),
    dates=Dates(created="2019-05", published="2019-06-01", revised="2019-07", metadata="2020-01-02"),
    constraints=Constraints(limitations=("Cite it",), licence="https://creativecommons.org/licenses/by/4.0/"),
    access_level="restricted",
    links=(Link("https://example.org/dap", "OPeNDAP"), Link("https://example.org/map", "ESRI REST: Map")),
    formats=(Format("NetCDF", "4"),),
    associations=(Association("crossReference", title="An atlas"),),
)


def _texts(element: etree._Element, tag: str) -> list[str | None]:
    return [found.text for found in element.iter(tag)]


def test_owslib_reads_the_full_record() -> None:
    read = CswRecord(csw_record.full(RECORD))
    assert (read.identifier, read.title, read.type) == ("ysh-2019", "Yellow Sea sections", "dataset")
    assert [entry["identifier"] for entry in read.identifiers] == ["ysh-2019", "10.1234/ysh"]
    assert read.alternative == "黄海断面"
    assert read.abstract == "CTD casts"
    assert read.subjects == ["salinity", "oceans", "sea_water_temperature"]
    assert (read.modified, read.created, read.issued) == ("2020-01-02", "2019-05", "2019-06-01")
    assert (read.creator, read.publisher) == ("Institute of Oceanology", "Data Centre")
    assert (read.format, read.language, read.relation) == ("NetCDF", "eng", "ysh")
    assert (read.spatial, read.temporal) == ("Yellow Sea", "2019-04/..")
    assert (read.accessrights, read.rights) == ("restricted access", ["Cite it"])
    assert read.license == "https://creativecommons.org/licenses/by/4.0/"


def test_contributors_are_named_by_what_is_known_of_them_and_metadata_contacts_left_out() -> None:
    assert _texts(csw_record.full(RECORD), DC + "contributor") == ["Data manager"]


def test_links_have_their_protocol_as_scheme_made_a_uri_where_it_is_none() -> None:
    read = CswRecord(csw_record.full(RECORD))
    assert read.references == [
        {"scheme": "OPeNDAP", "url": "https://example.org/dap"},
        {"scheme": "ESRI%20REST%3A%20Map", "url": "https://example.org/map"},
    ]


def test_owslib_reads_a_box_west_to_east() -> None:
    box = CswRecord(csw_record.brief(RECORD)).bbox
    assert [float(bound) for bound in (box.minx, box.miny, box.maxx, box.maxy)] == [119.5, 31, 127, 39]


def test_a_box_across_the_antimeridian_keeps_its_west_greater_than_its_east() -> None:
    across = Record("x", LocalisedText("t"), extent=Extent(boxes=(BoundingBox(170, -10, -160, 10),)))
    box = CswRecord(csw_record.brief(across)).bbox
    assert [float(bound) for bound in (box.minx, box.miny, box.maxx, box.maxy)] == [170, -10, -160, 10]


@pytest.mark.parametrize("size", [csw_record.brief, csw_record.summary, csw_record.full])
def test_every_box_is_written_latitude_first(size: Callable[[Record], Any]) -> None:
    assert _texts(size(RECORD), OWS + "LowerCorner") == ["31.0 119.5", "-10.0 170.0"]
    assert _texts(size(RECORD), OWS + "UpperCorner") == ["39.0 127.0", "10.0 -160.0"]


def test_a_brief_record_is_what_a_list_needs_and_no_more() -> None:
    tags = [etree.QName(child).localname for child in csw_record.brief(RECORD)]
    assert tags == ["identifier", "title", "type", "BoundingBox", "BoundingBox"]


def test_a_summary_has_subjects_dates_and_abstracts() -> None:
    summary = csw_record.summary(RECORD)
    assert _texts(summary, DCT + "abstract") == ["CTD casts", "温盐深剖面"]
    assert _texts(summary, DCT + "modified") == ["2020-01-02"]
    assert _texts(summary, DC + "relation") == ["ysh", "An atlas"]
    assert _texts(summary, DCT + "references") == []


@pytest.mark.parametrize(
    ("dates", "modified"),
    [
        (Dates(), []),
        (Dates(created="2001"), ["2001"]),
        (Dates(created="2001", published="2002"), ["2002"]),
        (Dates(created="2001", published="2002", revised="2003"), ["2003"]),
    ],
)
def test_a_record_without_a_metadata_date_was_modified_when_its_data_were(
    dates: Dates, modified: list[str]
) -> None:
    element = csw_record.full(Record("x", LocalisedText("t"), dates=dates))
    assert _texts(element, DCT + "modified") == modified
