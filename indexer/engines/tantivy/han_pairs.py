"""Pairs of Han characters. Every character is a stem of its own, and words of them are phrases of very frequent stems,
which are slow to find; of pairs, which are much rarer, they are fast.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from indexer.analysis import HAN

GAP = ". ."
"""Stands between rows of characters: two places, so that no phrase of pairs that have one between them goes across."""
_ROW = re.compile(f"(?<![^ ])[{HAN}](?: [{HAN}](?![^ ]))+")


def pairs_in(runs: Sequence[str]) -> str:
    """All pairs of characters that stand side by side in runs of blank-separated stems, in their order."""
    rows = (row[::2] for run in runs if not run.isascii() for row in _ROW.findall(run))
    return f" {GAP} ".join(" ".join(map("".join, pairwise(row))) for row in rows)


def phrase_of_pairs(unit: Sequence[str]) -> list[tuple[int, str]]:
    """The pairs that stand for a phrase of two characters or more, each with its place: every other pair, and the last.
    Empty where the phrase is of anything else.
    """
    if not _ROW.fullmatch(" ".join(unit)):
        return []
    last = len(unit) - 2
    return [(place, unit[place] + unit[place + 1]) for place in (*range(0, last, 2), last)]
