"""The settings for matching records that ID namespaces and workflows share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from .._core import checks
from .._core.validation import Problem
from ._arguments import words

_RULE_LIMIT = 25
_MATCHING_KEY_LIMIT = 15


class RuleDefinitionType(StrEnum):
    """The side of an ID mapping whose rules are used.

    See Also:
        https://docs.aws.amazon.com/entityresolution/latest/apireference/API_IdMappingRuleBasedProperties.html
    """

    SOURCE = "SOURCE"
    """The rules of the source."""
    TARGET = "TARGET"
    """The rules of the target."""


class AttributeMatchingModel(StrEnum):
    """How fields with the same match key are compared.

    See Also:
        https://docs.aws.amazon.com/entityresolution/latest/apireference/API_RuleBasedProperties.html
    """

    ONE_TO_ONE = "ONE_TO_ONE"
    """A field is compared with the field of the same name, such as a billing address with a
    billing address."""
    MANY_TO_MANY = "MANY_TO_MANY"
    """A field is compared with all fields that have the same match key, such as a billing address
    also with a delivery address."""


class MatchPurpose(StrEnum):
    """What the rules of a matching workflow are used for.

    See Also:
        https://docs.aws.amazon.com/entityresolution/latest/apireference/API_RuleBasedProperties.html
    """

    IDENTIFIER_GENERATION = "IDENTIFIER_GENERATION"
    """Matching records get the same ID, and are indexed."""
    INDEXING = "INDEXING"
    """Records are only indexed, so that an ID mapping workflow can use them as its target."""


class RecordMatchingModel(StrEnum):
    """How many records of the source match one record of the target.

    See Also:
        https://docs.aws.amazon.com/entityresolution/latest/apireference/API_IdMappingRuleBasedProperties.html
    """

    ONE_SOURCE_TO_ONE_TARGET = "ONE_SOURCE_TO_ONE_TARGET"
    """One record of the source for each record of the target."""
    MANY_SOURCE_TO_ONE_TARGET = "MANY_SOURCE_TO_ONE_TARGET"
    """Any number of records of the source for each record of the target."""


rule_name = words("the name of the rule, a string")
"""Check the name of a rule."""
match_key = words("a match key, a string")
"""Check a match key."""


def rule_count(property: str, rules: Mapping[Any, object]) -> Iterator[Problem]:
    """Check the number of rules of a workflow or an ID namespace."""
    if not 1 <= len(rules) <= _RULE_LIMIT:
        message = f"there are {len(rules)} rules; use 1 to {_RULE_LIMIT}"
        yield Problem(property, rules, message, "RuleCount")


def matching_rules(property: str, value: object) -> Iterator[Problem]:
    """Check rules, given as a mapping of their names to lists of match keys."""
    if not isinstance(value, Mapping):
        yield checks.wrong_type(property, value, "a mapping, such as {'Email': ['Email']}")
        return
    yield from rule_count(property, value)
    for name, keys in value.items():
        yield from rule_name(property, name)
        if checks.is_list_token(keys):
            continue
        if isinstance(keys, str) or not isinstance(keys, Sequence):
            yield checks.wrong_type(property, keys, "a list of match keys, such as ['Email']")
            continue
        if not 1 <= len(keys) <= _MATCHING_KEY_LIMIT:
            message = (
                f"the rule {checks.excerpt(name)} has {len(keys)} match keys; use 1 to"
                f" {_MATCHING_KEY_LIMIT}"
            )
            yield Problem(property, keys, message, "MatchKeyCount")
        for key in keys:
            yield from match_key(property, key)


def cfn_rules(l1: Any, value: Mapping[str, Sequence[str]] | None) -> list[Any] | None:
    """Return rules for an L1, in the given order.

    Args:
        l1: The class of the L1.
        value: The rules.

    Returns:
        The rules, or None if there are none.
    """
    if value is None:
        return None
    return [l1.RuleProperty(rule_name=name, matching_keys=[*keys]) for name, keys in value.items()]
