"""The engine contract: words spelt nearly alike, and what conditions are worth."""

from __future__ import annotations

from random import Random

import pytest

from indexer.engines.base import Deletion, Engine
from indexer.nearness import nearest
from indexer.query import And, Condition, Everything, Not, Or, Phrase, Terms, Text
from tests.contracts.engine_documents import document, titled

_NEAR: list[tuple[str, int, tuple[str, ...]]] = [
    ("temprature", 1, ("temperature",)),
    ("temprature", 2, ("temperature", "temperatures")),
    ("temperature", 1, ("temperatures",)),
    ("temperat", 2, ("temperate",)),
    ("salintiy", 1, ("salinity",)),
    ("oxigen", 1, ("oxygen",)),
    ("xygen", 2, ()),
    ("oxygen", 0, ()),
    ("donees", 1, ("donnees",)),
    ("海表温渡", 1, ()),
    ("q", 2, ()),
    ("", 1, ()),
]


class NearnessContract:
    """Spelling, and the parts of relevance."""

    def test_words_that_are_spelt_nearly_alike(self, engine: Engine) -> None:
        engine.apply(
            [
                titled("1", "Sea temperature", "Temperate zone"),
                document("2", texts={"abstract": ["Temperatures, salinity"], "subject": ["oxygen"]}),
                document("3", keywords={"platform": ["Données"]}),
                titled("4", "海表温度"),
            ]
        )
        answers = [(word, edits, engine.words_near(word, edits)) for word, edits, _ in _NEAR]
        assert answers == _NEAR

    def test_frequent_words_and_many_words_are_near_too(self, engine: Engine) -> None:
        engine.apply([titled(str(n), f"temperature s{n:02d}inity") for n in range(60)])
        assert engine.words_near("temprature", 1) == ("temperature",)
        assert engine.words_near("s0xinity", 1) == tuple(f"s0{n}inity" for n in range(10))
        assert len(engine.words_near("sxxinity", 2)) == 20

    def test_no_other_words_are_near_than_those_that_are_measured_so(self, engine: Engine) -> None:
        rng = Random(3)
        words = sorted({"".join(rng.choices("abeg", k=rng.randint(6, 10))) for _ in range(150)})
        engine.apply([titled(str(number), word) for number, word in enumerate(words)])
        for word in rng.sample(words, 20):
            asked = word[0] + "".join(rng.sample(word[1:4], 3)) + word[4:]
            for edits in (1, 2):
                assert engine.words_near(asked, edits) == nearest(asked, words, edits)

    def test_words_of_deleted_records_need_not_be_forgotten_but_new_ones_are_known(
        self, engine: Engine
    ) -> None:
        engine.apply([titled("1", "salinity")])
        engine.apply([Deletion("1", 1), titled("2", "oxygen")])
        assert engine.words_near("oxigen", 1) == ("oxygen",)
        assert set(engine.words_near("salintiy", 1)) <= {"salinity"}

    def test_what_conditions_are_worth(self, engine: Engine) -> None:
        engine.apply(
            [
                titled("1", "Sea surface temperature", keywords={"platform": ["Sonne"]}),
                document("2", texts={"abstract": ["Sea temperature"], "title": ["x"]}),
                titled("3", "salinity"),
            ]
        )
        words, phrase, sonne = Text("temperature"), Phrase("sea surface"), Terms("platform", ("Sonne",))
        asked: list[Condition] = [words, phrase, sonne, Not(sonne), Everything(), Or((words, sonne))]
        one, two = engine.worth(asked, "1"), engine.worth(asked, "2")
        assert [value is None for value in one] == [False, False, False, True, False, False]
        assert [value is None for value in two] == [False, True, True, False, False, False]
        assert one[2] == one[4] == two[3] == two[4] == 0
        assert one[0] is not None
        assert two[0] is not None
        assert one[0] > two[0] > 0  # the title counts most
        (whole,) = engine.worth([And((words, phrase))], "1")
        assert whole == pytest.approx(sum(value or 0 for value in one[:2]), rel=1e-4)
        assert engine.worth(asked, "none such") == (None,) * len(asked)
        assert engine.worth([], "1") == ()
