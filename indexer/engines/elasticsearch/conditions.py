"""Compiles a condition into Elasticsearch's query language. Only Text and Phrase give hits a relevance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from indexer import analysis
from indexer.document import searched_fields
from indexer.engines.elasticsearch import extents, mapping
from indexer.engines.elasticsearch.atoms import (
    NOTHING,
    Q,
    all_of,
    at_least_some,
    every,
    silent,
    some,
    term,
    terms,
)
from indexer.engines.elasticsearch.documents import folded
from indexer.engines.elasticsearch.extents import OPERATORS, ranged
from indexer.engines.elasticsearch.refinement import Refiner
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
        asked: Q = {"must": [self._scored(where)], "must_not": [term(mapping.GONE, True)]}
        if prefer:
            asked["should"] = [
                {"constant_score": {"filter": self._scored(one.condition), "boost": one.weight}}
                for one in prefer
            ]
        return {"bool": asked}

    def _scored(self, where: Condition) -> Q:
        """A condition that adds to the relevance of its hits what its words add, and nothing else."""
        match where:
            case And(parts) if parts:
                return every(map(self._scored, parts))
            case Or(parts) if parts:
                return some(map(self._scored, parts))
            case AtLeast(count, parts):
                return at_least_some(count, list(map(self._scored, parts)))
            case Text(words, field):
                return _words(analysis.units(words), field)
            case Phrase(words, field):
                asked = analysis.phrase(words)
                return _words((asked,) if asked else (), field)
            case _:
                return silent(self._filter(where))

    def _filter(
        self,
        where: Everything
        | And
        | Or
        | Not
        | Spatial
        | During
        | Season
        | DepthRange
        | Like
        | Terms
        | Compare
        | Exists,
    ) -> Q:
        """A condition without relevance."""
        match where:
            case Everything() | And(()):
                return {"match_all": {}}
            case Or(()):
                return NOTHING
            case Not(part):
                return {"bool": {"must_not": [self._scored(part)]}}
            case Spatial():
                return extents.spatial(where, self.refine)
            case During():
                return extents.during(where)
            case Season():
                return extents.season(where, self.refine)
            case DepthRange(top, bottom):
                return ranged(mapping.DEPTH, top, bottom, "depth")
            case _:
                return _values(where)


def _values(where: And | Or | Like | Terms | Compare | Exists) -> Q:
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
        case _:
            raise TypeError(f"{where!r} is no condition on values")


def _words(asked: Sequence[tuple[str, ...]], field: str | None) -> Q:
    if not asked:
        return silent({"match_all": {}})
    return every(some(_unit(name, unit) for name in searched_fields(field)) for unit in asked)


def _unit(field: str, unit: tuple[str, ...]) -> Q:
    """A word or a phrase, with relevance."""
    name, weight = f"stems_{field}", load_fields()[field].weight
    if len(unit) == 1:
        return {"term": {name: {"value": unit[0], "boost": weight}}}
    return {"match_phrase": {name: {"query": " ".join(unit), "boost": weight}}}


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
