"""Measures Halocline on generated records: ingest, search, CSW over HTTP and memory."""
