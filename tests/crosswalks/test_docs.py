"""docs/crosswalks.md lists everything that a definition may use."""

from __future__ import annotations

import re

from crosswalks.definitions import FORMATS
from crosswalks.loading import RULE_KEYS
from crosswalks.readers import READERS
from crosswalks.readers.attributes import SPECIAL_PATHS
from crosswalks.transforms import TRANSFORMS
from tests.conftest import PROJECT

TEXT = (PROJECT / "docs" / "crosswalks.md").read_text(encoding="utf-8")


def test_every_transform_is_documented_with_its_parameters() -> None:
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in TEXT.splitlines()]
    rows = {row[0]: row[3] for row in cells if len(row) == 5}
    for name, transform in TRANSFORMS.items():
        documented = rows.get(f"`{name}`")
        assert documented is not None, f"docs/crosswalks.md has no row for the transform {name!r}"
        assert set(transform.parameters) <= set(re.findall(r"`(\w+)`", documented)), name


def test_the_document_lists_no_transform_that_is_not_there() -> None:
    section = TEXT[TEXT.index("## Transforms") : TEXT.index("## What plain ISO")]
    documented = re.findall(r"^\| `([^`]+)`", section, re.MULTILINE)
    assert sorted(documented) == sorted(TRANSFORMS)


def test_every_format_reader_rule_key_and_special_path_is_documented() -> None:
    words = {*FORMATS, *READERS, *SPECIAL_PATHS, *(key for keys in RULE_KEYS.values() for key in keys)}
    missing = [word for word in words if f"`{word}`" not in TEXT]
    assert missing == []


def test_every_transform_says_what_it_does() -> None:
    assert all(transform.summary.endswith(".") for transform in TRANSFORMS.values())
