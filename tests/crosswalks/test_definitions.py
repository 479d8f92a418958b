"""What the six definitions make of small documents written for the purpose."""

from __future__ import annotations

import json

import pytest

from crosswalks.builders import build_record
from crosswalks.writers.iso19115_2 import STANDARD
from mappings.record import (
    Association,
    BoundingBox,
    Format,
    Identifier,
    Instrument,
    Link,
    LocalisedText,
    Period,
    Platform,
    Record,
    ResponsibleParty,
    Thesaurus,
    Translation,
    Variable,
    VerticalRange,
)
from tests.crosswalks.support import das, iso, read, record_of


def text(value: str) -> str:
    return f"<gco:CharacterString>{value}</gco:CharacterString>"


def code(name: str, value: str) -> str:
    return f'<gmd:{name} codeListValue="{value}"/>'


def extent(inside: str) -> str:
    return f"<gmd:extent><gmd:EX_Extent>{inside}</gmd:EX_Extent></gmd:extent>"


# ISO 19139 and 19115-2


@pytest.mark.parametrize("gml", ["http://www.opengis.net/gml", "http://www.opengis.net/gml/3.2"])
def test_iso_extents_in_both_versions_of_gml(gml: str) -> None:
    box = "".join(
        f"<gmd:{name}><gco:Decimal>{value}</gco:Decimal></gmd:{name}>"
        for name, value in (
            ("westBoundLongitude", 170),
            ("eastBoundLongitude", -170),
            ("southBoundLatitude", -5),
            ("northBoundLatitude", 5),
        )
    )
    period = (
        "<gml:TimePeriod><gml:beginPosition>2001</gml:beginPosition>"
        '<gml:endPosition indeterminatePosition="now"/></gml:TimePeriod>'
    )
    instant = "<gml:TimeInstant><gml:timePosition>1999-01-02</gml:timePosition></gml:TimeInstant>"
    times = "".join(
        (
            f"<gmd:temporalElement><gmd:EX_TemporalExtent><gmd:extent>"
            f"{time}</gmd:extent></gmd:EX_TemporalExtent></gmd:temporalElement>"
        )
        for time in (period, instant)
    )
    vertical = (
        "<gmd:verticalElement><gmd:EX_VerticalExtent><gmd:minimumValue><gco:Real>-300</gco:Real></gmd:minimumValue>"
        "<gmd:maximumValue><gco:Real>0</gco:Real></gmd:maximumValue>"
        '<gmd:verticalCRS xlink:href="urn:ogc:def:crs:EPSG::5714"/></gmd:EX_VerticalExtent></gmd:verticalElement>'
    )
    places = (
        "<gmd:geographicElement><gmd:EX_GeographicDescription><gmd:geographicIdentifier><gmd:MD_Identifier>"
        "<gmd:code><gmx:Anchor>东海</gmx:Anchor></gmd:code></gmd:MD_Identifier></gmd:geographicIdentifier>"
        "</gmd:EX_GeographicDescription></gmd:geographicElement>"
    )
    polygon = (
        "<gmd:geographicElement><gmd:EX_BoundingPolygon><gmd:polygon><gml:Polygon><gml:exterior><gml:LinearRing>"
        "<gml:posList>171 2 173 2 173 4 171 2</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gmd:polygon>"
        "</gmd:EX_BoundingPolygon></gmd:geographicElement>"
    )
    boxes = (
        f"<gmd:geographicElement><gmd:EX_GeographicBoundingBox>"
        f"{box}</gmd:EX_GeographicBoundingBox></gmd:geographicElement>"
    )
    found = record_of("iso19139", iso(extent(boxes + polygon + places + times + vertical), gml=gml)).extent
    assert found.boxes == (BoundingBox(170, -5, -170, 5),)
    assert found.periods == (Period("2001", None), Period("1999-01-02", "1999-01-02"))
    assert found.vertical == VerticalRange(0, 300)
    assert found.places == ("东海",)
    assert found.geometry == "POLYGON ((171 2, 173 2, 173 4, 171 2))"


