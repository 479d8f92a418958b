"""The text fields as engines index them: each text once, in its own field; that of all texts holds only the rest."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.document import ANYTEXT, Document
from mappings.fields import load_fields


def indexed_texts(document: Document) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Name and values of every text field, what other fields have left out of the field of all texts."""
    elsewhere = {value for name, values in document.texts.items() if name != ANYTEXT for value in values}
    for name, values in document.texts.items():
        if name == ANYTEXT:
            yield name, tuple([value for value in values if value not in elsewhere])
        else:
            yield name, values


def searched_fields(field: str | None) -> tuple[str, ...]:
    """Where the words of a text field are indexed: those of all texts in every one."""
    if field in (None, ANYTEXT):
        return tuple(text.name for text in load_fields().of_type("text"))
    return (field,) if field else ()
