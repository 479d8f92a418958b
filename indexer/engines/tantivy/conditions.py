"""Compiles a condition into a tantivy query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import tantivy

from indexer import analysis
from indexer.document import searched_fields
from indexer.engines.tantivy import extents, regexes, schema
from indexer.engines.tantivy.atoms import (
    LAYERS,
    Clauses,
    Ranked,
    above,
    at_least,
    at_least_some,
    at_most,
    below,
    between,
    nothing,
    preferring,
    regex,
    silent,
    some,
    term,
    terms,
    terms_anywhere,
    without,
)
from indexer.engines.tantivy.documents import instant_term
from indexer.engines.tantivy.han_pairs import phrase_of_pairs
from indexer.engines.tantivy.lexicon import Lexicon
from indexer.engines.tantivy.refinement import Refiner
from indexer.patterns import Pattern, key_pattern, word_patterns
from indexer.query import (
    And,
    AtLeast,
    Compare,
    Condition,
    DepthRange,
    During,
    Everything,
    Exists,
    Like,
    Not,
    Or,
    Phrase,
    Preference,
    Season,
    Spatial,
    Terms,
    Text,
)
from mappings.errors import InvalidQuery
from mappings.fields import load_fields
from mappings.times import first_second, last_second

Q = tantivy.Query


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles for one snapshot of the index. ``some_gone``: whether it holds remains of deleted documents."""

    refine: Refiner
    lexicon: Lexicon
    some_gone: bool

    def query(self, where: Condition) -> Q:
        """The query of a condition and all below it, with relevance."""
        return self.clauses(where).query(self._everything(), LAYERS)

    def matching(self, found: Clauses) -> Q:
        """Documents as one query, without relevance."""
        return found.matching(self._everything())

    def ranked(self, found: Clauses, prefer: Sequence[Preference]) -> Q:
        """Documents as one query, with relevance, those that are preferred with so much more."""
        preferred = [
            Q.const_score_query(self.matching(self.clauses(one.condition)), float(one.weight))
            for one in prefer
        ]
        return preferring(found.query(self._everything(), LAYERS), preferred, LAYERS)

    def _everything(self) -> Q:
        """All documents that are not deleted."""
        every_one = Q.const_score_query(Q.all_query(), 0.0)
        return without(every_one, term(schema.GONE, 1)) if self.some_gone else every_one

    def clauses(self, where: Condition) -> Clauses:
        """The clauses of a condition, to be joined with others."""
        match where:
            case Everything():
                return Clauses()
            case And(parts):
                return self._joined(parts)
            case Or(()):
                return Clauses((nothing(),))
            case Or(parts):
                return self._some_of(1, parts)
            case AtLeast(count, parts):
                return self._some_of(count, parts)
            case Not(part):
                return Clauses(must_not=(self.matching(self.clauses(part)),))
            case Text(words, field):
                return _words(analysis.units(words), field)
            case Phrase(words, field):
                asked = analysis.phrase(words)
                return _words((asked,) if asked else (), field)
            case Spatial() | During() | Season() | DepthRange():
                return self._extent(where)
            case _:
                return _values(where, self.lexicon)

    def _some_of(self, least: int, parts: Sequence[Condition]) -> Clauses:
        compiled = [self.clauses(part) for part in (_flat(parts) if least == 1 else parts)]
        found = at_least_some(least, list(map(self.matching, compiled)))
        if not any(one.ranked for one in compiled):
            return Clauses((found,))
        everything = self._everything()
        together = tuple(one.query(everything) for one in compiled)
        singly = tuple(query for one in compiled for query in one.relevance(everything))
        return Clauses(ranked=(Ranked((found,), together, singly, least),))

    def _joined(self, parts: Sequence[Condition]) -> Clauses:
        """The clauses of conditions that all have to hold; regions are looked at last, among the hits of the others."""
        regions = [part for part in parts if isinstance(part, Spatial)]
        found = sum((self.clauses(part) for part in parts if part not in regions), Clauses())
        for region in regions:
            found += extents.spatial(region, self.refine, found)
        return found

    def _extent(self, where: Spatial | During | Season | DepthRange) -> Clauses:
        match where:
            case Spatial():
                return extents.spatial(where, self.refine, Clauses())
            case During():
                return extents.during(where, self.refine)
            case Season():
                return extents.season(where, self.refine)
            case DepthRange():
                return extents.depth_range(where)


def _flat(parts: Iterable[Condition]) -> Iterator[Condition]:
    """What any of is any of the parts: unions in unions would be read into two buffers."""
    for part in parts:
        match part:
            case Or(others) | AtLeast(1, others):
                yield from _flat(others)
            case _:
                yield part


def _values(where: Like | Terms | Compare | Exists, lexicon: Lexicon) -> Clauses:
    match where:
        case Like():
            return _like(where, lexicon)
        case Terms():
            return Clauses((_terms(where),))
        case Compare():
            return _compare(where)
        case Exists(field):
            return Clauses((term(schema.HAS, field),))


