"""Deploy CDK apps to a new local cloud: `cdk-cleanrooms local deploy`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from shlex import quote

from .cloud import LocalCloud
from .listing import listing
from .programs import output_of, running


def deploy(apps: Sequence[str], options: Sequence[str]) -> int:
    """Deploy apps one after the other, show what they created, and return the first bad status.

    Args:
        apps: The apps: folders with a `cdk.json` or with a cloud assembly, or Python files.
        options: Further arguments of `cdk deploy`.

    Raises:
        RuntimeError: There is no such app, or the CDK CLI cannot be used.
    """
    # Before anything else, because the rest takes half a minute.
    places = [_place(Path(app)) for app in apps]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    status = 0
    try:
        with LocalCloud() as cloud:
            cloud.bootstrap()
            for folder, more in places:
                status = status or _deploy(cloud, folder, [*more, *options])
            sys.stdout.write(f"\n{listing(cloud)}")
            return status
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _place(app: Path) -> tuple[Path, list[str]]:
    """Return the folder of an app, and the options with which the CDK CLI finds the app there."""
    if app.is_file():
        return app.parent, ["--app", f"python3 {quote(app.name)}"]
    if (app / "manifest.json").is_file():
        return app, ["--app", "."]
    if app.is_dir():
        return app, []
    raise RuntimeError(
        f"There is no app {app}. It must be a folder with a cdk.json, a cloud assembly or a "
        "Python file; options of cdk deploy come after --."
    )


def _deploy(cloud: LocalCloud, folder: Path, options: Sequence[str]) -> int:
    command = ["cdk", "deploy", "--require-approval", "never", *options]
    environment = environment_of_app(cloud, folder)
    # In a terminal, the CLI stays in the group that Ctrl-C reaches and that may ask the user.
    with running(command, own_group=not os.isatty(0), cwd=folder, env=environment) as process:
        output_of(process)
    return process.returncode


def environment_of_app(cloud: LocalCloud, folder: Path) -> dict[str, str]:
    """Return the environment for an app, whose own virtual environment comes first on `PATH`."""
    programs = folder.absolute() / ".venv" / "bin"
    path = cloud.environment.get("PATH", os.defpath)
    return cloud.environment | {"PATH": f"{programs}{os.pathsep}{path}"}