def test_a_geometry_away_from_the_box_becomes_one_more_box() -> None:
    values = {
        "file_identifier": "x",
        "title": LocalisedText("x"),
        "extent.boxes": (BoundingBox(170, -5, -170, 5),),
        "extent.geometry": "POLYGON ((1 2, 3 2, 3 4, 1 2))",
    }
    said: list[str] = []
    record = build_record(values, said.append)
    assert record.extent.boxes == (BoundingBox(170, -5, -170, 5), BoundingBox(1, 2, 3, 4))
    assert record.extent.geometry is None
    assert len(said) == 1


def test_excluded_boxes_are_no_extent() -> None:
    box = (
        "<gmd:geographicElement><gmd:EX_GeographicBoundingBox><gmd:extentTypeCode><gco:Boolean>false</gco:Boolean>"
        "</gmd:extentTypeCode><gmd:westBoundLongitude><gco:Decimal>1</gco:Decimal></gmd:westBoundLongitude>"
        "</gmd:EX_GeographicBoundingBox></gmd:geographicElement>"
    )
    made = read("iso19139", iso(extent(box)))
    assert (made.record.extent.boxes, made.findings) == ((), ())


def band(name: str, descriptor: str, units: str = "") -> str:
    return (
        f"<gmd:dimension><gmd:MD_Band><gmd:sequenceIdentifier><gco:MemberName><gco:aName>{text(name)}</gco:aName>"
        f"<gco:attributeType><gco:TypeName><gco:aName>{text('float')}</gco:aName></gco:TypeName></gco:attributeType>"
        f"</gco:MemberName></gmd:sequenceIdentifier><gmd:descriptor>"
        f"{descriptor}</gmd:descriptor>{units}</gmd:MD_Band></gmd:dimension>"
    )


def test_variables_of_ncisos_bands_and_of_anchored_descriptors() -> None:
    bands = (
        band("temp", text("Water temperature (sea_water_temperature)"), '<gmd:units xlink:href="http://x/u#S%20m-1"/>')
        + band(
            "psal",
            ('<gmx:Anchor xlink:href="http://mmisw.org/ont/cf/parameter/sea_water_salinity">'
'Salinity (mean)</gmx:Anchor>'),
            '<gmd:units><gml:UnitDefinition><gml:identifier codeSpace="UDUNITS">1e-3</gml:identifier>'
            "</gml:UnitDefinition></gmd:units>",
        )
        + band("qc", ('<gmx:Anchor xlink:href="http://mmisw.org/ont/cf/parameter/quality_flag">'
'quality_flag</gmx:Anchor>'))
        + ("<gmd:dimension><gmd:MD_Band>"
"<gmd:descriptor>") + text("Only described") + ("</gmd:descriptor></gmd:MD_Band>"
"</gmd:dimension>")
    )  # fmt: skip
    content = (
        f"<gmd:contentInfo><gmi:MI_CoverageDescription>{bands}</gmi:MI_CoverageDescription></gmd:contentInfo>"
    )
    assert record_of("iso19115-2", iso(rest=content, root="gmi:MI_Metadata")).variables == (
        Variable("temp", "sea_water_temperature", "Water temperature", "S m-1", "float"),
        Variable("psal", "sea_water_salinity", "Salinity (mean)", "1e-3", "float"),
        Variable("qc", "quality_flag", None, None, "float"),
        Variable("Only described", None, "Only described"),
    )


def keywords(words: str, kind: str = "", thesaurus: str = "") -> str:
    cited = (
        f"<gmd:thesaurusName><gmd:CI_Citation><gmd:title>"
        f"{thesaurus}</gmd:title></gmd:CI_Citation></gmd:thesaurusName>"
    )
    return (
        "<gmd:descriptiveKeywords><gmd:MD_Keywords>"
        + "".join(f"<gmd:keyword>{word}</gmd:keyword>" for word in words.split("|"))
        + (f"<gmd:type>{code('MD_KeywordTypeCode', kind)}</gmd:type>" if kind else "")
        + (cited if thesaurus else "")
        + "</gmd:MD_Keywords></gmd:descriptiveKeywords>"
    )


