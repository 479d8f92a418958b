"""A search as the portal asks it: with all words, respelt where no record has one of them, or, where few records have
them all, with most of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from indexer.catalogue import Catalogue, SearchPage
from indexer.query import And, Condition, Page, Query
from mappings.fields import Field
from search_ui.html.facets import requests_for
from search_ui.most_words import Word, words_in
from search_ui.parameters import SearchState
from search_ui.spelling import Speller, Spelling

MAX_WORDS = 50
"""Of longer texts no words are left out."""
FEW = 5
"""Where fewer records have all words, those with most of them follow."""


@dataclass(frozen=True, slots=True)
class MostWords:
    """Hits have ``least`` or more of the ``asked`` words; those of ``left_out`` are in none of them. ``complete``: how
    many records have all words, whatever else is asked for; they come first.
    """

    least: int
    asked: int
    left_out: tuple[str, ...]
    complete: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of hits. ``state`` is what was asked in the end: ``most`` and ``spelling`` tell how it differs from the
    URL.
    """

    state: SearchState
    page: SearchPage
    most: MostWords | None
    spelling: Spelling | None = None


def ask(
    catalogue: Catalogue,
    state: SearchState,
    facets: tuple[Field, ...] = (),
    heatmap: int | None = None,
    *,
    priors: bool = True,
) -> Answer:
    """Ask the catalogue and count these facets and map tiles. Raises what ``Catalogue.search`` raises. ``priors``: what
    holds where the URL does not say.
    """

    def search(state: SearchState) -> SearchPage:
        query = state.query(requests_for(state, facets), priors=priors)
        return catalogue.search(replace(query, heatmap=heatmap))

    page = search(state)
    spelling = None if page.total or state.q is None else Speller(catalogue).corrected(state.q)
    if spelling is not None:
        state = replace(state, q=spelling.text)
        page = search(state)
    most = _relaxation(catalogue, state, page.total)
    if most is not None:
        state = replace(state, least=most.least)
        page = search(state)
    return Answer(state, page, most, spelling)


def first_hits(catalogue: Catalogue, text: str, count: int, *, priors: bool) -> tuple[str, ...]:
    """The ids of the first hits that the portal shows for a text."""
    return tuple(hit.id for hit in ask(catalogue, SearchState(q=text, size=count), priors=priors).page.hits)


def _relaxation(catalogue: Catalogue, state: SearchState, total: int) -> MostWords | None:
    """How many words will do. That few records have them all is told by the words alone: so a facet's count is what
    choosing it shows.
    """
    if total >= FEW:
        return None
    if state.order == "relevance" and (more := few_words(catalogue, state)):
        return more
    return None if total else most_words(catalogue, state)


def few_words(catalogue: Catalogue, state: SearchState) -> MostWords | None:
    """The largest number of words that ``FEW`` records have, or else half of them, where fewer records have all; None
    where no more records have half of them.
    """
    alone = SearchState(q=state.q)
    asked = len(words_in(alone.asked.conditions))
    complete = _count(catalogue, alone.where())
    if not 2 <= asked <= MAX_WORDS or not 0 < complete < FEW:
        return None
    for least in range(asked - 1, (asked + 1) // 2 - 1, -1):
        found = _count(catalogue, replace(alone, least=least).where())
        if found >= FEW:
            break
    return MostWords(least, asked, (), complete) if found > complete else None


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
