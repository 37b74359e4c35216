"""What holds for every collaboration: tests with random ones, in a local cloud."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from cdk_cleanrooms.local_cloud import LocalCloud
from tests.cli.conftest import Cdk, Outcome
from tests.cli.export.conftest import Export, new_world, use
from tests.cli.export.random_worlds import RandomWorld
from tests.cli.export.worlds import World, with_explicit_defaults
from tests.conformance.examples import number_of_apps
from tests.package.conftest import ROOT
from tests.stacks import DeployedStack

# The other tests cover all lines, and these ones would take half as long again.
pytestmark = pytest.mark.unmeasured

_SEEDS = range(number_of_apps(3))


def random_world(cloud: LocalCloud, seed: int) -> World:
    return RandomWorld(new_world(cloud), new_world(cloud), Random(seed)).make()


class Way:
    """The way from a collaboration to a stack that manages it.

    Args:
        world: The collaboration.
        run: Runs the command.
        cdk: The CDK CLI.
    """

    def __init__(self, world: World, run: Export, cdk: Cdk) -> None:
        self.world = world
        self.run = run
        self.cdk = cdk

    def export(self, folder: Path) -> Outcome:
        return self.run("export", "--membership", self.world.membership, "--output", folder)

    def plan(self, folder: Path) -> list[dict[str, Any]]:
        """Synthesize a printed app beside its folder, and return the plan of its adoption."""
        app, outdir = folder / "app.py", f"{folder}.out"
        text = app.read_text("utf-8").replace("app = App()", f"app = App(outdir={outdir!r})")
        exec(compile(text, str(app), "exec"), {"__file__": str(app), "__name__": "__main__"})
        cli = ("--app", outdir, "--cdk", self.cdk.program)
        adopt = self.run("adopt", "--dry-run", "--format", "json", *cli)
        assert adopt.status == 0, adopt.error
        # There is no stack in the plan if other stacks manage everything.
        stacks = json.loads(adopt.output)["stacks"]
        lines = [line for stack in stacks for line in stack["constructs"]]
        assert len(lines) == len(self.template(folder).get("Resources", {}))
        assert [line for line in lines if line["changes"]] == []
        return lines

    def template(self, folder: Path) -> dict[str, Any]:
        """Return the template of an app that was synthesized."""
        [template] = Path(f"{folder}.out").glob("*.template.json")
        found: dict[str, Any] = json.loads(template.read_text("utf-8"))
        return found

    def adopt(self, folder: Path, lines: list[dict[str, Any]]) -> None:
        """Import what an app declares, as `cdk-cleanrooms adopt --deploy` does."""
        if lines:
            [name] = [
                file.name.split(".")[0] for file in Path(f"{folder}.out").glob("*.adopt.json")
            ]
            template = self.template(folder)
            stack = DeployedStack(self.world.account, name)
            stack.import_(template, {line["logical_id"]: line["identifier"] for line in lines})
            stack.revert_drift(template)


@pytest.mark.parametrize("seed", _SEEDS)
def test_a_collaboration_is_adopted_without_a_change_and_printed_the_same_again(
    seed: int,
    cloud: LocalCloud,
    run: Export,
    cdk: Cdk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = random_world(cloud, seed)
    use(world, monkeypatch)
    way = Way(world, run, cdk)
    first, second = tmp_path / "first", tmp_path / "second"
    outcome = way.export(first)
    assert outcome == (0, "", ""), outcome.error

    lines = way.plan(first)
    assert {line["action"] for line in lines} <= {"adopt"}
    way.adopt(first, lines)
    assert way.export(second) == (0, "", "")
    assert contents(second) == contents(first)


@pytest.mark.parametrize("source_is_table", [True, False], ids=["table", "workflow"])
def test_values_that_equal_the_defaults_of_aws_are_adopted_without_a_change(
    source_is_table: bool,
    cloud: LocalCloud,
    world: World,
    run: Export,
    cdk: Cdk,
    tmp_path: Path,
) -> None:
    with_explicit_defaults(world, new_world(cloud), source_is_table=source_is_table)
    way = Way(world, run, cdk)
    first, second = tmp_path / "first", tmp_path / "second"
    assert way.export(first) == (0, "", "")
    lines = way.plan(first)
    assert {line["action"] for line in lines} == {"adopt"}
    way.adopt(first, lines)
    assert way.export(second) == (0, "", "")
    assert contents(second) == contents(first)


def test_only_what_was_added_by_hand_is_left_to_adopt(
    world: World, run: Export, cdk: Cdk, tmp_path: Path
) -> None:
    world.collaborate()
    way = Way(world, run, cdk)
    first, second = tmp_path / "first", tmp_path / "second"
    way.export(first)
    way.adopt(first, way.plan(first))
    world.analysis_template("added", "SELECT 1")
    assert way.export(second).status == 0
    actions = {line["construct"].rpartition("/")[2]: line["action"] for line in way.plan(second)}
    assert actions == {
        "MatchCollaboration": "already managed",
        "MatchMembership": "already managed",
        "AddedTemplate": "adopt",
    }


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def refuse_some(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let AWS refuse to describe some resources, always the same ones."""
    call = BaseClient._make_api_call

    def answer(client: Any, name: str, parameters: Any) -> Any:
        is_resource = name.startswith("Get") and name != "GetCallerIdentity"
        if is_resource and Random(f"{seed} {name} {parameters}").random() < 0.1:
            error = {"Code": "AccessDeniedException", "Message": 'no "permission" \\'}
            raise ClientError({"Error": error}, name)
        return call(client, name, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", answer)


def test_code_with_gaps_is_adopted_without_a_change_and_typed_and_formatted(
    cloud: LocalCloud, run: Export, cdk: Cdk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in _SEEDS:
        world = random_world(cloud, 1002 + seed)
        use(world, monkeypatch)
        way = Way(world, run, cdk)
        folder = tmp_path / f"app{seed}"
        with monkeypatch.context() as patch:
            refuse_some(seed, patch)
            status, _, error = way.export(folder)
        assert status in (0, 3), error
        assert "cannot be synthesized" not in error
        assert {line["action"] for line in way.plan(folder)} <= {"adopt"}
        (folder / "app.py").rename(tmp_path / f"app_{seed}.py")
    ruff = [sys.executable, "-m", "ruff"]
    mypy = [sys.executable, "-m", "mypy", "--strict", f"--config-file={ROOT / 'pyproject.toml'}"]
    # A folder of its own that stays, because mypy needs most of its time to read the CDK.
    mypy.append(f"--cache-dir={ROOT / '.mypy_cache/export'}")
    for command in (
        [*ruff, "check", "--isolated", "--no-cache", "."],
        [*ruff, "format", "--isolated", "--no-cache", "--diff", "."],
        [*mypy, "."],
    ):
        ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stdout + ended.stderr
