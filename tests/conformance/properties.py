"""The properties of the resources: the library's rules, and where the oracles have them.

Each resource has a module in `resources`, with its own properties. The properties that all
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
"""Facts about a resource, by their paths."""


@dataclass(frozen=True)
class Property:
    """A property.

    Attributes:
        name: The name of the argument of the construct, or a name of its own.
        rule: The library's rule for it.
        values: Values of all kinds.
        resource: A function that converts a value to the properties of a resource in a template.
        api: The path to the property in the model: operation, input or output, and members.
        request: A function that converts a value to a part of a request, if they differ.
        is_argument: Whether it is an argument of the construct.
        type_name: The resource type whose schema contains it.
        kind: The name in `known_differences`, if another property has the same name.
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
        """Return whether this library accepts a value."""
        return not [*self.rule(self.name, value)]

    @property
    def place(self) -> tuple[str, ...]:
        """Return its path in a resource, as far as the oracles for templates report it."""
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
        type_name: The type in CloudFormation.
        construct: The name of the construct.
        creation: The operation that creates the resource, and its input.
        good: Valid values for the required arguments and for booleans.
        properties: All of its properties.
        schema: The facts in its schema, in terms of the library's rules.
        model: The facts about its creation in the model of the API.
        l1: The arguments and attributes of the L1.
        structures: The classes of the L1's structures, by argument.
        arguments: The construct's arguments for the L1's arguments.
        attributes: The construct's attributes for the L1's attributes.
        others: The construct's arguments that are not properties of the resource.
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
        """Return the properties that are arguments of the construct."""
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
        tags.value_rule,
        strategies.tag_values,
        lambda value: {"Tags": [{"Key": "Team", "Value": value}]},
        (*CREATION, "tags"),
        request=lambda value: {"Team": value},
        is_argument=False,
    ),
)
