"""`AWS::CleanRooms::IdNamespaceAssociation`: what CloudFormation asks of Clean Rooms."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from dev.local_cloud.clean_rooms import Caller, CleanRooms
from dev.local_cloud.resource_schema import ResourceSchema
from dev.local_cloud.service_model import ServiceError

Properties = dict[str, Any]

TYPE_NAME = "AWS::CleanRooms::IdNamespaceAssociation"

_RENAMED = {
    "id": "IdNamespaceAssociationIdentifier",
    "membershipId": "MembershipIdentifier",
    "collaborationId": "CollaborationIdentifier",
}
# The one read-only property that Fn::GetAtt is not documented for.
_NO_ATTRIBUTE = "InputReferenceProperties"
_SYSTEM_TAG_PREFIX = "aws:cloudformation:"
# AWS's resource provider for the type's sibling ConfiguredTableAssociation maps the errors so.
_HANDLER_ERROR_CODES = {
    "ConflictException": "AlreadyExists",
    "ResourceNotFoundException": "NotFound",
    "ServiceQuotaExceededException": "ServiceLimitExceeded",
    "ValidationException": "InvalidRequest",
}


class HandlerError(ValueError):
    """A refusal by the service, in the words of a stack event."""

    def __init__(self, error: ServiceError) -> None:
        self.code = _HANDLER_ERROR_CODES[error.code]
        super().__init__(
            f'Resource handler returned message: "{error} (Service: CleanRooms, Status Code: '
            f'{error.status}, Request ID: {uuid4()})" (RequestToken: {uuid4()}, '
            f"HandlerErrorCode: {self.code})"
        )


class IdNamespaceAssociationType:
    """The handlers of the resource type; a physical ID is `<association>|<membership>`."""

    def __init__(self, service: CleanRooms) -> None:
        self._service = service
        self.schema = ResourceSchema(TYPE_NAME)

    def create(
        self, caller: Caller, logical_id: str, properties: Properties
    ) -> tuple[str, dict[str, str]]:
        """Create one: its physical ID, and its attributes."""
        request = self._request(logical_id, properties)
        own, system = _split_tags(request.pop("tags", []))
        created = self._call(
            "CreateIdNamespaceAssociation", caller, {**request, **({"tags": own} if own else {})}
        )["idNamespaceAssociation"]
        self._service.add_system_tags(created["arn"], system)
        return self.adopt(caller, f"{created['id']}|{created['membershipId']}")

    def update(
        self,
        caller: Caller,
        logical_id: str,
        physical_id: str,
        old: Properties,
        new: Properties,
    ) -> tuple[str, dict[str, str]]:
        """Change one in place; like the sibling's provider, it clears nothing but tags."""
        request = self._request(logical_id, new)
        tags, _ = _split_tags(request.pop("tags", []))
        old_tags, _ = _split_tags(_uncapitalized(old.get("Tags", [])))
        request.pop("inputReferenceConfig")
        updated = self._call(
            "UpdateIdNamespaceAssociation", caller, {**request, **_identifiers(physical_id)}
        )
        arn = updated["idNamespaceAssociation"]["arn"]
        if changed := dict(tags.items() - old_tags.items()):
            self._call("TagResource", caller, {"resourceArn": arn, "tags": changed})
        if dropped := sorted(old_tags.keys() - tags.keys()):
            self._call("UntagResource", caller, {"resourceArn": arn, "tagKeys": dropped})
        return self.adopt(caller, physical_id)

    def delete(self, caller: Caller, physical_id: str) -> None:
        """Delete one; one that is gone already is as good as deleted."""
        try:
            self._call("DeleteIdNamespaceAssociation", caller, _identifiers(physical_id))
        except HandlerError as error:
            if error.code != "NotFound":
                raise

    def adopt(self, caller: Caller, physical_id: str) -> tuple[str, dict[str, str]]:
        """Take over one that exists: its physical ID, and its attributes."""
        live = self.read(caller, physical_id)
        attributes = set(self.schema.read_only) - {_NO_ATTRIBUTE}
        return physical_id, {name: live[name] for name in attributes}

    def read(self, caller: Caller, physical_id: str) -> Properties:
        """The live properties of one."""
        found = self._call("GetIdNamespaceAssociation", caller, _identifiers(physical_id))
        members = found["idNamespaceAssociation"]
        tags = self._call("ListTagsForResource", caller, {"resourceArn": members["arn"]})["tags"]
        properties = _capitalized(members) | {
            "Tags": [
                {"Key": key, "Value": value}
                for key, value in tags.items()
                if not key.startswith("aws:")
            ]
        }
        return {
            name: properties[name]
            for name in self.schema.properties
            if properties.get(name) not in (None, [])
        }

    def _request(self, logical_id: str, properties: Properties) -> dict[str, Any]:
        request: dict[str, Any] = _uncapitalized(self.schema.read(logical_id, properties))
        return request

    def _call(self, operation: str, caller: Caller, request: dict[str, Any]) -> dict[str, Any]:
        try:
            return self._service.call(operation, caller, request)
        except ServiceError as error:
            raise HandlerError(error) from error


def _identifiers(physical_id: str) -> dict[str, str]:
    association, _, membership = physical_id.partition("|")
    return {"idNamespaceAssociationIdentifier": association, "membershipIdentifier": membership}


def _split_tags(tags: list[dict[str, str]]) -> tuple[dict[str, str], dict[str, str]]:
    by_key = {tag["key"]: tag["value"] for tag in tags}
    system = {key: by_key[key] for key in by_key if key.startswith(_SYSTEM_TAG_PREFIX)}
    return {key: by_key[key] for key in by_key if key not in system}, system


def _uncapitalized(value: Any) -> Any:
    if isinstance(value, dict):
        return {name[0].lower() + name[1:]: _uncapitalized(item) for name, item in value.items()}
    return [_uncapitalized(item) for item in value] if isinstance(value, list) else value


def _capitalized(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            _RENAMED.get(name, name[0].upper() + name[1:]): _capitalized(item)
            for name, item in value.items()
        }
    return [_capitalized(item) for item in value] if isinstance(value, list) else value
