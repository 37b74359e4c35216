"""What the command knows of each resource type: how AWS lists it, and how a construct declares it.

A member of an answer is written as a path, such as `inputReferenceConfig.inputReferenceArn`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_TAGS = "tags"


@dataclass(frozen=True, kw_only=True)
class ResourceType:
    """A resource type of Clean Rooms or Entity Resolution.

    Attributes:
        name: Its name in CloudFormation.
        noun: What a person calls it.
        list: The operation that lists what exists, as boto3 names it.
        list_items: The member of an answer of it that holds the items.
        list_arguments: What the operation is always called with.
        identifier: The member of an item that identifies it.
        label: The member of an item by which a person knows it.
        identifier_parameter: The parameter of Get that takes the identifier.
        arn: The member of an item that holds its ARN.
        arn_property: The property of it in CloudFormation.
        membership_member: The member that holds the ID of the membership it belongs to, if any.
        column: The title and the member that a table shows besides.
        arguments: The members that the constructor's arguments stand for.
        defaults: What an argument is if it is left out.
        primary_identifier: The properties that identify it in CloudFormation.
        create_only: The properties whose change replaces it.
        match: The property that finds it if its identifier is not given, and the member of an
            item that has to be equal to it.
    """

    name: str
    noun: str
    list: str
    list_items: str
    list_arguments: Mapping[str, str] = field(default_factory=dict)
    identifier: str = "id"
    label: str = "name"
    identifier_parameter: str
    arn: str = "arn"
    arn_property: str = "Arn"
    membership_member: str | None = None
    column: tuple[str, str]
    arguments: Mapping[str, str]
    defaults: Mapping[str, object] = field(default_factory=dict)
    primary_identifier: tuple[str, ...]
    create_only: tuple[str, ...]
    match: tuple[str, str]

    @property
    def service(self) -> str:
        """The service, as boto3 names it."""
        return self.name.split("::")[1].lower()

    @property
    def construct(self) -> str:
        """The construct that declares it."""
        return self.name.split("::")[2]

    @property
    def option(self) -> str:
        """The value of --resource-type for it."""
        return _words(self.construct, "-")

    @property
    def key(self) -> str:
        """How the names of its construct's own attributes begin."""
        return _words(self.construct, "_")

    @property
    def get(self) -> str:
        """The operation that describes one, as boto3 names it."""
        return f"get_{self.key}"

    @property
    def is_in_membership(self) -> bool:
        """Whether it belongs to a membership."""
        return self.membership_member is not None

    def details(self, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what an answer of Get says of the resource."""
        # Clean Rooms wraps it in a member, and Entity Resolution does not.
        wrapper = self.construct[0].lower() + self.construct[1:]
        details: Mapping[str, Any] = answer.get(wrapper, answer)
        return details

    def permissions(self, *operations: str) -> tuple[str, ...]:
        """Return the IAM actions that operations need."""
        return tuple(f"{self.service}:{_action(operation)}" for operation in operations)


def member(members: Mapping[str, Any], path: str) -> Any:
    """Return the member at a path, or None if it is not there."""
    found: Any = members
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _words(name: str, separator: str) -> str:
    return re.sub("(?<=[a-z])(?=[A-Z])", separator, name).lower()


def _action(operation: str) -> str:
    return "".join(word.capitalize() for word in operation.split("_"))


ID_NAMESPACE_ASSOCIATION = ResourceType(
    name="AWS::CleanRooms::IdNamespaceAssociation",
    noun="ID namespace association",
    list="list_id_namespace_associations",
    list_items="idNamespaceAssociationSummaries",
    identifier_parameter="idNamespaceAssociationIdentifier",
    membership_member="membershipId",
    column=("ID NAMESPACE", "inputReferenceConfig.inputReferenceArn"),
    arguments={
        "membership": "membershipId",
        "id_namespace": "inputReferenceConfig.inputReferenceArn",
        "name": "name",
        "description": "description",
        "manage_resource_policies": "inputReferenceConfig.manageResourcePolicies",
        "allow_use_as_dimension_column": "idMappingConfig.allowUseAsDimensionColumn",
        "tags": _TAGS,
    },
    defaults={"manage_resource_policies": True},
    primary_identifier=("IdNamespaceAssociationIdentifier", "MembershipIdentifier"),
    create_only=("MembershipIdentifier", "InputReferenceConfig"),
    match=("Name", "name"),
)
_ID_MAPPING_TABLE = ResourceType(
    name="AWS::CleanRooms::IdMappingTable",
    noun="ID mapping table",
    list="list_id_mapping_tables",
    list_items="idMappingTableSummaries",
    identifier_parameter="idMappingTableIdentifier",
    membership_member="membershipId",
    column=("ID MAPPING WORKFLOW", "inputReferenceConfig.inputReferenceArn"),
    arguments={
        "membership": "membershipId",
        "id_mapping_workflow": "inputReferenceConfig.inputReferenceArn",
        "name": "name",
        "description": "description",
        "manage_resource_policies": "inputReferenceConfig.manageResourcePolicies",
        "encryption_key": "kmsKeyArn",
        "tags": _TAGS,
    },
    defaults={"manage_resource_policies": True},
    primary_identifier=("IdMappingTableIdentifier", "MembershipIdentifier"),
    create_only=("MembershipIdentifier", "Name", "InputReferenceConfig"),
    match=("Name", "name"),
)

RESOURCE_TYPES = (ID_NAMESPACE_ASSOCIATION, _ID_MAPPING_TABLE)
BY_OPTION = {one.option: one for one in RESOURCE_TYPES}
BY_NAME = {one.name: one for one in RESOURCE_TYPES}
