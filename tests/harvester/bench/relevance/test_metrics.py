"""NDCG and reciprocal rank, against values worked out by hand."""

from __future__ import annotations

from math import log2

import pytest

from harvester.bench.relevance.metrics import ndcg, reciprocal_rank

GRADES = {"exact": 3, "good": 2, "marginal": 1}
BEST = 7 + 3 / log2(3) + 1 / 2


def test_the_best_order_is_worth_one() -> None:
    assert ndcg(["exact", "good", "marginal", "other"], GRADES) == pytest.approx(1.0)
    assert ndcg(["exact"], {"exact": 3}) == 1.0


def test_other_orders_are_worth_less() -> None:
    assert ndcg(["good", "exact", "marginal"], GRADES) == pytest.approx((3 + 7 / log2(3) + 1 / 2) / BEST)
    assert ndcg(["other", "exact"], GRADES) == pytest.approx(7 / log2(3) / BEST)
    assert ndcg(["other"], GRADES) == 0
    assert ndcg([], GRADES) == 0


def test_only_ten_hits_count() -> None:
    others = [f"other{number}" for number in range(10)]
    assert ndcg([*others, "exact"], GRADES) == 0
    many = {f"exact{number}": 3 for number in range(30)}
    assert ndcg([f"exact{number}" for number in range(20, 30)], many) == pytest.approx(1.0)


def test_the_rank_of_the_first_answer() -> None:
    assert reciprocal_rank(["exact", "good"], GRADES) == 1
    assert reciprocal_rank(["other", "marginal", "good"], GRADES) == pytest.approx(1 / 3)
    assert reciprocal_rank(["marginal"], GRADES) == 0
    assert reciprocal_rank([f"other{number}" for number in range(10)] + ["exact"], GRADES) == 0
