"""A user's CDK app, and the CDK CLI that runs it."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from cdk_cleanrooms.local_cloud import LocalCloud

_SECONDS_FOR_A_COMMAND = 180

# Options that reuse the assembly of the previous command, for an app that has not changed since.
SYNTHESIZED = ("--app", "cdk.out")


class Result(NamedTuple):
    """The result of a command of the CLI."""

    status: int
    output: str


def with_own_programs(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which the programs beside this Python come first."""
    own = Path(sys.executable).parent
    return {**environment, "PATH": f"{own}{os.pathsep}{environment['PATH']}"}


def run_cdk(cloud: LocalCloud, folder: Path, *arguments: str, account: str | None = None) -> Result:
    """Run the CLI in a folder, without a terminal for prompts."""
    environment = cloud.other_account(account).environment if account else cloud.environment
    process = subprocess.run(
        ["cdk", *arguments],
        cwd=folder,
        # The CDK's own validation of a template takes seconds, and other tests include it.
        env={**with_own_programs(environment), "CDK_VALIDATION": "false"},
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
    """An app in a new folder, with its own membership and stack names."""

    def __init__(self, folder: Path, cloud: LocalCloud) -> None:
        self.cloud = cloud
        self.membership = str(uuid4())
        self.stack_name = f"Stack{self.membership[:8]}"
        self.folder = folder
        self._write("cdk.json", json.dumps({"app": f"{shlex.quote(sys.executable)} app.py"}))

    def write(self, source: str) -> None:
        """Write the app."""
        self._write("app.py", source)

    def cdk(self, *arguments: str) -> Result:
        """Run the CLI on the app."""
        return run_cdk(self.cloud, self.folder, *arguments)

    def deploy(self, *arguments: str) -> Result:
        """Deploy without a prompt."""
        return self.cdk("deploy", "--require-approval", "never", *arguments)

    def deployed_outputs(self, *arguments: str) -> dict[str, dict[str, str]]:
        """Deploy, check that this succeeds, and return the outputs by stack."""
        result = self.deploy("--outputs-file", "outputs.json", *arguments)
        assert result.status == 0, result.output
        outputs: dict[str, dict[str, str]] = json.loads(
            (self.folder / "outputs.json").read_text("utf-8")
        )
        return outputs

    def destroy(self, *arguments: str) -> Result:
        """Destroy without a prompt."""
        return self.cdk("destroy", "--force", *arguments)

    def discover(self, *arguments: str) -> Result:
        """List the membership's associations, and return the standard output."""
        command = ["-m", "cdk_cleanrooms", "discover", "--membership", self.membership, *arguments]
        process = subprocess.run(
            [sys.executable, *command],
            cwd=self.folder,
            env=self.cloud.environment,
            stdout=subprocess.PIPE,
            text=True,
            timeout=_SECONDS_FOR_A_COMMAND,
        )
        return Result(process.returncode, process.stdout)

    def adopt(self, *arguments: str) -> Result:
        """Run the command `cdk-cleanrooms adopt` on the app."""
        process = subprocess.run(
            [sys.executable, "-m", "cdk_cleanrooms", "adopt", *arguments],
            cwd=self.folder,
            env={**with_own_programs(self.cloud.environment), "CDK_VALIDATION": "false"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_SECONDS_FOR_A_COMMAND,
        )
        return Result(process.returncode, process.stdout)

    def stack_status(self, stack_name: str | None = None) -> str:
        """Return the status of a stack in CloudFormation."""
        described = self.cloud.client("cloudformation").describe_stacks(
            StackName=stack_name or self.stack_name
        )
        status: str = described["Stacks"][0]["StackStatus"]
        return status

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

    def _write(self, name: str, content: str) -> None:
        (self.folder / name).write_text(content, encoding="utf-8")
