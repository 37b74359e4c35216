"""The unit and snapshot tests on all that the library supports: `make test-all`.

Every Python that the machine has runs them with the newest dependencies, the lowest Python also
with the lowest dependencies that `pyproject.toml` admits. nox is the runner as it takes versions
from there, makes environments with uv, and passes over a Python that is missing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any

import nox
from nox.project import load_toml, python_versions
from packaging.requirements import Requirement

NEWEST_PYTHON = "3.14"

nox.needs_version = ">=2026.10"
nox.options.default_venv_backend = "uv"
nox.options.download_python = "never"
nox.options.envdir = ".cache/nox"
nox.options.error_on_missing_interpreters = False
nox.options.reuse_venv = "yes"

PROJECT = load_toml("pyproject.toml")
PYTHONS = python_versions(PROJECT, max_version=NEWEST_PYTHON)

if shutil.which("pyenv"):
    # What pyenv has installed can be found by name only while it is also chosen.
    _installed = subprocess.run(
        ["pyenv", "versions", "--bare"], check=True, capture_output=True, text=True
    )
    os.environ["PYENV_VERSION"] = ":".join(reversed(_installed.stdout.split()))


def lowest(project: Mapping[str, Any]) -> list[str]:
    """The lowest dependencies that a project admits, those of its extras included."""
    table = project["project"]
    extras = table["optional-dependencies"].values()
    requirements = map(Requirement, sum(extras, start=table["dependencies"]))
    return [
        f"{requirement.name}=={bound.version}"
        for requirement in requirements
        for bound in requirement.specifier
        if bound.operator == ">="
    ]


@nox.session(python=PYTHONS)
def newest(session: nox.Session) -> None:
    """Run the tests with the newest dependencies."""
    _test(session)


@nox.session(name="lowest", python=PYTHONS[0])
def lowest_(session: nox.Session) -> None:
    """Run the tests with the lowest dependencies."""
    _test(session, *lowest(PROJECT))


def _test(session: nox.Session, *requirements: str) -> None:
    session.install("--requirement=requirements-dev.txt")
    session.install("--no-deps", "--no-build-isolation", "--editable=.")
    if requirements:
        session.install(*requirements)
    session.run("pytest", "--numprocesses=2", "tests/unit", *session.posargs)
