"""Fixtures of the conformance tests, and the table at the end of `make fuzz`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from tests.examples.conftest import synthesize

from .examples import FUZZING, Tally

# The examples are synthesized once for all tests.
__all__ = ["synthesize"]

_TALLY = "tally"


@pytest.fixture
def tally(record_property: Any) -> Iterator[Tally]:
    """Collect the results of a test for the table."""
    seen: Tally = defaultdict(Counter)
    yield seen
    record_property(_TALLY, {property: dict(counts) for property, counts in seen.items()})


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the table, with a line for each test, property and thing counted."""
    if not FUZZING:
        return
    terminalreporter.section("examples")
    # The fixture records its results at teardown, whose reports have the outcome "".
    for report in terminalreporter.getreports(""):
        if report.when == "teardown":
            for tally in (value for name, value in report.user_properties if name == _TALLY):
                terminalreporter.write_line(report.nodeid.rpartition("::")[2])
                for property, counts in tally.items():
                    for what, count in sorted(counts.items()):
                        terminalreporter.write_line(f"  {property:37} {what:60} {count:>9,}")
