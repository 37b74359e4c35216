"""The stack that a construct is in, and the account and Region it is deployed to."""

from __future__ import annotations

from typing import NamedTuple
from weakref import WeakKeyDictionary

from aws_cdk import Stack
from constructs import Construct


class Environment(NamedTuple):
    """An account and a Region, each a token where the stack leaves it open."""

    account: str
    region: str


# Every answer costs requests to the CDK's process, and a stack has many constructs.
_stacks: WeakKeyDictionary[Construct, Stack] = WeakKeyDictionary()
_environments: WeakKeyDictionary[Stack, Environment] = WeakKeyDictionary()


def stack_of(scope: Construct) -> Stack:
    """The stack that a scope is in, asked once for each scope."""
    if isinstance(scope, Stack):
        return scope
    stack = _stacks.get(scope)
    if stack is None:
        stack = _stacks[scope] = Stack.of(scope)
    return stack


def environment_of(scope: Construct) -> Environment:
    """The environment that a scope is deployed to, asked once for each stack."""
    stack = stack_of(scope)
    environment = _environments.get(stack)
    if environment is None:
        environment = _environments[stack] = Environment(stack.account, stack.region)
    return environment
