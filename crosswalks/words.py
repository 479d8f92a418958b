"""The words that sources use and what they mean (``words.yaml``)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def _words() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(
        Path(__file__).with_name("words.yaml").read_text(encoding="utf-8")
    )
    return loaded


def table(name: str) -> dict[str, str]:
    """A table of word to meaning."""
    return dict(_words()[name])


def factors(name: str) -> dict[str, float]:
    """A table of unit to factor."""
    return {str(unit): float(factor) for unit, factor in _words()[name].items()}


def listed(name: str) -> frozenset[str]:
    """A set of words."""
    return frozenset(map(str, _words()[name]))


def pattern(name: str, template: str = "{}") -> re.Pattern[str]:
    """A list of alternatives as one pattern that ignores case, put into ``template``."""
    return re.compile(template.format("|".join(_words()[name])), re.IGNORECASE)
