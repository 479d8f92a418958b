"""Varied ocean records, the same for the same seed: what ``bench`` ingests and searches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from mappings.record import (
    BoundingBox,
    Constraints,
    Dates,
    Extent,
    Format,
    Instrument,
    Keyword,
    KeywordGroup,
    Lineage,
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

LAST_YEAR = 2025


@dataclass(frozen=True, slots=True)
class Region:
    """A named sea, with a box in degrees."""

    english: str
    chinese: str
    box: BoundingBox


@cache
def vocabulary() -> dict[str, Any]:
    """What the records are made of."""
    loaded: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("vocabulary.yaml").read_text("utf-8"))
    loaded["words"] = [stem + ending for stem in loaded["stems"] for ending in loaded["endings"]]
    loaded["regions"] = [Region(row[0], row[1], BoundingBox(*row[2:])) for row in loaded["regions"]]
    return loaded


def generate(count: int, seed: int = 1, first: int = 0) -> Iterator[Record]:
    """``count`` records: a third Chinese, 15 % open-ended, 8 % restricted, some across the antimeridian.

    A record depends on the seed and its number alone, so that parts may be made apart, from the number ``first``.
    """
    for number in range(first, first + count):
        yield _record(Random(f"{seed}:{number}"), number)  # noqa: S311


def _record(rng: Random, number: int) -> Record:
    words = vocabulary()
    region: Region = rng.choice(words["regions"])
    variables = [_variable(row) for row in rng.sample(words["variables"], rng.randint(1, 8))]
    chinese = rng.random() < 0.33
    kind = rng.choice(words["platform_kinds"])
    instruments = rng.sample(words["instruments"], rng.randint(1, 3))
    platform = f"{kind.title()} {rng.randint(1, 60):02d}"
    return Record(
        file_identifier=f"bench:{number:07d}",
        title=_title(region, variables[0][1], kind, number, chinese),
        language="zho" if chinese else "eng",
        abstract=LocalisedText(_prose(rng, region, variables, chinese)),
        topic_categories=tuple(rng.sample(words["topics"], rng.randint(1, 2))),
        keyword_groups=_keywords(rng, region, variables),
        variables=tuple(variable for variable, _, _ in variables),
        processing_level=rng.choice(words["levels"]),
        feature_type=rng.choice(words["features"]),
        platforms=(Platform(platform, kind=kind, instruments=tuple(map(Instrument, instruments))),),
        projects=(f"Programme {rng.randint(1, 40)}",),
        extent=_extent(rng, region),
        contacts=_contacts(rng),
        dates=Dates(published=_day(rng), metadata=_day(rng)),
        constraints=Constraints(limitations=("Cite the data set when you use it.",)),
        access_level="restricted" if rng.random() < 0.08 else "open",
        lineage=Lineage(statement=_phrase(rng, 20)),
        links=_links(number),
        formats=(Format(rng.choice(words["formats"])),),
    )


def _variable(row: list[str]) -> tuple[Variable, str, str]:
    standard_name, name, units, english, chinese = row
    return Variable(name, standard_name, english, units, "float", ("time", "depth")), english, chinese


def _title(region: Region, variable: str, kind: str, number: int, chinese: bool) -> LocalisedText:
    english = f"{variable.capitalize()} in the {region.english} from {kind} deployments, series {number}"
    other = f"{region.chinese}{kind}观测资料第{number}集"
    if chinese:
        return LocalisedText(other, (Translation("eng", english),))
    return LocalisedText(english)


def _phrase(rng: Random, length: int) -> str:
    """Words with a long tail, as in real texts: a few are everywhere, most are rare."""
    words = vocabulary()["words"]
    return " ".join(words[int(len(words) * rng.random() ** 3)] for _ in range(length))


def _prose(rng: Random, region: Region, variables: list[tuple[Variable, str, str]], chinese: bool) -> str:
    if chinese:
        names = "、".join(name for _, _, name in variables)
        tail = "".join(rng.choices(vocabulary()["chinese"], k=rng.randint(20, 60)))
        return f"本数据集为{region.chinese}的{names}。{tail}。"
    names = ", ".join(name for _, name, _ in variables)
    return (
        f"Observations of {names} in the {region.english}. {_phrase(rng, rng.randint(30, 110)).capitalize()}."
    )


def _keywords(
    rng: Random, region: Region, variables: list[tuple[Variable, str, str]]
) -> tuple[KeywordGroup, ...]:
    def group(labels: list[str], kind: str, thesaurus: str | None) -> KeywordGroup:
        keywords = tuple(Keyword(LocalisedText(label)) for label in labels)
        return KeywordGroup(keywords, kind, Thesaurus(thesaurus) if thesaurus else None)

    names = [variable.standard_name or variable.name for variable, _, _ in variables]
    free = sorted({_phrase(rng, 1) for _ in range(rng.randint(2, 8))})
    return (
        group(names, "theme", "CF Standard Name Table"),
        group([region.english, region.chinese], "place", "Sea areas"),
        group(free, "theme", None),
    )


def _extent(rng: Random, region: Region) -> Extent:
    start = rng.randint(1950, LAST_YEAR)
    period = Period(
        f"{start}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
        None if rng.random() < 0.15 else f"{min(LAST_YEAR, start + int(rng.random() ** 3 * 40)) + 1}-01-01",
    )
    top = rng.choice([0.0, 0.0, 0.0, 5.0, 50.0, 500.0])
    return Extent(
        boxes=(_box(rng, region.box),),
        periods=(period,),
        vertical=VerticalRange(top, top + rng.choice([1.0, 20.0, 200.0, 2000.0, 6000.0]))
        if rng.random() < 0.7
        else None,
        places=(region.english,),
    )


def _box(rng: Random, region: BoundingBox) -> BoundingBox:
    """The whole region, a part of it, or a station in it."""
    width = (region.east - region.west) % 360 or 360.0
    height = region.north - region.south
    share = rng.choice([1.0, 0.4, 0.15, 0.03, 0.0])
    if share == 1.0:
        return region
    west = region.west + rng.random() * width * (1 - share)
    south = region.south + rng.random() * height * (1 - share)
    return BoundingBox(
        _longitude(west), round(south, 3), _longitude(west + width * share), round(south + height * share, 3)
    )


def _longitude(degrees: float) -> float:
    return round((degrees + 180) % 360 - 180, 3)


def _contacts(rng: Random) -> tuple[ResponsibleParty, ...]:
    names = vocabulary()["organisations"]
    owner, holder = (f"{rng.choice(names)} {rng.randint(1, 15)}" for _ in range(2))
    return (
        ResponsibleParty("pointOfContact", organisation=owner, email="data@example.org"),
        ResponsibleParty("publisher", organisation=holder, url="https://example.org/"),
        ResponsibleParty("pointOfContact", organisation=holder, email="data@example.org", scope="metadata"),
    )


def _links(number: int) -> tuple[Link, ...]:
    base = f"https://data.example.org/{number:07d}"
    return (
        Link(f"{base}.html", "WWW:LINK", "landing page", function="information"),
        Link(f"{base}/dodsC", "OPeNDAP:OPeNDAP", "OPeNDAP", function="download"),
        Link(f"{base}/wms", "OGC:WMS", "map service"),
    )


def _day(rng: Random) -> str:
    return f"{rng.randint(2005, LAST_YEAR)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
