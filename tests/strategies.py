"""Hypothesis strategies for Records and their parts, obeying what ``mappings/record.py`` promises of them."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from mappings.record import (
    Association,
    BoundingBox,
    BrowseGraphic,
    Constraints,
    Dates,
    Extent,
    Format,
    Identifier,
    Instrument,
    Keyword,
    KeywordGroup,
    Lineage,
    Link,
    LocalisedText,
    Period,
    Platform,
    ProcessStep,
    QualityReport,
    Record,
    Resolution,
    ResponsibleParty,
    Thesaurus,
    Translation,
    Variable,
    VerticalRange,
)
from mappings.times import days_in_month, first_second, from_seconds, last_second

WORDS = [
    "temperature",
    "Salinity",
    "海水温度",
    "黄海",
    "Île d'Yeu",
    "🌊 waves",
    "R&D <deep>",
    "CTD-2019/07",
    "pH 8.1",
    "a\tb",
    "naïve",
]

words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
"""Text as people write it."""
hostile = st.text(min_size=1, max_size=20)
"""Anything Unicode, characters that XML cannot hold among it."""


def texts(hostility: bool) -> st.SearchStrategy[str]:
    """Non-empty text; with ``hostility`` any character may be in it."""
    return st.one_of(words, hostile) if hostility else words


urls = st.builds(
    lambda host, path, query: f"https://{host}.example.org/{path}{query}",
    st.sampled_from(["data", "www", "erddap"]),
    st.sampled_from(["", "a/b.html", "海洋/数据", "x%20y", "tabledap/id.html"]),
    st.sampled_from(["", "?a=1&b=2", "#part"]),
)
odd_urls = st.builds(
    "https://data.example.org/{}".format, hostile | st.sampled_from(["a[0]", "100%", "a#b#c", "{x}|y", "a b"])
)
"""Addresses as careless servers write them."""
years = st.integers(-20000, 9998).filter(bool)


@st.composite
def instants(draw: st.DrawFn, year: st.SearchStrategy[int] = years) -> str:
    """A canonical instant of any precision."""
    seconds = first_second(_year(draw(year)))
    day = draw(st.integers(0, 365))
    text = from_seconds(seconds + day * 86400 + draw(st.integers(0, 86399)))
    head, _, _ = text.partition("T")
    number, month, _ = head.rsplit("-", 2)
    return draw(st.sampled_from([text, head, f"{number}-{month}", number]))


def _year(year: int) -> str:
    return f"+{year}" if year > 9999 else f"{year:04d}" if year >= 0 else f"-{-year:04d}"


def localised(text: st.SearchStrategy[str]) -> st.SearchStrategy[LocalisedText]:
    """A text with up to two translations, each in another language than the others and the records' own."""
    translations = st.lists(
        st.builds(Translation, st.sampled_from(["fra", "jpn", "deu"]), text),
        max_size=2,
        unique_by=lambda translation: translation.language,
    )
    return st.builds(LocalisedText, text, translations.map(tuple))


longitudes = st.floats(-180, 180).map(lambda x: round(x, 4) + 0.0)
latitudes = st.floats(-90, 90).map(lambda x: round(x, 4) + 0.0)


@st.composite
def boxes(draw: st.DrawFn) -> BoundingBox:
    """Any box, points and boxes across the antimeridian among them."""
    south, north = sorted((draw(latitudes), draw(latitudes)))
    return BoundingBox(draw(longitudes), south, draw(longitudes), north)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    """A period in order, one end of which may be open."""
    one, other = draw(instants()), draw(instants())
    start, end = (one, other) if last_second(other) >= first_second(one) else (other, one)
    return draw(st.sampled_from([Period(start, end), Period(start, None), Period(None, end)]))


@st.composite
def vertical_ranges(draw: st.DrawFn) -> VerticalRange:
    """From above the surface to the deepest trench, metres."""
    depths = st.floats(-9000, 11000).map(lambda x: round(x, 2) + 0.0)
    top, bottom = sorted((draw(depths), draw(depths)))
    return VerticalRange(top, bottom)


def many(strategy: st.SearchStrategy[object], most: int = 2) -> st.SearchStrategy[tuple[object, ...]]:
    """A tuple of different things."""
    return st.lists(strategy, max_size=most, unique=True).map(tuple)


GEOMETRIES = (
    ("POLYGON ((119 31, 127 31, 127 41, 119 31))", (BoundingBox(119, 31, 127, 41),)),
    ("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (2 2, 4 2, 4 4, 2 2))", (BoundingBox(0, 0, 10, 10),)),
    ("POINT (122.5 36.25)", (BoundingBox(122.5, 36.25, 122.5, 36.25),)),
    ("LINESTRING (120 30, 121 31.5)", (BoundingBox(120, 30, 121, 31.5),)),
)
"""Geometries, and the boxes that cover them."""


