"""A user's CDK app, declared in the test's process, and the two ways to deploy it.

`deploy`, `import_` and `destroy` use CloudFormation's API, in a fraction of a second. `cdk` and
`cdk_with` run the CDK CLI, which takes seconds, for tests that are about the CLI.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from aws_cdk import App, Environment, Stack

from cdk_cleanrooms.local_cloud import LocalCloud
from cdk_cleanrooms.local_cloud.cloud import LocalAccount
from tests.stacks import DeployedStack, assembly_of, template_of

_SECONDS_FOR_A_COMMAND = 900


class Result(NamedTuple):
    """The result of a command of the CLI."""

    status: int
    output: str


def environment_of_cli(cloud: LocalAccount) -> dict[str, str]:
    """Return an environment with the local cloud, and with the programs beside this Python first.

    The CDK's own validation of a template takes seconds in each new process. The tests that
    synthesize in their own process include it.
    """
    path = f"{Path(sys.executable).parent}{os.pathsep}{cloud.environment['PATH']}"
    return {**cloud.environment, "PATH": path, "CDK_VALIDATION": "false"}


def run_cdk(cloud: LocalCloud, folder: Path, *arguments: str) -> Result:
    """Run the CLI in a folder, without a terminal for prompts."""
    process = subprocess.run(
        ["cdk", *arguments],
        cwd=folder,
        env=environment_of_cli(cloud),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_SECONDS_FOR_A_COMMAND,
    )
    return Result(process.returncode, process.stdout)


def unwrapped(output: str) -> str:
    """Join the output of the CLI into one line, because the CLI wraps lines for a terminal."""
    return " ".join(output.split())


class CdkApp:
    """An app with its own membership and stack names, whose assembly is in a new folder."""

    def __init__(self, folder: Path, cloud: LocalCloud, bootstrap: Callable[[], None]) -> None:
        self.cloud = cloud
        self._bootstrap = bootstrap
        self._newest: App | None = None
        self.membership = str(uuid4())
        self.stack_name = f"Stack{self.membership[:8]}"
        self.folder = folder

    def new_app(self) -> App:
        """Begin a new version of the app, which replaces the assembly of the version before."""
        # Other tests include the CDK's own validation of the same resources.
        self._newest = App(
            outdir=str(self.folder / "cdk.out"), builtin_cloud_formation_validation=False
        )
        return self._newest

    def new_stack(self) -> Stack:
        """Begin a new version of the app, and return its stack."""
        environment = Environment(account=self.cloud.account, region=self.cloud.region)
        return Stack(self.new_app(), self.stack_name, env=environment)

    def deployed(self, stack_name: str | None = None) -> DeployedStack:
        """Return the deployed stack of the app, or another one."""
        return DeployedStack(self.cloud, stack_name or self.stack_name)

    def deploy(self, stack: Stack) -> dict[str, str]:
        """Deploy a stack, and return its outputs."""
        return self.deployed(stack.stack_name).deploy(template_of(stack))

    def import_(self, stack: Stack) -> None:
        """Import the resources that a stack adopts."""
        mapping = assembly_of(stack) / f"{stack.artifact_id}.import.json"
        self.deployed(stack.stack_name).import_(
            template_of(stack), json.loads(mapping.read_text("utf-8"))
        )

    def destroy(self) -> None:
        """Delete the deployed stack."""
        self.deployed().destroy()

    def cdk(self, *arguments: str) -> Result:
        """Run the CLI on the assembly of the newest version of the app."""
        self.prepare_for_cli()
        return run_cdk(self.cloud, self.folder, *arguments, "--app", "cdk.out")

    def cdk_with(self, source: str, *arguments: str) -> Result:
        """Run the CLI on an app in a process of its own, as a user does."""
        return run_cdk(self.cloud, self.folder, *arguments, "--app", self.program(source))

    def program(self, source: str) -> str:
        """Write the source of an app, and return the command that runs it."""
        self.prepare_for_cli()
        (self.folder / "app.py").write_text(source, encoding="utf-8")
        return f"{shlex.quote(sys.executable)} app.py"

    def prepare_for_cli(self) -> None:
        """Bootstrap the cloud, and write the assembly of the newest version of the app."""
        self._bootstrap()
        if self._newest:
            self._newest.synth()

    def stack_status(self, stack_name: str | None = None) -> str:
        """Return the status of a stack in CloudFormation."""
        return self.deployed(stack_name).status()

    def associations(self, membership: str | None = None) -> list[dict[str, Any]]:
        """Return the associations in the membership, without CloudFormation's own tags."""
        return [
            {
                **one,
                "tags": {key: one["tags"][key] for key in one["tags"] if key[:4] != "aws:"},
            }
            for one in self.cloud.resources("IdNamespaceAssociation")
            if one["membershipId"] == (membership or self.membership)
        ]
