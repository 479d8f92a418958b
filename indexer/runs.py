"""Harvest runs as they are kept, and how a run whose process died is told from a living one."""

from __future__ import annotations

import os
import secrets
import socket
from dataclasses import dataclass
from typing import Literal

from mappings.times import first_second

RunStatus = Literal["running", "succeeded", "partial", "failed"]

SILENCE = 3600
"""Seconds after which a run of another machine, of which nothing was heard, counts as dead."""

INTERRUPTED = (
    "The process that ran this harvest ended before it was done; what it stored is kept. Harvest again."
)
_PROCESS = secrets.token_hex(4)


@dataclass(frozen=True, slots=True)
class RunCounts:
    """How many records a run saw, and what became of them."""

    seen: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """One harvest of one source. ``heard`` is when it last told how far it is."""

    id: int
    source: str
    status: RunStatus
    started: str
    heard: str
    finished: str | None
    counts: RunCounts
    message: str | None
    owner: str


def this_process() -> str:
    """Who runs: ``host:pid:token``. The token tells this process from an earlier one with the same pid."""
    return f"{socket.gethostname()}:{os.getpid()}:{_PROCESS}"


def is_dead(run: Run, now: int) -> bool:
    """Whether an unfinished run has no process any more. ``now`` in seconds since 1970.

    On this machine the process table says so; on another one, long silence.
    """
    host, pid, token = run.owner.rsplit(":", 2)
    if host != socket.gethostname():
        return now - first_second(run.heard) > SILENCE
    if int(pid) == os.getpid():
        return token != _PROCESS
    return not _exists(int(pid))


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
