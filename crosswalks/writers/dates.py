"""Instants as ISO 19139 writes them."""

from __future__ import annotations

from typing import Any

from crosswalks.writers.elements import GCO, GMD, add, nil, required_code
from mappings.times import first_second, from_seconds


def date_or_nil(parent: Any, name: str, instant: str | None) -> None:
    """A property of type gco:Date, or gco:DateTime when the second is known; nil where XML Schema has no such year.

    XML Schema 1.0 (part 2, §3.2.7.1) knows no year 0000 and takes no plus sign.
    """
    written = xsd_date(instant)
    if written is None:
        nil(parent, name)
    else:
        add(add(parent, name), GCO + ("DateTime" if "T" in written else "Date")).text = written


def xsd_date(instant: str | None) -> str | None:
    """A canonical instant as one of xs:gYear, xs:gYearMonth, xs:date, xs:dateTime; None where there is none."""
    if instant is None or instant.startswith(("0000", "-0000")):
        return None
    return instant.removeprefix("+")


def date_time(parent: Any, name: str, instant: str | None) -> None:
    """An optional property of type gco:DateTime, which must have seconds: the first that the instant covers."""
    written = xsd_date(instant)
    if written is not None and instant is not None:
        exact = instant if "T" in instant else from_seconds(first_second(instant))
        add(add(parent, name), GCO + "DateTime").text = exact.removeprefix("+")


def citation_date(parent: Any, instant: str, kind: str) -> None:
    """A gmd:CI_Date of the given CI_DateTypeCode."""
    date = add(add(parent, GMD + "date"), GMD + "CI_Date")
    date_or_nil(date, GMD + "date", instant)
    required_code(date, GMD + "dateType", "CI_DateTypeCode", kind)
