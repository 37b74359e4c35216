"""Tests of the example `testing`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from .running import EXAMPLES, plain_environment


def test_the_tests_that_a_user_copies_pass_where_the_user_copies_them(tmp_path: Path) -> None:
    left_behind = shutil.ignore_patterns("cdk.out", "__pycache__", ".*_cache")
    copy = shutil.copytree(EXAMPLES / "testing", tmp_path / "testing", ignore=left_behind)
    process = subprocess.run(
        [sys.executable, "-m", "pytest"],
        cwd=copy,
        # The CDK's validation takes seconds, and the test of every example includes it.
        env=plain_environment() | {"CDK_VALIDATION": "false"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.returncode == 0, process.stdout
    assert "5 passed" in process.stdout
    assert "1 snapshot passed" in process.stdout
