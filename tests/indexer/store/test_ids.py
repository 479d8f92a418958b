"""Which id a record gets."""

from __future__ import annotations

from itertools import islice

from indexer.store.ids import MAX_IDENTIFIER, candidates, shortened


def test_the_file_identifier_comes_first() -> None:
    assert list(islice(candidates("CTD/2019 №1", "fio", "a:b"), 5)) == [
        "CTD/2019 №1",
        "CTD/2019 №1@fio",
        "CTD/2019 №1@fio/a:b",
        "CTD/2019 №1@fio/a:b~2",
        "CTD/2019 №1@fio/a:b~3",
    ]


def test_overlong_identifiers_stay_apart() -> None:
    first, second = shortened("x" * 5000 + "1"), shortened("x" * 5000 + "2")
    assert first != second
    assert len(first) == len(second) == MAX_IDENTIFIER
    assert shortened("x" * MAX_IDENTIFIER) == "x" * MAX_IDENTIFIER
