"""The sample app: one stack with one ID namespace association, its settings from CDK context.

`membership`, `id_namespace` and `name`, and if wanted `description`, `tags` and `adopt`, are in the
context of `cdk.json` or given by `-c name=value`.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from aws_cdk import App, CfnOutput, Stack

from cdk_cleanrooms import IdNamespaceAssociation, ValidationError

app = App()
stack = Stack(app, "CleanRoomsSample")


def setting(name: str) -> Any:
    """A context value from `cdk.json`, or from `-c name=value`."""
    return app.node.try_get_context(name)


def required_setting(name: str) -> Any:
    """A context value that there is no default for."""
    value = setting(name)
    if value is None:
        sys.exit(f"{name} is missing: give it by -c {name}=…, or in the context of cdk.json")
    return value


def tags_setting() -> Any:
    """The tags: an object in `cdk.json`, JSON text in `-c tags=…`."""
    value = setting("tags")
    try:
        return json.loads(value) if isinstance(value, str) else value
    except json.JSONDecodeError as error:
        sys.exit(f"""tags is not JSON ({error}): write -c tags='{{"Team": "DataScience"}}'""")


try:
    association = IdNamespaceAssociation(
        stack,
        "IdNamespaceAssociation",
        membership=required_setting("membership"),
        id_namespace=required_setting("id_namespace"),
        name=required_setting("name"),
        description=setting("description"),
        tags=tags_setting(),
        adopt=setting("adopt"),
    )
except ValidationError as error:
    sys.exit(str(error))

CfnOutput(stack, "Arn", value=association.id_namespace_association_arn)
CfnOutput(stack, "Identifier", value=association.id_namespace_association_identifier)

app.synth()
