"""A test of the whole way from a collaboration that was made by hand to a stack that manages it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cdk_cleanrooms._cli import command
from cdk_cleanrooms._cli.export import exporting
from cdk_cleanrooms._cli.stop import Stoppable
from cdk_cleanrooms.local_cloud import LocalAccount, LocalCloud
from tests.apps import run_app
from tests.cli.export.here import SynthesizerHere
from tests.cli.export.worlds import World, whole_query_side

from .cdk_app import environment_of_cli
from .without_cli import run_through_api

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


@contextmanager
def in_this_process(account: LocalAccount, folder: Path) -> Iterator[None]:
    """Let our command use an account from this process, without the CDK CLI."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name, value in environment_of_cli(account).items():
            patch.setenv(name, value)
        patch.setattr(exporting, "Synthesizer", SynthesizerHere)
        patch.setattr(
            Stoppable, "run", lambda _, command, **_options: run_through_api(account, command)
        )
        yield


def adopted(plan: str) -> int:
    """Return the number of resources in a plan, all of which are adopted."""
    lines = [line for line in plan.splitlines() if line.startswith(("adopt ", "create ", "cannot"))]
    assert all(line.startswith("adopt ") for line in lines)
    return len(lines)


def export_again(world: World, folder: Path) -> None:
    """Export once more, and check that the code is still the same."""
    with in_this_process(world.account, folder):
        assert command.main(["export", "--membership", world.membership, "--output", "again"]) == 0
    names = [file.name for file in (folder / "again").iterdir()]
    assert {"app.py", "cdk.json", "requirements.txt"} <= {*names}
    for name in names:
        assert (folder / "again" / name).read_bytes() == (folder / "app" / name).read_bytes()


def test_both_companies_of_a_collaboration_made_by_hand_get_an_app_without_a_change(
    cloud: LocalCloud, tmp_path: Path, capfd: pytest.CaptureFixture[str]
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

    # We do everything in new processes, as a person does.
    folder = tmp_path / "ours"
    folder.mkdir()
    ours.account.bootstrap()
    export = ("cdk-cleanrooms", "export", "--membership", ours.membership, "--output", "app")
    assert run(ours, folder, *export) == ""
    adopt = ("cdk-cleanrooms", "adopt", "--deploy", "--output", "cdk.out")
    assert adopted(run(ours, folder / "app", *adopt)) == 21
    diff = run(ours, folder / "app", "cdk", "diff", "--fail", "--app", "cdk.out")
    assert "There were no differences" in diff
    export_again(ours, folder)

    # The partner's resources are of the same types, so it needs no new process.
    folder = tmp_path / "theirs"
    folder.mkdir()
    with in_this_process(theirs.account, folder):
        assert command.main(["export", "--membership", theirs.membership, "--output", "app"]) == 0
        run_app(folder / "app", folder / "cdk.out")
        capfd.readouterr()
        assert command.main(["adopt", "--deploy", "--app", "cdk.out"]) == 0
        assert adopted(capfd.readouterr().out) == 6
        assert command.main(["adopt", "--dry-run", "--app", "cdk.out"]) == 0
        again = capfd.readouterr().out
        assert again.count("already managed") == 6
        assert "the next deployment changes" not in again
    export_again(theirs, folder)
