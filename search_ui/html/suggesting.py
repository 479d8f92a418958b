"""``/suggest.json``: what may be meant by the beginning of a text: named things that records have, and titles.

The named things (variables, keywords, seas, places, platforms, instruments) are read from the facets of all records,
with their names in both languages, and kept for a while; titles are asked for, and remembered as long as nothing
changes.
"""

from __future__ import annotations

import json
import threading
import time
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import islice

from flask import Blueprint, Response, request, url_for
from flask.blueprints import BlueprintSetupState

from indexer.analysis import Word, fold, placed_words
from indexer.catalogue import Catalogue, Titled
from indexer.query import (
    MAX_FACET,
    And,
    Condition,
    Everything,
    FacetRequest,
    Like,
    Or,
    Page,
    Query,
    Text,
)
from indexer.remembered import Remembered
from mappings.errors import IndexUnavailable
from mappings.vocabularies.loading import load_vocabularies
from search_ui.html.facets import search_url
from search_ui.html.title_sample import TitleSample
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
FRESH, SHARE = 30.0, 100
"""Seconds for which the named things are used before they are read again beside the requests, if anything has changed;
or so many times the seconds that reading them took, where that is more.
"""
MAX_BEGINNINGS = 2000
"""Beginnings whose titles are remembered."""
LARGE = 250_000
"""Records from which on titles that many have the words of are suggested from a sample."""
SUGGESTER = "halocline.suggester"
"""What an application's extensions have its ``Suggester`` under."""
SAMPLE, PIECE, PAUSE = 4000, 25, 0.01
"""Titles in a sample; how many are read at once; and the seconds until the next ones are, in which requests have the
interpreter for themselves. All of it takes some three seconds: until then what is less frequent is asked of the engine,
which takes longer than being held up by a piece.
"""
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
    """The things in the order in which they are suggested, all beginnings of their names, in order, and the place of
    the thing that each belongs to.
    """

    things: tuple[Named, ...]
    beginnings: tuple[str, ...]
    places: tuple[int, ...]

    @classmethod
    def of(cls, things: Iterable[Named]) -> Names:
        """With every name of each thing, from each of its words on; by field and frequency."""
        order = list(FIELDS)
        ordered = sorted(things, key=lambda thing: (order.index(thing.field), -thing.count, thing.value))
        pairs = sorted(
            {
                (begun, place)
                for place, thing in enumerate(ordered)
                for name in _names(thing)
                for begun in _beginnings(name)
            }
        )
        return cls(tuple(ordered), tuple(begun for begun, _ in pairs), tuple(place for _, place in pairs))

    def begun_by(self, text: str) -> Iterator[Named]:
        """The things with a name, or a later word of one, that begins with ``text``."""
        begun = _key(text)
        if not begun:
            return
        start = bisect_left(self.beginnings, begun)
        end = bisect_left(self.beginnings, begun + "\U0010ffff", start)
        yield from (self.things[place] for place in sorted(set(self.places[start:end])))


