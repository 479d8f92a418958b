"""Harvests sources on their schedule, one run at a time, in whichever process holds the lease; and keeps the index fed.

The jobs live in memory and are made from the table of sources, which is looked at several times a minute: what is
added, changed or disabled elsewhere takes effect without a restart. When the process that holds the lease dies, another
one takes over as soon as the lease has expired.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from harvester import pipeline
from harvester.schedule import first_run, trigger
from harvester.source import source_config
from indexer.catalogue import Catalogue
from indexer.runs import this_process
from indexer.sources import StoredSource
from indexer.stewardship import Stewardship
from mappings.errors import ConfigurationError, NotFound, RetryableError

log = logging.getLogger(__name__)

LEASE = "scheduler"


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds. The lease must outlive several looks."""

    lease: float = 60.0
    look: float = 15.0  # at the lease and the table of sources
    drain: float = 3.0  # between looks at what waits for the index


class Scheduler:
    """Runs in threads of its own between ``start`` and ``stop``."""

    def __init__(
        self,
        catalogue: Catalogue,
        stewardship: Stewardship,
        *,
        site_url: str | None = None,
        timing: Timing | None = None,
        owner: str | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._stewardship = stewardship
        self._site_url = site_url
        self._timing = timing or Timing()
        self._owner = owner or this_process()
        self._planned: dict[str, StoredSource] = {}
        self._running = threading.Event()  # set to stop the run under way; replaced for each run
        self._lock = threading.Lock()
        self._is_leader = False
        self._stopping = threading.Event()
        # Not jobs: APScheduler waits for its jobs with its locks held, so a job that plans others would wait for ever.
        self._threads = (
            threading.Thread(target=self._repeat, args=(self._look, self._timing.look), daemon=True),
            threading.Thread(target=self._repeat, args=(self._drain, self._timing.drain), daemon=True),
        )
        self._jobs = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    @property
    def is_leader(self) -> bool:
        """Whether this process holds the lease."""
        return self._is_leader

    def start(self) -> None:
        """Begin to look at the lease and the sources. Returns at once."""
        self._jobs.start()
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float = 15.0) -> bool:
        """Break off the run under way and give the lease back. False where that took longer than ``timeout`` s."""
        until = time.monotonic() + timeout
        if self._stopping.is_set():
            return True
        self._stopping.set()
        with self._lock:
            self._running.set()
        waiting = threading.Thread(target=self._jobs.shutdown, daemon=True)
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        waiting.start()
        waiting.join(max(0.0, until - time.monotonic()))
        if self._is_leader:
            self._is_leader = False
            self._stewardship.release_lease(LEASE, self._owner)
        return not any(thread.is_alive() for thread in (*self._threads, waiting))

    def _repeat(self, work: Callable[[], None], seconds: float) -> None:
        """Do ``work`` now and every so many seconds, until the scheduler is stopped."""
        while True:
            try:
                work()
            except RetryableError as error:  # the database is busy: the next time is soon
                log.warning("scheduler_%s_failed reason=%s", work.__name__.strip("_"), error)
            except Exception:  # the top of a thread: one bad look must not be the last
                log.exception("scheduler_%s_failed", work.__name__.strip("_"))
            if self._stopping.wait(seconds):
                return

    def _look(self) -> None:
        """Keep or take the lease; plan the sources while it is ours."""
        held = self._stewardship.acquire_lease(LEASE, self._owner, self._timing.lease)
        if held != self._is_leader:
            log.info("scheduler_%s owner=%s", "leads" if held else "waits", self._owner)
        was_leader, self._is_leader = self._is_leader, held
        if held:
            self._plan(self._stewardship.sources())
        elif was_leader:
            self._step_down()

    def _plan(self, sources: tuple[StoredSource, ...]) -> None:
        """Make the jobs what the sources say."""
        wanted = {source.name: source for source in sources if source.enabled and source.schedule}
        for name, planned in list(self._planned.items()):
            if wanted.get(name) != planned:
                self._forget(name)
        for name, source in wanted.items():
            if name not in self._planned:
                self._planned[name] = source
                self._add(source)

    def _add(self, source: StoredSource) -> None:
        now = datetime.now(UTC)
        latest = self._stewardship.runs(source.name, limit=1)
        last = datetime.fromisoformat(latest[0].started) if latest else None
        schedule = source.schedule or ""
        try:
            when, due = trigger(schedule), first_run(schedule, last, now)
        except ConfigurationError as error:
            log.error("schedule_refused source=%s reason=%s", source.name, error)
            return
        more = {"next_run_time": due} if due is not None else {}
        self._jobs.add_job(self._harvest, when, args=[source.name], id=source.name, **more)

    def _forget(self, name: str) -> None:
        del self._planned[name]
        if self._jobs.get_job(name) is not None:
            self._jobs.remove_job(name)

    def _step_down(self) -> None:
        """Another process has the lease: this one was asleep, or its database away, for longer than a lease."""
        for name in list(self._planned):
            self._forget(name)
        with self._lock:
            self._running.set()

    def _harvest(self, name: str) -> None:
        """One run; the executor has one thread, so the others wait."""
        with self._lock:
            if self._stopping.is_set() or not self._is_leader:
                return
            cancelled = self._running = threading.Event()
        try:
            config = source_config(self._stewardship.source(name))
        except NotFound:
            return  # removed since it was planned
        pipeline.run(config, self._catalogue, self._stewardship, cancelled=cancelled, site_url=self._site_url)

    def _drain(self) -> None:
        """Tell the index what waits, such as what another process harvested while the index was taken."""
        if self._is_leader and self._catalogue.pending():
            self._catalogue.drain()
