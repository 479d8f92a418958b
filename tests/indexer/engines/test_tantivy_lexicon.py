"""The lexicon beside an index: which words it gives for a pattern, and that it never lacks one."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.engines.tantivy import engine as engine_module
from indexer.engines.tantivy import lexicon as lexicon_module
from indexer.engines.tantivy import regexes
from indexer.engines.tantivy.engine import TantivyEngine
from indexer.engines.tantivy.lexicon import MAX_WORDS, Lexicon, words_of
from indexer.patterns import word_patterns
from indexer.query import Everything, Like, Query
from mappings.errors import IndexUnavailable
from tests.conftest import PROJECT
from tests.contracts.engine_documents import found, refill, titled


def made(folder: Path, words: Iterable[str]) -> Lexicon:
    folder.mkdir(exist_ok=True)
    lexicon = Lexicon(folder, reuse=False)
    lexicon.add(words)
    return lexicon


def words(lexicon: Lexicon, pattern: str) -> list[str] | None:
    (only,) = word_patterns(pattern)
    return lexicon.words(only)


def like(engine: TantivyEngine, pattern: str) -> set[str]:
    return found(engine, Like("anytext", pattern))


@pytest.fixture
def engine(tmp_path: Path) -> TantivyEngine:
    return TantivyEngine(tmp_path / "index")


def lexicon_folder(engine: TantivyEngine) -> Path:
    (folder,) = Path(engine.status().location).glob("generation-*/lexicon")
    return folder


def test_words_are_found_by_what_is_in_them_and_by_their_end(tmp_path: Path) -> None:
    lexicon = made(tmp_path, ["salinity", "salinities", "salt", "alkalinity", "ologyology", "温", "été"])
    assert words(lexicon, "*salin*") == ["salinities", "salinity"]
    assert words(lexicon, "*linity") == ["alkalinity", "salinity"]
    assert words(lexicon, "*ology*") == ["ologyology"]
    assert words(lexicon, "*salinity*") == ["salinity"]
    assert words(lexicon, "*salinityx*") == []
    assert words(lexicon, "*été*") == []  # patterns are without accents, as words of documents are


@pytest.mark.parametrize(
    "pattern", ["*", "*al*", "salin*", "*sal?n*", "*温*", "*sea_water*", "*s*lin*", "salt"]
)
def test_of_other_patterns_it_says_nothing(tmp_path: Path, pattern: str) -> None:
    assert words(made(tmp_path, ["salinity", "温", "sea", "water"]), pattern) is None


def test_too_many_words_are_none_at_all(tmp_path: Path) -> None:
    lexicon = made(tmp_path, [f"{number}abc" for number in range(MAX_WORDS)])
    found_words = words(lexicon, "*abc*")
    assert found_words is not None
    assert len(found_words) == MAX_WORDS
    lexicon.add(["onemoreabc"])
    assert words(lexicon, "*abc") is None


def test_the_longest_words(tmp_path: Path) -> None:
    long = "".join(chr(ord("a") + place * 7 % 26) for place in range(100))
    lexicon = made(tmp_path, [long])
    assert words(lexicon, f"*{long[-3:]}") == words(lexicon, f"*{long}*") == [long]


def test_a_word_that_is_there_is_not_written_again(tmp_path: Path) -> None:
    lexicon = made(tmp_path, ["salinity"])
    before = (tmp_path / "meta.json").stat().st_ino
    lexicon.add(["salinity", "of", "sea_water"])
    assert (tmp_path / "meta.json").stat().st_ino == before
    lexicon.add(["salinity", "water"])
    assert (tmp_path / "meta.json").stat().st_ino != before


def test_a_word_that_is_there_twice_is_given_once(tmp_path: Path) -> None:
    lexicon = made(tmp_path, ["salinity"])
    stale = Lexicon(tmp_path, reuse=True)
    lexicon.add(["water"])
    stale.add(["water"])  # which it does not know of
    assert words(lexicon, "*water*") == words(stale, "*water*") == ["water"]
    assert words(stale, "*salin*") == ["salinity"]


def test_what_others_add_is_seen_after_reloading(tmp_path: Path) -> None:
    reader = made(tmp_path, [])
    Lexicon(tmp_path, reuse=True).add(["salinity"])
    assert words(reader, "*salin*") == []
    reader.reload()
    assert words(reader, "*salin*") == ["salinity"]


def test_many_small_additions_are_merged(tmp_path: Path) -> None:
    lexicon = made(tmp_path, [])
    for number in range(40):
        lexicon.add([f"word{number}"])
    assert len(words(lexicon, "*word*") or ()) == 40
    assert len(list(tmp_path.glob("*.term"))) < 20


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sets(st.text("abß海", min_size=1, max_size=8), max_size=8),
    st.text("abß", min_size=3, max_size=4),
    st.sampled_from(["", "*"]),
)
def test_it_gives_what_a_regular_expression_does(
    tmp_path_factory: pytest.TempPathFactory, known: set[str], text: str, end: str
) -> None:
    asked = f"*{text}{end}"
    expression = re.compile(regexes.of_pattern(word_patterns(asked)[0]))
    expected = sorted(word for word in known if expression.fullmatch(word))
    assert words(made(tmp_path_factory.mktemp("lexicon"), known), asked) == expected


def test_words_of_documents() -> None:
    documents = [titled("a", "Sea sea water", "sea"), titled("b", "sea_ice", keywords={"keyword": ["Été"]})]
    assert words_of(documents) == {"sea", "water", "ice", "sea_ice", "ete"}


def test_patterns_follow_changes_and_rebuilds(engine: TantivyEngine) -> None:
    engine.apply([titled("a", "salinity"), titled("b", "sea_salinity_98")])
    assert like(engine, "*lini*") == {"a", "b"}
    engine.apply([titled("a", "temperature", version=2)])
    assert (like(engine, "*lini*"), like(engine, "*perat*")) == ({"b"}, {"a"})
    refill(engine, [titled("c", "chlorophyll")])
    assert (like(engine, "*lini*"), like(engine, "*phyll")) == (set(), {"c"})
    engine.apply([titled("d", "zooplankton")])
    assert like(engine, "*plank*") == {"d"}
    assert found(engine, Like("title", "*plank*")) == {"d"}


def test_more_words_than_are_looked_up(engine: TantivyEngine) -> None:
    engine.apply([titled(f"{number}", f"{number}abc") for number in range(MAX_WORDS + 5)])
    engine.apply([titled("none", "ab")])
    assert engine.search(Query(Like("anytext", "*abc*"))).total == MAX_WORDS + 5


def test_words_in_many_parts_of_a_rebuild(engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.engines.tantivy.filling._CHUNK", 2)
    monkeypatch.setattr("indexer.engines.tantivy.filling.MAX_WORDS", 3)
    names = [f"{letter}plankton" for letter in "abcdefghij"]
    refill(engine, [titled(name, name) for name in names])
    assert like(engine, "*plankton*") == set(names)


def test_a_rebuild_that_goes_on_has_the_words_of_both_parts(engine: TantivyEngine) -> None:
    with engine.filling("tests", "") as fresh:
        fresh.add([titled("a", "salinity")], lambda: "a")
    with engine.filling("tests", "") as fresh:
        assert fresh.after == "a"
        fresh.add([titled("b", "alkalinity")], lambda: "b")
        fresh.publish()
    assert like(engine, "*linity*") == {"a", "b"}


def test_a_rebuild_whose_lexicon_is_lost_begins_afresh(engine: TantivyEngine, tmp_path: Path) -> None:
    with engine.filling("tests", "") as fresh:
        fresh.add([titled("a", "salinity")], lambda: "a")
    (left,) = (tmp_path / "index").glob("generation-*/halocline.filling")
    (left.parent / "lexicon" / "meta.json").unlink()
    with engine.filling("tests", "") as fresh:
        assert fresh.after == ""
        fresh.publish()
    assert not left.parent.exists()


def test_where_the_lexicon_cannot_be_written_nothing_is(
    engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.apply([titled("a", "sea")])

    def fails(word: str) -> str:
        raise ValueError("no room")

    with monkeypatch.context() as patched:
        patched.setattr(lexicon_module, "_turned", fails)
        with pytest.raises(IndexUnavailable, match="could not be written"):
            engine.apply([titled("b", "salinity")])
        with pytest.raises(IndexUnavailable, match="could not be written"):
            refill(engine, [titled("b", "salinity")])
    assert found(engine, Everything()) == {"a"}
    engine.apply([titled("b", "salinity")])
    assert like(engine, "*salin*") == {"b"}


def test_a_commit_that_fails_after_the_lexicon_has_the_words_can_be_repeated(
    engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.apply([titled("a", "sea")])
    with monkeypatch.context() as patched:
        patched.setattr(engine_module, "_encode", lambda change: "{not json")
        with pytest.raises(IndexUnavailable):
            engine.apply([titled("b", "salinity")])
    assert words(Lexicon(lexicon_folder(engine), reuse=True), "*salin*") == ["salinity"]
    assert like(engine, "*salin*") == set()
    engine.apply([titled("b", "salinity")])
    assert like(engine, "*salin*") == {"b"}


KILLED = """
import os, signal, sys
from pathlib import Path
from indexer.engines.tantivy import engine as engine_module, filling, lexicon
from tests.contracts.engine_documents import titled
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
engine = engine_module.TantivyEngine(Path(sys.argv[1]))
if sys.argv[2] == "changes":
    engine_module._write = die
