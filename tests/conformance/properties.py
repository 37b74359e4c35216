"""The properties of an association: what this library says of a value, and where others have it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis.strategies import SearchStrategy

from cdk_cleanrooms import id_namespace_association
from cdk_cleanrooms._core import rules, tags
from cdk_cleanrooms._core.validation import Rule

from . import strategies

MEMBERSHIP = "a1b2c3d4-5678-90ab-cdef-111111111111"
ID_NAMESPACE = "arn:aws:entityresolution:us-east-1:111122223333:idnamespace/customers"
GOOD_ARGUMENTS: dict[str, Any] = {
    "membership": MEMBERSHIP,
    "id_namespace": ID_NAMESPACE,
    "name": "customers",
    "manage_resource_policies": True,
}


@dataclass(frozen=True)
class Property:
    """A property.

    Attributes:
        name: Its name: that of an argument of the construct if there is such an argument.
        rule: The library's rule for it.
        values: Values of all kinds.
        resource: What a value becomes in the properties of a resource in a template.
        api: The operation, the side of it, and the members that lead to the property in its model.
        request: The part of a request that a value becomes, where it is not the value itself.
        is_argument: Whether it is an argument of the construct.
    """

    name: str
    rule: Rule
    values: SearchStrategy[Any]
    resource: Callable[[Any], dict[str, Any]]
    api: tuple[str, ...]
    request: Callable[[Any], Any] = lambda value: value
    is_argument: bool = True

    def accepts(self, value: object) -> bool:
        """Whether this library takes a value."""
        return not [*self.rule(self.name, value)]


_TYPE = id_namespace_association._TYPE

CREATION = ("CreateIdNamespaceAssociation", "input_shape")
_READING = ("GetIdNamespaceAssociation", "input_shape")
_CREATED = ("CreateIdNamespaceAssociation", "output_shape")

PROPERTIES = {
    property.name: property
    for property in (
        Property(
            "name",
            rules.name,
            strategies.names,
            lambda value: {"Name": value},
            (*CREATION, "name"),
        ),
        Property(
            "description",
            rules.description,
            strategies.descriptions,
            lambda value: {"Description": value},
            (*CREATION, "description"),
        ),
        Property(
            "membership",
            rules.membership_identifier,
            strategies.identifiers,
            lambda value: {"MembershipIdentifier": value},
            (*CREATION, "membershipIdentifier"),
        ),
        Property(
            "id_namespace",
            id_namespace_association._id_namespace_arn,
            strategies.id_namespace_arns,
            lambda value: {"InputReferenceConfig": {"InputReferenceArn": value}},
            (*CREATION, "inputReferenceConfig", "inputReferenceArn"),
        ),
        Property(
            "manage_resource_policies",
            rules.boolean,
            strategies.booleans,
            lambda value: {"InputReferenceConfig": {"ManageResourcePolicies": value}},
            (*CREATION, "inputReferenceConfig", "manageResourcePolicies"),
        ),
        Property(
            "allow_use_as_dimension_column",
            rules.boolean,
            strategies.booleans,
            lambda value: {"IdMappingConfig": {"AllowUseAsDimensionColumn": value}},
            (*CREATION, "idMappingConfig", "allowUseAsDimensionColumn"),
        ),
        Property(
            "tags",
            tags.tags_rule,
            strategies.tag_maps,
            lambda value: {"Tags": [{"Key": key, "Value": text} for key, text in value.items()]},
            (*CREATION, "tags"),
        ),
        Property(
            "tag_key",
            tags.key_rule,
            strategies.tag_keys,
            lambda value: {"Tags": [{"Key": value, "Value": "DataScience"}]},
            (*CREATION, "tags"),
            request=lambda value: {value: "DataScience"},
            is_argument=False,
        ),
        Property(
            "tag_value",
            tags.value_rule,
            strategies.tag_values,
            lambda value: {"Tags": [{"Key": "Team", "Value": value}]},
            (*CREATION, "tags"),
            request=lambda value: {"Team": value},
            is_argument=False,
        ),
        Property(
            "id_namespace_association_identifier",
            _TYPE.identifier_rule,
            strategies.identifiers,
            lambda value: {"IdNamespaceAssociationIdentifier": value},
            (*_READING, "idNamespaceAssociationIdentifier"),
            is_argument=False,
        ),
        Property(
            "id_namespace_association_arn",
            _TYPE.arn_rule,
            strategies.association_arns,
            lambda value: {"Arn": value},
            (*_CREATED, "idNamespaceAssociation", "arn"),
            is_argument=False,
        ),
    )
}
ARGUMENTS = {name: property for name, property in PROPERTIES.items() if property.is_argument}
