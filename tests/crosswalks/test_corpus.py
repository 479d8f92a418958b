"""Every real record of the corpus becomes a Record, or fails for a reason that is listed here.

Records compared with their sources by eye keep their values.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from crosswalks.crosswalk import Crosswalked
from crosswalks.definitions import crosswalk_for
from crosswalks.detect import format_of
from crosswalks.readers.xml import parse
from mappings.errors import RecordError, UnreadableRecord
from mappings.record import BoundingBox, Identifier, Period, RawRecord, Record, Variable, VerticalRange

EXPECTED_FAILURES = {
    "dscovr_fc1.xml": "has no usable title",  # has no identification at all
    "test-iso-collection.xml": "has no usable title",  # an empty title, to test just that
    "editlib-stackoverflow-findlongestmatch.xml": "has no usable title",  # a fragment
    "descriptiveKeywordsUpdateFixedInfo.xml": "has no usable title",  # a fragment
    "main_charstring.xml": "has no usable title",  # a fragment
    "2013_county.ea.iso.xml": "an ISO 19110 feature catalogue",
    "iso19110_datamodel.xml": "an ISO 19110 feature catalogue",
    "iso19110~doc~tpl.xml": "an ISO 19110 feature catalogue",
}
"""Ends of file names of real records that no Record can be made of, and why."""

Row = dict[str, str]
THREDDS = (
    "http://www.unidata.ucar.edu/namespaces/thredds/InvCatalog/v1.0",
    "http://www.unidata.ucar.edu/thredds",
)
CSW = ("http://www.opengis.net/cat/csw/2.0.2", "http://www.opengis.net/cat/csw/3.0")


def rows(corpus: Path, *kinds: str) -> Iterator[tuple[Row, bytes]]:
    """Operational records and answers of running servers that are well-formed."""
    with (corpus / "MANIFEST.train.tsv").open(encoding="utf-8") as manifest:
        for row in csv.DictReader(manifest, delimiter="\t"):
            wanted = row["kind"] in kinds and row["quality"] in {"real", "server_output"}
            if wanted and row["well_formed"].startswith(("yes", "no(braces)")):
                yield row, (corpus / row["path"].removeprefix("train/")).read_bytes()


def attempt(found: Any, format: str, content: bytes, **more: Any) -> str | None:
    """None where a Record came of it, else the reason."""
    try:
        made = crosswalk_for(format).apply(RawRecord("native", format, content, **more))
    except RecordError as error:
        return f"{found}: {error}"
    assert made.record.title.text
    return None


def test_every_real_iso_record(corpus: Path) -> None:
    failures, tried = [], 0
    for row, content in rows(corpus, "iso19139", "iso19115-2"):
        tried += 1
        reason = next((why for end, why in EXPECTED_FAILURES.items() if row["path"].endswith(end)), None)
        try:
            failure = attempt(row["path"], format_of(content), content)
        except UnreadableRecord as error:
            failure = f"{row['path']}: {error}"
        if (failure is None) != (reason is None) or (failure and reason and reason not in failure):
            failures.append(failure or f"{row['path']}: expected {reason!r}, but a Record came of it")
    assert failures == []
    assert tried > 400


def test_every_csw_record(corpus: Path) -> None:
    failures, tried = [], 0
    names = [
        f"{{{namespace}}}{name}" for namespace in CSW for name in ("Record", "SummaryRecord", "BriefRecord")
    ]
    for row, content in rows(corpus, "csw202", "csw30"):
        for element in parse(content).iter(*names):
            tried += 1
            alone = etree.tostring(element, with_tail=False)
            assert format_of(alone) == "csw-record"
            failures.append(attempt(row["path"], "csw-record", alone))
    assert [failure for failure in failures if failure] == []
    assert tried > 200


def test_every_erddap_info_table(corpus: Path) -> None:
    tried = 0
    for row, content in rows(corpus, "erddap"):
        if row["path"].endswith(".json") and b'"Row Type"' in content[:500]:
            tried += 1
            assert format_of(content) == "erddap-info"
            assert attempt(row["path"], "erddap-info", content, location="http://h/griddap/x.html") is None
    assert tried >= 4


def test_every_das_with_its_dds(corpus: Path) -> None:
    failures, tried = [], 0
    for row, content in rows(corpus, "opendap"):
        if content.lstrip()[:10].lower() != b"attributes":
            continue
        tried += 1
        dds = corpus / row["path"].removeprefix("train/").replace(".das", ".dds")
        attachments = (("dds", dds.read_bytes()),) if dds.is_file() and dds.suffix != ".das" else ()
        failures.append(attempt(row["path"], "opendap", content, attachments=attachments))
    assert [failure for failure in failures if failure] == []
    assert tried > 60


def test_every_dataset_of_a_thredds_catalog(corpus: Path) -> None:
    failures, tried = [], 0
    for row, content in rows(corpus, "thredds"):
        if not row["root_element"].endswith("}catalog"):
            continue
        for element in parse(content).iter(*(f"{{{namespace}}}dataset" for namespace in THREDDS)):
            tried += 1
            failures.append(attempt(row["path"], "thredds", etree.tostring(element, with_tail=False)))
    assert [failure for failure in failures if failure] == []
    assert tried > 300


# Chosen records, compared with their sources by eye


def made_of(corpus: Path, pattern: str, location: str | None = None) -> Crosswalked:
    (file,) = corpus.glob(pattern)
    content = file.read_bytes()
    attachments: tuple[tuple[str, bytes], ...] = ()
    if file.suffix == ".das" and file.with_suffix(".dds").is_file():
        attachments = (("dds", file.with_suffix(".dds").read_bytes()),)
    format = format_of(content)
    return crosswalk_for(format).apply(
        RawRecord("native", format, content, location, attachments=attachments)
    )


def of(corpus: Path, pattern: str, location: str | None = None) -> Record:
    return made_of(corpus, pattern, location).record


def organisations(record: Record, scope: str = "resource") -> list[str | None]:
    return [party.organisation for party in record.contacts if party.scope == scope]


def test_erddap_hycom_grid(corpus: Path) -> None:
    record = of(corpus, "erddap/*hycom_gom310D~index.json", "https://h/erddap/griddap/hycom_gom310D.html")
    assert (
        record.title.text
        == "NRL HYCOM 1/25 deg model output, Gulf of Mexico, 10.04 Expt 31.0, 2009-2014, At Depths"
    )
    assert record.extent.boxes == (BoundingBox(-98.0, 18.09165, -76.40002, 31.96065),)
    assert record.extent.vertical == VerticalRange(0.0, 5500.0)
    assert record.extent.periods == (Period("2009-04-02T00:00:00Z", "2014-08-30T00:00:00Z"),)
    assert (record.feature_type, record.resolution.duration, record.access_level) == ("grid", "P1D", "open")
    assert len(record.variables) == 5
    assert record.variables[0] == Variable(
        "temperature",
        "sea_water_potential_temperature",
        "Sea Water Temperature",
        "degC",
        "float",
        ("time", "depth", "latitude", "longitude"),
    )
    assert "https://h/erddap/wms/hycom_gom310D/request?service=WMS&version=1.3.0&request=GetCapabilities" in [
        link.url for link in record.links
    ]
    assert (
        record.keyword_groups[0].keywords[4].label.text
        == "Earth Science > Oceans > Ocean Circulation > Ocean Currents"
    )


def test_erddap_calcofi_table(corpus: Path) -> None:
    record = of(corpus, "erddap/*erdCalCOFIlrvcntHBtoHI~index.json")
    assert record.extent.boxes == (BoundingBox(-179.822, 0.002, -77.228, 54.3),)
    assert record.extent.periods == (Period("1951-01-09T18:16:00Z", "2018-04-26T20:43:00Z"),)
    assert [(party.role, party.individual, party.organisation) for party in record.contacts] == [
        ("publisher", "Ed Weber", None),
        ("resourceProvider", None, "NOAA SWFSC"),
    ]
    assert (record.feature_type, record.projects) == ("point", ("CalCOFI",))
    assert "latitude" not in [variable.name for variable in record.variables]
    assert record.dates.published == "2016-05-24"


def test_erddap_oisst(corpus: Path) -> None:
    record = of(corpus, "erddap/*ncdcOisst21Agg_LonPM180~index.json")
    assert [variable.standard_name for variable in record.variables] == [
        "sea_surface_temperature", "surface_temperature_anomaly", None, "sea_ice_area_fraction",
    ]  # fmt: skip
    assert record.processing_level == "NOAA Level 4"
    assert record.resolution.degrees == 0.25
    assert len(record.platforms) == 5


def test_opendap_mbari_mooring(corpus: Path) -> None:
    record = of(corpus, "opendap/usgs__*baseline1~OS_M1_20081008_TS.nc.das")
    assert (
        record.title.text == "Hourly Gridded MBARI Mooring M1 Sea Water Temperature and Salinity Observations"
    )
    assert record.extent.boxes == (BoundingBox(-122.046, 36.764, -122.046, 36.764),)
    assert record.extent.vertical == VerticalRange(1.0, 300.0)
    assert record.extent.periods == (Period("2008-10-08T20:00:00Z", "2009-10-20T15:00:00Z"),)
    assert record.extent.places == ("Eastern Pacific Ocean",)
    assert {"PSAL", "TEMP"} <= {variable.name for variable in record.variables}


def test_opendap_waves_have_an_open_end(corpus: Path) -> None:
    record = of(corpus, "opendap/ChrisJohnNOAA*EDDTableFromSOSTests_L3400.das")
    assert record.extent.boxes == (BoundingBox(-177.75, -19.713, 179.0, 71.758),)
    assert record.extent.periods == (Period("2007-11-02T00:00:00Z", None),)
    assert record.feature_type == "timeSeries"


def test_thredds_dataset_with_metadata(corpus: Path) -> None:
    (file,) = corpus.glob("thredds/wdwatkins*thredds~cprep_catalog.xml")
    dataset = next(parse(file.read_bytes()).iter(f"{{{THREDDS[0]}}}dataset"))
    record = crosswalk_for("thredds").apply(RawRecord("n", "thredds", etree.tostring(dataset))).record
    assert record.title.text == "South Central Climate Projections Evaluation Project (C-PrEP)"
    assert record.extent.boxes == (BoundingBox(-108.95, 26.05, -90.05, 39.95),)
    assert record.extent.periods == (Period("1981-01-01", "2099-12-31"),)
    assert [keyword.label.text for keyword in record.keyword_groups[0].keywords] == [
        "climate", "downscaling", "climate projections", "climate change",
    ]  # fmt: skip


def test_csw_record_of_pycsw(corpus: Path) -> None:
    (file,) = corpus.glob("csw202/*apiso~expected~post_GetRecordById-full-dc.xml")
    element = next(parse(file.read_bytes()).iter(f"{{{CSW[0]}}}Record"))
    record = crosswalk_for("csw-record").apply(RawRecord("n", "csw-record", etree.tostring(element))).record
    assert (record.file_identifier, record.language) == ("NS06agg", "eng")
    assert record.extent.boxes == (BoundingBox(158.22, 6.96, 158.22, 6.96),)  # latitude first in the source
    assert record.topic_categories == ("climatologyMeteorologyAtmosphere",)
    assert "Ocean > Pacific Ocean > United States of America > Territories" in [
        keyword.label.text for keyword in record.keyword_groups[0].keywords
    ]
    assert record.graphics[0].url == "http://pacioos.org/metadata/browse/NS06agg.png"


def test_ncisos_record_of_a_pacioos_sensor(corpus: Path) -> None:
    record = of(corpus, "iso19115-2/*apiso~data~pacioos-NS06agg.xml")
    assert record.identifiers == (Identifier("NS06agg", "org.pacioos"),)
    assert record.variables[1] == Variable(
        "cond", "sea_water_electrical_conductivity", "Conductivity", "S m-1", "float"
    )
    assert record.extent.vertical == VerticalRange(1.0, 1.0)
    assert record.extent.periods == (Period("2010-05-07T00:00:00Z", "2014-03-17T23:56:00Z"),)
    assert (record.feature_type, record.access_level) == ("point", "open")
    assert organisations(record, "distribution") == ["Pacific Islands Ocean Observing System (PacIOOS)"]


def test_a_glos_buoy_with_data_and_service_identification(corpus: Path) -> None:
    record = of(corpus, "iso19115-2/ioos*glosbuoy_metadata~45013.xml")
    assert record.title.text == "UWM ATW20 45014, Atwater Park"
    assert record.extent.boxes == (BoundingBox(-87.85, 43.098, -87.85, 43.098),)
    assert record.extent.periods == (Period("2012-07-26T20:30:00Z", None),)
    assert record.extent.vertical == VerticalRange(0.0, 19.0)
    assert record.contacts[0].address == "229 Nickels Arcade, Ann Arbor, Michigan, 48104"
    assert len(record.keyword_groups[0].keywords) == 9
    assert [link.name for link in record.links] == ["SOS", "SOS", "SOS"]


def test_nceis_ghrsst_collection(corpus: Path) -> None:
    record = of(corpus, "iso19115-2/cires-ncei*GHRSST~1.xml")
    assert record.file_identifier == "gov.noaa.nodc:GHRSST-EUR-L4UHFnd-MED"
    assert (len(record.platforms), len(record.instruments)) == (7, 5)
    assert record.platforms[2].name == "AQUA > Earth Observing System, AQUA"
    assert all(platform.kind is None for platform in record.platforms)  # the source has essays there
    assert record.extent.periods == (Period("2005-01-30", "2008-01-14"),)
    assert record.resolution.metres == 2000.0
    assert (
        record.keyword_groups[2].keywords[0].uri
        == "http://www.nodc.noaa.gov/cgi-bin/OAS/prd/datatype/details/319"
    )


def test_nasas_collection_has_projects_and_no_placeholder_contact(corpus: Path) -> None:
    record = of(corpus, "iso19115-2/nasa__cmr-csw__vcr__C186802641-LAADS.xml")
    assert record.projects[0] == "EOSDIS > Earth Observing System Data Information System"
    assert record.extent.periods == (Period("2002-05-04T00:00:00Z", None),)
    assert record.type == "series"
    assert record.contacts == ()


def test_anchors_everywhere_in_a_bas_record(corpus: Path) -> None:
    record = of(corpus, "iso19115-2/*iso-19115-2~base-complex_v4-record.xml")
    assert (record.title.text, record.language, record.reference_systems) == (
        "Test Record",
        "eng",
        ("EPSG:4326",),
    )
    assert record.extent.places == ("ANTARCTICA",)
    assert record.extent.periods == (Period("2018", None),)
    assert record.contacts[1].individual == "Watson, Constance"
    assert record.quality[0].passed is True


def test_swiss_record_in_four_languages(corpus: Path) -> None:
    record = of(corpus, "iso19139/georchestra*core*multilingual-metadata.xml")
    assert record.title.text == "Hindernisbegrenzungsflächen-Kataster"
    assert record.title.in_language("fra") == "Cadastres des surfaces de limitation d’obstacles"
    assert record.title.in_language("ita") == "Catasto delle superfici di limitazione degli osta-coli"
    assert record.extent.boxes == (BoundingBox(5.956, 45.818, 10.491, 47.808),)
    assert record.extent.geometry is not None
    assert record.extent.geometry.startswith("POLYGON ((8.785 47.677, 8.796 47.675")


def test_emodnet_product_has_its_depth_the_right_way(corpus: Path) -> None:
    record = of(corpus, "iso19139/gher-uliege*chlorophyll_combined_6years.xml")
    assert record.extent.vertical == VerticalRange(0.0, 1000.0)  # -1000..0 above mean sea level in the source
    assert record.extent.boxes == (BoundingBox(-40.0, 24.0, 55.0, 67.0),)
    assert record.extent.periods == (Period("1983-01-01", "2016-12-31"),)
    assert (record.resolution.degrees, record.access_level) == (0.1, "open")
    assert organisations(record)[0] == "Institute of Marine Research - Norwegian Marine Data Centre (NMD)"


def test_pangaeas_codes_are_addresses(corpus: Path) -> None:
    record = of(corpus, "iso19139/NCEAS__metacat__test~pangaea.xml")
    assert record.identifiers[0] == Identifier("10.1594/PANGAEA.878263", "doi")
    assert [party.role for party in record.contacts] == ["pointOfContact", "author", "publisher"]
    assert (record.status, record.representations, record.constraints.licence) == (
        "completed",
        ("textTable",),
        "CC-BY",
    )


def test_seadatanets_coded_texts(corpus: Path) -> None:
    record = of(corpus, "iso19139/aodn__schema-plugins*CDI_ISO19139_full_example.xml")
    assert organisations(record)[0] == "Marine Information Service (MARIS)"
    assert record.instruments[0].name == "aerosol samplers"
    assert len(record.extent.boxes) == 3
    assert record.extent.geometry is not None
    assert record.extent.geometry.startswith("MULTILINESTRING ((-68.548849 73.889864")
