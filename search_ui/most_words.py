"""Most of the words that were asked for, where no record has all of them.

A word here is what has to occur as one: a word, a compound, a run of Han, or a name of a concept with its other names.
Phrases, alternatives, fields and exclusions are no such words: what is asked so exactly stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from indexer.analysis import placed_units
from indexer.document import CONCEPT
from indexer.query import And, AtLeast, Condition, Or, Terms, Text, conjunction


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it was written, and what it asks for."""

    text: str
    condition: Condition


def words_in(conditions: Iterable[Condition]) -> tuple[Word, ...]:
    """The words among conditions that all have to hold, each once. One that is written twice may ask for more the one
    time than the other: it asks for both.
    """
    asked: dict[str, dict[Condition, None]] = {}
    for word in _words(conditions):
        asked.setdefault(word.text, {})[word.condition] = None
    return tuple(Word(text, conjunction(parts)) for text, parts in asked.items())


def relaxed(conditions: Iterable[Condition], least: int) -> tuple[Condition, ...]:
    """The conditions, but with only ``least`` of their words."""
    conditions = tuple(conditions)
    return AtLeast(least, tuple(word.condition for word in words_in(conditions))), *_rest(conditions)


def has_alternatives(conditions: Iterable[Condition]) -> bool:
    """Whether some of what is asked for may be missing where all conditions hold."""
    return any(
        has_alternatives(condition.parts) if isinstance(condition, And) else _is_either(condition)
        for condition in conditions
    )


def _is_either(condition: Condition) -> bool:
    match condition:
        case Or((Text(_, None), Terms(field, _))) if field == CONCEPT:
            return False
        case _:
            return isinstance(condition, Or)


def _words(conditions: Iterable[Condition]) -> Iterator[Word]:
    for condition in conditions:
        match condition:
            case Text(words, None):
                for unit in placed_units(words):
                    text = words[unit.start : unit.end]
                    yield Word(text, Text(text))
            case Or((Text(words, None), Terms(field, _))) if field == CONCEPT:
                yield Word(words, condition)
            case And(parts):
                yield from _words(parts)
            case _:
                pass


def _rest(conditions: Iterable[Condition]) -> Iterator[Condition]:
    for condition in conditions:
        match condition:
            case Text(_, None):
                pass
            case Or((Text(_, None), Terms(field, _))) if field == CONCEPT:
                pass
            case And(parts):
                yield from _rest(parts)
            case _:
                yield condition
