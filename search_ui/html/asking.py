"""A search as the portal asks it: with all words, respelt where no record has one of them, or, where few records have
them all, with most of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from indexer.catalogue import Catalogue, SearchPage
from indexer.query import And, Condition, Cursor, Page
from mappings.fields import Field
from search_ui.html.facets import requests_for
from search_ui.most_words import Word, has_alternatives, words_in
from search_ui.parameters import SearchState
from search_ui.spelling import Speller, Spelling

MAX_WORDS = 50
"""Of longer texts no words are left out."""
FEW = 5
"""Where fewer records have all words, those with most of them follow."""
SHORT = 3
"""Of so few words, where no record has all of them, all but one are asked for at once: half of them are no fewer."""


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
    after: Cursor | None = None,
) -> Answer:
    """Ask the catalogue and count these facets and map tiles. Raises what ``Catalogue.search`` raises. ``priors``: what
    holds where the URL does not say. ``after``: the place in a walk.
    """

    later = after is not None and bool(after.key)

    def search(state: SearchState) -> SearchPage:
        query = state.query(requests_for(state, facets), priors=priors)
        page = query.page if after is None else Page(size=state.size, after=after)
        totals = () if later else _told_by(state)
        return catalogue.search(replace(query, heatmap=heatmap, page=page, totals=totals))

    page = search(state)
    if later:  # of what the first page was of
        return Answer(state, page, None)
    all_but_one = None if page.total else _all_but_one(state)
    found = None if all_but_one is None else search(all_but_one)
    spelling = None if page.total else _respelt(catalogue, state)
    if spelling is not None:
        state = replace(state, q=spelling.text)
        page, found = search(state), None
    most = _relaxation(catalogue, state, page.total)
    if most is not None:
        relaxed = replace(state, least=most.least)
        if found is None:
            found = search(relaxed)
        if found.total > page.total:
            if not most.complete:
                most = replace(most, left_out=left_out_of(catalogue, relaxed, found))
            return Answer(relaxed, found, most, spelling)
    return Answer(state, page, None, spelling)


def first_hits(catalogue: Catalogue, text: str, count: int, *, priors: bool) -> tuple[str, ...]:
    """The ids of the first hits that the portal shows for a text."""
    return tuple(hit.id for hit in ask(catalogue, SearchState(q=text, size=count), priors=priors).page.hits)


def _respelt(catalogue: Catalogue, state: SearchState) -> Spelling | None:
    """The text with other words for those that no record has. Where some record has all of them there are none such,
    but perhaps among alternatives.
    """
    if state.q is None or (with_all_words(catalogue, state) and not has_alternatives(state.asked.conditions)):
        return None
    return Speller(catalogue).corrected(state.q)


def with_all_words(catalogue: Catalogue, state: SearchState) -> int:
    """How many records have all words, whatever else is asked for."""
    return catalogue.total(_words_alone(state).where())


def _words_alone(state: SearchState) -> SearchState:
    """The search for all words, whatever else is asked for."""
    return SearchState(q=state.q)


def _relaxation(catalogue: Catalogue, state: SearchState, total: int) -> MostWords | None:
    """How many words might do. That few records have them all is told by the words alone: so a facet's count is what
    choosing it shows.
    """
    asked = len(words_in(state.asked.conditions))
    if total >= FEW or not 2 <= asked <= MAX_WORDS:
        return None
    if state.order == "relevance" and 0 < (complete := with_all_words(catalogue, state)) < FEW:
        return MostWords(_least_of_few(catalogue, state, asked), asked, (), complete)
    return None if total else MostWords(_least_of_any(catalogue, state, asked), asked, ())


def _least_of_few(catalogue: Catalogue, state: SearchState, asked: int) -> int:
    """The largest number of words that ``FEW`` records have, or else half of them."""
    alone, half = _words_alone(state), (asked + 1) // 2
    enough = (
        least
        for least in range(asked - 1, half, -1)
        if catalogue.total(replace(alone, least=least).where()) >= FEW
    )
    return next(enough, half)


def _least_of_any(catalogue: Catalogue, state: SearchState, asked: int) -> int:
    """The largest number of words that any record has; half of them, where none has more, or so many."""
    low, high = (asked + 1) // 2, asked  # some record may have low words; none has high
    while high - low > 1:
        middle = (low + high) // 2
        if catalogue.total(replace(state, least=middle).where()):
            low = middle
        else:
            high = middle
    return low


def left_out_of(catalogue: Catalogue, state: SearchState, page: SearchPage) -> tuple[str, ...]:
    """The words that none of the hits of a search for ``least`` of them has, where none of the hits has all."""
    having = _counted(state)
    if not having:
        return _left_out_of_many(catalogue, state, page)
    found = {word.text: page.totals[where] for word, where in having.items()}
    words = [word.text for word in words_in(state.asked.conditions)]
    found[words[0]] = page.total * len(having) - sum(found.values())  # each hit lacks one word
    return tuple(word for word in words if not found[word])


def _left_out_of_many(catalogue: Catalogue, state: SearchState, page: SearchPage) -> tuple[str, ...]:
    """The same, of many words. The first hit tells most of those that are there, mostly the frequent ones, which take
    longest to be counted.
    """
    words = words_in(state.asked.conditions)
    conditions = [word.condition for word in words]
    worth = catalogue.worth(conditions, page.hits[0].id) if page.hits else (None,) * len(words)
    having = _having(state, [word for word, found in zip(words, worth, strict=True) if found is None])
    totals = catalogue.totals(having.values())
    return tuple(word.text for word, where in having.items() if not totals[where])


def _all_but_one(state: SearchState) -> SearchState | None:
    """The search for all but one of a few words."""
    asked = len(words_in(state.asked.conditions))
    return replace(state, least=asked - 1) if 2 <= asked <= SHORT else None


def _told_by(state: SearchState) -> tuple[Condition, ...]:
    """What is counted beside a search for all but one of a few words: records with all of them, whatever else is asked
    for, which tell whether any is misspelt; and hits that have each word but the first.
    """
    having = _counted(state)
    return (_words_alone(state).where(), *having.values()) if having else ()


def _counted(state: SearchState) -> dict[Word, Condition]:
    """The hits that have each word but the first, in a search for all but one of a few words. The first is mostly what
    is looked for, and frequent, which takes longest to be counted.
    """
    if state.least is None or _all_but_one(state) != state:
        return {}
    return _having(state, words_in(state.asked.conditions)[1:])


def _having(state: SearchState, words: Iterable[Word]) -> dict[Word, Condition]:
    """The hits that have each word."""
    where = state.where()
    return {word: And((where, word.condition)) for word in words}
