"""A collection of generated records in SQL, as a harvest would have left them but for their ISO documents, which no
search reads. It is kept, and used again by the next measurement of the same size.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path

from harvester.bench.generator import generate
from indexer import prepared
from indexer.store import open_store
from indexer.stored import Ingest
from mappings.record import RawRecord

PART = 1000
"""Records made and stored at a time."""
PROCESSES = max(1, os.cpu_count() or 1)
DONE = "bench.collection"
DATABASE = "halocline.db"

Progress = Callable[[int], None]


def collection(size: int, folder: Path, progress: Progress) -> bool:
    """Have ``size`` records in the database below ``folder``. Gives whether they had to be made."""
    done = folder / DONE
    state = f"{size} {prepared.fingerprint()}"
    if done.is_file() and done.read_text("utf-8") == state:
        return False
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    store = open_store(f"sqlite:///{(folder / DATABASE).resolve()}")
    try:
        for number, batch in enumerate(_batches(size), start=1):
            store.writer.ingest(batch)
            progress(min(size, number * PART))
        store.outbox.renew(store.outbox.mark())  # the index is filled by a rebuild
    finally:
        store.close()
    done.write_text(state, "utf-8")
    return True


def _batches(size: int) -> Iterator[list[Ingest]]:
    under_way: deque[Future[list[Ingest]]] = deque()
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn")) as pool:
        for first in range(0, size, PART):
            under_way.append(pool.submit(_made, first, min(PART, size - first)))
            if len(under_way) > 2 * PROCESSES:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


def _made(first: int, count: int) -> list[Ingest]:
    return [
        Ingest.of("bench", RawRecord(record.file_identifier, "iso19115-2", b""), record, b"")
        for record in generate(count, first=first)
    ]
