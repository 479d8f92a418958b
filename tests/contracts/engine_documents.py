"""Short ways to write documents and queries for the contract of search engines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from indexer.document import Document, analysed_texts, whole_texts
from indexer.engines.base import Engine
from indexer.query import Condition, Everything, Page, Query, Sort, check
from mappings.fields import load_fields
from mappings.record import BoundingBox
from mappings.times import first_second, last_second, month_of, month_start, year_of

Bounds = tuple[float, float, float, float]
Instants = tuple[str | None, str | None]


def document(
    record_id: str,
    *,
    version: int = 1,
    texts: Mapping[str, Sequence[str]] | None = None,
    keywords: Mapping[str, Sequence[str]] | None = None,
    instants: Mapping[str, Sequence[str]] | None = None,
    boxes: Iterable[Bounds] = (),
    geometry: str | None = None,
    periods: Iterable[Instants] = (),
    depth: tuple[float, float] | None = None,
    years: Sequence[int] | None = None,
    tile: int | None = None,
) -> Document:
    """A document as ``document_of`` makes it of a record: ``anytext`` has all texts and keywords."""
    written = {name: tuple(values) for name, values in (texts or {}).items() if values}
    named = {name: tuple(values) for name, values in (keywords or {}).items() if values}
    whole = [value for values in (*written.values(), *named.values()) for value in values]
    if whole:
        written["anytext"] = tuple(dict.fromkeys(whole))
    periods = tuple(periods)
    if years is None:
        years = sorted({year_of(instant) for period in periods for instant in period if instant is not None})
    months = {number for period in periods for number in _months(*period)}
    integers = {
        "year": tuple(years),
        "month": tuple(sorted(months)),
        "tile": () if tile is None else (tile,),
    }
    return Document(
        id=record_id,
        version=version,
        texts=analysed_texts(written),
        whole=whole_texts(written),
        keywords={**named, "identifier": (record_id, *named.get("identifier", ()))},
        integers={name: values for name, values in integers.items() if values},
        instants={
            name: tuple((first_second(value), last_second(value)) for value in values)
            for name, values in (instants or {}).items()
            if values
        },
        boxes=tuple(BoundingBox(*bounds) for bounds in boxes),
        geometry=geometry,
        periods=tuple(
            (
                None if start is None else first_second(start),
                None if end is None else last_second(end),
            )
            for start, end in periods
        ),
        depth=depth,
    )


def _months(start: str | None, end: str | None) -> set[int]:
    """The months of the year in a period, by walking through it."""
    if start is None or end is None:
        return set(range(1, 13))
    number, found = month_of(first_second(start)), set[int]()
    while month_start(number) <= last_second(end) and len(found) < 12:
        found.add(number % 12 + 1)
        number += 1
    return found


def titled(record_id: str, *titles: str, **rest: object) -> Document:
    """A document with a title."""
    return document(record_id, texts={"title": titles}, **rest)  # type: ignore[arg-type]


def refill(engine: Engine, documents: Iterable[Document]) -> int:
    """Fill a fresh index and publish it. Gives how many documents it has."""
    with engine.filling("tests", "") as fresh:
        fresh.add(documents, lambda: "")
        fresh.publish()
    return engine.status().documents


def ask(engine: Engine, where: Condition = Everything(), sort: Sort = Sort("title")) -> list[str]:  # noqa: B008
    """The ids of all hits, sorted by title unless something else is said, after checking the query and the
    total.
    """
    query = Query(where, sort, page=Page(0, 1000))
    check(query)
    found = engine.search(query)
    assert len(found.ids) == found.total
    return list(found.ids)


def found(engine: Engine, where: Condition) -> set[str]:
    """The ids of all hits."""
    return set(ask(engine, where))


SORTABLE = tuple(field.name for field in load_fields().sortable)