class Suggester:
    """Suggests from one catalogue. Any thread may use it."""

    def __init__(self, catalogue: Catalogue, clock: Callable[[], float] = time.monotonic) -> None:
        self._catalogue = catalogue
        self._clock = clock
        self._known: _Known | None = None
        self._reading = threading.Lock()
        self._titles: Remembered[str, tuple[Titled, ...]] = Remembered(MAX_BEGINNINGS)
        self._sample = TitleSample()

    def prepare(self) -> None:
        """Read names and draw titles beside whatever else is done: a server does so before anybody types."""
        threading.Thread(target=self._prepare, daemon=True).start()

    def _prepare(self) -> None:
        with suppress(IndexUnavailable):  # whoever types first tries again
            self.names()

    @property
    def sampled(self) -> int:
        """How many titles were drawn so far."""
        return len(self._sample.titles)

    def names(self) -> Names:
        """The named things as they were at most a while ago. Only the first request waits for them."""
        known = self._known
        if known is None:
            with self._reading:
                if self._known is None:
                    self._read()
                    threading.Thread(target=self._draw_first, daemon=True).start()
            return self.names()
        if self._clock() > known.until and self._reading.acquire(blocking=False):
            if self._known is known and self._catalogue.mark() != known.mark:
                threading.Thread(target=self._read_again, daemon=True).start()
            else:
                self._reading.release()
        return known.names

    def titles(self, text: str) -> tuple[Titled, ...]:
        """Records whose title has the words, the last of them perhaps only begun; first those that begin with them.
        Remembered as long as nothing changes, and no longer than until there is a whole sample to choose from: people
        type the same beginnings again and again.
        """
        begun = fold(text[:MAX_TEXT]).lstrip()
        mark = self._catalogue.mark(), self.sampled == SAMPLE
        return self._titles.answer(mark, begun, lambda: self._find(begun))

    def _find(self, text: str) -> tuple[Titled, ...]:
        begun = _key(text)
        found = self._drawn(text) or self._asked(text)

        def later(one: Titled) -> bool:
            return not any(_key(title).startswith(begun) for title in one.title.all())

        return tuple(sorted(found, key=later)[:TITLES])

    def _asked(self, text: str) -> tuple[Titled, ...]:
        found: tuple[Titled, ...] = ()
        for where in _in_titles(text):
            found = self._catalogue.titles(Query(where, page=Page(size=2 * TITLES)))
            if len(found) >= TITLES:
                break
        return found

    def _drawn(self, text: str) -> tuple[Titled, ...] | None:
        sample, found = self._sample, list(placed_words(text))
        if not found:
            return None
        begun = _is_begun(found[-1], text)
        if begun and len(found[-1].folded) < SHORTEST_PREFIX:
            return sample.with_words(text[: found[-1].start], begun=False, least=TITLES)
        return sample.with_words(text, begun=begun, least=TITLES)

    def _draw_first(self) -> None:
        with self._reading:
            self._draw()

    def _draw(self) -> None:
        """Draw titles from a large catalogue, a few at a time. The first ones answer while more are drawn, unless there
        is a larger sample from before.
        """
        drawn = TitleSample()
        try:
            large = self._catalogue.total(Everything()) >= LARGE
            for titles in self._catalogue.drawn_titles(SAMPLE, PIECE) if large else ():
                drawn = drawn.with_more(titles)
                if self.sampled < len(drawn.titles):
                    self._sample = drawn
                time.sleep(PAUSE)
        except IndexUnavailable:  # what there is will do: the rest is asked for
            return
        self._sample = drawn

    def _read_again(self) -> None:
        try:
            self._read()
            self._draw()
        except IndexUnavailable:  # the names that are known will do until it is back
            pass
        finally:
            self._reading.release()

    def _read(self) -> _Known:
        """Read the names, and let so much time pass before the next time that reading them takes a hundredth of it."""
        mark, begun = self._catalogue.mark(), self._clock()
        requests = tuple(FacetRequest(name, MAX_FACET) for name in FIELDS)
        facets = self._catalogue.search(Query(facets=requests, page=Page(size=0))).facets
        names = Names.of(Named(name, each.value, each.count) for name in FIELDS for each in facets[name])
        now = self._clock()
        known = self._known = _Known(names, mark, now + max(FRESH, SHARE * (now - begun)))
        return known


@dataclass(frozen=True, slots=True)
class _Known:
    """The names, what the catalogue's mark was when they were read, and how long nobody looks whether it still is."""

    names: Names
    mark: Hashable
    until: float


def add_routes(front: Blueprint, services: Services) -> None:
    """Add the address that search boxes ask while somebody types."""
    suggester = Suggester(services.catalogue)

    @front.record_once
    def keep(state: BlueprintSetupState) -> None:
        state.app.extensions[SUGGESTER] = suggester

    @front.get("/suggest.json")
    def suggest() -> Response:
        text = request.args.get("q", "")[:MAX_TEXT]
        found = [asdict(each) for each in _suggestions(suggester, text)] if text.strip() else []
        answer = json.dumps({"q": text, "suggestions": found}, ensure_ascii=False)
        response = Response(answer, mimetype="application/json")
        response.vary.update(("Accept-Language", "Cookie"))
        return response


def _suggestions(suggester: Suggester, text: str) -> Iterator[Suggestion]:
    named = _by_label(suggester.names().begun_by(text))
    for label, thing in islice(named, NAMED):
        url = search_url(SearchState().choosing(thing.field, (thing.value,)))
        yield Suggestion(thing.field, field_label(thing.field), label, thing.count, url)
    for titled in suggester.titles(text):
        title = words(titled.title, titled)
        yield Suggestion("title", field_label("title"), title, None, url_for("html.record", id=titled.id))


def _by_label(things: Iterable[Named]) -> Iterator[tuple[str, Named]]:
    """The first thing of each label."""
    seen: set[str] = set()
    for thing in things:
        label = code_label(thing.field, thing.value)
        if fold(label) not in seen:
            seen.add(fold(label))
            yield label, thing


def _in_titles(text: str) -> Iterator[Condition]:
    """What to ask for: the words as they are; then, if these are too few, with the last one perhaps only begun, unless
    a blank follows it or it is Han, whose beginnings are words.
    """
    found = list(placed_words(text))
    if not found:
        return
    last, before = found[-1], Text(text[: found[-1].start], "title")
    if not _is_begun(last, text):
        yield Text(text, "title")
    elif len(last.folded) >= SHORTEST_PREFIX:
        yield Text(text, "title")
        prefix = Or((Text(last.folded, "title"), Like("title", f"{last.folded}*")))
        yield And((before, prefix)) if len(found) > 1 else prefix
    elif len(found) > 1:
        yield before


def _is_begun(last: Word, text: str) -> bool:
    """Whether the last word of a text may go on."""
    return last.end >= len(text.rstrip("\t\n")) and last.folded.isascii()


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
