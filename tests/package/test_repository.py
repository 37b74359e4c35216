"""Tests of the top level of the repository."""

from __future__ import annotations

import re
import subprocess
import tomllib

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


def test_mypy_reads_every_module_of_the_cdk_that_is_imported() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mypy"]
    (read,) = (
        {*override["module"]}
        for override in settings["overrides"]
        if override.get("follow_imports") == "normal"
    )
    modules = set()
    for source in (ROOT / path for path in files() if path.endswith(".py")):
        text = source.read_text("utf-8")
        modules |= {*re.findall(r"^ *(?:from|import) (aws_cdk\.[a-z_0-9.]+)", text, re.MULTILINE)}
        for module, names in re.findall(
            r"^ *from (aws_cdk[a-z_0-9.]*) import (\([^)]*\)|.*$)", text, re.MULTILINE
        ):
            # A name in lower case is a module.
            lower = re.findall(r"\b[a-z]\w*", re.sub(r" as \w+", "", names))
            modules |= {f"{module}.{name}" for name in lower}
    assert modules - read == set()
