"""Finds the concepts of the vocabularies in texts, of documents and of queries alike.

The longest wording wins: ``sea surface temperature`` is not also ``temperature``. Most wordings are compared by
their stems, abbreviations by their words and some (DO) by how they are written (``Wording.comparison``). A wording
may stand in a compound (``sea_surface_temperature``) and be broken at the end of a line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from operator import attrgetter

from indexer.analysis import CACHED_SHORT, JOINTS, Word, phrase, placed_words
from mappings.vocabularies.concept import Comparison, Vocabularies, Wording
from mappings.vocabularies.loading import load_vocabularies

_GAP = re.compile(rf"\s*|[{JOINTS}]|\s?[(（]")
"""What may stand between two words of a wording: never the end of a clause."""

_COMPARED: dict[Comparison, Callable[[Word], str]] = {
    "stems": attrgetter("stem"),
    "word": attrgetter("folded"),
    "exact": attrgetter("written"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """Where in a text (characters, end exclusive) a wording stands, and the ids of the concepts it means."""

    start: int
    end: int
    concept_ids: tuple[str, ...]


def concepts_in(text: str) -> tuple[Found, ...]:
    """The concepts that ``text`` names, in their order and without overlaps."""
    return _matcher().find(text)


def concept_ids(texts: Iterable[str]) -> tuple[str, ...]:
    """The concepts that any of the texts names, and all wider ones: who asks for those finds these too."""
    return tuple(dict.fromkeys(id for text in texts for id in _named(text)))


def sea_regions(texts: Iterable[str]) -> tuple[str, ...]:
    """Of ``concept_ids`` those that are seas."""
    regions = load_vocabularies().of("sea_regions")
    return tuple(id for id in concept_ids(texts) if id in regions)


@lru_cache(maxsize=CACHED_SHORT)
def _named(text: str) -> tuple[str, ...]:
    wider = _wider()
    return tuple(
        dict.fromkeys(id for found in concepts_in(text) for own in found.concept_ids for id in wider(own))
    )


@cache
def _wider() -> Callable[[str], tuple[str, ...]]:
    """Gives the id of a concept that is looked for in texts, and of all wider ones."""
    vocabularies = load_vocabularies()
    homes = {concept.id: concept.vocabulary for concept in vocabularies if concept.wordings}
    return cache(lambda id: vocabularies.with_broader(homes[id], id))


@dataclass(slots=True)
class _Node:
    """The words that may follow in a wording, and what it means if it ends here: nothing if it is a guard."""

    next: dict[str, _Node] = field(default_factory=dict)
    ids: tuple[str, ...] | None = None


class Matcher:
    """The wordings of all concepts as one trie of words for each way to compare them."""

    def __init__(self, vocabularies: Vocabularies) -> None:
        self._roots = {comparison: _Node() for comparison in _COMPARED}
        self._starts = [(root.next, _COMPARED[comparison]) for comparison, root in self._roots.items()]
        for guard in vocabularies.guards:
            self._add(Wording(guard), ())
        for concept in vocabularies:
            for wording in concept.wordings:
                self._add(wording, (concept.id,))

    def _add(self, wording: Wording, ids: tuple[str, ...]) -> None:
        node = self._roots[wording.comparison]
        for word in _words(wording):
            node = node.next.setdefault(word, _Node())
        node.ids = tuple(dict.fromkeys([*(node.ids or ()), *ids]))

    def find(self, text: str) -> tuple[Found, ...]:
        """As ``concepts_in``."""
        words = tuple(placed_words(text))
        return tuple(_without_overlaps(self._candidates(text, words)))

    def _candidates(self, text: str, words: Sequence[Word]) -> Iterator[Found]:
        """At each word the longest wording that begins there, a guard among them."""
        for first, word in enumerate(words):
            longest, ids = 0, dict[str, None]()
            for starts, compared in self._starts:
                if (node := starts.get(compared(word))) is None:
                    continue
                end, meant = _longest(node, text, words, first, compared)
                if end > longest:
                    longest, ids = end, {}
                if end == longest:
                    ids |= dict.fromkeys(meant)
            if longest:
                yield Found(word.start, words[longest - 1].end, tuple(ids))


@cache
def _matcher() -> Matcher:
    return Matcher(load_vocabularies())


def _words(wording: Wording) -> Iterable[str]:
    if wording.comparison == "stems":
        return phrase(wording.text)
    return map(_COMPARED[wording.comparison], placed_words(wording.text))


def _longest(
    node: _Node, text: str, words: Sequence[Word], first: int, compared: Callable[[Word], str]
) -> tuple[int, tuple[str, ...]]:
    """The number of the word after the longest wording that begins with word ``first``, and what it means; 0 if none
    does.
    """
    longest, ids = (0, ()) if node.ids is None else (first + 1, node.ids)
    for number in range(first + 1, len(words)):
        following = node.next.get(compared(words[number]))
        if following is None or not _GAP.fullmatch(text, words[number - 1].end, words[number].start):
            break
        node = following
        if node.ids is not None:
            longest, ids = number + 1, node.ids
    return longest, ids


def _without_overlaps(candidates: Iterable[Found]) -> Iterator[Found]:
    last_end = 0
    for found in candidates:
        if found.start >= last_end:
            last_end = found.end
            if found.concept_ids:
                yield found
