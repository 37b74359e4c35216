"""Report constructs that claim the same name, and quotas that are exceeded."""

from __future__ import annotations

from collections.abc import Callable

from aws_cdk import Annotations
from constructs import Construct

from . import checks
from .environment import Environment, environment_of, stack_of
from .synthesis import Claims, Tree, warn_at_synthesis

_claims = Claims()


def claim_name(
    construct: Construct, scope: Construct, type_name: str, *path: str, within: str
) -> None:
    """Make synthesis fail if another construct of the app has the same name in AWS.

    Args:
        construct: The construct.
        scope: Its scope.
        type_name: The name of the resource type in CloudFormation.
        *path: The identifiers of the resources that contain the resource, and then its name.
        within: Where the name has to be unique, such as `the same membership`.
    """
    *containers, name = path
    # An ID is unique in AWS, but a name only in its account and Region.
    place = place_of(scope) if not containers or not checks.is_known(name) else None

    def message(other: str) -> str:
        return (
            f"name: {checks.excerpt(path[-1])} is also the name of {other}, in {within}; use"
            " another name, or remove one of the two [NameNotUnique]"
        )

    _claim(construct, scope, (type_name, place), path, message)


def claim_once(
    construct: Construct,
    scope: Construct,
    type_name: str,
    identifier: str,
    message: Callable[[str], str],
) -> None:
    """Make synthesis fail if another construct claims the identifier in the same environment.

    Args:
        construct: The construct.
        scope: Its scope.
        type_name: The name of the resource type in CloudFormation.
        identifier: The identifier for which an account and Region can have only one such resource.
        message: A function that returns the message, from the path of the other construct.
    """
    _claim(construct, scope, (type_name, place_of(scope)), (identifier,), message)


def place_of(scope: Construct) -> Environment | int:
    """Return the account and Region of a scope, or a value for its stack alone.

    Two stacks without a concrete account and Region can be deployed to different ones.
    """
    environment = environment_of(scope)
    return id(stack_of(scope)) if None in environment else environment


def _claim(
    construct: Construct,
    scope: Construct,
    where: tuple[str, Environment | int | None],
    path: tuple[str, ...],
    message: Callable[[str], str],
) -> None:
    stack = stack_of(scope)
    if stack is None or any(map(checks.is_placeholder, path)):
        return

    def conflict(earlier: list[Construct]) -> str:
        return message(earlier[0].node.path)

    _claims.add(stack, construct, (*where, *path), conflict)


class Quota:
    """A quota of AWS. It can be raised, so exceeding it only causes a warning.

    Args:
        limit: The default of the quota.
        id: The ID of the warning, by which it can be acknowledged.
        message: The warning.
    """

    def __init__(self, limit: int, id: str, message: str) -> None:
        self._claims = Claims(limit)
        self._limit = limit
        self._id = id
        self._message = message

    def count(self, construct: Construct, scope: Construct, parent: str) -> None:
        """Count a construct. The first one above the limit gets the warning.

        Args:
            construct: The construct.
            scope: Its scope.
            parent: The identifier of the resource to which the quota applies.
        """
        stack = stack_of(scope)
        if stack is None or checks.is_placeholder(parent):
            return
        earlier_in = self._claims.note(stack, construct, parent)

        def warn(tree: Tree) -> None:
            assert earlier_in is not None
            if len(earlier_in(tree)) == self._limit:
                Annotations.of(construct).add_warning_v2(self._id, self._message)

        if earlier_in is not None:
            warn_at_synthesis(stack, warn)
