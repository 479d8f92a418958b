"""What puts hits first beside how often and where their words stand.

Weights are on the scale of ``indexer.query.Preference``. Those of what is asked for are large: who types a title or an
identifier wants that record. The priors know nothing of what is asked for. They are small, so that they decide between
hits that are about as relevant; docs/guide.md states them, and ``priors=off`` or ``HALOCLINE_PRIORS=off`` does without.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from indexer.analysis import units
from indexer.document import CONCEPT, TITLE_CONCEPT
from indexer.query import And, Compare, Condition, Or, Phrase, Preference, Terms
from search_ui.query_language import Asked

EXACT_IDENTIFIER = 2000.0
EXACT_TITLE = 1000.0
ALL_WORDS = 500.0
"""All words, where most of them will do."""
TITLE_PHRASE = 10.0
"""All words in a row in the title."""
CONCEPT_MEANT = 8.0
"""A concept that the words name, whatever the record calls it."""
CONCEPT_IN_TITLE = 25.0
"""The same, named in a title."""

OPEN_ACCESS = 0.5
FRESH = 0.5
FRESH_YEARS = 2
"""A record is fresh whose metadata changed in this calendar year or in so many before it."""

_RESOLVERS = re.compile(
    r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/|cstr:\s*|https?://(?:www\.)?cstr\.cn/)", re.IGNORECASE
)


def preferences(text: str, asked: Asked, *, priors: bool, today: date) -> tuple[Preference, ...]:
    """What to prefer among the hits of ``text``, which asks for ``asked``; nothing where it has no words."""
    if not asked.words:
        return ()
    found = [*_exact(text), *_in_title(asked.words), *_meant(asked.conditions)]
    return (*found, *_priors(today)) if priors else tuple(found)


def _exact(text: str) -> Iterator[Preference]:
    """The record whose title or identifier is the whole text; identifiers with and without their resolver."""
    bare = text.strip().strip('"“”')
    yield Preference(Compare("title", "=", bare), EXACT_TITLE)
    for identifier in dict.fromkeys((bare, _RESOLVERS.sub("", bare, count=1))):
        if identifier:
            yield Preference(Compare("identifier", "=", identifier), EXACT_IDENTIFIER)


def _in_title(words: str) -> Iterator[Preference]:
    if len(units(words)) > 1:
        yield Preference(Phrase(words, "title"), TITLE_PHRASE)


def _meant(conditions: Iterable[Condition]) -> Iterator[Preference]:
    """The concepts among the conditions. What must not be is no preference."""
    for condition in conditions:
        match condition:
            case And(parts) | Or(parts):
                yield from _meant(parts)
            case Terms(field, ids) if field == CONCEPT:
                yield Preference(condition, CONCEPT_MEANT)
                yield Preference(Terms(TITLE_CONCEPT, ids), CONCEPT_IN_TITLE)


def _priors(today: date) -> Iterator[Preference]:
    """Healthy links join these as soon as links are checked and a field says how they are."""
    yield Preference(Terms("access", ("open",)), OPEN_ACCESS)
    yield Preference(Compare("modified", ">=", str(today.year - FRESH_YEARS)), FRESH)
