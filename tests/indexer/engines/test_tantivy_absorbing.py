"""What is absorbed finds the same records."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from indexer.engines.memory import MemoryEngine
from indexer.engines.tantivy.absorbing import absorbed
from indexer.query import And, AtLeast, Condition, Not, Or, Page, Query, Terms
from tests.contracts.engine_documents import document

VALUES = "abcd"
A, B, C, D = (Terms("platform", (value,)) for value in VALUES)


def parts(below: st.SearchStrategy[Condition]) -> st.SearchStrategy[tuple[Condition, ...]]:
    return st.lists(below, min_size=1, max_size=4).map(tuple)


def conditions() -> st.SearchStrategy[Condition]:
    return st.recursive(
        st.sampled_from([A, B, C, D]),
        lambda below: st.one_of(
            st.builds(And, parts(below)),
            st.builds(Or, parts(below)),
            st.builds(Not, below),
            st.builds(
                lambda listed, count: AtLeast(min(count, len(listed)), listed),
                parts(below),
                st.integers(1, 3),
            ),
        ),
        max_leaves=10,
    )


def every_kind() -> MemoryEngine:
    """A record for each set of the values."""
    engine = MemoryEngine()
    chosen = product((False, True), repeat=len(VALUES))
    sets = [[value for value, there in zip(VALUES, each, strict=True) if there] for each in chosen]
    engine.apply([document(f"r{number}", keywords={"platform": each}) for number, each in enumerate(sets)])
    return engine


ENGINE = every_kind()


def found(where: Condition) -> set[str]:
    return set(ENGINE.search(Query(where, page=Page(size=100))).ids)


@given(conditions())
def test_the_same_records_are_found(where: Condition) -> None:
    assert found(absorbed(where)) == found(where)


def test_alternatives_are_only_those_that_need_not_hold() -> None:
    some, most = Or((A, B)), AtLeast(2, (A, B, C))
    assert absorbed(And((And((some, D)), A))) == And((D, A))
    assert absorbed(And((most, A))) == And((AtLeast(1, (B, C)), A))
    assert absorbed(And((most, A, C))) == And((A, C))
    assert absorbed(And((AtLeast(1, (some, C)), some))) == And((some,))
    assert absorbed(And((most, D))) == And((most, D))
    assert absorbed(A) == And((A,))
