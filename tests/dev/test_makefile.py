"""Tests of the Makefile: machines with an unsuitable Python, and folders that do not exist."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.helpers import environment_without_make

ROOT = Path(__file__).parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("Makefile", "package.json", "pyproject.toml", "requirements-dev.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def make(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *arguments],
        cwd=checkout,
        env=environment_without_make(),
        capture_output=True,
        text=True,
        check=False,
    )


def python_of_version(checkout: Path, version: str) -> str:
    """Create a fake Python that reports this version.

    Instead of a virtual environment, it creates a folder with two programs like itself. All of them
    record their arguments.
    """
    suits = tuple(map(int, version.split("."))) >= (3, 11)
    program = checkout / f"python-{version}"
    program.write_text(
        f"""#!/bin/sh
echo "$(basename $0) $*" >> {checkout / "calls"}
case "$*" in
  -c*) echo {suits} ;;
  --version) echo Python {version} ;;
  "-m venv "*) mkdir -p .venv/bin; cp $0 .venv/bin/python; cp $0 .venv/bin/uv ;;
esac
""",
        "utf-8",
    )
    program.chmod(0o755)
    return str(program)


def test_a_python_that_is_too_old_is_reported_in_one_line(checkout: Path) -> None:
    result = make(checkout, "setup", f"PYTHON={python_of_version(checkout, '3.10.13')}")
    assert result.returncode == 2
    (line,) = (result.stdout + result.stderr).splitlines()
    assert "Python 3.11 or newer is needed" in line
    assert line.endswith("says: Python 3.10.13.  Stop.")


def test_a_missing_python_is_reported_in_one_line(checkout: Path) -> None:
    result = make(checkout, "setup", "PYTHON=no-such-python")
    assert result.returncode == 2
    (line,) = (result.stdout + result.stderr).splitlines()
    assert "Python 3.11 or newer is needed" in line
    assert "no-such-python" in line


@pytest.mark.parametrize("target", ["synth", "deploy-local", "local-shell"])
def test_a_missing_folder_of_an_app_is_reported_in_one_line(target: str) -> None:
    result = make(ROOT, "--dry-run", target, "APP=no such app")
    assert result.returncode == 2
    (line,) = result.stderr.splitlines()
    assert line.endswith("*** there is no folder no such app for APP=….  Stop.")


def test_a_virtual_environment_of_an_earlier_attempt_is_replaced_and_no_other_changed(
    checkout: Path,
) -> None:
    result = make(
        checkout, ".venv/.python-ready", f"PYTHON={python_of_version(checkout, '3.12.1')}"
    )
    assert result.returncode == 0, result.stderr
    calls = checkout.joinpath("calls").read_text("utf-8").splitlines()
    assert "python-3.12.1 -m venv --clear .venv" in calls
    by_uv = [call for call in calls if call.startswith("uv ")]
    assert len(by_uv) == 2
    assert all(" --python .venv/bin/python " in call for call in by_uv)
