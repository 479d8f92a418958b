"""The ids of one page of hits, in order, and the number of all.

tantivy sorts by one number fast, at any depth. So each sort goes by a rank first: the seconds of an instant and the
first bits of the tie, or the first bytes of a title. Hits that share a rank are then put in order among themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby

import tantivy

from indexer.engines.centres import Point
from indexer.engines.ordering import ranks
from indexer.engines.tantivy import schema
from indexer.engines.tantivy.atoms import above, below, every, term, without
from indexer.engines.tantivy.nearest import nearest
from indexer.engines.tantivy.refinement import count_of
from indexer.query import DISTANCE, Page, Query
from mappings.fields import load_fields

Ids = tuple[str, ...]
Hits = list[tuple[int | None, tantivy.DocAddress]]


def page_of(searcher: tantivy.Searcher, compiled: tantivy.Query, query: Query) -> tuple[Ids, int]:
    """The asked page of ``query``, compiled to ``compiled``, and the total."""
    if query.page.size == 0:
        return (), count_of(searcher, compiled)
    if ranks(query):
        return by_relevance(searcher, compiled, query.page)
    if query.sort.by == DISTANCE and query.sort.near is not None:
        return _by_distance(searcher, compiled, query.sort.near, query.page)
    paging = Paging(searcher, compiled, order_of(query))
    if query.sort.by == "relevance":
        hits, total = paging.hits(schema.TIE, query.page)
        return paging.ids(hits), total
    return paging.by_field(query.sort.by, query.page)


def order_of(query: Query) -> tantivy.Order:
    """The direction of a sort that is not by relevance."""
    down = query.sort.descending and query.sort.by != "relevance"
    return tantivy.Order.Desc if down else tantivy.Order.Asc


def by_relevance(searcher: tantivy.Searcher, compiled: tantivy.Query, page: Page) -> tuple[Ids, int]:
    """tantivy orders equal scores by their place in the index, which stands still as long as the index does."""
    found = searcher.search(compiled, limit=page.size, offset=page.offset)
    total: int = found.count  # type: ignore[attr-defined]  # missing in the stub
    return tuple(searcher.doc(address)[schema.ID][0] for _, address in found.hits), total


def _by_distance(
    searcher: tantivy.Searcher, compiled: tantivy.Query, near: Point, page: Page
) -> tuple[Ids, int]:
    """A page of the nearest; those that are nowhere after all others."""
    region = load_fields().of_type("region")[0].name
    located = every(compiled, term(schema.HAS, region))
    total, placed = count_of(searcher, compiled), count_of(searcher, located)
    found = nearest(searcher, located, near, min(page.offset + page.size, placed))[page.offset :]
    ids: Ids = tuple(searcher.doc(address)[schema.ID][0] for address in found)
    if len(ids) < min(page.size, total - page.offset):
        rest = Page(max(page.offset - placed, 0), page.size - len(ids))
        nowhere = Paging(searcher, without(compiled, term(schema.HAS, region)), tantivy.Order.Asc)
        ids += nowhere.ids(nowhere.hits(schema.TIE, rest)[0])
    return ids, total


@dataclass(frozen=True, slots=True)
class Paging:
    """Pages of one query in one direction."""

    searcher: tantivy.Searcher
    compiled: tantivy.Query
    order: tantivy.Order

    def hits(self, name: str, page: Page) -> tuple[Hits, int]:
        """A page in the order of one index field, those without a value last, and the total."""
        found = self.searcher.search(
            self.compiled, limit=page.size, offset=page.offset, order_by_field=name, order=self.order
        )
        total: int = found.count  # type: ignore[attr-defined]  # missing in the stub
        return found.hits, total

    def ids(self, hits: Hits) -> Ids:
        """The ids of hits."""
        return tuple(self.searcher.doc(address)[schema.ID][0] for _, address in hits)

    def by_field(self, field: str, page: Page) -> tuple[Ids, int]:
        """A page in the order of a sortable field. One hit more on either side tells which ranks go on there."""
        before = min(page.offset, 1)
        hits, total = self.hits(f"rank_{field}", Page(page.offset - before, page.size + before + 1))
        ranked = [hit for hit in hits if hit[0] is not None]
        shown = ranked[before : before + page.size]
        begun = ranked[0][0] if before and ranked else None  # the rank of the hit before the page
        goes_on = ranked[before + page.size][0] if len(ranked) > before + page.size else None
        ids: Ids = ()
        for rank, group in groupby(shown, key=lambda hit: hit[0]):
            members = list(group)
            if rank is None or (len(members) == 1 and rank not in (begun, goes_on)):
                ids += self.ids(members)
            else:
                skipped = page.offset - self._count_before(field, rank) if rank == begun else 0
                ids += self._of_rank(field, rank, Page(skipped, len(members)))
        if len(ids) < min(page.size, total - page.offset):
            ids += self._without_value(field, page, len(ids))
        return ids, total

    def _count_before(self, field: str, rank: int) -> int:
        name = f"rank_{field}"
        if self.order == tantivy.Order.Asc:
            return count_of(self.searcher, every(self.compiled, below(name, rank)))
        return count_of(self.searcher, every(self.compiled, above(name, rank)))

    def _of_rank(self, field: str, rank: int, page: Page) -> Ids:
        """A page of the hits that share a rank, in their finer order."""
        compiled = every(self.compiled, term(f"rank_{field}", rank))
        finer = f"sort_{field}" if load_fields()[field].type == "text" else schema.TIE
        same = replace(self, compiled=compiled)
        return self.ids(same.hits(finer, page)[0])

    def _without_value(self, field: str, page: Page, shown: int) -> Ids:
        """The hits without a value that fill up a page of which ``shown`` hits have one."""
        has_value = term(schema.HAS, field)
        with_value = count_of(self.searcher, every(self.compiled, has_value))
        rest = Page(max(page.offset - with_value, 0), page.size - shown)
        return self.ids(replace(self, compiled=without(self.compiled, has_value)).hits(schema.TIE, rest)[0])