elif sys.argv[2] == "rebuild":
    filling.TantivyFilling._commit = die
else:
    lexicon._sync = die
documents = [titled("b", "salinity"), titled("c", "alkalinity")]
if sys.argv[3] == "rebuild":
    with engine.filling("tests", "") as fresh:
        fresh.add(documents, lambda: "")
else:
    engine.apply(documents)
"""


@pytest.mark.parametrize(
    ("moment", "writes"),
    [("changes", "changes"), ("rebuild", "rebuild"), ("lexicon", "changes"), ("lexicon", "rebuild")],
)
def test_killed_between_the_two_commits(
    engine: TantivyEngine, tmp_path: Path, moment: str, writes: str
) -> None:
    engine.apply([titled("a", "sea")])
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path / "index"), moment, writes],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert (like(engine, "*linity*"), like(engine, "*sea*")) == (set(), {"a"})
    documents = [titled("b", "salinity"), titled("c", "alkalinity")]
    if writes == "rebuild":
        with engine.filling("tests", "") as fresh:
            assert fresh.after == ""
            fresh.add([titled("a", "sea"), *documents], lambda: "a")
            fresh.publish()
    else:
        engine.apply(documents)
    assert (like(engine, "*linity*"), like(engine, "*sea*")) == ({"b", "c"}, {"a"})


def test_words_that_another_process_writes_are_known_at_once(engine: TantivyEngine, tmp_path: Path) -> None:
    assert like(engine, "*salin*") == set()
    script = KILLED.replace("os.kill(os.getpid(), signal.SIGKILL)", "pass")
    command = [sys.executable, "-c", script, str(tmp_path / "index"), "lexicon", "changes"]
    subprocess.run(command, cwd=PROJECT, env={**os.environ, "PYTHONPATH": str(PROJECT)}, check=True)
    assert like(engine, "*salin*") == {"b"}
    assert like(engine, "*linity") == {"b", "c"}