KEYWORDS = (
    keywords(
        text("Oceans, marine") + "|" + '<gmx:Anchor xlink:href="u:1">Salt</gmx:Anchor>', "theme", text("GCMD")
    )
    + keywords(text("ARGO"), "project")
    + keywords(text("WOCE"), "project", text("GCMD Projects"))
    + keywords(text("Float 1"), "platform", '<gmx:Anchor xlink:href="v:1">Platforms</gmx:Anchor>')
    + keywords(text("profile"), "theme", text("CF discrete sampling geometries"))
    + keywords(text("hydrography"), "theme", text("Topic categories"))
)


def test_keyword_groups_and_what_is_said_by_them() -> None:
    record = record_of("iso19115-2", iso(KEYWORDS, root="gmi:MI_Metadata"))
    assert [(group.type, group.keywords[0].label.text) for group in record.keyword_groups] == [
        ("theme", "Oceans, marine"), ("project", "WOCE"), ("platform", "Float 1"),
    ]  # fmt: skip
    assert record.keyword_groups[0].keywords[1].uri == "u:1"
    assert record.keyword_groups[2].thesaurus == Thesaurus("Platforms", "v:1")
    assert (record.projects, record.feature_type, record.topic_categories) == (
        ("ARGO", "WOCE"),
        "profile",
        ("hydrography",),
    )


@pytest.mark.parametrize("root", ["gmd:MD_Metadata", "gmi:MI_Metadata"])
def test_without_acquisition_information_typed_keywords_name_platforms_and_projects(root: str) -> None:
    record = record_of("iso19139" if root == "gmd:MD_Metadata" else "iso19115-2", iso(KEYWORDS, root=root))
    assert (record.platforms, record.projects) == ((Platform("Float 1"),), ("ARGO", "WOCE"))


def test_in_a_document_of_halocline_itself_keywords_are_only_keywords() -> None:
    name = f"<gmd:metadataStandardName>{text(STANDARD)}</gmd:metadataStandardName>"
    record = record_of("iso19115-2", iso(KEYWORDS, name, root="gmi:MI_Metadata"))
    assert (record.platforms, record.projects) == ((), ("ARGO",))


def test_acquisition_information() -> None:
    def identifier(value: str) -> str:
        return (
            f"<gmi:identifier><gmd:MD_Identifier><gmd:code>"
            f"{text(value)}</gmd:code></gmd:MD_Identifier></gmi:identifier>"
        )

    citation = (
        f"<gmi:citation><gmd:CI_Citation><gmd:title>"
        f"{text('R/V Lanzhi 1')}</gmd:title></gmd:CI_Citation></gmi:citation>"
    )
    essay = f"<gmi:description>{text('A satellite. ' * 20)}</gmi:description>"
    rest = (
        "<gmi:acquisitionInformation><gmi:MI_AcquisitionInformation>"
        f"<gmi:instrument><gmi:MI_Instrument>{identifier('Rosette')}<gmi:type>"
        f"{code('x', 'sensor')}</gmi:type></gmi:MI_Instrument></gmi:instrument>"
        f"<gmi:platform><gmi:MI_Platform>{citation}{identifier('LZ1')}<gmi:description>{text('ship')}</gmi:description>"
        f"<gmi:instrument><gmi:MI_Instrument>{identifier('CTD 9')}</gmi:MI_Instrument>"
        f"</gmi:instrument></gmi:MI_Platform></gmi:platform>"
        f"<gmi:platform><gmi:MI_Platform>{identifier('AQUA')}{essay}</gmi:MI_Platform></gmi:platform>"
        "</gmi:MI_AcquisitionInformation></gmi:acquisitionInformation>"
    )
    record = record_of("iso19115-2", iso(rest=rest, root="gmi:MI_Metadata"))
    assert record.platforms == (
        Platform("R/V Lanzhi 1", "LZ1", "ship", (Instrument("CTD 9"),)),
        Platform("AQUA"),
    )
    assert record.instruments == (Instrument("Rosette", None, "sensor"),)


def constraints(inside: str) -> str:
    return (
        f"<gmd:resourceConstraints><gmd:MD_LegalConstraints>"
        f"{inside}</gmd:MD_LegalConstraints></gmd:resourceConstraints>"
    )


