"""Where an index lies, who may write to it, and how readers notice changes.

A folder holds *generations*, each a whole tantivy index in a folder of its own, with its ``Lexicon`` in a folder in
that; and the file ``CURRENT`` with the name of the one that counts. A rebuild fills a new generation and replaces
``CURRENT``. Whoever writes holds the lock on the file ``LOCK``, which the system lets go when a process dies. A
generation that is being filled has the file ``FILLING`` beside its index, which says how far it is.
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
from indexer.engines.tantivy.lexicon import Lexicon
from mappings.errors import ConfigurationError, IndexUnavailable

CURRENT, LOCK, FINGERPRINT, FILLING = "CURRENT", "LOCK", "halocline.fingerprint", "halocline.filling"
META, LEXICON = "meta.json", "lexicon"
LOCK_WAIT = 5.0
_LOCK_STEP = 0.05
_Stamp = tuple[int, int, int] | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The index as it was at one moment. ``pointer`` and ``stamp`` tell it from every other moment's; those of one
    generation share a lexicon.
    """

    pointer: _Stamp
    generation: str
    stamp: _Stamp
    index: tantivy.Index
    searcher: tantivy.Searcher
    lexicon: Lexicon

    @property
    def mark(self) -> object:
        """What to remember answers by: a snapshot that is kept keeps files that were deleted on the disk."""
        return self.pointer, self.stamp


@dataclass(frozen=True, slots=True)
class Generation:
    """One whole index, which nobody reads before it is published."""

    folder: Path
    index: tantivy.Index
    lexicon: Lexicon

    @property
    def name(self) -> str:
        """What ``CURRENT`` calls it."""
        return self.folder.name

    def write_progress(self, written: bytes) -> None:
        """Keep how far the filling is, safe from a power cut."""
        _write_safely(self.folder / FILLING, written)


class Storage:
    """The folder of one index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.location = str(folder)
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
            index, lexicon = known.index, known.lexicon
        else:
            self._check(self.folder / generation)
            opened = _opened(self.folder / generation, reuse=True)
            index, lexicon = opened.index, opened.lexicon
        stamp = _stamp(self._meta(generation))  # before reloading: a later change is then seen as one
        index.reload()
        searcher = index.searcher()
        lexicon.reload()  # last, so that it has all words of the index
        return Snapshot(pointer, generation, stamp, index, searcher, lexicon)

    def forget(self) -> None:
        """Let go of the files; the next use opens them again."""
        self._snapshot = None

    def _check(self, folder: Path) -> None:
        if _fingerprint_in(folder) != schema.fingerprint():
            raise ConfigurationError(
                f"the index at {self.folder} was made by another version of Halocline; {REBUILD}"
            )
        if not _is_whole(folder):
            raise ConfigurationError(f"the index at {self.folder} has lost files; {REBUILD}")

    def _meta(self, generation: str) -> Path:
        return self.folder / generation / META

    def _create_first(self) -> None:
        with self.lock():
            if _stamp(self.folder / CURRENT) is None:
                self.publish(self.new_generation().name)

    def new_generation(self) -> Generation:
        """An empty index in a folder of its own, which nobody reads before ``publish``. The lock must be held."""
        folder = self.folder / f"generation-{uuid.uuid4().hex[:12]}"
        folder.mkdir(parents=True)
        (folder / FINGERPRINT).write_text(schema.fingerprint(), "utf-8")
        return _opened(folder, reuse=False)

    def unfinished(self) -> Iterator[tuple[Generation, bytes]]:
        """What fillings that were killed have left, with their progress; those of another schema, and those that lack
        files, are removed. The lock must be held.
        """
        for path in sorted(self.folder.glob(f"generation-*/{FILLING}")):
            if path.parent.name == self._current():  # published, and then killed
                path.unlink()
            elif _fingerprint_in(path.parent) == schema.fingerprint() and _is_whole(path.parent):
                yield _opened(path.parent, reuse=True), path.read_bytes()
            else:
                self.discard(path.parent.name)

    def _current(self) -> str | None:
        with suppress(FileNotFoundError):
            return (self.folder / CURRENT).read_text("utf-8").strip()
        return None

    def publish(self, generation: str) -> None:
        """Make ``generation`` the one that counts, at once for everyone. The lock must be held."""
        _write_safely(self.folder / CURRENT, generation.encode())
        (self.folder / generation / FILLING).unlink(missing_ok=True)

    def discard(self, generation: str) -> None:
        """Remove a generation. Readers that still have it open keep what they have."""
        shutil.rmtree(self.folder / generation, ignore_errors=True)

    def discard_leftovers(self) -> None:
        """Remove all generations but the current one and any that is being filled. The lock must be held."""
        current = self._current()
        for path in self.folder.glob("generation-*"):
            if path.name != current and not (path / FILLING).is_file():
                self.discard(path.name)

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


def _opened(folder: Path, *, reuse: bool) -> Generation:
    index = tantivy.Index(schema.schema(), str(folder), reuse=reuse)
    schema.register(index)
    (folder / LEXICON).mkdir(exist_ok=reuse)
    return Generation(folder, index, Lexicon(folder / LEXICON, reuse=reuse))


def _is_whole(folder: Path) -> bool:
    """Whether both indexes of a generation are there: opening one that is not would make an empty one."""
    return (folder / META).is_file() and (folder / LEXICON / META).is_file()


def _fingerprint_in(folder: Path) -> str | None:
    try:
        return (folder / FINGERPRINT).read_text("utf-8").strip()
    except FileNotFoundError:
        return None


def _write_safely(path: Path, content: bytes) -> None:
    """All of it or nothing, also when the power is cut: whoever reads finds the old content or the new one."""
    written = path.with_name(f"{path.name}.new")
    with written.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    written.replace(path)


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
