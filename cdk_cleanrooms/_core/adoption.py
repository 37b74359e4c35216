"""Adoption of what exists: the resource mapping that `cdk import` reads.

`cdk import` runs the app first and reads its `--resource-mapping` after that, so an app that
writes the mapping while it synthesizes makes adoption one command that asks nothing.

See Also:
    https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd-import.html
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import cast
from weakref import WeakKeyDictionary

import jsii
from aws_cdk import CfnResource, Stack, Stage
from constructs import Construct, IConstruct, IValidation

from . import rules
from .environment import stack_of
from .validation import Problem

_MAPPING = ".import.json"
_TEMPLATE = ".template.json"


class _Adoptions:
    """What the stacks of one app adopt."""

    def __init__(self) -> None:
        self.adopters: dict[tuple[str, ...], CfnResource] = {}
        self.written: set[Path] = set()


@jsii.implements(IValidation)
class _ResourceMapping:
    """What one stack adopts. The CDK calls `validate` when the stack's logical IDs are settled."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._node = stack.node
        self.is_nested = stack.nested_stack_parent is not None
        self.adoptions = _adoptions.setdefault(self._node.root, _Adoptions())
        self._identifiers: dict[CfnResource, Mapping[str, str]] = {}

    def add(self, resource: CfnResource, identifier: Mapping[str, str]) -> None:
        """Note that a resource adopts what an identifier stands for."""
        if not self._identifiers:
            self._node.add_validation(self)
        self._identifiers[resource] = identifier
        self.adoptions.adopters[tuple(identifier.values())] = resource

    def validate(self) -> list[str]:
        """Write the mapping; what is wrong is only that it cannot be written."""
        logical_ids = self._stack.resolve([resource.logical_id for resource in self._identifiers])
        mapping = dict(zip(logical_ids, self._identifiers.values(), strict=True))
        folder = Path(cast(Stage, Stage.of(self._stack)).outdir)
        path = folder / f"{self._stack.artifact_id}{_MAPPING}"
        try:
            _discard_mappings(folder, keep=self.adoptions.written)
            _write(path, json.dumps(mapping, indent=2, sort_keys=True) + "\n")
        except OSError as error:
            return [f"cannot write the resource mapping for cdk import: {error}"]
        self.adoptions.written.add(path)
        return []


_adoptions: WeakKeyDictionary[IConstruct, _Adoptions] = WeakKeyDictionary()
_mappings: WeakKeyDictionary[Stack, _ResourceMapping] = WeakKeyDictionary()


def problems(
    property: str, scope: Construct, identifier: Mapping[str, str] | None
) -> Iterator[Problem]:
    """What stands against an adoption.

    Args:
        property: The argument that asks for the adoption.
        scope: The construct that the adopting construct would be created in.
        identifier: The primary identifier of what is adopted, its parts named as CloudFormation
            names them; None if nothing is adopted.

    Yields:
        Each problem.
    """
    if identifier is None or not rules.is_construct(scope):
        return
    parts = tuple(identifier.values())
    mapping = _mapping_of(scope)
    if mapping.is_nested:
        message = "CloudFormation imports nothing into a nested stack; adopt in the stack around it"
        yield Problem(property, parts[0], message)
    # As text: what is no string, for which another rule speaks, may be no key either.
    adopter = mapping.adoptions.adopters.get(tuple(map(str, parts)))
    if adopter:
        path = adopter.node.path.removesuffix("/Resource")
        message = f"{parts[0]!r} is adopted by {path} already; adopt it in one place"
        yield Problem(property, parts[0], message)


def add(resource: CfnResource, scope: Construct, identifier: Mapping[str, str]) -> None:
    """Have a resource adopt what an identifier stands for.

    Args:
        resource: The resource in the template.
        scope: The scope that `problems` was asked with.
        identifier: The primary identifier, as CloudFormation names its parts.
    """
    _mapping_of(scope).add(resource, identifier)


def _mapping_of(scope: Construct) -> _ResourceMapping:
    stack = stack_of(scope)
    mapping = _mappings.get(stack)
    if mapping is None:
        mapping = _mappings[stack] = _ResourceMapping(stack)
    return mapping


@cache
def forget_earlier_synthesis() -> None:
    """Remove the mappings that an earlier run of the app left where the CDK CLI has its output.

    Those that are still wanted are written again. It costs no request to the CDK's process, so an
    app that adopts nothing any more gets rid of its last mapping too.
    """
    outdir = os.environ.get("CDK_OUTDIR")
    folders = [Path(outdir)] if outdir else []
    for folder in folders:
        # A mapping that cannot be removed will be overwritten, or the CLI says what is wrong.
        with suppress(OSError):
            _discard_mappings(folder, keep=())
        folders.extend(folder.glob("assembly-*/"))


def _discard_mappings(folder: Path, keep: Collection[Path]) -> None:
    for path in folder.glob(f"*{_MAPPING}"):
        template = path.with_name(path.name.removesuffix(_MAPPING) + _TEMPLATE)
        if path not in keep and template.exists():
            path.unlink()


def _write(path: Path, text: str) -> None:
    # In one step, so that nobody ever reads half a mapping.
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
