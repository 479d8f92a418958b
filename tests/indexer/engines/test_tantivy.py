from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Container, Mapping
from concurrent.futures import Future
from pathlib import Path

import pytest
import tantivy

from indexer.document import Document
from indexer.engines import open_engine
from indexer.engines.base import Deletion, Engine
from indexer.engines.ordering import tie
from indexer.engines.tantivy import engine as engine_module
from indexer.engines.tantivy import schema
from indexer.engines.tantivy.counting import Counting
from indexer.engines.tantivy.engine import TantivyEngine
from indexer.engines.tantivy.failures import reading, writing
from indexer.query import Everything, FacetValue, Like, Page, Query, Sort, Text
from mappings.errors import ConfigurationError, IndexUnavailable, InvalidQuery
from tests.conftest import PROJECT
from tests.contracts.engine import ComparedContract
from tests.contracts.engine_documents import document, found, refill, titled


class TestTantivyEngine(ComparedContract):
    def make(self, folder: Path) -> Engine:
        return open_engine(f"tantivy://{folder}", folder)


@pytest.fixture
def engine(tmp_path: Path) -> TantivyEngine:
    return TantivyEngine(tmp_path / "index")


def generation(engine: TantivyEngine) -> Path:
    folder = Path(engine.status().location)
    return folder / (folder / "CURRENT").read_text()


def lost(engine: TantivyEngine) -> bool:
    return engine.needs_rebuild


def test_the_index_outlives_the_process(engine: TantivyEngine, tmp_path: Path) -> None:
    engine.apply([titled("a", "sea")])
    engine.close()
    assert found(TantivyEngine(tmp_path / "index"), Text("sea")) == {"a"}
    assert found(engine, Text("sea")) == {"a"}


def test_status_tells_place_and_size(engine: TantivyEngine, tmp_path: Path) -> None:
    engine.apply([titled("a", "sea"), Deletion("b", 1)])
    status = engine.status()
    assert (status.documents, status.location) == (1, str(tmp_path / "index"))
    assert status.size is not None
    assert status.size > 1000


def test_an_index_of_another_schema_has_to_be_rebuilt(engine: TantivyEngine, tmp_path: Path) -> None:
    engine.apply([titled("a", "sea")])
    (generation(engine) / "halocline.fingerprint").write_text("another")
    later = TantivyEngine(tmp_path / "index")
    assert lost(later)
    for call in (lambda: later.search(Query()), lambda: later.apply([titled("b", "sea")]), later.status):
        with pytest.raises(ConfigurationError, match="index rebuild"):
            call()
    assert refill(later, [titled("c", "sea")]) == 1
    assert not lost(later)
    assert found(later, Text("sea")) == {"c"}


def test_a_writer_killed_just_before_its_commit_counts_stops_no_later_one(
    engine: TantivyEngine, tmp_path: Path
) -> None:
    engine.apply([titled("a", "sea"), titled("b", "sea")])
    commit = generation(engine) / "meta.json"
    before = commit.read_bytes()
    engine.apply([titled("a", "wave", version=2)])
    commit.write_bytes(before)  # the files of the second commit are there, but it is not
    later = TantivyEngine(tmp_path / "index")
    assert found(later, Text("sea")) == {"a", "b"}
    later.apply([titled("a", "wave", version=2)])
    assert (found(later, Text("sea")), found(later, Text("wave"))) == ({"b"}, {"a"})


@pytest.mark.parametrize(
    "damage",
    [
        "meta.json",
        "*.store",
        "*.term",
        "halocline.fingerprint",
        "*",
        "lexicon/meta.json",
        "lexicon/*.term",
        "lexicon/*",
    ],
)
def test_a_damaged_index_has_to_be_rebuilt(engine: TantivyEngine, tmp_path: Path, damage: str) -> None:
    engine.apply([titled("a", "sea")])
    for path in filter(Path.is_file, list(generation(engine).glob(damage))):
        path.unlink()
    later = TantivyEngine(tmp_path / "index")
    with pytest.raises(ConfigurationError, match="index rebuild"):
        later.search(Query())
    assert later.needs_rebuild
    assert refill(later, [titled("c", "sea")]) == 1
    assert found(later, Everything()) == {"c"}


def test_every_field_gets_its_place_in_the_schema() -> None:
    names = {name for name, _, _ in schema.specification()}
    assert {"stems_title", "words_title", "fold_title", "rank_title", "sort_title"} <= names
    assert {
        "key_platform",
        "fold_platform",
        "number_year",
        "first_begin",
        "last_begin",
        "span_begin",
    } <= names
    assert len(names) == len(schema.specification())


