"""Tests of lists that are only known at deployment."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from aws_cdk import CfnParameter, Fn, Stack
from aws_cdk.assertions import Template

from cdk_cleanrooms import (
    AnalysisTemplate,
    ConfiguredTable,
    ConfiguredTableAssociation,
    ListAnalysisRule,
    SqlSource,
)
from tests.helpers import problems_of, warnings_of
from tests.samples import MEMBERSHIP_ID, ROLE_ARN

from .declarations import COLUMNS, aggregation, custom, orders

WIDE = ["ANY_QUERY"]


def associate(stack: Stack, **arguments: Any) -> None:
    orders(stack, analysis_rule=custom(additional_analyses="ALLOWED")).associate(
        "In", **{"membership": MEMBERSHIP_ID, "role": ROLE_ARN, **arguments}
    )


def list_rule(**arguments: Any) -> ListAnalysisRule:
    return ListAnalysisRule(**{"join_columns": ["a"], "list_columns": ["b"], **arguments})


def _with_rule(
    rule: Callable[..., Any], name: str, stack: Stack, given: list[str]
) -> ConfiguredTable:
    return orders(stack, allowed_columns=[*COLUMNS, "a", "b"], analysis_rule=rule(**{name: given}))


LISTS: dict[str, Callable[[Stack, list[str]], object]] = {
    "allowed_columns": lambda stack, given: orders(stack, allowed_columns=given),
    **{
        f"{name} of an aggregation": partial(_with_rule, aggregation, name)
        for name in (
            "join_columns",
            "dimension_columns",
            "scalar_functions",
            "allowed_join_operators",
        )
    },
    "columns of a function": lambda stack, given: orders(
        stack, analysis_rule=aggregation(aggregate_columns={"SUM": given})
    ),
    **{
        f"{name} of a list": partial(_with_rule, list_rule, name)
        for name in ("join_columns", "list_columns", "allowed_join_operators")
    },
    "allowed_analyses": lambda stack, given: orders(
        stack, analysis_rule=custom(allowed_analyses=given)
    ),
    "allowed_analysis_providers": lambda stack, given: orders(
        stack, analysis_rule=custom(allowed_analyses=WIDE, allowed_analysis_providers=given)
    ),
    "disallowed_output_columns": lambda stack, given: orders(
        stack, analysis_rule=custom(disallowed_output_columns=given)
    ),
    "literal_comparison_columns": lambda stack, given: orders(
        stack,
        analysis_rule=custom(literal_comparison_columns=given, column_comparison_columns=[]),
    ),
    "column_comparison_columns": lambda stack, given: orders(
        stack,
        analysis_rule=custom(literal_comparison_columns=[], column_comparison_columns=given),
    ),
    "result_receivers": lambda stack, given: associate(
        stack, result_receivers=given, allowed_additional_analyses=[MODEL]
    ),
    "allowed_additional_analyses": lambda stack, given: associate(
        stack, allowed_additional_analyses=given, result_receivers=["111122223333"]
    ),
    "referenced_tables": lambda stack, given: AnalysisTemplate(
        stack,
        "Template",
        membership=MEMBERSHIP_ID,
        name="overlap",
        source=SqlSource("select 1"),
        referenced_tables=given,
    ),
}
MODEL = (
    "arn:aws:cleanrooms:us-east-1:111122223333:membership/*/configuredaudiencemodelassociation/*"
)


@pytest.mark.parametrize("is_split", [False, True], ids=["parameter", "split"])
@pytest.mark.parametrize("declare", LISTS.values(), ids=LISTS)
def test_a_whole_list_is_passed_through(
    stack: Stack, declare: Callable[[Stack, list[str]], object], is_split: bool
) -> None:
    if is_split:
        given = Fn.split(",", Fn.import_value("List"))
        written: Any = {"Fn::Split": [",", {"Fn::ImportValue": "List"}]}
    else:
        given = CfnParameter(stack, "List", type="CommaDelimitedList").value_as_list
        written = {"Ref": "List"}
    declare(stack, given)
    template = Template.from_stack(stack).to_json()
    assert [*_values(template["Resources"], written)] == [written]
    assert warnings_of(stack) == []


def _values(node: Any, searched: Any) -> Any:
    if node == searched:
        yield node
    elif isinstance(node, dict):
        for each in node.values():
            yield from _values(each, searched)
    elif isinstance(node, list):
        for each in node:
            yield from _values(each, searched)


@pytest.mark.parametrize(
    "declare",
    [
        lambda stack, given: orders(stack, analysis_methods=given),
        lambda stack, given: ConfiguredTableAssociation(
            stack,
            "In",
            membership=MEMBERSHIP_ID,
            configured_table=orders(stack),
            member_memberships=given,
        ),
    ],
    ids=["analysis_methods", "member_memberships"],
)
def test_a_list_whose_items_are_needed_is_refused(
    stack: Stack, declare: Callable[[Stack, list[str]], object]
) -> None:
    (problem,) = problems_of(lambda: declare(stack, Fn.split(",", Fn.import_value("List"))))
    assert problem.code == "ListIsToken"
