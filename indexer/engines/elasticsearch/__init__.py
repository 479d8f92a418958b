"""The engine for a cluster, on Elasticsearch 8 and 9: an alias, and behind it one index at a time.

``engine.ElasticsearchEngine`` joins ``connection`` (addresses, credentials, errors), ``mapping`` and ``documents``
(what is indexed), ``conditions`` and ``shapes`` (what is asked), ``answers`` (pages and facets).
"""
