"""Fixtures: the distributions, built as for a release, and environments with one of them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from uv import find_uv_bin

from tests.shared import made_once

ROOT = Path(__file__).parents[2]


def uv(*arguments: str | Path) -> None:
    """Run uv."""
    subprocess.run([find_uv_bin(), *arguments, "--quiet"], cwd=ROOT, check=True)


def build(what: Path, into: Path, *formats: str) -> None:
    """Build distributions with the installed hatchling."""
    uv("build", what, *formats, "--no-build-isolation", "--python", sys.executable, "-o", into)


@pytest.fixture(scope="session")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the source distribution, both built from the checkout."""
    return made_once(
        tmp_path_factory,
        "distributions",
        lambda folder: build(ROOT, folder, "--sdist", "--wheel"),
    )


@pytest.fixture(scope="session")
def wheel(distributions: Path) -> Path:
    """The wheel."""
    (wheel,) = distributions.glob("*.whl")
    return wheel


@pytest.fixture(scope="session")
def sdist(distributions: Path) -> Path:
    """The source distribution."""
    (sdist,) = distributions.glob("*.tar.gz")
    return sdist


@pytest.fixture
def new_environment(tmp_path: Path) -> Callable[..., Path]:
    """Creates a virtual environment, installs packages, and returns its folder of programs."""

    def make(*install: str | Path) -> Path:
        environment = tmp_path / "environment"
        uv("venv", environment, "--python", sys.executable)
        programs = environment / ("Scripts" if os.name == "nt" else "bin")
        uv("pip", "install", "--python", programs / "python", *install)
        return programs

    return make
