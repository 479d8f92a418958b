"""The Record: one metadata record in the terms of ISO 19115-1/-2, independent of any encoding.

Everything is a frozen dataclass of tuples and text; ``None`` and ``()`` mean "not said" and empty text never occurs.
Instants are canonical ISO 8601 text (see ``mappings.times``). Longitudes and latitudes are degrees, WGS 84; depths are
metres, positive downwards. Code values are those of the ISO 19139 code lists (``series``, ``pointOfContact``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

AccessLevel = Literal["open", "restricted", "closed"]
ContactScope = Literal["resource", "metadata", "distribution"]


@dataclass(frozen=True, slots=True)
class Translation:
    """A text in one more language (ISO 19139 §7.4, PT_FreeText)."""

    language: str  # ISO 639-2/T: "zho", "eng"
    text: str


@dataclass(frozen=True, slots=True)
class LocalisedText:
    """A text in the record's own language, and its translations."""

    text: str
    translations: tuple[Translation, ...] = ()

    def all(self) -> tuple[str, ...]:
        """Every wording, the record's own language first."""
        return (self.text, *(translation.text for translation in self.translations))

    def in_language(self, language: str) -> str:
        """The wording in ``language`` (ISO 639-2/T), or the record's own where there is none."""
        return next((t.text for t in self.translations if t.language == language), self.text)


@dataclass(frozen=True, slots=True)
class Identifier:
    """MD_Identifier: a code and the authority (code space) that gives it meaning: ``doi``, ``cstr``, a domain name."""

    code: str
    authority: str | None = None


@dataclass(frozen=True, slots=True)
class Thesaurus:
    """The citation of the vocabulary that a keyword group is taken from."""

    title: str
    uri: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Keyword:
    """One keyword, with the URI of its concept where the source gives one."""

    label: LocalisedText
    uri: str | None = None


@dataclass(frozen=True, slots=True)
class KeywordGroup:
    """MD_Keywords: keywords of one type (MD_KeywordTypeCode: theme, place, platform ...) from one thesaurus."""

    keywords: tuple[Keyword, ...]
    type: str | None = None
    thesaurus: Thesaurus | None = None


@dataclass(frozen=True, slots=True)
class Variable:
    """A measured or computed quantity (MD_RangeDimension / MD_Band; the attributes are those of CF)."""

    name: str  # as the source calls it
    standard_name: str | None = None  # CF standard name
    long_name: str | None = None
    units: str | None = None  # UDUNITS
    data_type: str | None = None
    dimensions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Instrument:
    """MI_Instrument."""

    name: str
    identifier: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Platform:
    """MI_Platform and the instruments mounted on it. ``kind`` is plain text: ship, mooring, glider, satellite ..."""

    name: str
    identifier: str | None = None
    kind: str | None = None
    instruments: tuple[Instrument, ...] = ()


@dataclass(frozen=True, slots=True)
class BoundingBox:
    """EX_GeographicBoundingBox in degrees. ``west > east`` means across the antimeridian.

    Raises ``ValueError`` where a bound lies outside [-180, 180] or [-90, 90] or south is above north.
    """

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        if not (-180 <= self.west <= 180 and -180 <= self.east <= 180):
            raise ValueError(f"longitudes {self.west}, {self.east} are not within -180..180")
        if not (-90 <= self.south <= self.north <= 90):
            raise ValueError(f"latitudes {self.south}, {self.north} are not ordered within -90..90")

    @property
    def crosses_antimeridian(self) -> bool:
        return self.west > self.east


@dataclass(frozen=True, slots=True)
class Period:
    """EX_TemporalExtent: instants of the first and last moment. ``None`` is an open end; both ``None`` never occurs."""

    start: str | None
    end: str | None


@dataclass(frozen=True, slots=True)
class VerticalRange:
    """EX_VerticalExtent in metres below the surface, positive downwards (heights are negative), top first."""

    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Extent:
    """Where and when: EX_Extent. Boxes always cover the geometry, where there is one."""

    boxes: tuple[BoundingBox, ...] = ()
    geometry: str | None = None  # WKT (OGC 06-103r4) in longitude latitude order
    periods: tuple[Period, ...] = ()
    vertical: VerticalRange | None = None
    places: tuple[str, ...] = ()  # EX_GeographicDescription codes


@dataclass(frozen=True, slots=True)
class Resolution:
    """How fine the data are: degrees or metres on the ground, metres in depth, ISO 8601 duration in time."""

    degrees: float | None = None
    metres: float | None = None
    vertical_metres: float | None = None
    scale_denominator: int | None = None
    duration: str | None = None


@dataclass(frozen=True, slots=True)
class ResponsibleParty:
    """CI_ResponsibleParty: at least one of individual, organisation, position is given."""

    role: str  # CI_RoleCode
    individual: str | None = None
    organisation: str | None = None
    position: str | None = None
    email: str | None = None
    phone: str | None = None
    address: str | None = None
    country: str | None = None
    url: str | None = None
    scope: ContactScope = "resource"


