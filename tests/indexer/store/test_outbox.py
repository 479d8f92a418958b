"""What the index has yet to learn."""

from __future__ import annotations

from indexer.store import Store
from tests.indexer.samples import sample


def queued(store: Store) -> list[tuple[str, int]]:
    return [(row.record_id, row.version) for row in store.outbox.oldest(100)]


def test_a_record_that_changes_while_it_is_indexed_stays_queued(store: Store) -> None:
    store.writer.ingest([sample("a"), sample("b")])
    taken = store.outbox.oldest(100)
    store.writer.ingest([sample("a", "changed")])
    store.outbox.settle(taken, {"a": 1, "b": 1})
    # Twice: its own row, and because the index was given version 1.
    assert queued(store) == [("a", 2), ("a", 2)]
    store.outbox.settle(store.outbox.oldest(100), {"a": 2})
    assert queued(store) == []


def test_a_row_settled_by_another_is_nothing_to_worry_about(store: Store) -> None:
    store.writer.ingest([sample("a")])
    taken = store.outbox.oldest(100)
    store.outbox.settle(taken, {"a": 1})
    store.writer.ingest([sample("b")])
    store.outbox.settle(taken, {"a": 1})
    assert queued(store) == [("b", 1)]


def test_numbers_do_not_come_back(store: Store) -> None:
    store.writer.ingest([sample("a")])
    [first] = store.outbox.oldest(1)
    store.outbox.settle([first], {"a": 1})
    store.writer.ingest([sample("b")])
    [second] = store.outbox.oldest(1)
    assert second.number > first.number


def test_a_late_writer_who_gave_the_index_an_old_state_queues_the_new_one(store: Store) -> None:
    store.writer.ingest([sample("a"), sample("b"), sample("c")])
    late = store.outbox.oldest(100)
    store.writer.ingest([sample("a", "changed")])
    store.writer.delete("yellow-sea", ["b"])
    quick = store.outbox.oldest(100)
    store.outbox.settle(quick, {"a": 2, "b": None, "c": 1})
    assert queued(store) == []
    store.outbox.settle(late, {"a": 1, "b": 1, "c": 1})
    assert sorted(queued(store)) == [("a", 2), ("b", 2)]


def test_a_deletion_of_what_came_back_is_queued_again(store: Store) -> None:
    store.writer.ingest([sample("a")])
    store.writer.delete("yellow-sea", ["a"])
    late = store.outbox.oldest(100)
    store.writer.ingest([sample("a")])
    store.outbox.settle(store.outbox.oldest(100), {"a": 3})
    store.outbox.settle(late, {"a": None})
    assert queued(store) == [("a", 3)]


def test_after_a_rebuild_only_what_changed_since_is_queued(store: Store) -> None:
    store.writer.ingest([sample("a"), sample("b"), sample("c")])
    mark = store.outbox.mark()
    store.writer.ingest([sample("a", "changed")])
    store.writer.delete("yellow-sea", ["b"])
    # Another process gives these to the index that is about to be replaced.
    store.outbox.settle(store.outbox.oldest(100), {"a": 2, "b": None, "c": 1})
    store.outbox.renew(mark)
    assert queued(store) == [("a", 2), ("b", 2)]


def test_the_state_differs_after_each_change_and_each_settling(store: Store) -> None:
    states = [store.outbox.state()]
    store.writer.ingest([sample(name) for name in "abc"])
    states.append(store.outbox.state())
    for row in store.outbox.oldest(10):
        store.outbox.settle([row], {row.record_id: row.version})
        states.append(store.outbox.state())
    store.outbox.put([("a", 1)])
    states.append(store.outbox.state())
    assert len(set(states[1:])) == len(states) - 1
    assert states[0] not in states[1:]
    assert store.outbox.state() == states[-1]