@pytest.mark.parametrize(
    ("inside", "level", "licence"),
    [
        ((f"<gmd:accessConstraints>"
f"{code('MD_RestrictionCode', 'restricted')}</gmd:accessConstraints>"), "restricted", None),
        (
            f"<gmd:accessConstraints>{code('MD_RestrictionCode', 'otherRestrictions')}</gmd:accessConstraints>"
            '<gmd:otherConstraints><gmx:Anchor xlink:href="http://inspire/LimitationsOnPublicAccess/noLimitations">'
            "no limitations to public access</gmx:Anchor></gmd:otherConstraints>",
            "open",
            None,
        ),
        (f"<gmd:useLimitation>{text('Licensed under CC BY 4.0')}</gmd:useLimitation>", "open", "CC BY 4.0"),
        (
            ('<gmd:otherConstraints><gmx:Anchor xlink:href="http://h/licence">'
'http://h/licence</gmx:Anchor></gmd:otherConstraints>'),
            None,
            "http://h/licence",
        ),
        (f"<gmd:useLimitation>{text('Please cite.')}</gmd:useLimitation>", None, None),
    ],
)  # fmt: skip
def test_access_levels_and_licences(inside: str, level: str | None, licence: str | None) -> None:
    record = record_of("iso19139", iso(constraints(inside)))
    assert (record.access_level, record.constraints.licence) == (level, licence)


def test_a_classification_outweighs_texts() -> None:
    security = (
        "<gmd:resourceConstraints><gmd:MD_SecurityConstraints><gmd:classification>"
        f"{code('MD_ClassificationCode', 'confidential')}</gmd:classification>"
        f"</gmd:MD_SecurityConstraints></gmd:resourceConstraints>"
    )
    legal = constraints(f"<gmd:otherConstraints>{text('open access')}</gmd:otherConstraints>")
    assert record_of("iso19139", iso(legal + security)).access_level == "closed"


def test_contacts_of_all_three_scopes() -> None:
    def party(name: str, inside: str = "") -> str:
        role = f"<gmd:role>{code('CI_RoleCode', 'custodian')}</gmd:role>"
        return (
            f"<gmd:CI_ResponsibleParty><gmd:organisationName>"
            f"{text(name)}</gmd:organisationName>{inside}{role}</gmd:CI_ResponsibleParty>"
        )

    address = (
        ("<gmd:contactInfo><gmd:CI_Contact>"
"<gmd:phone><gmd:CI_Telephone><gmd:voice>") + text("+86 1") + "</gmd:voice></gmd:CI_Telephone>"
"</gmd:phone>"
        f"<gmd:address><gmd:CI_Address><gmd:deliveryPoint>"
f"{text('1 Quay')}</gmd:deliveryPoint><gmd:city>{text('Qingdao')}</gmd:city>"
        f"<gmd:country>{text('CN')}</gmd:country><gmd:electronicMailAddress>"
f"{text('a@b')}</gmd:electronicMailAddress></gmd:CI_Address></gmd:address>"
        "<gmd:onlineResource><gmd:CI_OnlineResource><gmd:linkage><gmd:URL>"
"http://h</gmd:URL></gmd:linkage></gmd:CI_OnlineResource></gmd:onlineResource>"
        "</gmd:CI_Contact></gmd:contactInfo>"
    )  # fmt: skip
    rest = f"<gmd:contact>{party('M', address)}</gmd:contact><gmd:contact/>" + (
        "<gmd:distributionInfo><gmd:MD_Distribution><gmd:distributor><gmd:MD_Distributor><gmd:distributorContact>"
        f"{party('D')}</gmd:distributorContact></gmd:MD_Distributor>"
        f"</gmd:distributor></gmd:MD_Distribution></gmd:distributionInfo>"
    )
    made = read("iso19139", iso(f"<gmd:pointOfContact>{party('R')}</gmd:pointOfContact>", rest))
    assert made.record.contacts == (
        ResponsibleParty(
            "custodian",
            organisation="M",
            email="a@b",
            phone="+86 1",
            address="1 Quay, Qingdao",
            country="CN",
            url="http://h",
            scope="metadata",
        ),
        ResponsibleParty("custodian", organisation="R"),
        ResponsibleParty("custodian", organisation="D", scope="distribution"),
    )  # fmt: skip
    assert made.findings == ()


