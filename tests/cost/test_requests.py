"""Tests of the number of requests to the CDK's process, which is exact on every machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from aws_cdk import App, Stack
from jsii._kernel.providers import process

from cdk_cleanrooms import IdNamespaceAssociation
from cdk_cleanrooms._core.in_membership import InMembership
from dev.benchmarks.cases import CASES, RESOURCES
from dev.benchmarks.kernel import counted_requests
from dev.benchmarks.requests import cost_of, requests_of, row
from tests.resources.samples import SAMPLES
from tests.samples import ID_NAMESPACE_ARN, MEMBERSHIP_ID

DOCUMENTATION = Path(__file__).parents[2] / "docs/benchmarks.md"


def test_every_resource_inside_a_membership_has_cases() -> None:
    assert {resource.construct for resource in RESOURCES} == {
        sample.construct for sample in SAMPLES if issubclass(sample.construct, InMembership)
    }


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


def test_the_requests_of_an_association_do_not_grow_with_the_number_of_associations() -> None:
    cost = cost_of(CASES["`IdNamespaceAssociation`, full, with tags"])
    expected = 400 * cost.each.total() + cost.once.total()
    assert requests_of(CASES["`IdNamespaceAssociation`, full, with tags"], 400).total() == expected


def test_the_requests_of_a_quota_that_is_exceeded_grow_no_faster_than_the_number() -> None:
    def synthesis(count: int) -> int:
        app = App()
        stack = Stack(app, "Stack")
        for index in range(count):
            IdNamespaceAssociation(
                stack,
                f"Association{index}",
                membership=MEMBERSHIP_ID,
                id_namespace=ID_NAMESPACE_ARN,
                name=f"customers-{index}",
            )
        with counted_requests() as requests:
            app.synth()
        return requests.total()

    # Each association above the quota costs its part of the check, and a warning.
    assert synthesis(60) - synthesis(40) <= synthesis(40) - synthesis(20)


def test_a_change_in_jsii_is_reported_instead_of_a_cost_of_zero(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(process, "_NodeProcess")
    with (
        pytest.raises(RuntimeError, match=r"update dev/benchmarks/kernel\.py"),
        counted_requests(),
    ):
        pass
