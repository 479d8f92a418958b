"""Readable names of code values in Chinese and English, from ``labels.yaml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

LABELS_FILE = Path(__file__).with_name("labels.yaml")


def label(group: str, value: str, language: str) -> str:
    """What people call ``value`` of a code list or field; the value itself where nobody named it."""
    entries = _labels().get(group, {})
    names = entries.get(value) or entries.get(value.lower())
    return value if names is None else names[language]


def has_labels(group: str) -> bool:
    """Whether ``group`` is a list of codes that has readable names."""
    return group in _labels()


@cache
def _labels() -> dict[str, dict[str, dict[str, str]]]:
    raw = yaml.safe_load(LABELS_FILE.read_text(encoding="utf-8"))
    return {
        group: {value: {"zh": names[0], "en": names[1]} for value, names in entries.items()}
        for group, entries in raw.items()
    }
