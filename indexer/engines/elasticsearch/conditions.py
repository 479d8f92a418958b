"""Compiles a condition into Elasticsearch's query language. Only Text and Phrase give hits a relevance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from indexer import analysis
from indexer.document import searched_fields
from indexer.engines.elasticsearch import extents, mapping
from indexer.engines.elasticsearch.atoms import (
    NOTHING,
    Q,
    all_of,
    at_least_some,
    some,
    term,
    terms,
)
from indexer.engines.elasticsearch.documents import folded
from indexer.engines.elasticsearch.extents import OPERATORS, ranged
from indexer.engines.elasticsearch.refinement import Refiner
from indexer.engines.ordering import has_words
from indexer.patterns import Literally, Pattern, key_pattern, word_patterns
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
from mappings.fields import load_fields
from mappings.times import first_second, last_second

_ESCAPED = str.maketrans({"*": "\\*", "?": "\\?", "\\": "\\\\"})


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles for one index, which ``refine`` asks about shapes."""

    refine: Refiner

    def query(self, where: Condition, prefer: Sequence[Preference] = ()) -> Q:
        """The query of a condition among all documents that are not deleted, with what is preferred among them."""
        preferred = [
            {"constant_score": {"filter": self.matching(one.condition), "boost": one.weight}}
            for one in prefer
        ]
        return {"bool": {**self._scored(where, preferred)["bool"], "must_not": [term(mapping.GONE, True)]}}

    def _scored(self, where: Condition, preferred: Sequence[Q] = ()) -> Q:
        """Documents that match, with the relevance that words and preferences add."""
        should = [*self._relevance(where), *preferred]
        return {"bool": {"filter": list(self._filters(where)), "should": should, "minimum_should_match": 0}}

    def matching(self, where: Condition) -> Q:
        """Documents that match, deleted ones too, without relevance."""
        return all_of(self._filters(where))

    def _filters(self, where: Condition) -> Iterator[Q]:
        """What has to match, all of it."""
        match where:
            case Everything() | And(()):
                yield {"match_all": {}}
            case And(parts):
                for part in parts:
                    yield from self._filters(part)
            case Or(()):
                yield NOTHING
            case Or(parts):
                yield some(map(self.matching, parts))
            case AtLeast(count, parts):
                yield at_least_some(count, list(map(self.matching, parts)))
            case Not(part):
                yield {"bool": {"must_not": [self.matching(part)]}}
            case Text() | Phrase():
                names = searched_fields(where.field)
                anywhere = mapping.STEMS if len(names) > 1 else f"stems_{names[0]}"
                yield from (_unit(anywhere, unit) for unit in _asked(where))
            case Spatial() | During() | Season() | DepthRange():
                yield self._extent(where)
            case _:
                yield _values(where)

    def _extent(self, where: Spatial | During | Season | DepthRange) -> Q:
        match where:
            case Spatial():
                return extents.spatial(where, self.refine)
            case During():
                return extents.during(where)
            case Season():
                return extents.season(where, self.refine)
            case DepthRange(top, bottom):
                return ranged(mapping.DEPTH, top, bottom, "depth")

    def _relevance(self, where: Condition) -> Iterator[Q]:
        """What adds up to the relevance of documents that match."""
        match where:
            case And(parts):
                for part in parts:
                    yield from self._relevance(part)
            case Or(parts) | AtLeast(_, parts):
                yield from (self._scored(part) for part in parts if has_words(part))
            case Text() | Phrase():
                yield from (
                    _unit(f"stems_{name}", unit, load_fields()[name].weight)
                    for unit in _asked(where)
                    for name in searched_fields(where.field)
                )


def _values(where: Like | Terms | Compare | Exists) -> Q:
    match where:
        case Like():
            return _like(where)
        case Terms(field, values):
            integer = load_fields()[field].type == "integer"
            return terms(f"number_{field}" if integer else f"key_{field}", values)
        case Compare():
            return _compare(where)
        case Exists(field):
            return term(mapping.HAS, field)


def _asked(where: Text | Phrase) -> tuple[tuple[str, ...], ...]:
    """The words, and rows of words, that have to be there."""
    if isinstance(where, Text):
        return analysis.units(where.words)
    asked = analysis.phrase(where.words)
    return (asked,) if asked else ()


def _unit(name: str, unit: tuple[str, ...], boost: float = 1) -> Q:
    """A word or a phrase."""
    if len(unit) == 1:
        return {"term": {name: {"value": unit[0], "boost": boost}}}
    return {"match_phrase": {name: {"query": " ".join(unit), "boost": boost}}}


def _like(where: Like) -> Q:
    if load_fields()[where.field].type == "keyword":
        return _wildcard(f"fold_{where.field}", key_pattern(where.pattern))
    return all_of(_word(where.field, pattern) for pattern in word_patterns(where.pattern))


def _word(field: str, pattern: Pattern) -> Q:
    """Documents with a word that matches."""
    return some(_wildcard(f"words_{name}", pattern) for name in searched_fields(field))


def _wildcard(name: str, pattern: Pattern) -> Q:
    written = "".join(
        piece.text.translate(_ESCAPED) if isinstance(piece, Literally) else piece for piece in pattern
    )
    return {"wildcard": {name: {"value": written}}}


def _compare(where: Compare) -> Q:
    if where.operator == "<>":
        same = _compare(replace(where, operator="="))
        return {"bool": {"filter": [term(mapping.HAS, where.field)], "must_not": [same]}}
    match load_fields()[where.field].type:
        case "integer":
            return _compare_values(f"number_{where.field}", where.operator, int(where.value))
        case "instant":
            return _compare_instants(where)
        case _:
            return _compare_values(f"fold_{where.field}", where.operator, folded(where.value))


def _compare_values(name: str, operator: str, value: str | int) -> Q:
    return term(name, value) if operator == "=" else {"range": {name: {OPERATORS[operator]: value}}}


def _compare_instants(where: Compare) -> Q:
    first, last = first_second(where.value), last_second(where.value)
    match where.operator:
        case "<":
            return _compare_values(f"first_{where.field}", "<", first)
        case "<=":
            return _compare_values(f"first_{where.field}", "<=", last)
        case ">":
            return _compare_values(f"last_{where.field}", ">", last)
        case ">=":
            return _compare_values(f"last_{where.field}", ">=", first)
        case _:
            return ranged(f"span_{where.field}", first, last, where.field)
