"""Answers are kept for one state, and not for ever."""

from __future__ import annotations

from indexer.remembered import LONGEST, Remembered


def test_answers_are_kept_while_the_mark_stays() -> None:
    kept: Remembered[str, int] = Remembered(10)
    assert kept.find("one", "a") is None
    kept.keep("one", "a", 0)
    assert kept.find("one", "a") == 0
    assert kept.find("two", "a") is None
    assert kept.find("one", "a") is None


def test_the_answer_asked_for_longest_ago_goes_first() -> None:
    kept: Remembered[str, int] = Remembered(2)
    for number, name in enumerate("ab"):
        kept.keep(1, name, number)
    assert kept.find(1, "a") == 0
    kept.keep(1, "c", 2)
    assert [kept.find(1, name) for name in "abc"] == [0, None, 2]


def test_nothing_is_kept_for_ever() -> None:
    now = 0.0
    kept: Remembered[str, int] = Remembered(10, lambda: now)
    kept.keep(1, "a", 7)
    now = LONGEST
    assert kept.find(1, "a") == 7
    now += 1
    assert kept.find(1, "a") is None


def test_what_is_known_is_not_asked_again() -> None:
    kept: Remembered[str, int] = Remembered(10)
    answers = iter([0, 1])
    assert [kept.answer(mark, "a", lambda: next(answers)) for mark in "xxyy"] == [0, 0, 1, 1]
