"""Tests of the name of a table, and of the number of tables in a membership."""

from __future__ import annotations

import pytest
from aws_cdk import App, Environment, Stack

from tests.helpers import problems_of, resource_of, warnings_of
from tests.resources.samples.id_mapping_table import SAMPLE
from tests.samples import ACCOUNT

from .conftest import MapIds


@pytest.mark.parametrize(
    "name",
    ["a", "_", "0", "ab-c", "a b c", "a ", "ab-cd-ef", "a" * 128, "A_9-Z"],
)
def test_a_name_that_aws_accepts_is_accepted(name: str, map_ids: MapIds) -> None:
    # Synthesis fails if the CDK's own validation, which the fixture `app` turns on, refuses the
    # name.
    assert resource_of(map_ids(name=name))["Properties"]["Name"] == name


@pytest.mark.parametrize(
    "name",
    [
        "-a",
        "a-b",
        "a-",
        "ab--c",
        "ab-",
        " a",
        "a.b",
        "a\n",
        "a\tb",
        "kundenstämme",
        "\u0661",
        "a" * 129,
        "",
        None,
        7,
    ],
)
def test_a_name_that_aws_refuses_is_a_problem(name: object, map_ids: MapIds) -> None:
    (problem,) = problems_of(lambda: map_ids(name=name))
    assert (problem.property, problem.value) == ("name", name)


def test_a_table_needs_a_region_that_has_id_mapping(app: App) -> None:
    stockholm = Stack(app, "Here", env=Environment(account=ACCOUNT, region="eu-north-1"))
    # The workflow of the sample is in another Region, of course.
    problem, _ = problems_of(lambda: SAMPLE.declare(stockholm))
    assert problem.property == "scope"
    assert "not available in eu-north-1" in problem.message


def test_the_sixth_table_of_a_membership_causes_a_warning(stack: Stack, map_ids: MapIds) -> None:
    for number in range(5):
        map_ids(id=f"Table{number}", name=f"customers{number}")
    other = "a1b2c3d4-5678-90ab-cdef-777777777777"
    map_ids(id="Elsewhere", membership=other)
    map_ids(id="Sixth", name="visitors")
    (warning,) = warnings_of(stack)
    assert "more than 5 ID mapping tables in one membership" in warning


def test_five_tables_of_a_membership_cause_no_warning(stack: Stack, map_ids: MapIds) -> None:
    for number in range(5):
        map_ids(id=f"Table{number}", name=f"customers{number}")
    assert warnings_of(stack) == []
