"""The base of Entity Resolution's resource types, which are identified by a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, cast

from aws_cdk.interfaces.aws_iam import IRoleRef
from constructs import Construct

from .._core import checks, construct_checks
from .._core import tags as tag_rules
from .._core.access import ROLE, role_arn
from .._core.adoption import Adoption
from .._core.environment import facts_of_scope
from .._core.references import Reference
from .._core.resource_type import StandaloneResourceType
from .._core.unique import claim_name
from .._core.validation import Arguments, Problem, Rule

_NAME = re.compile(r"[\w-]+", re.ASCII)
_NAME_LIMIT = 255
# A name alone can have almost as many characters as an ARN in Clean Rooms.
_ARN_LIMIT = 2048
_DESCRIPTION_LIMIT = 255
# The API admits no tab, unlike CloudFormation.
_WORDS = re.compile(r"[\w -]+", re.ASCII)
REGION = re.compile("[a-z]{2}-[a-z]{1,10}-[0-9]")
_LEAST_TAG_VALUE = 0


@checks.text("the description, a string")
def description_rule(value: str) -> Iterator[checks.Fault]:
    """Check the description of a resource of Entity Resolution."""
    yield from checks.length("Description", value, 0, _DESCRIPTION_LIMIT)
    yield from checks.characters(
        "Description", value, checks.LONE_SURROGATE, "characters that UTF-8 can encode"
    )


def _is_to_be_looked_up(*values: object) -> bool:
    return any(isinstance(value, str) and checks.is_placeholder(value) for value in values)


def words(expected: str) -> Rule:
    """Return a rule for the name of a field, of a match key or of a rule.

    Args:
        expected: What to write if the value is not text.

    Returns:
        The rule.
    """

    @checks.text(expected)
    def rule(value: str) -> Iterator[checks.Fault]:
        yield from checks.length("Name", value, 1, _NAME_LIMIT)
        if value and not _WORDS.fullmatch(value):
            message = "has characters other than letters, digits, underscores, hyphens and spaces"
            yield "NameCharacters", message

    return rule


def tags_rule(property: str, value: object) -> Iterator[Problem]:
    """Check tags, whose values may be empty in Entity Resolution."""
    return tag_rules.tags_rule(property, value, _LEAST_TAG_VALUE)


class TagMethods(tag_rules.TagMethods):
    """The methods of a resource that has tags, whose values may be empty."""

    _least_tag_value: ClassVar[int] = _LEAST_TAG_VALUE


def common_arguments(
    arguments: Arguments, scope: Construct, role: IRoleRef | str | None = None
) -> None:
    """Check the Region, and the role if one is given."""
    arguments.check("scope", scope, construct_checks.region_of_id_mapping)
    arguments.check("role", ROLE.read(role), checks.optional(role_arn))


@dataclass(frozen=True)
class EntityResolutionResourceType(StandaloneResourceType):
    """A type of resource of Entity Resolution, which its name identifies."""

    name_property: str
    """The primary identifier in CloudFormation, such as `IdNamespaceName`."""
    arn_attribute: str
    """The attribute of the L1 with the ARN."""

    @cached_property
    def identifier(self) -> str:
        """The argument with its name, such as `id_namespace_name`."""
        return f"{self.argument}_name"

    @cached_property
    def identifier_rule(self) -> Rule:
        """The rule for its name."""

        @checks.text("the name, a string")
        def rule(value: str) -> Iterator[checks.Fault]:
            yield from checks.length("Name", value, 1, _NAME_LIMIT)
            if value.startswith("arn:"):
                yield "NameIsArn", f"is an ARN; use the name, {value.rsplit('/', 1)[-1]!r}"
            elif value and not _NAME.fullmatch(value):
                message = (
                    f"is not the name of {self.noun}; use letters, digits, underscores, hyphens"
                )
                yield "NameCharacters", message

        return rule

    @cached_property
    def arn_rule(self) -> Rule:
        """The rule for its ARN."""
        return checks.arn(
            self.noun,
            self.service,
            re.compile(rf"{self.path}/[\w-]{{1,{_NAME_LIMIT}}}", re.ASCII),
            f"{self.path}/<name>",
            alternative=f", or {self.noun.split(' ', 1)[1]} as a construct",
            limit=_ARN_LIMIT,
            region=REGION,
        )

    def primary_identifier(self, identifier: str) -> dict[str, str]:
        """Return the primary identifier, named as in CloudFormation."""
        return {self.name_property: identifier}

    def adoption(self, scope: Construct, adopt: str | bool | None, name: str) -> Adoption:
        """Return the adoption that a construct of this type asks for."""

        def rule(property: str, value: object) -> Iterator[Problem]:
            malformed = [*self.identifier_rule(property, value)]
            yield from malformed
            if not malformed and value != name and not _is_to_be_looked_up(value, name):
                message = (
                    f"{checks.excerpt(value)} is not the name {checks.excerpt(name)} that is"
                    " declared, and the name identifies it; use the same name, or True"
                )
                yield Problem(property, value, message, "AdoptOtherName")

        return Adoption(scope, adopt, rule)

    def claim_name(self, construct: Construct, scope: Construct, name: str) -> None:
        """Make synthesis fail if another construct of the app has the same name in AWS."""
        claim_name(construct, scope, self.name, name, within="the same account and Region")

    def reference(self, attribute: str | None = None) -> Reference:
        """Return how to read the ARN of a construct."""
        return Reference(
            f"{self.argument}_ref", f"{self.argument}_arn", attribute or self.arn_attribute
        )

    def read_arn(self, scope: Construct, value: Any) -> str:
        """Return the ARN of a resource.

        Args:
            scope: The scope whose account and Region the resource is in if only its name is known.
            value: The resource as a construct, or its ARN.

        Returns:
            The ARN, or the value itself if it is neither.
        """
        reference = self.reference()
        arn: Any = reference.read(value)
        if arn is value and reference.accepts(value):
            # The CDK's reference to most of these types has only their name.
            ref = getattr(value, reference.property)
            name = getattr(ref, self._name_in_ref)
            return facts_of_scope(scope).arn(self.service, self.path, name)
        return cast(str, arn)

    @property
    def _name_in_ref(self) -> str:
        return re.sub("(?<!^)(?=[A-Z])", "_", self.name_property).lower()
