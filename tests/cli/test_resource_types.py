"""Compare the command's facts about resource types with the models of AWS."""

from __future__ import annotations

import pytest
from botocore import xform_name
from botocore.session import get_session

from cdk_cleanrooms._cli.resource_types import RESOURCE_TYPES, ResourceType
from cdk_cleanrooms.local_cloud.resource_schema import ResourceSchema

SCHEMAS = {one.name: ResourceSchema(one.name) for one in RESOURCE_TYPES}
each_type = pytest.mark.parametrize("resource_type", RESOURCE_TYPES, ids=lambda one: one.option)


@each_type
def test_the_primary_identifier_matches_the_schema(resource_type: ResourceType) -> None:
    assert resource_type.primary_identifier == tuple(SCHEMAS[resource_type.name].primary_identifier)


@each_type
def test_the_properties_that_cause_a_replacement_match_the_schema(
    resource_type: ResourceType,
) -> None:
    create_only = SCHEMAS[resource_type.name].create_only
    assert {*resource_type.create_only} == {path.replace("/", ".") for path in create_only}


@each_type
def test_no_update_accepts_the_properties_that_never_change(
    resource_type: ResourceType,
) -> None:
    schema = SCHEMAS[resource_type.name]
    model = get_session().get_service_model(resource_type.service)
    update = model.operation_model(f"Update{resource_type.construct}").input_shape
    # Some members of an update have shorter names than the properties, and some have longer names.
    members = [*map(str.lower, update.members)]
    changing = {
        name
        for name in schema.properties
        if any(name.lower().endswith(one) or one.endswith(name.lower()) for one in members)
    }
    others = {*schema.read_only, *schema.create_only, "Tags"}
    assert {*resource_type.fixed} == schema.properties.keys() - changing - others


@each_type
def test_the_other_properties_are_in_the_schema(resource_type: ResourceType) -> None:
    properties = SCHEMAS[resource_type.name].properties
    assert {resource_type.arn_property, resource_type.match[0]} <= properties.keys()


@each_type
def test_the_operations_and_members_exist_in_the_service(resource_type: ResourceType) -> None:
    model = get_session().get_service_model(resource_type.service)
    operations = {xform_name(name): model.operation_model(name) for name in model.operation_names}
    items = operations[resource_type.list].output_shape.members[resource_type.list_items]
    members = items.member.members.keys()
    own = {resource_type.identifier, resource_type.label, resource_type.arn}
    paths = {resource_type.column[1].split(".")[0], resource_type.match[1]}
    others = {resource_type.membership_member, resource_type.creator} - {None}

    assert own | paths | others <= members
    assert resource_type.identifier_parameter in operations[resource_type.get].input_shape.members
    for operation, member in resource_type.further_details.values():
        assert member in operations[operation].output_shape.members
