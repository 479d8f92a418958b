"""Several processes on one index: what one writes the others find, and nobody's death harms it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import msgspec
import pytest

from indexer.document import Document
from indexer.engines.tantivy import storage
from indexer.engines.tantivy.engine import TantivyEngine
from indexer.query import Everything, Text
from mappings.errors import IndexUnavailable
from tests.conftest import PROJECT
from tests.contracts.engine_documents import found, refill, titled

SCRIPT = """
import sys
from pathlib import Path
from indexer.engines.tantivy.engine import TantivyEngine
from tests.contracts.engine_documents import titled
engine = TantivyEngine(Path(sys.argv[1]))
name, batches, size = sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
for batch in range(batches):
    engine.apply([titled(f"{name}-{batch}-{number}", f"sea {name}") for number in range(size)])
    print(batch, flush=True)
"""


def writer(folder: Path, name: str, batches: int, size: int = 1) -> subprocess.Popen[bytes]:
    """A process that writes batches and says so after each."""
    command = [sys.executable, "-c", SCRIPT, str(folder), name, str(batches), str(size)]
    return subprocess.Popen(
        command, cwd=PROJECT, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(PROJECT)}
    )


@pytest.fixture
def engine(tmp_path: Path) -> TantivyEngine:
    return TantivyEngine(tmp_path / "index")


def test_what_another_process_writes_is_found_at_once(engine: TantivyEngine, tmp_path: Path) -> None:
    assert found(engine, Everything()) == set()
    with writer(tmp_path / "index", "other", 1):
        pass
    assert found(engine, Text("other")) == {"other-0-0"}
    engine.apply([titled("own", "sea")])
    assert found(engine, Text("sea")) == {"other-0-0", "own"}


def test_two_processes_write_in_turn(engine: TantivyEngine, tmp_path: Path) -> None:
    with writer(tmp_path / "index", "a", 8) as a, writer(tmp_path / "index", "b", 8) as b:
        assert (a.wait(60), b.wait(60)) == (0, 0)
    assert engine.status().documents == len(found(engine, Text("sea"))) == 16


def test_an_index_that_is_being_written_is_unavailable(
    engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.apply([titled("a", "sea")])
    monkeypatch.setattr(storage, "LOCK_WAIT", 0.2)
    with storage.Storage(Path(engine.status().location)).lock():
        start = time.monotonic()
        with pytest.raises(IndexUnavailable, match="another process is writing"):
            engine.apply([titled("b", "sea")])
        assert time.monotonic() - start < 2
        with pytest.raises(IndexUnavailable):
            refill(engine, [])
        assert found(engine, Text("sea")) == {"a"}
    engine.apply([titled("b", "sea")])
    assert found(engine, Text("sea")) == {"a", "b"}


def test_a_rebuild_is_noticed_by_other_readers(engine: TantivyEngine, tmp_path: Path) -> None:
    engine.apply([titled("old", "sea")])
    reader = TantivyEngine(tmp_path / "index")
    assert found(reader, Text("sea")) == {"old"}
    refill(engine, [titled("new", "sea")])
    assert found(reader, Text("sea")) == {"new"}
    reader.apply([titled("more", "sea")])
    assert found(engine, Text("sea")) == {"new", "more"}


def test_searching_goes_on_while_another_thread_rebuilds_and_writes(engine: TantivyEngine) -> None:
    stop = threading.Event()
    engine.apply([titled(f"{number}", "sea") for number in range(20)])

    def change() -> None:
        for _ in range(5):
            refill(engine, [titled(f"{number}", "sea") for number in range(20)])
            engine.apply([titled(f"{number}", "sea ice", version=2) for number in range(20)])
        stop.set()

    thread = threading.Thread(target=change)
    thread.start()
    searches = 0
    while not stop.is_set():
        assert len(found(engine, Text("sea"))) == 20
        searches += 1
    thread.join()
    assert searches > 10
    assert len(found(engine, Text("ice"))) == 20


@pytest.mark.parametrize("patience", [0.0, 0.03, 0.11])
def test_killed_while_writing(engine: TantivyEngine, tmp_path: Path, patience: float) -> None:
    size = 50
    process = writer(tmp_path / "index", "victim", 1000, size)
    assert process.stdout is not None
    told = [int(process.stdout.readline()) for _ in range(3)]
    time.sleep(patience)
    process.send_signal(signal.SIGKILL)
    told += [int(line) for line in process.stdout.read().split()]
    process.wait()
    process.stdout.close()
    survivors = len(found(engine, Text("victim")))
    assert survivors % size == 0
    assert len(told) * size <= survivors <= (len(told) + 1) * size
    engine.apply([titled("after", "sea")])
    assert engine.status().documents == survivors + 1


def test_what_a_killed_rebuild_leaves_is_removed(engine: TantivyEngine, tmp_path: Path) -> None:
    engine.apply([titled("a", "sea")])
    leftover = storage.Storage(tmp_path / "index").new_generation().name
    assert (tmp_path / "index" / leftover).is_dir()
    engine.apply([titled("b", "sea")])
    assert not (tmp_path / "index" / leftover).exists()
    assert found(engine, Text("sea")) == {"a", "b"}


def test_a_filling_that_is_killed_knows_whether_it_committed(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path / "index")
    with engine.filling("tests", "first") as fresh:
        fresh.add([titled("a", "sea"), titled("b", "sea")], lambda: "b")
    with engine.filling("tests", "second") as fresh:
        assert fresh.after == "b"
        (left,) = (tmp_path / "index").glob("generation-*/halocline.filling")
        progress = msgspec.json.decode(left.read_bytes())
        assert (progress["before"], progress["after"], progress["documents"]) == ("", "b", 0)
    left.write_bytes(msgspec.json.encode({**progress, "before": "b", "after": "c", "documents": 2}))
    with engine.filling("tests", "third") as fresh:  # killed before that commit
        assert fresh.after == "b"
        fresh.add([titled("c", "sea")], lambda: "c")
        fresh.publish()
    assert found(engine, Everything()) == {"a", "b", "c"}
    assert not list((tmp_path / "index").glob("generation-*/halocline.filling"))


def test_a_filling_that_is_killed_after_it_was_published_is_done(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path / "index")
    with engine.filling("tests", "first") as fresh:
        fresh.add([titled("a", "sea")], lambda: "a")
        (progress,) = (tmp_path / "index").glob("generation-*/halocline.filling")
        kept = progress.read_bytes()
        fresh.publish()
    progress.write_bytes(kept)
    with engine.filling("tests", "second") as fresh:
        assert (fresh.note, fresh.after) == ("second", "")
    assert found(engine, Everything()) == {"a"}


def test_a_large_batch_is_written_whole(engine: TantivyEngine) -> None:
    documents: list[Document] = [titled(f"{number}", f"sea {number}") for number in range(3000)]
    engine.apply(documents)
    engine.apply(documents)
    assert engine.status().documents == 3000
