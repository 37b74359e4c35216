"""What the CDK synthesizes: the stacks of an app, read from its cloud assembly.

The files are read without the CDK, because each of its objects would cost requests to Node.js.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import DeploymentFailed, UnsupportedByLocalCloud

if TYPE_CHECKING:
    from aws_cdk import Stack, Stage

_STACK = "aws:cloudformation:stack"
_ASSETS = "cdk:asset-manifest"
_TEMPLATE = ".template.json"
_NESTED = "cdk:cloud-assembly"
_OF_BOOTSTRAPPING = (("Parameters", "BootstrapVersion"), ("Rules", "CheckBootstrapVersion"))
_USE_THE_CLI = 'Deploy this stack with `.cdk("deploy")`, which runs the CDK CLI.'


class SynthesizedStack:
    """A stack in a cloud assembly."""

    def __init__(self, folder: Path, artifacts: dict[str, Any], identifier: str) -> None:
        self._folder = folder
        self._artifacts = artifacts
        self._artifact = artifacts[identifier]
        properties = self._artifact["properties"]
        self.name: str = properties.get("stackName", identifier)
        self.tags: dict[str, str] = properties.get("tags", {})
        # aws://<account>/<region>, with `unknown-…` for what is known only at deployment.
        self.account, self.region = (
            None if part.startswith("unknown-") else part
            for part in self._artifact["environment"].removeprefix("aws://").split("/")
        )
        self._template_file: str = properties["templateFile"]

    @property
    def dependencies(self) -> Iterator[SynthesizedStack]:
        """The stacks that must be deployed before this one."""
        for identifier in self._artifact.get("dependencies", ()):
            if self._artifacts[identifier]["type"] == _STACK:
                yield SynthesizedStack(self._folder, self._artifacts, identifier)

    @cached_property
    def paths(self) -> dict[str, str]:
        """The paths of the constructs, by logical ID."""
        return {
            entry["data"]: path.removeprefix("/")
            for path, entry in self._metadata()
            if entry["type"] == "aws:cdk:logicalId"
        }

    def template(self) -> dict[str, Any]:
        """Return the template, without the check that the account is bootstrapped."""
        template: dict[str, Any] = json.loads(
            (self._folder / self._template_file).read_text("utf-8")
        )
        for section, name in _OF_BOOTSTRAPPING:
            if template.get(section, {}).pop(name, None) and not template[section]:
                del template[section]
        return template

    @property
    def parameters(self) -> Collection[str]:
        """The names of the parameters."""
        names: Collection[str] = self.template().get("Parameters", {})
        return names

    def imports(self) -> dict[str, dict[str, str]]:
        """Return the existing resources to import: their identifiers by logical ID.

        The constructs write this file, which is also the resource mapping for `cdk import`.
        """
        file = self._folder / f"{self._template_file.removesuffix(_TEMPLATE)}.import.json"
        found: dict[str, dict[str, str]] = (
            json.loads(file.read_text("utf-8")) if file.exists() else {}
        )
        return found

    def refuse_what_only_the_cli_can_do(self) -> None:
        """Refuse a stack with errors, assets or look-ups that have not been made."""
        for path, entry in self._metadata():
            if entry["type"] == "aws:cdk:error":
                raise DeploymentFailed(self.name, "", path.removeprefix("/"), entry["data"], [])
        for identifier in self._artifact.get("dependencies", ()):
            artifact = self._artifacts[identifier]
            if artifact["type"] == _ASSETS:
                manifest = json.loads(
                    (self._folder / artifact["properties"]["file"]).read_text("utf-8")
                )
                others = sorted(
                    asset.get("displayName", identifier)
                    for kind in ("files", "dockerImages")
                    for identifier, asset in manifest.get(kind, {}).items()
                    if asset["source"].get("path") != self._template_file
                )
                if others:
                    raise UnsupportedByLocalCloud(
                        f"{self.name} has assets, which the local cloud does not publish: "
                        f"{', '.join(others)}. {_USE_THE_CLI}"
                    )

    def _metadata(self) -> Iterator[tuple[str, dict[str, Any]]]:
        by_path: dict[str, list[dict[str, Any]]] = dict(self._artifact.get("metadata", {}))
        if file := self._artifact.get("additionalMetadataFile"):
            by_path |= json.loads((self._folder / file).read_text("utf-8"))
        for path, entries in by_path.items():
            for entry in entries:
                yield path, entry


def synthesized(target: Stack | Stage) -> list[SynthesizedStack]:
    """Synthesize a stack, an app or a stage, and return its stacks in the order of deployment."""
    from aws_cdk import NestedStack, Stack, Stage

    if not isinstance(target, Stack | Stage) or isinstance(target, NestedStack):
        raise TypeError(
            f"deploy takes a stack, a stage or an app, but not {type(target).__name__}. What is in"
            " a stack is deployed with it."
        )
    stage = target if isinstance(target, Stage) else Stage.of(target)
    assert stage is not None
    # Without `force`, a second synthesis would return the first one.
    folder = Path(stage.synth(force=True).directory)
    return in_order(folder, None if isinstance(target, Stage) else target.artifact_id)


def in_order(folder: Path, only: str | None = None) -> list[SynthesizedStack]:
    """Return the stacks of an assembly, or one stack and what it depends on, in order."""
    found: dict[str, SynthesizedStack] = {}

    def add(stack: SynthesizedStack) -> None:
        for other in stack.dependencies:
            add(other)
        found.setdefault(stack._template_file, stack)

    for stack in _stacks(folder, only):
        add(stack)
    return list(found.values())


def _stacks(folder: Path, only: str | None) -> Iterator[SynthesizedStack]:
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    if missing := manifest.get("missing"):
        asked = ", ".join(sorted({one["provider"] for one in missing}))
        raise UnsupportedByLocalCloud(
            f"The app looks up values that are not in its context ({asked}). {_USE_THE_CLI}"
        )
    artifacts = manifest.get("artifacts", {})
    for identifier, artifact in artifacts.items():
        if artifact["type"] == _STACK and only in (None, identifier):
            yield SynthesizedStack(folder, artifacts, identifier)
        elif artifact["type"] == _NESTED and only is None:
            yield from _stacks(folder / artifact["properties"]["directoryName"], only)
