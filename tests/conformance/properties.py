"""The properties of the resources: what this library says of a value, and where others have it.

A resource has a module in `resources`, with the properties that are its own. Those that all
resources have are here, and are compared once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis.strategies import SearchStrategy

from cdk_cleanrooms._core import rules, tags
from cdk_cleanrooms._core.validation import Rule

from . import strategies

MEMBERSHIP = "a1b2c3d4-5678-90ab-cdef-111111111111"
ASSOCIATION_TYPE = "AWS::CleanRooms::IdNamespaceAssociation"

Facts = Mapping[str, Any]
"""What somebody says of a resource, by the path in the resource."""


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
        type_name: The resource type whose schema has it.
        kind: The name under which its differences are known, if another property has its name.
    """

    name: str
    rule: Rule
    values: SearchStrategy[Any]
    resource: Callable[[Any], dict[str, Any]]
    api: tuple[str, ...]
    request: Callable[[Any], Any] = lambda value: value
    is_argument: bool = True
    type_name: str = ASSOCIATION_TYPE
    kind: str = ""

    def accepts(self, value: object) -> bool:
        """Whether this library takes a value."""
        return not [*self.rule(self.name, value)]

    @property
    def place(self) -> tuple[str, ...]:
        """Where it is in a resource, as far as the judges of templates say it."""
        found: Any = self.resource("")
        steps = []
        while isinstance(found, dict):
            ((step, found),) = found.items()
            steps.append(step)
        return tuple(steps)


@dataclass(frozen=True)
class Resource:
    """A resource whose properties are compared.

    Attributes:
        type_name: Its type in CloudFormation.
        construct: The name of the construct.
        creation: The operation that creates it, and its input.
        good: Good values for the required arguments and for switches.
        properties: All of its properties.
        schema: What its schema says, in terms of the library's rules.
        model: What the model of the API says of its creation.
        l1: What the L1 construct has.
        structures: The classes of the L1's structures, by argument.
        arguments: What the library's construct has for the L1's arguments.
        attributes: What the library's construct has for the L1's attributes.
        others: The arguments that are not in the resource.
    """

    type_name: str
    construct: str
    creation: tuple[str, str]
    good: Mapping[str, Any]
    properties: tuple[Property, ...]
    schema: Facts
    model: Facts
    l1: Facts
    structures: Mapping[str, str]
    arguments: Mapping[str, str]
    attributes: Mapping[str, str]
    others: tuple[str, ...] = ()

    @property
    def declared(self) -> dict[str, Property]:
        """The properties that are arguments of the construct."""
        return {property.name: property for property in self.properties if property.is_argument}


CREATION = ("CreateIdNamespaceAssociation", "input_shape")

DESCRIPTION = Property(
    "description",
    rules.description,
    strategies.descriptions,
    lambda value: {"Description": value},
    (*CREATION, "description"),
)
OF_A_MEMBERSHIP = Property(
    "membership",
    rules.membership_identifier,
    strategies.identifiers,
    lambda value: {"MembershipIdentifier": value},
    (*CREATION, "membershipIdentifier"),
)
RESOURCE_POLICIES = Property(
    "manage_resource_policies",
    rules.boolean,
    strategies.booleans,
    lambda value: {"InputReferenceConfig": {"ManageResourcePolicies": value}},
    (*CREATION, "inputReferenceConfig", "manageResourcePolicies"),
)
TAGS = (
    Property(
        "tags",
        tags.tags_rule,
        strategies.tag_maps,
        lambda value: {
            "Tags": [{"Key": key, "Value": text} for key, text in value.items()] if value else []
        },
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
        tags.value_rule(1),
        strategies.tag_values,
        lambda value: {"Tags": [{"Key": "Team", "Value": value}]},
        (*CREATION, "tags"),
        request=lambda value: {"Team": value},
        is_argument=False,
    ),
)
