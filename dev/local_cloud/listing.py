"""The listing of what exists in a local cloud, for people."""

from __future__ import annotations

from typing import Any

from dev.local_cloud.local_cloud import LocalCloud


def listing(cloud: LocalCloud) -> str:
    """What exists in the local Clean Rooms, for people."""
    associations = "\n".join(map(_described, cloud.associations())) or "  nothing"
    return f"In the local Clean Rooms:\n{associations}\n"


def _described(association: dict[str, Any]) -> str:
    mapping = association.get("idMappingConfig", {})
    lines = {
        "Identifier": association["id"],
        "ARN": association["arn"],
        "ID namespace": association["inputReferenceConfig"]["inputReferenceArn"],
        "Manages resource policies": association["inputReferenceConfig"]["manageResourcePolicies"],
        "Allows dimension column": mapping.get("allowUseAsDimensionColumn", "not set"),
        "Description": association.get("description", "not set"),
        **{f"Tag {key}": value for key, value in _own_tags(association).items()},
    }
    return "\n".join(
        [f"  {association['name']}", *(f"    {name}: {value}" for name, value in lines.items())]
    )


def _own_tags(association: dict[str, Any]) -> dict[str, str]:
    tags: dict[str, str] = association["tags"]
    return {key: value for key, value in tags.items() if not key.startswith("aws:")}
