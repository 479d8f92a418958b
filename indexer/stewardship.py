"""What those who look after the catalogue work with: sources, runs, leases, quarantine, data requests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from indexer.quarantine import Quarantined, QuarantinedItem
from indexer.requests import (
    MAX_PENDING,
    DataRequest,
    RequestStatus,
    StoredRequest,
    checked_decision,
    checked_request,
    new_token,
    token_digest,
)
from indexer.runs import Run, RunCounts, RunStatus
from indexer.sources import StoredSource, check_source
from indexer.store import Store
from mappings.errors import ConfigurationError, InvalidQuery, NotFound

__all__ = [
    "DataRequest",
    "Quarantined",
    "QuarantinedItem",
    "Run",
    "RunCounts",
    "RunStatus",
    "Stewardship",
    "StoredRequest",
    "StoredSource",
]


class Stewardship:
    """Keeps what is needed to run a catalogue. Any thread may use it, and other processes beside it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # Sources

    def add_source(self, source: StoredSource) -> None:
        """Add a source. Raises ``ConfigurationError`` for a name that is taken or will not do."""
        check_source(source)
        if not self._store.sources.add(source):
            raise ConfigurationError(
                f"there is a source called {source.name!r} already: remove it first, or choose another name"
            )

    def replace_source(self, source: StoredSource) -> None:
        """Change the source of this name. Raises ``NotFound``."""
        if not self._store.sources.replace(source):
            raise _no_source(source.name)

    def sources(self) -> tuple[StoredSource, ...]:
        """Every source, by name."""
        return self._store.sources.all()

    def source(self, name: str) -> StoredSource:
        """One source. Raises ``NotFound``."""
        found = self._store.sources.get(name)
        if found is None:
            raise _no_source(name)
        return found

    def set_enabled(self, name: str, enabled: bool) -> None:
        """Let the scheduler harvest a source, or not. Raises ``NotFound``."""
        self.replace_source(replace(self.source(name), enabled=enabled))

    def remove_source(self, name: str) -> None:
        """Forget a source and its quarantine. Raises ``NotFound``.

        Its runs stay, and its records: ``Catalogue.delete_source`` takes them out.
        """
        if not self._store.sources.remove(name):
            raise _no_source(name)

    # Runs

    def begin_run(self, source: str) -> int:
        """A run of this process begins; gives its id."""
        self._store.runs.bury_dead()
        return self._store.runs.begin(source)

    def report_run(self, run: int, counts: RunCounts) -> None:
        """Say how far a run is, so that others can see it and know it is alive. Raises ``NotFound``."""
        if not self._store.runs.report(run, counts):
            raise _no_run(run)

    def finish_run(
        self,
        run: int,
        status: Literal["succeeded", "partial", "failed"],
        counts: RunCounts,
        message: str | None = None,
    ) -> None:
        """A run is over. Raises ``NotFound``."""
        if not self._store.runs.finish(run, status, counts, message):
            raise _no_run(run)

    def runs(self, source: str | None = None, limit: int = 50) -> tuple[Run, ...]:
        """The latest runs (of a source), newest first. Those whose process died are marked failed."""
        self._store.runs.bury_dead()
        return self._store.runs.listing(source, limit)

    def latest_runs(self) -> dict[str, Run]:
        """The latest run of each source. Those whose process died are marked failed."""
        self._store.runs.bury_dead()
        return self._store.runs.latest()

    def run(self, run: int) -> Run:
        """One run. Raises ``NotFound``."""
        self._store.runs.bury_dead()
        found = self._store.runs.get(run)
        if found is None:
            raise _no_run(run)
        return found

    # Leases

    def acquire_lease(self, name: str, owner: str, seconds: float) -> bool:
        """Take a lease for ``seconds``; True where it was free, expired or already ``owner``'s."""
        return self._store.leases.acquire(name, owner, seconds)

    def renew_lease(self, name: str, owner: str, seconds: float) -> bool:
        """Keep a lease for ``seconds`` from now; False where it expired: others may have it."""
        return self._store.leases.renew(name, owner, seconds)

    def release_lease(self, name: str, owner: str) -> bool:
        """Give a lease back; False where it is not ``owner``'s."""
        return self._store.leases.release(name, owner)

    # Quarantine

    def quarantine(
        self,
        source: str,
        native_id: str,
        reason: str,
        *,
        run: int | None = None,
        format: str | None = None,
        location: str | None = None,
        place: str | None = None,
        content: bytes = b"",
        attachments: tuple[tuple[str, bytes], ...] = (),
    ) -> None:
        """Keep a record that failed, with its bytes; it replaces an earlier failure of the same one."""
        self._store.quarantine.put(
            source,
            native_id,
            run=run,
            format=format,
            location=location,
            reason=reason,
            place=place,
            content=content,
            attachments=attachments,
        )

    def quarantined(
        self, source: str | None = None, limit: int | None = None, offset: int = 0
    ) -> tuple[Quarantined, ...]:
        """Failed records (of a source), latest failure first."""
        return self._store.quarantine.listing(source, limit, offset)

    def quarantined_count(self, source: str | None = None) -> int:
        """How many failed records there are (of a source)."""
        return self._store.quarantine.count(source)

    def quarantined_item(self, number: int) -> QuarantinedItem:
        """One failed record with its bytes. Raises ``NotFound``."""
        found = self._store.quarantine.get(number)
        if found is None:
            raise NotFound(f"nothing is quarantined under the number {number}")
        return found

    def release(self, source: str, native_ids: Iterable[str]) -> int:
        """Take records that are fine again, or gone, out of the quarantine (``Catalogue.ingest`` does so)."""
        return self._store.quarantine.release(source, native_ids)

    # Data requests

    def submit_request(self, request: DataRequest) -> str:
        """Keep a request. Gives the token of its status page, which is kept nowhere else.

        Raises ``InvalidQuery`` that names the attribute that will not do, ``NotFound`` for an unknown record.
        """
        checked = checked_request(request)
        if not self._store.reader.exists(checked.record_id):
            raise NotFound(f"no record is called {checked.record_id!r}")
        token = new_token()
        if self._store.requests.add(checked, token_digest(token), MAX_PENDING) is None:
            raise InvalidQuery(
                "email", f"{MAX_PENDING} requests from this address wait for a decision; wait for theirs"
            )
        return token

    def request_by_token(self, token: str) -> StoredRequest:
        """The request whose status page has this token. Raises ``NotFound``."""
        found = self._store.requests.by_token(token_digest(token))
        if found is None:
            raise NotFound("no data request has this address")
        return found

    def requests(self, status: RequestStatus | None = None) -> tuple[StoredRequest, ...]:
        """Data requests (of a status), oldest first."""
        return self._store.requests.listing(status)

    def request(self, number: int) -> StoredRequest:
        """One data request. Raises ``NotFound``."""
        found = self._store.requests.get(number)
        if found is None:
            raise NotFound(f"no data request has the number {number}")
        return found

    def approve(self, number: int, reason: str, by: str) -> StoredRequest:
        """Grant a request. Raises ``NotFound``; ``InvalidQuery`` where it is decided, or without a reason."""
        return self._decide(number, "approved", reason, by)

    def refuse(self, number: int, reason: str, by: str) -> StoredRequest:
        """Turn down a request. Raises ``NotFound``; ``InvalidQuery`` where decided, or without reason."""
        return self._decide(number, "refused", reason, by)

    def _decide(self, number: int, status: RequestStatus, reason: str, by: str) -> StoredRequest:
        reason, by = checked_decision(reason, by)
        decided = self._store.requests.decide(number, status, reason, by)
        request = self.request(number)
        if not decided:
            raise InvalidQuery(
                "request", f"number {number} was already {request.status} on {request.decided}"
            )
        return request


def _no_source(name: str) -> NotFound:
    return NotFound(f"no source is called {name!r}; `source list` shows those there are")


def _no_run(run: int) -> NotFound:
    return NotFound(f"no run has the number {run}")