def test_a_failed_commit_is_rolled_back_and_repeated(
    engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    replace = engine_module._replace
    calls = []

    def fails_once(
        writer: tantivy.IndexWriter, changes: list[Document | Deletion], known: Container[str]
    ) -> None:
        calls.append(len(changes))
        if len(calls) == 1:
            writer.add_json('{"id": "ghost", "version": 1}')
            raise ValueError("an error occurred in a thread")
        replace(writer, changes, known)

    monkeypatch.setattr(engine_module, "_replace", fails_once)
    engine.apply([titled("a", "sea"), titled("b", "sea")])
    assert calls == [2, 2]
    assert found(engine, Everything()) == {"a", "b"}
    assert "index_write_repeated" in caplog.text


def test_a_write_that_fails_twice_leaves_the_index_usable(
    engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.apply([titled("a", "sea")])
    with monkeypatch.context() as patched:
        patched.setattr(engine_module, "_encode", lambda change: "{not json")
        with pytest.raises(IndexUnavailable, match="could not be written"):
            engine.apply([titled("b", "sea")])
    engine.apply([titled("c", "sea")])
    assert found(engine, Everything()) == {"a", "c"}


def test_panics_are_errors_too() -> None:
    panics: list[str | tuple[int, str]] = ["phrases need two words"]
    with pytest.raises(ConfigurationError, match="index rebuild"), reading("here"):
        tantivy.Query.phrase_query(schema.schema(), "stems_title", panics)
    with pytest.raises(IndexUnavailable), writing("here"):
        tantivy.Query.phrase_query(schema.schema(), "stems_title", panics)
    with pytest.raises(KeyboardInterrupt), reading("here"):
        raise KeyboardInterrupt


def test_a_pattern_beyond_reason_is_refused(engine: TantivyEngine) -> None:
    engine.apply([titled("a", "sea")])
    with pytest.raises(InvalidQuery, match="is too complicated"):
        engine.search(Query(Like("title", "*a" + "?" * 150)))


def test_ids_whose_ties_begin_alike_keep_their_order_on_every_page(engine: TantivyEngine) -> None:
    """Two instants of the same second share a rank when the first 16 bits of their ids' ties do."""
    seen: dict[int, str] = {}
    for number in range(100_000):
        other = seen.setdefault(tie(f"{number}") >> 46, f"{number}")
        if other != f"{number}":
            break
    same = [other, f"{number}"]
    before = [f"x{n}" for n in range(3)]
    engine.apply([document(key, instants={"modified": ["2003"]}) for key in same[::-1]])
    engine.apply([document(key, instants={"modified": ["2002"]}) for key in before])
    for down in (False, True):
        order = sorted(before, key=tie) + sorted(same, key=tie)
        for offset, expected in enumerate(order[::-1] if down else order):
            assert engine.search(Query(sort=Sort("modified", down), page=Page(offset, 1))).ids == (expected,)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("tantivy://folder/x", "three slashes"),
        ("sqlite:///x", "no search URL"),
        ("", "no search URL"),
    ],
)
def test_other_search_urls_are_refused(url: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=message):
        open_engine(url, tmp_path)


def test_search_urls(tmp_path: Path) -> None:
    assert open_engine("memory:", tmp_path).status().location == "memory"
    assert open_engine("tantivy:words", tmp_path).status().location == str(tmp_path / "words")
    spaced = tmp_path / "a b"
    assert open_engine(
        f"tantivy://{spaced.as_posix().replace(' ', '%20')}", tmp_path
    ).status().location == str(spaced)


def test_facets_are_waited_for_when_they_are_looked_at() -> None:
    ready, late, failed = (Future[Mapping[str, tuple[FacetValue, ...]]]() for _ in range(3))
    ready.set_result({"platform": (FacetValue("ship", 2),)})
    counted = Counting({"platform": ready, "year": late})
    assert counted["platform"] == (FacetValue("ship", 2),)
    assert list(counted) == ["platform", "year"]
    threading.Timer(0.05, late.set_result, [{"year": ()}]).start()
    assert counted == {"platform": (FacetValue("ship", 2),), "year": ()}
    with pytest.raises(KeyError):
        counted["access"]
    failed.set_exception(IndexUnavailable("away"))
    with pytest.raises(IndexUnavailable, match="away"):
        dict(Counting({"year": failed}))


_LARGE = """
import sys
import threading
from itertools import product
from pathlib import Path

from indexer.engines.memory import MemoryEngine
from indexer.engines.tantivy.engine import TantivyEngine
from indexer.query import MAX_DEPTH, MAX_PREFERENCES, And, Exists, Or, Preference, Query, Text, check
from tests.contracts.engine_documents import titled

WORDS = ["".join(pair) for pair in product("abcdefghijklmnopqrstuvwxyz", repeat=2)]
any_of = Or(tuple(map(Text, WORDS[:600])))
nested = any_of.parts[0]
for level in range((MAX_DEPTH - 2) // 2):
    others = map(Text, WORDS[60 * level : 60 * level + 56])
    nested = Or((And((nested, Exists("title"))), *others))
prefer = tuple(Preference(Text(word), 1.0) for word in WORDS[:MAX_PREFERENCES])
engines = TantivyEngine(Path(sys.argv[1])), MemoryEngine()
for engine in engines:
    engine.apply([titled(word, f"{word} {WORDS[0]}") for word in WORDS[:50]])


def ask() -> None:
    for where in (any_of, Text(" ".join(WORDS[:330])), nested):
        query = Query(And((where, Exists("title"))), prefer=prefer)
        check(query)
        totals = [engine.search(query).total for engine in engines]
        assert len(set(totals)) == 1, totals
    print("answered")


thread = threading.Thread(target=ask)
thread.start()
thread.join()
"""


def test_the_largest_questions_are_answered(tmp_path: Path) -> None:
    """In a process of its own: where too many queries are put around one another, it overflows its stack."""
    command = [sys.executable, "-c", _LARGE, str(tmp_path / "index")]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout) == (0, "answered\n"), done.stderr