def test_ncisos_larger_work_is_the_feature_type() -> None:
    aggregation = (
        "<gmd:aggregationInfo><gmd:MD_AggregateInformation><gmd:aggregateDataSetIdentifier><gmd:MD_Identifier>"
        f"<gmd:authority><gmd:CI_Citation><gmd:title>"
        f"{text('Unidata Common Data Model')}</gmd:title></gmd:CI_Citation></gmd:authority>"
        f"<gmd:code>{text('Station')}</gmd:code></gmd:MD_Identifier>"
        f"</gmd:aggregateDataSetIdentifier></gmd:MD_AggregateInformation></gmd:aggregationInfo>"
        "<gmd:aggregationInfo><gmd:MD_AggregateInformation><gmd:aggregateDataSetName><gmd:CI_Citation><gmd:title>"
        f"{text('Cruise 7')}</gmd:title></gmd:CI_Citation></gmd:aggregateDataSetName>"
        f"</gmd:MD_AggregateInformation></gmd:aggregationInfo>"
    )
    record = record_of("iso19115-2", iso(aggregation, root="gmi:MI_Metadata"))
    assert (record.feature_type, record.associations) == (
        "timeSeries",
        (Association("crossReference", title="Cruise 7"),),
    )


def test_a_record_without_a_file_identifier_takes_its_native_one_with_a_finding() -> None:
    document = iso().replace("<gco:CharacterString>f-1</gco:CharacterString>", "")
    made = read("iso19139", document)
    assert made.record.file_identifier == "id-1"
    assert [(finding.field, finding.message) for finding in made.findings] == [
        ("file_identifier", "the record has no gmd:fileIdentifier; taken from $native_id")
    ]


def test_a_series_is_described_by_its_own_metadata() -> None:
    inner = iso(root="gmi:MI_Metadata").replace("<gmi:MI_Metadata ", "<gmi:MI_Metadata ", 1)
    series = (
        '<gmd:DS_Series xmlns:gmd="http://www.isotc211.org/2005/gmd"><gmd:composedOf><gmd:DS_DataSet><gmd:has>'
        + inner.replace("A title", "A member")
        + (
            f"</gmd:has></gmd:DS_DataSet></gmd:composedOf><gmd:seriesMetadata>"
            f"{inner}</gmd:seriesMetadata></gmd:DS_Series>"
        )
    )
    assert record_of("iso19115-2", series).title == LocalisedText("A title")


# csw:Record


@pytest.mark.parametrize(
    ("csw", "ows"),
    [
        ("http://www.opengis.net/cat/csw/2.0.2", "http://www.opengis.net/ows"),
        ("http://www.opengis.net/cat/csw/3.0", "http://www.opengis.net/ows/2.0"),
        ("http://www.opengis.net/cat/csw/2.0.2", "http://www.opengis.net/ows/1.1"),
    ],
)
def test_csw_records_of_all_versions(csw: str, ows: str) -> None:
    record = record_of(
        "csw-record",
        f'<csw:Record xmlns:csw="{csw}" xmlns:ows="{ows}" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dct="http://purl.org/dc/terms/">'
        "<dc:identifier>doi:10.5072/x1</dc:identifier><dc:title>A\n title</dc:title><dc:type>Dataset</dc:type>"
        "<dc:subject>GCMD\n Oceans\n Salinity</dc:subject><dc:creator>"
        "Institute</dc:creator><dc:format>NetCDF</dc:format>"
        "<dct:abstract>About.</dct:abstract><dct:modified>2020-01-02</dct:modified><dc:language>zh</dc:language>"
        '<dct:references scheme="OGC:WMS">http://h/wms</dct:references>'
        '<dct:references scheme="x">no url</dct:references>'
        "<dc:rights>Access only on request</dc:rights>"
        '<ows:BoundingBox crs="urn:x-ogc:def:crs:EPSG:6.11:4326"><ows:LowerCorner>30 120</ows:LowerCorner>'
        "<ows:UpperCorner>35 125</ows:UpperCorner></ows:BoundingBox></csw:Record>",
    )
    assert (record.file_identifier, record.title, record.type) == (
        "doi:10.5072/x1",
        LocalisedText("A title"),
        "dataset",
    )
    assert record.identifiers == (Identifier("10.5072/x1", "doi"),)
    assert [keyword.label.text for keyword in record.keyword_groups[0].keywords] == [
        "GCMD",
        "Oceans",
        "Salinity",
    ]
    assert record.contacts == (ResponsibleParty("originator", organisation="Institute"),)
    assert record.links == (Link("http://h/wms", "OGC:WMS"),)
    assert (record.language, record.access_level, record.formats) == (
        "zho",
        "restricted",
        (Format("NetCDF"),),
    )
    assert record.extent.boxes == (BoundingBox(120, 30, 125, 35),)
    assert record.dates.metadata == "2020-01-02"


