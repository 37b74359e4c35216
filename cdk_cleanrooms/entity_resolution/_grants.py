"""Grants of permissions on a resource of Entity Resolution."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, cast

import aws_cdk
import jsii
from aws_cdk.aws_entityresolution import CfnPolicyStatement
from constructs import Construct

from .._core import checks
from .._core.construct_checks import elsewhere, grantee as grantee_rule
from .._core.environment import stack_of
from .._core.grants import ResourceGrants, action_problems
from .._core.validation import Arguments, Problem

_OWN_ACTION = re.compile("entityresolution:[A-Za-z0-9]{1,47}")


class EntityResolutionGrants(ResourceGrants):
    """Grants of permissions on one resource of Entity Resolution."""

    def actions(self, grantee: aws_cdk.aws_iam.IGrantable, *actions: str) -> aws_cdk.aws_iam.Grant:
        """Grant permission for actions on the resource.

        Args:
            grantee: The principal. An `AccountPrincipal` or a `ServicePrincipal` has no policy of
                its own, so the grant adds a statement to the resource policy, an
                `AWS::EntityResolution::PolicyStatement`.
            *actions: IAM actions that can be limited to this resource; at least one, without
                wildcards.

        Returns:
            The grant.

        Raises:
            ValidationError: If the grantee is not a principal, or is a service with conditions, if
                no action is given, or if an item is not the name of a single action.

        See Also:
            https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsentityresolution.html
        """
        arguments = Arguments(self._resource)
        arguments.report(grantee_rule("grantee", grantee))
        arguments.refuse()
        principal = _principal_without_policy(grantee)
        if principal is None:
            return super().actions(grantee, *actions)
        arguments.report(_condition_problems(grantee))
        names = arguments.check("actions", actions)
        arguments.report(action_problems(names))
        arguments.report(_foreign_actions(names))
        reason = "CloudFormation can only change the resource policies of resources"
        arguments.report(elsewhere("grantee", self._resource, self._resource, reason))
        arguments.refuse()
        arn = self._arn()
        return aws_cdk.aws_iam.Grant.add_to_principal_or_resource(
            grantee=grantee,
            actions=[*names],
            resource_arns=[arn],
            resource=_resource_policy()(self._resource, lambda: self._allow(principal, names, arn)),
        )

    def _allow(self, principal: str, actions: tuple[str, ...], arn: str) -> CfnPolicyStatement:
        """Allow a principal these actions, with one statement in the resource policy."""
        scope = cast(Construct, self._resource)
        statement_id = _statement_id(scope, principal)
        id = f"PolicyStatement{statement_id}"
        earlier: Any = scope.node.try_find_child(id)
        if earlier is not None:
            earlier.action = sorted({*earlier.action, *actions})
            return cast(CfnPolicyStatement, earlier)
        return CfnPolicyStatement(
            scope,
            id,
            arn=arn,
            statement_id=f"Allow{statement_id}"[:64],
            effect="Allow",
            principal=[principal],
            action=sorted({*actions}),
        )


@cache
def _resource_policy() -> Any:
    """Return the class of a resource policy, as a grant of the CDK uses it."""
    # Loading IAM takes time, and not every app needs it.
    from aws_cdk.aws_iam import AddToResourcePolicyResult, IResourceWithPolicyV2

    @jsii.implements(IResourceWithPolicyV2)
    class ResourcePolicy:
        def __init__(self, resource: Any, allow: Callable[[], CfnPolicyStatement]) -> None:
            self._resource = resource
            self._allow = allow

        @property
        def env(self) -> Any:
            return self._resource.env

        def add_to_resource_policy(self, _statement: object) -> AddToResourcePolicyResult:
            statement = self._allow()
            return AddToResourcePolicyResult(statement_added=True, policy_dependable=statement)

    return ResourcePolicy


def _statement_id(scope: Construct, principal: str) -> str:
    """Return an ID for the statement of a principal, which is the same in every synthesis."""
    if checks.is_known(principal):
        return re.sub("[^0-9A-Za-z]", "", principal)
    stack = stack_of(scope)
    assert stack is not None
    # Loading it takes time, and only a token needs it.
    from hashlib import sha256

    # The text of a token differs from run to run.
    resolved = json.dumps(stack.resolve(principal), sort_keys=True)
    return sha256(resolved.encode()).hexdigest()[:16]


def _condition_problems(grantee: Any) -> Iterator[Problem]:
    """Yield that a statement without the conditions of a principal would allow more."""
    if grantee.policy_fragment.conditions:
        message = (
            "the principal has conditions, which this grant would not write; use a"
            " CfnPolicyStatement with condition=…"
        )
        yield Problem("grantee", grantee, message, "PrincipalWithConditions")


def _foreign_actions(actions: tuple[str, ...]) -> Iterator[Problem]:
    for action in actions:
        if not _OWN_ACTION.fullmatch(action):
            message = (
                f"{checks.excerpt(action)} cannot be in the resource policy of a resource of Entity"
                " Resolution; use one such as 'entityresolution:GetIdNamespace'"
            )
            yield Problem("actions", action, message, "ActionOfOtherService")


def _principal_without_policy(grantee: Any) -> str | None:
    """Return the account or service of a grantee without a policy to add to, or None."""
    from aws_cdk.aws_iam import AccountPrincipal, ServicePrincipal

    if isinstance(grantee, AccountPrincipal):
        return str(grantee.account_id)
    if isinstance(grantee, ServicePrincipal):
        return str(grantee.service)
    return None
