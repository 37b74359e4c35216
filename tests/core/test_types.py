"""Compare the rows of the resource types with the models of AWS."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Mapping
from typing import Any, cast

import aws_cdk.aws_cleanrooms
import aws_cdk.aws_entityresolution
import pytest
from aws_cdk import CfnResource
from botocore import xform_name
from botocore.model import Shape
from botocore.session import get_session

from cdk_cleanrooms._core.types import BY_NAME, RESOURCE_TYPES, ResourceType
from cdk_cleanrooms.local_cloud.resource_schema import ResourceSchema

SCHEMAS = {one.name: ResourceSchema(one.name) for one in RESOURCE_TYPES}
MODELS = {
    name: get_session().get_service_model(name) for name in ("cleanrooms", "entityresolution")
}
L1S = {
    cast(Any, l1).CFN_RESOURCE_TYPE_NAME: l1
    for module in (aws_cdk.aws_cleanrooms, aws_cdk.aws_entityresolution)
    for l1 in vars(module).values()
    if inspect.isclass(l1) and issubclass(l1, CfnResource)
}
# These types belong to machine learning, have no API of their own, or are part of another resource.
WITHOUT_ROW = {
    "AWS::CleanRooms::ConfiguredModelAlgorithm",
    "AWS::CleanRooms::ConfiguredModelAlgorithmAssociation",
    "AWS::EntityResolution::PolicyStatement",
}
each_type = pytest.mark.parametrize("resource_type", RESOURCE_TYPES, ids=lambda one: one.option)


def answer_of(resource_type: ResourceType, operation: str) -> Mapping[str, Shape]:
    """Return the members of an operation's answer that describe one resource."""
    model = MODELS[resource_type.service]
    [name] = [name for name in model.operation_names if xform_name(name) == operation]
    members: Mapping[str, Shape] = model.operation_model(name).output_shape.members
    if operation == resource_type.list:
        items: Mapping[str, Shape] = members[resource_type.list_items].member.members
        return items
    [*wrapped] = [shape.members for shape in members.values() if shape.type_name == "structure"]
    return wrapped[0] if len(members) == 1 else members


def has(members: Mapping[str, Shape], path: str) -> bool:
    """Return whether a path leads to a member."""
    first, _, rest = path.partition(".")
    return first in members and (not rest or has(members[first].members, rest))


def test_every_type_has_a_row() -> None:
    assert L1S.keys() - WITHOUT_ROW == BY_NAME.keys()


