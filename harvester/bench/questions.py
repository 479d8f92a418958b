"""The searches that ``bench`` asks: the same kinds a scientist's session has, different each time."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from random import Random
from types import MappingProxyType
from urllib.parse import urlencode

from harvester.bench.generator import LAST_YEAR, vocabulary
from indexer.areas import Area, read_area
from indexer.query import And, Condition, During, Everything, FacetRequest, Page, Query, Spatial, Text
from mappings.record import BoundingBox

SIX_FACETS = tuple(
    FacetRequest(name) for name in ("variable", "platform", "instrument", "organisation", "topic", "access")
)
CORNERS = 24
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "text": "one to three words, Chinese or English",
        "text+box+time": "words, a box of 10 to 40 degrees, one to ten years",
        "text+box+time+6 facets": "the same, with six facets counted",
        "match-all+6 facets": "everything, with six facets counted",
    }
)


SEARCHES: Mapping[str, str] = MappingProxyType(
    {**KINDS, "polygon": "a polygon of 24 corners, 10 to 40 degrees across, and nothing else"}
)
"""What ``bench search`` asks."""


def questions(kind: str, count: int, seed: int = 7) -> Iterator[Query]:
    """``count`` queries of one of ``SEARCHES``, each asking for the first ten hits; those of other kinds are others, so
    that none is answered by what was remembered of them.
    """
    rng = Random(f"{seed} {kind}")  # noqa: S311
    facets = SIX_FACETS if "facets" in kind else ()
    for _ in range(count):
        yield Query(_condition(kind, rng), facets=facets, page=Page(size=10))


def addresses(kind: str, count: int, seed: int = 7) -> Iterator[str]:
    """The same questions as ``questions``, as paths of the portal's JSON."""
    for query in questions(kind, count, seed):
        facets = ",".join(request.field for request in query.facets) or "none"
        view = [("size", str(query.page.size)), ("facets", facets)]
        yield f"/search.json?{urlencode([*_parameters(query.where), *view])}"


def _parameters(where: Condition) -> Iterator[tuple[str, str]]:
    match where:
        case And(parts):
            for part in parts:
                yield from _parameters(part)
        case Text(asked):
            yield "q", asked
        case Spatial(relation, BoundingBox(west, south, east, north)):
            yield "bbox", f"{west},{south},{east},{north}"
            yield "relation", relation
        case Spatial(relation, Area(wkt)):
            yield "polygon", wkt
            yield "relation", relation
        case During(start, end):
            yield "start", str(start)
            yield "end", str(end)
        case _:
            return


def _condition(kind: str, rng: Random) -> Condition:
    if kind.startswith("match-all"):
        return Everything()
    if kind == "polygon":
        return Spatial("intersects", polygon(rng))
    text = Text(words(rng))
    return text if kind == "text" else And((text, Spatial("intersects", box(rng)), years(rng)))


def words(rng: Random) -> str:
    """Words that occur in some of the records: a variable, a region, or both."""
    variable, region = rng.choice(vocabulary()["variables"]), rng.choice(vocabulary()["regions"])
    return str(rng.choice([variable[3], variable[4], region.english, f"{variable[3]} {region.english}"]))


def box(rng: Random) -> BoundingBox:
    """A box around some sea, which may cross the antimeridian."""
    region = rng.choice(vocabulary()["regions"]).box
    size = rng.choice([10.0, 20.0, 40.0])
    south = max(-90.0, min(90.0 - size, region.south + rng.random() * 10))
    west = region.west + rng.random() * 10
    east = (west + size + 180) % 360 - 180
    return BoundingBox((west + 180) % 360 - 180, south, east, south + size)


def polygon(rng: Random) -> Area:
    """An area of 24 corners around the middle of some sea, as people draw them by hand."""
    region = rng.choice(vocabulary()["regions"]).box
    west, south = region.west + rng.random() * 20, max(-60.0, min(60.0, region.south + rng.random() * 20))
    radius = rng.choice([5.0, 10.0, 20.0])
    angles = (2 * math.pi * number / CORNERS for number in range(CORNERS))
    corners = [
        (round(west + reach * math.cos(angle), 3), round(south + reach * math.sin(angle), 3))
        for angle in angles
        for reach in [radius * rng.uniform(0.7, 1.0)]
    ]
    return read_area(f"POLYGON (({', '.join(f'{x} {y}' for x, y in [*corners, corners[0]])}))")


def beginnings(count: int, seed: int = 7) -> Iterator[str]:
    """What somebody has typed so far, two letters or more, as paths of the portal's suggestions."""
    rng = Random(seed)  # noqa: S311
    for _ in range(count):
        text = words(rng)
        yield f"/suggest.json?{urlencode({'q': text[: rng.randint(2, max(2, len(text)))]})}"


def years(rng: Random) -> During:
    """One to ten years."""
    start = rng.randint(1960, LAST_YEAR)
    return During(str(start), str(start + rng.randint(0, 9)))
