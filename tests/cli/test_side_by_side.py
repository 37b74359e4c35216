"""Tests of functions that run side by side."""

from __future__ import annotations

from threading import Barrier, Event

import pytest

from cdk_cleanrooms._cli.side_by_side import LIMIT, Once, side_by_side


def test_results_have_the_order_of_the_items() -> None:
    second_has_run = Event()

    def double(number: int) -> int:
        if number == 1:
            assert second_has_run.wait(600)
        else:
            second_has_run.set()
        return 2 * number

    assert side_by_side(double, [1, 2]) == [2, 4]
    assert side_by_side(double, []) == []


def test_as_many_calls_as_the_limit_run_at_the_same_time() -> None:
    everybody = Barrier(LIMIT)
    side_by_side(lambda _: everybody.wait(600), range(3 * LIMIT))


def test_the_first_exception_is_raised_and_no_other_call_starts() -> None:
    started = []
    others_may_end = Event()

    def fail(number: int) -> None:
        started.append(number)
        if number == 0:
            raise ValueError("the first")
        assert others_may_end.wait(600)

    with pytest.raises(ValueError, match="the first"):
        side_by_side(fail, range(1000))
    others_may_end.set()
    assert len(started) <= LIMIT + 1


def test_a_function_is_called_once_for_all_threads_that_ask() -> None:
    calls: list[int] = []

    def call(number: int) -> int:
        calls.append(number)
        return number

    once = Once(call)
    assert side_by_side(lambda _: once(1), range(50)) == [1] * 50
    assert calls == [1]
    assert once(2) == 2
    assert sorted(once.results()) == [1, 2]
    once.forget()
    assert once(1) == 1
    assert calls == [1, 2, 1]


def test_every_caller_gets_the_exception() -> None:
    def fail() -> None:
        raise ValueError("no")

    once = Once(fail)
    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            once()
    assert once.results() == []
