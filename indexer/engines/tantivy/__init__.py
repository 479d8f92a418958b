"""The embedded engine, on tantivy: an index in a folder, written by one process at a time, read by any
number.

``engine.TantivyEngine`` joins ``storage`` (folders, locks, reloading), ``schema`` and ``documents`` (what is
indexed), ``conditions`` and ``extents`` (what is asked), ``facets`` and ``paging`` (what is
answered).
"""
