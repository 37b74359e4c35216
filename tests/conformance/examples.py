"""How many examples each property is tested with, and how they are made.

A test run takes a few, always the same ones, so that a red run means that something has changed.
`make fuzz` sets EXAMPLES, and takes as many, other ones every time.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import cycle, islice
from typing import Any, TypeAlias

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

FUZZING = "EXAMPLES" in os.environ
_EXAMPLES = int(os.environ.get("EXAMPLES", "0"))

# Hypothesis remembers what it has tried, and its memory grows with that.
_ROUND = 10_000

Tally: TypeAlias = dict[str, Counter[str]]
"""What a test has seen, by property: how often which verdict, and which known difference."""


def for_each(
    values: SearchStrategy[Any], examine: Callable[[Any], None], *, in_a_test_run: int
) -> None:
    """Examine random values; the least of those that fail is shown."""
    for count in _rounds(in_a_test_run):
        _settings(count)(given(values)(examine))()


def batches(
    values: SearchStrategy[Any], *, in_a_test_run: int, size: int, share: int = 1
) -> Iterator[list[Any]]:
    """Random values for those who are too slow to be asked about each of them alone.

    Args:
        values: The values.
        in_a_test_run: How many there are in a test run.
        size: How many of them a batch has.
        share: Of how many values in EXAMPLES one is taken.
    """
    for count in _rounds(in_a_test_run, share):
        yield from _sliced(_generated(values, count), size)


def batches_of_records(
    fields: Mapping[str, SearchStrategy[Any]], *, in_a_test_run: int, size: int
) -> Iterator[list[dict[str, Any]]]:
    """Batches of records whose fields have nothing to do with each other.

    It takes a third of the time that Hypothesis takes to make whole records, and gives each field
    as many values.
    """
    for count in _rounds(in_a_test_run):
        # A field with only a few possible values has them again and again.
        columns = [cycle(_generated(values, count)) for values in fields.values()]
        rows = islice(zip(*columns, strict=True), count)
        yield from _sliced([dict(zip(fields, row, strict=True)) for row in rows], size)


def _sliced(found: list[Any], size: int) -> Iterator[list[Any]]:
    for start in range(0, len(found), size):
        yield found[start : start + size]


def _generated(values: SearchStrategy[Any], count: int) -> list[Any]:
    found: list[Any] = []

    @_settings(count, phases=[Phase.generate])
    @given(values)
    def generate(value: Any) -> None:
        found.append(value)

    generate()
    return found


def _rounds(in_a_test_run: int, share: int = 1) -> Iterator[int]:
    total = _EXAMPLES // share if FUZZING else in_a_test_run
    for start in range(0, total, _ROUND):
        yield min(_ROUND, total - start)


def _settings(count: int, **others: Any) -> settings:
    return settings(
        max_examples=count,
        derandomize=not FUZZING,
        database=None,
        deadline=None,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
        **others,
    )
