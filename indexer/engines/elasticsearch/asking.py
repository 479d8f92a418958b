"""Questions to an index about conditions that it cannot decide alone, in as few requests as can be.

What is doubtful in a query (``refinement``) is supposed, and the answer lists it among the hits: nearly always nothing,
or only what is as it was supposed, and the answer stands. Otherwise it is asked again, with what is now known of the
hits. Several questions go together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from indexer.engines.elasticsearch.atoms import Q
from indexer.engines.elasticsearch.conditions import Compiler
from indexer.engines.elasticsearch.refinement import KEYS, Doubt, Knowing, Refiner, Supposing
from indexer.engines.elasticsearch.requests import Body
from indexer.engines.ordering import has_words
from indexer.engines.shapes import Known
from indexer.query import And, AtLeast, Condition, Not, Or, Preference, Season, Spatial

AskAll = Callable[[Sequence[Body]], Sequence[Body]]
"""Sends search bodies to the index at once, and gives their answers."""


@dataclass(frozen=True, slots=True)
class Question:
    """A search body but for its query, and the conditions of that."""

    body: Body
    where: Condition
    prefer: Sequence[Preference] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """A question's compiled query, and what the index answered."""

    query: Q
    found: Body


@dataclass(slots=True)
class Trust:
    """Whether the last supposition of a question without words was right, and the next one may be.

    Such a question has many hits, and counting all of them in vain costs more than listing first what is doubtful.
    """

    right: bool = True


@dataclass(frozen=True, slots=True)
class _Draft:
    """A question with its query, in which ``doubts`` are supposed. ``whole``: all is asked at once, and not only what
    is doubtful listed.
    """

    question: Question
    query: Q
    doubts: Sequence[Doubt] = ()
    whole: bool = True

    @property
    def body(self) -> Body:
        """What is sent."""
        asked: Body = self.question.body if self.whole else {"size": 0, "track_total_hits": False}
        counted: Body = {**asked.get("aggs", {})}
        for number, doubt in enumerate(self.doubts):
            listed = {"keys": {"composite": doubt.pages}}
            counted[_name(number)] = {"filter": doubt.candidates, "aggs": listed}
        return {**asked, "query": self.query, **({"aggs": counted} if counted else {})}


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks one index. What was learned of it is remembered in ``known`` and ``trust``."""

    ask_all: AskAll
    known: Known
    trust: Trust

    def ask(self, body: Body) -> Body:
        """One question that is compiled already."""
        return self.ask_all([body])[0]

    def answers(self, questions: Sequence[Question]) -> list[Answered]:
        """The exact answers: one request for all, and another for those in which something was not as supposed."""
        drafts = list(map(self._supposed, questions))
        answered = self._answered(drafts)
        again: dict[int, _Draft] = {}
        for number, (draft, answer) in enumerate(zip(drafts, answered, strict=True)):
            if (corrected := self._corrected(draft, answer.found)) is not None:
                again[number] = corrected
        for number, answer in zip(again, self._answered(list(again.values())), strict=True):
            answered[number] = answer
        return answered

    def _answered(self, drafts: Sequence[_Draft]) -> list[Answered]:
        found = self.ask_all([draft.body for draft in drafts]) if drafts else ()
        return [Answered(draft.query, answer) for draft, answer in zip(drafts, found, strict=True)]

    def _supposed(self, question: Question) -> _Draft:
        if any(map(_negates, (question.where, *(one.condition for one in question.prefer)))):
            return self._exact(question)
        refine = Supposing(self.ask, self.known)
        query = _compiled(question, refine)
        trusted = self.trust.right or has_words(question.where)
        return _Draft(question, query, refine.doubts, whole=trusted or not refine.doubts)

    def _exact(self, question: Question) -> _Draft:
        """Without doubts, which are settled now by requests of their own."""
        return _Draft(question, _compiled(question, Refiner(self.ask, self.known)))

    def _corrected(self, draft: _Draft, found: Body) -> _Draft | None:
        """The question with what is known now in place of what was supposed; None where the answer stands."""
        if not draft.doubts:
            return None
        settled, right = [], True
        for number, doubt in enumerate(draft.doubts):
            listed = doubt.listed(found["aggregations"][_name(number)]["keys"])
            if len(listed) == KEYS:  # there may be more
                return self._exact(draft.question)
            settled.append(doubt.among(listed))
            right = right and len(settled[-1]) == len(listed)
        if not has_words(draft.question.where):
            self.trust.right = right
        if draft.whole and right:
            return None
        return _Draft(draft.question, _compiled(draft.question, Knowing(self.ask, self.known, iter(settled))))


def _name(number: int) -> str:
    """What the answer calls a doubt: no field has such a name."""
    return f"doubt:{number}"


def _compiled(question: Question, refine: Refiner) -> Q:
    return Compiler(refine).query(question.where, question.prefer)


def _negates(where: Condition) -> bool:
    """Whether something that may be doubtful stands below a Not."""
    match where:
        case And(parts) | Or(parts) | AtLeast(_, parts):
            return any(map(_negates, parts))
        case Not(part):
            return may_be_doubtful(part)
        case _:
            return False


def may_be_doubtful(where: Condition) -> bool:
    """Whether the index alone may be unable to decide a condition."""
    match where:
        case And(parts) | Or(parts) | AtLeast(_, parts):
            return any(map(may_be_doubtful, parts))
        case Not(part):
            return may_be_doubtful(part)
        case _:
            return isinstance(where, Spatial | Season)
