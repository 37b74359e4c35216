"""Roles that AWS services assume, and roles that are given as arguments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from constructs import Construct

from . import checks
from .references import Reference

if TYPE_CHECKING:
    from aws_cdk.aws_iam import Policy, Role

Statement: TypeAlias = dict[str, Any]
"""A statement of a policy, as in JSON."""

ROLE = Reference("role_ref", "role_arn", "attr_arn")

_ROLE_ARN = re.compile(r"arn:aws:iam::\d{12}:role/[\w+=,./@-]+", re.ASCII)
_ROLE_ARN_LIMIT = 512


@checks.text("the ARN of a role, a string, or the role as a construct")
def role_arn(value: str) -> Iterator[checks.Fault]:
    """Check the ARN of a role, which has no Region."""
    if not _ROLE_ARN.fullmatch(value):
        yield (
            "RoleArnMalformed",
            "is not the ARN of a role; use 'arn:aws:iam::<account>:role/<name>', or the role as a"
            " construct",
        )
    elif len(value) > _ROLE_ARN_LIMIT:
        message = (
            f"has {len(value)} characters; the ARN of a role has at most {_ROLE_ARN_LIMIT} here"
        )
        yield "ArnLength", message


def allow(
    actions: Sequence[str],
    resources: Iterable[str],
    conditions: Mapping[str, Mapping[str, object]] | None = None,
) -> Statement:
    """Return a statement that allows actions on resources, each of which it names once."""
    statement = {"Effect": "Allow", "Action": actions, "Resource": [*dict.fromkeys(resources)]}
    return statement | ({"Condition": conditions} if conditions else {})


class ServiceRole(NamedTuple):
    """A role that a service assumes, and the policy that a resource with this role waits for."""

    role: Role
    policy: Policy


def service_role(
    scope: Construct,
    id: str,
    *,
    service: str,
    statements: Sequence[Statement],
    trust_conditions: Sequence[Mapping[str, Any]] = ({},),
) -> ServiceRole:
    """Create a role that a service assumes.

    A reference to a role does not wait for the role's policy. The resource that uses the role
    needs a dependency on the policy, or the service can find the role without its permissions.

    Args:
        scope: The scope of the role.
        id: The ID of the role in its scope.
        service: The service principal.
        statements: The statements of the role's policy.
        trust_conditions: The conditions of each statement that allows the service to assume the
            role. One statement without a condition by default.

    Returns:
        The role and its policy.
    """
    # Loading IAM takes time, and not every app needs it.
    from aws_cdk.aws_iam import CompositePrincipal, Policy, PolicyDocument, Role, ServicePrincipal

    principal, *others = (
        ServicePrincipal(service, conditions=conditions) for conditions in trust_conditions
    )
    role = Role(
        scope, id, assumed_by=CompositePrincipal(principal, *others) if others else principal
    )
    # Creating a `PolicyStatement` for each statement would cost a request for each.
    document = PolicyDocument.from_json({"Statement": statements})
    policy = Policy(role, "Policy", roles=[role], document=document)
    return ServiceRole(role, policy)
