"""Tests of the benchmarks that `make bench` does not run."""

from __future__ import annotations

import json
from collections import Counter
from math import ceil
from pathlib import Path

import pytest

from dev.benchmarks import export, mixed, plan

_PAGE = Path(__file__).parents[2] / "docs/benchmarks.md"


@pytest.mark.parametrize("count", [5, 20])
def test_a_plan_needs_the_requests_on_the_page(count: int) -> None:
    measured = plan.plan(count)

    assert f"| {count} | {measured.requests.total()} |" in _PAGE.read_text("utf-8").splitlines()
    assert [line.split()[:2] for line in measured.output.splitlines()] == [
        ["adopt", f"Stack/Customers{number}"] for number in range(count)
    ]


@pytest.mark.parametrize(("count", "on_page"), [(10, 1), (100, 5), (300, 20)])
def test_an_export_reads_each_list_once_and_each_resource_in_at_most_three_requests(
    count: int, on_page: int
) -> None:
    measured = export.export(count, on_page=on_page, side_by_side=10)

    assert measured.output == f"{count}\n"
    numbers = Counter(one.type.list for one in export.collaboration_of(count))
    of_resources = 0
    for name, requests in measured.requests.items():
        if name in ("GetResource", "ListTagsForResource") or name.startswith("get_"):
            of_resources += requests
        elif name != "GetCallerIdentity":
            assert (name, requests) == (name, max(1, ceil(numbers[name] / on_page)))
    assert of_resources <= 3 * count
    row = f"| {count} | {on_page} | {measured.requests.total()} |"
    assert row in _PAGE.read_text("utf-8").splitlines()


def test_the_app_of_several_types_adopts_as_many_resources_as_asked() -> None:
    folder = Path(mixed.declare(25, 5).synth().directory)

    resources = json.loads((folder / "Stack.template.json").read_text("utf-8"))["Resources"]
    adoptions = json.loads((folder / "Stack.adopt.json").read_text("utf-8"))["Adoptions"]
    of_services = ("AWS::CleanRooms::", "AWS::EntityResolution::")
    assert sum(one["Type"].startswith(of_services) for one in resources.values()) == 25
    assert len({one["ResourceType"] for one in adoptions.values()}) == 5
