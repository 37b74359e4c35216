"""Rules that need the CDK: for scopes, and for arguments that are constructs or policies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from aws_cdk import RemovalPolicy
from constructs import Construct

from . import checks
from .environment import environment_of, stack_of
from .validation import Arguments, Problem, Rule

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


def own_environment(scope: Construct, rule: Rule, noun: str) -> Rule:
    """Return a rule for the ARN of a resource in the account and Region of a scope.

    Args:
        scope: The scope that refers to the resource.
        rule: The rule for the ARN itself.
        noun: The resource in the plural, such as `ID namespaces`.

    Returns:
        The rule.
    """

    def own_rule(property: str, value: object) -> Iterator[Problem]:
        malformed = [*rule(property, value)]
        yield from malformed
        text = str(value)
        if malformed or not checks.is_known(text) or not in_stack(scope):
            return
        _, _, _, region, account, _ = text.split(":", 5)
        own = environment_of(scope)
        for part, given, allowed in (
            ("account", account, own.account),
            ("Region", region, own.region),
        ):
            if allowed not in (None, given):
                code = "OtherAccount" if part == "account" else "OtherRegion"
                yield Problem(
                    property,
                    value,
                    f"{checks.excerpt(value)} is in {part} {given} and the stack in {allowed}, but"
                    f" a member can only use {noun} of its own {part}; use the ARN of one in"
                    f" {allowed}, or declare this construct in a stack for {given}",
                    code,
                )

    return own_rule
