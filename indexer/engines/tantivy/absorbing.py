"""The absorption law: what has to hold anyway is not asked for again among alternatives, A and (A or B) is A.

It keeps the records that match, and not their relevance.
"""

from __future__ import annotations

from collections.abc import Iterator

from indexer.query import And, AtLeast, Condition, Or


def absorbed(where: Condition) -> Condition:
    """The same records, by one flat And in which alternatives are only those that need not hold anyway."""
    parts = tuple(_flat(where))
    holding = frozenset(parts)
    return And(tuple(less for part in parts for less in _less(part, holding)))


def _flat(where: Condition) -> Iterator[Condition]:
    match where:
        case And(parts):
            for part in parts:
                yield from _flat(part)
        case _:
            yield where


def _less(part: Condition, holding: frozenset[Condition]) -> Iterator[Condition]:
    """What is left of a part beside those that hold."""
    match part:
        case Or(parts) | AtLeast(_, parts) if not holding.isdisjoint(parts):
            others = tuple(each for each in parts if each not in holding)
            least = (part.count if isinstance(part, AtLeast) else 1) - (len(parts) - len(others))
            if least > 0:
                yield AtLeast(least, others)
        case _:
            yield part
