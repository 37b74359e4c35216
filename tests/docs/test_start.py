"""Tests that the commands on the start page work as written."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .pages import ROOT, Block, blocks

_PAGE = ROOT / "docs/start.md"
_IDENTIFIER = re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
_SECONDS = 900


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the sample app, so that its output folder is new."""
    for name in ("app.py", "cdk.json"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def _typed(block: Block) -> list[str]:
    return [line.removeprefix("$ ") for line in block.code.splitlines()]


def _masked(text: str) -> str:
    return _IDENTIFIER.sub("…", text).strip()


_DEPLOYMENTS = [
    block
    for block in blocks("console", path=_PAGE)
    if block.code.startswith("$ make deploy-local") and block.output is not None
]


@pytest.mark.parametrize("block", _DEPLOYMENTS, ids=str)
def test_the_deployments_on_the_page_work(block: Block, project: Path) -> None:
    _, _, *settings = shlex.split(_typed(block)[0])
    arguments = [word for one in settings for word in shlex.split(one.removeprefix("ARGS="))]
    result = _run(["deploy", "--", *arguments], project)
    assert block.output is not None
    assert _masked(block.output) in _masked(result.stdout)
    # It is a mistake, which the CLI reports before it changes anything.
    assert result.returncode == 1
    assert result.stdout.endswith("In the local Clean Rooms:\n  nothing\n")


def test_the_adoption_on_the_page_works(project: Path) -> None:
    on_page = blocks("console", path=_PAGE)
    start = [block.code for block in on_page].index("$ make local-shell\n") + 1
    in_shell = [block for block in on_page[start:] if block.code.startswith("$ cdk-cleanrooms ")]
    script = "\n".join(line for block in in_shell for line in _typed(block))
    result = _run(["shell", "bash", "-euc", script], project)
    assert result.returncode == 0, result.stdout
    for block in in_shell:
        assert _masked(block.output or "") in _masked(result.stdout)


def _run(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cdk_cleanrooms", "local", *arguments],
        cwd=folder,
        # The CDK's own validation takes seconds, and other tests include it.
        env={**os.environ, "PYTHONPATH": str(ROOT), "CDK_VALIDATION": "false"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
