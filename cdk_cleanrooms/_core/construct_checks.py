"""Rules that need the CDK: for scopes, and for arguments that are constructs or policies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from aws_cdk import RemovalPolicy
from constructs import Construct

from . import checks
from .environment import Environment, environment_of, stack_of
from .resource import Resource, environment_of_resource
from .validation import Arguments, Problem, Rule

_NOWHERE = Environment(None, None)
# The Regions that have Clean Rooms, but not Entity Resolution.
_NO_ID_MAPPING = ("eu-north-1",)


class ConstructArguments(Arguments):
    """The arguments of a new construct, beginning with its scope and ID.

    Args:
        scope: The scope of the construct.
        id: The construct's ID in its scope.
    """

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        self.report(scope_rule("scope", scope))
        self.report(checks.construct_id("id", self.id))

    @property
    def construct_id(self) -> str:
        """The ID of the construct in its scope, as plain `str`."""
        return str(self.id)


def is_construct(value: object) -> bool:
    """Return whether a value is a construct. For most values, this needs no request."""
    return isinstance(value, Construct) or (
        hasattr(value, "__jsii_ref__") and hasattr(value, "node")
    )


def in_stack(scope: object) -> bool:
    """Return whether a scope is a construct in a stack."""
    return is_construct(scope) and stack_of(cast(Construct, scope)) is not None


def scope_rule(property: str, value: object) -> Iterator[Problem]:
    """Check the scope of a new construct."""
    if not is_construct(value):
        yield checks.wrong_type(property, value, "the stack or construct that it belongs to")
    elif not in_stack(value):
        message = (
            f"the {type(value).__name__} is not in a stack; use a stack, or a construct in a stack"
        )
        yield Problem(property, value, message, "ScopeNotInStack")


def scope_of_lookup(property: str, value: object) -> Iterator[Problem]:
    """Check that the account and Region of a scope are known at synthesis."""
    if in_stack(value) and None in environment_of(cast(Construct, value)):
        message = (
            "a look-up needs a concrete account and Region; pass"
            " env=Environment(account=…, region=…) to the stack"
        )
        yield Problem(property, value, message, "EnvironmentUnknown")


def region_of_id_mapping(property: str, value: object) -> Iterator[Problem]:
    """Check that a scope is not in a Region without Entity Resolution."""
    if in_stack(value):
        region = environment_of(cast(Construct, value)).region
        if region in _NO_ID_MAPPING:
            message = (
                f"AWS Entity Resolution is not available in {region}, so there is no ID mapping;"
                " use a stack and a collaboration in another Region"
            )
            yield Problem(property, value, message, "RegionWithoutIdMapping")


def removal_policy(property: str, value: object) -> Iterator[Problem]:
    """Check a removal policy for a resource type that has no snapshots."""
    if not isinstance(value, RemovalPolicy):
        yield checks.wrong_type(
            property, value, "a member of aws_cdk.RemovalPolicy, such as RETAIN"
        )
    elif value is RemovalPolicy.SNAPSHOT:
        message = "SNAPSHOT is not supported: this resource type has no snapshots; use RETAIN"
        yield Problem(property, value, message, "RemovalPolicySnapshot")


def grantee(property: str, value: object) -> Iterator[Problem]:
    """Check who is granted a permission."""
    # The class of an imported role is a proxy of jsii, which has no attributes of its own.
    is_grantable = hasattr(type(value), "grant_principal") or hasattr(value, "grant_principal")
    if isinstance(value, type) or not is_grantable:
        yield checks.wrong_type(property, value, "a role or another aws_iam.IGrantable")


def own_environment(scope: Construct, rule: Rule, reason: str, given: object = None) -> Rule:
    """Return a rule for the ARN of a resource in the account and Region of a scope.

    Args:
        scope: The scope that refers to the resource.
        rule: The rule for the ARN itself.
        reason: Why the resource has to be there, such as `a member can only use ID namespaces`.
        given: The resource, if it was given as a construct.

    Returns:
        The rule.
    """

    def own_rule(property: str, value: object) -> Iterator[Problem]:
        malformed = [*rule(property, value)]
        yield from malformed
        if not malformed:
            resource = given if is_construct(given) else value
            yield from elsewhere(property, resource, scope, reason)

    return own_rule


def elsewhere(
    property: str,
    value: object,
    scope: Construct,
    reason: str,
    *,
    account: bool = True,
    region: bool = True,
    place: Environment | None = None,
) -> Iterator[Problem]:
    """Yield that a resource is certainly in another account or Region than a scope.

    Args:
        property: The name of the argument.
        value: The resource, as a construct or its ARN. Anything else is ignored.
        scope: The scope that refers to the resource.
        reason: Why the resource has to be there, such as `a member can only use ID namespaces`.
        account: Whether it has to be in the same account.
        region: Whether it has to be in the same Region.
        place: Where the resource is, if the resource itself does not say it.

    Yields:
        The problems.
    """
    actual = place_of(value) if place is None else place
    if actual == _NOWHERE or not in_stack(scope):
        return
    own = environment_of(scope)
    for part, is_checked, given, allowed in (
        ("account", account, actual.account, own.account),
        ("Region", region, actual.region, own.region),
    ):
        if is_checked and None not in (given, allowed) and given != allowed:
            code = "OtherAccount" if part == "account" else "OtherRegion"
            other = "the ARN of one" if isinstance(value, str) else "one"
            message = (
                f"{checks.shown(value)} is in {part} {given} and the stack in {allowed}, but"
                f" {reason} of its own {part}; use {other} in {allowed}, or declare this construct"
                f" in a stack for {given}"
            )
            yield Problem(property, value, message, code)


def foreign(property: str, value: object, scope: Construct, reason: str) -> Iterator[Problem]:
    """Yield that a construct of this library is certainly of another account or Region.

    Args:
        property: The name of the argument.
        value: The construct. Anything else is ignored.
        scope: The scope that refers to it.
        reason: Why it has to be of the same account and Region, as for `elsewhere`.
    """
    # In the same stack, which is usual, this needs no request.
    if isinstance(value, Resource) and in_stack(scope):
        is_imported = value._identity.environment_from_arn is not None
        if is_imported or stack_of(value) is not stack_of(scope):
            yield from elsewhere(property, value, scope, reason)


def other_region(
    property: str, value: object, region: str | None, noun: str, reason: str
) -> Iterator[Problem]:
    """Yield that a resource is certainly in another Region than one that it is used with.

    Args:
        property: The name of the argument.
        value: The resource, as a construct or its ARN. Anything else is ignored.
        region: The Region of the other resource, or None if it is not known.
        noun: The other resource, such as `the bucket`.
        reason: Why they have to be in the same Region.

    Yields:
        The problem.
    """
    given = place_of(value).region
    if None not in (given, region) and given != region:
        message = (
            f"{checks.shown(value)} is in Region {given} and {noun} in {region}, but {reason} of"
            f" its own Region; use one in {region}"
        )
        yield Problem(property, value, message, "OtherRegion")


def place_of(value: object) -> Environment:
    """Return the account and Region of a resource, each None if it is not known.

    Args:
        value: The resource, as a construct or its ARN.

    Returns:
        The account and Region, which are literal.
    """
    if isinstance(value, str):
        parts = value.split(":", 5) if checks.is_known(value) else []
        region, account = parts[3:5] if len(parts) > 4 else ("", "")
        found = Environment(account, region)
    elif is_construct(value):
        found = environment_of_resource(value)
    else:
        found = _NOWHERE
    return literal_place(found)


def literal_place(found: Environment) -> Environment:
    """Return an account and Region, each None unless it is literal."""
    return Environment(
        found.account if checks.ACCOUNT.fullmatch(found.account or "") else None,
        found.region if checks.REGION.fullmatch(found.region or "") else None,
    )
