"""The judged questions over the demo's records: how good the first hits are must not get worse."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import fmean

import pytest
from click.testing import CliRunner

import app
from harvester.bench.relevance import report
from harvester.bench.relevance.collection import take_apart
from harvester.bench.relevance.judgements import Question, load_judgements
from harvester.bench.relevance.metrics import DEPTH
from harvester.bench.relevance.run import Outcome, beside, measure
from indexer.catalogue import Catalogue
from mappings.errors import ConfigurationError, FatalError
from search_ui.html.asking import first_hits

LEAST_NDCG, LEAST_MRR = 0.88, 0.93


def first(catalogue: Catalogue, text: str) -> tuple[str, ...]:
    return first_hits(catalogue, text, DEPTH, priors=True)


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    """tantivy on the demo's records alone."""
    (found,) = measure(load_judgements(), None, None, first, lambda line: None)
    return found


def test_the_first_hits_are_good(outcome: Outcome) -> None:
    assert outcome.engine == "tantivy"
    assert outcome.records > 50
    assert len(outcome.judged) > 50
    assert fmean(one.ndcg for one in outcome.judged) >= LEAST_NDCG
    assert fmean(one.reciprocal_rank for one in outcome.judged) >= LEAST_MRR


def test_titles_and_identifiers_come_first(outcome: Outcome) -> None:
    exact = [one for one in outcome.judged if one.question.kind in {"exact title", "identifier"}]
    assert len(exact) >= 5
    assert [one.question.q for one in exact if one.question.grades.get((*one.ids, "")[0]) != 3] == []


def test_the_tables_and_the_json_say_the_same(outcome: Outcome) -> None:
    told, shown = report.as_json(outcome), list(report.lines(outcome))
    assert told["groups"]["all"]["questions"] == len(outcome.judged)
    groups = told["groups"]
    assert groups["tuned on"]["questions"] + groups["held out"]["questions"] == len(outcome.judged)
    assert f"{groups['all']['ndcg_10']:.3f}" in next(line for line in shown if line.strip().startswith("all"))
    assert len([line for line in shown if line.startswith("    ") and line[4].isdigit()]) == report.WORST
    assert told["questions"][0]["hits"][0].keys() == {"id", "grade"}


def test_the_records_have_to_be_those_that_were_judged(corpus: Path) -> None:
    strange = Question("x", "sea", "en", "broad", "Any.", ("no such record",))
    with pytest.raises(FatalError, match="no such record"):
        measure([strange], corpus, None, first, lambda line: None)


def test_the_corpus_holds_what_was_judged(corpus: Path, tmp_path: Path) -> None:
    assert take_apart(corpus, tmp_path) > 900
    assert len({path.parent.name for path in tmp_path.rglob("*.*")}) >= 6


def test_a_folder_that_is_no_corpus(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"MANIFEST\.train\.tsv"):
        take_apart(tmp_path, tmp_path / "pieces")


def test_an_index_of_its_own() -> None:
    assert (
        beside("http://user:pass@host:9200/ocean?node=x")
        == "http://user:pass@host:9200/ocean-relevance?node=x"
    )
    assert beside("https://host:9200") == "https://host:9200/halocline-relevance"


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CORPUS", "SEARCH_URL", "DATABASE_URL"):
        monkeypatch.delenv(f"HALOCLINE_{name}", raising=False)
    monkeypatch.setenv("HALOCLINE_DATA_DIR", str(tmp_path))
    result = CliRunner().invoke(app.main, ("bench", "relevance", "--json"), catch_exceptions=False)
    assert result.exit_code == 0
    (told,) = json.loads(result.stdout)
    assert told["engine"] == "tantivy"
    assert told["groups"]["all"]["ndcg_10"] > 0
    wrong = CliRunner().invoke(app.main, ("bench", "--json", "relevance"))
    assert wrong.exit_code == 2
    assert "bench relevance" in wrong.output
