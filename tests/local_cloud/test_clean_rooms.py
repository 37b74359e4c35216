"""Tests of the local Clean Rooms, and of its checks against the model."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from cdk_cleanrooms.local_cloud.clean_rooms import CleanRooms
from cdk_cleanrooms.local_cloud.service import Caller
from cdk_cleanrooms.local_cloud.service_model import ServiceError

Request = dict[str, Any]


def create(service: CleanRooms, caller: Caller, request: Request) -> Request:
    created: Request = service.call("CreateIdNamespaceAssociation", caller, request)
    members: Request = created["idNamespaceAssociation"]
    return members


def refusal(service: CleanRooms, operation: str, caller: Caller, request: Request) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        service.call(operation, caller, request)
    return caught.value


def identifiers(association: Request) -> Request:
    return {
        "membershipIdentifier": association["membershipId"],
        "idNamespaceAssociationIdentifier": association["id"],
    }


def test_an_association_has_the_given_values_and_an_arn_of_its_membership(
    service: CleanRooms, caller: Caller, request_to_create: Request
) -> None:
    request = request_to_create | {
        "description": "Ours",
        "idMappingConfig": {"allowUseAsDimensionColumn": True},
        "tags": {"Team": "Data"},
    }
    created = create(service, caller, request)
    assert created["arn"] == (
        f"arn:aws:cleanrooms:us-east-1:111122223333:membership/{request['membershipIdentifier']}"
        f"/idnamespaceassociation/{created['id']}"
    )
    assert {name: created[name] for name in request.keys() & created.keys()} == {
        name: request[name] for name in request.keys() - {"membershipIdentifier", "tags"}
    }
    tags = service.call("ListTagsForResource", caller, {"resourceArn": created["arn"]})
    assert tags == {"tags": {"Team": "Data"}}


def test_associations_of_one_membership_belong_to_one_collaboration(
    service: CleanRooms, caller: Caller, request_to_create: Request
) -> None:
    first = create(service, caller, request_to_create)
    second = create(service, caller, request_to_create | {"name": "visitors"})
    assert first["collaborationArn"] == second["collaborationArn"]


def test_a_second_association_of_the_same_name_is_a_conflict(
    service: CleanRooms, caller: Caller, request_to_create: Request
) -> None:
    create(service, caller, request_to_create)
    error = refusal(service, "CreateIdNamespaceAssociation", caller, request_to_create)
    assert (error.code, error.status) == ("ConflictException", 409)
    assert "'customers' already exists" in str(error)


def test_another_membership_can_have_the_same_name(
    service: CleanRooms, caller: Caller, request_to_create: Request
) -> None:
    create(service, caller, request_to_create)
    assert create(service, caller, request_to_create | {"membershipIdentifier": str(uuid4())})


def test_the_eleventh_association_in_a_membership_exceeds_the_quota(
    service: CleanRooms, caller: Caller, request_to_create: Request
) -> None:
    for number in range(10):
        create(service, caller, request_to_create | {"name": f"customers {number}"})
    error = refusal(service, "CreateIdNamespaceAssociation", caller, request_to_create)
    assert (error.code, error.status) == ("ServiceQuotaExceededException", 402)


@pytest.mark.parametrize(
    "other", [Caller("111122223334", "us-east-1"), Caller("111122223333", "eu-west-1")]
)
def test_an_id_namespace_of_another_account_or_region_is_refused(
    service: CleanRooms, other: Caller, request_to_create: Request
) -> None:
    error = refusal(service, "CreateIdNamespaceAssociation", other, request_to_create)
    assert error.code == "ValidationException"
    assert "is not in account" in str(error)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"membershipIdentifier": "membership-12345"}, "#/membershipIdentifier"),
        ({"membershipIdentifier": str(uuid4()).upper()}, "#/membershipIdentifier"),
        ({"membershipIdentifier": None}, "#/membershipIdentifier"),
        ({"name": ""}, "#/name"),
        ({"name": " \t"}, "#/name"),
        ({"name": "a\n"}, "#/name"),
        ({"name": "a" * 101}, "#/name"),
        ({"name": "😀"}, "#/name"),
        ({"name": 1}, "#/name"),
        ({"description": "a" * 256}, "#/description"),
        ({"idMappingConfig": {}}, "#/idMappingConfig"),
        ({"idMappingConfig": {"allowUseAsDimensionColumn": "true"}}, "#/idMappingConfig"),
        ({"inputReferenceConfig": {}}, "#/inputReferenceConfig"),
        ({"tags": {"": "empty"}}, "#/tags"),
        ({"tags": {"a": "b" * 257}}, "#/tags/a"),
        ({"mappings": []}, "#: extraneous key [mappings]"),
    ],
)
def test_a_request_that_the_model_does_not_allow_is_refused(
    service: CleanRooms,
    caller: Caller,
    request_to_create: Request,
    change: Request,
    place: str,
) -> None:
    error = refusal(service, "CreateIdNamespaceAssociation", caller, request_to_create | change)
    assert error.code == "ValidationException"
    assert place in str(error)
    assert not service.world.resources


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:entityresolution:us-east-1:111122223333:idnamespace/people\n",
        "arn:aws:entityresolution:us-east-1:111122223333:idnamespace/p e",
        "arn:aws-cn:entityresolution:us-east-1:111122223333:idnamespace/people",
        "arn:aws:entityresolution:us-east-1:111122223333:matchingworkflow/people",
        "arn:aws:entityresolution:us-east-1:111122223333:idnamespace/" + "a" * 200,
    ],
)
def test_an_arn_that_the_model_does_not_allow_is_refused(
    service: CleanRooms, caller: Caller, request_to_create: Request, arn: str
) -> None:
    request_to_create["inputReferenceConfig"]["inputReferenceArn"] = arn
    error = refusal(service, "CreateIdNamespaceAssociation", caller, request_to_create)
    assert "#/inputReferenceConfig/inputReferenceArn" in str(error)


def test_each_missing_member_is_reported(service: CleanRooms, caller: Caller) -> None:
    error = refusal(service, "CreateIdNamespaceAssociation", caller, {})
    assert "3 validation error(s)" in str(error)


def test_names_and_descriptions_accept_everything_that_the_model_allows(
    service: CleanRooms, caller: Caller, request_to_create: Request
) -> None:
    assert create(
        service, caller, request_to_create | {"name": "é\t\uffed" * 33, "description": ""}
    )
    assert create(service, caller, request_to_create | {"name": "b", "description": "a\r\n" * 85})


def test_an_update_changes_only_what_it_names(
    service: CleanRooms, caller: Caller, request_to_create: Request
) -> None:
    created = create(service, caller, request_to_create | {"description": "Ours"})
    before = dict(created)
    changed = service.call(
        "UpdateIdNamespaceAssociation", caller, identifiers(created) | {"name": "visitors"}
    )["idNamespaceAssociation"]
    assert changed == before | {"name": "visitors", "updateTime": changed["updateTime"]}


def test_an_update_is_checked_against_the_model_too(
    service: CleanRooms, caller: Caller, request_to_create: Request
) -> None:
    created = create(service, caller, request_to_create)
    changes: list[Request] = [{"name": ""}, {"inputReferenceConfig": {}}, {"idMappingConfig": {}}]
    for change in changes:
        request = identifiers(created) | change
        error = refusal(service, "UpdateIdNamespaceAssociation", caller, request)
        assert error.code == "ValidationException"


def test_an_update_to_a_taken_name_is_refused(
    service: CleanRooms, caller: Caller, request_to_create: Request
) -> None:
    create(service, caller, request_to_create)
    second = create(service, caller, request_to_create | {"name": "visitors"})
    request = identifiers(second) | {"name": "customers"}
    error = refusal(service, "UpdateIdNamespaceAssociation", caller, request)
    assert "'customers' already exists" in str(error)


def test_after_a_deletion_the_association_is_gone_and_its_name_is_free(
    service: CleanRooms, caller: Caller, request_to_create: Request
) -> None:
    created = create(service, caller, request_to_create)
    service.call("DeleteIdNamespaceAssociation", caller, identifiers(created))
    error = refusal(service, "GetIdNamespaceAssociation", caller, identifiers(created))
    assert (error.code, error.status) == ("ResourceNotFoundException", 404)
    assert create(service, caller, request_to_create)


def test_an_association_is_not_found_in_another_region(
    service: CleanRooms, caller: Caller, request_to_create: Request
) -> None:
    created = create(service, caller, request_to_create)
    elsewhere = Caller(caller.account, "eu-west-1")
    error = refusal(service, "GetIdNamespaceAssociation", elsewhere, identifiers(created))
    assert error.code == "ResourceNotFoundException"


@pytest.mark.parametrize("key", ["aws:mine", "AWS:mine"])
def test_a_reserved_tag_is_refused(
    service: CleanRooms, caller: Caller, request_to_create: Request, key: str
) -> None:
    request = request_to_create | {"tags": {key: "x"}}
    error = refusal(service, "CreateIdNamespaceAssociation", caller, request)
    assert "reserved" in str(error)


def test_a_fifty_first_tag_is_refused_and_those_of_aws_do_not_count(
    service: CleanRooms, caller: Caller, request_to_create: Request
) -> None:
    tags = {f"key {number}": "x" for number in range(50)}
    created = create(service, caller, request_to_create | {"tags": tags})
    service.world.resources[created["arn"]].tags["aws:cloudformation:stack-name"] = "Stack"
    request = {"resourceArn": created["arn"], "tags": {"one more": "x"}}
    assert "at most 50" in str(refusal(service, "TagResource", caller, request))
    service.call("TagResource", caller, request | {"tags": {"key 1": "y"}})
