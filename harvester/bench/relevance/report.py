"""The judged questions as tables for the terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from statistics import fmean
from typing import Any

from harvester.bench.relevance.run import Judged, Outcome

WORST = 10


def lines(outcome: Outcome) -> Iterator[str]:
    """The tables of one engine."""
    yield f"\n{outcome.engine}: {outcome.records:,} records"
    yield f"  {'':28} {'questions':>9} {'NDCG@10':>8} {'MRR':>7}"
    for name, judged in groups(outcome.judged):
        yield f"  {name:28} {len(judged):9} {_ndcg(judged):8.3f} {_mrr(judged):7.3f}"
    yield "  the worst"
    for one in worst(outcome.judged):
        yield f"    {one.ndcg:.3f}  {one.question.id}  {one.question.q}"


def groups(judged: Sequence[Judged]) -> Iterator[tuple[str, Sequence[Judged]]]:
    """All questions, those tuned on and those held out, each language, each kind."""
    yield "all", judged
    for name, held_out in (("tuned on", False), ("held out", True)):
        yield from _some(name, [one for one in judged if one.question.held_out == held_out])
    for language in ("zh", "en"):
        yield from _some(language, [one for one in judged if one.question.language == language])
    for kind in sorted({one.question.kind for one in judged}):
        yield kind, [one for one in judged if one.question.kind == kind]


def worst(judged: Iterable[Judged]) -> list[Judged]:
    """The questions answered worst, worst first."""
    return sorted(judged, key=lambda one: (one.ndcg, one.question.id))[:WORST]


def as_json(outcome: Outcome) -> dict[str, Any]:
    """Everything measured of one engine."""
    return {
        "engine": outcome.engine,
        "records": outcome.records,
        "groups": {
            name: {
                "questions": len(judged),
                "ndcg_10": round(_ndcg(judged), 4),
                "mrr": round(_mrr(judged), 4),
            }
            for name, judged in groups(outcome.judged)
        },
        "questions": [
            {
                "id": one.question.id,
                "q": one.question.q,
                "ndcg_10": round(one.ndcg, 4),
                "reciprocal_rank": round(one.reciprocal_rank, 4),
                "hits": [{"id": id, "grade": one.question.grades.get(id, 0)} for id in one.ids],
            }
            for one in outcome.judged
        ],
    }


def _some(name: str, judged: list[Judged]) -> Iterator[tuple[str, list[Judged]]]:
    if judged:
        yield name, judged


def _ndcg(judged: Iterable[Judged]) -> float:
    return fmean(one.ndcg for one in judged)


def _mrr(judged: Iterable[Judged]) -> float:
    return fmean(one.reciprocal_rank for one in judged)