def test_a_csw_record_without_title_is_called_by_what_it_has() -> None:
    made = read(
        "csw-record",
        (
            '<Record xmlns="http://www.opengis.net/cat/csw/2.0.2" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier>x</dc:identifier></Record>'
        ),
    )
    assert made.record.title == LocalisedText("x")
    assert made.findings[0].field == "title"


# attribute tables

ATTRIBUTES = {
    "title": "东海 CTD 资料",
    "title_en": "CTD data of the East China Sea",
    "summary": "摘要。",
    "summary_en": "Summary.",
    "keywords": "海温, 盐度",
    "keywords_vocabulary": "GCMD",
    "naming_authority": "org.example",
    "id": "ctd-1",
    "cdm_data_type": "Profile",
    "geospatial_lat_min": "25",
    "geospatial_lat_max": "33",
    "geospatial_lon_min": "170",
    "geospatial_lon_max": "190",
    "geospatial_vertical_min": "-500",
    "geospatial_vertical_max": "0",
    "geospatial_vertical_positive": "up",
    "time_coverage_start": "2001-02-03",
    "time_coverage_duration": "P10D",
    "time_coverage_resolution": "1 day",
    "institution": "东溟海洋研究院",
    "creator_name": "东溟海洋研究院",
    "creator_type": "institution",
    "creator_email": "d@example.org",
    "contributor_name": "Ann Ode, Bo Lin",
    "contributor_role": "principal investigator, author",
    "platform": "R/V Lanzhi 1, R/V Lanzhi 2",
    "instrument": "CTD; rosette",
    "project": "P1",
    "license": "限制共享：须在线提交数据申请。",
    "processing_level": "L2",
    "history": "made",
    "date_created": "2002-01-01",
    "infoUrl": "https://h/info",
    "sourceUrl": "(local files)",
    "doi": "https://doi.org/10.5072/ctd",
    "geospatial_bounds": "POLYGON ((25 170, 25 179, 33 179, 33 170, 25 170))",
}
VARIABLES = {
    "time": {"units": "seconds since 1970-01-01", "axis": "T"},
    "temp": {
        "standard_name": "sea_water_temperature",
        "long_name": "海水温度",
        "units": "degree_C",
        "colorBarMinimum": "0",
        "colorBarMaximum": "30",
    },
}


def info(attributes: dict[str, str], variables: dict[str, dict[str, str]], grid: bool = False) -> str:
    rows = [["attribute", "NC_GLOBAL", name, "String", value] for name, value in attributes.items()]
    for name, own in variables.items():
        dimension = grid and name in {"time", "latitude", "longitude"}
        rows.append(
            ["dimension" if dimension else "variable", name, "", "float", "nValues=2" if dimension else ""]
        )
        rows += [["attribute", name, key, "String", value] for key, value in own.items()]
    names = ["Row Type", "Variable Name", "Attribute Name", "Data Type", "Value"]
    return json.dumps({"table": {"columnNames": names, "rows": rows}})


