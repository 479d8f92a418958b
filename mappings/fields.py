"""The searchable fields, loaded from ``fields.yaml`` and checked, and how each is read from a Record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache, lru_cache
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import msgspec
import yaml

from mappings.depths import zones_of
from mappings.errors import ConfigurationError
from mappings.record import LocalisedText, Record
from mappings.tiles import tile_number
from mappings.times import first_second, last_second, month_of, year_of
from mappings.vocabularies.loading import load_vocabularies

FieldType = Literal["text", "keyword", "instant", "integer", "region", "periods", "range"]
Reader = Callable[[Record], tuple[Any, ...]]
Reading = Callable[[Any, list[Any]], None]
"""Puts the values that are found in the first argument at the end of the second."""

UNDER = "::"
"""Between a value of another field and the value of a field ``under`` it."""

FIELDS_FILE = Path(__file__).with_name("fields.yaml")
MAX_YEARS = 300
"""A period gives one ``year`` value per year, up to this many; longer ones (palaeo data) give their two ends."""


@dataclass(frozen=True, slots=True)
class Field:
    """One entry of ``fields.yaml``; the file's head explains each key. ``facet`` is the number of values offered."""

    name: str
    type: FieldType
    labels: Mapping[str, str]
    read: tuple[str, ...]
    weight: int = 1
    facet: int = 0
    tree: str | None = None
    under: str | None = None
    sort: bool = False
    exact: bool = False
    csw: tuple[str, ...] = ()
    iso: str | None = None

    def label(self, language: str) -> str:
        """The name people see, in ``zh`` or ``en``."""
        return self.labels.get(language) or self.labels["en"]


class Fields(Mapping[str, Field]):
    """All fields by name, in the file's order."""

    def __init__(self, entries: Iterable[Field]) -> None:
        self._by_name = {entry.name: entry for entry in entries}
        self._readers = {name: _reader(entry) for name, entry in self._by_name.items()}
        self._by_csw_name = {csw: entry for entry in self.values() for csw in entry.csw}
        self._facets = tuple(entry for entry in self.values() if entry.facet)
        self._sortable = tuple(entry for entry in self.values() if entry.sort)
        self._of_types: dict[tuple[FieldType, ...], tuple[Field, ...]] = {}

    def __getitem__(self, name: str) -> Field:
        return self._by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def values_of(self, name: str, record: Record) -> tuple[Any, ...]:
        """The values of one field in ``record``: without ``None``, each once, in the record's order."""
        return self._readers[name](record)

    def of_type(self, *types: FieldType) -> tuple[Field, ...]:
        """The fields of the given types."""
        if types not in self._of_types:  # asked for with every document that is indexed
            self._of_types[types] = tuple(entry for entry in self.values() if entry.type in types)
        return self._of_types[types]

    @property
    def facets(self) -> tuple[Field, ...]:
        """The fields offered as facets."""
        return self._facets

    @property
    def sortable(self) -> tuple[Field, ...]:
        """The fields that may be sorted by."""
        return self._sortable

    def by_csw_name(self, name: str) -> Field | None:
        """The field that a CSW filter calls ``name``, or None."""
        return self._by_csw_name.get(name)


