"""A test of the whole way from a collaboration that was made by hand to a stack that manages it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from cdk_cleanrooms.local_cloud import LocalCloud
from tests.cli.export.worlds import World, whole_query_side

from .cdk_app import environment_of_cli

_RESOURCES = 21


def run(cloud: World, folder: Path, *command: str) -> str:
    """Run a command in the account of a world, and return what it wrote."""
    ended = subprocess.run(
        command,
        cwd=folder,
        env=environment_of_cli(cloud.account),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert ended.returncode == 0, ended.stdout
    return ended.stdout


def test_a_collaboration_made_by_hand_becomes_an_app_without_a_change(
    cloud: LocalCloud, tmp_path: Path
) -> None:
    world = World(cloud.other_account("222233334444"))
    world.collaborate()
    world.whole_mapping()
    whole_query_side(world)
    world.account.bootstrap()
    export = ("cdk-cleanrooms", "export", "--membership", world.membership, "--output")
    assert run(world, tmp_path, *export, "app") == ""

    app = tmp_path / "app"
    plan = run(world, app, "cdk-cleanrooms", "adopt", "--dry-run")
    lines = [line for line in plan.splitlines() if line.startswith(("adopt ", "create ", "cannot"))]
    assert len(lines) == _RESOURCES
    assert all(line.startswith("adopt ") for line in lines)
    run(world, app, "cdk-cleanrooms", "adopt", "--deploy")
    assert "There were no differences" in run(world, app, "cdk", "diff", "--fail")

    assert run(world, tmp_path, *export, "again") == ""
    for name in ("app.py", "overlap_template.sql", "cdk.json"):
        assert (tmp_path / "again" / name).read_bytes() == (app / name).read_bytes()
