"""The catalogue at the terminal: records, quarantine, data requests, index and crosswalks."""

from search_ui.cli.crosswalks import crosswalk
from search_ui.cli.index import index
from search_ui.cli.quarantine import quarantine
from search_ui.cli.records import record
from search_ui.cli.requests import request

COMMANDS = (record, quarantine, request, index, crosswalk)
"""What ``app.py`` adds to its command line."""