@cache
def records(hostility: bool = False) -> st.SearchStrategy[Record]:
    """Records with anything in them. ``hostility``: texts and codes may be any Unicode text."""
    text = texts(hostility)
    maybe = st.none() | text
    moment = st.none() | instants()
    number = st.none() | st.floats(0.001, 10000).map(lambda x: round(x, 3))
    instrument = st.builds(Instrument, text, maybe, maybe)
    platform = st.builds(Platform, text, maybe, maybe, many(instrument))
    keyword = st.builds(Keyword, localised(text), st.none() | urls)
    keywords = st.lists(keyword, min_size=1, max_size=3, unique=True).map(tuple)
    thesaurus = st.none() | st.builds(Thesaurus, text, st.none() | urls, moment)
    kinds = st.none() | st.sampled_from(["theme", "place", "discipline"])
    party = st.builds(
        ResponsibleParty,
        st.sampled_from(["pointOfContact", "author", "publisher"]) if not hostility else text,
        organisation=text,
        individual=maybe,
        position=maybe,
        email=maybe,
        phone=maybe,
        address=maybe,
        country=maybe,
        url=st.none() | urls,
        scope=st.sampled_from(["resource", "metadata", "distribution"]),
    )
    return st.builds(
        Record,
        file_identifier=text,
        title=localised(text),
        language=st.sampled_from([None, "zho", "eng"]),
        resource_languages=st.sampled_from([(), ("eng",), ("zho", "eng")]),
        parent_identifier=maybe,
        type=st.sampled_from(["dataset", "series"]) if not hostility else text,
        identifiers=many(st.builds(Identifier, text, maybe)),
        alternate_titles=many(localised(text)),
        abstract=st.none() | localised(text),
        purpose=st.none() | localised(text),
        credits=many(text),
        status=st.sampled_from([None, "onGoing", "completed"]),
        edition=maybe,
        series=maybe,
        other_citation=maybe,
        supplemental=maybe,
        topic_categories=many(st.sampled_from(["oceans", "biota", "environment"]) if not hostility else text),
        keyword_groups=many(st.builds(KeywordGroup, keywords, kinds, thesaurus)),
        variables=many(_variables(text, maybe), 3),
        processing_level=maybe,
        feature_type=st.sampled_from([None, "timeSeries", "grid"]),
        representations=many(st.sampled_from(["grid", "vector", "textTable"])),
        platforms=many(platform),
        instruments=many(instrument),
        projects=many(text),
        extent=_extents(text),
        resolution=st.builds(Resolution, number, number, number, st.none() | st.integers(1, 10**7)),
        reference_systems=st.sampled_from([(), ("EPSG:4326",)]),
        contacts=many(party, 3),
        dates=st.builds(Dates, moment, moment, moment, moment),
        maintenance=st.sampled_from([None, "daily", "asNeeded"]),
        constraints=st.builds(
            Constraints,
            many(st.sampled_from(["license", "otherRestrictions"])),
            many(st.sampled_from(["license", "copyright"])),
            many(text),
            many(text),
            st.none() | urls,
        ),
        access_level=st.sampled_from([None, "open", "restricted", "closed"]),
        lineage=st.builds(Lineage, maybe, many(st.builds(ProcessStep, text, moment)), many(text)),
        quality=many(_quality(maybe, moment)),
        links=many(
            st.builds(
                Link,
                odd_urls if hostility else urls,
                maybe,
                maybe,
                maybe,
                st.sampled_from([None, "download", "information"]),
            )
        ),
        formats=many(st.builds(Format, text, maybe)),
        graphics=many(st.builds(BrowseGraphic, urls, maybe, maybe)),
        associations=many(st.builds(Association, st.just("crossReference"), text, maybe)),
    )


def _variables(
    text: st.SearchStrategy[str], maybe: st.SearchStrategy[str | None]
) -> st.SearchStrategy[Variable]:
    names = st.sampled_from([None, "sea_water_temperature", "sea_water_practical_salinity"])
    dimensions = st.sampled_from([(), ("time",), ("time", "depth")])
    return st.builds(
        Variable, text, names, maybe, maybe, st.sampled_from([None, "float", "String"]), dimensions
    )


def _extents(text: st.SearchStrategy[str]) -> st.SearchStrategy[Extent]:
    """Boxes of their own, or those that cover a geometry."""
    where = st.one_of(
        st.tuples(many(boxes()), st.none()), st.sampled_from(GEOMETRIES).map(lambda g: (g[1], g[0]))
    )
    return st.builds(
        lambda place, *rest: Extent(place[0], place[1], *rest),
        where,
        many(periods()),
        st.none() | vertical_ranges(),
        many(text),
    )


def _quality(
    maybe: st.SearchStrategy[str | None], moment: st.SearchStrategy[str | None]
) -> st.SearchStrategy[QualityReport]:
    return st.builds(
        QualityReport,
        st.sampled_from(["CompletenessOmission", "DomainConsistency", "SomethingElse"]),
        measure=maybe,
        description=maybe,
        passed=st.none() | st.booleans(),
        specification=maybe,
        value=maybe,
        units=maybe,
        date=moment,
    )


@st.composite
def days(draw: st.DrawFn) -> tuple[int, int, int]:
    """A day that exists, in the years that ``datetime`` knows."""
    year, month = draw(st.integers(1, 9999)), draw(st.integers(1, 12))
    return year, month, draw(st.integers(1, days_in_month(year, month)))
