"""The stacks of a cloud assembly, and the resources that their constructs adopt."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .._core import adoption_files
from .._core.adoption_files import Adoption
from .aws import CommandError, Role
from .template import imports


@dataclass(frozen=True)
class AssemblyStack:
    """A stack of a cloud assembly.

    Attributes:
        id: The ID by which the CDK CLI selects it, such as `Prod/Stack`.
        name: Its name in CloudFormation.
        account: Its account, or None if the app leaves it open.
        region: Its Region, or None if the app leaves it open.
        template: Its template.
        adoptions: Its constructs that adopt resources.
        dependencies: The IDs of the stacks that are deployed before it.
        roles: The roles for reading in its environment, in the order in which they are tried. Their
            ARNs can contain placeholders for the account, the Region and the partition.
    """

    id: str
    name: str
    account: str | None
    region: str | None
    template: Mapping[str, Any]
    adoptions: Sequence[Adoption]
    dependencies: Sequence[str] = ()
    roles: Sequence[Role] = ()


def stacks_of(folder: Path) -> list[AssemblyStack]:
    """Return all stacks of a cloud assembly, including those in stages.

    Args:
        folder: The output folder of the CDK.

    Returns:
        The stacks, in the order of the assembly.

    Raises:
        CommandError: If the folder contains no cloud assembly.
    """
    try:
        return [*_stacks(folder)]
    except adoption_files.UnknownVersionError as error:
        raise CommandError(str(error)) from error
    except (OSError, ValueError, KeyError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise CommandError(f"cannot read the cloud assembly in {folder} ({reason})") from error


def _stacks(folder: Path) -> Iterator[AssemblyStack]:
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    artifacts = manifest.get("artifacts", {})
    for artifact_id, artifact in artifacts.items():
        properties = artifact.get("properties", {})
        if artifact["type"] == "cdk:cloud-assembly":
            yield from _stacks(folder / properties["directoryName"])
        elif artifact["type"] == "aws:cloudformation:stack":
            account, region = artifact["environment"].removeprefix("aws://").split("/")
            template_file = folder / properties["templateFile"]
            template = json.loads(template_file.read_text("utf-8"))
            yield AssemblyStack(
                id=artifact.get("displayName", artifact_id),
                name=properties.get("stackName", artifact_id),
                account=None if account == "unknown-account" else account,
                region=None if region == "unknown-region" else region,
                template=template,
                adoptions=adoption_files.read(template_file, template),
                dependencies=[
                    artifacts.get(one, {}).get("displayName", one)
                    for one in artifact.get("dependencies", ())
                ],
                roles=[*_roles(properties)],
            )


def _roles(properties: Mapping[str, Any]) -> Iterator[Role]:
    """Yield the role for look-ups and the role for deployments, as the CDK CLI assumes them."""
    look_up = properties.get("lookupRole", {})
    for arn, given in (
        (look_up.get("arn"), look_up),
        (properties.get("assumeRoleArn"), properties),
    ):
        if not arn:
            continue
        options = dict(given.get("assumeRoleAdditionalOptions", {}))
        if tags := options.get("Tags"):
            options["TransitiveTagKeys"] = [tag["Key"] for tag in tags]
        if external_id := given.get("assumeRoleExternalId"):
            options["ExternalId"] = external_id
        yield Role(arn, options)


def in_order_of_deployment(stacks: Sequence[AssemblyStack]) -> list[AssemblyStack]:
    """Return stacks in an order in which each follows those that it depends on or reads from.

    Args:
        stacks: All stacks of an app.
    """
    by_id = {stack.id: stack for stack in stacks}
    by_place = {(stack.name, stack.account, stack.region): stack.id for stack in stacks}
    ordered: dict[str, AssemblyStack] = {}
    visited = set()

    def add(stack: AssemblyStack) -> None:
        if stack.id not in visited:
            visited.add(stack.id)
            # The CDK declares no dependency on a stack of another account.
            read = [by_place.get(place) for place in _places_of_outputs(stack)]
            for id in (*stack.dependencies, *read):
                if id in by_id:
                    add(by_id[id])
            ordered[stack.id] = stack

    for stack in stacks:
        add(stack)
    return [*ordered.values()]


def _places_of_outputs(stack: AssemblyStack) -> Iterator[tuple[str, str | None, str | None]]:
    """Yield the name, account and Region of each stack whose outputs a template reads."""
    for function, given in imports(stack.template):
        match given:
            case {"StackName": str(name), **more} if function == "Fn::GetStackOutput":
                role = re.search(r":iam::([0-9]{12}):", json.dumps(more.get("RoleArn")))
                region = more.get("Region")
                yield (
                    name,
                    role[1] if role else stack.account,
                    region if isinstance(region, str) else stack.region,
                )


def selected(
    stacks: Sequence[AssemblyStack],
    patterns: Sequence[str],
    *,
    every: bool = False,
    exclusively: bool = False,
) -> list[str]:
    """Return the IDs of the selected stacks.

    Args:
        stacks: All stacks.
        patterns: IDs or patterns, as for the CDK CLI. Without a pattern, all stacks with constructs
            that adopt resources are selected.
        every: Whether to select all stacks.
        exclusively: Whether to leave out stacks that selected stacks depend on. By default they are
            selected too, because the CDK CLI deploys them too.

    Returns:
        The IDs, in the order of the stacks.

    Raises:
        CommandError: If a pattern matches no stack.
    """
    for pattern in patterns:
        if not any(_matches(stack.id, pattern) for stack in stacks):
            names = ", ".join(stack.id for stack in stacks) or "none"
            raise CommandError(f"the app has no stack {pattern!r}; its stacks are: {names}")
    if every:
        chosen = {stack.id for stack in stacks}
    elif patterns:
        chosen = {
            stack.id for stack in stacks if any(_matches(stack.id, each) for each in patterns)
        }
    else:
        chosen = {stack.id for stack in stacks if stack.adoptions}
    wanted = chosen if exclusively else _with_dependencies(stacks, chosen)
    return [stack.id for stack in stacks if stack.id in wanted]


def _matches(id: str, pattern: str) -> bool:
    """Return whether a pattern matches. As in the CDK CLI, only `**` matches a slash."""
    wildcards = {"**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(\*\*|\*|\?)", pattern)
    return re.fullmatch("".join(wildcards.get(it, re.escape(it)) for it in parts), id) is not None


def _with_dependencies(stacks: Sequence[AssemblyStack], ids: Collection[str]) -> set[str]:
    """Return IDs of stacks, and the IDs of all stacks that those depend on."""
    dependencies = {stack.id: stack.dependencies for stack in stacks}
    found, pending = set[str](), [*ids]
    while pending:
        id = pending.pop()
        if id not in found:
            found.add(id)
            pending += dependencies.get(id, ())
    return found
