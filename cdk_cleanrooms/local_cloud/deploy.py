"""Deploy the CDK app of the current folder to a new local cloud."""

from __future__ import annotations

import signal
import subprocess
import sys

from .cloud import LocalCloud
from .listing import listing

_SECONDS_TO_END = 10


def deploy(arguments: list[str]) -> int:
    """Run `cdk deploy` with these arguments, show what it created, and return its status."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        with LocalCloud() as cloud:
            cloud.bootstrap()
            status = _run_cdk(cloud, arguments)
            sys.stdout.write(f"\n{listing(cloud)}")
            return status
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _run_cdk(cloud: LocalCloud, arguments: list[str]) -> int:
    command = ["cdk", "deploy", "--require-approval", "never", *arguments]
    with subprocess.Popen(command, env=cloud.environment) as process:
        try:
            return process.wait()
        except BaseException:
            # Ctrl-C also reaches the CLI, but a signal to this process does not.
            process.terminate()
            try:
                process.wait(_SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                process.kill()
            raise
