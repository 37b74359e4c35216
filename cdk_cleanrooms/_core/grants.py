"""Grants of permissions on a resource."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from constructs import IConstruct

from .construct_rules import grantee as grantee_rule
from .validation import Arguments, Problem

if TYPE_CHECKING:
    from aws_cdk.aws_iam import Grant, IGrantable

_ACTION = re.compile("[a-z0-9-]+:[A-Za-z0-9]+")


def grant(
    resource: IConstruct,
    grantee: IGrantable,
    actions: Iterable[str],
    *targets: tuple[Callable[[str], bool], Callable[[], str]],
) -> Grant:
    """Grant actions on a resource, and on others that AWS requires for the same actions.

    Args:
        resource: The resource, for error messages.
        grantee: The principal that is granted the actions.
        actions: The actions.
        *targets: For each resource a function that returns whether an action applies to it, and a
            function that returns its ARN. The first one takes all actions.

    Returns:
        The grant.

    Raises:
        ValidationError: If the grantee is not a principal, if there is no action, or if one is not
            the name of one action.
    """
    arguments = Arguments(resource)
    arguments.check("grantee", grantee, grantee_rule)
    names = arguments.check("actions", tuple(actions))
    arguments.report(action_problems(names))
    arguments.refuse()
    # IAM takes time to load, and an app can do without it.
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
        yield Problem("actions", actions, "no action was given; use at least one")
    for action in actions:
        if not (isinstance(action, str) and _ACTION.fullmatch(action)):
            message = f"{action!r} is not an action; use one such as 'cleanrooms:TagResource'"
            yield Problem("actions", action, message)
