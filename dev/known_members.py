"""Renew the list of what the service describes of each resource: `python -m dev.known_members`.

It comes from the models of the APIs in botocore. Let the command print the members that a new
version of botocore has added before you renew the list, because it says nothing of those it knows.
"""

from __future__ import annotations

import json
from typing import Any

from botocore.session import get_session

from cdk_cleanrooms._cli.arguments import KNOWN_MEMBERS
from cdk_cleanrooms._core.types import RESOURCE_TYPES, ResourceType


def published() -> str:
    """Return the list, as JSON."""
    known = {type.name: _members(_described(type)) for type in RESOURCE_TYPES}
    return f"{json.dumps(known, indent=1)}\n"


def _described(type: ResourceType) -> dict[str, Any]:
    model = get_session().get_service_model(type.service)
    (operation,) = type.permissions(type.get)
    answer = model.operation_model(operation.partition(":")[2]).output_shape
    found: Any = type.details(answer.members)
    members: dict[str, Any] = found if isinstance(found, dict) else found.members
    return members


def _members(shapes: dict[str, Any]) -> dict[str, Any]:
    members = {}
    for name, shape in sorted(shapes.items()):
        while shape.type_name == "list":
            shape = shape.member
        members[name] = _members(shape.members) if shape.type_name == "structure" else {}
    return members


if __name__ == "__main__":
    KNOWN_MEMBERS.write_text(published(), "utf-8")
