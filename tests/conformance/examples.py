"""The number of examples for each property, and their generation.

A test run uses a few examples, always the same, so that a failure means that something has changed.
`make fuzz` sets EXAMPLES, and uses this number of examples, which differ in each run except in CI.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import cycle, islice
from typing import Any, TypeAlias, TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

_EXAMPLES = int(os.environ.get("EXAMPLES") or 0)
FUZZING = _EXAMPLES > 0
IS_RANDOM = FUZZING and "CI" not in os.environ
# An app or a collaboration takes as long as this number of values.
_VALUES_FOR_EACH_APP = 10

# Hypothesis stores all values that it has tried. Rounds of this size limit its memory.
_ROUND = 10_000

K = TypeVar("K")

Tally: TypeAlias = dict[str, Counter[str]]
"""The results of a test: the number of each verdict and known difference, by property."""


def number_of_apps(in_a_test_run: int) -> int:
    """Return how many random apps or collaborations a test tries."""
    return max(in_a_test_run, _EXAMPLES // _VALUES_FOR_EACH_APP)


def for_each(
    values: SearchStrategy[Any], examine: Callable[[Any], None], *, in_a_test_run: int
) -> None:
    """Examine random values; Hypothesis reports the simplest value that fails."""
    for count in _rounds(in_a_test_run):
        _settings(count)(given(values)(examine))()


def batches(
    values: SearchStrategy[Any], *, in_a_test_run: int, size: int, share: int = 1
) -> Iterator[list[Any]]:
    """Yield batches of random values, for oracles that are too slow for single values.

    Args:
        values: The values.
        in_a_test_run: The number of values in a test run.
        size: The number of values in a batch.
        share: The divisor of the number EXAMPLES, for slow oracles.
    """
    for count in _rounds(in_a_test_run, share):
        yield from _sliced(_generated(values, count), size)


def batches_of_records(
    fields: Mapping[K, SearchStrategy[Any]], *, in_a_test_run: int, size: int
) -> Iterator[list[dict[K, Any]]]:
    """Yield batches of records whose fields are independent of each other.

    This takes a third of the time that Hypothesis needs to generate whole records, and gives each
    field the same number of values.
    """
    for count in _rounds(in_a_test_run):
        # A field with few possible values repeats them.
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
        derandomize=not IS_RANDOM,
        database=None,
        deadline=None,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
        **others,
    )
