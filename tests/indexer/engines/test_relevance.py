"""The formula of relevance, against values worked out by hand."""

from __future__ import annotations

import math

import pytest

from indexer.analysis import units
from indexer.engines.relevance import NO_WORDS, kept_length, rarity, saturated


def test_rarity() -> None:
    assert rarity(10, 1) == pytest.approx(math.log(1 + 9.5 / 1.5))
    assert rarity(10, 10) == pytest.approx(math.log(1 + 0.5 / 10.5))
    assert rarity(10, 0) > rarity(10, 1) > rarity(10, 9) > 0


def test_saturation() -> None:
    assert saturated(1, 10, 10.0) == pytest.approx(1.0)
    assert saturated(2, 10, 10.0) == pytest.approx(2.2 * 2 / 3.2)
    assert saturated(1, 20, 10.0) == pytest.approx(2.2 / (1 + 1.2 * 1.75))
    assert saturated(0, 10, 10.0) == 0
    assert saturated(10**6, 1, 10.0) == pytest.approx(2.2, abs=1e-3)


def test_lengths_are_kept_in_one_byte() -> None:
    lengths = [0, 1, 23, 24, 39, 40, 41, 42, 55, 56, 59, 60, 1000, 100_000]
    kept = [0, 1, 23, 24, 39, 40, 40, 42, 54, 56, 56, 60, 984, 98_328]
    assert list(map(kept_length, lengths)) == kept


def test_what_stands_for_no_words_cannot_be_asked_for() -> None:
    assert units(NO_WORDS) == ()
