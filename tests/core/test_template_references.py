"""References in a CloudFormation template."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_cleanrooms._core.template_references import references


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({"Ref": "Customers"}, {"Customers"}),
        ({"Ref": "AWS::Region"}, set()),
        ({"Ref": "Customers", "Other": {"Ref": "Visitors"}}, {"Visitors"}),
        ({"Fn::GetAtt": ["Customers", "Arn"]}, {"Customers"}),
        ({"Fn::GetAtt": "Customers.Arn"}, {"Customers"}),
        (
            {"Fn::Sub": "${Customers}/${Visitors.Arn}/${AWS::Region}/${!Literal}"},
            {"Customers", "Visitors"},
        ),
        ({"Fn::Sub": ["${A}-${B}", {"A": {"Ref": "Customers"}}]}, {"B", "Customers"}),
        ({"Fn::FindInMap": ["Names", {"Ref": "Customers"}, "x"]}, {"Names", "Customers"}),
        ({"Fn::If": ["IsHere", {"Ref": "Customers"}, "x"]}, {"IsHere", "Customers"}),
        ({"Fn::Join": ["", ["a", {"Ref": "Customers"}]]}, {"Customers"}),
        ("text", set()),
        (None, set()),
    ],
)
@pytest.mark.parametrize("attribute", ["Properties", "Metadata"])
def test_the_references_in_a_part_of_a_resource_are_found(
    part: Any, expected: set[str], attribute: str
) -> None:
    assert {*references({"Type": "T", attribute: {"Part": part}})} == expected


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ({}, []),
        ({"Type": "T", "DependsOn": "A", "Condition": "IsHere"}, ["A", "IsHere"]),
        ({"Type": "T", "DependsOn": ["A", "B"]}, ["A", "B"]),
    ],
)
def test_dependencies_and_the_condition_are_references(
    resource: dict[str, Any], expected: list[str]
) -> None:
    assert [*references(resource)] == expected
