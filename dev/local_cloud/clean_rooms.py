"""The part of the Clean Rooms service that keeps ID namespace associations, in memory."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from botocore import xform_name

from dev.local_cloud.service_model import ServiceError, validate

Members = dict[str, Any]

# Neither is in botocore's model: the first is a service quota, the second what AWS allows anywhere.
_ASSOCIATIONS_IN_A_MEMBERSHIP = 10
_TAGS_OF_A_RESOURCE = 50
_RESERVED_PREFIX = "aws:"


@dataclass(frozen=True)
class Caller:
    """Whose request it is, and which Region it went to."""

    account: str
    region: str

    def arn(self, resource: str) -> str:
        """The ARN of a Clean Rooms resource of the caller's."""
        return f"arn:aws:cleanrooms:{self.region}:{self.account}:{resource}"


@dataclass
class Association:
    """One association: what the API says of it, and its tags."""

    members: Members
    tags: dict[str, str]


class CleanRooms:
    """The service: every membership exists, and holds what was put into it."""

    def __init__(self) -> None:
        self._associations: dict[str, Association] = {}

    def call(self, operation: str, caller: Caller, request: Members) -> Members:
        """Do one operation of the API, or raise a `ServiceError`."""
        validate(operation, request)
        response: Members = getattr(self, f"_{xform_name(operation)}")(caller, request)
        return response

    def associations(self) -> Iterable[Association]:
        """All that there is, whosever it is."""
        return self._associations.values()

    def add_system_tags(self, arn: str, tags: dict[str, str]) -> None:
        """Add tags that only AWS itself may set."""
        self._by_arn(arn).tags.update(tags)

    def _create_id_namespace_association(self, caller: Caller, request: Members) -> Members:
        membership = request["membershipIdentifier"]
        tags = request.get("tags", {})
        _refuse_foreign_id_namespace(caller, request["inputReferenceConfig"]["inputReferenceArn"])
        _refuse_tags(tags, {})
        others = self._in_membership(caller, membership)
        _refuse_taken_name(others, request, "ConflictException", "ALREADY_EXISTS")
        if len(others) >= _ASSOCIATIONS_IN_A_MEMBERSHIP:
            raise ServiceError(
                "ServiceQuotaExceededException",
                f"Membership {membership} has {len(others)} ID namespace associations already.",
                quotaName="ID namespace associations per membership",
                quotaValue=_ASSOCIATIONS_IN_A_MEMBERSHIP,
            )
        identifier = str(uuid4())
        collaboration = str(uuid5(NAMESPACE_URL, membership))
        now = time.time()
        association = Association(
            {
                "id": identifier,
                "arn": caller.arn(f"membership/{membership}/idnamespaceassociation/{identifier}"),
                "membershipId": membership,
                "membershipArn": caller.arn(f"membership/{membership}"),
                "collaborationId": collaboration,
                "collaborationArn": caller.arn(f"collaboration/{collaboration}"),
                "createTime": now,
                "updateTime": now,
                "inputReferenceConfig": request["inputReferenceConfig"],
                "inputReferenceProperties": {
                    "idNamespaceType": "SOURCE",
                    "idMappingWorkflowsSupported": [],
                },
                **_changeable(request),
            },
            dict(tags),
        )
        self._associations[association.members["arn"]] = association
        return {"idNamespaceAssociation": association.members}

    def _get_id_namespace_association(self, caller: Caller, request: Members) -> Members:
        return {"idNamespaceAssociation": self._named_by(caller, request).members}

    def _list_id_namespace_associations(self, caller: Caller, request: Members) -> Members:
        found = self._in_membership(caller, request["membershipIdentifier"])
        token = request.get("nextToken", "0")
        if not token.isdecimal() or int(token) > len(found):
            raise ServiceError("ValidationException", "The nextToken is not valid.")
        end = int(token) + request.get("maxResults", len(found))
        page: Members = {
            "idNamespaceAssociationSummaries": [one.members for one in found[int(token) : end]]
        }
        return page | {"nextToken": str(end)} if end < len(found) else page

    def _update_id_namespace_association(self, caller: Caller, request: Members) -> Members:
        association = self._named_by(caller, request)
        others = self._in_membership(caller, request["membershipIdentifier"])
        others.remove(association)
        # The model of this operation has no ConflictException.
        _refuse_taken_name(others, request, "ValidationException", "INVALID_CONFIGURATION")
        association.members.update(_changeable(request), updateTime=time.time())
        return {"idNamespaceAssociation": association.members}

    def _delete_id_namespace_association(self, caller: Caller, request: Members) -> Members:
        del self._associations[self._named_by(caller, request).members["arn"]]
        return {}

    def _list_tags_for_resource(self, _caller: Caller, request: Members) -> Members:
        return {"tags": self._by_arn(request["resourceArn"]).tags}

    def _tag_resource(self, _caller: Caller, request: Members) -> Members:
        association = self._by_arn(request["resourceArn"])
        _refuse_tags(request["tags"], association.tags)
        association.tags.update(request["tags"])
        return {}

    def _untag_resource(self, _caller: Caller, request: Members) -> Members:
        association = self._by_arn(request["resourceArn"])
        for key in request["tagKeys"]:
            association.tags.pop(key, None)
        return {}

    def _in_membership(self, caller: Caller, membership: str) -> list[Association]:
        arn = caller.arn(f"membership/{membership}")
        return [one for one in self.associations() if one.members["membershipArn"] == arn]

    def _named_by(self, caller: Caller, request: Members) -> Association:
        return self._by_arn(
            caller.arn(
                f"membership/{request['membershipIdentifier']}"
                f"/idnamespaceassociation/{request['idNamespaceAssociationIdentifier']}"
            )
        )

    def _by_arn(self, arn: str) -> Association:
        try:
            return self._associations[arn]
        except KeyError:
            raise ServiceError(
                "ResourceNotFoundException",
                f"The ID namespace association {arn} does not exist.",
                resourceId=arn,
            ) from None


def _changeable(request: Members) -> Members:
    names = ("name", "description", "idMappingConfig")
    return {name: request[name] for name in names if name in request}


def _refuse_foreign_id_namespace(caller: Caller, arn: str) -> None:
    region, account = arn.split(":")[3:5]
    if (account, region) != (caller.account, caller.region):
        raise ServiceError(
            "ValidationException",
            f"The ID namespace {arn} is not one of account {caller.account} in {caller.region}.",
            reason="INVALID_CONFIGURATION",
        )


def _refuse_taken_name(
    others: list[Association], request: Members, error_code: str, reason: str
) -> None:
    if any(other.members["name"] == request.get("name") for other in others):
        raise ServiceError(
            error_code,
            f"An ID namespace association named '{request['name']}' already exists in membership "
            f"{request['membershipIdentifier']}.",
            reason=reason,
        )


def _refuse_tags(new: dict[str, str], old: dict[str, str]) -> None:
    reserved = [key for key in new if key.lower().startswith(_RESERVED_PREFIX)]
    if reserved:
        raise ServiceError(
            "ValidationException", f"Tag keys that begin with 'aws:' are reserved: {reserved}."
        )
    own = [key for key in {**old, **new} if not key.startswith(_RESERVED_PREFIX)]
    if len(own) > _TAGS_OF_A_RESOURCE:
        raise ServiceError(
            "ValidationException",
            f"A resource has at most {_TAGS_OF_A_RESOURCE} tags, and these were {len(own)}.",
        )
