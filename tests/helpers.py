"""Helpers for several test files."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

import pytest
from aws_cdk import CfnResource, IResource, Stack
from aws_cdk.assertions import Annotations, Match, Template
from aws_cdk.aws_cleanrooms import CfnIdNamespaceAssociation
from packaging.version import Version

from cdk_cleanrooms import IdNamespaceAssociation, Problem, ValidationError


def needs_cdk(lowest: str) -> pytest.MarkDecorator:
    """Skip a test with versions of the CDK that do not have the tested feature."""
    return pytest.mark.skipif(
        Version(version("aws-cdk-lib")) < Version(lowest), reason=f"needs aws-cdk-lib {lowest}"
    )


class Associate(Protocol):
    """Declares an association with valid arguments, except for the given ones."""

    def __call__(self, **arguments: object) -> IdNamespaceAssociation: ...


def l1_of(association: IResource) -> CfnIdNamespaceAssociation:
    """Return the L1 in an association."""
    return cast(CfnIdNamespaceAssociation, association.node.default_child)


def resource_of(construct: IResource | CfnResource) -> dict[str, Any]:
    """Return the resource of a construct in the template of its stack."""
    l1 = construct if isinstance(construct, CfnResource) else l1_of(construct)
    stack = l1.stack
    resources = Template.from_stack(stack).to_json()["Resources"]
    return cast(dict[str, Any], resources[stack.get_logical_id(l1)])


def problems_of(refused: Callable[[], object]) -> tuple[Problem, ...]:
    """Return the problems for which a call is refused."""
    with pytest.raises(ValidationError) as raised:
        refused()
    return raised.value.problems


def warnings_of(stack: Stack) -> list[str]:
    """Return the text of each warning at the synthesis of a stack."""
    return [
        str(message.entry.data)
        for message in Annotations.from_stack(stack).find_warning("*", Match.any_value())
    ]


def environment_without_make() -> dict[str, str]:
    """Return this process's environment without the variables that `make` adds."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("MAKE") and name != "MFLAGS"
    }


def react_to_ctrl_c() -> None:
    """Let a new process react to Ctrl-C (for `preexec_fn`).

    A shell lets the commands that it runs in the background ignore this signal, and their own
    processes would ignore it too.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def is_closed_soon(url: str) -> bool:
    """Return whether nothing listens at a URL any more, at the latest in ten minutes."""
    address = urlsplit(url)
    for _ in range(6000):
        # A server that is closing resets a connection that it has not accepted yet.
        try:
            with suppress(ConnectionResetError):
                socket.create_connection((address.hostname or "", address.port or 0)).close()
        except ConnectionRefusedError:
            return True
        # The machine may have other work.
        time.sleep(0.1)
    return False
