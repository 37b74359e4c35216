"""Adoption of existing resources: the files that synthesis writes for `cdk import`.

`cdk import` runs the app before it reads its `--resource-mapping`, so the app can write
the mapping during synthesis. An adoption then needs only one command, which never prompts.

The files are written while the CDK collects the metadata of a stack. At that time the
logical IDs are final and the template has been written. Unlike validation, this cannot be skipped.

See Also:
    https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd-import.html
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, cast

import jsii
from aws_cdk import (
    Annotations,
    App,
    AssetStaging,
    CfnElement,
    CfnResource,
    IAnyProducer,
    IResolveContext,
    Lazy,
    RemovalPolicy,
    Stack,
    Stage,
)
from constructs import Construct

from . import checks
from .construct_checks import ConstructArguments, in_stack
from .construct_checks import removal_policy as removal_policy_rule
from .environment import facts_of, stack_of
from .facts import remember
from .synthesis import Claims, Tree
from .template_references import references
from .unique import place_of
from .validation import Problem, Rule

MAPPING = ".import.json"
"""The file for `cdk import`, with resources that are adopted by their identifier."""
ADOPTIONS = ".adopt.json"
"""The file for `cdk-cleanrooms adopt`, with all adopted resources, including those adopted by their
name."""
_TEMPLATE = ".template.json"

_adopted = Claims()


class Adoption:
    """Check and carry out the adoption that a construct asks for.

    Args:
        scope: The scope of the construct.
        adopt: The identifier of an existing resource to adopt. True adopts the resource with the
            same name, if it exists. None or False creates a new resource.
        rule: The rule for the identifier.
    """

    def __init__(self, scope: Construct, adopt: str | bool | None, rule: Rule) -> None:
        _forget_earlier_synthesis()
        self._scope = scope
        self._adopt = adopt
        self._rule = rule

    def literal(self, rule: Rule, argument: object = "") -> Rule:
        """Return the rule for an argument that identifies the adopted resource.

        Args:
            rule: The rule for the argument.
            argument: The argument. A construct can be resolved after synthesis, unless synthesis
                has to write an identifier.
        """
        by_identifier = isinstance(self._adopt, str)
        by_name = self._adopt is True and isinstance(argument, str)
        return checks.literal(rule) if by_identifier or by_name else rule

    def literal_name(self, rule: Rule) -> Rule:
        """Return a rule for the name by which an adopted resource is found."""
        return checks.literal(rule) if self._adopt is True else rule

    def check(self, arguments: ConstructArguments, removal_policy: RemovalPolicy | None) -> None:
        """Check the removal policy, and whether the adoption is possible."""
        self._id = arguments.construct_id
        arguments.check("removal_policy", removal_policy, checks.optional(removal_policy_rule))
        if self._adopt is None or isinstance(self._adopt, bool):
            identifier: str | None = None
        else:
            identifier = arguments.check("adopt", self._adopt, checks.literal(self._rule))
        self._identifier = identifier
        self._is_adopting = identifier is not None or self._adopt is True
        if self._is_adopting and in_stack(self._scope):
            stack = stack_of(self._scope)
            assert stack is not None
            if facts_of(stack).is_nested:
                message = (
                    "CloudFormation cannot import resources into a nested stack; adopt it in the"
                    " parent stack"
                )
                arguments.report([Problem("adopt", self._adopt, message)])

    def apply(
        self,
        construct: Construct,
        resource: CfnResource,
        removal_policy: RemovalPolicy | None,
        primary_identifier: Callable[[str], Mapping[str, str]],
    ) -> None:
        """Carry out the adoption, and apply the removal policy.

        Args:
            construct: The construct.
            resource: Its resource.
            removal_policy: The removal policy from the arguments. By default an adopted resource is
                retained.
            primary_identifier: A function that returns the primary identifier of the resource
                from the identifier that was given, with its parts as CloudFormation names them.
        """
        if self._is_adopting:
            identifier = (
                None if self._identifier is None else dict(primary_identifier(self._identifier))
            )
            self._note(_Adopter(self._scope, self._id, construct, resource, identifier))
            removal_policy = removal_policy or (
                RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
                if identifier is None
                else RemovalPolicy.RETAIN
            )
        if removal_policy is not None:
            resource.apply_removal_policy(removal_policy)

    def _note(self, adopter: _Adopter) -> None:
        stack = stack_of(self._scope)
        assert stack is not None
        remember(stack, _AdoptionsOfStack, lambda: _AdoptionsOfStack(stack)).add(adopter)


class _Adopter(NamedTuple):
    scope: Construct
    id: str
    construct: Construct
    resource: CfnResource
    identifier: dict[str, str] | None

    @property
    def type_name(self) -> str:
        return _type_name(type(self.resource))


@cache
def _type_name(kind: Any) -> str:
    return cast(str, kind.CFN_RESOURCE_TYPE_NAME)


class _Written(set[Path]):
    """The files that the stacks of a stage have written."""


@jsii.implements(IAnyProducer)
class _AdoptionsOfStack:
    """The constructs of one stack that adopt resources. The CDK calls `produce` at synthesis."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._adopters: list[_Adopter] = []
        files = Lazy.uncached_any(self)
        facts_of(stack).node.add_metadata("cdk-cleanrooms:adoption", files)

    def add(self, adopter: _Adopter) -> None:
        self._adopters.append(adopter)
        identifier = adopter.identifier
        if identifier is None or any(map(checks.is_placeholder, identifier.values())):
            return
        given = next(iter(identifier.values()))
        # An ID is unique in AWS, but a name only in its account and Region.
        place = None if checks.IDENTIFIER.fullmatch(given) else place_of(adopter.scope)
        key = (adopter.type_name, place, *identifier.values())

        def conflict(earlier: list[Construct]) -> str:
            return (
                f"adopt: {given!r} is already adopted by {earlier[0].node.path}; adopt it in one"
                " place"
            )

        _adopted.add(self._stack, adopter.construct, key, conflict)

    def produce(self, _context: IResolveContext) -> Any:
        """Write the files, and warn of references that an import cannot resolve."""
        tree = Tree(known=self._stack)
        present = [
            adopter for adopter in self._adopters if tree.contains(adopter.construct, adopter.scope)
        ]
        logical_ids = self._stack.resolve([adopter.resource.logical_id for adopter in present])
        adopters: dict[str, _Adopter] = dict(zip(logical_ids, present, strict=True))
        stage = cast(Stage, Stage.of(self._stack))
        outdir = stage.outdir
        folder = Path(outdir)
        if not folder.is_absolute():
            folder = _working_directory_of_the_cdk(outdir) / folder
        template_file = folder / self._stack.template_file
        artifact = template_file.name.removesuffix(_TEMPLATE)
        mapping = {
            logical_id: adopter.identifier
            for logical_id, adopter in adopters.items()
            if adopter.identifier is not None
            and not any(map(checks.is_placeholder, adopter.identifier.values()))
        }
        paths: dict[int, str] = {}
        for adopter in present:
            if id(adopter.scope) not in paths:
                scope = adopter.scope
                node = facts_of(scope).node if isinstance(scope, Stack) else scope.node
                paths[id(scope)] = node.path
        adoptions = {
            logical_id: {
                "ConstructPath": f"{paths[id(adopter.scope)]}/{adopter.id}",
                "ResourceType": adopter.type_name,
                "ResourceIdentifier": mapping.get(logical_id),
            }
            for logical_id, adopter in adopters.items()
            if logical_id in mapping or adopter.identifier is None
        }
        try:
            files = {
                folder / f"{artifact}{suffix}": content
                for suffix, content in ((MAPPING, mapping), (ADOPTIONS, adoptions))
                if content
            }
            written = remember(stage, _Written, _Written)
            written.update(files)
            _discard(folder, keep=written)
            for path, content in files.items():
                _write(path, content)
        except OSError as error:
            raise RuntimeError(
                f"cannot write the resource mapping for cdk import: {error}"
            ) from error
        template = json.loads(template_file.read_text("utf-8"))
        for logical_id, adopter in adopters.items():
            self._warn_of_references(template, logical_id, adopter, adopters)
        return sorted(adoptions)

    def _warn_of_references(
        self,
        template: dict[str, Any],
        logical_id: str,
        adopter: _Adopter,
        adopters: Collection[str],
    ) -> None:
        resource = template.get("Resources", {}).get(logical_id, {})
        others = sorted({*references(resource)} - {*adopters})
        if others:
            names = ", ".join(self._path_of(other) for other in others)
            Annotations.of(adopter.construct).add_warning_v2(
                "cdk-cleanrooms:adoptedResourceRefersToOthers",
                f"This adopted resource refers to {names}. Its import fails unless that is already"
                " deployed: CloudFormation imports with a template that contains only what is"
                " deployed and what is imported. Deploy what it refers to first, or use literal"
                " values. If it is already deployed, acknowledge this warning.",
            )

    def _path_of(self, logical_id: str) -> str:
        """Return the construct path of an element, or its logical ID if it has none."""
        for element in facts_of(self._stack).node.find_all():
            if (
                isinstance(element, CfnElement)
                and element.stack is self._stack
                and self._stack.resolve(element.logical_id) == logical_id
            ):
                return element.node.path.removesuffix("/Resource")
        return logical_id


