"""The Makefile, where it meets a machine that it cannot use."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("Makefile", "package.json", "pyproject.toml", "requirements-dev.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def make(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *arguments], cwd=checkout, capture_output=True, text=True, check=False
    )


def python_of_version(checkout: Path, version: str) -> str:
    """Make a program that says it is a Python of a version, and does nothing else."""
    suits = tuple(map(int, version.split("."))) >= (3, 11)
    program = checkout / f"python-{version}"
    program.write_text(
        f"#!/bin/sh\n"
        f'case "$*" in -c*) echo {suits} ;; --version) echo Python {version} ;; esac\n'
        f'echo "$*" >> {checkout / "calls"}\n',
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


def test_a_python_that_is_not_there_is_reported_in_one_line(checkout: Path) -> None:
    result = make(checkout, "setup", "PYTHON=no-such-python")
    assert result.returncode == 2
    (line,) = (result.stdout + result.stderr).splitlines()
    assert "Python 3.11 or newer is needed" in line
    assert "no-such-python" in line


def test_an_environment_of_an_earlier_attempt_is_replaced(checkout: Path) -> None:
    make(checkout, "setup", f"PYTHON={python_of_version(checkout, '3.12.1')}")
    assert "-m venv --clear .venv\n" in checkout.joinpath("calls").read_text("utf-8")
