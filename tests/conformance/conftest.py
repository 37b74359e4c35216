"""Fixtures of the conformance tests, and the table at the end of `make fuzz`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from tests.examples.conftest import synthesize

from . import drift
from .examples import FUZZING, Tally
from .oracles import resource_schema, shape_of
from .resources import RESOURCES

# The examples are synthesized once for all tests.
__all__ = ["synthesize"]

_TALLY = "tally"


@pytest.fixture
def tally(record_property: Any) -> Iterator[Tally]:
    """Collect the results of a test for the table."""
    seen: Tally = defaultdict(Counter)
    yield seen
    record_property(_TALLY, {property: dict(counts) for property, counts in seen.items()})


@pytest.fixture(scope="session")
def as_ever() -> None:
    """Skip a test if AWS has changed, because `test_drift.py` reports this once and clearly."""
    for resource in RESOURCES:
        schema = drift.facts_of_schema(resource_schema(resource.type_name))
        shape = drift.facts_of_shape(shape_of(resource.creation))
        if drift.changes(resource.schema, schema) or drift.changes(resource.model, shape):
            pytest.skip("AWS has changed: see the failure in test_drift.py")


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
