"""The plain engine: every document is looked at for every query. The others are compared with it."""

from __future__ import annotations

import math
import operator
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from indexer import analysis
from indexer.areas import Area
from indexer.document import Document, searched_fields
from indexer.engines import seasons
from indexer.engines.asked_areas import geometry_of
from indexer.engines.base import Capabilities, Deletion, IndexStatus
from indexer.engines.centres import Point, centre_of, distance_keys
from indexer.engines.counting import TILE, heatmap, most_frequent
from indexer.engines.moments import Moments, check_engine, expired
from indexer.engines.ordering import comes_after, ranks, sort_value, tie
from indexer.engines.regions import Region, region_of, relates, relates_area
from indexer.engines.relevance import rarity, saturated
from indexer.nearness import nearest
from indexer.patterns import Literally, Pattern, key_pattern, word_patterns
from indexer.query import (
    DISTANCE,
    And,
    AtLeast,
    Compare,
    Condition,
    Cursor,
    DepthRange,
    During,
    Everything,
    Exists,
    FacetRequest,
    FacetValue,
    Like,
    Not,
    Or,
    Phrase,
    Query,
    SearchResult,
    Season,
    Spatial,
    Terms,
    Text,
    TileCount,
)
from mappings.fields import load_fields
from mappings.times import first_second, last_second

_OPERATORS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
Words = tuple[str, ...]
_NAME = "memory"


@dataclass(frozen=True, slots=True)
class _Entry:
    document: Document
    stems: dict[str, tuple[Words, ...]]
    words: dict[str, frozenset[str]]
    region: Region | None


class MemoryEngine:
    """An index in the memory of one process."""

    capabilities = Capabilities(persistent=False, shared=False)
    needs_rebuild = False

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}
        self._versions: dict[str, int] = {}
        self._deleted: dict[str, int] = {}
        self._moments: Moments[dict[str, _Entry]] = Moments()
        self._writing = threading.Lock()

    def apply(self, changes: Sequence[Document | Deletion]) -> None:
        """See ``Engine.apply``."""
        with self._writing:
            entries = dict(self._entries)
            for change in changes:
                self._apply_one(entries, change)
            self._entries = entries

    def _apply_one(self, entries: dict[str, _Entry], change: Document | Deletion) -> None:
        if change.version < self._versions.get(change.id, change.version):
            return
        if isinstance(change, Deletion):
            entries.pop(change.id, None)
            self._deleted[change.id] = change.version
        elif self._deleted.get(change.id) == change.version:
            return
        else:
            entries[change.id] = _entry(change)
        self._versions[change.id] = change.version

    def search(self, query: Query) -> SearchResult:
        """See ``Engine.search``."""
        self._moments.let_go()
        entries = self._entries_at(query)
        hits = _hits(entries, query.where)
        ordered = _ordered(hits, query, entries)
        begin = _begin(ordered, query, entries)
        ids = tuple(ordered[begin : begin + query.page.size])
        goes_on = query.page.after is not None and len(ordered) > begin + len(ids)
        return SearchResult(
            ids=ids,
            next=self._cursor(query, entries, begin, ids) if goes_on else None,
            total=len(hits),
            facets={
                request.field: _facet(
                    hits if request.where is None else _hits(entries, request.where), request
                )
                for request in query.facets
            },
            heatmap=() if query.heatmap is None else _heatmap(hits, query.heatmap),
            totals={where: len(_hits(entries, where)) for where in query.totals},
        )

    def _entries_at(self, query: Query) -> dict[str, _Entry]:
        """Those of the moment in which the walk began, or, where there is none, of now."""
        after = query.page.after
        if after is None or after == Cursor():
            return self._entries
        check_engine(after, _NAME)
        entries = self._moments.find(after.moment)
        if entries is None and ranks(query):
            raise expired()
        return self._entries if entries is None else entries

    def _cursor(self, query: Query, entries: dict[str, _Entry], begin: int, ids: tuple[str, ...]) -> Cursor:
        moment = self._moments.keep(entries)
        if ranks(query):
            return Cursor(_NAME, moment, (begin + len(ids),))
        last = ids[-1]
        return Cursor(_NAME, moment, (_sort_value(entries[last], query), tie(last)))

    def relevance(self, query: Query) -> dict[str, float]:
        """What each hit is worth, whatever it is sorted by."""
        entries = self._entries
        hits = [entry for entry in entries.values() if _matches(entry, query.where)]
        return _relevance(hits, query, entries)

    def words_near(self, word: str, edits: int) -> tuple[str, ...]:
        """See ``Engine.words_near``."""
        return nearest(word, {own for entry in self._entries.values() for own in _words(entry)}, edits)

    def worth(self, conditions: Sequence[Condition], record_id: str) -> tuple[float | None, ...]:
        """See ``Engine.worth``."""
        entries = self._entries
        entry = entries.get(record_id)
        return tuple(
            _scores([entry], where, entries)[record_id] if entry and _matches(entry, where) else None
            for where in conditions
        )

    @contextmanager
    def filling(self, label: str, note: str) -> Iterator[MemoryFilling]:
        """See ``Engine.filling``. Nothing is left of one that was not published, under no ``label``."""
        del label
        yield MemoryFilling(note, {}, self._publish)

    def _publish(self, entries: dict[str, _Entry]) -> None:
        with self._writing:
            self._entries = entries
            self._versions = {key: entry.document.version for key, entry in entries.items()}
            self._deleted = {}

    def status(self) -> IndexStatus:
        """See ``Engine.status``."""
        return IndexStatus(len(self._entries), None, "memory")

    def census(self) -> Iterator[tuple[str, int]]:
        """See ``Engine.census``."""
        return ((key, entry.document.version) for key, entry in self._entries.items())

    def close(self) -> None:
        """Nothing to let go of."""


