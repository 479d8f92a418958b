"""The judgement file: what people ask, and which records answer it, graded by reading the records.

3 is exactly what was asked for, 2 a good answer, 1 a marginal one. Records that are not named are 0: they were read in
the pool of some order and found to be no answer, or nobody found them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import msgspec
import yaml

from mappings.errors import ConfigurationError

FILE = Path(__file__).with_name("judgements.yaml")


@dataclass(frozen=True)
class Question:
    """One question. ``need`` is the sentence it was judged by; ``held_out`` ones are not looked at while tuning."""

    id: str
    q: str
    language: Literal["zh", "en"]
    kind: str
    need: str
    grade_3: tuple[str, ...]
    grade_2: tuple[str, ...] = ()
    grade_1: tuple[str, ...] = ()
    held_out: bool = False

    @cached_property
    def grades(self) -> dict[str, int]:
        """Record id to grade."""
        by_grade = {1: self.grade_1, 2: self.grade_2, 3: self.grade_3}
        return {record_id: grade for grade, ids in by_grade.items() for record_id in ids}

    def among(self, ids: frozenset[str]) -> Question | None:
        """The question over fewer records; None where none that answers it is left."""
        left = {
            name: tuple(id for id in getattr(self, name) if id in ids)
            for name in ("grade_1", "grade_2", "grade_3")
        }
        if not left["grade_3"] and not left["grade_2"]:
            return None
        return Question(self.id, self.q, self.language, self.kind, self.need, held_out=self.held_out, **left)


def load_judgements(path: Path = FILE) -> tuple[Question, ...]:
    """All questions. Raises ``ConfigurationError`` that says what is wrong with the file."""
    try:
        questions = msgspec.convert(yaml.safe_load(path.read_text("utf-8")), tuple[Question, ...])
    except (msgspec.ValidationError, yaml.YAMLError) as error:
        raise ConfigurationError(f"{path.name}: {error}") from error
    seen: set[str] = set()
    for question in questions:
        named = (*question.grade_1, *question.grade_2, *question.grade_3)
        if question.id in seen:
            raise ConfigurationError(f"{path.name}: two questions are called {question.id}")
        if len(set(named)) < len(named):
            raise ConfigurationError(f"{path.name}: {question.id} grades a record twice")
        if not question.grade_3:
            raise ConfigurationError(f"{path.name}: nothing answers {question.id}")
        seen.add(question.id)
    return questions
