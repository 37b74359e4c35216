"""Imports and look-ups of existing resources, and the rules for their identifiers and ARNs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, TypeVar, cast

from aws_cdk import ContextProvider
from aws_cdk.interfaces.aws_cleanrooms import IMembershipRef
from constructs import Construct

from . import checks
from .construct_checks import ConstructArguments, scope_of_lookup
from .environment import Environment, environment_of, facts_of_scope
from .in_membership import MEMBERSHIP, resolve_membership_arn
from .resource import Identity, Resource, constantly
from .types import ResourceType
from .validation import Rule

_Resource = TypeVar("_Resource", bound=Resource)

_NAME = re.compile(r"[\w-]+", re.ASCII)
_NAME_LIMIT = 255
# A name alone can have almost as many characters as an ARN in Clean Rooms.
_ARN_LIMIT = 2048
_REGION = re.compile("[a-z]{2}-[a-z]{1,10}-[0-9]")


@cache
def identifier_rule(type: ResourceType) -> Rule:
    """Return the rule for the ID or the name that identifies a resource."""
    if type.is_identified_by_name:
        return _name_rule(type)
    of_membership = " --membership-identifier <membership ID>" if type.is_in_membership else ""
    command = f"aws {type.service} {type.list.replace('_', '-')}{of_membership}"
    return checks.identifier(type.noun_with_article, type.path, command)


def _name_rule(type: ResourceType) -> Rule:
    @checks.text("the name, a string")
    def rule(value: str) -> Iterator[checks.Fault]:
        yield from checks.length("Name", value, 1, _NAME_LIMIT)
        if value.startswith("arn:"):
            yield "NameIsArn", f"is an ARN; use the name, {value.rsplit('/', 1)[-1]!r}"
        elif value and not _NAME.fullmatch(value):
            message = (
                f"is not the name of {type.noun_with_article}; use letters, digits, underscores,"
                " hyphens"
            )
            yield "NameCharacters", message

    return rule


@cache
def arn_rule(type: ResourceType) -> Rule:
    """Return the rule for the ARN of a resource."""
    if type.is_identified_by_name:
        return checks.arn(
            type.noun_with_article,
            type.service,
            re.compile(rf"{type.path}/[\w-]{{1,{_NAME_LIMIT}}}", re.ASCII),
            f"{type.path}/<name>",
            alternative=f", or {type.noun} as a construct",
            limit=_ARN_LIMIT,
            region=_REGION,
        )
    pattern, form = f"{type.path}/{checks.IDENTIFIER.pattern}", f"{type.path}/<ID>"
    if type.is_in_membership:
        pattern = f"membership/{checks.IDENTIFIER.pattern}/{pattern}"
        form = f"membership/<membership ID>/{form}"
    return checks.arn(type.noun_with_article, type.service, re.compile(pattern), form)


def existing(
    kind: type[_Resource],
    scope: Construct,
    id: str,
    identifier: str,
    *,
    membership: IMembershipRef | str | None = None,
) -> _Resource:
    """Import a resource by its ID or name.

    Args:
        kind: The class of the import.
        scope: The scope of the import.
        id: The construct's ID in its scope.
        identifier: The ID or the name.
        membership: The membership, if the resource belongs to one.

    Returns:
        The import.

    Raises:
        ValidationError: If an argument is not well-formed.
    """
    return kind(scope, *_identity(kind._type, scope, id, identifier, membership, "membership"))


def existing_arn(kind: type[_Resource], scope: Construct, id: str, arn: str) -> _Resource:
    """Import a resource by its ARN.

    Args:
        kind: The class of the import.
        scope: The scope of the import.
        id: The construct's ID in its scope.
        arn: The ARN.

    Returns:
        The import.

    Raises:
        ValidationError: If an argument is not well-formed.
    """
    arguments = ConstructArguments(scope, id)
    rule = checks.can_be_split(arn_rule(kind._type))
    arn = arguments.check(f"{kind._type.key}_arn", arn, rule)
    arguments.refuse()
    return kind(scope, arguments.construct_id, Identity.from_arn(kind._type, arn))


def look_up(
    kind: type[_Resource],
    scope: Construct,
    id: str,
    identifier: str,
    dummy: Callable[[Environment], Mapping[str, Any]],
    *,
    membership_identifier: str | None = None,
) -> tuple[_Resource, Mapping[str, Any]]:
    """Import a resource, and read it through Cloud Control while the app is synthesized.

    Args:
        kind: The class of the import.
        scope: The scope of the import, whose account and Region must be known.
        id: The construct's ID in its scope.
        identifier: The ID or the name, literal text.
        dummy: A function that returns the properties to read, with values to use until the CDK CLI
            has read them. Those of the collaboration are added.
        membership_identifier: The membership's ID, literal text, if the resource belongs to one.

    Returns:
        The import, and the properties.

    Raises:
        ValidationError: If an argument is not well-formed, or the environment is not known.
    """
    type = kind._type
    id, identity = _identity(
        type,
        scope,
        id,
        identifier,
        membership_identifier,
        "membership_identifier",
        is_lookup=True,
    )
    environment = environment_of(scope)
    properties = dict(dummy(environment))
    if type.has_collaboration_attributes:
        properties |= dummy_collaboration(environment)
    parts = [identity.identifier()]
    if type.is_in_membership:
        parts.append(identity.membership.identifier())
    found = _read(scope, type, parts, properties)
    if type.arn_property in found:
        identity.arn = constantly(found[type.arn_property])
    if type.has_collaboration_attributes:
        identity.collaboration = Identity(
            arn=constantly(found["CollaborationArn"]),
            identifier=constantly(found["CollaborationIdentifier"]),
        )
    return kind(scope, id, identity), found


def dummy_collaboration(environment: Environment) -> dict[str, str]:
    """Return well-formed dummy values for the ARN and the ID of a collaboration."""
    identifier = "00000000-0000-0000-0000-000000000000"
    place = f"{environment.region}:{environment.account}"
    return {
        "CollaborationArn": f"arn:aws:cleanrooms:{place}:collaboration/{identifier}",
        "CollaborationIdentifier": identifier,
    }


def _identity(
    type: ResourceType,
    scope: Construct,
    id: str,
    identifier: str,
    membership: IMembershipRef | str | None,
    membership_argument: str,
    *,
    is_lookup: bool = False,
) -> tuple[str, Identity]:
    """Check the arguments of an import, and return the construct's ID and the identity."""
    arguments = ConstructArguments(scope, id)
    if is_lookup:
        arguments.report(scope_of_lookup("scope", scope))

    def check(property: str, value: str, rule: Rule) -> str:
        return arguments.check(property, value, checks.literal(rule) if is_lookup else rule)

    parent = None
    if type.is_in_membership:
        parent_id = check(membership_argument, MEMBERSHIP.read(membership), checks.membership)
        parent = _membership(scope, membership, parent_id)
    argument = f"{type.key}_{'name' if type.is_identified_by_name else 'identifier'}"
    identifier = check(argument, identifier, identifier_rule(type))
    arguments.refuse()

    def arn() -> str:
        if parent is not None:
            return f"{parent.arn()}/{type.path}/{identifier}"
        return facts_of_scope(scope).arn(type.service, type.path, identifier)

    return arguments.construct_id, Identity(
        arn=arn, identifier=constantly(identifier), membership=parent
    )


def _membership(scope: Construct, membership: object, identifier: str) -> Identity:
    given = identifier if isinstance(membership, str) else cast(IMembershipRef, membership)
    return Identity(
        arn=lambda: resolve_membership_arn(scope, given), identifier=constantly(identifier)
    )


def _read(
    scope: Construct, type: ResourceType, identifier: list[str], dummy: Mapping[str, Any]
) -> Mapping[str, Any]:
    if any(map(checks.is_placeholder, identifier)):
        # The CLI has to look up the identifier first.
        return dummy
    (found,) = ContextProvider.get_value(
        scope,
        provider="cc-api-provider",
        props={
            "typeName": type.name,
            "exactIdentifier": "|".join(identifier),
            "propertiesToReturn": list(dummy),
        },
        dummy_value=[dummy],
    ).value
    return cast(Mapping[str, Any], found)
