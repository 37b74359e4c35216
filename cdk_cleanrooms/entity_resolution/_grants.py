"""Grants of permissions on a resource of Entity Resolution."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

import aws_cdk
from aws_cdk.aws_entityresolution import CfnPolicyStatement
from constructs import Construct

from .._core import checks
from .._core.construct_checks import grantee as grantee_rule
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
        arguments.refuse()
        self._allow(principal, names, self._arn())
        return aws_cdk.aws_iam.Grant.drop(grantee, "resource policy")

    def _allow(self, principal: str, actions: tuple[str, ...], arn: str) -> None:
        """Allow a principal these actions, with one statement in the resource policy."""
        statement_id = re.sub("[^0-9A-Za-z]", "", principal)
        id = f"PolicyStatement{statement_id}"
        scope = cast(Construct, self._resource)
        earlier: Any = scope.node.try_find_child(id)
        if earlier is not None:
            earlier.action = sorted({*earlier.action, *actions})
            return
        CfnPolicyStatement(
            scope,
            id,
            arn=arn,
            statement_id=f"Allow{statement_id}"[:64],
            effect="Allow",
            principal=[principal],
            action=sorted({*actions}),
        )


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
