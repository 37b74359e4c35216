"""Grants of permissions on a resource."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import aws_cdk
from constructs import IConstruct

from .construct_checks import grantee as grantee_rule
from .references import Reference
from .validation import Arguments, Problem

if TYPE_CHECKING:
    from aws_cdk.aws_iam import Grant, IGrantable

Target: TypeAlias = tuple[Callable[[str], bool], Callable[[], str]]
"""A function that returns whether an action applies to a resource, and one that returns its ARN."""

_ACTION = re.compile("[a-z0-9-]+:[A-Za-z0-9]+")


def grant(
    resource: IConstruct,
    grantee: IGrantable,
    actions: Iterable[str],
    *targets: Target,
) -> Grant:
    """Grant actions on a resource, and on others that AWS requires for the same actions.

    Args:
        resource: The resource, for error messages.
        grantee: The principal that is granted the actions.
        actions: The actions.
        *targets: The resources. All actions apply to the first one.

    Returns:
        The grant.

    Raises:
        ValidationError: If the grantee is not a principal, if no action is given, or if an item is
            not the name of a single action.
    """
    arguments = Arguments(resource)
    arguments.check("grantee", grantee, grantee_rule)
    names = arguments.check("actions", tuple(actions))
    arguments.report(action_problems(names))
    arguments.refuse()
    # Loading IAM takes time, and not every app needs it.
    from aws_cdk.aws_iam import Grant

    grants = [
        Grant.add_to_principal(grantee=grantee, actions=applicable, resource_arns=[arn()])
        for applies, arn in targets
        if (applicable := [action for action in names if applies(action)])
    ]
    result, *others = grants
    for other in others:
        result = result.combine(other)
    return result


def action_problems(actions: tuple[object, ...]) -> Iterator[Problem]:
    """Yield what is wrong with the actions of a grant."""
    if not actions:
        yield Problem("actions", actions, "no action was given; use at least one", "NoActions")
    for action in actions:
        if not (isinstance(action, str) and _ACTION.fullmatch(action)):
            message = f"{action!r} is not an action; use one such as 'cleanrooms:TagResource'"
            yield Problem("actions", action, message, "ActionMalformed")


class ResourceGrants:
    """Grants of permissions on one resource of Clean Rooms."""

    _arn: ClassVar[Reference]
    """How to read the ARN of the resource."""

    def __init__(self, resource: Any) -> None:
        self._resource = resource

    def actions(self, grantee: aws_cdk.aws_iam.IGrantable, *actions: str) -> aws_cdk.aws_iam.Grant:
        """Grant permission for actions on the resource.

        Args:
            grantee: The principal, such as a role.
            *actions: IAM actions that can be limited to this resource; at least one, without
                wildcards.

        Returns:
            The grant.

        Raises:
            ValidationError: If the grantee is not a principal, if no action is given, or if an item
                is not the name of a single action.

        See Also:
            https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscleanrooms.html
        """
        return grant(self._resource, grantee, actions, *self._targets())

    def _targets(self) -> tuple[Target, ...]:
        return ((lambda _: True, lambda: self._arn.read(self._resource)),)
