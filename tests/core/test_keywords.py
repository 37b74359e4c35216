"""Tests of keywords that are no arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import Stack

import cdk_cleanrooms
from cdk_cleanrooms import (
    ConfiguredTable,
    ConfiguredTableAssociation,
    GlueTable,
    IdNamespace,
    IdNamespaceAssociation,
    Member,
    Membership,
    PeriodBudget,
    ValidationError,
)
from tests.helpers import problems_of
from tests.samples import (
    COLLABORATION_ID,
    CONFIGURED_TABLE_ID,
    GLUE_TABLE_ARN,
    ID_NAMESPACE_ARN,
    MEMBERSHIP_ID,
)

association: Callable[..., object] = IdNamespaceAssociation
VALID = {"membership": MEMBERSHIP_ID, "id_namespace": ID_NAMESPACE_ARN, "name": "customers"}


@pytest.mark.parametrize(
    ("keyword", "value", "closest"),
    [
        ("desciption", "Ours", "description"),
        ("removalPolicy", None, "removal_policy"),
        ("tag", {"team": "data"}, "tags"),
        ("manage_resource_policy", True, "manage_resource_policies"),
    ],
)
def test_the_closest_argument_is_named(
    stack: Stack, keyword: str, value: object, closest: str
) -> None:
    (problem,) = problems_of(lambda: association(stack, "A", **VALID, **{keyword: value}))
    assert (problem.property, problem.code) == (keyword, "UnknownArgument")
    assert problem.message == f"IdNamespaceAssociation has no such argument; use {closest}"
    assert stack.node.children == []


def test_an_unknown_keyword_is_reported_with_all_other_problems(stack: Stack) -> None:
    problems = problems_of(
        lambda: association(
            stack, "A", membership="m", id_namespaces="n", name="", colour="red", tags={"aws:x": ""}
        )
    )
    assert [(each.property, each.code) for each in problems] == [
        ("id_namespaces", "UnknownArgument"),
        ("colour", "UnknownArgument"),
        ("membership", "MembershipIdNotUuid"),
        ("id_namespace", "IdNamespaceArnMalformed"),
        ("name", "NameEmpty"),
        ("tags", "TagKeyReserved"),
        ("tags", "TagValueEmpty"),
    ]
    assert "use one of description, " in problems[1].message


def test_an_argument_that_is_missing_then_is_a_problem_too(stack: Stack) -> None:
    problems = problems_of(lambda: association(stack, "A", name="customers", colour="red"))
    assert [each.property for each in problems if each.value is None] == [
        "membership",
        "id_namespace",
    ]
    assert problems[0].message.endswith("; use one of membership, id_namespace, or leave it out")
    given = {"membership": MEMBERSHIP_ID, "id_namespace": ID_NAMESPACE_ARN, "colour": "red"}
    problem, *_ = problems_of(lambda: association(stack, "A", **given))
    assert problem.message.endswith("; use name, or leave it out")


def test_a_missing_argument_alone_is_an_error_of_python(stack: Stack) -> None:
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'name'"):
        association(stack, "A", membership=MEMBERSHIP_ID, id_namespace=ID_NAMESPACE_ARN)


def test_the_error_is_also_one_of_python(stack: Stack) -> None:
    with pytest.raises(TypeError) as raised:
        association(stack, "A", **VALID, adapt=True)
    assert isinstance(raised.value, ValidationError)
    assert raised.value.construct_path == "Stack/A"


def anything(function: Any) -> Any:
    """Return a function that type checkers do not check."""
    return function


def test_every_way_to_create_a_construct_names_the_closest_argument(stack: Stack) -> None:
    table = ConfiguredTable(
        stack, "T", name="t", table=GlueTable(table=GLUE_TABLE_ARN), allowed_columns=["a"]
    )
    for refused, closest in (
        (lambda: anything(IdNamespace.target)(stack, "A", matching_workflows="w"), "workflow"),
        (lambda: anything(table.associate)("A", memberships=MEMBERSHIP_ID), "membership"),
        (
            lambda: anything(Membership.from_existing)(stack, "A", membership_id=MEMBERSHIP_ID),
            "membership_identifier",
        ),
        (lambda: anything(Membership)(stack, "A", colaboration=COLLABORATION_ID), "collaboration"),
        (
            lambda: anything(ConfiguredTableAssociation)(
                stack, "A", membership=MEMBERSHIP_ID, table=CONFIGURED_TABLE_ID
            ),
            "configured_table",
        ),
    ):
        problem, *_ = problems_of(refused)
        assert problem.code == "UnknownArgument"
        assert closest in problem.message


def test_values_name_the_closest_argument() -> None:
    with pytest.raises(TypeError) as raised:
        anything(Member)(display_nam="Us", account="111122223333")
    assert str(raised.value) == (
        "Member: 2 problems\n"
        "  display_nam: Member has no such argument; use display_name [UnknownArgument]\n"
        "  account: Member has no such argument; use account_id [UnknownArgument]"
    )


def test_a_keyword_beside_all_arguments_can_only_be_left_out() -> None:
    with pytest.raises(TypeError, match="PeriodBudget has no such argument; leave it out "):
        anything(PeriodBudget)(budget=5, period="DAY", refresh=True, colour="red")


def test_a_problem_does_not_wait_for_the_next_construct(stack: Stack) -> None:
    with pytest.raises(TypeError):
        anything(Member)(display_nam="Us")
    association(stack, "A", **VALID)


def test_what_fails_because_of_a_missing_argument_hides_no_unknown_keyword() -> None:
    with pytest.raises(TypeError, match=r"SqlSource\.from_file has no such argument; use path"):
        anything(cdk_cleanrooms.SqlSource.from_file)(pat=7)


class OfOurTeam(IdNamespaceAssociation):
    def __init__(self, scope: Stack, id: str, **arguments: Any) -> None:
        super().__init__(scope, id, **arguments)


def test_a_subclass_of_an_app_passes_arguments_on(stack: Stack) -> None:
    (problem,) = problems_of(lambda: OfOurTeam(stack, "A", **VALID, adapt=True))
    assert problem.message == "IdNamespaceAssociation has no such argument; use adopt"
