"""Tests that every Python block on the pages runs by itself, with the output on the page."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .pages import Block, blocks

_PYTHON = blocks("python")
_TESTS = [block for block in _PYTHON if "\ndef test_" in block.code]


@pytest.mark.parametrize("block", [one for one in _PYTHON if one not in _TESTS], ids=str)
def test_a_block_runs(
    block: Block,
    namespace: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    # With blank lines before the code, a traceback points to the line on the page.
    code = compile("\n" * block.line + block.code, block.path, "exec", dont_inherit=True)
    said = ""
    try:
        exec(code, namespace)
        # The CDK's own validation must accept the template too.
        namespace["app"].synth()
        said = capsys.readouterr().out
    except Exception as error:
        if block.output is None:
            raise
        said = str(error)
    if block.output is not None:
        assert said.strip() == block.output.strip()


def test_the_tests_on_the_pages_pass(tmp_path: Path) -> None:
    files = []
    for index, block in enumerate(_TESTS):
        files.append(tmp_path / f"test_{index}.py")
        files[-1].write_text(f"# {block}\n{block.code}", encoding="utf-8")
    for block in _PYTHON:
        # A module that tests import begins with its name.
        if name := re.match(r"# (\w+\.py)\n", block.code):
            tmp_path.joinpath(name[1]).write_text(block.code, encoding="utf-8")
    _run_pytest("--snapshot-update", *files)
    # Tests with snapshots have written them, and now compare with them.
    _run_pytest(*(file for file in files if "snapshot" in file.read_text("utf-8")))


def _run_pytest(*arguments: str | Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:randomly", "-p", "no:xdist", *arguments],
        cwd=Path(arguments[-1]).parent,
        # The CDK's validation takes seconds in each new process, and the other blocks include it.
        env={**os.environ, "CDK_VALIDATION": "false"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
