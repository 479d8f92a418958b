"""How commands print: tables that align Chinese and English, and JSON for programs."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence

import click


def print_json(value: object) -> None:
    """One JSON document on standard output, Unicode as it is."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(headings: Sequence[str], rows: Iterable[Sequence[object]], nothing: str) -> None:
    """Rows in aligned columns below their headings, or the sentence ``nothing`` when there are none."""
    cells = [[one_line(cell) for cell in row] for row in rows]
    if not cells:
        click.echo(nothing)
        return
    cells.insert(0, list(headings))
    widths = [max(_width(row[column]) for row in cells) for column in range(len(headings))]
    for row in cells:
        padded = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(padded).rstrip())


def print_fields(pairs: Iterable[tuple[str, object]]) -> None:
    """Names and values, one below the other; what has no value is left out."""
    said = [(name, value) for name, value in pairs if value is not None and value != ""]
    width = max((_width(name) for name, _ in said), default=0)
    for name, value in said:
        click.echo(f"{name + ' ' * (width - _width(name))}  {printable(str(value))}")


def one_line(value: object) -> str:
    """A table cell: no line breaks, no control characters, "-" for nothing."""
    return "-" if value is None or value == "" else " ".join(printable(str(value)).split())


def printable(text: str) -> str:
    """Text from outside, made unable to steer the terminal: control characters become spaces."""
    return "".join(c if c in "\n\t" or unicodedata.category(c)[0] != "C" else " " for c in text)


def _width(text: str) -> int:
    """Columns a terminal needs: two for wide East Asian characters (UAX #11)."""
    return sum(
        2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text
    )
