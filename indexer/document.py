"""What an engine indexes of a record: its values by field, read as ``mappings/fields.yaml`` says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from math import isfinite

from indexer.analysis import Analysed, analyse
from indexer.classes import classes_of
from indexer.concepts import concept_ids, sea_regions
from mappings.fields import load_fields
from mappings.record import BoundingBox, Record, VerticalRange
from mappings.times import first_second, last_second

Span = tuple[int | None, int | None]
"""First and last second since 1970, inclusive; ``None`` is an open end."""


ANYTEXT = "anytext"
"""The text field of all texts of a record: those of the other text fields, and under this name the rest."""
IDENTIFIER = "identifier"
"""The keyword field of a record's identifiers; first the id it has in the catalogue."""
UPDATED = "updated"
"""The instant field of a record's last change in the catalogue, which only the catalogue knows."""
CONCEPT = "concept"
"""The keyword field of what a record is about: ids of the vocabularies' concepts."""
TITLE_CONCEPT = "title_concept"
"""The keyword field of the concepts that a record's titles name."""
_ABOUT = "title", "subject", "platform_kind", "instrument"
"""The fields that say what a record is about. An abstract mentions much that the data are not, but seas only where
they are from.
"""


@dataclass(frozen=True, slots=True)
class Document:
    """The searchable side of one record.

    ``texts``, ``keywords``, ``integers`` and ``instants`` hold the values of the fields of these types, by field
    name, fields without a value left out. Texts are analysed, each once: ``ANYTEXT`` has only what no other text field
    has. ``whole`` keeps the values of texts that are sorted by and compared. An instant is the span it covers.
    ``version`` grows with every change of the record: an engine never replaces a document by one of a lower version.
    """

    id: str
    version: int
    texts: Mapping[str, Analysed]
    whole: Mapping[str, tuple[str, ...]]
    keywords: Mapping[str, tuple[str, ...]]
    integers: Mapping[str, tuple[int, ...]]
    instants: Mapping[str, tuple[tuple[int, int], ...]]
    boxes: tuple[BoundingBox, ...]
    geometry: str | None
    periods: tuple[Span, ...]
    depth: tuple[float, float] | None

    def named(self, record_id: str, version: int, updated: str | None = None) -> Document:
        """The document under the id and version that its record has: the id is the first of its identifiers.

        ``updated`` is the instant at which the catalogue last changed the record.
        """
        own = self.keywords.get(IDENTIFIER, ())
        keywords = {**self.keywords, IDENTIFIER: tuple(dict.fromkeys((record_id, *own)))}
        instants = self.instants
        if updated is not None:
            instants = {**instants, UPDATED: ((first_second(updated), last_second(updated)),)}
        return replace(self, id=record_id, version=version, keywords=keywords, instants=instants)


def document_of(record_id: str, version: int, record: Record, updated: str | None = None) -> Document:
    """The document of ``record`` under the id and version it has in the catalogue, which last changed it then."""
    return unnamed(record).named(record_id, version, updated)


def unnamed(record: Record) -> Document:
    """The document of ``record``, which does not know its id and version, nor when the catalogue changed it."""
    fields = load_fields()

    def by_type(name: str) -> dict[str, tuple]:  # type: ignore[type-arg]
        found = {f.name: fields.values_of(f.name, record) for f in fields.values() if f.type == name}
        return {key: values for key, values in found.items() if values}

    keywords = by_type("keyword")
    texts = by_type("text")
    about = concept_ids(text for name in _ABOUT for text in (*texts.get(name, ()), *keywords.get(name, ())))
    keywords |= classes_of(record, about, keywords)
    keywords |= _concepts(texts, about)
    return Document(
        id="",
        version=0,
        texts=analysed_texts(texts),
        whole=whole_texts(texts),
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


def _concepts(texts: Mapping[str, tuple[str, ...]], about: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    found = {
        CONCEPT: tuple(dict.fromkeys((*about, *sea_regions(texts.get("abstract", ()))))),
        TITLE_CONCEPT: concept_ids(texts.get("title", ())),
    }
    return {name: ids for name, ids in found.items() if ids}


def analysed_texts(texts: Mapping[str, Iterable[str]]) -> dict[str, Analysed]:
    """Text fields as a document has them. ``texts[ANYTEXT]`` has at least every value of the others."""
    elsewhere = {value for name, values in texts.items() if name != ANYTEXT for value in values}
    return {
        name: analyse([value for value in values if name != ANYTEXT or value not in elsewhere])
        for name, values in texts.items()
    }


def whole_texts(texts: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Those of the text fields that are sorted by and compared."""
    return {name: texts[name] for name in _sorted_texts() if name in texts}


@cache
def _sorted_texts() -> tuple[str, ...]:
    return tuple(field.name for field in load_fields().of_type("text") if field.sort)


def searched_fields(field: str | None) -> tuple[str, ...]:
    """Where the words of a text field are indexed: those of all texts in every one."""
    if field in (None, ANYTEXT):
        return _text_names()
    return (field,) if field else ()


@cache
def _text_names() -> tuple[str, ...]:
    return tuple(text.name for text in load_fields().of_type("text"))


def _depth(vertical: VerticalRange | None) -> tuple[float, float] | None:
    """No engine takes what is no number."""
    if vertical is None or not (isfinite(vertical.top) and isfinite(vertical.bottom)):
        return None
    return vertical.top, vertical.bottom
