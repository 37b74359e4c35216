"""A test of the whole way from a collaboration that was made by hand to a stack that manages it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from cdk_cleanrooms.local_cloud import LocalCloud
from tests.cli.export.worlds import World, whole_query_side

from .cdk_app import environment_of_cli

_PARTNER = "333344445555"


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


def take_over(world: World, folder: Path) -> int:
    """Export, adopt and export again, and return the number of resources."""
    world.account.bootstrap()
    folder.mkdir()
    export = ("cdk-cleanrooms", "export", "--membership", world.membership, "--output")
    assert run(world, folder, *export, "app") == ""

    app = folder / "app"
    plan = run(world, app, "cdk-cleanrooms", "adopt", "--dry-run")
    lines = [line for line in plan.splitlines() if line.startswith(("adopt ", "create ", "cannot"))]
    assert all(line.startswith("adopt ") for line in lines)
    run(world, app, "cdk-cleanrooms", "adopt", "--deploy")
    assert "There were no differences" in run(world, app, "cdk", "diff", "--fail")

    assert run(world, folder, *export, "again") == ""
    names = [file.name for file in (folder / "again").iterdir()]
    assert {"app.py", "cdk.json", "requirements.txt"} <= {*names}
    for name in names:
        assert (folder / "again" / name).read_bytes() == (app / name).read_bytes()
    return len(lines)


def test_both_companies_of_a_collaboration_made_by_hand_get_an_app_without_a_change(
    cloud: LocalCloud, tmp_path: Path
) -> None:
    ours = World(cloud.other_account("222233334444"))
    partner = {"accountId": _PARTNER, "displayName": "Partner", "memberAbilities": []}
    ours.collaborate(members=[partner])
    ours.whole_mapping()
    whole_query_side(ours)
    theirs = World(ours.account.other_account(_PARTNER), ours.collaboration)
    theirs.join()
    theirs.schema_mapping("readers")
    theirs.associate("readers", theirs.source("readers", "readers"))
    rule = {"list": {"joinColumns": ["email"], "listColumns": ["age"]}}
    theirs.associate_table(
        "readers_table", theirs.configured_table("Readers", ["email", "age"], rule)
    )

    assert take_over(ours, tmp_path / "ours") == 21
    assert take_over(theirs, tmp_path / "theirs") == 6
