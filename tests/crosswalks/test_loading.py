"""A mistake in a definition is found when it is loaded, with the file, the rule and what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from crosswalks.definitions import FORMATS, crosswalk_for
from crosswalks.loading import load_definition
from mappings.errors import ConfigurationError
from tests.crosswalks.support import definition


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("  - {field: titel, paths: a}", "rule 3: a Record has no field 'titel'; it has "),
        (
            "  - {field: abstract}",
            "test.yaml: rule 3 (abstract): exactly one of paths, all, constant is needed",
        ),
        (
            "  - {field: abstract, paths: a, transform: trim}",
            "'transform' is not allowed in 'field' rules; these are: all, c",
        ),
        ("  - {field: abstract, paths: a, transforms: shout}", "no transform is called 'shout'; there are "),
        (
            "  - {field: abstract, paths: a, transforms: [{split: {on: x}}]}",
            "transform split has no parameter",
        ),
        (
            "  - {field: credits, paths: a, transforms: [{short: {most: many}}]}",
            "transform short: Expected `int`, got `str`",
        ),
        (
            "  - {field: credits, paths: a, transforms: number}",
            "text is wanted here, and the transforms before it give number",
        ),
        ("  - {field: credits, paths: a, transforms: localised}", "transform localised works on XML only"),
        (
            "  - {field: credits, paths: a, transforms: [{lookup: {table: none}}]}",
            "no table is called 'none'; there are none",
        ),
        ("  - {field: credits, paths: 'a[b'}", "'a[b' is not a JSON path"),
        ("  - {field: credits, paths: $place}", "'$place' is not one of $native_id, $location, $modified"),
        ("  - {field: credits, paths: []}", "at least one path is needed"),
        (
            "  - {field: resolution.degrees, constant: wide}",
            "rule 3: the field takes number, not 'wide'",
        ),
        ("  - {each: a, into: credits, rules: []}", "'credits' takes list of text, which is no part"),
        (
            "  - {each: a, into: links, rules: [{field: url, paths: b}, {field: href, paths: b}]}",
            "rule 3.2: a Link has no field 'href'; it has description, function, name, protocol, url",
        ),
        (
            "  - {each: a, into: links, rules: [{field: url, paths: b, required: true}]}",
            "rule 3.1 (url): required is for the fields of the record itself",
        ),
        ("  - {at: $location, rules: [{field: credits, paths: b}]}", "'b' looks into a text"),
        ("  - {each: a, field: credits}", "exactly one of field, each, at, include, attachment is needed"),
        ("  - {include: ../other.yaml}", "include: the name of a file in the same folder"),
        ("  - {include: other.yaml}", "other.yaml: cannot be read as YAML"),
        (
            "  - {attachment: x, reader: binary, rules: []}",
            "no reader is called 'binary'; there are xml, json",
        ),
        ("  - just a text", "rule 3: a mapping with one of field, each"),
        ("  - {at: a}", "rule 3: rules: a list of rules"),
    ],
)
def test_mistakes_in_rules_are_named(tmp_path: Path, rules: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        definition(tmp_path, rules)
    assert said in str(caught.value)
    assert str(caught.value).startswith(("test.yaml", "other.yaml"))


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("count(a)", "uses count; only location paths are allowed"),
        ("a[contains(., 'x')]", "uses contains"),
        ("document('http://x')", "uses document"),
        ("a[$b]", "uses a variable"),
        ("1 + 1", "is an expression"),
        ("a//", "is not an XPath"),
        ("x:a", "uses the prefix 'x', which is not among the namespaces"),
    ],
)
def test_xpaths_are_location_paths_and_nothing_else(tmp_path: Path, path: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match="rule 3") as caught:
        definition(tmp_path, f'  - {{field: credits, paths: "{path}"}}\n', reader="xml")
    assert said in str(caught.value)


def test_unknown_special_paths_of_attribute_tables_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no #width; there are #variables"):
        definition(tmp_path, '  - {field: credits, paths: "#longitude/#width"}', reader="opendap")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: x", "the definition lacks 'format'"),
        ("name: x\nversion: 1\nformat: x\nreader: xml\nrules: []\nextra: 1", "the definition has 'extra'"),
        ("name: x\nversion: 1\nformat: x\nreader: csv\nrules: []", "no reader is called 'csv'"),
        ("- a list", "a definition is a mapping"),
        ("a: [b", "cannot be read as YAML"),
        (
            "name: x\nversion: 1\nformat: x\nreader: xml\nrules: []\ntables: {a: b}",
            "tables: a mapping of name",
        ),
    ],
)
def test_mistakes_in_the_head_are_named(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "test.yaml"
    file.write_text(text)
    with pytest.raises(ConfigurationError, match=r"^test\.yaml: ") as caught:
        load_definition(file)
    assert said in str(caught.value)


def test_an_include_in_circles_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text("rules: [{include: other.yaml}]")
    with pytest.raises(ConfigurationError, match="without circles"):
        definition(tmp_path, "  - {include: other.yaml}")


def test_an_included_file_has_only_rules(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text("name: x\nrules: []")
    with pytest.raises(ConfigurationError, match=r"other\.yaml: an included file has rules"):
        definition(tmp_path, "  - {include: other.yaml}")


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_has_a_definition_of_its_name(format: str) -> None:
    crosswalk = crosswalk_for(format)
    assert (crosswalk.name, crosswalk.format) == (format, format)
    assert crosswalk.label == f"{format}@{crosswalk.version}"
    assert crosswalk_for(format) is crosswalk


def test_an_unknown_format_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(
        ConfigurationError, match="no crosswalk for format 'dif'; there are erddap-info, opendap"
    ):
        crosswalk_for("dif")
