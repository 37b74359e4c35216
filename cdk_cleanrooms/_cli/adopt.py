"""Adopt existing resources into the stacks of an app; the next deployment creates the others."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from .aws import Aws, CommandError, advice, visible
from .cdk_cli import CdkCli
from .cloud_assembly import selected, stacks_of
from .cloudformation import DeployedStack, Environments, parts_of
from .plan import ADOPT, CANNOT, CREATE, MANAGED, Change, Line, Planner, StackPlan

_PERMISSIONS = (
    "cloudformation:DescribeStacks",
    "cloudformation:ListStackResources",
    "cloudformation:GetTemplate",
    "cloudformation:ListExports",
    "cloudformation:GetResource",
    "sts:GetCallerIdentity",
    "the actions that list and get the resources and their tags",
)
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
    """
    aws = Aws(profile=options.aws_profile, region=options.aws_region)
    cdk = CdkCli(options)
    with ExitStack() as resources:
        _progress("Synthesizing the app")
        assembly = resources.enter_context(cdk.assembly())
        stacks = selected(
            stacks_of(assembly), options.stacks, exclusively=vars(options)["--exclusively"]
        )
        plans = []
        with advice(*_PERMISSIONS):
            environments = Environments(aws)
            for stack in stacks:
                _progress(f"Looking for the resources that {stack.id} adopts")
                environment = environments.of(stack)
                planner = Planner(stack, environment, allow_replacement=options.allow_replacement)
                plans.append(planner.plan())
        problems = [problem for plan in plans for problem in plan.problems()]
        run = _Run(cdk, assembly, environments, plans)
        try:
            if not problems and not options.dry_run:
                run.carry_out(deploy=options.deploy)
        finally:
            write(_as_json(run) if options.format == "json" else _as_text(run))
    if problems:
        raise CommandError(f"nothing was changed, because {'; '.join(map(visible, problems))}")
    _say_what_is_left(plans, names_next_step=not (options.deploy or options.dry_run))
    return 0


class _Run:
    """A plan that is being carried out."""

    def __init__(
        self,
        cdk: CdkCli,
        assembly: Path,
        environments: Environments,
        plans: Sequence[StackPlan],
    ) -> None:
        self._cdk = cdk
        self._assembly = assembly
        self._environments = environments
        self.plans = plans
        self.imported: set[str] = set()
        self.deployed: set[str] = set()

    def carry_out(self, *, deploy: bool) -> None:
        """Import, and then deploy if `deploy` is true."""
        for plan in self.plans:
            if plan.mapping:
                self._import(plan)
        if deploy:
            for plan in self.plans:
                self._deploy(plan)

    def _import(self, plan: StackPlan) -> None:
        mapping = plan.mapping
        _progress(f"Importing {_count(len(mapping))} into {plan.stack.id}")
        status = self._cdk.import_resources(self._assembly, plan.stack.id, mapping)
        # The CLI also returns 0 if it finds nothing to import, and a concurrent run may have
        # imported the resources already.
        deployed = self._look_again(plan)
        missing = [
            line.adoption.path
            for line in plan.lines
            if line.action == ADOPT
            and parts_of(
                line.adoption.type_name, deployed.physical_ids.get(line.adoption.logical_id, "")
            )
            != line.identifier
        ]
        refusal = deployed.refusal(plan.stack.id)
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
        plan.deployed = deployed
        self.imported.add(plan.stack.id)

    def _look_again(self, plan: StackPlan) -> DeployedStack:
        with advice(*_PERMISSIONS):
            return DeployedStack(self._environments.of(plan.stack), plan.stack.name)

    def _deploy(self, plan: StackPlan) -> None:
        _progress(f"Deploying {plan.stack.id}")
        exists = plan.deployed.exists
        status = self._cdk.deploy(self._assembly, plan.stack.id, exists=exists)
        if status:
            raise CommandError(
                f"cdk deploy {plan.stack.id} ended with status {status}; its output above shows the"
                " reason. What was adopted stays adopted, and this command can be run again"
            )
        self.deployed.add(plan.stack.id)


def _say_what_is_left(plans: Sequence[StackPlan], *, names_next_step: bool) -> None:
    lines = [line for plan in plans for line in plan.lines]
    if not any(line.action == ADOPT for line in lines):
        _progress("There is nothing to adopt" + ("" if lines else ": no construct has adopt=…"))
    if names_next_step and any(line.action == CREATE or line.changes for line in lines):
        ids = " ".join(
            plan.stack.id
            for plan in plans
            if any(line.action == CREATE or line.changes for line in plan.lines)
        )
        _progress(f"Next, deploy the changes: cdk deploy {ids} --revert-drift")


def _count(number: int) -> str:
    return f"{number} resource{'s' if number > 1 else ''}"


def _progress(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _as_text(run: _Run) -> str:
    lines = []
    for plan in run.plans:
        lines += [_line_of(line) for line in plan.lines]
        if plan.refusal:
            lines.append(f"{CANNOT:{_WIDTH}}  {plan.refusal}")
    return "".join(f"{visible(line)}\n" for line in lines)


def _line_of(line: Line) -> str:
    parts = [f"{line.action:{_WIDTH}}", line.adoption.path]
    if line.identifier:
        parts.append(next(iter(line.identifier.values())))
    if line.action == CANNOT:
        parts.append(f"({line.reason})")
    elif line.changes:
        changes = ", ".join(map(_change, line.changes))
        parts.append(f"(the next deployment changes {changes})")
    return "  ".join(parts)


def _change(change: Change) -> str:
    if change.live is None:
        what = f"{change.property} to {change.declared!r}"
    elif change.declared is None:
        what = f"{change.property} from {change.live!r} to nothing"
    else:
        what = f"{change.property} from {change.live!r} to {change.declared!r}"
    return what + (", by replacing it" if change.replaces else "")


def _as_json(run: _Run) -> str:
    stacks: list[dict[str, Any]] = [
        {
            "stack": plan.stack.id,
            "stack_name": plan.stack.name,
            "reason": plan.refusal,
            "imported": plan.stack.id in run.imported,
            "deployed": plan.stack.id in run.deployed,
            "constructs": [
                {
                    "construct": line.adoption.path,
                    "logical_id": line.adoption.logical_id,
                    "resource_type": line.adoption.type_name,
                    "action": line.action,
                    "identifier": line.identifier,
                    "changes": [vars(change) for change in line.changes],
                    "reason": line.reason,
                }
                for line in plan.lines
            ],
        }
        for plan in run.plans
    ]
    return json.dumps({"stacks": stacks}, indent=2) + "\n"