def check_acdd(record: Record) -> None:
    assert record.title == LocalisedText(
        "东海 CTD 资料", (Translation("eng", "CTD data of the East China Sea"),)
    )
    assert record.abstract == LocalisedText("摘要。", (Translation("eng", "Summary."),))
    assert record.language == "zho"
    assert record.identifiers == (Identifier("ctd-1", "org.example"), Identifier("10.5072/ctd", "doi"))
    assert [keyword.label.text for keyword in record.keyword_groups[0].keywords] == ["海温", "盐度"]
    assert record.keyword_groups[0].thesaurus == Thesaurus("GCMD")
    assert (record.feature_type, record.processing_level, record.projects) == ("profile", "L2", ("P1",))
    assert record.platforms == (Platform("R/V Lanzhi 1"), Platform("R/V Lanzhi 2"))
    assert record.instruments == (Instrument("CTD"), Instrument("rosette"))
    assert record.extent.boxes == (BoundingBox(170, 25, -170, 33),)
    assert record.extent.geometry == "POLYGON ((170 25, 179 25, 179 33, 170 33, 170 25))"
    assert record.extent.vertical == VerticalRange(0, 500)
    assert record.extent.periods == (Period("2001-02-03", "2001-02-13"),)
    assert record.resolution.duration == "P1D"
    assert record.contacts == (
        ResponsibleParty("originator", organisation="东溟海洋研究院", email="d@example.org"),
        ResponsibleParty("principalInvestigator", individual="Ann Ode"),
        ResponsibleParty("author", individual="Bo Lin"),
    )
    assert (record.access_level, record.dates.created, record.lineage.statement) == (
        "restricted",
        "2002-01-01",
        "made",
    )


def test_acdd_attributes_of_an_erddap_table() -> None:
    record = record_of("erddap-info", info(ATTRIBUTES, VARIABLES), "https://h/erddap/tabledap/ctd-1.html")
    check_acdd(record)
    assert record.file_identifier == "id-1"
    assert record.variables == (Variable("temp", "sea_water_temperature", "海水温度", "degree_C", "float"),)
    assert record.links == (
        Link("https://h/erddap/tabledap/ctd-1.html", "ERDDAP:tabledap", "ERDDAP", None, "download"),
        Link("https://h/erddap/tabledap/ctd-1", "OPeNDAP", "OPeNDAP", None, "download"),
        Link("https://h/erddap/tabledap/ctd-1.csv", "WWW:DOWNLOAD", "CSV", None, "download"),
        Link("https://h/info", None, "Background information", None, "information"),
    )


def test_acdd_attributes_of_a_das_with_its_catalog_entry() -> None:
    attributes = "\n".join(f'  String {name} "{value}";' for name, value in ATTRIBUTES.items())
    containers = "\n".join(
        f" {name} {{\n" + "\n".join(f'  String {key} "{value}";' for key, value in own.items()) + "\n }"
        for name, own in VARIABLES.items()
    )
    entry = (
        '<dataset xmlns="http://www.unidata.ucar.edu/namespaces/thredds/InvCatalog/v1.0" '
        'name="ctd.nc" ID="x" urlPath="a/ctd.nc">'
        "<dataFormat>NetCDF</dataFormat><metadata><documentation "
        "type='rights'>Freely available</documentation></metadata>"
        '<service serviceType="OPENDAP" base="http://h/dodsC/"/><service '
        'serviceType="HTTPServer" base="http://h/files/"/></dataset>'
    )
    dds = b"Dataset { Float64 time[time = 3]; Float32 temp[time = 3]; } ctd.nc;"
    record = record_of(
        "opendap",
        das(attributes, containers),
        "http://h/dodsC/a/ctd.nc.html",
        (("dds", dds), ("thredds", entry.encode())),
    )
    check_acdd(record)
    assert record.variables == (
        Variable("temp", "sea_water_temperature", "海水温度", "degree_C", "Float32", ("time",)),
    )
    assert record.links == (
        Link("http://h/dodsC/a/ctd.nc", "OPeNDAP", "OPeNDAP", None, "download"),
        Link("https://h/info", None, "Background information", None, "information"),
        Link("http://h/files/a/ctd.nc", "WWW:DOWNLOAD", "HTTPServer", None, "download"),
    )
    assert record.formats == (Format("NetCDF"),)


def test_coordinate_variables_give_the_extent_where_the_dataset_does_not() -> None:
    variables = {
        "time": {"units": "seconds since 1970-01-01T00:00:00Z", "actual_range": "0.0, NaN"},
        "depth": {"units": "m", "positive": "down", "actual_range": "5.0, 100.0"},
        "latitude": {"units": "degrees_north", "actual_range": "10.0, 20.0"},
        "longitude": {"units": "degrees_east", "actual_range": "0.5, 359.5"},
        "temp": {"units": "K"},
    }
    made = read("erddap-info", info({"title": "T"}, variables))
    found = made.record.extent
    assert (found.boxes, found.periods) == (
        (BoundingBox(-180, 10, 180, 20),),
        (Period("1970-01-01T00:00:00Z", None),),
    )
    assert found.vertical == VerticalRange(5, 100)
    assert [variable.name for variable in made.record.variables] == ["temp"]
    assert made.findings == ()


