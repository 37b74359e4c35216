"""Deploys the CDK app of the current folder to a local cloud of its own, to see it work."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from typing import Any

from dev.local_cloud.local_cloud import LocalCloud

_SECONDS_TO_END = 10


def deploy(arguments: list[str]) -> int:
    """Run `cdk deploy` with these arguments, show what it created, and return its exit status."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        with LocalCloud() as cloud:
            status = bootstrap(cloud) or _run_cdk(cloud, arguments)
            sys.stdout.write(f"\n{listing(cloud)}")
            return status
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def bootstrap(cloud: LocalCloud) -> int:
    """Prepare the local cloud for deployments, in silence unless that fails."""
    # Away from the app, which would be run for it otherwise.
    with tempfile.TemporaryDirectory(prefix="local-cloud-") as folder:
        result = subprocess.run(
            ["cdk", "bootstrap", f"aws://{cloud.account}/{cloud.region}"],
            cwd=folder,
            env=cloud.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    if result.returncode:
        sys.stderr.write(result.stdout)
    return result.returncode


def _run_cdk(cloud: LocalCloud, arguments: list[str]) -> int:
    command = ["cdk", "deploy", "--require-approval", "never", *arguments]
    with subprocess.Popen(command, env=cloud.environment) as process:
        try:
            return process.wait()
        except BaseException:
            # Ctrl-C reached the CLI as well, a signal to this process alone did not.
            process.terminate()
            try:
                process.wait(_SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                process.kill()
            raise


def listing(cloud: LocalCloud) -> str:
    """What exists in the local Clean Rooms, for people."""
    associations = "\n".join(map(_described, cloud.associations())) or "  nothing"
    return f"In the local Clean Rooms:\n{associations}\n"


def _described(association: dict[str, Any]) -> str:
    mapping = association.get("idMappingConfig", {})
    lines = {
        "Identifier": association["id"],
        "ARN": association["arn"],
        "ID namespace": association["inputReferenceConfig"]["inputReferenceArn"],
        "Manages resource policies": association["inputReferenceConfig"]["manageResourcePolicies"],
        "Allows dimension column": mapping.get("allowUseAsDimensionColumn", "not set"),
        "Description": association.get("description", "not set"),
        **{f"Tag {key}": value for key, value in _own_tags(association).items()},
    }
    return "\n".join(
        [f"  {association['name']}", *(f"    {name}: {value}" for name, value in lines.items())]
    )


def _own_tags(association: dict[str, Any]) -> dict[str, str]:
    tags: dict[str, str] = association["tags"]
    return {key: value for key, value in tags.items() if not key.startswith("aws:")}