@dataclass(slots=True)
class MemoryFilling:
    """See ``base.Filling``."""

    note: str
    entries: dict[str, _Entry]
    swap: Callable[[dict[str, _Entry]], None]
    after: str = ""

    def add(self, documents: Iterable[Document], bookmark: Callable[[], str]) -> None:
        """See ``base.Filling.add``."""
        for document in documents:
            self.entries[document.id] = _entry(document)
            self.after = bookmark()

    def publish(self) -> None:
        """See ``base.Filling.publish``."""
        self.swap(self.entries)


def _entry(document: Document) -> _Entry:
    texts = document.texts.items()
    return _Entry(
        document,
        {name: tuple(tuple(run.split(" ")) for run in field.stems) for name, field in texts},
        {name: frozenset(" ".join(field.words).split()) for name, field in texts},
        region_of(document),
    )


def _hits(entries: dict[str, _Entry], where: Condition) -> list[_Entry]:
    return [entry for entry in entries.values() if _matches(entry, where)]


def _matches(entry: _Entry, where: Condition) -> bool:
    match where:
        case Everything():
            return True
        case And(parts):
            return all(_matches(entry, part) for part in parts)
        case Or(parts):
            return any(_matches(entry, part) for part in parts)
        case AtLeast(count, parts):
            return sum(_matches(entry, part) for part in parts) >= count
        case Not(part):
            return not _matches(entry, part)
        case Spatial() | During() | Season() | DepthRange():
            return _matches_extent(entry, where)
        case _:
            return _matches_field(entry, where)


def _matches_extent(entry: _Entry, where: Spatial | During | Season | DepthRange) -> bool:
    match where:
        case Spatial(relation, asked):
            if entry.region is None:
                return False
            if isinstance(asked, Area):
                return relates_area(entry.region, relation, geometry_of(asked))
            return relates(entry.region, relation, asked)
        case During():
            return _during(entry.document, where)
        case Season():
            return any(map(seasons.asked(where).holds, entry.document.periods))
        case DepthRange(top, bottom):
            depth = entry.document.depth
            return (
                depth is not None
                and (bottom is None or depth[0] <= bottom)
                and (top is None or depth[1] >= top)
            )


def _matches_field(entry: _Entry, where: Text | Phrase | Like | Terms | Compare | Exists) -> bool:
    match where:
        case Text(words, field):
            return all(_has_words(entry, field, unit) for unit in analysis.units(words))
        case Phrase(words, field):
            asked = analysis.phrase(words)
            return not asked or _has_words(entry, field, asked)
        case Like(field, pattern):
            return _like(entry, field, pattern)
        case Terms(field, values):
            document = entry.document
            own = {value[: analysis.MAX_KEY] for value in document.keywords.get(field, ())}
            numbers = document.integers.get(field)
            return bool(own & set(values)) or (numbers is not None and bool({*numbers} & {*map(int, values)}))
        case Compare():
            return _compare(entry.document, where)
        case Exists(field):
            return _exists(entry, field)


