"""Run the unit and snapshot tests on every supported version: `make test-all`.

Each installed Python runs them with the newest dependencies. The lowest Python also runs them with
the lowest dependencies that `pyproject.toml` allows. nox reads the versions from there, creates
environments with uv, and skips each Python that is not installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess

import nox
from nox.project import load_toml, python_versions

NEWEST_PYTHON = "3.14"

nox.needs_version = ">=2026.10"
nox.options.default_venv_backend = "uv"
nox.options.download_python = "never"
nox.options.envdir = ".cache/nox"
nox.options.error_on_missing_interpreters = False
nox.options.reuse_venv = "yes"

TESTS = ("tests/core", "tests/resources")
PYTHONS = python_versions(load_toml("pyproject.toml"), max_version=NEWEST_PYTHON)

if shutil.which("pyenv"):
    # pyenv provides the commands of an installed Python only while this Python is selected.
    _installed = subprocess.run(
        ["pyenv", "versions", "--bare"], check=True, capture_output=True, text=True
    )
    os.environ["PYENV_VERSION"] = ":".join(reversed(_installed.stdout.split()))


@nox.session(python=PYTHONS)
def newest(session: nox.Session) -> None:
    """Run the tests with the newest dependencies."""
    _test(session)


@nox.session(python=PYTHONS[0])
def lowest(session: nox.Session) -> None:
    """Run the tests with the lowest dependencies that `pyproject.toml` allows."""
    _test(session, "--resolution=lowest-direct", "--upgrade", "--all-extras", "-r=pyproject.toml")


def _test(session: nox.Session, *other_versions: str) -> None:
    session.install("--requirement=requirements-dev.txt")
    session.install("--no-deps", "--no-build-isolation", "--editable=.")
    if other_versions:
        session.install(*other_versions)
    session.run("pytest", "--numprocesses=2", *TESTS, *session.posargs)
