"""Tests of the resource type's handlers."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_cleanrooms.local_cloud.clean_rooms import CleanRooms
from cdk_cleanrooms.local_cloud.handlers import HandlerError, ResourceType
from cdk_cleanrooms.local_cloud.resource_schema import InvalidPropertiesError
from cdk_cleanrooms.local_cloud.service import Caller

Properties = dict[str, Any]
SYSTEM_TAG = {"Key": "aws:cloudformation:stack-name", "Value": "Stack"}


@pytest.fixture
def kind(service: CleanRooms) -> ResourceType:
    return ResourceType(service, service.kinds["IdNamespaceAssociation"])


def tags(**values: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in values.items()]


def test_the_live_properties_of_a_new_resource_are_the_given_ones(
    kind: ResourceType, caller: Caller, properties: Properties
) -> None:
    properties |= {
        "Description": "Ours",
        "IdMappingConfig": {"AllowUseAsDimensionColumn": True},
        "Tags": tags(Team="Data"),
    }
    physical_id, _ = kind.create(caller, "Mine", properties)
    live = kind.read(caller, physical_id)
    assert {name: live[name] for name in properties} == properties


def test_the_physical_id_is_the_primary_identifier_in_order(
    kind: ResourceType, caller: Caller, properties: Properties
) -> None:
    physical_id, attributes = kind.create(caller, "Mine", properties)
    assert physical_id == (
        f"{attributes['IdNamespaceAssociationIdentifier']}|{properties['MembershipIdentifier']}"
    )


def test_the_attributes_are_the_documented_ones(
    kind: ResourceType, caller: Caller, properties: Properties
) -> None:
    _, attributes = kind.create(caller, "Mine", properties)
    assert sorted(attributes) == [
        "Arn",
        "CollaborationArn",
        "CollaborationIdentifier",
        "IdNamespaceAssociationIdentifier",
        "MembershipArn",
    ]


def test_a_list_that_only_the_api_requires_can_be_left_out(
    service: CleanRooms, caller: Caller
) -> None:
    kind = ResourceType(service, service.kinds["Collaboration"])
    properties = {
        "Name": "alone",
        "Description": "Without other members",
        "CreatorDisplayName": "Us",
        "CreatorMemberAbilities": ["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
        "QueryLogStatus": "ENABLED",
    }
    physical_id, _ = kind.create(caller, "Mine", properties)
    assert kind.read(caller, physical_id)["Name"] == "alone"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"Name": "a" * 101}, "#/Name: expected maxLength: 100, actual: 101"),
        ({"Name": None}, "#/Name: expected type: String, found: NoneType"),
        ({"Nope": 1}, "#: extraneous key [Nope] is not permitted"),
        ({"Arn": "arn"}, "#: extraneous key [Arn] is not permitted"),
        ({"InputReferenceConfig": {}}, "required key [InputReferenceArn] not found"),
        ({"MembershipIdentifier": "membership-12345"}, "#/MembershipIdentifier: string"),
        ({"Tags": [{"Key": "a", "Value": ""}]}, "#/Tags/0/Value: expected minLength: 1, actual: 0"),
        ({"Tags": {"a": "b"}}, "#/Tags: expected type: Array, found: dict"),
        ({"IdMappingConfig": {"Mappings": []}}, "#/IdMappingConfig: extraneous key [Mappings]"),
    ],
)
def test_properties_that_the_schema_does_not_allow_are_refused(
    kind: ResourceType,
    caller: Caller,
    properties: Properties,
    change: Properties,
    problem: str,
) -> None:
    with pytest.raises(InvalidPropertiesError) as caught:
        kind.create(caller, "Mine", properties | change)
    assert "Properties validation failed for resource Mine" in str(caught.value)
    assert problem in str(caught.value)


def test_values_are_converted_as_in_cloudformation(
    kind: ResourceType, caller: Caller, properties: Properties
) -> None:
    properties["InputReferenceConfig"]["ManageResourcePolicies"] = "true"
    physical_id, _ = kind.create(caller, "Mine", properties | {"Name": 7})
    live = kind.read(caller, physical_id)
    assert live["InputReferenceConfig"]["ManageResourcePolicies"] is True
    assert live["Name"] == "7"


def test_a_refusal_by_the_service_has_the_message_of_a_stack_event(
    kind: ResourceType, caller: Caller, properties: Properties
) -> None:
    kind.create(caller, "Mine", properties)
    with pytest.raises(HandlerError, match="HandlerErrorCode: AlreadyExists") as caught:
        kind.create(caller, "Other", properties)
    assert 'Resource handler returned message: "An ID namespace association' in str(caught.value)
    assert "(Service: CleanRooms, Status Code: 409, Request ID: " in str(caught.value)


def test_an_update_in_place_keeps_the_identifier(
    kind: ResourceType, caller: Caller, properties: Properties
) -> None:
    created = kind.create(caller, "Mine", properties)
    changed = properties | {
        "Name": "visitors",
        "Description": "Ours",
        "IdMappingConfig": {"AllowUseAsDimensionColumn": False},
    }
    assert kind.update(caller, "Mine", created[0], properties, changed) == created
    live = kind.read(caller, created[0])
    assert {name: live[name] for name in changed} == changed


def test_an_update_of_tags_compares_the_templates(
    kind: ResourceType,
    service: CleanRooms,
    caller: Caller,
    properties: Properties,
) -> None:
    old = properties | {"Tags": [*tags(kept="1", changed="1", dropped="1"), SYSTEM_TAG]}
    new = properties | {"Tags": [*tags(kept="1", changed="2", added="1"), SYSTEM_TAG]}
    physical_id, attributes = kind.create(caller, "Mine", old)
    by_hand = {"resourceArn": attributes["Arn"], "tags": {"by hand": "1"}}
    service.call("TagResource", caller, by_hand)
    kind.update(caller, "Mine", physical_id, old, new)
    held = service.call("ListTagsForResource", caller, {"resourceArn": attributes["Arn"]})["tags"]
    assert held == {
        "kept": "1",
        "changed": "2",
        "added": "1",
        "by hand": "1",
        "aws:cloudformation:stack-name": "Stack",
    }


def test_a_property_that_a_template_drops_keeps_its_value(
    kind: ResourceType, caller: Caller, properties: Properties
) -> None:
    old = properties | {
        "Description": "Ours",
        "IdMappingConfig": {"AllowUseAsDimensionColumn": True},
    }
    physical_id, _ = kind.create(caller, "Mine", old)
    kind.update(caller, "Mine", physical_id, old, properties)
    assert kind.read(caller, physical_id)["Description"] == "Ours"


def test_tags_of_aws_are_not_among_the_properties(
    kind: ResourceType, caller: Caller, properties: Properties
) -> None:
    physical_id, _ = kind.create(caller, "Mine", properties | {"Tags": [SYSTEM_TAG]})
    assert "Tags" not in kind.read(caller, physical_id)


def test_a_users_tag_with_the_prefix_of_aws_is_refused(
    kind: ResourceType, caller: Caller, properties: Properties
) -> None:
    with pytest.raises(HandlerError, match="reserved"):
        kind.create(caller, "Mine", properties | {"Tags": [{"Key": "aws:mine", "Value": "x"}]})


def test_deleting_a_deleted_resource_succeeds(
    kind: ResourceType, caller: Caller, properties: Properties
) -> None:
    physical_id, _ = kind.create(caller, "Mine", properties)
    kind.delete(caller, physical_id)
    kind.delete(caller, physical_id)
    with pytest.raises(HandlerError, match="NotFound"):
        kind.read(caller, physical_id)


def test_deleting_with_an_invalid_identifier_fails(kind: ResourceType, caller: Caller) -> None:
    with pytest.raises(HandlerError, match="InvalidRequest"):
        kind.delete(caller, "not an identifier")
