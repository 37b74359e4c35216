"""Report constructs that claim the same name, and quotas that are exceeded."""

from __future__ import annotations

from collections.abc import Callable

from aws_cdk import Annotations
from constructs import Construct

from . import rules
from .environment import Environment, environment_of, stack_of
from .synthesis import Claims

_claims = Claims()


def claim_name(
    construct: Construct, scope: Construct, type_name: str, *path: str, within: str
) -> None:
    """Have synthesis fail if another construct of the app has the same name in AWS.

    Args:
        construct: The construct.
        scope: Its scope.
        type_name: The name of the resource type in CloudFormation.
        *path: The identifiers of what the resource is in, and then its name.
        within: Where the name has to be unique, such as `the same membership`.
    """
    # A token is of one app, and of one place in it.
    environment = environment_of(scope) if all(map(rules.is_known, path)) else None

    def message(other: str) -> str:
        return (
            f"name: {rules.excerpt(path[-1])} is also the name of {other}, in {within}; use"
            " another name, or declare it once"
        )

    _claim(construct, scope, (type_name, environment), path, message)


def claim_once(
    construct: Construct,
    scope: Construct,
    type_name: str,
    identifier: str,
    message: Callable[[str], str],
) -> None:
    """Have synthesis fail if another construct claims the same in the same account and Region.

    Args:
        construct: The construct.
        scope: Its scope.
        type_name: The name of the resource type in CloudFormation.
        identifier: What an account can have only one such resource for.
        message: A function that returns the message, from the path of the other construct.
    """
    _claim(construct, scope, (type_name, environment_of(scope)), (identifier,), message)


def _claim(
    construct: Construct,
    scope: Construct,
    where: tuple[str, Environment | None],
    path: tuple[str, ...],
    message: Callable[[str], str],
) -> None:
    stack = stack_of(scope)
    if stack is None or any(map(rules.is_placeholder, path)):
        return

    def conflict(earlier: list[Construct]) -> str:
        return message(earlier[0].node.path)

    _claims.add(stack, construct, (*where, *path), conflict)


class Quota:
    """A quota of AWS, which can be raised: exceeding it is a warning.

    Args:
        limit: The default of the quota.
        id: The ID of the warning, by which it can be acknowledged.
        message: The warning.
    """

    def __init__(self, limit: int, id: str, message: str) -> None:
        self._claims = Claims(limit)
        self._id = id
        self._message = message

    def count(self, construct: Construct, scope: Construct, parent: str) -> None:
        """Count a construct.

        Args:
            construct: The construct.
            scope: Its scope.
            parent: The identifier of what the quota is for.
        """
        stack = stack_of(scope)
        if stack is None or rules.is_placeholder(parent):
            return

        def conflict(_: list[Construct]) -> None:
            Annotations.of(construct).add_warning_v2(self._id, self._message)

        self._claims.add(stack, construct, (parent,), conflict)
