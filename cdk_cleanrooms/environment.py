"""The account and Region that a construct is deployed to."""

from __future__ import annotations

from typing import NamedTuple
from weakref import WeakKeyDictionary

from aws_cdk import Stack
from constructs import Construct


class Environment(NamedTuple):
    """An account and a Region, each a token where the stack leaves it open."""

    account: str
    region: str


# Each answer costs requests to the CDK's process, and a stack holds many constructs.
_stacks: WeakKeyDictionary[Construct, Stack] = WeakKeyDictionary()
_environments: WeakKeyDictionary[Stack, Environment] = WeakKeyDictionary()


def environment_of(scope: Construct) -> Environment:
    """The environment of the stack that a scope is in, asked once for each scope and stack."""
    stack = scope if isinstance(scope, Stack) else _stacks.get(scope)
    if stack is None:
        stack = _stacks[scope] = Stack.of(scope)
    environment = _environments.get(stack)
    if environment is None:
        environment = _environments[stack] = Environment(stack.account, stack.region)
    return environment
