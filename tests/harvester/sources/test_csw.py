"""CSW: negotiation, schemas, and paging through servers that count wrongly, repeat themselves, or print broken XML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from lxml import etree

from harvester.source import Expected, Failure, SourceConfig
from harvester.sources.csw_protocol import CSW, CSW3, GMD, GMI, exception_text, with_query
from mappings.errors import EndpointError
from mappings.record import RawRecord
from tests.contracts.source import HttpSourceContract, open_quickly
from tests.harvester.servers import Asked, Handle, Loopback, Send, answer, serving

OWS = {"2.0.2": "http://www.opengis.net/ows", "3.0.0": "http://www.opengis.net/ows/2.0"}
NAMESPACE = {"2.0.2": CSW, "3.0.0": CSW3}


def gmd(identifier: str | None, root: str = "gmd:MD_Metadata") -> str:
    name = f"<gmd:fileIdentifier><gco:CharacterString>{identifier}</gco:CharacterString></gmd:fileIdentifier>"
    return (
        f'<{root} xmlns:gmd="{GMD}" xmlns:gmi="{GMI}" xmlns:gco="http://www.isotc211.org/2005/gco">'
        f"{name if identifier else ''}<gmd:dateStamp><gco:Date>2020-01-02</gco:Date></gmd:dateStamp></{root}>"
    )


def gmi(identifier: str) -> str:
    return gmd(identifier, "gmi:MI_Metadata")


def dublin(identifier: str, namespace: str = CSW) -> str:
    return (
        f'<c:Record xmlns:c="{namespace}" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:identifier>{identifier}</dc:identifier></c:Record>"
    )


def report(text: str, code: str = "NoApplicableCode", locator: str = "x", ows: str = OWS["2.0.2"]) -> bytes:
    return (
        f'<o:ExceptionReport xmlns:o="{ows}"><o:Exception exceptionCode="{code}" locator="{locator}">'
        f"<o:ExceptionText>{text}</o:ExceptionText></o:Exception></o:ExceptionReport>"
    ).encode()


@dataclass
class Csw:
    """A server with ``records`` (XML, perhaps broken). Its lies are switched on by the fields."""

    records: Sequence[str]
    version: str = "2.0.2"
    schemas: Sequence[str] = (CSW, GMD)
    most: int = 10
    matched: int | None = None  # lie about the total
    tells_matched: bool = True
    following: str | None = None  # nextRecord as always told
    ignores_position: bool = False
    refuses: Sequence[str] = ()  # schemas that it advertises and refuses
    post: str = "Post"
    host: str | None = None  # advertised instead of the real one
    asked: list[dict[str, str]] = field(default_factory=list)

    def __call__(self, asked: Asked, send: Send) -> None:
        values = {name.lower(): value for name, value in parse_qsl(asked.query)}
        if asked.method == "POST":
            root = etree.fromstring(asked.body)
            values = {str(name).lower(): str(value) for name, value in root.attrib.items()}
            values["request"] = etree.QName(root).localname
            values["typenames"] = str(root[0].get("typeNames"))
        values["method"] = asked.method
        self.asked.append(values)
        if values["request"] == "GetCapabilities":
            send(answer(self.capabilities(values, "http://" + asked.headers["host"]), "application/xml"))
        elif values["outputschema"] in self.refuses:
            send(answer(report("no such schema"), "application/xml", "400 Bad Request"))
        else:
            send(answer(self.page(values), "application/xml"))

    def capabilities(self, values: dict[str, str], root: str) -> bytes:
        if values["version"] != self.version:
            return report("I do not speak that", "VersionNegotiationFailed", "", OWS[self.version])
        values_xml = "".join(f"<o:Value>{schema}</o:Value>" for schema in self.schemas)
        if self.version != "2.0.2":
            values_xml = f"<o:AllowedValues>{values_xml}</o:AllowedValues>"
        url = (self.host or root) + "/csw"
        return (
            f'<c:Capabilities xmlns:c="{NAMESPACE[self.version]}" xmlns:o="{OWS[self.version]}" '
            f'xmlns:x="http://www.w3.org/1999/xlink" version="{self.version}">'
            '<o:OperationsMetadata><o:Operation name="GetRecords"><o:DCP><o:HTTP>'
            f'<o:Get x:href="{url}"/><o:{self.post} x:href="{url}"/></o:HTTP></o:DCP>'
            f'<o:Parameter name="outputSchema">{values_xml}</o:Parameter></o:Operation>'
            "</o:OperationsMetadata></c:Capabilities>"
        ).encode()

    def page(self, values: dict[str, str]) -> bytes:
        start = 1 if self.ignores_position else int(values["startposition"])
        found = self.records[start - 1 : start - 1 + min(int(values["maxrecords"]), self.most)]
        total = len(self.records) if self.matched is None else self.matched
        after = start + len(found)
        told = self.following or ("0" if after > total else str(after))
        matched = f'numberOfRecordsMatched="{total}"' if self.tells_matched else ""
        return (
            f'<c:GetRecordsResponse xmlns:c="{NAMESPACE[self.version]}"><c:SearchStatus/>'
            f'<c:SearchResults {matched} numberOfRecordsReturned="7" nextRecord="{told}">{"".join(found)}'
            "</c:SearchResults></c:GetRecordsResponse>"
        ).encode()


def harvested(server: Handle, **options: str) -> list[object]:
    with serving(server) as site:
        config = SourceConfig("test", "csw", site.root + "/csw", options=options)
        return list(open_quickly(config).records())


def ids(items: list[object]) -> list[str]:
    return [item.native_id for item in items if isinstance(item, RawRecord)]


MANY = [gmd(f"r{number}") for number in range(1, 26)]
NAMES = [f"r{number}" for number in range(1, 26)]
BROKEN = "<gmd:MD_Metadata><gmd:fileIdentifier>broken</gmd:fileIdentifier> a & b </gmd:MD_Metadata>"


class TestContract(HttpSourceContract):
    type = "csw"
    path = "/csw"
    options = {"page_size": "2"}  # noqa: RUF012
    good = frozenset({"a", "b", "c", "d", "e"})
    broken = frozenset({"broken"})

    def endpoint(self, tmp_path: Path) -> AbstractContextManager[Loopback]:
        return serving(Csw([gmd("a"), gmi("b"), BROKEN, dublin("c"), gmd("d"), gmd("e")]))


def test_all_pages_are_read() -> None:
    items = harvested(Csw(MANY))
    assert items[0] == Expected(25)
    assert ids(items) == NAMES
    assert items[-1] == Expected(25)


@pytest.mark.parametrize("version", ["2.0.2", "3.0.0"])
@pytest.mark.parametrize("post", ["Post", "NoPost"])
def test_both_versions_by_post_and_by_kvp(version: str, post: str) -> None:
    server = Csw(MANY, version=version, post=post)
    assert ids(harvested(server)) == NAMES
    pages = [asked for asked in server.asked if asked["request"] == "GetRecords"]
    assert {asked["method"] for asked in pages} == {"POST" if post == "Post" else "GET"}
    assert {asked["version"] for asked in pages} == {version}
    assert {asked["outputschema"] for asked in pages} == {GMD}
    assert {asked["typenames"] for asked in pages} == {"csw:Record" if version == "2.0.2" else "csw30:Record"}


def test_a_version_may_be_chosen() -> None:
    with pytest.raises(EndpointError, match="VersionNegotiationFailed: I do not speak that"):
        harvested(Csw(MANY), version="3.0.0")


@pytest.mark.parametrize(
    ("schemas", "options", "expected"),
    [
        ((CSW, GMD, GMI), {}, GMI),
        ((GMD, CSW), {}, GMD),
        ((CSW, "http://www.opengis.net/cat/csw/csdgm"), {}, CSW),
        ((CSW, GMD, GMI), {"output_schema": "gmd"}, GMD),
        ((CSW, GMD, GMI), {"output_schema": "csw"}, CSW),
        ((), {"output_schema": "gmi"}, GMI),
    ],
)
def test_the_best_schema_on_offer_is_asked_for(
    schemas: Sequence[str], options: dict[str, str], expected: str
) -> None:
    server = Csw(MANY, schemas=schemas)
    harvested(server, **options)
    assert {asked.get("outputschema") for asked in server.asked[1:]} == {expected}


def test_a_schema_that_is_advertised_and_refused_is_given_up_for_the_next() -> None:
    server = Csw(MANY, schemas=(CSW, GMD, GMI), refuses=(GMI,))
    assert ids(harvested(server)) == NAMES
    assert [asked.get("outputschema") for asked in server.asked[1:4]] == [GMI, GMD, GMD]


def test_records_are_taken_for_what_they_are() -> None:
    """pycsw 2.6 answers with gmi records when gmd was asked for."""
    items = harvested(Csw([gmi("a"), gmd("b"), dublin("c"), dublin("d", CSW3), "<x/>"]))
    assert [item.format for item in items if isinstance(item, RawRecord)] == [
        "iso19115-2",
        "iso19139",
        "csw-record",
        "csw-record",
    ]
    (failure,) = (item for item in items if isinstance(item, Failure))
    assert "which there is no crosswalk for" in failure.reason


def test_a_record_is_a_document_of_its_own_with_its_date_and_address() -> None:
    (record,) = (item for item in harvested(Csw([gmd("a/b c")])) if isinstance(item, RawRecord))
    root = etree.fromstring(record.content)
    assert root.tag == f"{{{GMD}}}MD_Metadata"
    assert record.content.startswith(b"<?xml")
    assert record.modified == "2020-01-02"
    assert record.location is not None
    assert record.location.endswith("&id=a%2Fb+c")
    assert "request=GetRecordById" in record.location


def test_records_without_identifier_are_known_by_their_bytes() -> None:
    once, again = (ids(harvested(Csw([gmd(None), gmd("x")]))) for _ in "12")
    assert once == again
    assert re.fullmatch(r"unidentified-[0-9a-f]{16}", once[0])


@pytest.mark.parametrize(
    "lie",
    [
        {"following": "0"},
        {"following": "1"},
        {"following": "5"},
        {"following": "9999"},
        {"following": "-3"},
        {"following": "soon"},
        {"tells_matched": False},
        {"most": 1},
        {"most": 1000},
    ],
)
def test_a_server_that_cannot_count_is_read_to_its_end(lie: dict[str, object]) -> None:
    items = harvested(Csw(MANY, **lie))  # type: ignore[arg-type]
    assert ids(items) == NAMES
    assert not [item for item in items if isinstance(item, Failure)]


def test_a_server_that_repeats_its_first_page_is_left() -> None:
    server = Csw(MANY, ignores_position=True)
    items = harvested(server)
    assert ids(items) == NAMES[:10]
    (failure,) = (item for item in items if isinstance(item, Failure))
    assert failure.listing
    assert "repeats records" in failure.reason
    assert len(server.asked) == 3


def test_a_server_that_counts_more_than_it_sends() -> None:
    items = harvested(Csw(MANY, matched=40))
    assert ids(items) == NAMES
    (failure,) = (item for item in items if isinstance(item, Failure))
    assert failure.listing
    assert "counts 40 records but sent none from position 26" in failure.reason


def test_an_empty_catalogue() -> None:
    assert harvested(Csw([])) == [Expected(0), Expected(0)]


def test_duplicates_come_once_and_are_not_expected() -> None:
    items = harvested(Csw([gmd("a"), gmd("b"), gmd("a")]))
    assert ids(items) == ["a", "b"]
    assert items[-1] == Expected(2)


@pytest.mark.parametrize("position", [0, 7, 24])
def test_a_broken_record_spoils_nothing_but_itself(position: int) -> None:
    records = list(MANY)
    records[position] = BROKEN
    server = Csw(records)
    items = harvested(server)
    assert ids(items) == NAMES[:position] + NAMES[position + 1 :]
    (failure,) = (item for item in items if isinstance(item, Failure))
    assert failure.native_id == "broken"
    assert b"a & b" in failure.content
    assert not failure.listing
    assert len(server.asked) < 25


def test_a_broken_record_without_a_name_makes_the_listing_incomplete() -> None:
    (failure,) = (
        item for item in harvested(Csw([gmd("a"), "<x> & </x>", gmd("b")])) if isinstance(item, Failure)
    )
    assert (failure.native_id, failure.listing) == ("record 2", True)


def test_a_server_whose_every_page_is_broken_is_given_up() -> None:
    with pytest.raises(EndpointError, match="not well-formed"):
        harvested(Csw([BROKEN] * 25))


@pytest.mark.parametrize("status", ["200 OK", "400 Bad Request", "500 Internal Server Error"])
def test_an_exception_ends_the_run_with_its_text(status: str) -> None:
    with serving(lambda asked, send: send(answer(report("db is away"), "application/xml", status))) as site:
        config = SourceConfig("test", "csw", site.root + "/csw")
        with pytest.raises(EndpointError, match="NoApplicableCode at x: db is away"):
            list(open_quickly(config).records())
        assert len(site.asked) == 2  # one for each version


def test_another_service_is_told_from_a_csw() -> None:
    page = b'<WMS_Capabilities xmlns="http://www.opengis.net/wms"/>'
    with pytest.raises(EndpointError, match="not with the capabilities of a CSW"):
        harvested(lambda asked, send: send(answer(page)))


def test_an_inner_name_that_the_server_advertises_is_not_asked() -> None:
    assert ids(harvested(Csw(MANY, host="http://geonetwork.internal.example:8080"))) == NAMES


def test_parameters_of_the_address_stay() -> None:
    url = with_query("http://h/ows?map=/a/b.map&SERVICE=WMS&request=x#y", {"service": "CSW", "id": "ä b"})
    assert url == "http://h/ows?map=%2Fa%2Fb.map&service=CSW&id=%C3%A4+b"


def test_every_recorded_exception_report_has_a_text(corpus: Path) -> None:
    reports = 0
    for path in sorted([*(corpus / "csw202").iterdir(), *(corpus / "csw30").iterdir()]):
        if b"ExceptionReport" in path.read_bytes()[:3000] and "expected" in path.name:
            root = etree.parse(path).getroot()
            if etree.QName(root).localname == "ExceptionReport":
                reports += 1
                assert len(exception_text(root)) > 10, path.name
    assert reports > 20


def test_recorded_pages_of_pycsw(corpus: Path) -> None:
    """The CITE records as pycsw sent them, behind a server that sends the same page for ever."""
    folder = corpus / "csw202"
    prefix = "geopython__pycsw__tests~functionaltests~suites~default~expected~"
    capabilities = (folder / f"{prefix}get_GetCapabilities.xml").read_bytes()
    page = (folder / f"{prefix}post_GetRecords-all.xml").read_bytes()

    def server(asked: Asked, send: Send) -> None:
        send(answer(capabilities if "GetCapabilities" in asked.query else page, "application/xml"))

    items = harvested(server)
    found = ids(items)
    assert 5 <= len(found) == len(set(found))
    assert all(item.format == "csw-record" for item in items if isinstance(item, RawRecord))
    assert next(item for item in items if isinstance(item, Failure)).listing
