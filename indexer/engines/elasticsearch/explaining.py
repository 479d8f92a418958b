"""What is asked beside searches: words spelt nearly alike, and what conditions are worth to one record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from indexer.document import ANYTEXT, searched_fields
from indexer.engines.elasticsearch import mapping
from indexer.engines.elasticsearch.asking import AskAll
from indexer.engines.elasticsearch.atoms import Q
from indexer.engines.elasticsearch.refinement import Ask
from indexer.nearness import nearest

SUGGESTED = 200
"""Words that the cluster is asked for in each field, many more than are given: it orders them in another way."""
MOST_EDITS = 2
"""Elasticsearch looks no farther."""


def words_near(ask: Ask, word: str, edits: int) -> tuple[str, ...]:
    """See ``Engine.words_near``."""
    if not word or edits < 1:
        return ()
    names = searched_fields(ANYTEXT)
    found = ask({"size": 0, "suggest": {name: _suggestion(name, word, edits) for name in names}})
    words = {
        option["text"] for name in names for entry in found["suggest"][name] for option in entry["options"]
    }
    return nearest(word, words, edits)


def _suggestion(name: str, word: str, edits: int) -> dict[str, Any]:
    return {
        "text": word,
        "term": {
            "field": f"words_{name}",
            "analyzer": "whitespace",
            "suggest_mode": "always",
            "string_distance": "damerau_levenshtein",
            "accuracy": 0.0,
            "max_edits": min(edits, MOST_EDITS),
            "prefix_length": 1,
            "min_word_length": 1,
            "max_term_freq": 2**31 - 1,  # or words in more than one percent of the records are passed over
            "size": SUGGESTED,
            "shard_size": SUGGESTED,
        },
    }


def worth(ask_all: AskAll, compiled: Iterable[Q], record_id: str) -> Iterator[float | None]:
    """The relevance that compiled conditions give a record; None for those that do not match it."""
    own = {"term": {mapping.ID: record_id}}
    bodies = [
        {"query": {"bool": {"must": [query], "filter": [own]}}, "size": 1, "stored_fields": "_none_"}
        for query in compiled
    ]
    for found in ask_all(bodies) if bodies else ():
        hits = found["hits"]["hits"]
        yield hits[0]["_score"] if hits else None
