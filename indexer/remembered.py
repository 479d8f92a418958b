"""What was answered before, as long as it is still the answer."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

LONGEST = 600.0
"""Seconds after which everything is asked again, whatever a mark says: an index can be mended behind its back."""

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """The latest ``most`` answers of one state of what is asked. A mark stands for the state: one that differs from
    the last one empties this. Any thread may use it.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._mark: object = None
        self._begun = 0.0
        self._answers: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.Lock()

    def answer(self, mark: object, key: K, ask: Callable[[], V]) -> V:
        """The answer that was kept, or what ``ask`` gives now, which is kept."""
        found = self.find(mark, key)
        if found is None:
            found = ask()
            self.keep(mark, key, found)
        return found

    def find(self, mark: object, key: K) -> V | None:
        """The answer that was kept; None without one."""
        with self._lock:
            self._turn_to(mark)
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
            return found

    def keep(self, mark: object, key: K, answer: V) -> None:
        """Keep an answer that was asked for in the state ``mark``."""
        with self._lock:
            self._turn_to(mark)
            self._answers[key] = answer
            self._answers.move_to_end(key)
            if len(self._answers) > self._most:
                self._answers.popitem(last=False)

    def _turn_to(self, mark: object) -> None:
        now = self._clock()
        if mark != self._mark or now - self._begun > LONGEST:
            self._mark, self._begun = mark, now
            self._answers.clear()
