"""What an order of hits is worth against graded records."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

DEPTH = 10
RELEVANT = 2
"""The least grade of a hit that answers the question."""

Grades = Mapping[str, int]
"""Record ids and their grades, 1 to 3; what is not named is 0."""


def ndcg(ids: Sequence[str], grades: Grades) -> float:
    """Normalised discounted cumulative gain of the first ``DEPTH`` hits, from 0 to 1 (Järvelin and Kekäläinen 2002).

    A hit of grade g gains 2^g - 1, divided by the logarithm (base 2) of one more than its rank. 1 is the best order
    that the graded records allow.
    """
    best = sorted(grades.values(), reverse=True)
    return _gain([grades.get(record_id, 0) for record_id in ids]) / _gain(best)


def reciprocal_rank(ids: Sequence[str], grades: Grades) -> float:
    """1 divided by the rank of the first hit that answers the question; 0 where none of the first ``DEPTH`` does."""
    ranks = (rank for rank, id in enumerate(ids[:DEPTH], start=1) if grades.get(id, 0) >= RELEVANT)
    return 1 / next(ranks, math.inf)


def _gain(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades[:DEPTH], start=1))
