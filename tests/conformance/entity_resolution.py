"""The properties that several resources of Entity Resolution have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from cdk_cleanrooms._core.access import role_arn
from cdk_cleanrooms._core.imports import identifier_rule
from cdk_cleanrooms._core.tags import value_rule
from cdk_cleanrooms._core.types import ResourceType
from cdk_cleanrooms._core.validation import Problem
from cdk_cleanrooms.entity_resolution._arguments import description_rule
from cdk_cleanrooms.entity_resolution.matching_models import matching_rules

from . import strategies
from .properties import TAGS, Property

_TAG_KEY, _TAG_VALUE = TAGS[1:]

COMMON = (
    Property(
        "description",
        description_rule,
        strategies.descriptions,
        "Description",
        kind="description in Entity Resolution",
    ),
    _TAG_KEY,
    replace(_TAG_VALUE, rule=value_rule(0), kind="tag_value in Entity Resolution"),
)
ROLE = Property("role", role_arn, strategies.role_arns, "RoleArn")


def name_of(type: ResourceType) -> Property:
    """Return the name of a resource, which identifies it."""
    return Property(
        "name",
        identifier_rule(type),
        strategies.entity_resolution_names,
        type.identifier_property,
        kind=f"name of {type.noun_with_article}",
    )


def _rule_name(name: str, value: Any) -> Iterator[Problem]:
    return matching_rules(name, {value: ["email"]})


def _matching_key(name: str, value: Any) -> Iterator[Problem]:
    return matching_rules(name, {"Email": [value]})


def rules_at(path: str) -> Iterator[Property]:
    """Yield the properties of the rules of a resource."""
    for name, rule, member in (
        ("rule's name", _rule_name, "RuleName"),
        ("matching key", _matching_key, "MatchingKeys[]"),
    ):
        yield Property(name, rule, strategies.words, f"{path}.{member}", is_argument=False)