@cache
def load_fields(path: Path = FIELDS_FILE) -> Fields:
    """Read and check a fields file. Raises ``ConfigurationError`` that names the entry and what is wrong with it."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        entries = [_entry(item) for item in raw["fields"]]
    except (msgspec.ValidationError, TypeError, KeyError) as error:
        raise ConfigurationError(f"{path.name}: {error}") from error
    for problem in _problems(entries):
        raise ConfigurationError(f"{path.name}: {problem}")
    return Fields(entries)


def _entry(item: dict[str, Any]) -> Field:
    item = dict(item)
    if isinstance(item.get("read"), str):
        item["read"] = [item["read"]]
    unknown = item.keys() - {field.name for field in fields(Field)}
    if unknown:
        raise TypeError(f"{item.get('name')}: unknown keys {sorted(unknown)}")
    return msgspec.convert(item, Field)


def _problems(entries: list[Field]) -> Iterator[str]:
    seen: set[str] = set()
    for entry in entries:
        names = {entry.name, *(f"csw:{name}" for name in entry.csw)}
        if seen & names:
            yield f"{entry.name}: {sorted(seen & names)[0]} is given twice"
        seen |= names
        if {"zh", "en"} - entry.labels.keys():
            yield f"{entry.name}: a label in zh or en is missing"
        if entry.tree is not None and entry.tree not in load_vocabularies().vocabularies:
            yield f"{entry.name}: there is no vocabulary {entry.tree}"
        if entry.under is not None and entry.under not in {other.name for other in entries}:
            yield f"{entry.name}: there is no field {entry.under}"
        if entry.facet and entry.type not in {"keyword", "integer"}:
            yield f"{entry.name}: a field of type {entry.type} cannot be a facet"
        if entry.exact and (entry.type != "keyword" or entry.csw):
            yield f"{entry.name}: only a keyword that CSW does not know can be exact"
        for path in entry.read:
            yield from _path_problems(entry.name, path)


def _path_problems(name: str, path: str) -> Iterator[str]:
    if path.startswith("@"):
        if path[1:] not in _DERIVED:
            yield f"{name}: no derived reading is called {path}"
        return
    kind: Any = Record
    for step in path.split("."):
        known = {field.name: field.type for field in fields(kind)} if is_dataclass(kind) else {}
        if step not in known:
            yield f"{name}: {path} leads nowhere at {step!r}"
            return
        kind = _element_type(kind, step)


def _element_type(owner: Any, attribute: str) -> Any:
    """The dataclass behind ``X``, ``X | None`` or ``tuple[X, ...]``, or the plain type."""
    import typing  # noqa: PLC0415

    hint = typing.get_type_hints(owner)[attribute]
    args = [arg for arg in typing.get_args(hint) if arg not in (type(None), Ellipsis)]
    return args[0] if args and typing.get_origin(hint) is not Literal else hint


def _reader(entry: Field) -> Reader:
    readings = [_DERIVED[p[1:]] if p.startswith("@") else _follow(p) for p in entry.read]

    def read(record: Record) -> tuple[Any, ...]:
        found: list[Any] = []
        for reading in readings:
            reading(record, found)
        if entry.tree is not None:
            found = [id for value in found for id in with_broader(entry.tree, value)]
        return tuple(dict.fromkeys(found))

    return read


@lru_cache(maxsize=4096)
def with_broader(vocabulary: str, value: str) -> tuple[str, ...]:
    """The concept that ``value`` names and all wider ones, by their ids; what the vocabulary does not know, alone."""
    vocabularies = load_vocabularies()
    concept = vocabularies.named(vocabulary, value)
    return (value,) if concept is None else vocabularies.with_broader(vocabulary, concept.id)


def value_id(field: Field, value: str) -> str | None:
    """The id of the concept that ``value`` names in the vocabulary of a field; None if it names none."""
    concept = load_vocabularies().named(field.tree, value) if field.tree else None
    return None if concept is None else concept.id


def _follow(path: str) -> Reading:
    """A reading for each step, wrapped around that of the steps after it: what a path means is settled once."""
    reading: Reading = _value
    for step in reversed(path.split(".")):
        reading = _step(attrgetter(step), reading)
    return reading


def _step(get: Callable[[Any], Any], rest: Reading) -> Reading:
    def read(owner: Any, found: list[Any]) -> None:
        value = get(owner)
        if type(value) is tuple:
            for item in value:
                rest(item, found)
        elif value is not None:
            rest(value, found)

    return read


def _value(value: Any, found: list[Any]) -> None:
    if type(value) is LocalisedText:
        found.extend(value.all())
    else:
        found.append(value)


def _years(record: Record) -> Iterator[int]:
    """Every year with data. An open end reaches to the date of the metadata: what was surely collected by then."""
    stamp = record.dates.metadata
    for period in record.extent.periods:
        ends = [year_of(instant) for instant in (period.start, period.end) if instant is not None]
        if period.end is None and stamp is not None:
            ends.append(max(ends[0], year_of(stamp)))
        first, last = min(ends), max(ends)
        yield from range(first, last + 1) if last - first < MAX_YEARS else (first, last)


def _depth_zones(record: Record) -> Iterator[int]:
    if record.extent.vertical is not None:
        yield from (zone.top for zone in zones_of(record.extent.vertical))


def _tile(record: Record) -> Iterator[int]:
    number = tile_number(record.extent)
    if number is not None:
        yield number


def _thesaurus_terms(record: Record) -> Iterator[str]:
    """Each keyword behind the thesaurus it comes from."""
    for group in record.keyword_groups:
        if group.thesaurus is not None:
            for keyword in group.keywords:
                for label in keyword.label.all():
                    yield f"{group.thesaurus.title}{UNDER}{label}"


def _months(record: Record) -> Iterator[int]:
    """Every month of the year, 1 to 12, that a period reaches into. An open end goes on for ever."""
    for period in record.extent.periods:
        first, count = 0, 12
        if period.start is not None and period.end is not None:
            first = month_of(first_second(period.start))
            count = min(12, month_of(last_second(period.end)) - first + 1)
        yield from sorted((first + number) % 12 + 1 for number in range(count))


def _begin(record: Record) -> Iterator[str]:
    yield from (period.start for period in record.extent.periods if period.start is not None)


def _end(record: Record) -> Iterator[str]:
    yield from (period.end for period in record.extent.periods if period.end is not None)


def _modified(record: Record) -> Iterator[str]:
    dates = record.dates
    yield from (
        date for date in (dates.metadata or dates.revised or dates.published or dates.created,) if date
    )


def _derived(values: Callable[[Record], Iterator[Any]]) -> Reading:
    return lambda record, found: found.extend(values(record))


def _everything(record: Any, found: list[Any]) -> None:
    """Every text of the record, its addresses left out: what ``AnyText`` searches."""
    for reading in _EVERYTHING:
        reading(record, found)


_EVERYTHING = [
    _follow(path)
    for path in """
    file_identifier identifiers.code title alternate_titles abstract purpose credits series other_citation supplemental
    keyword_groups.keywords.label topic_categories projects extent.places feature_type processing_level
    variables.name variables.standard_name variables.long_name
    platforms.name platforms.identifier platforms.kind platforms.instruments.name platforms.instruments.kind
    instruments.name instruments.kind contacts.individual contacts.organisation
    constraints.limitations constraints.others lineage.statement lineage.steps.description lineage.sources
    quality.description links.name links.description formats.name associations.title
    """.split()
]

_DERIVED: Mapping[str, Reading] = MappingProxyType(
    {
        "years": _derived(_years),
        "depth_zones": _derived(_depth_zones),
        "tile": _derived(_tile),
        "thesaurus_terms": _derived(_thesaurus_terms),
        "months": _derived(_months),
        "begin": _derived(_begin),
        "end": _derived(_end),
        "modified": _derived(_modified),
        "everything": _everything,
    }
)
