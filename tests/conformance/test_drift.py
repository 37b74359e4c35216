"""Tests that AWS and the CDK still describe the resources as they did when the library was written.

A test that fails here shows what has changed. Change the library first, and then update
the snapshot.
"""

from __future__ import annotations

import json
import re
from copy import deepcopy
from typing import Any

import pytest
from aws_cdk.aws_cleanrooms import CfnIdNamespaceAssociation
from botocore.model import ServiceModel
from syrupy.assertion import SnapshotAssertion

from tests.resources.samples import (
    analysis_template,
    configured_table,
    configured_table_association,
    privacy_budget_template,
)

from .drift import Facts, facts_of_l1, facts_of_schema, facts_of_shape
from .oracles import resource_schema, service_model, shape_of
from .properties import Property, Resource
from .resources import PROPERTIES, RESOURCES

_QUERY_SIDE = [
    Resource(sample)
    for sample in (
        configured_table.SAMPLE,
        configured_table_association.SAMPLE,
        analysis_template.SAMPLE,
        privacy_budget_template.SAMPLE,
    )
]
every_resource = pytest.mark.parametrize("resource", [*RESOURCES, *_QUERY_SIDE], ids=str)


@every_resource
def test_the_schema_the_model_and_the_l1_have_not_changed(
    resource: Resource, snapshot: SnapshotAssertion
) -> None:
    _, _, short = resource.type_name.split("::")
    creation = service_model(resource.type_name).operation_model(f"Create{short}").input_shape
    facts = {
        "schema in cfn-lint": facts_of_schema(resource_schema(resource.type_name)),
        "model in botocore": facts_of_shape(creation),
        "L1 in aws-cdk-lib": facts_of_l1(resource.sample.l1),
    }
    assert "\n".join(lines(facts)) == snapshot


def lines(facts: dict[str, Facts]) -> list[str]:
    return [
        f"{source}: {name} = {json.dumps(value)}"
        for source, found in facts.items()
        for name, value in sorted(found.items())
    ]


def limits_of(property: Property) -> list[Facts]:
    """Return the facts in the schema and in the model about one property."""
    schema = facts_of_schema(resource_schema(property.type_name))
    path = property.path
    return [
        {
            name.removeprefix(path): value
            for name, value in schema.items()
            if name.startswith(f"{path}.")
        },
        facts_of_shape(shape_of(property)),
    ]


@every_resource
def test_properties_of_one_kind_have_the_same_rule_and_the_same_limits(resource: Resource) -> None:
    for property in resource.properties:
        compared = PROPERTIES[property.kind or property.name]
        assert property.rule is compared.rule
        if property.path != "Tags":
            assert limits_of(property) == limits_of(compared)


# Arguments that no sample sets, and attributes that no construct has, with the reasons.
_EXCEPTIONS = {
    # AWS has retired all engines but one.
    "analytics_engine",
    # The tests of the collaboration set these two.
    "creator_payment_configuration",
    "creator_ml_member_abilities",
    # CloudFormation's documentation does not list it for Fn::GetAtt.
    "attr_input_reference_properties",
    # A template has no use for the times and the state.
    "attr_created_at",
    "attr_updated_at",
    "attr_has_workflows",
    # The service computes it, and CreateAnalysisTemplate does not accept it.
    "source_metadata",
    # It belongs to Clean Rooms ML.
    "synthetic_data_parameters",
    # What `referenced_tables` says.
    "attr_schema",
    "attr_schema_referenced_tables",
}


@every_resource
def test_everything_in_the_l1_is_an_argument_or_attribute(resource: Resource) -> None:
    sample = resource.sample
    named = (re.sub("(?<!^)(?=[A-Z])", "_", name).lower() for name in sample.attributes.values())
    covered = {*sample.l1_minimal, *sample.l1_full, "tags", *map("attr_{}".format, named)}
    in_l1 = {name for name in facts_of_l1(sample.l1) if "." not in name}
    assert in_l1 - covered <= _EXCEPTIONS


ASSOCIATION = resource_schema(CfnIdNamespaceAssociation.CFN_RESOURCE_TYPE_NAME)


@pytest.mark.parametrize(
    ("path", "value", "fact"),
    [
        ("properties.MadeUp", {"type": "string"}, "MadeUp.type"),
        ("properties.Name.maxLength", 7, "Name.maxLength"),
        ("properties.Description.madeUp", 1, "Description.madeUp"),
        ("definitions.Tag.properties.Value.maxLength", 7, "Tags[].Value.maxLength"),
        ("required", ["Name"], "required"),
        ("createOnlyProperties", [], "createOnlyProperties"),
        ("primaryIdentifier", ASSOCIATION["primaryIdentifier"][::-1], "primaryIdentifier"),
    ],
)
def test_a_change_of_the_schema_is_found(path: str, value: Any, fact: str) -> None:
    schema = deepcopy(ASSOCIATION)
    *steps, last = path.split(".")
    place = schema
    for step in steps:
        place = place[step]
    place[last] = value
    assert changed(facts_of_schema(ASSOCIATION), facts_of_schema(schema)) == {fact}


def changed(one: Facts, other: Facts) -> set[str]:
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def test_a_change_of_the_model_is_found() -> None:
    model = service_model(CfnIdNamespaceAssociation.CFN_RESOURCE_TYPE_NAME)
    description = deepcopy(vars(model)["_service_description"])
    description["shapes"]["GenericResourceName"]["max"] += 1
    members = description["shapes"]["CreateIdNamespaceAssociationInput"]["members"]
    members["madeUp"] = {"shape": "Boolean"}

    was, now = (
        facts_of_shape(each.operation_model("CreateIdNamespaceAssociation").input_shape)
        for each in (model, ServiceModel(description))
    )
    assert changed(was, now) == {"madeUp.type", "name.max"}


def test_a_change_of_the_l1_is_found() -> None:
    class Changed(CfnIdNamespaceAssociation):
        attr_made_up = "new"

        def __init__(
            self, scope: Any, id: str, *, made_up: str, name: str | None = None
        ) -> None: ...

    found = changed(facts_of_l1(CfnIdNamespaceAssociation), facts_of_l1(Changed))
    assert found >= {"made_up", "attr_made_up", "name", "tags"}
