"""The supported range: what pip admits is what `make test-all` tests."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

import noxfile

from .conftest import ROOT

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DEPENDENCIES = [Requirement(text) for text in PROJECT["project"]["dependencies"]]

every_dependency = pytest.mark.parametrize("dependency", DEPENDENCIES, ids=lambda it: it.name)


@every_dependency
def test_the_lowest_versions_that_are_tested_are_the_lowest_admitted(
    dependency: Requirement,
) -> None:
    tested = {
        requirement.name: requirement.specifier
        for requirement in map(Requirement, noxfile.lowest(PROJECT))
    }
    (exact,) = tested[dependency.name]
    assert exact.operator == "=="
    lowest = Version(exact.version)
    assert dependency.specifier.contains(lowest)
    assert not dependency.specifier.contains(f"{lowest}.dev0", prereleases=True)


@every_dependency
def test_the_next_major_version_is_not_admitted(dependency: Requirement) -> None:
    (lowest,) = (Version(it.version) for it in dependency.specifier if it.operator == ">=")
    assert dependency.specifier.contains(f"{lowest.major}.999999")
    assert not dependency.specifier.contains(f"{lowest.major + 1}.0")


def test_every_python_that_the_package_says_it_supports_is_tested() -> None:
    prefix = "Programming Language :: Python :: 3."
    classifiers: list[str] = PROJECT["project"]["classifiers"]
    supported = {it.rpartition(" ")[2] for it in classifiers if it.startswith(prefix)}
    assert {*noxfile.PYTHONS} >= supported
