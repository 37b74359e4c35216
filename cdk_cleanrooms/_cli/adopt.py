"""Adopt existing resources into the stacks of an app; the next deployment creates the others."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .aws import Aws, CommandError, OutputError, advice, visible
from .cdk_cli import CdkCli
from .cloud_assembly import in_order_of_deployment, selected, stacks_of
from .cloudformation import Environments
from .plan import ADOPT, CANNOT, CREATE, MANAGED, Change, Line, Planner, StackPlan
from .stop import Stoppable

_PERMISSIONS = (
    "cloudformation:DescribeStacks",
    "cloudformation:ListStackResources",
    "cloudformation:GetTemplate",
    "cloudformation:ListExports",
    "cloudformation:GetResource",
    "sts:GetCallerIdentity",
    "the actions that list and get the resources and their tags",
)
_IMPORTED, _DEPLOYED = "imported", "deployed"
_WIDTH = max(map(len, (ADOPT, CANNOT, CREATE, MANAGED)))

Write = Callable[[str], None]


def adopt(options: Namespace, write: Write) -> int:
    """Run the command.

    Args:
        options: The options of the command and of the CDK CLI.
        write: A function that writes a result to standard output.

    Returns:
        The exit status: 0 if the plan can be carried out, or was carried out.

    Raises:
        CommandError: If the plan cannot be made or carried out.
        OutputError: If the plan cannot be written. Nothing was changed then.
        Stopped: If a signal ended the command.
    """
    result = _Result()
    try:
        with Stoppable() as stoppable:
            cdk = CdkCli(options, stoppable)
            aws = Aws(profile=options.aws_profile, region=options.aws_region)
            _progress("Synthesizing the app")
            with cdk.assembly() as assembly:
                _adopt(options, write, cdk, aws, assembly, result)
    except BaseException as error:
        result.error = str(error)
        # The reason is told even if the result cannot be written.
        with suppress(OutputError):
            write(_written(result, options.format))
        raise
    write(_written(result, options.format))
    for line in _what_is_left(result, options, cdk):
        _progress(line)
    return 0


@dataclass
class _Result:
    """What the command knows at its end, however it ends.

    Attributes:
        plans: The plan, or nothing if there is none yet.
        imported: The number of resources that were imported into a stack, by its ID. It is None if
            the import was stopped, so that nobody knows.
        deployed: Whether a stack was deployed, by its ID, or None in the same way.
        error: The reason why the plan was not carried out.
    """

    plans: Sequence[StackPlan] = ()
    imported: dict[str, int | None] = field(default_factory=dict)
    deployed: dict[str, bool | None] = field(default_factory=dict)
    error: str | None = None


def _adopt(
    options: Namespace,
    write: Write,
    cdk: CdkCli,
    aws: Aws,
    assembly: Path,
    result: _Result,
) -> None:
    stacks = in_order_of_deployment(stacks_of(assembly))
    ids = selected(
        stacks, options.stacks, every=cdk.deploys_all, exclusively=cdk.deploys_exclusively
    )
    adopting = [stack.id for stack in stacks if stack.id in ids and stack.adoptions]
    for id in adopting:
        _progress(f"Looking for the resources that {id} adopts")
    environments = Environments(aws)
    with advice(*_PERMISSIONS):
        planner = Planner(
            stacks,
            environments,
            cdk.advised,
            allow_replacement=options.allow_replacement,
            keeps_parameters=cdk.keeps_parameters,
        )
        plans = planner.plan(ids if options.deploy else adopting)
    if options.deploy:
        _refuse_what_would_wait_forever(plans, cdk)
    result.plans = plans
    problems = [problem for plan in plans for problem in plan.problems()]
    # The reason of a refusal is told even if the plan cannot be written.
    with suppress(OutputError) if problems else nullcontext():
        if options.format == "json":
            sys.stderr.write(_as_text(plans))
        else:
            write(_as_text(plans))
    if problems:
        raise CommandError(f"nothing was changed, because {'; '.join(map(visible, problems))}")
    if not options.dry_run:
        _Run(cdk, assembly, environments, result).carry_out(deploy=options.deploy)


def _refuse_what_would_wait_forever(plans: Sequence[StackPlan], cdk: CdkCli) -> None:
    """Refuse to adopt what needs a deployment that this run does not make before."""
    deployed: list[str] = []
    for plan in plans:
        for line in plan.lines:
            missing = [id for id in line.after if id not in deployed]
            if line.action == ADOPT and missing:
                command = cdk.advised("cdk-cleanrooms", "adopt", *missing, "--deploy")
                line.refuse(
                    f"it refers to an output of {' and '.join(missing)}, which is not deployed yet;"
                    f" run `{command}` first"
                )
        deployed += [plan.stack.id] if cdk.executes else []


class _Run:
    """A plan that is being carried out."""

    def __init__(
        self,
        cdk: CdkCli,
        assembly: Path,
        environments: Environments,
        result: _Result,
    ) -> None:
        self._cdk = cdk
        self._assembly = assembly
        self._environments = environments
        self._plans = result.plans
        self._imported = result.imported
        self._deployed = result.deployed

    def carry_out(self, *, deploy: bool) -> None:
        """Import into each stack, and deploy it before the next one if `deploy` is true."""
        for plan in self._plans:
            if mapping := plan.mapping(deployed=self._deployed):
                self._import(plan, mapping)
            if deploy:
                self._deploy(plan)

    def _import(self, plan: StackPlan, mapping: Mapping[str, Mapping[str, str]]) -> None:
        _progress(f"Importing {_count(len(mapping))} into {plan.stack.id}")
        self._imported[plan.stack.id] = None
        status = self._cdk.import_resources(self._assembly, plan.stack.id, mapping)
        # The CLI also returns 0 if it finds nothing to import, and a concurrent run may have
        # imported the resources already.
        self._environments.forget_stacks()
        with advice(*_PERMISSIONS):
            stack = plan.environment.stack(plan.stack.name)
            missing = [
                line.adoption.path
                for line in plan.lines
                if line.adoption.logical_id in mapping
                and line.adoption.logical_id
                != stack.managed_as(line.adoption.type_name, line.joined_identifier)
            ]
            refusal = stack.refusal(plan.stack.id, self._cdk.advised)
        if missing and not refusal:
            del self._imported[plan.stack.id]
        if missing or refusal:
            reason = refusal or (
                f"cdk import ended with status {status}, and {', '.join(missing)} is not in the"
                " stack; its output above shows the reason"
            )
            raise CommandError(
                f"{reason}. Nothing that existed was changed or deleted. This command can be run"
                " again: it continues with what is not adopted yet"
            )
        if status:
            _progress(f"Another run has imported resources into {plan.stack.id} in the meantime")
        self._imported[plan.stack.id] = len(mapping)

    def _deploy(self, plan: StackPlan) -> None:
        _progress(f"Deploying {plan.stack.id}")
        with advice(*_PERMISSIONS):
            exists = plan.environment.stack(plan.stack.name).exists
        if self._cdk.executes:
            self._deployed[plan.stack.id] = None
        status = self._cdk.deploy(self._assembly, plan.stack.id, exists=exists)
        if status:
            self._deployed.pop(plan.stack.id, None)
            raise CommandError(
                f"cdk deploy {plan.stack.id} ended with status {status}; its output above shows the"
                " reason. What was adopted stays adopted, and this command can be run again"
            )
        self._environments.forget_stacks()
        if self._cdk.executes:
            self._deployed[plan.stack.id] = True


def _what_is_left(result: _Result, options: Namespace, cdk: CdkCli) -> Iterator[str]:
    lines = [line for plan in result.plans for line in plan.lines]
    if not any(line.action == ADOPT for line in lines):
        yield "There is nothing to adopt" + ("" if lines else ": no construct has adopt=…")
    if options.dry_run or (options.deploy and cdk.reverts_drift):
        return
    # A deployment that does not revert drift leaves what was imported as it is.
    left = (ADOPT,) if options.deploy else (ADOPT, MANAGED)
    changed = [
        plan
        for plan in result.plans
        if any(
            (line.action in left and line.changes) or (line.action == CREATE and not options.deploy)
            for line in plan.lines
        )
    ]
    waiting = [
        plan
        for plan in result.plans
        if any(line.after for line in plan.lines) and not options.deploy
    ]
    if changed and not waiting:
        ids = [plan.stack.id for plan in changed]
        # Only a stack that exists can have drifted.
        exist = [plan.exists or bool(result.imported.get(plan.stack.id)) for plan in changed]
        if any(exist) and not all(exist):
            command = cdk.advised("cdk-cleanrooms", "adopt", *ids, "--deploy")
        else:
            drift = ["--revert-drift"] if all(exist) else []
            command = cdk.advised("cdk", "deploy", *ids, *drift)
        yield f"Next, deploy the changes: {command}"
    for plan in waiting:
        first = dict.fromkeys(id for line in plan.lines for id in line.after)
        # Those that it depends on need not be named.
        named = [*(id for id in first if id not in plan.stack.dependencies), plan.stack.id]
        command = cdk.advised("cdk-cleanrooms", "adopt", *named, "--deploy")
        yield (
            f"Next, deploy {' and '.join(first)}, and then adopt what {plan.stack.id} adopts; one"
            f" command does both: {command}"
        )


def _count(number: int) -> str:
    return f"{number} resource{'s' if number > 1 else ''}"


def _progress(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _as_text(plans: Sequence[StackPlan]) -> str:
    lines = []
    for plan in plans:
        lines += [_line_of(line) for line in plan.lines]
        if plan.refusal:
            lines.append(f"{CANNOT:{_WIDTH}}  {plan.refusal}")
    return "".join(f"{visible(line)}\n" for line in lines)


def _line_of(line: Line) -> str:
    parts = [f"{line.action:{_WIDTH}}", line.adoption.path]
    if line.identifier:
        parts.append(next(iter(line.identifier.values())))
    remarks = []
    if line.reason:
        remarks = [line.reason]
    else:
        if line.after:
            remarks.append(f"after the deployment of {' and '.join(line.after)}")
        if line.changes:
            changes = ", ".join(map(_change, line.changes))
            remarks.append(f"the next deployment changes {changes}")
    if remarks:
        parts.append(f"({'; '.join(remarks)})")
    return "  ".join(parts)


def _change(change: Change) -> str:
    if change.live is None:
        what = f"{change.property} to {change.declared!r}"
    elif change.declared is None:
        what = f"{change.property} from {change.live!r} to nothing"
    else:
        what = f"{change.property} from {change.live!r} to {change.declared!r}"
    return what + (", by replacing it" if change.replaces else "")


def _written(result: _Result, format: str) -> str:
    if format == "json":
        return _as_json(result)
    lines = []
    for plan in result.plans:
        id = plan.stack.id
        if count := result.imported.get(id):
            lines.append(f"{_IMPORTED:{_WIDTH}}  {id}  {_count(count)}\n")
        if result.deployed.get(id):
            lines.append(f"{_DEPLOYED:{_WIDTH}}  {id}\n")
    return "".join(lines)


def _as_json(result: _Result) -> str:
    stacks: list[dict[str, Any]] = [
        {
            "stack": plan.stack.id,
            "stack_name": plan.stack.name,
            "reason": plan.refusal,
            "imported": _known(result.imported.get(plan.stack.id, False)),
            "deployed": _known(result.deployed.get(plan.stack.id, False)),
            "constructs": [
                {
                    "construct": line.adoption.path,
                    "logical_id": line.adoption.logical_id,
                    "resource_type": line.adoption.type_name,
                    "action": line.action,
                    "identifier": line.identifier,
                    "changes": [vars(change) for change in line.changes],
                    "after": [*line.after],
                    "reason": line.reason,
                }
                for line in plan.lines
            ],
        }
        for plan in result.plans
    ]
    return json.dumps({"error": result.error, "stacks": stacks}, indent=2) + "\n"


def _known(value: int | bool | None) -> bool | None:
    return None if value is None else bool(value)
