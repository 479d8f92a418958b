"""``/suggest.json``: what may be meant by the beginning of a text: named things that records have, and titles.

The named things (variables, keywords, seas, places, platforms, instruments) are read from the facets of all records,
with their names in both languages, and kept for a while; titles are asked for each time.
"""

from __future__ import annotations

import json
import threading
import time
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field

from flask import Blueprint, Response, request, url_for

from indexer.analysis import fold, placed_words
from indexer.catalogue import Catalogue, StoredRecord
from indexer.query import MAX_FACET, And, Condition, FacetRequest, Like, Or, Page, Query, Text
from mappings.errors import IndexUnavailable
from mappings.vocabularies.loading import load_vocabularies
from search_ui.html.facets import search_url
from search_ui.labels import VOCABULARY_OF
from search_ui.parameters import SearchState
from search_ui.presentation import code_label, field_label, words
from search_ui.services import Services

FIELDS = {
    "variable": "variables",
    "region": "sea_regions",
    "platform_kind": "platforms",
    "instrument": "instruments",
    "keyword": None,
    "place": None,
    "platform": None,
}
"""The facets whose values are suggested, in this order, and the vocabulary that knows their names."""
FRESH = 30.0
"""Seconds for which the named things are used before they are read again, beside the requests."""
MAX_TEXT = 100
NAMED, TITLES = 6, 4
SHORTEST_PREFIX = 2
"""Letters with which a word of a title has to begin; for one alone half of all records would be looked through."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``kind`` is ``title`` or a facet's name, ``count`` the records that have the value; a title has none."""

    kind: str
    kind_label: str
    label: str
    count: int | None
    url: str


@dataclass(frozen=True, slots=True)
class Named:
    """A value of a facet, and how many records have it."""

    field: str
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Names:
    """All beginnings of the names of things, in order, and the thing that each belongs to."""

    beginnings: tuple[str, ...]
    things: tuple[Named, ...]

    @classmethod
    def of(cls, things: Iterable[Named]) -> Names:
        """With every name of each thing, from each of its words on."""
        pairs = {(begun, thing) for thing in things for name in _names(thing) for begun in _beginnings(name)}
        ordered = sorted(pairs, key=lambda pair: (pair[0], -pair[1].count))
        return cls(tuple(begun for begun, _ in ordered), tuple(thing for _, thing in ordered))

    def begun_by(self, text: str) -> list[Named]:
        """The things with a name, or a later word of one, that begins with ``text``, by field and frequency."""
        begun = _key(text)
        if not begun:
            return []
        start = bisect_left(self.beginnings, begun)
        end = bisect_left(self.beginnings, begun + "\U0010ffff", start)
        order = list(FIELDS)
        found = dict.fromkeys(self.things[start:end])
        return sorted(found, key=lambda thing: (order.index(thing.field), -thing.count, thing.value))


@dataclass(slots=True)
class Suggester:
    """Suggests from one catalogue. Any thread may use it."""

    catalogue: Catalogue
    _names: Names | None = None
    _read_at: float = 0.0
    _reading: threading.Lock = field(default_factory=threading.Lock)

    def names(self) -> Names:
        """The named things as they were at most a while ago. Only the first request waits for them."""
        names = self._names
        if names is None:
            with self._reading:
                return self._names or self._read()
        if time.monotonic() - self._read_at > FRESH and self._reading.acquire(blocking=False):
            self._read_at = time.monotonic()
            threading.Thread(target=self._read_again, daemon=True).start()
        return names

    def titles(self, text: str) -> tuple[StoredRecord, ...]:
        """Records whose title has the words, the last of them perhaps only begun; first those that begin with them."""
        where = _in_titles(text)
        if where is None:
            return ()
        hits = self.catalogue.search(Query(where, page=Page(size=4 * TITLES))).hits
        begun = _key(text)

        def later(stored: StoredRecord) -> bool:
            return not any(_key(title).startswith(begun) for title in stored.record.title.all())

        return tuple(sorted(hits, key=later)[:TITLES])

    def _read_again(self) -> None:
        try:
            self._read()
        except IndexUnavailable:  # the names that are known will do until it is back
            pass
        finally:
            self._reading.release()

    def _read(self) -> Names:
        requests = tuple(FacetRequest(name, MAX_FACET) for name in FIELDS)
        facets = self.catalogue.search(Query(facets=requests, page=Page(size=0))).facets
        things = [Named(name, each.value, each.count) for name in FIELDS for each in facets[name]]
        self._names, self._read_at = Names.of(things), time.monotonic()
        return self._names


def add_routes(front: Blueprint, services: Services) -> None:
    """Add the address that search boxes ask while somebody types."""
    suggester = Suggester(services.catalogue)

    @front.get("/suggest.json")
    def suggest() -> Response:
        text = request.args.get("q", "")[:MAX_TEXT]
        found = [asdict(each) for each in _suggestions(suggester, text)] if text.strip() else []
        answer = json.dumps({"q": text, "suggestions": found}, ensure_ascii=False)
        response = Response(answer, mimetype="application/json")
        response.vary.update(("Accept-Language", "Cookie"))
        return response


def _suggestions(suggester: Suggester, text: str) -> Iterator[Suggestion]:
    labels: set[str] = set()
    for thing in suggester.names().begun_by(text):
        label = code_label(thing.field, thing.value)
        if fold(label) not in labels and len(labels) < NAMED:
            labels.add(fold(label))
            url = search_url(SearchState().choosing(thing.field, (thing.value,)))
            yield Suggestion(thing.field, field_label(thing.field), label, thing.count, url)
    for stored in suggester.titles(text):
        title = words(stored.record.title, stored.record)
        yield Suggestion("title", field_label("title"), title, None, url_for("html.record", id=stored.id))


def _in_titles(text: str) -> Condition | None:
    """The last word may be only begun, unless a blank follows it or it is Han, whose beginnings are words."""
    found = list(placed_words(text))
    if not found:
        return None
    last = found[-1]
    if last.end < len(text.rstrip("\t\n")) or not last.folded.isascii():
        return Text(text, "title")
    before = text[: last.start]
    prefix = Or((Text(last.folded, "title"), Like("title", f"{last.folded}*")))
    if len(last.folded) < SHORTEST_PREFIX:
        return Text(before, "title") if len(found) > 1 else None
    return And((Text(before, "title"), prefix)) if len(found) > 1 else prefix


def _names(thing: Named) -> Iterator[str]:
    yield thing.value
    vocabulary = FIELDS[thing.field] or VOCABULARY_OF.get(thing.field, thing.field)
    concept = load_vocabularies().named(vocabulary, thing.value)
    if concept is not None:
        yield from concept.labels.values()
        yield from (wording.text for wording in concept.wordings)


def _beginnings(name: str) -> Iterator[str]:
    """The name, and what is left of it from each later word or Han character on."""
    key = _key(name)
    yield key
    yield from (key[word.start :] for word in placed_words(key) if word.start)


def _key(text: str) -> str:
    """What must agree: width, case, accents and joints do not matter."""
    return " ".join(fold(text).replace("_", " ").split())
