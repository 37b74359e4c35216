"""Tests that every Python block on the pages runs by itself, with the output on the page."""

from __future__ import annotations

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
    for index, block in enumerate(_TESTS):
        (tmp_path / f"test_{index}.py").write_text(f"# {block}\n{block.code}", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:randomly", "-p", "no:xdist"]
    # Tests with snapshots write them in the first run, and compare with them in the second.
    for options in (["--snapshot-update"], []):
        result = subprocess.run(
            [*command, *options],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert result.returncode == 0, result.stdout + result.stderr
