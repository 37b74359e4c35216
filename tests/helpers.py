"""What several test files ask of a construct, or of what it became."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.metadata import version
from typing import Any, Protocol, cast

import pytest
from aws_cdk import CfnResource, IResource, Stack
from aws_cdk.assertions import Annotations, Match, Template
from aws_cdk.aws_cleanrooms import CfnIdNamespaceAssociation
from packaging.version import Version

from cdk_cleanrooms import IdNamespaceAssociation, Problem, ValidationError


def needs_cdk(lowest: str) -> pytest.MarkDecorator:
    """Skip a test of what the CDK does by itself, in the versions that do not do it yet."""
    return pytest.mark.skipif(
        Version(version("aws-cdk-lib")) < Version(lowest), reason=f"needs aws-cdk-lib {lowest}"
    )


class Associate(Protocol):
    """Declares an association whose arguments are good, but for those given."""

    def __call__(self, **arguments: object) -> IdNamespaceAssociation: ...


def l1_of(association: IResource) -> CfnIdNamespaceAssociation:
    """The L1 construct in an association."""
    return cast(CfnIdNamespaceAssociation, association.node.default_child)


def resource_of(construct: IResource | CfnResource) -> dict[str, Any]:
    """What stands for a construct in the template of its stack."""
    l1 = construct if isinstance(construct, CfnResource) else l1_of(construct)
    resources = Template.from_stack(l1.stack).to_json()["Resources"]
    return cast(dict[str, Any], resources[l1.stack.resolve(l1.logical_id)])


def problems_of(refused: Callable[[], object]) -> tuple[Problem, ...]:
    """What a call is refused for."""
    with pytest.raises(ValidationError) as raised:
        refused()
    return raised.value.problems


def warnings_of(stack: Stack) -> list[str]:
    """The text of each warning that a user of the stack sees at synthesis."""
    return [
        str(message.entry.data)
        for message in Annotations.from_stack(stack).find_warning("*", Match.any_value())
    ]


def environment_without_make() -> dict[str, str]:
    """Return this process's environment without what `make` adds for a `make` that it starts."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("MAKE") and name != "MFLAGS"
    }
