"""Tests of the benchmarks that `make bench` does not run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dev.benchmarks import mixed, plan

_PAGE = Path(__file__).parents[2] / "docs/benchmarks.md"


@pytest.mark.parametrize("count", [5, 20])
def test_a_plan_needs_the_requests_on_the_page(count: int) -> None:
    measured = plan.plan(count)

    assert f"| {count} | {measured.requests.total()} |" in _PAGE.read_text("utf-8").splitlines()
    assert [line.split()[:2] for line in measured.lines] == [
        ["adopt", f"Stack/Customers{number}"] for number in range(count)
    ]


def test_the_app_of_several_types_adopts_as_many_resources_as_asked() -> None:
    folder = Path(mixed.declare(25, 5).synth().directory)

    resources = json.loads((folder / "Stack.template.json").read_text("utf-8"))["Resources"]
    adoptions = json.loads((folder / "Stack.adopt.json").read_text("utf-8"))["Adoptions"]
    of_services = ("AWS::CleanRooms::", "AWS::EntityResolution::")
    assert sum(one["Type"].startswith(of_services) for one in resources.values()) == 25
    assert len({one["ResourceType"] for one in adoptions.values()}) == 5
