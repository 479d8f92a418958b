"""The words of ocean data: one file per vocabulary, and what is loaded from them.

``variables.yaml`` and ``cf_standard_names.tsv`` (together the vocabulary ``variables``), ``platforms.yaml``,
``instruments.yaml``, ``sea_regions.yaml``, ``iso_codes.yaml`` and ``categories.yaml``; docs/vocabularies.md says how to
edit them.
"""