def _words(asked: Sequence[tuple[str, ...]], field: str | None) -> Clauses:
    names = searched_fields(field)
    anywhere = schema.STEMS if len(names) > 1 else f"stems_{names[0]}"
    ranked = {unit: tuple(_ranked(name, unit) for name in names) for unit in asked}
    return Clauses(
        ranked=tuple(Ranked((_found(anywhere, unit),), ranked[unit], ranked[unit]) for unit in asked)
    )


def _found(name: str, unit: tuple[str, ...]) -> Q:
    """A word or a phrase."""
    if len(unit) == 1:
        return term(name, unit[0])
    pairs = phrase_of_pairs(unit) if name == schema.STEMS else []
    if len(pairs) == 1:
        return term(schema.PAIRS, pairs[0][1])
    return silent(_phrase(schema.PAIRS, pairs) if pairs else _phrase(name, unit))


def _ranked(field: str, unit: tuple[str, ...]) -> Q:
    """A word or a phrase, with relevance."""
    name, weight = f"stems_{field}", load_fields()[field].weight
    found = Q.term_query(schema.schema(), name, unit[0], "freq") if len(unit) == 1 else _phrase(name, unit)
    return found if weight == 1 else Q.boost_query(found, float(weight))


def _phrase(name: str, row: Sequence[str | tuple[int, str]]) -> Q:
    """Words in a row, or each in its place."""
    return Q.phrase_query(schema.schema(), name, list(row))


def _like(where: Like, lexicon: Lexicon) -> Clauses:
    try:
        if load_fields()[where.field].type == "keyword":
            return Clauses((regex(f"fold_{where.field}", regexes.of_pattern(key_pattern(where.pattern))),))
        return Clauses(
            tuple(_word(where.field, pattern, lexicon) for pattern in word_patterns(where.pattern))
        )
    except ValueError as error:
        raise InvalidQuery(where.field, f"the pattern {where.pattern!r} is too complicated") from error


def _word(field: str, pattern: Pattern, lexicon: Lexicon) -> Q:
    """Documents with a word that matches; the lexicon spares the walk through all words where it can tell which do."""
    words, names = lexicon.words(pattern), [f"words_{name}" for name in searched_fields(field)]
    if words is not None:
        return terms_anywhere(names, words)
    return some(regex(name, regexes.of_pattern(pattern)) for name in names)


def _terms(where: Terms) -> Q:
    if load_fields()[where.field].type == "integer":
        return terms(f"number_{where.field}", list(map(int, where.values)))
    return terms(f"key_{where.field}", where.values)


def _compare(where: Compare) -> Clauses:
    if where.operator == "<>":
        return Clauses((term(schema.HAS, where.field),), (_compared(replace(where, operator="=")),))
    return Clauses((_compared(where),))


def _compared(where: Compare) -> Q:
    match load_fields()[where.field].type:
        case "integer":
            return _compare_numbers(f"number_{where.field}", where.operator, int(where.value))
        case "instant":
            return _compare_instants(where)
        case _:
            return _compare_texts(f"fold_{where.field}", where)


def _compare_numbers(name: str, operator: str, value: int) -> Q:
    match operator:
        case "<":
            return below(name, value)
        case "<=":
            return at_most(name, value)
        case ">":
            return above(name, value)
        case ">=":
            return at_least(name, value)
        case _:
            return term(name, value)


def _compare_texts(name: str, where: Compare) -> Q:
    value = analysis.fold_key(where.value)
    if where.operator == "=":
        return term(name, value)
    try:
        pattern = regexes.of_order(where.operator, value)
        return nothing() if pattern is None else regex(name, pattern)
    except ValueError as error:
        raise InvalidQuery(where.field, f"{where.value!r} cannot be compared for order") from error


def _compare_instants(where: Compare) -> Q:
    first, last = first_second(where.value), last_second(where.value)
    match where.operator:
        case "<":
            return below(f"first_{where.field}", first)
        case "<=":
            return at_most(f"first_{where.field}", last)
        case ">":
            return above(f"last_{where.field}", last)
        case ">=":
            return at_least(f"last_{where.field}", first)
        case _:
            return _same_instant(where)


def _same_instant(where: Compare) -> Q:
    """Years, months, days and seconds are nested or apart: one that overlaps the asked one begins in it, or
    holds it.
    """
    first, last = first_second(where.value), last_second(where.value)
    holding = [instant_term(first_second(larger), last_second(larger)) for larger in _larger(where.value)]
    begins_in_it = between(f"first_{where.field}", first, last)
    return some([begins_in_it, terms(f"span_{where.field}", holding)])


def _larger(instant: str) -> list[str]:
    """The day, month and year that an instant lies in, itself left out."""
    date, _, time = instant.partition("T")
    pieces = date[1:].split("-")
    dates = [date[:1] + "-".join(pieces[: count + 1]) for count in range(len(pieces))]
    return dates if time else dates[:-1]
