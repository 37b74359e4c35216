"""Deploy CDK apps to a new local cloud: `cdk-cleanrooms local deploy`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from .cloud import LocalCloud
from .listing import listing

_SECONDS_TO_END = 10


def deploy(apps: Sequence[str], options: Sequence[str]) -> int:
    """Deploy apps one after the other, show what they created, and return the first bad status.

    Args:
        apps: The apps: folders with a `cdk.json` or with a cloud assembly, or Python files.
        options: Further arguments of `cdk deploy`.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    status = 0
    try:
        with LocalCloud() as cloud:
            cloud.bootstrap()
            for app in apps:
                status = status or _deploy(cloud, Path(app), options)
            sys.stdout.write(f"\n{listing(cloud)}")
            return status
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _deploy(cloud: LocalCloud, app: Path, options: Sequence[str]) -> int:
    folder = app if app.is_dir() else app.parent
    more: list[str] = []
    if (app / "manifest.json").is_file():
        more = ["--app", "."]
    elif app.is_file():
        more = ["--app", f"python3 {app.name}"]
    elif not app.is_dir():
        raise RuntimeError(
            f"There is no app {app}. It must be a folder with a cdk.json, a cloud assembly or a "
            "Python file; options of cdk deploy come after --."
        )
    command = ["cdk", "deploy", "--require-approval", "never", *more, *options]
    with subprocess.Popen(command, cwd=folder, env=environment_of_app(cloud, folder)) as process:
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


def environment_of_app(cloud: LocalCloud, folder: Path) -> dict[str, str]:
    """Return the environment for an app, whose own virtual environment comes first on `PATH`."""
    programs = folder.absolute() / ".venv" / "bin"
    path = cloud.environment.get("PATH", os.defpath)
    return cloud.environment | {"PATH": f"{programs}{os.pathsep}{path}"}
