"""Processes killed at any moment, alone or together: SQL is consistent, and a drain brings the index to agree."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from indexer.catalogue import Catalogue
from indexer.engines import open_engine
from indexer.query import Page, Query, Text
from indexer.store import open_store
from tests.conftest import PROJECT
from tests.indexer.samples import sample

TURNS, MOST_TURNS = 4, 20
"""A kill may come when nothing waits for the index: it is then tried again."""

HARVESTER = """
import random, sys
from itertools import count
from pathlib import Path
from indexer.catalogue import Catalogue
from indexer.engines import open_engine
from indexer.store import open_store
from tests.indexer.samples import sample

folder, seed = Path(sys.argv[1]), int(sys.argv[2])
rng = random.Random(seed)
catalogue = Catalogue(open_store(f"sqlite:///{folder}/halocline.db"), open_engine("tantivy:index", folder))
for turn in count():
    some = rng.sample(range(120), 30)
    catalogue.ingest([sample(f"r{number}", f"wave{rng.randrange(10**9)} temperature") for number in some])
    if not turn:
        print("started", flush=True)
    if rng.random() < 0.4:
        catalogue.delete("yellow-sea", [f"r{number}" for number in rng.sample(range(120), 10)])
    if rng.random() < 0.6:
        catalogue.drain()
"""

REBUILDER = """
import sys
from pathlib import Path
from indexer import catalogue
from indexer.engines import open_engine
from indexer.store import open_store

catalogue.PART, catalogue.TOLD = 50, 10
folder = Path(sys.argv[1])
opened = catalogue.Catalogue(open_store(f"sqlite:///{folder}/halocline.db"), open_engine("tantivy:index", folder))
opened.rebuild(lambda done: print(done, flush=True))
"""

ORPHANS = """
SELECT count(*) FROM records WHERE id NOT IN (SELECT id FROM documents) OR id NOT IN (SELECT id FROM raws)
  OR id IN (SELECT id FROM tombstones)
"""


def test_killed_processes_leave_a_catalogue_that_agrees_with_its_index(tmp_path: Path) -> None:
    rng = random.Random(7)
    drained = False
    for turn in range(MOST_TURNS):
        if turn >= TURNS and drained:
            break
        together = 1 + turn % 2
        _harvest_and_kill(tmp_path, range(turn * 2, turn * 2 + together), rng.uniform(0.05, 0.8) * together)
        _check_database(tmp_path / "halocline.db")
        store = open_store(f"sqlite:///{tmp_path}/halocline.db")
        catalogue = Catalogue(store, open_engine("tantivy:index", tmp_path))
        drained |= catalogue.drain() > 0
        _check_agreement(catalogue)
        catalogue.close()
        store.close()
    assert drained, "no kill left anything to the next drain: the test has lost its point"


def test_a_killed_rebuild_goes_on_where_it_was(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/halocline.db")
    store.writer.ingest([sample(f"r{number:03d}", f"wave{number} temperature") for number in range(400)])
    catalogue = Catalogue(store, open_engine("tantivy:index", tmp_path))
    catalogue.drain(limit=5)
    assert _rebuild(tmp_path, kill_at=130)[0] == 10
    assert catalogue.search(Query()).total == 5  # the old index answers
    store.writer.ingest([sample("r001", "changed meanwhile")])
    store.writer.delete("yellow-sea", ["r000"])
    begins = _rebuild(tmp_path, kill_at=260)[0]
    assert begins > 50, "it began anew"
    told = _rebuild(tmp_path)
    assert told[0] > 200
    assert told[-1] == 399
    catalogue.drain()
    _check_agreement(catalogue)
    assert not catalogue.search(Query(Text("wave1"))).hits
    catalogue.close()
    store.close()


def _rebuild(folder: Path, kill_at: int | None = None) -> list[int]:
    """Rebuild in another process, kill it when it tells that so many are done, and give all that it told."""
    told: list[int] = []
    with subprocess.Popen(
        [sys.executable, "-c", REBUILDER, str(folder)], cwd=PROJECT, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            told.append(int(line))
            if told[-1] == kill_at:
                process.kill()
    assert process.returncode == (0 if kill_at is None else -signal.SIGKILL)
    return told


def _harvest_and_kill(folder: Path, seeds: range, seconds: float) -> None:
    commands = [[sys.executable, "-c", HARVESTER, str(folder), str(seed)] for seed in seeds]
    with ExitStack() as stack:
        processes = [
            stack.enter_context(subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE))
            for command in commands
        ]
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == b"started\n"
        time.sleep(seconds)
        for process in processes:
            process.kill()
        # Had one ended by itself, by an error, it would not say so.
        assert [process.wait() for process in processes] == [-signal.SIGKILL] * len(processes)


def _check_database(path: Path) -> None:
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert connection.execute(ORPHANS).fetchone() == (0,)
    connection.close()


def _check_agreement(catalogue: Catalogue) -> None:
    assert catalogue.pending() == 0
    page = catalogue.search(Query(page=Page(size=1000)))
    assert page.total == catalogue.count() == len(page.hits)
    for hit in page.hits:
        [found] = catalogue.search(Query(Text(hit.record.title.text))).hits
        assert found == hit
