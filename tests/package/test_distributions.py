"""Tests that the distributions contain exactly what a user needs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

from .conftest import ROOT, build


def contents(wheel: Path) -> dict[str, bytes]:
    with ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_source_distribution_contains_only_what_builds_the_package(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        files = {str(Path(*Path(name).parts[1:])) for name in archive.getnames()}
    package = {str(path.relative_to(ROOT)) for path in ROOT.glob("cdk_cleanrooms/**/*.py")}
    schemas = {str(path.relative_to(ROOT)) for path in ROOT.glob("cdk_cleanrooms/**/*.json")}
    described = {".gitignore", "LICENSE", "PKG-INFO", "README.md", "pyproject.toml"}
    assert files - {"CHANGELOG.md"} == {
        *package,
        *schemas,
        "cdk_cleanrooms_pytest.py",
        "cdk_cleanrooms/py.typed",
        *described,
    }


def test_the_wheel_contains_only_the_package_its_metadata_and_its_license(wheel: Path) -> None:
    names = {*contents(wheel)}
    described = {name for name in names if Path(name).parts[0].endswith(".dist-info")}
    package = {
        str(path.relative_to(ROOT))
        for path in ROOT.glob("cdk_cleanrooms/**/*")
        if path.suffix in (".json", ".py", ".typed")
    }
    assert names - described == {*package, "cdk_cleanrooms_pytest.py"}
    assert {str(Path(*Path(name).parts[1:])) for name in described} >= {
        "METADATA",
        "RECORD",
        "WHEEL",
        "licenses/LICENSE",
    }


def test_the_source_distribution_builds_the_same_wheel_as_the_checkout(
    sdist: Path, wheel: Path, tmp_path: Path
) -> None:
    build(sdist, tmp_path, "--wheel")
    (from_sdist,) = tmp_path.glob("*.whl")
    assert contents(from_sdist) == contents(wheel)


def first_example() -> str:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    example = re.search(r"^```python\n(.*?)^```$", readme, re.DOTALL | re.MULTILINE)
    assert example
    return example[1]


def test_the_first_example_of_the_readme_runs_where_nothing_else_is_installed(
    wheel: Path, new_environment: Callable[..., Path], tmp_path: Path
) -> None:
    # The versions of the development environment, so that new releases do not change this test.
    constraints = ("--constraints", ROOT / "requirements-dev.txt")
    programs = new_environment(wheel, *constraints)
    (tmp_path / "app.py").write_text(first_example(), encoding="utf-8")

    subprocess.run(
        [programs / "python", "app.py"],
        cwd=tmp_path,
        # The CDK's validation takes seconds, and the test of the page includes it.
        env=os.environ | {"CDK_OUTDIR": "cdk.out", "CDK_VALIDATION": "false"},
        check=True,
    )

    (template,) = (tmp_path / "cdk.out").glob("*.template.json")
    resources = json.loads(template.read_text(encoding="utf-8"))["Resources"].values()
    assert "AWS::CleanRooms::IdNamespaceAssociation" in [it["Type"] for it in resources]
