"""A listing of the resources in a local cloud, for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .cloud import LocalAccount

Described = dict[str, Any]

# What the listing shows about a resource besides its name, by its path in the API's answer.
_SHOWN = {
    "id": "Identifier",
    "arn": "ARN",
    "status": "Status",
    "type": "Type",
    "inputReferenceConfig.inputReferenceArn": "Made from",
    "inputReferenceConfig.manageResourcePolicies": "Manages resource policies",
    "idMappingConfig.allowUseAsDimensionColumn": "Allows dimension column",
    "roleArn": "Role",
    "description": "Description",
}


def listing(cloud: LocalAccount) -> str:
    """Return the resources of the local Clean Rooms and Entity Resolution as a tree."""
    resources = cloud.resources()
    clean_rooms = [one for one in resources if ":cleanrooms:" in _arn(one)]
    entity_resolution = [one for one in resources if one not in clean_rooms]
    parts = [f"In the local Clean Rooms:\n{_text(_clean_rooms(clean_rooms))}"]
    if entity_resolution:
        lines = [line for one in entity_resolution for line in _described(one, 1)]
        parts.append(f"In the local Entity Resolution:\n{_text(lines)}")
    return "".join(parts)


def _clean_rooms(resources: list[Described]) -> Iterator[str]:
    """Yield collaborations with their memberships and what these contain, and then the rest."""
    collaborations = [one for one in resources if one["kind"] == "Collaboration"]
    memberships = [one for one in resources if one["kind"] == "Membership"]
    for collaboration in collaborations:
        yield from _described(collaboration, 1)
        for membership in memberships:
            if membership["collaborationId"] == collaboration["id"]:
                yield from _membership(membership, resources, 2)
    known = {one["arn"] for one in collaborations}
    for membership in memberships:
        if membership["collaborationArn"] not in known:
            yield from _membership(membership, resources, 1)
    known = {one["arn"] for one in memberships}
    for one in resources:
        is_shown = one in collaborations or one in memberships or one.get("membershipArn") in known
        if not is_shown:
            yield from _described(one, 1)


def _membership(membership: Described, resources: list[Described], depth: int) -> Iterator[str]:
    yield from _described(membership, depth)
    for one in resources:
        if one["kind"] != "Collaboration" and one.get("membershipArn") == membership["arn"]:
            yield from _described(one, depth + 1)


def _described(resource: Described, depth: int) -> Iterator[str]:
    indent = "  " * depth
    title = resource.get("name") or _arn(resource).rpartition("/")[2]
    yield f"{indent}{resource['kind']} {title}"
    found = resource | {"arn": _arn(resource)}
    for path, label in _SHOWN.items():
        value: Any = found
        for name in path.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        if value not in (None, title):
            yield f"{indent}  {label}: {value}"
    for key, value in resource["tags"].items():
        if not key.startswith("aws:"):
            yield f"{indent}  Tag {key}: {value}"


def _arn(resource: Described) -> str:
    names = ("arn", "schemaArn", "workflowArn", "idNamespaceArn")
    arn: str = next(resource[name] for name in names if name in resource)
    return arn


def _text(lines: Iterable[str]) -> str:
    return ("\n".join(lines) or "  nothing") + "\n"
