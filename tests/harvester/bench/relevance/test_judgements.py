"""The judgement file is what it says it is."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from harvester.bench.relevance.judgements import load_judgements
from mappings.errors import ConfigurationError


def test_eighty_questions_in_two_languages_thirty_held_out() -> None:
    questions = load_judgements()
    assert Counter(question.language for question in questions) == {"zh": 40, "en": 40}
    assert sum(question.held_out for question in questions) == 30
    assert len({question.id for question in questions}) == 80
    assert len({(question.q, question.language) for question in questions}) == 80
    assert len({question.kind for question in questions}) >= 10
    assert all(question.need and question.id.startswith(question.language) for question in questions)


def test_grades_are_one_to_three_and_none_twice() -> None:
    for question in load_judgements():
        assert set(question.grades.values()) <= {1, 2, 3}
        assert 3 in question.grades.values()


def test_questions_over_fewer_records() -> None:
    question = next(question for question in load_judgements() if question.q == "XBT")
    left = question.among(frozenset({"archive/xbt_wpac_archive.nc"}))
    assert left is not None
    assert left.grades == {"archive/xbt_wpac_archive.nc": 3}
    assert question.among(frozenset({"anything else"})) is None


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("- {id: a, q: x, language: fr, kind: k, need: n, grade_3: [r]}", "'fr'"),
        ("- {id: a, q: x, language: en, kind: k, need: n, grade_3: []}", "nothing answers a"),
        (
            "- {id: a, q: x, language: en, kind: k, need: n, grade_3: [r], grade_1: [r]}",
            "a grades a record twice",
        ),
        (
            "- &a {id: a, q: x, language: en, kind: k, need: n, grade_3: [r]}\n- *a",
            "two questions are called a",
        ),
        ("- {", "judgements.yaml"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, written: str, said: str) -> None:
    file = tmp_path / "judgements.yaml"
    file.write_text(written, "utf-8")
    with pytest.raises(ConfigurationError, match=said):
        load_judgements(file)
