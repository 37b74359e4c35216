"""Read cloud assemblies and templates."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import errors

NESTED_STACK = "AWS::CloudFormation::Stack"

_STACK = "aws:cloudformation:stack"
_ASSEMBLY = "cdk:cloud-assembly"
_ASSETS = "cdk:asset-manifest"
_LOGICAL_ID = "aws:cdk:logicalId"
_UNKNOWN = ("unknown-account", "unknown-region")
_SECTIONS = ("Resources", "Parameters", "Conditions", "Mappings", "Outputs")


@dataclass
class Stack:
    """A stack, and the stacks that are nested in it.

    Attributes:
        id: The ID by which the CDK CLI selects it, such as `Prod/Stack`. It is empty for a single
            template.
        name: Its name in CloudFormation, or None for a single template or a nested stack.
        account: Its account, or None if the app leaves it open.
        region: Its Region, or None if the app leaves it open.
        template: Its template.
        paths: The paths of constructs, by logical ID.
        nested: The stacks nested in it, by the logical ID of the resource. A stack whose template
            is not in the assembly is not among them.
    """

    id: str
    name: str | None
    account: str | None
    region: str | None
    template: Mapping[str, Any]
    paths: Mapping[str, str] = field(default_factory=dict)
    nested: dict[str, Stack] = field(default_factory=dict)

    def section(self, name: str) -> Mapping[str, Any]:
        """Return a section of the template, which is empty if the template lacks it."""
        found: Mapping[str, Any] = self.template.get(name, {})
        return found


def read(path: Path) -> list[Stack]:
    """Read a cloud assembly, with its stages and nested stacks, or a single template in JSON.

    Args:
        path: The output folder of the CDK, or a template.

    Returns:
        The stacks, in the order of the assembly, without those that are nested in others.

    Raises:
        ReviewError: If the file or folder does not exist, or is neither.
    """
    if path.is_dir():
        if not (path / "manifest.json").is_file():
            raise errors.no_assembly(path)
        return [*_stacks(path)]
    if not path.exists():
        raise errors.missing(path)
    content = _json(path)
    if path.name == "manifest.json" and isinstance(content, dict) and "artifacts" in content:
        return [*_stacks(path.parent)]
    template = _template(path, content)
    if "Resources" not in template:
        raise errors.no_template(path, "it has no Resources")
    stack = Stack(id="", name=None, account=None, region=None, template=template)
    assets = path.with_name(
        f"{path.name.removesuffix('.json').removesuffix('.template')}.assets.json"
    )
    _nest(stack, path.parent, _files(assets) if assets.is_file() else {}, (path.resolve(),))
    return [stack]


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise errors.not_json(path, error) from error
    except (OSError, RecursionError) as error:
        raise errors.unreadable(path, error) from error
    except ValueError as error:
        raise errors.not_json(path, error) from error


def _template(path: Path, content: Any) -> Mapping[str, Any]:
    if not isinstance(content, dict):
        raise errors.no_template(path, "it is no JSON object")
    for name in _SECTIONS:
        if not isinstance(content.get(name, {}), dict):
            raise errors.no_template(path, f"its {name} are no JSON object")
    for logical_id, resource in content.get("Resources", {}).items():
        if logical_id.startswith("Fn::"):
            continue
        if not isinstance(resource, dict) or not isinstance(resource.get("Type"), str):
            raise errors.no_template(path, f"the resource {logical_id!r} has no Type")
        if not isinstance(resource.get("Properties", {}), dict):
            raise errors.no_template(path, f"the Properties of {logical_id!r} are no JSON object")
    for section in ("Parameters", "Outputs"):
        for name, declared in content.get(section, {}).items():
            if not name.startswith("Fn::") and not isinstance(declared, dict):
                raise errors.no_template(path, f"{name!r} in its {section} is no JSON object")
    return content


def _stacks(folder: Path) -> Iterator[Stack]:
    manifest_file = folder / "manifest.json"
    manifest = _json(manifest_file)
    try:
        artifacts = manifest.get("artifacts", {})
        files = {
            name: source
            for artifact in artifacts.values()
            if artifact["type"] == _ASSETS
            for name, source in _files(folder / artifact["properties"]["file"]).items()
        }
        for artifact_id, artifact in artifacts.items():
            properties = artifact.get("properties", {})
            if artifact["type"] == _ASSEMBLY:
                yield from _stacks(folder / properties["directoryName"])
            elif artifact["type"] == _STACK:
                account, region = artifact["environment"].removeprefix("aws://").split("/")
                file = folder / properties["templateFile"]
                stack = Stack(
                    id=artifact.get("displayName", artifact_id),
                    name=properties.get("stackName", artifact_id),
                    account=None if account in _UNKNOWN else account,
                    region=None if region in _UNKNOWN else region,
                    template=_template(file, _json(file)),
                    paths=_paths(folder, artifact),
                )
                _nest(stack, folder, files, (file.resolve(),))
                yield stack
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise errors.no_manifest(manifest_file, reason) from error


def _paths(folder: Path, artifact: Mapping[str, Any]) -> dict[str, str]:
    metadata = artifact.get("metadata")
    if metadata is None and "additionalMetadataFile" in artifact:
        metadata = _json(folder / artifact["additionalMetadataFile"])
    return {
        entry["data"]: path.strip("/")
        for path, entries in (metadata or {}).items()
        for entry in entries
        if entry["type"] == _LOGICAL_ID
    }


def _files(manifest: Path) -> dict[str, str]:
    """Return the source of each file asset, by what the address of its copy contains."""
    found = {}
    for asset_id, asset in _json(manifest).get("files", {}).items():
        source = asset["source"].get("path")
        if source is not None:
            found[asset_id] = source
            for destination in asset.get("destinations", {}).values():
                found[destination["objectKey"]] = source
    return found


def _nest(stack: Stack, folder: Path, files: Mapping[str, str], parents: tuple[Path, ...]) -> None:
    for logical_id, resource in stack.section("Resources").items():
        if not isinstance(resource, dict) or resource.get("Type") != NESTED_STACK:
            continue
        source = _source(resource, files)
        if source is None:
            continue
        file = folder / source
        # A template that nests itself has no end.
        if file.resolve() in parents:
            raise errors.no_template(file, "it is nested in itself")
        nested = Stack(
            id=f"{stack.id}/{logical_id}" if stack.id else logical_id,
            name=None,
            account=stack.account,
            region=stack.region,
            template=_template(file, _json(file)),
            paths=stack.paths,
        )
        _nest(nested, folder, files, (*parents, file.resolve()))
        stack.nested[logical_id] = nested


def _source(resource: Mapping[str, Any], files: Mapping[str, str]) -> str | None:
    metadata = resource.get("Metadata")
    path = metadata.get("aws:asset:path") if isinstance(metadata, dict) else None
    if isinstance(path, str):
        return path
    address = "".join(_texts(resource.get("Properties", {}).get("TemplateURL")))
    return next((source for name, source in files.items() if name in address), None)


def _texts(node: Any) -> Iterator[str]:
    match node:
        case str():
            yield node
        case dict():
            for item in node.values():
                yield from _texts(item)
        case list():
            for item in node:
                yield from _texts(item)
