"""A search as the portal asks it: with all words, or, where no record has them all, with most of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from indexer.catalogue import Catalogue, SearchPage
from indexer.query import And, Condition, Page, Query
from mappings.fields import Field
from search_ui.html.facets import requests_for
from search_ui.most_words import Word, words_in
from search_ui.parameters import SearchState

MAX_WORDS = 50
"""Of longer texts no words are left out."""


@dataclass(frozen=True, slots=True)
class MostWords:
    """Hits have ``least`` or more of the ``asked`` words; those of ``left_out`` are in none of them."""

    least: int
    asked: int
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of hits. ``state`` is what was asked in the end: ``most`` tells how it differs from the URL."""

    state: SearchState
    page: SearchPage
    most: MostWords | None


def ask(
    catalogue: Catalogue, state: SearchState, facets: tuple[Field, ...], heatmap: int | None = None
) -> Answer:
    """Ask the catalogue and count these facets and map tiles. Raises what ``Catalogue.search`` raises."""
    page = _search(catalogue, state, facets, heatmap)
    most = None if page.total else most_words(catalogue, state)
    if most is not None:
        state = replace(state, least=most.least)
        page = _search(catalogue, state, facets, heatmap)
    return Answer(state, page, most)


def _search(
    catalogue: Catalogue, state: SearchState, facets: tuple[Field, ...], heatmap: int | None
) -> SearchPage:
    return catalogue.search(replace(state.query(requests_for(state, facets)), heatmap=heatmap))


def most_words(catalogue: Catalogue, state: SearchState) -> MostWords | None:
    """The largest number of words, at least half of them, that any record has; None where no record has so many."""
    words = words_in(state.asked.conditions)
    if not 2 <= len(words) <= MAX_WORDS:
        return None
    low, high = (len(words) + 1) // 2, len(words)  # some record may have low words; none has high
    if not _count(catalogue, replace(state, least=low).where()):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if _count(catalogue, replace(state, least=middle).where()):
            low = middle
        else:
            high = middle
    where = replace(state, least=low).where()
    return MostWords(low, len(words), tuple(_missing(catalogue, where, words)))


def _missing(catalogue: Catalogue, where: Condition, words: tuple[Word, ...]) -> list[str]:
    return [word.text for word in words if not _count(catalogue, And((where, word.condition)))]


def _count(catalogue: Catalogue, where: Condition) -> int:
    return catalogue.search(Query(where, page=Page(size=0))).total
