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
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple, cast

import jsii
from aws_cdk import (
    Annotations,
    App,
    AssetStaging,
    CfnCondition,
    CfnMapping,
    CfnParameter,
    CfnResource,
    IAnyProducer,
    IResolveContext,
    Lazy,
    RemovalPolicy,
    Stack,
    Stage,
)
from constructs import Construct

from . import adoption_files, checks
from .construct_checks import ConstructArguments, in_stack, removal_policy as removal_policy_rule
from .environment import facts_of, stack_of
from .facts import facts_about, publish, remember
from .synthesis import Claims, Tree
from .template_references import references
from .unique import place_of
from .validation import Problem, Rule

_OTHER_ELEMENTS = (CfnCondition, CfnMapping, CfnParameter)

_adopted = Claims()


@dataclass(frozen=True)
class _Adopted:
    """A construct adopts the resource with this identifier."""

    identifier: str


def adopted_identifier(construct: object) -> str | None:
    """Return the identifier by which a construct adopts its resource, or None."""
    adopted = facts_about(construct, _Adopted)
    return adopted.identifier if adopted else None


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

    def literal(self, rule: Rule, argument: object = "", *, is_in_identifier: bool = True) -> Rule:
        """Return the rule for an argument that identifies or finds the adopted resource.

        Args:
            rule: The rule for the argument.
            argument: The argument. A construct is enough if the command looks the resource up by
                name. If synthesis writes the identifier itself, it must know the construct's own.
            is_in_identifier: Whether the argument is a part of the primary identifier.
        """
        is_text = isinstance(argument, str)
        if isinstance(self._adopt, str) and is_in_identifier:
            is_text = is_text or adopted_identifier(argument) is None
        return checks.literal(rule) if is_text and self._adopt else rule

    def literal_name(self, rule: Rule) -> Rule:
        """Return a rule for the name by which an adopted resource is found."""
        return checks.literal(rule) if self._adopt is True else rule

    def check(self, arguments: ConstructArguments, removal_policy: RemovalPolicy | None) -> None:
        """Check the removal policy, and whether the adoption is possible."""
        self._id = arguments.construct_id
        arguments.report(checks.optional(removal_policy_rule)("removal_policy", removal_policy))
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
                arguments.report([Problem("adopt", self._adopt, message, "AdoptionInNestedStack")])

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
            if self._identifier is not None:
                publish(construct, _Adopted(self._identifier))
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

    @property
    def has_placeholder(self) -> bool:
        """Whether the identifier is not known yet, because the CDK CLI has to look it up."""
        return any(map(checks.is_placeholder, (self.identifier or {}).values()))


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
        if identifier is None or adopter.has_placeholder:
            return
        given = next(iter(identifier.values()))
        # An ID is unique in AWS, but a name only in its account and Region.
        place = None if checks.IDENTIFIER.fullmatch(given) else place_of(adopter.scope)
        key = (adopter.type_name, place, *identifier.values())

        def conflict(earlier: list[Construct]) -> str:
            return (
                f"adopt: {given!r} is already adopted by {earlier[0].node.path}; adopt it in one"
                " place [AdoptedTwice]"
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
        adoptions = [
            adoption_files.Adoption(logical_id, path, adopter.type_name, adopter.identifier)
            for (logical_id, adopter), path in zip(adopters.items(), _paths(present), strict=True)
            if not adopter.has_placeholder
        ]
        try:
            written = remember(stage, _Written, _Written)
            written.update(adoption_files.write(template_file, adoptions))
            adoption_files.discard(folder, keep=written)
        except OSError as error:
            raise RuntimeError(
                f"cannot write the resource mapping for cdk import: {error}"
            ) from error
        self._warn_of_references(template_file, adopters)
        return sorted(adoption.logical_id for adoption in adoptions)

    def _warn_of_references(self, template_file: Path, adopters: Mapping[str, _Adopter]) -> None:
        resources = json.loads(template_file.read_text("utf-8")).get("Resources", {})
        others = {
            logical_id: sorted({*references(resources.get(logical_id, {}))} - {*adopters})
            for logical_id in adopters
        }
        paths = self._paths_of({*chain.from_iterable(others.values())}, resources)
        for logical_id, names in others.items():
            if names:
                Annotations.of(adopters[logical_id].construct).add_warning_v2(
                    "cdk-cleanrooms:adoptedResourceRefersToOthers",
                    f"This adopted resource refers to {', '.join(paths[name] for name in names)}."
                    " Its import fails unless that is already deployed: CloudFormation imports"
                    " with a template that contains only what is deployed and what is imported."
                    " Deploy what it refers to first, or use literal values. If it is already"
                    " deployed, acknowledge this warning.",
                )

    def _paths_of(self, names: set[str], resources: Mapping[str, Any]) -> dict[str, str]:
        """Return the construct paths of elements of the template, or their logical IDs."""
        # The CDK CLI makes the CDK write the path of each resource to the template. Without the
        # CLI, reading it would cost several requests for each resource of the stack.
        paths = {
            name: resources.get(name, {}).get("Metadata", {}).get("aws:cdk:path", name)
            for name in names
        }
        others = names - {*resources}
        for element in facts_of(self._stack).node.find_all() if others else ():
            if isinstance(element, _OTHER_ELEMENTS) and element.stack is self._stack:
                logical_id = self._stack.resolve(element.logical_id)
                if logical_id in others:
                    paths[logical_id] = element.node.path
        return {name: path.removesuffix("/Resource") for name, path in paths.items()}


def _paths(adopters: Iterable[_Adopter]) -> Iterator[str]:
    paths: dict[int, str] = {}
    for adopter in adopters:
        scope = adopter.scope
        if id(scope) not in paths:
            node = facts_of(scope).node if isinstance(scope, Stack) else scope.node
            paths[id(scope)] = node.path
        yield f"{paths[id(scope)]}/{adopter.id}"


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
            adoption_files.discard(folder)
        folders.extend(folder.glob("assembly-*/"))
