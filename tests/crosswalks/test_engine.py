"""What rules do, on small JSON documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from crosswalks.crosswalk import Finding, TraceEntry
from crosswalks.loading import load_definition
from crosswalks.rules import MAX_FINDINGS
from mappings.errors import CrosswalkError, UnreadableRecord
from mappings.record import Keyword, KeywordGroup, Link, LocalisedText, RawRecord, Thesaurus
from tests.crosswalks.support import applied, definition


def test_the_first_path_that_gives_something_wins(tmp_path: Path) -> None:
    crosswalk = definition(tmp_path, "  - {field: edition, paths: [a, b, c]}\n")
    assert applied(crosswalk, '{"a": " ", "b": "two", "c": "three"}').record.edition == "two"
    assert applied(crosswalk, "{}").record.edition is None


def test_a_value_that_cannot_be_used_gives_way_to_the_next_and_leaves_a_finding(tmp_path: Path) -> None:
    crosswalk = definition(tmp_path, "  - {field: dates.created, paths: [a, b], transforms: instant}\n")
    made = applied(crosswalk, '{"a": "yesterday", "b": "2003-4-5"}')
    assert made.record.dates.created == "2003-04-05"
    assert made.findings == (Finding("dates.created", "'yesterday' is not an ISO 8601 date or time", "a"),)


def test_later_rules_do_not_overrule_a_single_value_but_add_to_a_list(tmp_path: Path) -> None:
    rules = (
        "  - {field: edition, paths: a}\n  - {field: edition, paths: b}\n"
        "  - {field: credits, paths: a}\n  - {field: credits, paths: b}\n"
    )
    record = applied(definition(tmp_path, rules), '{"a": "x", "b": "y"}').record
    assert (record.edition, record.credits) == ("x", ("x", "y"))


def test_lists_take_all_of_one_path_or_all_of_every_path_without_repetition(tmp_path: Path) -> None:
    rules = "  - {field: credits, paths: ['a[*]', b]}\n  - {field: projects, all: ['a[*]', b]}\n"
    record = applied(definition(tmp_path, rules), '{"a": ["1", "2", "1"], "b": "3"}').record
    assert (record.credits, record.projects) == (("1", "2"), ("1", "2", "3"))


def test_a_single_field_keeps_the_first_value_of_all_paths(tmp_path: Path) -> None:
    rules = (
        "  - {field: edition, all: [a, b]}\n"
        "  - {each: [x, y], all: true, into: abstract, rules: [{field: text, paths: .}]}\n"
    )
    record = applied(definition(tmp_path, rules), '{"a": "1", "b": "2", "x": "3", "y": "4"}').record
    assert (record.edition, record.abstract) == ("1", LocalisedText("3"))


def test_fallback_rules_fill_a_list_only_where_it_is_empty(tmp_path: Path) -> None:
    rules = "  - {field: credits, paths: a}\n  - {field: credits, paths: b, fallback: true}\n"
    crosswalk = definition(tmp_path, rules)
    assert applied(crosswalk, '{"a": "1", "b": "2"}').record.credits == ("1",)
    assert applied(crosswalk, '{"b": "2"}').record.credits == ("2",)


def test_joined_texts_constants_and_conditions(tmp_path: Path) -> None:
    rules = (
        "  - {field: other_citation, paths: [a, 'b[*]'], join: '; '}\n"
        "  - {field: status, constant: onGoing, when: live}\n"
        "  - {field: credits, constant: always}\n"
    )
    record = applied(definition(tmp_path, rules), '{"a": "1", "b": ["2", "3"]}').record
    assert (record.other_citation, record.status, record.credits) == ("1; 2; 3", None, ("always",))
    assert applied(definition(tmp_path, rules), '{"live": "yes"}').record.status == "onGoing"


GROUPS = """
  - each: subjects[*]
    into: keyword_groups
    rules:
      - {field: type, constant: theme}
      - each: words[*]
        into: keywords
        rules:
          - {field: label, paths: name}
          - {field: uri, paths: uri}
      - {each: source, into: thesaurus, rules: [{field: title, paths: .}]}
