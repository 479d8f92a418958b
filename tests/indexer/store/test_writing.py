"""Records on their way in and out of SQL."""

from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.store import Store
from indexer.stored import IngestCounts
from mappings.record import BoundingBox, Extent, RawRecord
from tests.indexer.samples import sample


def ids(store: Store) -> dict[str, str]:
    """Native id to id."""
    return {listed.native_id: listed.id for listed in store.reader.listing(None)}


def versions(store: Store) -> list[tuple[str, int]]:
    """The outbox."""
    return [(queued.record_id, queued.version) for queued in store.outbox.oldest(1000)]


def test_all_of_a_record_comes_back(store: Store) -> None:
    item = sample("ctd", attachments=(("dds", b"Dataset {} ctd;"), ("thredds", b"\x00\xff" * 500)))
    assert store.writer.ingest([item]) == IngestCounts(created=1)
    stored = store.reader.stored(["ctd"])["ctd"]
    assert stored.record == item.record
    assert (stored.source, stored.native_id, stored.version) == ("yellow-sea", "ctd", 1)
    assert store.reader.iso(["ctd"]) == {"ctd": item.iso}
    assert store.reader.raw("ctd") == item.raw
    assert store.reader.raw("other") is None
    [listed] = store.reader.listing("yellow-sea")
    assert (listed.location, listed.title) == ("https://data.example.org/ctd", "海水温度 Sea temperature")
    assert list(store.reader.listing("other")) == []


def test_an_unchanged_record_is_left_alone(store: Store) -> None:
    store.writer.ingest([sample("ctd")])
    assert store.writer.ingest([sample("ctd")]) == IngestCounts(unchanged=1)
    assert store.reader.stored(["ctd"])["ctd"].version == 1
    assert versions(store) == [("ctd", 1)]


@pytest.mark.parametrize(
    "change",
    [
        sample("ctd", "Salinity"),
        sample("ctd", crosswalk="iso19139@2"),
        sample("ctd", attachments=(("dds", b"new"),)),
    ],
    ids=["content", "crosswalk", "attachment"],
)
def test_a_changed_record_gets_a_new_version(store: Store, change: object) -> None:
    store.writer.ingest([sample("ctd")])
    assert store.writer.ingest([change]) == IngestCounts(updated=1)  # type: ignore[list-item]
    assert store.reader.stored(["ctd"])["ctd"].version == 2
    assert store.reader.raw("ctd") == change.raw  # type: ignore[attr-defined]
    assert versions(store) == [("ctd", 1), ("ctd", 2)]


def test_a_new_date_alone_is_no_change(store: Store) -> None:
    item = sample("ctd")
    store.writer.ingest([item])
    raw = RawRecord(item.raw.native_id, item.raw.format, item.raw.content, item.raw.location, "2026-09-09")
    again = item.of(item.source, raw, item.record, item.iso)
    assert store.writer.ingest([again]) == IngestCounts(unchanged=1)


def test_of_several_items_of_one_record_the_last_counts(store: Store) -> None:
    counts = store.writer.ingest([sample("ctd", "one"), sample("ctd", "two")])
    assert counts == IngestCounts(created=1)
    assert store.reader.stored(["ctd"])["ctd"].record.title.text == "two"


def test_an_id_that_is_taken_gets_the_source_then_the_native_id(store: Store) -> None:
    store.writer.ingest([sample("a", source="one", file_identifier="X")])
    store.writer.ingest([sample("b", source="two", file_identifier="X")])
    store.writer.ingest([sample(n, source="two", file_identifier="X") for n in ("c", "d")])
    assert ids(store) == {"a": "X", "b": "X@two", "c": "X@two/c", "d": "X@two/d"}


def test_names_made_to_collide_find_another_id(store: Store) -> None:
    store.writer.ingest([sample(n, source="s", file_identifier=n) for n in ("X", "X@s", "X@s/b", "X@s/b~2")])
    store.writer.ingest([sample("b", source="s", file_identifier="X")])
    assert ids(store)["b"] == "X@s/b~3"


def test_a_record_keeps_its_id_while_its_file_identifier_stays(store: Store) -> None:
    store.writer.ingest([sample("a", source="one", file_identifier="X")])
    store.writer.ingest([sample("b", source="two", file_identifier="X")])
    store.writer.delete("one", ["a"])
    store.writer.ingest([sample("b", "new", source="two", file_identifier="X")])
    assert ids(store) == {"b": "X@two"}


def test_a_new_file_identifier_is_a_new_id_and_a_deletion_of_the_old(store: Store) -> None:
    store.writer.ingest([sample("a", file_identifier="X")])
    assert store.writer.ingest([sample("a", "new", file_identifier="Y")]) == IngestCounts(updated=1)
    assert ids(store) == {"a": "Y"}
    assert versions(store) == [("X", 1), ("X", 2), ("Y", 1)]
    assert store.reader.stored(["X"]) == {}


