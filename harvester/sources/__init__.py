"""The source types: one module per protocol, imported when first used (``harvester.source.SOURCE_TYPES``)."""