def _has_words(entry: _Entry, field: str | None, unit: Words) -> bool:
    return any(_occurrences(entry, name, unit) for name in searched_fields(field))


def _words(entry: _Entry) -> Iterator[str]:
    """The unstemmed words of all texts."""
    for words in entry.words.values():
        yield from words


def _occurrences(entry: _Entry, field: str, unit: Words) -> int:
    """How often the words of ``unit`` stand in a row in a field."""
    size = len(unit)
    runs = entry.stems.get(field, ())
    return sum(run[i : i + size] == unit for run in runs for i in range(len(run) - size + 1))


def _like(entry: _Entry, field: str, pattern: str) -> bool:
    if load_fields()[field].type == "keyword":
        asked = _regex(key_pattern(pattern))
        return any(
            asked.fullmatch(analysis.fold_key(value)) for value in entry.document.keywords.get(field, ())
        )
    words = [word for name in searched_fields(field) for word in entry.words.get(name, ())]
    return all(any(map(_regex(asked).fullmatch, words)) for asked in word_patterns(pattern))


def _regex(pattern: Pattern) -> re.Pattern[str]:
    return re.compile(
        "".join(
            re.escape(piece.text) if isinstance(piece, Literally) else {"*": ".*", "?": "."}[piece]
            for piece in pattern
        ),
        re.DOTALL,
    )


def _compare(document: Document, where: Compare) -> bool:
    field = load_fields()[where.field]
    if field.type == "instant":
        return _compare_instants(document.instants.get(field.name, ()), where)
    values: Sequence[str | int]
    asked: str | int
    if field.type == "integer":
        values, asked = document.integers.get(field.name, ()), int(where.value)
    else:
        texts = document.whole if field.type == "text" else document.keywords
        values = [analysis.fold_key(value) for value in texts.get(field.name, ())]
        asked = analysis.fold_key(where.value)
    if where.operator == "=":
        return asked in values
    if where.operator == "<>":
        return bool(values) and asked not in values
    return any(_OPERATORS[where.operator](value, asked) for value in values)


def _compare_instants(spans: Sequence[tuple[int, int]], where: Compare) -> bool:
    first, last = first_second(where.value), last_second(where.value)
    match where.operator:
        case "=":
            return any(begin <= last and end >= first for begin, end in spans)
        case "<>":
            return bool(spans) and not any(begin <= last and end >= first for begin, end in spans)
        case "<":
            return any(begin < first for begin, _ in spans)
        case "<=":
            return any(begin <= last for begin, _ in spans)
        case ">":
            return any(end > last for _, end in spans)
        case ">=":
            return any(end >= first for _, end in spans)


def _exists(entry: _Entry, field: str) -> bool:
    document = entry.document
    match load_fields()[field].type:
        case "region":
            return entry.region is not None
        case "periods":
            return bool(document.periods)
        case "range":
            return document.depth is not None
    return any(
        field in values
        for values in (document.texts, document.keywords, document.integers, document.instants)
    )


def _during(document: Document, where: During) -> bool:
    asked_begin = -math.inf if where.start is None else first_second(where.start)
    asked_end = math.inf if where.end is None else last_second(where.end)
    for start, end in document.periods:
        begin = -math.inf if start is None else start
        finish = math.inf if end is None else end
        if where.relation == "overlaps" and begin <= asked_end and finish >= asked_begin:
            return True
        if where.relation == "within" and begin >= asked_begin and finish <= asked_end:
            return True
    return False


def _facet(hits: list[_Entry], request: FacetRequest) -> tuple[FacetValue, ...]:
    counts: Counter[str | int] = Counter()
    for entry in hits:
        keywords = entry.document.keywords.get(request.field, ())
        counts.update({value[: analysis.MAX_KEY] for value in keywords})
        counts.update(set(entry.document.integers.get(request.field, ())))
    return most_frequent(counts.items(), request)


