"""Records as JSON bytes: how the store keeps them, and the record's JSON view."""

from __future__ import annotations

import msgspec

from mappings.record import LocalisedText, Record


class _Title(msgspec.Struct):
    title: LocalisedText
    language: str | None = None


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Record)
_TITLE_DECODER = msgspec.json.Decoder(_Title)


def encode(record: Record) -> bytes:
    """The record as one JSON object (UTF-8), its attributes in their order."""
    return _ENCODER.encode(record)


def decode(content: bytes) -> Record:
    """The record that ``encode`` wrote. Attributes it no longer has are left aside, new ones take their defaults.

    Raises ``msgspec.ValidationError`` where the bytes are not a Record's.
    """
    return _DECODER.decode(content)


def decode_title(content: bytes) -> tuple[LocalisedText, str | None]:
    """The title and the language of the record that ``encode`` wrote, in a fraction of the time of ``decode``."""
    found = _TITLE_DECODER.decode(content)
    return found.title, found.language
