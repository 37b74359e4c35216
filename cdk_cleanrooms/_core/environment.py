"""The stack of a construct, and the account and Region that the stack is deployed to.

Every answer of the CDK costs a request to its process, so answers are kept on the stack or scope
itself. They are not looked up by equality, because a class can define its own equality.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from aws_cdk import Aws, Stack, Stage
from constructs import Construct, IConstruct, Node

from .facts import publish, remember


class Environment(NamedTuple):
    """An account and a Region; each is None if the stack leaves it open."""

    account: str | None
    region: str | None


class StackFacts:
    """Facts about one stack, each requested once."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._arns: dict[tuple[str, str, str], str] = {}

    @cached_property
    def environment(self) -> Environment:
        """The account and Region of the stack."""
        account, region = self._stack.environment.removeprefix("aws://").split("/")
        return Environment(
            None if account == "unknown-account" else account,
            None if region == "unknown-region" else region,
        )

    @cached_property
    def account(self) -> str:
        """The account of the stack, a token if the stack leaves it open."""
        return self.environment.account or Aws.ACCOUNT_ID

    @cached_property
    def region(self) -> str:
        """The Region of the stack, a token if the stack leaves it open."""
        return self.environment.region or Aws.REGION

    @cached_property
    def node(self) -> Node:
        """The node of the stack."""
        return self._stack.node

    @cached_property
    def root(self) -> IConstruct:
        """The root of the tree that the stack is in."""
        return self.node.root

    @cached_property
    def is_nested(self) -> bool:
        """Whether the stack is a nested stack."""
        return self._stack.nested_stack_parent is not None

    def arn(self, service: str, resource: str, name: str) -> str:
        """Return the ARN of a resource in the stack's account and Region."""
        key = (service, resource, name)
        if key not in self._arns:
            self._arns[key] = self._stack.format_arn(
                service=service, resource=resource, resource_name=name
            )
        return self._arns[key]


class _Home(NamedTuple):
    """The stack of a construct, or None if it is in no stack."""

    stack: Stack | None


def stack_of(scope: IConstruct) -> Stack | None:
    """Return the stack that a scope is in, or None if it is in no stack."""
    if isinstance(scope, Stack):
        return scope
    if isinstance(scope, Stage):
        return None
    return remember(scope, _Home, lambda: _find_home(scope)).stack


def _find_home(scope: IConstruct) -> _Home:
    try:
        return _Home(Stack.of(scope))
    except RuntimeError:
        return _Home(None)


def keep_stack(construct: IConstruct, scope: IConstruct) -> None:
    """Record that a construct is in the stack of its scope."""
    publish(construct, _Home(stack_of(scope)))


def facts_of(stack: Stack) -> StackFacts:
    """Return the facts about a stack."""
    return remember(stack, StackFacts, lambda: StackFacts(stack))


def facts_of_scope(scope: Construct) -> StackFacts:
    """Return the facts about the stack of a scope. The scope must be in a stack."""
    stack = stack_of(scope)
    assert stack is not None
    return facts_of(stack)


def environment_of(scope: Construct) -> Environment:
    """Return the environment of a scope, which is open if the scope is in no stack."""
    stack = stack_of(scope)
    return facts_of(stack).environment if stack else Environment(None, None)


def same_app(first: Construct, second: Construct) -> bool:
    """Return whether two constructs, each of which must be in a stack, are in the same tree."""
    one, other = facts_of_scope(first), facts_of_scope(second)
    return one is other or one.root is other.root
