"""A Record survives its ISO 19115-2 document, but for the losses that ``losses.py`` declares."""

from __future__ import annotations

from hypothesis import given, settings

from crosswalks.definitions import crosswalk_for
from crosswalks.writers.iso19115_2 import write
from mappings.record import RawRecord, Record
from tests.crosswalks.losses import kept
from tests.strategies import records


@settings(max_examples=150)
@given(record=records())
def test_what_was_written_is_read_again(record: Record) -> None:
    raw = RawRecord("native", "iso19115-2", write(record))
    assert crosswalk_for("iso19115-2").apply(raw).record == kept(record)
