"""Pairs of Han characters find what phrases of the characters find."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import example, given
from hypothesis import strategies as st

from indexer.engines.tantivy.han_pairs import pairs_in, phrase_of_pairs

HAN = ("海", "表", "\U00020000")
RUNS = st.lists(st.lists(st.sampled_from((*HAN, "a", "ctd", "a海")), min_size=1, max_size=12), max_size=4)


def stands_in(row: Sequence[str], runs: Sequence[Sequence[str]]) -> bool:
    return any(tuple(run[at : at + len(row)]) == tuple(row) for run in runs for at in range(len(run)))


@given(runs=RUNS, unit=st.lists(st.sampled_from(HAN), min_size=2, max_size=7))
@example(runs=[["海", "表", "a", "海", "表"]], unit=["海", "表", "海", "表"])
@example(runs=[["海", "表"], ["海", "表"]], unit=["海", "表", "海", "表"])
def test_a_phrase_of_characters_stands_where_its_pairs_do(runs: list[list[str]], unit: list[str]) -> None:
    indexed = pairs_in([" ".join(run) for run in runs]).split()
    asked = phrase_of_pairs(unit)
    assert asked[0][0] == 0
    found = any(
        all(at + place < len(indexed) and indexed[at + place] == pair for place, pair in asked)
        for at in range(len(indexed))
    )
    assert found == stands_in(unit, runs)


def test_other_phrases_are_none_of_pairs() -> None:
    assert all(
        not phrase_of_pairs(unit) for unit in (["海", "a"], ["sea", "water"], ["a", "b"], ["a海", "表"])
    )
