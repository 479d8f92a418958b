"""The few tantivy queries that conditions are made of. None of them adds to a hit's relevance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import tantivy

from indexer.engines.tantivy.schema import schema

_FLOAT, _INTEGER = tantivy.FieldType.Float, tantivy.FieldType.Integer


def nothing() -> tantivy.Query:
    """No document."""
    return tantivy.Query.empty_query()


def term(name: str, value: str | int) -> tantivy.Query:
    """Documents with this value."""
    return _silent(tantivy.Query.term_query(schema(), name, value, "basic"))


def terms(name: str, values: Sequence[str] | Sequence[int]) -> tantivy.Query:
    """Documents with at least one of the values."""
    if not values:
        return nothing()
    return _silent(tantivy.Query.term_set_query(schema(), name, values))


def between(
    name: str, low: float | None, high: float | None, *, above: bool = False, below: bool = False
) -> tantivy.Query:
    """Documents with a value from ``low`` to ``high``, an end left out where ``above`` or ``below`` is set.

    ``None`` is open, though not at both ends. The bounds' type (``int`` or ``float``) is the field's.
    """
    kind = _INTEGER if isinstance(low if low is not None else high, int) else _FLOAT
    return _silent(tantivy.Query.range_query(schema(), name, kind, low, high, not above, not below))


def regex(name: str, pattern: str) -> tantivy.Query:
    """Documents with a term that matches the pattern as a whole. Raises ``ValueError`` for one too complex."""
    return _silent(tantivy.Query.regex_query(schema(), name, pattern))


def every(parts: Iterable[tantivy.Query]) -> tantivy.Query:
    """Documents that match all of at least one part; hits add up the relevance of the parts."""
    return _boolean(tantivy.Occur.Must, parts)


def some(parts: Iterable[tantivy.Query]) -> tantivy.Query:
    """Documents that match at least one part; hits add up the relevance of those."""
    return _boolean(tantivy.Occur.Should, parts)


def without(base: tantivy.Query, part: tantivy.Query) -> tantivy.Query:
    """Documents of ``base`` that do not match ``part``."""
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, base), (tantivy.Occur.MustNot, part)])


def _boolean(occur: tantivy.Occur, parts: Iterable[tantivy.Query]) -> tantivy.Query:
    listed = list(parts)
    if len(listed) == 1:
        return listed[0]
    return tantivy.Query.boolean_query([(occur, part) for part in listed])


def _silent(query: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, 0.0)
