"""The commands of the CDK CLI that `cdk-cleanrooms adopt` runs, through CloudFormation's API.

A command of the CLI costs more than a second of CPU, of which the most is its start. Some tests of
`adopt` run the real one; the others are about the plans of `adopt` and about the local cloud.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from cdk_cleanrooms.local_cloud import LocalAccount
from cdk_cleanrooms.local_cloud.assembly import in_order
from tests.stacks import DeployedStack, StackFailedError

_NOTHING_TO_DO = "The submitted information didn't contain changes"


def run_through_api(account: LocalAccount, command: Sequence[str]) -> int:
    """Do what a command of the CDK CLI does, and return its exit status.

    Args:
        account: The account whose credentials the command uses.
        command: The CLI, its command, and the arguments. An unknown one is an error.
    """
    parser = ArgumentParser(allow_abbrev=False)
    parser.add_argument("command", choices=["import", "deploy"])
    parser.add_argument("stack")
    parser.add_argument("--app", type=Path, required=True)
    parser.add_argument("--change-set-name", required=True)
    # The app was synthesized with it.
    parser.add_argument("--context", action="append")
    parser.add_argument("--exclusively", action="store_true")
    parser.add_argument("--force", action="store_true")
    parser.add_argument("--outputs-file", type=Path)
    parser.add_argument("--require-approval", choices=["never"])
    parser.add_argument("--resource-mapping", type=Path)
    parser.add_argument("--revert-drift", action="store_true")
    options = parser.parse_args(command[1:])
    stack = in_order(options.app, options.stack)[-1]
    deployed = DeployedStack(account.other_account(stack.account), stack.name)
    try:
        if options.command == "import":
            assert options.force
            mapping = json.loads(options.resource_mapping.read_text("utf-8"))
            deployed.import_(stack.template(), mapping)
            return 0
        assert options.exclusively
        assert options.require_approval
        if options.revert_drift:
            deployed.revert_drift(stack.template())
        else:
            deployed.deploy(stack.template())
    except StackFailedError as error:
        if _NOTHING_TO_DO not in str(error):
            sys.stderr.write(f"{error}\n")
            return 1
    if options.outputs_file:
        options.outputs_file.write_text(json.dumps({stack.name: deployed.outputs()}), "utf-8")
    return 0
