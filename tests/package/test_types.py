"""Tests of the types in the installed package, with the type checkers of a consumer."""

from __future__ import annotations

import inspect
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from shutil import copytree
from sysconfig import get_path
from typing import Any, TypeAlias

import pytest

import cdk_cleanrooms

from .conftest import ROOT

Findings: TypeAlias = set[tuple[str, int, str]]
"""File, line and code of each error."""
Checker: TypeAlias = Callable[[Path, Path], Findings]
"""A function that finds the errors in a folder's modules, for the given Python."""

CONSUMER = Path(__file__).parent / "consumer"


def with_modules_that_are_read(cache: Path) -> Path:
    """Copy what `make lint` has read, or has read so far, into a cache of mypy.

    Most of it are the modules of the CDK, which take longer to read than all others together.
    """
    for database in ROOT.glob(".mypy_cache/*/*.db"):
        copy = cache / database.relative_to(ROOT / ".mypy_cache")
        copy.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    return cache


def mypy(folder: Path, python: Path) -> Findings:
    # With the settings of this project, mypy leaves out the modules of the CDK that nobody uses.
    command = [sys.executable, "-m", "mypy", "--strict", f"--config-file={ROOT / 'pyproject.toml'}"]
    cache = with_modules_that_are_read(folder.parent / "mypy_cache")
    output = subprocess.run(
        [
            *command,
            f"--python-executable={python}",
            f"--cache-dir={cache}",
            "--output=json",
            ".",
        ],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    ).stdout
    findings = map(json.loads, output.splitlines())
    return {
        (Path(it["file"]).name, it["line"], it["code"])
        for it in findings
        if it["severity"] == "error"
    }


def pyright(folder: Path, python: Path) -> Findings:
    output = subprocess.run(
        [sys.executable, "-m", "pyright", f"--pythonpath={python}", "--outputjson", "."],
        cwd=folder,
        # With less memory, garbage collection would be a third of the work.
        env=os.environ | {"NODE_OPTIONS": "--max-semi-space-size=64"},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    ).stdout
    return {
        (Path(it["file"]).name, it["range"]["start"]["line"] + 1, it.get("rule", ""))
        for it in json.loads(output)["generalDiagnostics"]
    }


WORDS: dict[str, dict[Checker, str]] = {
    "argument": {mypy: "arg-type", pyright: "reportArgumentType"},
    "assignment": {mypy: "assignment", pyright: "reportAssignmentType"},
    "attribute": {mypy: "attr-defined", pyright: "reportAttributeAccessIssue"},
    "call": {mypy: "call-arg", pyright: "reportCallIssue"},
    "item": {mypy: "list-item", pyright: "reportArgumentType"},
    "overload": {mypy: "call-overload", pyright: "reportCallIssue"},
    "overload of mypy": {mypy: "call-overload"},
    "overload of pyright": {pyright: "reportArgumentType"},
    "entry": {mypy: "dict-item", pyright: "reportArgumentType"},
    "read-only": {mypy: "misc", pyright: "reportAttributeAccessIssue"},
}
"""The error codes of each type checker for the comments in the consumer's modules."""


def expected(check: Checker) -> Iterator[tuple[str, int, str]]:
    for path in CONSUMER.glob("*.py"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            expectation = re.search("# expect: (.*)$", line)
            if expectation and check in (codes := WORDS[expectation[1]]):
                yield path.name, number, codes[check]


@pytest.mark.parametrize("check", [mypy, pyright])
def test_a_type_checker_accepts_every_use_and_refuses_every_misuse(
    check: Checker,
    wheel: Path,
    new_environment: Callable[..., Path],
    tmp_path: Path,
) -> None:
    programs = new_environment("--no-deps", wheel)
    (packages,) = (tmp_path / "environment").glob("**/site-packages")
    # The CDK comes from the development environment. This package does not, because an editable
    # installation works only in its own environment.
    (packages / "dependencies.pth").write_text(get_path("purelib"), encoding="utf-8")
    copytree(CONSUMER, tmp_path / "consumer")

    findings = check(tmp_path / "consumer", programs / "python")

    assert findings == {*expected(check)}


def public_names() -> Iterator[str]:
    """Return the names that a consumer can use: classes, their members and keyword arguments."""
    for name in cdk_cleanrooms._MODULES:
        yield name
        cls = getattr(cdk_cleanrooms, name)
        yield from _keywords_of(cls.__init__)
        for base in inspect.getmro(cls):
            if base.__module__.startswith(cdk_cleanrooms.__name__):
                members = {name: it for name, it in vars(base).items() if not name.startswith("_")}
                yield from members
                for member in members.values():
                    yield from _keywords_of(getattr(member, "__func__", member))


def _keywords_of(member: Any) -> Iterator[str]:
    function = inspect.unwrap(member)
    if inspect.isfunction(function):
        for parameter in inspect.signature(function).parameters.values():
            if parameter.kind is parameter.KEYWORD_ONLY:
                yield parameter.name


def test_the_consumer_uses_every_public_name() -> None:
    used = re.findall(r"\w+", (CONSUMER / "uses.py").read_text(encoding="utf-8"))
    assert {*public_names()} - {*used} == set()
