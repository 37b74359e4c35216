"""Templates for the tests of the review, and their comparison."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from cdk_cleanrooms._review.assembly import Stack
from cdk_cleanrooms._review.changes import Change
from cdk_cleanrooms._review.comparison import compare
from cdk_cleanrooms._review.directions import Direction
from cdk_cleanrooms._review.resources import Assembly

PARTNER = "444455556666"
OTHER = "777788889999"

Template = dict[str, Any]


def template(resources: Mapping[str, Any], **sections: Any) -> Template:
    """Return a template."""
    return {"Resources": {**resources}, **sections}


def resource(type_name: str, properties: Mapping[str, Any] | None = None, **more: Any) -> Template:
    """Return a resource of a template."""
    return {"Type": type_name, "Properties": {**(properties or {})}, **more}


def assembly(content: Template, **stack: Any) -> Assembly:
    """Return an assembly with one stack."""
    known: dict[str, Any] = {"id": "", "name": None, "account": None, "region": None, **stack}
    return Assembly([Stack(template=content, **known)])


def changes(old: Template, new: Template, **stack: Any) -> list[Change]:
    """Return the changes between two templates."""
    return compare(assembly(old, **stack), assembly(new, **stack))


def told(found: list[Change]) -> list[tuple[str, Direction, bool]]:
    """Return the property, the direction and the gate of each change."""
    return [(it.property, it.effect.direction, it.effect.is_gated) for it in found]


def directions(found: list[Change]) -> set[str]:
    """Return the directions of changes."""
    return {it.effect.direction.value for it in found}


def with_property(properties: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return properties with another value; None removes the property.

    Args:
        properties: The properties.
        path: The names of members, with `[]` after those of lists of objects.
        value: The value.

    Returns:
        A copy.
    """
    made: dict[str, Any] = deepcopy({**properties})
    node = made
    *parents, last = path.split(".")
    for step in parents:
        name = step.removesuffix("[]")
        if step.endswith("[]"):
            entries = node.setdefault(name, [{}])
            if not entries:
                entries.append({})
            node = entries[0]
        else:
            node = node.setdefault(name, {})
    if value is None:
        node.pop(last.removesuffix("[]"), None)
    else:
        node[last.removesuffix("[]")] = value
    return made


def write(folder: Path, content: Any, name: str = "stack.template.json") -> Path:
    """Write a template."""
    file = folder / name
    file.write_text(json.dumps(content), "utf-8")
    return file


def collaboration(**properties: Any) -> Template:
    """Return a collaboration of two members."""
    return resource(
        "AWS::CleanRooms::Collaboration",
        {
            "Name": "overlap",
            "Description": "Who is both",
            "CreatorDisplayName": "Advertiser",
            "CreatorMemberAbilities": ["CAN_QUERY"],
            "QueryLogStatus": "ENABLED",
            "Members": [
                {
                    "AccountId": PARTNER,
                    "DisplayName": "Publisher",
                    "MemberAbilities": ["CAN_RECEIVE_RESULTS"],
                }
            ],
            **properties,
        },
    )


def membership(**properties: Any) -> Template:
    """Return the membership of the creator."""
    return resource(
        "AWS::CleanRooms::Membership",
        {
            "CollaborationIdentifier": {"Fn::GetAtt": ["Room", "CollaborationIdentifier"]},
            "QueryLogStatus": "ENABLED",
            **properties,
        },
    )


def custom_rule(**rule: Any) -> list[Template]:
    """Return a CUSTOM analysis rule."""
    made = {"AllowedAnalyses": [], **rule}
    return [{"Type": "CUSTOM", "Policy": {"V1": {"Custom": made}}}]


def aggregation_rule(**rule: Any) -> list[Template]:
    """Return an AGGREGATION analysis rule."""
    made = {
        "AggregateColumns": [{"ColumnNames": ["amount"], "Function": "SUM"}],
        "JoinColumns": ["id"],
        "DimensionColumns": ["region"],
        "ScalarFunctions": [],
        "OutputConstraints": [{"ColumnName": "id", "Minimum": 100, "Type": "COUNT_DISTINCT"}],
        **rule,
    }
    return [{"Type": "AGGREGATION", "Policy": {"V1": {"Aggregation": made}}}]


def list_rule(**rule: Any) -> list[Template]:
    """Return a LIST analysis rule."""
    made = {"JoinColumns": ["id"], "ListColumns": ["region", "amount"], **rule}
    return [{"Type": "LIST", "Policy": {"V1": {"List": made}}}]


def table(rules: Any = None, **properties: Any) -> Template:
    """Return a configured table."""
    made = {
        "Name": "orders",
        "AllowedColumns": ["id", "region", "amount"],
        "AnalysisMethod": "DIRECT_QUERY",
        "TableReference": {"Glue": {"DatabaseName": "crm", "TableName": "orders"}},
        **properties,
    }
    if rules is not None:
        made["AnalysisRules"] = rules
    return resource("AWS::CleanRooms::ConfiguredTable", made)


def association(**properties: Any) -> Template:
    """Return the association of the table with the membership."""
    return resource(
        "AWS::CleanRooms::ConfiguredTableAssociation",
        {
            "Name": "orders",
            "MembershipIdentifier": {"Fn::GetAtt": ["Us", "MembershipIdentifier"]},
            "ConfiguredTableIdentifier": {"Fn::GetAtt": ["Orders", "ConfiguredTableIdentifier"]},
            "RoleArn": "arn:aws:iam::111122223333:role/clean-rooms",
            **properties,
        },
    )


def access_budget(**properties: Any) -> Template:
    """Return the access budget of the association."""
    return resource(
        "AWS::CleanRooms::PrivacyBudgetTemplate",
        {
            "MembershipIdentifier": {"Fn::GetAtt": ["Us", "MembershipIdentifier"]},
            "PrivacyBudgetType": "ACCESS_BUDGET",
            "AutoRefresh": "NONE",
            "Parameters": {
                "ResourceArn": {"Fn::GetAtt": ["InRoom", "Arn"]},
                "BudgetParameters": [{"Type": "LIFETIME", "Budget": 100}],
            },
            **properties,
        },
    )


def room(**more: Any) -> Template:
    """Return a collaboration with an associated table that has an access budget."""
    return template(
        {
            "Room": collaboration(),
            "Us": membership(),
            "Orders": table(aggregation_rule()),
            "InRoom": association(),
            "Budget": access_budget(),
            **more,
        }
    )
