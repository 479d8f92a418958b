"""The few tantivy queries that conditions are made of. None of them adds to a hit's relevance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import tantivy

from indexer.engines.tantivy.schema import schema

MAX_TOGETHER = 200
"""Up to so many values that are looked for in several fields are read together; of more, a set for each field."""
LAYERS, INNER_LAYERS = 64, 16
"""How many queries are put around one another to give relevance, in a question and in each condition in it. tantivy
goes through them by recursion: of some 800 in all it overflows a thread's stack of 8 MiB, which ends the process.
"""
_FLOAT, _INTEGER = tantivy.FieldType.Float, tantivy.FieldType.Integer


@dataclass(frozen=True, slots=True)
class Ranked:
    """What gives relevance: documents that match each of ``found``, and thereby ``least`` or more of ``together``,
    whose relevance adds up.

    ``singly`` gives documents of ``found`` the same relevance. It is fast at skipping ahead from one to another, where
    ``together`` is fast at reading all: tantivy reads unions in windows of 4,096 documents.
    """

    found: tuple[tantivy.Query, ...]
    together: tuple[tantivy.Query, ...]
    singly: tuple[tantivy.Query, ...]
    least: int = 1


@dataclass(frozen=True, slots=True)
class Clauses:
    """Documents that match each of ``must`` and of ``ranked`` (all documents, where there is neither) and none of
    ``must_not``.

    Conditions joined by And become one flat list: tantivy skips ahead in its parts, but reads a nested query whole.
    """

    must: tuple[tantivy.Query, ...] = ()
    must_not: tuple[tantivy.Query, ...] = ()
    ranked: tuple[Ranked, ...] = ()

    def __add__(self, other: Clauses) -> Clauses:
        return Clauses(self.must + other.must, self.must_not + other.must_not, self.ranked + other.ranked)

    def query(self, everything: tantivy.Query, layers: int = INNER_LAYERS) -> tantivy.Query:
        """As one query; ``everything`` is what is meant where nothing must match.

        Relevance is read for many documents together where only words are asked for, and else for one after the other
        of what the other conditions leave over.
        """
        if not self.must:
            return self._joined([at_least_some(one.least, one.together) for one in self.ranked], everything)
        return self.singly(everything, layers)

    def singly(self, everything: tantivy.Query, layers: int = INNER_LAYERS) -> tantivy.Query:
        """As ``query``, with relevance that is read for one document after the other."""
        parts = [part for one in self.ranked for part in one.singly]
        return preferring(self.matching(everything), parts, layers)

    def relevance(self, everything: tantivy.Query) -> tuple[tantivy.Query, ...]:
        """What adds up to the relevance of a document that matches, and gives none to others."""
        if not self.must and not self.must_not and [one.least for one in self.ranked] == [1]:
            return self.ranked[0].singly  # whatever matches one of these matches the whole
        return (self.singly(everything),) if self.ranked else ()

    def matching(self, everything: tantivy.Query) -> tantivy.Query:
        """The documents alone, without relevance."""
        return self._joined([*self.must, *(part for one in self.ranked for part in one.found)], everything)

    def _joined(self, must: list[tantivy.Query], everything: tantivy.Query) -> tantivy.Query:
        must = must or [everything]
        if len(must) == 1 and not self.must_not:
            return must[0]
        excluded = [(tantivy.Occur.MustNot, part) for part in self.must_not]
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in must] + excluded)


def preferring(base: tantivy.Query, preferred: Sequence[tantivy.Query], layers: int) -> tantivy.Query:
    """Documents of ``base``, whose relevance adds up with that of what they match of ``preferred``.

    One query around the other: beside each other tantivy would unite what is preferred, and read all of it. Of more
    than so many ``layers`` some are beside each other.
    """
    together = -(-len(preferred) // layers)
    for start in range(0, len(preferred), max(together, 1)):
        part = some(preferred[start : start + together])
        base = tantivy.Query.boolean_query([(tantivy.Occur.Must, base), (tantivy.Occur.Should, part)])
    return base


def nothing() -> tantivy.Query:
    """No document."""
    return tantivy.Query.empty_query()


def term(name: str, value: str | int) -> tantivy.Query:
    """Documents with this value."""
    return silent(tantivy.Query.term_query(schema(), name, value, "basic"))


def terms(name: str, values: Sequence[str] | Sequence[int]) -> tantivy.Query:
    """Documents with at least one of the values. A set of values is read whole before anything else, one is not."""
    if not values:
        return nothing()
    if len(values) == 1:
        return term(name, values[0])
    return silent(tantivy.Query.term_set_query(schema(), name, values))


def terms_anywhere(names: Sequence[str], values: Sequence[str]) -> tantivy.Query:
    """Documents with at least one of the values in at least one of the fields. A few are read all together."""
    if not values:
        return nothing()
    if len(values) > MAX_TOGETHER:
        return some(terms(name, values) for name in names)
    each = (tantivy.Query.term_query(schema(), name, value, "basic") for name in names for value in values)
    return silent(some(each))


def at_least(name: str, low: float) -> tantivy.Query:
    """Documents with a value from ``low``, whose type (``int`` or ``float``) is the field's."""
    return _range(name, low, None, True)


def at_most(name: str, high: float) -> tantivy.Query:
    """Documents with a value up to ``high``."""
    return _range(name, None, high, True)


def above(name: str, low: float) -> tantivy.Query:
    """Documents with a value greater than ``low``."""
    return _range(name, low, None, False)


def below(name: str, high: float) -> tantivy.Query:
    """Documents with a value less than ``high``."""
    return _range(name, None, high, False)


def between(name: str, low: int, high: int) -> tantivy.Query:
    """Documents with a value from ``low`` to ``high``."""
    return _range(name, low, high, True)


def regex(name: str, pattern: str) -> tantivy.Query:
    """Documents with a term that matches the pattern as a whole. Raises ``ValueError`` for one too complex."""
    return silent(tantivy.Query.regex_query(schema(), name, pattern))


def every(*parts: tantivy.Query) -> tantivy.Query:
    """Documents that match all of the parts; hits add up the relevance of the parts."""
    return Clauses(parts).query(nothing())


def some(parts: Iterable[tantivy.Query]) -> tantivy.Query:
    """Documents that match at least one part; hits add up the relevance of those."""
    return at_least_some(1, list(parts))


def at_least_some(count: int, parts: Sequence[tantivy.Query]) -> tantivy.Query:
    """Documents that match ``count`` parts or more; hits add up the relevance of those."""
    if count == len(parts) == 1:
        return parts[0]
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, part) for part in parts], count)


def without(base: tantivy.Query, part: tantivy.Query) -> tantivy.Query:
    """Documents of ``base`` that do not match ``part``."""
    return Clauses((base,), (part,)).query(base)


def _range(name: str, low: float | None, high: float | None, inclusive: bool) -> tantivy.Query:
    kind = _INTEGER if isinstance(low if low is not None else high, int) else _FLOAT
    with_low, with_high = inclusive or low is None, inclusive or high is None
    return silent(tantivy.Query.range_query(schema(), name, kind, low, high, with_low, with_high))


def silent(query: tantivy.Query) -> tantivy.Query:
    """The same documents, none more relevant than another."""
    return tantivy.Query.const_score_query(query, 0.0)
