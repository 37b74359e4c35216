"""Tests of the top level of the repository."""

from __future__ import annotations

import subprocess

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
    "dev": "the local cloud and the benchmarks",
    "docs": "the documentation",
    "examples": "apps to copy from",
    "noxfile.py": "the unit tests on every supported version",
    "package.json": "the version of the CDK CLI",
    "pyproject.toml": "the package's metadata and the settings of the tools",
    "requirements-dev.txt": "the versions of the tools",
    "tests": "the tests",
}


def test_the_top_level_contains_exactly_the_expected_files() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    assert {path.partition("/")[0] for path in listed.split("\0") if path} == TOP_LEVEL.keys()
