"""What one snapshot of the index was asked before, and its answers."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from indexer.engines.tantivy.storage import Snapshot

T = TypeVar("T")


class Remembered:
    """The latest answers of one kind. A newer snapshot empties it. Any thread may use it."""

    def __init__(self, most: int) -> None:
        """It remembers up to ``most`` answers."""
        self._most = most
        self._snapshot: Snapshot | None = None
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()

    def answer(self, snapshot: Snapshot, question: Hashable, find: Callable[[], T]) -> T:
        """What ``find`` gives for ``question``, asked once while the snapshot is the newest."""
        with self._lock:
            if snapshot is not self._snapshot:
                self._snapshot = snapshot
                self._answers.clear()
            if question in self._answers:
                self._answers.move_to_end(question)
                known: T = self._answers[question]
                return known
        found = find()
        with self._lock:
            if snapshot is self._snapshot:
                self._answers[question] = found
                if len(self._answers) > self._most:
                    self._answers.popitem(last=False)
        return found
