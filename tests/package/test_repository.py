"""Tests of the top level of the repository."""

from __future__ import annotations

import ast
import subprocess
import tomllib
from collections.abc import Iterator

from .conftest import ROOT

TOP_LEVEL = {
    ".ci": "the command of continuous integration",
    ".github": "the workflows of a public repository",
    ".gitignore": "the files that git ignores",
    ".pre-commit-config.yaml": "`make lint` before each commit, for those who want it",
    "CHANGELOG.md": "the changes for users",
    "CONTRIBUTING.md": "how to change something",
    "LICENSE": "the licence",
    "Makefile": "every command of a developer",
    "README.md": "the first page",
    "SECURITY.md": "how to report a vulnerability",
    "app.py": "the sample app",
    "cdk.json": "the settings of the sample app",
    "cdk_cleanrooms": "the package",
    "cdk_cleanrooms_pytest.py": "the plugin of pytest",
    "dev": "the benchmarks",
    "docs": "the documentation",
    "examples": "apps to copy from",
    "findings": "what a good guess gets wrong about other software, each shown by a script",
    "noxfile.py": "the unit tests on every supported version",
    "package.json": "the version of the CDK CLI",
    "pyproject.toml": "the package's metadata and the settings of the tools",
    "requirements-dev.txt": "the versions of the tools",
    "tests": "the tests",
}


def files() -> list[str]:
    """Return the paths of the files in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    return [path for path in listed.split("\0") if path]


def test_the_top_level_contains_exactly_the_expected_files() -> None:
    assert {path.partition("/")[0] for path in files()} == TOP_LEVEL.keys()


def imported(tree: ast.Module) -> Iterator[str]:
    """Yield the modules that a module imports, and the names that it imports from them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def test_mypy_reads_every_module_of_the_cdk_that_is_imported() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mypy"]
    (read,) = (
        {*override["module"]}
        for override in settings["overrides"]
        if override.get("follow_imports") == "normal"
    )
    sources = (ROOT / path for path in files() if path.endswith(".py"))
    names = {name for source in sources for name in imported(ast.parse(source.read_text("utf-8")))}
    modules = {
        name for name in names if name.startswith("aws_cdk.") and name.rpartition(".")[2].islower()
    }
    assert modules - read == set()
