"""The unit and snapshot tests on all that the library supports: `make test-all`.

Every Python that the machine has runs them with the newest dependencies, the lowest Python also
with the lowest dependencies that `pyproject.toml` admits. nox is the runner as it takes versions
from there, makes environments with uv, and passes over a Python that is missing.
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

TESTS = ("tests/core", "tests/resources", "tests/unit")
PYTHONS = python_versions(load_toml("pyproject.toml"), max_version=NEWEST_PYTHON)

if shutil.which("pyenv"):
    # What pyenv has installed can be found by name only while it is also chosen.
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
    """Run the tests with the lowest dependencies that `pyproject.toml` admits."""
    _test(session, "--resolution=lowest-direct", "--upgrade", "--all-extras", "-r=pyproject.toml")


def _test(session: nox.Session, *other_versions: str) -> None:
    session.install("--requirement=requirements-dev.txt")
    session.install("--no-deps", "--no-build-isolation", "--editable=.")
    if other_versions:
        session.install(*other_versions)
    session.run("pytest", "--numprocesses=2", *TESTS, *session.posargs)
