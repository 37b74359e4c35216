"""The sample app: one stack with one ID namespace association.

The settings come from CDK context: from `cdk.json`, or from `-c name=value`. `membership`,
`id_namespace` and `name` are required; `description`, `tags` and `adopt` are optional.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from aws_cdk import App, CfnOutput, RemovalPolicy, Stack

from cdk_cleanrooms import IdNamespaceAssociation, ValidationError

app = App()
stack = Stack(app, "CleanRoomsSample")


def setting(name: str) -> Any:
    """Return a context value from `cdk.json`, or from `-c name=value`."""
    return app.node.try_get_context(name)


def required_setting(name: str) -> Any:
    """Return a context value that has no default."""
    value = setting(name)
    if value is None:
        sys.exit(f"{name} is missing: pass -c {name}=…, or set it in the context of cdk.json")
    return value


def tags_setting() -> Any:
    """Return the tags, which are an object in `cdk.json` and JSON text in `-c tags=…`."""
    value = setting("tags")
    try:
        return json.loads(value) if isinstance(value, str) else value
    except json.JSONDecodeError as error:
        sys.exit(f"""tags is not JSON ({error}): use -c tags='{{"Team": "DataScience"}}'""")


def adopt_setting() -> Any:
    """Return an association's ID, or True to adopt the association of this name if it exists.

    A value from `-c adopt=…` is always text, so "true" and "false" are converted.
    """
    value = setting("adopt")
    if not isinstance(value, str):
        return value
    return {"true": True, "false": None}.get(value.lower(), value)


try:
    association = IdNamespaceAssociation(
        stack,
        "IdNamespaceAssociation",
        membership=required_setting("membership"),
        id_namespace=required_setting("id_namespace"),
        name=required_setting("name"),
        description=setting("description"),
        tags=tags_setting(),
        adopt=adopt_setting(),
        # Retains an adopted association even if a later command omits `-c adopt=…`. Only the
        # rollback of its own creation deletes an association.
        removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    )
except ValidationError as error:
    sys.exit(str(error))

CfnOutput(stack, "Arn", value=association.id_namespace_association_arn)
CfnOutput(stack, "Identifier", value=association.id_namespace_association_identifier)

app.synth()
