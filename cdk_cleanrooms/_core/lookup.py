"""Look-ups of existing resources while the app is synthesized."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from aws_cdk import ContextProvider
from constructs import Construct

from . import checks
from .environment import Environment


def dummy_collaboration(environment: Environment) -> dict[str, str]:
    """Return well-formed dummy values for the ARN and the ID of a collaboration."""
    identifier = "00000000-0000-0000-0000-000000000000"
    place = f"{environment.region}:{environment.account}"
    return {
        "CollaborationArn": f"arn:aws:cleanrooms:{place}:collaboration/{identifier}",
        "CollaborationIdentifier": identifier,
    }


def look_up(
    scope: Construct, type_name: str, identifier: Mapping[str, str], dummy: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Read properties of an existing resource through Cloud Control.

    Args:
        scope: A scope whose account and Region are known.
        type_name: The name of the resource type in CloudFormation.
        identifier: The primary identifier.
        dummy: Values to use for the properties until the CDK CLI has read them.

    Returns:
        The properties.
    """
    parts = identifier.values()
    if any(map(checks.is_placeholder, parts)):
        # The CLI has to look up the identifier first.
        return dummy
    (found,) = ContextProvider.get_value(
        scope,
        provider="cc-api-provider",
        props={
            "typeName": type_name,
            "exactIdentifier": "|".join(parts),
            "propertiesToReturn": list(dummy),
        },
        dummy_value=[dummy],
    ).value
    return cast(Mapping[str, Any], found)