"""


def test_groups_build_parts_and_nest(tmp_path: Path) -> None:
    document = '{"subjects": [{"words": [{"name": "SST", "uri": "u:1"}, {"name": "海温"}], "source": "CF"}]}'
    record = applied(definition(tmp_path, GROUPS), document).record
    keywords = (Keyword(LocalisedText("SST"), "u:1"), Keyword(LocalisedText("海温")))
    assert record.keyword_groups == (KeywordGroup(keywords, "theme", Thesaurus("CF")),)


def test_a_part_that_lacks_what_it_needs_is_left_out_with_a_finding(tmp_path: Path) -> None:
    document = '{"subjects": [{"words": [{"uri": "u:1"}], "source": "CF"}, {}]}'
    made = applied(definition(tmp_path, GROUPS), document)
    assert made.record.keyword_groups == ()
    assert [(finding.field, finding.message) for finding in made.findings] == [
        ("keyword_groups.keywords", "left out: a Keyword needs label, and there is none"),
        ("keyword_groups", "left out: a KeywordGroup needs keywords, and there is none"),
    ]


def test_at_moves_to_a_node_and_dollar_paths_look_at_the_raw_record(tmp_path: Path) -> None:
    rules = (
        "  - {at: [x, y], rules: [{field: edition, paths: z}]}\n"
        "  - {each: $location, into: links, rules: [{field: url, paths: .}, {field: name, paths: $native_id}]}\n"
    )
    record = applied(definition(tmp_path, rules), '{"y": {"z": "1"}}').record
    assert (record.edition, record.links) == ("1", (Link("http://h/x", name="id-1"),))


def test_tables_turn_words_into_codes(tmp_path: Path) -> None:
    rules = (
        "  - {field: status, paths: a, transforms: [lower, {lookup: {table: words, otherwise: report}}]}\n"
    )
    crosswalk = definition(tmp_path, rules, head="tables: {words: {done: completed}}\n")
    assert applied(crosswalk, '{"a": "DONE"}').record.status == "completed"
    assert applied(crosswalk, '{"a": "soon"}').findings[0].message == "'soon' is not one of done"


def test_a_trace_tells_which_rule_gave_which_value(tmp_path: Path) -> None:
    crosswalk = definition(tmp_path, GROUPS + "  - {field: edition, paths: [a, b]}\n")
    document = '{"subjects": [{"words": [{"name": "SST"}]}], "b": "2"}'
    trace = applied(crosswalk, document, trace=True).trace
    assert (
        TraceEntry(
            "3.2.1", "name", "keyword_groups.keywords.label", "LocalisedText(text='SST', translations=())"
        )
        in trace
    )
    assert TraceEntry("4", "b", "edition", "2") in trace
    assert TraceEntry("1", "$native_id", "file_identifier", "id-1") in trace
    assert applied(crosswalk, document).trace == ()


def test_a_missing_required_field_refuses_the_record_and_says_where_it_was_sought(tmp_path: Path) -> None:
    file = tmp_path / "test.yaml"
    file.write_text(
        "name: t\nversion: 1\nformat: t\nreader: json\nrules:\n"
        "  - {field: file_identifier, paths: $native_id}\n"
        "  - {field: title, paths: [name, label], required: true}\n"
    )
    crosswalk = load_definition(file)
    with pytest.raises(CrosswalkError, match="no usable title; it was looked for in name, label") as caught:
        crosswalk.apply(RawRecord("1", "t", b"{}"))
    assert caught.value.place == "title"
    made = crosswalk.apply(RawRecord("1", "t", b'{"label": "L"}'))
    assert made.findings[0] == Finding("title", "the record has no name; taken from label")


def test_findings_are_bounded(tmp_path: Path) -> None:
    crosswalk = definition(tmp_path, "  - {field: topic_categories, paths: 'a[*]', transforms: instant}\n")
    made = applied(crosswalk, '{"a": [' + ", ".join(['"x"'] * 1000) + "]}")
    assert len(made.findings) == MAX_FINDINGS


def test_a_document_of_another_kind_is_unreadable(tmp_path: Path) -> None:
    crosswalk = definition(tmp_path, "", reader="xml", head="record: /a/b\n")
    with pytest.raises(UnreadableRecord, match="the document element is c; /a/b is wanted"):
        applied(crosswalk, "<c/>")
    assert applied(crosswalk, "<a><b/></a>").record.file_identifier == "id-1"


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a.b", ["1"]),
        ("c[1]", ["y"]),
        ("c[*]", ["x", "y"]),
        ('["d.e"]', ["true"]),
        ("n", ["1.5"]),
        ("o[*].p", ["q"]),
    ],
)
def test_json_paths(tmp_path: Path, path: str, found: list[str]) -> None:
    document = '{"a": {"b": "1"}, "c": ["x", "y"], "d.e": true, "n": 1.5, "o": [{"p": "q"}, 3, {}], "z": {}}'
    crosswalk = definition(tmp_path, f"  - {{field: credits, paths: '{path}'}}\n")
    assert list(applied(crosswalk, document).record.credits) == found
