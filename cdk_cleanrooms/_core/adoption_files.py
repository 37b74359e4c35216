"""The files in which synthesis tells `cdk-cleanrooms adopt` and the CDK CLI what to adopt.

There are two of them beside the template of a stack. `<artifact>.adopt.json` lists all constructs
that adopt resources, and has a version. `<artifact>.import.json` is the resource mapping for
`cdk import`, with the resources that are adopted by their identifier. The CDK CLI would take a
version in it for a logical ID, so the version of the first file is the version of both.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from .types import BY_NAME

VERSION = 1
_MAPPING = ".import.json"
_ADOPTIONS = ".adopt.json"
_TEMPLATE = ".template.json"


class UnknownVersionError(ValueError):
    """A file was written by a version of this library that this version does not understand."""


class Adoption(NamedTuple):
    """A construct that adopts a resource."""

    logical_id: str
    """The logical ID of its resource."""
    path: str
    """The path of the construct."""
    type_name: str
    """The resource type, as CloudFormation names it."""
    identifier: Mapping[str, str] | None
    """The primary identifier of the resource to adopt, or None to look for it."""


def write(template_file: Path, adoptions: Iterable[Adoption]) -> set[Path]:
    """Write the files of a stack, unless they would be empty.

    Args:
        template_file: The template of the stack.
        adoptions: Its constructs that adopt resources.

    Returns:
        The files that were written.
    """
    adoptions = list(adoptions)
    mapping = {one.logical_id: one.identifier for one in adoptions if one.identifier is not None}
    entries = {
        one.logical_id: {
            "ConstructPath": one.path,
            "ResourceType": one.type_name,
            "ResourceIdentifier": one.identifier,
        }
        for one in adoptions
    }
    files: dict[Path, Any] = {}
    if mapping:
        files[_beside(template_file, _MAPPING)] = mapping
    if entries:
        files[_beside(template_file, _ADOPTIONS)] = {"Version": VERSION, "Adoptions": entries}
    for path, content in files.items():
        _write(path, content)
    return {*files}


def read(template_file: Path, template: Mapping[str, Any]) -> list[Adoption]:
    """Return the constructs of a stack that adopt resources, in the order of the template.

    Args:
        template_file: The template of the stack.
        template: Its content.

    Raises:
        UnknownVersionError: If the files have a version or a form that is not known.
        OSError: If a file cannot be read.
        ValueError: If a file is not JSON.
    """
    resources: Mapping[str, Any] = template.get("Resources", {})
    adoptions, mapping = _beside(template_file, _ADOPTIONS), _beside(template_file, _MAPPING)
    if adoptions.exists():
        file, entries = adoptions, _entries(adoptions)
    elif mapping.exists():
        # The first versions of this library wrote only this file.
        file, entries = mapping, _entries_of_mapping(mapping, resources)
    else:
        return []
    try:
        # An app that no longer uses the library leaves the file of an earlier synthesis behind.
        return [
            Adoption(
                logical_id=logical_id,
                path=entries[logical_id]["ConstructPath"],
                type_name=entries[logical_id]["ResourceType"],
                identifier=_in_order(
                    entries[logical_id]["ResourceType"], entries[logical_id]["ResourceIdentifier"]
                ),
            )
            for logical_id in resources
            if logical_id in entries
        ]
    except (KeyError, TypeError) as error:
        raise UnknownVersionError(_unknown(file)) from error


def discard(folder: Path, keep: Collection[Path] = ()) -> None:
    """Remove the files of an earlier synthesis from a folder.

    Args:
        folder: The folder.
        keep: The files to keep.
    """
    for suffix in (_MAPPING, _ADOPTIONS):
        for path in folder.glob(f"*{suffix}"):
            template = path.with_name(path.name.removesuffix(suffix) + _TEMPLATE)
            if path not in keep and template.exists():
                path.unlink()


def _entries(path: Path) -> Mapping[str, Any]:
    content = json.loads(path.read_text("utf-8"))
    if not isinstance(content, dict):
        raise UnknownVersionError(_unknown(path))
    version = content.get("Version")
    if not isinstance(version, (int, str)):
        return content  # the form before there was a version
    entries = content.get("Adoptions")
    if version != VERSION or not isinstance(entries, dict):
        raise UnknownVersionError(_unknown(path, version))
    return entries


def _entries_of_mapping(path: Path, resources: Mapping[str, Any]) -> Mapping[str, Any]:
    content = json.loads(path.read_text("utf-8"))
    if not isinstance(content, dict):
        raise UnknownVersionError(_unknown(path))
    entries = {}
    for logical_id in {*content} & {*resources}:
        resource = resources[logical_id]
        metadata = resource.get("Metadata", {})
        entries[logical_id] = {
            "ConstructPath": metadata.get("aws:cdk:path", logical_id).removesuffix("/Resource"),
            "ResourceType": resource["Type"],
            "ResourceIdentifier": content[logical_id],
        }
    return entries


def _in_order(type_name: str, identifier: Mapping[str, str] | None) -> Mapping[str, str] | None:
    """Return a primary identifier with its parts in their order, which JSON does not keep."""
    if identifier is None or type_name not in BY_NAME:
        return identifier
    names = BY_NAME[type_name].primary_identifier
    return {name: identifier[name] for name in names if name in identifier}


def _unknown(path: Path, version: object = None) -> str:
    which = "in a form" if version is None else f"with version {version}"
    return (
        f"{path} was written {which} that this version of cdk-cleanrooms does not understand;"
        " install the version of cdk-cleanrooms that the app uses, and synthesize the app again"
    )


def _beside(template_file: Path, suffix: str) -> Path:
    return template_file.with_name(template_file.name.removesuffix(_TEMPLATE) + suffix)


def _write(path: Path, content: Mapping[str, Any]) -> None:
    # In one step, so that nobody reads half a file.
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        partial.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
