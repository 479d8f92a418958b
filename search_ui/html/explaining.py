"""Why a record is found: which words stand in which of its fields, what it is about, and what each of that is worth.

The engine that ranks the hits is asked for the relevance of each part alone. Parts of a search that rank nothing (box,
dates, facets) are no reasons: every hit meets them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from flask_babel import gettext

from indexer.analysis import placed_units
from indexer.catalogue import Catalogue
from indexer.document import ANYTEXT, CONCEPT, TITLE_CONCEPT, searched_fields
from indexer.query import And, AtLeast, Compare, Condition, Like, Or, Phrase, Preference, Query, Terms, Text
from mappings.errors import InvalidQuery
from mappings.fields import load_fields
from search_ui.labels import concept_label
from search_ui.languages import current_language
from search_ui.parameters import Parameters
from search_ui.presentation import field_label

MAX_HITS = 20
"""Hits of a page that are explained, the first."""
MAX_PARTS = 60
LEAST = 0.005


@dataclass(frozen=True, slots=True)
class Part:
    """A condition that may add to relevance, in words. ``weight`` is what it adds where it is a preference; of ``but``
    only the rest is told, which is more than ``LEAST``.
    """

    condition: Condition
    text: str
    weight: float | None = None
    but: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """What speaks for a record, and its share of the relevance; 0 where it is found by this, but not ranked."""

    text: str
    worth: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """The reasons, what counts most first, and their sum."""

    reasons: tuple[Reason, ...]
    relevance: float

    def as_json(self) -> dict[str, object]:
        """For programs."""
        reasons = [{"text": each.text, "worth": each.worth} for each in self.reasons]
        return {"relevance": self.relevance, "reasons": reasons}


def asked_to_explain(args: Parameters) -> bool:
    """Whether ``explain=1`` is among the parameters. Raises ``InvalidQuery``."""
    given = {value for value in args.getlist("explain") if value}
    if given - {"0", "1"}:
        raise InvalidQuery("explain", "takes 1 or 0")
    return "1" in given


def explain(catalogue: Catalogue, query: Query, ids: Iterable[str]) -> dict[str, Explanation]:
    """Why each of the first ``MAX_HITS`` hits of ``query`` is found and stands where it stands."""
    parts = list(islice(dict.fromkeys(_parts(query)), MAX_PARTS))
    conditions = [part.condition for part in parts]
    return {id: _explanation(parts, catalogue.worth(conditions, id)) for id in islice(ids, MAX_HITS)}


def _explanation(parts: list[Part], worth: Iterable[float | None]) -> Explanation:
    values = {part.condition: value for part, value in zip(parts, worth, strict=True)}
    reasons = tuple(_reasons(parts, values))
    ordered = tuple(sorted(reasons, key=lambda reason: -reason.worth))
    return Explanation(ordered, round(sum(reason.worth for reason in ordered), 2))


def _reasons(parts: list[Part], values: dict[Condition, float | None]) -> Iterator[Reason]:
    for part in parts:
        value = values[part.condition]
        if value is None:
            continue
        value = part.weight if part.weight is not None else value
        rest = value - sum(values.get(other) or 0.0 for other in part.but)
        if not part.but or rest > LEAST:
            yield Reason(part.text, round(rest, 2))


def _parts(query: Query) -> Iterator[Part]:
    prefer = query.prefer if query.sort.by == "relevance" else ()
    preferred = {preference.condition for preference in prefer}
    yield from (part for part in _of(query.where) if part.condition not in preferred)
    for preference in prefer:
        text = _preferred(preference)
        if text is not None:
            yield Part(preference.condition, text, preference.weight)


def _of(where: Condition) -> Iterator[Part]:
    """The parts of a condition that rank or find by words; what must not be is none."""
    match where:
        case And(parts) | Or(parts) | AtLeast(_, parts):
            for part in parts:
                yield from _of(part)
        case Text(words, field):
            for unit in placed_units(words):
                text = words[unit.start : unit.end]
                yield from _in_fields(text, [Text(text, name) for name in _fields(field)], Text(text, field))
        case Phrase(words, field):
            yield from _in_fields(f"“{words}”", [Phrase(words, name) for name in _fields(field)], where)
        case Like(field, pattern):
            yield Part(where, _found_in(pattern, field))
        case Terms(field, ids) if field == CONCEPT:
            yield Part(where, gettext("is about: %(names)s", names=_named(ids)))


def _fields(field: str | None) -> tuple[str, ...]:
    """The fields in which words are looked for, without what the other texts of a record have."""
    return tuple(name for name in searched_fields(field) if name != ANYTEXT)


def _in_fields(words: str, single: Sequence[Text | Phrase], whole: Text | Phrase) -> Iterator[Part]:
    """Each field, and what is left for the other texts of the record where these are asked too."""
    for condition in single:
        yield Part(condition, _found_in(words, condition.field or ANYTEXT))
    if whole.field in (None, ANYTEXT):
        yield Part(whole, str(gettext("%(words)s: in other texts", words=words)), but=tuple(single))


def _found_in(words: str, field: str) -> str:
    weight = load_fields()[field].weight
    if weight == 1:
        return str(gettext("%(words)s: in %(field)s", words=words, field=field_label(field)))
    return str(
        gettext(
            "%(words)s: in %(field)s (counts %(num)s times)",
            words=words,
            field=field_label(field),
            num=weight,
        )
    )


def _named(ids: Iterable[str]) -> str:
    return ", ".join(concept_label(id, current_language()) for id in ids)


def _preferred(preference: Preference) -> str | None:
    match preference.condition:
        case Compare("title", "="):
            return str(gettext("the title is just what was asked for"))
        case Compare("identifier", "="):
            return str(gettext("the identifier is just what was asked for"))
        case Phrase(_, "title"):
            return str(gettext("all words in a row in the title"))
        case Text(_, "title"):
            return str(gettext("all words in the title"))
        case Terms(field, ids) if field == CONCEPT:
            return str(gettext("is about: %(names)s", names=_named(ids)))
        case Terms(field, ids) if field == TITLE_CONCEPT:
            return str(gettext("the title names: %(names)s", names=_named(ids)))
        case Terms("access", _):
            return str(gettext("open access"))
        case Compare("modified", _):
            return str(gettext("updated recently"))
        case And():
            return str(gettext("has all words"))
        case _:
            return str(gettext("preferred"))
