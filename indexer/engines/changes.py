"""Which of several changes of one id counts: the highest version, and of equal ones the deletion."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.document import Document
from indexer.engines.base import Deletion

Change = Document | Deletion


def newest(changes: Sequence[Change]) -> dict[str, Change]:
    """The change of the highest version for each id; of equal ones a deletion, or the last."""
    kept: dict[str, Change] = {}
    for change in changes:
        known = kept.get(change.id)
        if known is None or rank(change) >= rank(known):
            kept[change.id] = change
    return kept


def rank(change: Change) -> int:
    """A number that is greater for what counts more, and equal for what may be written again."""
    return 2 * change.version + isinstance(change, Deletion)


def version_of(rank: int) -> int:
    """The version of a change that has this rank."""
    return rank // 2
