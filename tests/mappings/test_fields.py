"""The fields file: what it says is so, and every kind of mistake in it is refused by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given

from mappings.errors import ConfigurationError
from mappings.fields import MAX_YEARS, load_fields
from mappings.record import Dates, Extent, LocalisedText, Period, Record, Translation
from tests.strategies import records

GOOD = {"name": "title", "type": "text", "labels": {"zh": "标题", "en": "Title"}, "read": "title"}


def load(folder: Path, *entries: dict[str, Any]) -> object:
    file = folder / "fields.yaml"
    file.write_text(yaml.safe_dump({"fields": list(entries)}, allow_unicode=True), encoding="utf-8")
    return load_fields(file)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"type": "colour"}, "colour"),
        ({"labels": {"en": "Title"}}, "label in zh or en"),
        ({"read": "heading"}, "leads nowhere at 'heading'"),
        ({"read": "extent.boxes.width"}, "leads nowhere at 'width'"),
        ({"read": "@nothing"}, "no derived reading"),
        ({"facet": 5}, "cannot be a facet"),
        ({"flavour": 1}, "unknown keys"),
    ],
)
def test_a_mistake_is_refused_by_name(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=r"fields\.yaml") as refused:
        load(tmp_path, {**GOOD, **change})
    assert said in str(refused.value)


def test_names_and_csw_names_are_given_once(tmp_path: Path) -> None:
    other = {**GOOD, "name": "heading", "csw": ["Title"]}
    with pytest.raises(ConfigurationError, match="twice"):
        load(tmp_path, GOOD, GOOD)
    with pytest.raises(ConfigurationError, match="twice"):
        load(tmp_path, {**GOOD, "csw": ["Title"]}, other)


@given(records())
def test_every_field_can_be_read_from_every_record(record: Record) -> None:
    fields = load_fields()
    for name in fields:
        values = fields.values_of(name, record)
        assert None not in values
        assert len(set(values)) == len(values)


def test_localised_texts_give_all_their_wordings() -> None:
    record = Record("x", LocalisedText("Yellow Sea", (Translation("zho", "黄海"),)))
    assert load_fields().values_of("title", record) == ("Yellow Sea", "黄海")


def test_years_are_those_with_data() -> None:
    def years(*periods: Period, stamp: str | None = None) -> tuple[Any, ...]:
        record = Record("x", LocalisedText("t"), extent=Extent(periods=periods), dates=Dates(metadata=stamp))
        return load_fields().values_of("year", record)

    assert years(Period("2001-05", "2003")) == (2001, 2002, 2003)
    assert years(Period("2019", None)) == (2019,)
    assert years(Period("2019", None), stamp="2021-02-03") == (2019, 2020, 2021)
    assert years(Period("2019", None), stamp="2015") == (2019,)
    assert years(Period("-9000", "1950")) == (-9000, 1950)
    assert len(years(Period("1700", "1999"))) <= MAX_YEARS


def test_months_are_those_of_the_periods() -> None:
    def months(*periods: Period) -> tuple[Any, ...]:
        record = Record("x", LocalisedText("x"), extent=Extent(periods=periods))
        return load_fields().values_of("month", record)

    assert months() == ()
    assert months(Period("2003-05", "2003-05")) == (5,)
    assert months(Period("2003-11-30", "2004-01-01")) == (1, 11, 12)
    assert months(Period("2003", "2003")) == months(Period("2003-02", "2004-01")) == tuple(range(1, 13))
    assert months(Period("2019-06", None)) == months(Period(None, "2019-06")) == tuple(range(1, 13))
    assert months(Period("-12000-12", "-11999-01"), Period("2003-05", "2003-05")) == (1, 12, 5)
