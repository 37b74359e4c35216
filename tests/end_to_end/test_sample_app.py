"""Tests of the deployment of the sample app, with the first command in the README."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

from .cdk_app import with_own_programs

REPOSITORY = Path(__file__).parents[2]


def test_the_sample_app_is_deployed_to_a_new_local_cloud(tmp_path: Path) -> None:
    membership = str(uuid4())
    arguments = ["-c", f"membership={membership}", "--output", str(tmp_path / "cdk.out")]
    result = subprocess.run(
        [sys.executable, "-m", "dev.local_cloud", "deploy", *arguments],
        cwd=REPOSITORY,
        env=with_own_programs(os.environ),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, result.stderr
    listing = result.stdout.partition("In the local Clean Rooms:")[2]
    assert f"membership/{membership}/idnamespaceassociation/" in listing
    assert "Tag Team: DataScience" in listing
