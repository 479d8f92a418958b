"""Counted values of a facet as the tree that their vocabulary makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.query import FacetValue
from mappings.vocabularies.loading import load_vocabularies


@dataclass(frozen=True, slots=True)
class Node:
    """A value, its count, and the counted values that are narrower than it."""

    value: str
    count: int | None
    narrower: tuple[Node, ...] = ()


def tree_of(vocabulary: str, values: Sequence[FacetValue]) -> tuple[Node, ...]:
    """The most frequent values as a tree, its branches in the order of ``values``.

    A value with several wider ones stands under the first of them. Who has a value has all wider ones, so a wider one
    is at least as frequent; if it just missed the list, it has the same count, and is put in.
    """
    concepts = load_vocabularies().of(vocabulary)
    counts = {value.value: value.count for value in values}
    parents: dict[str, str | None] = {}
    waiting = list(counts)
    for value in waiting:
        concept = concepts.get(value)
        parent = concept.broader[0] if concept is not None and concept.broader else None
        parents[value] = parent
        if parent is not None and parent not in counts:
            counts[parent] = counts[value]
            waiting.append(parent)
    below: dict[str | None, list[str]] = {}
    order = {value: place for place, value in enumerate(counts)}
    for value in sorted(parents, key=lambda value: (-counts[value], order[value])):
        below.setdefault(parents[value], []).append(value)

    def node(value: str) -> Node:
        return Node(value, counts[value], tuple(map(node, below.get(value, ()))))

    return tuple(map(node, below.get(None, ())))
