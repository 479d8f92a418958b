"""ERDDAP info tables: ``/info/<datasetID>/index.json`` (ERDDAP documentation, "Dataset information")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from crosswalks.readers.attributes import AttributeReader, Table, Variable
from crosswalks.readers.base import Report
from crosswalks.readers.json import parse
from mappings.errors import UnreadableRecord
from mappings.record import RawRecord

_COLUMNS = ["Row Type", "Variable Name", "Attribute Name", "Data Type", "Value"]
_N_VALUES = re.compile(r"nValues=(\d+)")
_SPACING = re.compile(r"(?:average)?[Ss]pacing=([^,]+)")


class ErddapInfoReader(AttributeReader):
    """Reads the rows of an info table: dimensions, variables, and attributes of both and of ``NC_GLOBAL``."""

    def open(self, _raw: RawRecord, content: bytes, report: Report) -> Any:
        document = parse(content)
        found = document.get("table") if isinstance(document, dict) else None
        if (
            not isinstance(found, dict)
            or found.get("columnNames") != _COLUMNS
            or not isinstance(found.get("rows"), list)
        ):
            raise UnreadableRecord(
                "the JSON is not an ERDDAP info table with the columns " + ", ".join(_COLUMNS),
                "table.columnNames",
            )
        table = Table()
        variables: dict[str, Variable] = {}
        for number, row in enumerate(found["rows"]):
            if not isinstance(row, list) or len(row) != len(_COLUMNS) or not isinstance(row[1], str):
                report("a row of the table does not have five cells and was left out", f"row {number}")
                continue
            _enter(table, variables, ["" if cell is None else str(cell) for cell in row])
        table.variables = list(variables.values())
        return table


def _enter(table: Table, variables: dict[str, Variable], row: Sequence[str]) -> None:
    kind, name, attribute, data_type, value = row
    if kind == "attribute" and name == "NC_GLOBAL":
        table.attributes[attribute] = value
        return
    variable = variables.setdefault(name, Variable(name))
    if kind == "attribute":
        variable.attributes[attribute] = value
        return
    variable.data_type = data_type or None
    if kind == "dimension":
        table.gridded = True
        variable.is_dimension = True
        variable.dimensions = (name,)
        count, spacing = _N_VALUES.search(value), _SPACING.search(value)
        variable.length = int(count[1]) if count else None
        variable.spacing = spacing[1].strip() if spacing else None
    elif kind == "variable":
        variable.dimensions = tuple(part.strip() for part in value.split(",") if part.strip())
