"""Where an index lies, who may write to it, and how readers notice changes.

A folder holds *generations*, each a whole tantivy index in a folder of its own, and the file ``CURRENT`` with
the name of the one that counts. A rebuild fills a new generation and replaces ``CURRENT``. Whoever writes
holds the lock on the file ``LOCK``, which the system lets go when a process dies.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import tantivy

from indexer.engines.tantivy import schema
from indexer.engines.tantivy.failures import REBUILD, reading
from mappings.errors import ConfigurationError, IndexUnavailable

CURRENT, LOCK, FINGERPRINT = "CURRENT", "LOCK", "halocline.fingerprint"
LOCK_WAIT = 5.0
_LOCK_STEP = 0.05
_Stamp = tuple[int, int, int] | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The index as it was at one moment. ``pointer`` and ``stamp`` tell it from every other moment's."""

    pointer: _Stamp
    generation: str
    stamp: _Stamp
    index: tantivy.Index
    searcher: tantivy.Searcher


class Storage:
    """The folder of one index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._snapshot: Snapshot | None = None
        self._refreshing = threading.Lock()

    def snapshot(self) -> Snapshot:
        """The newest state, from whatever process it was written. Costs two looks at the file system if
        nothing changed.

        Raises ``ConfigurationError`` where the index is of another schema or damaged.
        """
        known = self._snapshot
        if known is not None and self._is_newest(known):
            return known
        with self._refreshing:
            known = self._snapshot
            if known is None or not self._is_newest(known):
                known = self._snapshot = self._newest()
            return known

    def _is_newest(self, known: Snapshot) -> bool:
        return known.pointer == _stamp(self.folder / CURRENT) and known.stamp == _stamp(
            self._meta(known.generation)
        )

    def _newest(self) -> Snapshot:
        for _ in range(3):  # a rebuild may take the generation away while it is being opened
            pointer = _stamp(self.folder / CURRENT)
            if pointer is None:
                self._create_first()
                continue
            try:
                with reading(str(self.folder)):
                    return self._load(pointer, (self.folder / CURRENT).read_text("utf-8").strip())
            except ConfigurationError:
                if pointer == _stamp(self.folder / CURRENT):
                    raise
        raise IndexUnavailable(f"the index at {self.folder} is being replaced; try again")

    def _load(self, pointer: _Stamp, generation: str) -> Snapshot:
        known = self._snapshot
        if known is not None and known.generation == generation:
            index = known.index
        else:
            self._check(self.folder / generation)
            index = tantivy.Index(schema.schema(), str(self.folder / generation), reuse=True)
            schema.register(index)
        stamp = _stamp(self._meta(generation))  # before reloading: a later change is then seen as one
        index.reload()
        return Snapshot(pointer, generation, stamp, index, index.searcher())

    def forget(self) -> None:
        """Let go of the files; the next use opens them again."""
        self._snapshot = None

    def _check(self, folder: Path) -> None:
        try:
            found = (folder / FINGERPRINT).read_text("utf-8").strip()
        except FileNotFoundError:
            found = "none"
        if found != schema.fingerprint():
            raise ConfigurationError(
                f"the index at {self.folder} was made by another version of Halocline; {REBUILD}"
            )
        if not self._meta(folder.name).is_file():
            raise ConfigurationError(f"the index at {self.folder} has lost files; {REBUILD}")

    def _meta(self, generation: str) -> Path:
        return self.folder / generation / "meta.json"

    def _create_first(self) -> None:
        with self.lock():
            if _stamp(self.folder / CURRENT) is None:
                self.publish(self.new_generation()[0])

    def new_generation(self) -> tuple[str, tantivy.Index]:
        """An empty index in a folder of its own, which nobody reads before ``publish``. The lock must be
        held.
        """
        generation = f"generation-{uuid.uuid4().hex[:12]}"
        folder = self.folder / generation
        folder.mkdir(parents=True)
        (folder / FINGERPRINT).write_text(schema.fingerprint(), "utf-8")
        index = tantivy.Index(schema.schema(), str(folder), reuse=False)
        schema.register(index)
        return generation, index

    def publish(self, generation: str) -> None:
        """Make ``generation`` the one that counts, at once for everyone. The lock must be held."""
        written = self.folder / f"{CURRENT}.{generation}"
        written.write_text(generation, "utf-8")
        with written.open("rb") as file:
            os.fsync(file.fileno())
        written.replace(self.folder / CURRENT)

    def discard(self, generation: str) -> None:
        """Remove a generation. Readers that still have it open keep what they have."""
        shutil.rmtree(self.folder / generation, ignore_errors=True)

    def discard_leftovers(self) -> None:
        """Remove what rebuilds that were killed have left. The lock must be held."""
        current = (self.folder / CURRENT).read_text("utf-8").strip()
        for path in self.folder.glob("generation-*"):
            if path.name != current:
                self.discard(path.name)
        for path in self.folder.glob(f"{CURRENT}.*"):
            path.unlink(missing_ok=True)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Be the only writer, of all threads and processes. Raises ``IndexUnavailable`` after ``LOCK_WAIT``
        seconds.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / LOCK).open("ab") as file:
            deadline = time.monotonic() + LOCK_WAIT
            while not _try_lock(file.fileno()):
                if time.monotonic() > deadline:
                    raise IndexUnavailable(
                        f"another process is writing to the index at {self.folder}; try again"
                    )
                time.sleep(_LOCK_STEP)
            yield  # closing the file lets the lock go

    def size(self) -> int:
        """Bytes on disk."""
        total = 0
        for path in self.folder.rglob("*"):
            with suppress(FileNotFoundError):
                total += path.stat().st_size if path.is_file() else 0
        return total


def _stamp(path: Path) -> _Stamp:
    """Differs after every atomic replacement of a file."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
