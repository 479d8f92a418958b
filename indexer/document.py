"""What an engine indexes of a record: its values by field, read as ``mappings/fields.yaml`` says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from indexer.concepts import concept_ids
from mappings.fields import load_fields
from mappings.record import BoundingBox, Record, VerticalRange
from mappings.times import first_second, last_second

Span = tuple[int | None, int | None]
"""First and last second since 1970, inclusive; ``None`` is an open end."""


ANYTEXT = "anytext"
"""The text field that has all texts of a record."""
CONCEPT = "concept"
"""The keyword field of what a record is about: ids of the vocabularies' concepts."""
_ABOUT = "title", "subject", "platform_kind", "instrument"
"""The fields that say what a record is about. An abstract mentions much that the data are not."""


@dataclass(frozen=True, slots=True)
class Document:
    """The searchable side of one record.

    ``texts``, ``keywords``, ``integers`` and ``instants`` hold the values of the fields of these types, by field
    name, fields without a value left out. ``ANYTEXT`` among the texts has at least every value of the others. An
    instant is the span it covers. ``version`` grows with every change of the record: an engine never replaces a
    document by one of a lower version.
    """

    id: str
    version: int
    texts: Mapping[str, tuple[str, ...]]
    keywords: Mapping[str, tuple[str, ...]]
    integers: Mapping[str, tuple[int, ...]]
    instants: Mapping[str, tuple[tuple[int, int], ...]]
    boxes: tuple[BoundingBox, ...]
    geometry: str | None
    periods: tuple[Span, ...]
    depth: tuple[float, float] | None


def document_of(record_id: str, version: int, record: Record) -> Document:
    """The document of ``record`` under the id it has in the catalogue."""
    fields = load_fields()

    def by_type(name: str) -> dict[str, tuple]:  # type: ignore[type-arg]
        found = {f.name: fields.values_of(f.name, record) for f in fields.values() if f.type == name}
        return {key: values for key, values in found.items() if values}

    keywords = by_type("keyword")
    texts = by_type("text")
    if about := concept_ids(
        text for name in _ABOUT for text in (*texts.get(name, ()), *keywords.get(name, ()))
    ):
        keywords[CONCEPT] = about
    keywords["identifier"] = tuple(dict.fromkeys((record_id, *keywords["identifier"])))
    return Document(
        id=record_id,
        version=version,
        texts=texts,
        keywords=keywords,
        integers=by_type("integer"),
        instants={
            name: tuple((first_second(value), last_second(value)) for value in values)
            for name, values in by_type("instant").items()
        },
        boxes=record.extent.boxes,
        geometry=record.extent.geometry,
        periods=tuple(
            (
                first_second(period.start) if period.start is not None else None,
                last_second(period.end) if period.end is not None else None,
            )
            for period in record.extent.periods
        ),
        depth=_depth(record.extent.vertical),
    )


def _depth(vertical: VerticalRange | None) -> tuple[float, float] | None:
    """No engine takes what is no number."""
    if vertical is None or not (isfinite(vertical.top) and isfinite(vertical.bottom)):
        return None
    return vertical.top, vertical.bottom
