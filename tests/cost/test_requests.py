"""Tests of the number of requests to the CDK's process, which is exact on every machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from jsii._kernel.providers import process

from dev.benchmarks.cases import CASES
from dev.benchmarks.kernel import counted_requests
from dev.benchmarks.requests import cost_of, requests_of, row

DOCUMENTATION = Path(__file__).parents[2] / "docs/benchmarks.md"


@pytest.mark.parametrize("name", CASES)
def test_a_case_needs_the_requests_in_the_documentation(name: str) -> None:
    lines = DOCUMENTATION.read_text(encoding="utf-8").splitlines()
    documented = [line for line in lines if line.startswith(f"| {name} | ")]
    assert [row(name)] == documented


@pytest.mark.parametrize(
    "name",
    [
        "`IdNamespaceAssociation`, minimal",
        "`IdNamespaceAssociation`, full, with tags",
        "with tags",
    ],
)
def test_an_association_of_literals_needs_two_requests(name: str) -> None:
    cost = cost_of(CASES[name])
    assert cost.each.total() == 2
    assert cost.average <= 2.1


def test_an_import_needs_only_the_request_that_creates_its_construct() -> None:
    cost = cost_of(CASES["`IdNamespaceAssociation.from_existing`"])
    assert (dict(cost.each), dict(cost.once)) == ({"create Resource": 1}, {})


def test_the_requests_of_an_association_do_not_grow_with_their_number() -> None:
    cost = cost_of(CASES["`IdNamespaceAssociation`, full, with tags"])
    expected = 400 * cost.each.total() + cost.once.total()
    assert requests_of(CASES["`IdNamespaceAssociation`, full, with tags"], 400).total() == expected


def test_a_change_in_jsii_is_reported_instead_of_a_cost_of_zero(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(process, "_NodeProcess")
    with (
        pytest.raises(RuntimeError, match=r"update dev/benchmarks/kernel\.py"),
        counted_requests(),
    ):
        pass
