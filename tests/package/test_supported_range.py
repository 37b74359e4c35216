"""Tests that `make test-all` tests the versions that pip allows."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

import noxfile

from .conftest import ROOT

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DEPENDENCIES = [Requirement(text) for text in PROJECT["project"]["dependencies"]]


@pytest.mark.parametrize("dependency", DEPENDENCIES, ids=lambda it: it.name)
def test_the_next_major_version_is_excluded(dependency: Requirement) -> None:
    (lowest,) = (Version(it.version) for it in dependency.specifier if it.operator == ">=")
    assert dependency.specifier.contains(f"{lowest.major}.999999")
    assert not dependency.specifier.contains(f"{lowest.major + 1}.0")


def supported() -> set[str]:
    prefix = "Programming Language :: Python :: 3."
    classifiers: list[str] = PROJECT["project"]["classifiers"]
    return {it.rpartition(" ")[2] for it in classifiers if it.startswith(prefix)}


def test_every_python_that_the_package_says_it_supports_is_tested() -> None:
    assert {*noxfile.PYTHONS} >= supported()


def test_the_workflow_tests_every_python_that_the_package_says_it_supports() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    matrix = workflow["jobs"]["check"]["strategy"]["matrix"]
    assert {*matrix["python"]} == supported()
    assert matrix["target"] == ["test"]


def test_the_workflow_runs_only_targets_of_the_makefile() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    jobs = workflow["jobs"].values()
    commands = [step["run"] for job in jobs for step in job["steps"] if "run" in step]
    assert commands == ['make "$TARGET"', "make publish"]