def test_a_grid_that_erddap_can_draw_has_a_wms_and_a_picture() -> None:
    variables = {**VARIABLES, "latitude": {"units": "degrees_north"}, "longitude": {"units": "degrees_east"}}
    record = record_of(
        "erddap-info", info({"title": "T"}, variables, grid=True), "https://h/erddap/griddap/g.html"
    )
    assert [link.protocol for link in record.links] == ["ERDDAP:griddap", "OPeNDAP", "OGC:WMS"]
    assert record.graphics[0].url == "https://h/erddap/griddap/g.largePng"
    table = record_of("erddap-info", info({"title": "T"}, variables), "https://h/erddap/tabledap/g.html")
    assert "OGC:WMS" not in [link.protocol for link in table.links]


def test_a_das_without_a_title_is_called_as_its_dataset() -> None:
    dds = (("dds", b"Dataset { Float32 x; } buoy%201.nc;"),)
    assert record_of("opendap", das(""), None, dds).title == LocalisedText("buoy 1.nc")
    assert record_of("opendap", das("")).title == LocalisedText("id-1")


def test_a_cut_das_is_still_a_record_with_a_finding() -> None:
    made = read("opendap", 'Attributes { NC_GLOBAL { String title "T"; String summary "The sea \u2014')
    assert (made.record.title, made.record.abstract) == (LocalisedText("T"), None)
    assert "cut off" in made.findings[0].message


def test_a_thredds_dataset() -> None:
    record = record_of(
        "thredds",
        '<dataset xmlns="http://www.unidata.ucar.edu/namespaces/thredds/InvCatalog/v1.0" '
        'xmlns:xlink="http://www.w3.org/1999/xlink"'
        ' name="SST" ID="sst" urlPath="sst.nc" restrictAccess="registered">'
        '<documentation type="summary">One.</documentation>'
        "<documentation type='summary'>Two.</documentation><documentation xlink:href='http://h/doc' xlink:title='Doc'/>"
        "<metadata><authority>org.example</authority><dataType>Grid</dataType><keyword>a, b</keyword>"
        "<creator><name>Institute</name><contact url='http://h' email='http://h/form'/></creator>"
        "<geospatialCoverage zpositive='down'><northsouth><start>40</start><size>"
        "-20</size><resolution>0.5</resolution><units>degrees_north</units></northsouth>"
        "<eastwest><start>170</start><size>20</size><units>degrees_east</units></eastwest>"
        "<updown><start>0</start><size>1.5</size><units>km</units></updown></geospatialCoverage>"
        "<timeCoverage><end>present</end><start>2001-01-01</start></timeCoverage>"
        "<variables vocabulary='CF-1.0'><variable name='sst' "
        "vocabulary_name='sea_surface_temperature' units='K'>Temperature</variable></variables>"
        "</metadata><service serviceType='HTTPServer' base='http://h/files/'/></dataset>",
        "http://h/catalog.html?dataset=sst",
    )
    assert (record.file_identifier, record.title.text) == ("id-1", "SST")
    assert record.abstract == LocalisedText("One.\n\nTwo.")
    assert (record.access_level, record.feature_type) == ("restricted", "grid")
    assert record.identifiers == (Identifier("sst", "org.example"),)
    assert record.contacts == (ResponsibleParty("originator", organisation="Institute", url="http://h"),)
    assert record.extent.boxes == (BoundingBox(170, 20, -170, 40),)
    assert record.extent.vertical == VerticalRange(0, 1500)
    assert record.extent.periods == (Period("2001-01-01", None),)
    assert record.resolution.degrees == 0.5
    assert record.variables == (Variable("sst", "sea_surface_temperature", "Temperature", "K"),)
    assert [link.url for link in record.links] == [
        "http://h/doc", "http://h/files/sst.nc", "http://h/catalog.html?dataset=sst",
    ]  # fmt: skip
