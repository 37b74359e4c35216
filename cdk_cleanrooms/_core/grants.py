"""Grants of permissions on a resource."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import aws_cdk
from aws_cdk import Fn
from constructs import IConstruct

from .construct_checks import grantee as grantee_rule
from .references import read_arn
from .types import ResourceType
from .validation import Arguments, Problem

if TYPE_CHECKING:
    from aws_cdk.aws_iam import Grant, IGrantable

Target: TypeAlias = tuple[Callable[[str], bool], Callable[[], str]]
"""A resource of a grant: which actions apply to it, and its ARN."""

_ACTION = re.compile("[a-z0-9-]+:[A-Za-z0-9]+")


def grant(
    resource: IConstruct,
    grantee: IGrantable,
    actions: Iterable[str],
    *targets: Target,
) -> Grant:
    """Grant actions on a resource, and those to which AWS also applies them on other resources.

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
    arguments.report(grantee_rule("grantee", grantee))
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
    """Grants of permissions on one resource."""

    _type: ClassVar[ResourceType]
    _read_actions: ClassVar[tuple[str, ...]]
    _manage_actions: ClassVar[tuple[str, ...]]

    def __init__(self, resource: Any) -> None:
        self._resource = resource

    def read(self, grantee: aws_cdk.aws_iam.IGrantable) -> aws_cdk.aws_iam.Grant:
        """Grant permission to read the resource.

        Args:
            grantee: The principal, such as a role.

        Returns:
            The grant.

        Raises:
            ValidationError: If the grantee is not a principal or, for a resource of Entity
                Resolution, is a service with conditions.
        """
        return self.actions(grantee, *self._read_actions)

    def manage(self, grantee: aws_cdk.aws_iam.IGrantable) -> aws_cdk.aws_iam.Grant:
        """Grant permission to update, delete, tag and untag the resource.

        Args:
            grantee: The principal, such as a role.

        Returns:
            The grant.

        Raises:
            ValidationError: If the grantee is not a principal or, for a resource of Entity
                Resolution, is a service with conditions.
        """
        return self.actions(grantee, *self._manage_actions)

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
        return ((lambda _: True, cache(self._arn)),)

    def _arn(self) -> str:
        return read_arn(self._type, self._resource, self._resource)


class InMembershipGrants(ResourceGrants):
    """Grants of permissions on one resource inside a membership."""

    _actions_on_the_membership_too: ClassVar[frozenset[str]]
    """The actions for which AWS lists the membership as a required resource too."""

    def _targets(self) -> tuple[Target, ...]:
        arn = cache(self._arn)
        return (
            (lambda _: True, arn),
            (
                lambda action: action in self._actions_on_the_membership_too,
                lambda: _containing_membership_arn(self._resource, arn, self._type.path),
            ),
        )


def _containing_membership_arn(resource: object, arn: Callable[[], str], path: str) -> str:
    for name in ("membership_arn", "attr_membership_arn"):
        if hasattr(type(resource), name):
            return str(getattr(resource, name))
    # The ARN of the resource begins with the ARN of the membership.
    separator = f"/{path}/"
    before, found, _ = arn().partition(separator)
    return before if found else Fn.select(0, Fn.split(separator, arn()))
