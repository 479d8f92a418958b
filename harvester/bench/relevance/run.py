"""Asks each engine every question, over one set of records."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from harvester.bench.relevance.collection import load
from harvester.bench.relevance.judgements import Question
from harvester.bench.relevance.metrics import DEPTH, ndcg, reciprocal_rank
from indexer.catalogue import Catalogue
from indexer.workspace import Workspace
from mappings.errors import FatalError

Ask = Callable[[Catalogue, str], Sequence[str]]
"""Gives the ids of the first hits that the portal shows for a text."""
Tell = Callable[[str], None]
_PREFIX = "halocline"


@dataclass(frozen=True, slots=True)
class Judged:
    """One question's first hits, and what they are worth."""

    question: Question
    ids: tuple[str, ...]
    ndcg: float
    reciprocal_rank: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one engine did with all questions."""

    engine: str
    records: int
    judged: tuple[Judged, ...]


def measure(
    questions: Sequence[Question], corpus: Path | None, elasticsearch: str | None, ask: Ask, tell: Tell
) -> list[Outcome]:
    """Load the records below a temporary folder, then ask tantivy and, at the address ``elasticsearch``, Elasticsearch.

    There an index of its own is filled, beside that of the catalogue the address leads to: its name ends in
    ``-relevance``, and it stays. Without ``corpus``, only the questions that the demo's records answer are asked.
    Raises ``ConfigurationError``, ``IndexUnavailable``, and ``FatalError`` where the records are not those that were
    judged.
    """
    with tempfile.TemporaryDirectory(prefix="relevance-") as name, ExitStack() as open_ones:
        data = Path(name) / "data"
        embedded = Workspace(data)
        open_ones.callback(embedded.close)
        load(embedded, corpus, Path(name) / "pieces")
        asked = answerable(questions, embedded.catalogue, whole=corpus is not None)
        tell(f"{embedded.catalogue.count():,} records, {len(asked)} questions")
        outcomes = [Outcome("tantivy", embedded.catalogue.count(), judge(embedded.catalogue, asked, ask))]
        if elasticsearch is not None:
            cluster = Workspace(data, search_url=beside(elasticsearch))
            open_ones.callback(cluster.close)
            cluster.catalogue.rebuild()
            outcomes.append(
                Outcome("elasticsearch", cluster.catalogue.count(), judge(cluster.catalogue, asked, ask))
            )
        return outcomes


def answerable(questions: Iterable[Question], catalogue: Catalogue, *, whole: bool) -> tuple[Question, ...]:
    """The questions over the records that there are. ``whole``: all that were judged have to be there."""
    ids = frozenset(listed.id for listed in catalogue.listing())
    asked = tuple(questions)
    missing = sorted({id for question in asked for id in question.grades} - ids)
    if whole and missing:
        raise FatalError(
            f"{len(missing)} judged records are not among those loaded, such as {missing[0]!r}: the corpus "
            "is not the one that was judged, or ids are given otherwise now"
        )
    return tuple(left for question in asked if (left := question.among(ids)))


def judge(catalogue: Catalogue, questions: Iterable[Question], ask: Ask) -> tuple[Judged, ...]:
    """Ask ``catalogue`` and grade the first hits."""
    judged = []
    for question in questions:
        ids = tuple(ask(catalogue, question.q)[:DEPTH])
        judged.append(
            Judged(question, ids, ndcg(ids, question.grades), reciprocal_rank(ids, question.grades))
        )
    return tuple(judged)


def beside(url: str) -> str:
    """The search URL of an index beside that of ``url``."""
    parts = urlsplit(url)
    return parts._replace(path=f"/{parts.path.strip('/') or _PREFIX}-relevance").geturl()