@dataclass(frozen=True, slots=True)
class Dates:
    """CI_Date of the resource, and the date stamp of the metadata."""

    created: str | None = None
    published: str | None = None
    revised: str | None = None
    metadata: str | None = None


@dataclass(frozen=True, slots=True)
class Constraints:
    """MD_LegalConstraints in short: MD_RestrictionCode values and the free texts beside them."""

    access: tuple[str, ...] = ()
    use: tuple[str, ...] = ()
    limitations: tuple[str, ...] = ()  # useLimitation
    others: tuple[str, ...] = ()  # otherConstraints
    licence: str | None = None  # URL, or the name where there is no URL


@dataclass(frozen=True, slots=True)
class ProcessStep:
    """LI_ProcessStep."""

    description: str
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Lineage:
    """LI_Lineage: how the data came to be."""

    statement: str | None = None
    steps: tuple[ProcessStep, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QualityReport:
    """DQ_Element: what was measured, how, and with what result."""

    element: str  # class without prefix: "CompletenessCommission", "QuantitativeAttributeAccuracy"
    measure: str | None = None
    description: str | None = None
    passed: bool | None = None  # DQ_ConformanceResult
    specification: str | None = None  # title of what it conforms to
    value: str | None = None  # DQ_QuantitativeResult
    units: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """CI_OnlineResource. ``function``: CI_OnLineFunctionCode (download, information, search, order, offlineAccess)."""

    url: str
    protocol: str | None = None  # "OPeNDAP", "ERDDAP:tabledap", "OGC:WMS", "WWW:DOWNLOAD" ...
    name: str | None = None
    description: str | None = None
    function: str | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """MD_Format."""

    name: str
    version: str | None = None


@dataclass(frozen=True, slots=True)
class BrowseGraphic:
    """MD_BrowseGraphic: a picture of the data."""

    url: str
    description: str | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Association:
    """MD_AggregateInformation: another dataset by identifier or title, and its relation (DS_AssociationTypeCode)."""

    type: str
    identifier: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where Halocline got the record: not part of the resource's metadata, and not written to ISO."""

    source: str
    native_id: str
    format: str
    location: str | None = None
    harvested: str | None = None
    crosswalk: str | None = None  # "erddap@1"


@dataclass(frozen=True, slots=True)
class Record:
    """One metadata record.

    ``file_identifier`` and ``title`` are all that a record must have (ISO 19115-2 asks for more; the writer says
    "unknown" by ``gco:nilReason`` where the schema requires an element).
    """

    file_identifier: str
    title: LocalisedText
    language: str | None = None  # of the metadata and its default texts, ISO 639-2/T
    resource_languages: tuple[str, ...] = ()
    parent_identifier: str | None = None
    type: str = "dataset"  # MD_ScopeCode
    identifiers: tuple[Identifier, ...] = ()
    alternate_titles: tuple[LocalisedText, ...] = ()
    abstract: LocalisedText | None = None
    purpose: LocalisedText | None = None
    credits: tuple[str, ...] = ()
    status: str | None = None  # MD_ProgressCode
    edition: str | None = None
    series: str | None = None
    other_citation: str | None = None
    supplemental: str | None = None
    topic_categories: tuple[str, ...] = ()  # MD_TopicCategoryCode
    keyword_groups: tuple[KeywordGroup, ...] = ()
    variables: tuple[Variable, ...] = ()
    processing_level: str | None = None
    feature_type: str | None = None  # CF discrete sampling geometry, or "grid"
    representations: tuple[str, ...] = ()  # MD_SpatialRepresentationTypeCode
    platforms: tuple[Platform, ...] = ()
    instruments: tuple[Instrument, ...] = ()  # those not known to be mounted on one of the platforms
    projects: tuple[str, ...] = ()
    extent: Extent = Extent()
    resolution: Resolution = Resolution()
    reference_systems: tuple[str, ...] = ()  # "EPSG:4326"
    contacts: tuple[ResponsibleParty, ...] = ()
    dates: Dates = Dates()
    maintenance: str | None = None  # MD_MaintenanceFrequencyCode
    constraints: Constraints = Constraints()
    access_level: AccessLevel | None = None
    lineage: Lineage = Lineage()
    quality: tuple[QualityReport, ...] = ()
    links: tuple[Link, ...] = ()
    formats: tuple[Format, ...] = ()
    graphics: tuple[BrowseGraphic, ...] = ()
    associations: tuple[Association, ...] = ()
    provenance: Provenance | None = None


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record as an endpoint gave it: all that the crosswalk and the quarantine need to know.

    ``format`` names the crosswalk input (``iso19139``, ``iso19115-2``, ``csw-record``, ``erddap-info``, ``opendap``,
    ``thredds``); ``attachments`` are further bytes that belong to the same record (a DDS beside its DAS), by name.
    """

    native_id: str
    format: str
    content: bytes
    location: str | None = None
    modified: str | None = None
    attachments: tuple[tuple[str, bytes], ...] = ()


ISO_LANGUAGES = {"zh": "zho", "en": "eng"}
"""The portal's languages (BCP 47) and what ISO 19115 calls them (ISO 639-2/T)."""
