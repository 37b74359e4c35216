"""Tests of the rule for the ARN of a role."""

from __future__ import annotations

import pytest
from aws_cdk import Stack

from cdk_cleanrooms._core.access import GlueTable, role_arn
from tests.samples import GLUE_TABLE_ARN

ARN = "arn:aws:iam::111122223333:role/"


@pytest.mark.parametrize("arn", [f"{ARN}a", f"{ARN}path/a+=,.@_-9", ARN.ljust(512, "a")])
def test_the_arn_of_a_role_is_accepted(arn: str) -> None:
    assert [*role_arn("role", arn)] == []


def test_an_arn_of_more_than_512_characters_is_a_problem() -> None:
    (problem,) = role_arn("role", ARN.ljust(513, "a"))
    assert problem.message.endswith("has 513 characters; the ARN of a role has at most 512 here")


def test_the_names_of_a_table_come_from_its_arn(stack: Stack) -> None:
    table = GlueTable(stack, GLUE_TABLE_ARN)
    assert (table.database, table.name) == ("crm", "orders")
