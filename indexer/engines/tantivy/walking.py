"""The next page of a walk through all hits: what follows the last hit, by the same ranks as in ``paging``.

The key of a hit is its rank, None without a value, and what orders the hits of one rank: the term of ``sort_<field>``
for a text, the tie for an instant and for hits without a value. By relevance it is the number of hits before.
"""

from __future__ import annotations

from dataclasses import replace

import tantivy

from indexer.engines.ordering import ranks, tie
from indexer.engines.tantivy import schema
from indexer.engines.tantivy.atoms import above, below, every, term, terms, without
from indexer.engines.tantivy.paging import Ids, Paging, by_relevance, order_of
from indexer.engines.tantivy.refinement import count_of
from indexer.query import Page, Query
from mappings.fields import load_fields

Key = tuple[str | int | float | None, ...]


def walked(searcher: tantivy.Searcher, compiled: tantivy.Query, query: Query) -> tuple[Ids, int, Key | None]:
    """The page after ``query.page.after``, the total, and the key of its last hit; None where the walk ends."""
    page, key = query.page, query.page.after.key if query.page.after else ()
    if ranks(query):
        begin = int(key[0] or 0) if key else 0
        ids, total = by_relevance(searcher, compiled, Page(begin, page.size))
        end = begin + len(ids)
        return ids, total, (end,) if end < total else None
    walk = _Walk(Paging(searcher, compiled, order_of(query)), query.sort.by)
    ids = walk.after(key, page.size + 1)
    last = walk.key(ids[page.size - 1]) if len(ids) > page.size else None
    return ids[: page.size], count_of(searcher, compiled), last


class _Walk:
    """A walk in the order of a field, or of the tie alone."""

    def __init__(self, paging: Paging, by: str) -> None:
        self._paging = paging
        self._down = paging.order == tantivy.Order.Desc
        self._by = None if by == "relevance" else by
        self._rank = f"rank_{by}"
        self._is_text = self._by is not None and load_fields()[by].type == "text"

    def key(self, record_id: str) -> Key:
        """Where a hit stands."""
        if self._by is None:
            return None, tie(record_id)
        searcher = self._paging.searcher
        address = searcher.search(term(schema.ID, record_id), limit=1).hits[0][1]
        rank = searcher.fast_field_values(self._rank, [address])[0]
        if rank is None or not self._is_text:
            return rank, tie(record_id)
        return rank, self._term(record_id)

    def after(self, key: Key, size: int) -> Ids:
        """The first hits that follow the key: others of its rank, those of further ranks, those without a value."""
        if not key:
            return self._first(self._paging, size)
        rank, finer = key
        if not isinstance(rank, int):
            return self._without_value(self._beyond(schema.TIE, finer), size)
        ids = self._of_rank(rank, finer, size)
        if len(ids) < size:
            ids += self._first(self._narrowed(self._beyond(self._rank, rank)), size - len(ids))
        if len(ids) < size:
            ids += self._without_value(self._paging.compiled, size - len(ids))
        return ids

    def _first(self, paging: Paging, size: int) -> Ids:
        if self._by is None:
            return paging.ids(paging.hits(schema.TIE, Page(0, size))[0])
        return paging.by_field(self._by, Page(0, size))[0]

    def _beyond(self, name: str, value: object) -> tantivy.Query:
        if not isinstance(value, int):
            raise TypeError(f"{value!r} is no place in {name}")
        return every(self._paging.compiled, (below if self._down else above)(name, value))

    def _narrowed(self, compiled: tantivy.Query) -> Paging:
        return replace(self._paging, compiled=compiled)

    def _without_value(self, compiled: tantivy.Query, size: int) -> Ids:
        if self._by is not None:
            compiled = without(compiled, term(schema.HAS, self._by))
        paging = self._narrowed(compiled)
        return paging.ids(paging.hits(schema.TIE, Page(0, size))[0])

    def _of_rank(self, rank: int, finer: object, size: int) -> Ids:
        same = self._narrowed(every(self._paging.compiled, term(self._rank, rank)))
        if self._is_text:
            return self._texts_after(same, str(finer), size)
        rest = self._narrowed(every(same.compiled, self._beyond(schema.TIE, finer)))
        return rest.ids(rest.hits(schema.TIE, Page(0, size))[0])

    def _texts_after(self, same: Paging, finer: str, size: int) -> Ids:
        """Texts of one rank. Each has a term of its own: there are no ranges of them, but lists in order."""
        name, order = f"sort_{self._by}", "desc" if self._down else "asc"
        sources = [{"term": {"terms": {"field": name, "order": order}}}]
        listed = {"composite": {"size": size, "sources": sources, "after": {"term": f"str:{finer}"}}}
        found = same.searcher.aggregate(same.compiled, {"listed": listed})["listed"]["buckets"]
        following = self._narrowed(terms(name, [bucket["key"]["term"] for bucket in found]))
        return following.ids(following.hits(name, Page(0, size))[0])

    def _term(self, record_id: str) -> str:
        """The term that orders a record by its text."""
        name = f"sort_{self._by}"
        counted = self._paging.searcher.aggregate(
            term(schema.ID, record_id), {"terms": {"terms": {"field": name, "size": 1}}}
        )
        return str(counted["terms"]["buckets"][0]["key"])
