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
from tests.cli.conftest import Cdk
from tests.cli.export.conftest import Export, new_world, use
from tests.cli.export.random_worlds import RandomWorld
from tests.cli.export.worlds import World
from tests.package.conftest import ROOT
from tests.stacks import DeployedStack

_SEEDS = range(5)


def random_world(cloud: LocalCloud, seed: int) -> World:
    return RandomWorld(new_world(cloud), new_world(cloud), Random(seed)).make()


def synthesized(app: Path, outdir: Path) -> dict[str, Any]:
    """Synthesize a printed app, and return the template of its stack."""
    text = app.read_text("utf-8").replace("app = App()", f"app = App(outdir={str(outdir)!r})")
    names = {"__file__": str(app), "__name__": "__main__"}
    exec(compile(text, str(app), "exec"), names)
    [template] = outdir.glob("*.template.json")
    found: dict[str, Any] = json.loads(template.read_text("utf-8"))
    return found


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
    export = ("export", "--membership", world.membership, "--output")
    first, second = tmp_path / "first", tmp_path / "second"
    outcome = run(*export, first)
    assert outcome == (0, "", ""), outcome.error

    template = synthesized(first / "app.py", cdk.folder / "prepared")
    adopt = run("adopt", "--dry-run", "--format", "json", "--cdk", cdk.program)
    assert adopt.status == 0, adopt.error
    [plan] = json.loads(adopt.output)["stacks"]
    lines = plan["constructs"]
    assert len(lines) == len(template["Resources"])
    assert {line["action"] for line in lines} == {"adopt"}
    assert [line["changes"] for line in lines if line["changes"]] == []

    stack = DeployedStack(world.account, plan["stack_name"])
    stack.import_(template, {line["logical_id"]: line["identifier"] for line in lines})
    stack.revert_drift(template)
    assert run(*export, second) == (0, "", "")
    assert contents(second) == contents(first)


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def refuse_some(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let AWS refuse to describe some resources, always the same ones."""
    call = BaseClient._make_api_call

    def answer(client: Any, name: str, parameters: Any) -> Any:
        if name.startswith("Get") and Random(f"{seed} {name} {parameters}").random() < 0.1:
            error = {"Code": "AccessDeniedException", "Message": 'no "permission" \\'}
            raise ClientError({"Error": error}, name)
        return call(client, name, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", answer)


def test_the_printed_code_is_typed_and_formatted_and_has_nothing_unused(
    cloud: LocalCloud, export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(5):
        world = random_world(cloud, 1000 + seed)
        with monkeypatch.context() as patch:
            use(world, patch)
            refuse_some(seed, patch)
            folder = tmp_path / f"app{seed}"
            status, _, error = export("--membership", world.membership, "--output", folder)
        assert status in (0, 3), error
        assert "cannot be synthesized" not in error
        (folder / "app.py").rename(tmp_path / f"app_{seed}.py")
    ruff = [sys.executable, "-m", "ruff"]
    mypy = [sys.executable, "-m", "mypy", "--strict", f"--config-file={ROOT / 'pyproject.toml'}"]
    for command in (
        [*ruff, "check", "--isolated", "--no-cache", "."],
        [*ruff, "format", "--isolated", "--no-cache", "--diff", "."],
        [*mypy, "."],
    ):
        ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stdout + ended.stderr
