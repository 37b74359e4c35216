"""The properties of the resources: the library's rules, and where AWS defines the properties.

Each resource has a module in `resources` with its own properties. This module contains the
properties that several resources have.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from hypothesis.strategies import SearchStrategy

from cdk_cleanrooms._core import checks, tags
from cdk_cleanrooms._core.imports import arn_rule, identifier_rule
from cdk_cleanrooms._core.types import ResourceType
from cdk_cleanrooms._core.validation import Rule
from tests.resources.samples import Sample

from . import strategies

MEMBERSHIP = "a1b2c3d4-5678-90ab-cdef-111111111111"


def _unchanged(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Property:
    """A property.

    Attributes:
        name: The name of the argument of the construct, or a name of its own.
        rule: The library's rule for it.
        values: Values of all kinds.
        path: Its path in a template, such as `IdMappingConfig.AllowUseAsDimensionColumn`. The name
            of a list is followed by `[]`.
        in_template: A function that converts a value to its form in a template.
        in_request: A function that converts a value to its form in a request.
        shape: The operation, its input or output, and the members that lead to the property in the
            model of the API. By default, the members in `path` of the operation that creates the
            resource.
        is_argument: Whether it is an argument of the construct.
        kind: The name in `known_differences`, if another property has the same name. Properties
            of the same kind are compared once, because they have the same rule and limits.
        type_name: The resource type, which `Resource` adds.
    """

    name: str
    rule: Rule
    values: SearchStrategy[Any]
    path: str
    in_template: Callable[[Any], Any] = _unchanged
    in_request: Callable[[Any], Any] = _unchanged
    shape: tuple[str, ...] = ()
    is_argument: bool = True
    kind: str = ""
    type_name: str = ""

    def accepts(self, value: object) -> bool:
        """Return whether this library accepts a value."""
        return not [*self.rule(self.name, value)]

    def in_resource(self, value: Any) -> Any:
        """Return the properties of a resource in a template that has only this one."""
        found = self.in_template(value)
        for step in reversed(self.path.split(".")):
            found = {step.removesuffix("[]"): [found] if step.endswith("[]") else found}
        return found


class Resource:
    """A resource whose properties are compared.

    Args:
        sample: The sample of the resource.
        *properties: Its properties.
    """

    def __init__(self, sample: Sample, *properties: Property) -> None:
        self.sample = sample
        self.type_name: str = sample.l1.CFN_RESOURCE_TYPE_NAME
        self.properties = [replace(each, type_name=self.type_name) for each in properties]
        self.declared = {each.name: each for each in self.properties if each.is_argument}

    def __str__(self) -> str:
        return str(self.sample)


def identifier_of(type: ResourceType) -> Property:
    """Return the ID of a resource, which is an argument of its imports."""
    short = type.construct
    return Property(
        f"{type.key}_identifier",
        identifier_rule(type),
        strategies.identifiers,
        f"{short}Identifier",
        shape=(f"Get{short}", "input_shape", f"{short}Identifier"),
        is_argument=False,
    )


def arn_of(type: ResourceType, values: SearchStrategy[Any]) -> Property:
    """Return the ARN of a resource, which is an argument of its imports."""
    short = type.construct
    return Property(
        f"{type.key}_arn",
        arn_rule(type),
        values,
        "Arn",
        shape=(f"Create{short}", "output_shape", short, "arn"),
        is_argument=False,
    )


NAME = Property("name", checks.name, strategies.names, "Name")
DESCRIPTION = Property("description", checks.description, strategies.descriptions, "Description")
OF_A_MEMBERSHIP = Property(
    "membership", checks.membership, strategies.identifiers, "MembershipIdentifier"
)
RESOURCE_POLICIES = Property(
    "manage_resource_policies",
    checks.boolean,
    strategies.booleans,
    "InputReferenceConfig.ManageResourcePolicies",
)
TAGS = (
    Property(
        "tags",
        partial(tags.tags_rule, least=1),
        strategies.tag_maps,
        "Tags",
        in_template=lambda value: [
            {"Key": key, "Value": text} for key, text in (value or {}).items()
        ],
    ),
    Property(
        "tag_key",
        tags.key_rule,
        strategies.tag_keys,
        "Tags",
        in_template=lambda value: [{"Key": value, "Value": "DataScience"}],
        in_request=lambda value: {value: "DataScience"},
        is_argument=False,
    ),
    Property(
        "tag_value",
        tags.value_rule(1),
        strategies.tag_values,
        "Tags",
        in_template=lambda value: [{"Key": "Team", "Value": value}],
        in_request=lambda value: {"Team": value},
        is_argument=False,
    ),
)
