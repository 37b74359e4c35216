"""Tests of errors and problems."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from aws_cdk import Stack
from aws_cdk.aws_cleanrooms import CfnCollaboration
from aws_cdk.aws_iam import Role

from cdk_cleanrooms import ConfiguredTable, GlueTable, Problem, ValidationError
from tests.helpers import Associate, problems_of
from tests.samples import GLUE_TABLE_ARN


def test_a_problem_cannot_be_changed() -> None:
    problem = Problem("name", "", "has 0 characters", "NameLength")
    with pytest.raises(FrozenInstanceError):
        problem.message = "has none"  # type: ignore[misc]


def test_an_error_without_problems_counts_none() -> None:
    assert str(ValidationError("Stack", ())) == "Stack: 0 problems"


# The quotes and the prefix count too.
@pytest.mark.parametrize(("longest", "one_more"), [("x" * 118, "x"), (b"x" * 117, b"x")])
def test_a_value_of_120_characters_is_shown_whole_in_the_message_and_a_longer_one_is_not(
    longest: str, one_more: str, associate: Associate
) -> None:
    for name, is_whole in ((longest, True), (longest + one_more, False)):
        (problem,) = problems_of(lambda name=name: associate(name=name))  # type: ignore[misc]
        assert problem.message.startswith(f"{name!r} ") == is_whole


def test_a_construct_of_a_wrong_type_is_shown_with_its_path(
    stack: Stack, associate: Associate
) -> None:
    (problem,) = problems_of(lambda: associate(name=stack))
    assert problem.message == "the construct 'Stack' is of type Stack; use the name, a string"
    (problem,) = problems_of(lambda: associate(name=Stack))
    assert problem.message.startswith("the class Stack is given, and not an instance of it; ")


def test_a_problem_that_several_items_have_is_reported_once(stack: Stack) -> None:
    source = GlueTable(table=GLUE_TABLE_ARN)
    problems = problems_of(
        lambda: ConfiguredTable(
            stack, "Table", name="orders", table=source, allowed_columns=["a", "a", "a", "B", "B"]
        )
    )
    assert [problem.value for problem in problems] == ["a", "B", "B"]
    assert [problem.code for problem in problems] == ["GivenTwice", "ColumnUppercase", "GivenTwice"]


def test_an_import_of_a_wrong_type_is_shown_without_the_name_of_its_proxy(
    stack: Stack, associate: Associate
) -> None:
    role = Role.from_role_name(stack, "Role", "reader")
    (problem,) = problems_of(lambda: associate(name=role))
    assert (
        problem.message == "the construct 'Stack/Role' is of another type; use the name, a string"
    )


def test_only_the_message_about_a_collaboration_says_that_it_is_not_a_membership(
    stack: Stack, associate: Associate
) -> None:
    collaboration = CfnCollaboration(
        stack,
        "Collaboration",
        name="ours",
        description="ours",
        creator_display_name="Us",
        creator_member_abilities=[],
        query_log_status="DISABLED",
    )
    for membership, is_said in ((collaboration, True), (7, False)):
        (problem,) = problems_of(
            lambda membership=membership: associate(membership=membership)  # type: ignore[misc]
        )
        said = problem.message.startswith("a collaboration is not a membership: ")
        assert said == is_said
