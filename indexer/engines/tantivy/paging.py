"""The ids of one page of hits, in order, and the number of all."""

from __future__ import annotations

import tantivy

from indexer.engines.ordering import ranks
from indexer.engines.tantivy import schema
from indexer.engines.tantivy.atoms import every, term, without
from indexer.engines.tantivy.refinement import count_of
from indexer.query import Page, Query

Ids = tuple[str, ...]


def page_of(searcher: tantivy.Searcher, compiled: tantivy.Query, query: Query) -> tuple[Ids, int]:
    """The asked page of ``query``, compiled to ``compiled``, and the total."""
    if query.page.size == 0:
        return (), count_of(searcher, compiled)
    if ranks(query):
        return _by_relevance(searcher, compiled, query.page)
    if query.sort.by == "relevance":
        return _by_id(searcher, compiled, query.page, descending=False)
    return _by_field(searcher, compiled, query)


def _by_relevance(searcher: tantivy.Searcher, compiled: tantivy.Query, page: Page) -> tuple[Ids, int]:
    """tantivy orders equal scores by their place in the index, which stands still as long as the index does."""
    found = searcher.search(compiled, limit=page.size, offset=page.offset)
    total: int = found.count  # type: ignore[attr-defined]  # missing in the stub
    return tuple(searcher.doc(address)[schema.ID][0] for _, address in found.hits), total


def _by_id(
    searcher: tantivy.Searcher, compiled: tantivy.Query, page: Page, *, descending: bool
) -> tuple[Ids, int]:
    keys, total = _keys(searcher, compiled, page, schema.SORT_ID, descending=descending)
    return tuple(key for key in keys if key is not None), total


def _by_field(searcher: tantivy.Searcher, compiled: tantivy.Query, query: Query) -> tuple[Ids, int]:
    """Documents without a value come after all others: a page that reaches them is filled up by id."""
    page, down = query.page, query.sort.descending
    keys, total = _keys(searcher, compiled, page, f"sort_{query.sort.by}", descending=down)
    ids = tuple(key.rsplit("\0", 1)[1] for key in keys if key is not None)
    if len(ids) == min(page.size, max(total - page.offset, 0)):
        return ids, total
    has_value = term(schema.HAS, query.sort.by)
    with_value = count_of(searcher, every([compiled, has_value]))
    rest = Page(max(page.offset - with_value, 0), page.size - len(ids))
    more, _ = _by_id(searcher, without(compiled, has_value), rest, descending=down)
    return ids + more, total


def _keys(
    searcher: tantivy.Searcher, compiled: tantivy.Query, page: Page, name: str, *, descending: bool
) -> tuple[list[str | None], int]:
    order = tantivy.Order.Desc if descending else tantivy.Order.Asc
    found = searcher.search(compiled, limit=page.size, offset=page.offset, order_by_field=name, order=order)
    total: int = found.count  # type: ignore[attr-defined]  # missing in the stub
    return [key for key, _ in found.hits], total