@cache
def _working_directory_of_the_cdk(outdir: str) -> Path:
    """Return the folder against which the CDK's process resolves relative paths.

    Python may have changed its own working directory since that process was started.
    """
    context = {"aws:cdk:disable-asset-staging": True}
    app = App(outdir=outdir, auto_synth=False, context=context)
    here = AssetStaging(Stack(app, "Stack"), "Here", source_path=".", asset_hash="here")
    return Path(here.absolute_staged_path)


@cache
def _forget_earlier_synthesis() -> None:
    """Remove the files of an earlier run of the app from the folder that the CDK CLI names."""
    outdir = os.environ.get("CDK_OUTDIR")
    folders: list[Path] = [Path(outdir)] if outdir else []
    for folder in folders:
        # A file that cannot be removed will be overwritten, or the CLI reports the error.
        with suppress(OSError):
            _discard(folder, keep=())
        folders.extend(folder.glob("assembly-*/"))


def _discard(folder: Path, keep: Collection[Path]) -> None:
    for suffix in (MAPPING, ADOPTIONS):
        for path in folder.glob(f"*{suffix}"):
            template = path.with_name(path.name.removesuffix(suffix) + _TEMPLATE)
            if path not in keep and template.exists():
                path.unlink()


def _write(path: Path, content: Mapping[str, Any]) -> None:
    # In one step, so that nobody reads half a file.
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        partial.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
