"""What a run has seen so far, and what follows: what is missing, how the run ended, and what to say about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from harvester.ledger import Status
from harvester.source import Failure
from indexer.runs import RunCounts

ALWAYS_DELETED = 10
"""Up to this many records are deleted whatever share of the source they are."""


@dataclass(slots=True)
class Tally:
    """Counts and names. ``lost`` says why the listing is not complete, one sentence for each reason."""

    source: str
    counts: RunCounts = field(default_factory=RunCounts)
    expected: int | None = None
    seen: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    is_listed: bool = False
    lost: list[str] = field(default_factory=list)
    braked: str | None = None
    limited: bool = False

    def count(self, **more: int) -> None:
        """Add to the counts by name."""
        sums = {name: getattr(self.counts, name) + number for name, number in more.items()}
        self.counts = replace(self.counts, **sums)

    def fail(self, failure: Failure) -> None:
        """A record, or a part of the listing, could not be had or read."""
        self.failed.add(failure.native_id)
        self.seen.add(failure.native_id)
        if failure.listing:
            self.lost.append(failure.reason)
        self.count(failed=1)

    def end_of_listing(self) -> None:
        """The source came to its end; whether that was the end of the listing, the expected number tells."""
        self.is_listed = True
        if self.expected is not None and self.counts.seen < self.expected and not self.lost:
            self.lost.append(f"Only {self.counts.seen} of {self.expected} records came.")

    @property
    def is_complete(self) -> bool:
        """Whether the absence of a record means anything."""
        return self.is_listed and not self.lost

    def missing(self, known: Mapping[str, str], share: float, accepted: bool) -> set[str]:
        """What is stored but no longer listed, and may be deleted.

        The brake: where it is more than ``share`` of the source and more than ``ALWAYS_DELETED``, or all there is, a
        mistake of the endpoint is more likely; then it is nothing, unless the deletion was ``accepted``.
        """
        gone = known.keys() - self.seen
        too_many = len(gone) > ALWAYS_DELETED and len(gone) > share * len(known)
        if gone and (too_many or not self.seen) and not accepted:
            self.braked = (
                f"Nothing was deleted: the endpoint no longer lists {len(gone)} of the {len(known)} records "
                f"that are "
                f"stored. If they are really gone, harvest {self.source} once with --accept-deletions."
            )
            return set()
        return gone

    def outcome(self, pending: int) -> tuple[Status, str | None]:
        """How a run that came to its end ended, and what a person should know. ``pending`` changes are not indexed."""
        counts, notes = self.counts, []
        if counts.failed:
            notes.append(
                f"{counts.failed} of {max(counts.seen, counts.failed)} failed; `quarantine list` shows why."
            )
        if self.lost:
            notes.append(
                "Nothing was deleted, because the listing is not complete: " + " ".join(self.lost[:3])
            )
        if self.braked:
            notes.append(self.braked)
        if self.limited:
            notes.append(f"Stopped after {counts.seen} records, as asked.")
        if pending:
            notes.append(f"{pending} changes wait for the search index, which is not available just now.")
        return self._status(), " ".join(notes) or None

    def _status(self) -> Status:
        counts = self.counts
        if counts.failed and not (counts.created or counts.updated or counts.unchanged):
            return "failed"
        return "partial" if counts.failed or self.lost or self.braked else "succeeded"
