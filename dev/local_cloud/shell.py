"""A shell in which AWS is a local cloud, with an association in it that somebody made by hand."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from dev.local_cloud.deploy import bootstrap
from dev.local_cloud.listing import listing
from dev.local_cloud.local_cloud import LocalCloud


def shell(command: list[str]) -> int:
    """Run a command, or else the user's shell, in a local cloud, and return its exit status.

    What is made by hand is what the sample app here would declare, without tags and description:
    adopting it leaves something to change.
    """
    sample = json.loads(Path("cdk.json").read_text("utf-8"))["context"]
    with LocalCloud() as cloud:
        status = bootstrap(cloud)
        if status:
            return status
        cloud.client("cleanrooms").create_id_namespace_association(
            membershipIdentifier=sample["membership"],
            name=sample["name"],
            inputReferenceConfig={
                "inputReferenceArn": sample["id_namespace"],
                "manageResourcePolicies": True,
            },
        )
        sys.stderr.write(f"{listing(cloud)}Here AWS is the local cloud. It ends with this shell.\n")
        # Ctrl-C is for what runs in the shell; a handler is not inherited, as SIG_IGN would be.
        signal.signal(signal.SIGINT, lambda *_: None)
        command = command or [os.environ.get("SHELL", "/bin/sh")]
        return subprocess.run(command, env=cloud.environment).returncode
