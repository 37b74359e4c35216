"""Tests of the imports between modules, which `docs/design.md` describes, and of public names."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import cdk_cleanrooms

from .conftest import ROOT


def test_imports_point_in_one_direction() -> None:
    # The contracts are in pyproject.toml.
    program = Path(sys.executable).with_name("lint-imports")
    checked = subprocess.run(
        [program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout


def test_the_type_checkers_and_the_interpreter_find_the_same_names_in_the_same_modules() -> None:
    assert cdk_cleanrooms.__file__ is not None
    tree = ast.parse(Path(cdk_cleanrooms.__file__).read_text("utf-8"))
    (for_type_checkers,) = [
        node
        for node in tree.body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    ]
    imported = {
        name.asname: node.module
        for node in for_type_checkers.body
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    assert imported == cdk_cleanrooms._MODULES
    public = vars(cdk_cleanrooms)["__all__"]
    assert public == [*cdk_cleanrooms._MODULES] == sorted(public)


def test_a_name_that_does_not_exist_raises_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'NoSuchName'"):
        cdk_cleanrooms.NoSuchName  # type: ignore[attr-defined]  # noqa: B018