def _heatmap(hits: list[_Entry], zoom: int) -> tuple[TileCount, ...]:
    return heatmap(
        Counter(number for entry in hits for number in entry.document.integers.get(TILE, ())), zoom
    )


def _ordered(hits: list[_Entry], query: Query, entries: dict[str, _Entry]) -> list[str]:
    down = query.sort.descending
    if ranks(query):
        scores = _relevance(hits, query, entries)
        return sorted(scores, key=lambda key: (-scores[key], tie(key)))
    if query.sort.by == "relevance":
        return sorted((entry.document.id for entry in hits), key=tie)
    if query.sort.near is not None and query.sort.by == DISTANCE:
        return _by_distance(hits, query.sort.near)
    field = load_fields()[query.sort.by]
    values: dict[str, Any] = {entry.document.id: sort_value(entry.document, field) for entry in hits}
    by_tie = sorted(values, key=tie, reverse=down)
    with_value = sorted(
        (key for key in by_tie if values[key] is not None), key=values.__getitem__, reverse=down
    )
    return with_value + [key for key in by_tie if values[key] is None]


def _begin(ordered: list[str], query: Query, entries: dict[str, _Entry]) -> int:
    """Where the asked page begins among the hits."""
    after = query.page.after
    if after is None or not after.key:
        return query.page.offset
    if ranks(query):
        return int(after.key[0] or 0)
    value, number = after.key
    down = query.sort.descending and query.sort.by != "relevance"
    return sum(
        not comes_after(_sort_value(entries[key], query), tie(key), (value, number), descending=down)
        for key in ordered
    )


def _sort_value(entry: _Entry, query: Query) -> str | int | None:
    by = query.sort.by
    return None if by == "relevance" else sort_value(entry.document, load_fields()[by])


def _by_distance(hits: list[_Entry], near: Point) -> list[str]:
    placed = [(entry.document.id, centre_of(entry.document, entry.region)) for entry in hits if entry.region]
    keys = distance_keys(near, np.array([centre for _, centre in placed]).reshape(-1, 2)).tolist()
    ordered = sorted(
        zip(keys, (key for key, _ in placed), strict=True), key=lambda one: (one[0], tie(one[1]))
    )
    nowhere = (entry.document.id for entry in hits if not entry.region)
    return [key for _, key in ordered] + sorted(nowhere, key=tie)


def _relevance(hits: list[_Entry], query: Query, entries: dict[str, _Entry]) -> dict[str, float]:
    scores = _scores(hits, query.where, entries)
    for preference in query.prefer:
        for entry in hits:
            if _matches(entry, preference.condition):
                scores[entry.document.id] += preference.weight
    return scores


def _scores(hits: list[_Entry], where: Condition, entries: dict[str, _Entry]) -> dict[str, float]:
    """Summed over what is asked for and matches: an alternative counts for its own hits alone."""
    scores = {entry.document.id: 0.0 for entry in hits}
    match where:
        case And(parts) | Or(parts) | AtLeast(_, parts):
            for part in parts:
                own = [entry for entry in hits if _matches(entry, part)]
                for record_id, score in _scores(own, part, entries).items():
                    scores[record_id] += score
        case Text(words, field):
            _add_words(scores, hits, searched_fields(field), analysis.units(words), entries)
        case Phrase(words, field):
            _add_words(scores, hits, searched_fields(field), (analysis.phrase(words),), entries)
    return scores


def _add_words(
    scores: dict[str, float],
    hits: list[_Entry],
    fields: Iterable[str],
    asked: Iterable[Words],
    entries: dict[str, _Entry],
) -> None:
    """Add what each unit is worth in each field; the words of a phrase are each as rare as they are."""
    every = entries.values()
    for field, unit in product(fields, filter(None, asked if hits else ())):
        having = [sum(1 for one in every if _occurrences(one, field, (word,))) for word in unit]
        rare = sum(rarity(len(entries), count) for count in having) * load_fields()[field].weight
        average = sum(_length(entry, field) for entry in every) / len(entries)
        for entry in hits:
            times = _occurrences(entry, field, unit)
            scores[entry.document.id] += rare * saturated(times, _length(entry, field), average)


def _length(entry: _Entry, field: str) -> int:
    """The words of a field; engines give one to what has none."""
    return sum(map(len, entry.stems.get(field, ()))) or 1
