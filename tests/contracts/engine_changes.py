"""The engine contract: writing, deleting, rebuilding."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

import pytest

from indexer.document import Document
from indexer.engines.base import Deletion, Engine
from indexer.query import Everything, Not, Text
from tests.contracts.engine_documents import document, found, refill, titled


class ChangesContract:
    """Versions win, whatever the order of writing."""

    def test_what_is_written_is_found_at_once(self, engine: Engine) -> None:
        assert found(engine, Everything()) == set()
        engine.apply([titled("a", "sea")])
        assert found(engine, Text("sea")) == {"a"}
        engine.apply([])
        assert engine.status().documents == 1

    def test_a_newer_version_replaces_all_of_an_older_one(self, engine: Engine) -> None:
        engine.apply([titled("a", "sea", boxes=[(0, 0, 1, 1)])])
        engine.apply([titled("a", "ice", version=2)])
        assert found(engine, Text("sea")) == set()
        assert found(engine, Text("ice")) == {"a"}
        assert engine.status().documents == 1

    def test_the_same_version_again_changes_nothing(self, engine: Engine) -> None:
        for _ in range(2):
            engine.apply([titled("a", "sea", version=3), titled("b", "sea")])
        assert found(engine, Text("sea")) == {"a", "b"}
        assert engine.status().documents == 2

    @pytest.mark.parametrize("together", [False, True])
    def test_late_writes_lose(self, engine: Engine, together: bool) -> None:
        orders = [
            _changes_in_order(f"{number}", order) for number, order in enumerate(permutations(range(4)))
        ]
        if together:
            engine.apply([change for changes in orders for change in changes])
        else:
            for step in range(4):
                engine.apply([changes[step] for changes in orders])
        expected = {f"a{number}" for number in range(len(orders))}
        assert found(engine, Everything()) == found(engine, Text("third")) == expected

    def test_deleted_is_deleted(self, engine: Engine) -> None:
        engine.apply([titled("a", "sea"), titled("b", "sea")])
        engine.apply([Deletion("a", 2), Deletion("never there", 9)])
        engine.apply([titled("a", "sea", version=2), titled("a", "sea")])
        assert found(engine, Everything()) == found(engine, Text("sea")) == {"b"}
        assert found(engine, Not(Text("ice"))) == {"b"}
        assert engine.status().documents == 1
        engine.apply([titled("a", "back", version=3)])
        assert found(engine, Everything()) == {"a", "b"}

    def test_odd_ids(self, engine: Engine) -> None:
        ids = {"urn:x/y?z#1", "含中文 的", "a b", "a\tb", "'\"\\", "x" * 500}
        engine.apply([document(key) for key in ids])
        assert found(engine, Everything()) == ids
        engine.apply([Deletion(key, 2) for key in ids])
        assert found(engine, Everything()) == set()

    def test_rebuild_replaces_everything(self, engine: Engine) -> None:
        engine.apply([titled("old", "sea"), Deletion("new", 9)])
        assert refill(engine, [titled(key, "sea") for key in ("a", "b", "new")]) == 3
        assert found(engine, Text("sea")) == {"a", "b", "new"}
        assert not engine.needs_rebuild
        engine.apply([titled("a", "ice", version=2)])
        assert found(engine, Text("sea")) == {"b", "new"}
        assert refill(engine, []) == 0
        assert found(engine, Everything()) == set()

    def test_the_old_index_answers_until_the_rebuild_is_done(self, engine: Engine) -> None:
        engine.apply([titled("old", "sea")])

        def documents() -> Iterator[Document]:
            yield titled("new", "sea")
            assert found(engine, Text("sea")) == {"old"}

        refill(engine, documents())
        assert found(engine, Text("sea")) == {"new"}

    def test_a_rebuild_that_fails_leaves_the_old_index(self, engine: Engine) -> None:
        engine.apply([titled("old", "sea")])

        def documents() -> Iterator[Document]:
            yield titled("new", "sea")
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            refill(engine, documents())
        assert found(engine, Everything()) == {"old"}
        engine.apply([titled("more", "sea")])
        assert found(engine, Everything()) == {"old", "more"}

    def test_a_census_has_every_living_document(self, engine: Engine) -> None:
        engine.apply([titled(f"{number}", "sea", version=number + 1) for number in range(30)])
        engine.apply([Deletion("3", 9), titled("4", "ice", version=7), Deletion("x", 2)])
        assert dict(engine.census()) == {f"{n}": 7 if n == 4 else n + 1 for n in range(30) if n != 3}

    def test_a_filling_that_was_stopped_goes_on(self, engine: Engine) -> None:
        engine.apply([titled("old", "sea")])

        def stopped() -> Iterator[Document]:
            yield titled("c", "sea")
            raise ZeroDivisionError

        with engine.filling("tests", "first") as fresh:
            assert (fresh.note, fresh.after) == ("first", "")
            fresh.add([titled("a", "sea"), titled("b", "sea")], lambda: "b")
            assert fresh.after == "b"
            with pytest.raises(ZeroDivisionError):
                fresh.add(stopped(), lambda: "")
        engine.apply([titled("more", "sea")])
        assert found(engine, Everything()) == {"old", "more"}
        with engine.filling("tests", "second") as fresh:
            if engine.capabilities.persistent:
                assert (fresh.note, fresh.after) == ("first", "b")
            else:
                assert (fresh.note, fresh.after) == ("second", "")
                fresh.add([titled("a", "sea"), titled("b", "sea")], lambda: "b")
            fresh.add([titled("c", "sea"), titled("d", "sea")], lambda: "d")
            fresh.publish()
        assert found(engine, Text("sea")) == {"a", "b", "c", "d"}
        with engine.filling("tests", "third") as fresh:
            assert (fresh.note, fresh.after) == ("third", "")

    def test_a_filling_of_another_kind_begins_afresh(self, engine: Engine) -> None:
        with engine.filling("one kind", "first") as fresh:
            fresh.add([titled("a", "sea")], lambda: "a")
        with engine.filling("another", "second") as fresh:
            assert (fresh.note, fresh.after) == ("second", "")
            fresh.add([titled("b", "sea")], lambda: "b")
            fresh.publish()
        assert found(engine, Everything()) == {"b"}


def _changes_in_order(suffix: str, order: tuple[int, ...]) -> list[Document | Deletion]:
    changes: list[Document | Deletion] = [
        titled(f"a{suffix}", "first", version=1),
        Deletion(f"a{suffix}", 2),
        titled(f"a{suffix}", "third", version=3),
        Deletion(f"b{suffix}", 1),
    ]
    return [changes[place] for place in order]