def test_the_rows_need_neither_the_cdk_nor_boto3() -> None:
    code = (
        "import sys, cdk_cleanrooms._core.types\n"
        "assert not {'aws_cdk', 'jsii', 'constructs', 'boto3', 'botocore'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@each_type
def test_the_noun_is_in_the_words_of_aws(resource_type: ResourceType) -> None:
    words = resource_type.noun.replace("ID", "id").split()
    assert "_".join(words) == resource_type.key
    article, noun = resource_type.noun_with_article.split(" ", 1)
    assert noun == resource_type.noun
    assert article == ("an" if noun[0].lower() in "aeiou" else "a")


@each_type
def test_the_primary_identifier_matches_the_schema(resource_type: ResourceType) -> None:
    schema = SCHEMAS[resource_type.name]
    assert resource_type.primary_identifier == tuple(schema.primary_identifier)
    membership = ["m"] if resource_type.is_in_membership else []
    assert [*resource_type.identified("i", *membership).items()] == [
        *zip(schema.primary_identifier, ["i", *membership], strict=True)
    ]


@each_type
def test_the_properties_that_cause_a_replacement_match_the_schema(
    resource_type: ResourceType,
) -> None:
    create_only = SCHEMAS[resource_type.name].create_only
    assert {*resource_type.create_only} == {path.replace("/", ".") for path in create_only}


@each_type
def test_the_order_of_a_replacement_matches_the_schema(resource_type: ResourceType) -> None:
    assert resource_type.is_deleted_first == SCHEMAS[resource_type.name].is_deleted_first


@each_type
def test_no_update_accepts_the_properties_that_never_change(
    resource_type: ResourceType,
) -> None:
    schema = SCHEMAS[resource_type.name]
    model = MODELS[resource_type.service]
    update = model.operation_model(f"Update{resource_type.construct}").input_shape
    # Some members of an update have shorter names than the properties, and some have longer names.
    members = [*map(str.lower, update.members)]
    changing = {
        name
        for name in schema.properties
        if any(name.lower().endswith(one) or one.endswith(name.lower()) for one in members)
    }
    others = {*schema.read_only, *schema.create_only, "Tags", resource_type.analysis_rules}
    assert {*resource_type.fixed} == schema.properties.keys() - changing - others


@each_type
def test_the_name_and_the_attributes_match_the_schema(resource_type: ResourceType) -> None:
    schema = SCHEMAS[resource_type.name]
    assert resource_type.arn_property in schema.attributes
    names = {"Name", resource_type.identifier_property} & schema.properties.keys()
    assert {resource_type.name_property} - {None} == names - {*schema.read_only}
    assert resource_type.is_identified_by_name == (
        resource_type.identifier_property == resource_type.name_property
    )
    assert resource_type.is_in_membership == (len(schema.primary_identifier) == 2)
    of_a_membership = {"MembershipArn", "CollaborationArn", "CollaborationIdentifier"}
    assert resource_type.has_collaboration_attributes == (of_a_membership <= {*schema.attributes})


@each_type
def test_the_constructs_of_the_cdk_have_the_attributes(resource_type: ResourceType) -> None:
    l1 = L1S[resource_type.name]
    attributes = {resource_type.arn_attribute, resource_type.identifier_attribute}
    assert all(hasattr(l1, name) for name in attributes)


@each_type
def test_the_least_length_of_a_tag_matches_the_schema(resource_type: ResourceType) -> None:
    value = SCHEMAS[resource_type.name].properties["Tags"]["items"]["properties"]["Value"]
    assert resource_type.least_tag_value == value["minLength"]


@each_type
def test_what_finds_a_resource_is_in_the_schema_and_in_the_answers(
    resource_type: ResourceType,
) -> None:
    properties = SCHEMAS[resource_type.name].properties
    listed = answer_of(resource_type, resource_type.list)
    described = answer_of(resource_type, resource_type.get)
    matches = [*resource_type.match, *resource_type.match_details]
    assert all(match.property.split(".")[0] in properties for match in matches)
    assert all(has(listed, match.member) for match in resource_type.match)
    assert all(
        has(described, match.member) and not has(listed, match.member)
        for match in resource_type.match_details
    )


@each_type
def test_the_operations_and_members_exist_in_the_service(resource_type: ResourceType) -> None:
    model = MODELS[resource_type.service]
    operations = {xform_name(name): model.operation_model(name) for name in model.operation_names}
    listed = answer_of(resource_type, resource_type.list)
    own = {resource_type.identifier, resource_type.label, resource_type.arn}
    others = {resource_type.membership_member, resource_type.creator} - {None}

    assert own | others <= listed.keys()
    assert resource_type.list_arguments.keys() <= (
        operations[resource_type.list].input_shape.members.keys()
    )
    assert resource_type.identifier_parameter in operations[resource_type.get].input_shape.members
    for operation, member in resource_type.further_details.values():
        assert member in operations[operation].output_shape.members


@each_type
def test_analysis_rules_have_operations_of_their_own(resource_type: ResourceType) -> None:
    names = MODELS[resource_type.service].operation_names
    has_operations = f"Update{resource_type.construct}AnalysisRule" in names
    assert has_operations == (resource_type.analysis_rules is not None)
    properties = SCHEMAS[resource_type.name].properties
    assert {resource_type.analysis_rules} - {None} <= properties.keys()