def test_two_records_that_swap_their_file_identifiers(store: Store) -> None:
    store.writer.ingest([sample("a", file_identifier="X"), sample("b", file_identifier="Y")])
    store.writer.ingest([sample("a", "new", file_identifier="Y"), sample("b", "new", file_identifier="X")])
    assert ids(store) == {"a": "Y@yellow-sea", "b": "X@yellow-sea"}
    assert store.reader.count() == 2


def test_deleting_leaves_nothing_but_word_for_the_index(store: Store) -> None:
    store.writer.ingest([sample("a"), sample("b"), sample("c", source="other")])
    assert store.writer.delete("yellow-sea", ["a", "c", "unknown", "a"]) == 1
    assert ids(store) == {"b": "b", "c": "c"}
    assert versions(store)[-1] == ("a", 2)
    with store.database.read() as connection:
        for table in ("documents", "raws"):
            assert (
                connection.exec_driver_sql(f"SELECT count(*) FROM {table} WHERE id = 'a'").scalar_one() == 0
            )


def test_a_record_that_comes_back_is_newer_than_its_deletion(store: Store) -> None:
    store.writer.ingest([sample("a")])
    store.writer.delete("yellow-sea", ["a"])
    assert store.writer.ingest([sample("a")]) == IngestCounts(created=1)
    assert store.reader.stored(["a"])["a"].version == 3
    store.writer.delete("yellow-sea", ["a"])
    assert versions(store) == [("a", 1), ("a", 2), ("a", 3), ("a", 4)]


def test_a_batch_is_stored_as_a_whole_or_not_at_all(store: Store) -> None:
    poisoned = replace(sample("bad"), file_identifier="\ud800")  # a lone surrogate, which UTF-8 cannot carry
    with pytest.raises(UnicodeEncodeError):
        store.writer.ingest([sample("good"), poisoned])
    assert store.reader.count() == 0
    assert len(store.outbox) == 0


def test_documents_come_in_the_order_of_their_places(store: Store) -> None:
    boxes = {
        "b": (20.0, 20.0),
        "a": (21.0, 20.0),
        "far": (-60.0, -50.0),
        "c": (20.0, 21.0),
        "e": None,
        "d": None,
    }
    store.writer.ingest(
        [
            sample(key, extent=Extent(boxes=() if at is None else (BoundingBox(at[0], at[1], *at),)))
            for key, at in boxes.items()
        ]
    )
    stream = store.reader.stream()
    walked = [(one.id, stream.bookmark) for one in stream]
    assert [key for key, _ in walked] == ["d", "e", "far", "b", "a", "c"]
    for number, (_, bookmark) in enumerate(walked, start=1):
        assert store.reader.count(until=bookmark) == number
        assert [one.id for one in store.reader.stream(bookmark)] == [key for key, _ in walked[number:]]
    store.writer.ingest([sample("b", "moved", extent=Extent(boxes=(BoundingBox(-60, -60, -60, -60),)))])
    assert [one.id for one in store.reader.stream()] == ["d", "e", "b", "far", "a", "c"]


def test_hashes_are_those_of_one_source(store: Store) -> None:
    store.writer.ingest([sample("a"), sample("b"), sample("c", source="other")])
    hashes = store.reader.hashes("yellow-sea")
    assert hashes.keys() == {"a", "b"}
    assert len(set(hashes.values())) == 2


def test_batches_larger_than_an_in_list(store: Store) -> None:
    batch = [sample(f"r{number:04d}") for number in range(1201)]
    assert store.writer.ingest(batch) == IngestCounts(created=1201)
    assert store.writer.ingest(batch) == IngestCounts(unchanged=1201)
    assert [stored.id for stored in store.reader.stream()] == [item.raw.native_id for item in batch]
    assert [listed.id for listed in store.reader.listing("yellow-sea")] == [i.raw.native_id for i in batch]
    assert list(store.reader.versions()) == [(item.raw.native_id, 1) for item in batch]
    assert store.writer.delete("yellow-sea", [item.raw.native_id for item in batch]) == 1201
    assert list(store.reader.stream()) == []
    assert len(store.outbox) == 2402


def test_what_is_stored_leaves_the_quarantine(store: Store) -> None:
    for native_id in ("a", "b"):
        store.quarantine.put(
            "yellow-sea",
            native_id,
            run=None,
            format=None,
            location=None,
            reason="cut off",
            place=None,
            content=b"<",
            attachments=(),
        )
    store.writer.ingest([sample("a")])
    assert [item.native_id for item in store.quarantine.listing(None, None, 0)] == ["b"]
    store.writer.delete("yellow-sea", ["b"])
    assert store.quarantine.count(None) == 0


def test_an_unchanged_record_leaves_the_quarantine_too(store: Store) -> None:
    store.writer.ingest([sample("a")])
    store.quarantine.put(
        "yellow-sea",
        "a",
        run=None,
        format=None,
        location=None,
        reason="cut off",
        place=None,
        content=b"<",
        attachments=(),
    )
    assert store.writer.ingest([sample("a")]) == IngestCounts(unchanged=1)
    assert store.quarantine.count(None) == 0
