"""Tests of the public names, and of what an import of them loads."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import cdk_cleanrooms
from cdk_cleanrooms import entity_resolution
from tests.resources.samples import SAMPLES, Sample

ROOT = Path(__file__).parents[2]


LOADED_WITH_EACH = """
import os, sys

import aws_cdk  # Each process would need a second for this.

for name in sys.argv[1:]:
    if os.fork() == 0:
        exec(f"from cdk_cleanrooms import {name}")
        print(name, *sys.modules, flush=True)
        os._exit(0)
    os.wait()
"""


@pytest.fixture(scope="module")
def loaded_with() -> dict[str, set[str]]:
    """The modules that are loaded with a resource, by the name of its class."""
    output = subprocess.run(
        [sys.executable, "-c", LOADED_WITH_EACH, *map(str, SAMPLES)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return {name: {*modules} for name, *modules in map(str.split, output.splitlines())}


# `ConfiguredTable.associate` creates an association.
CREATES = {"ConfiguredTable": ["cdk_cleanrooms.clean_rooms.configured_table_association"]}


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_importing_a_resource_loads_neither_another_one_nor_iam(
    sample: Sample, loaded_with: dict[str, set[str]]
) -> None:
    loaded = loaded_with[str(sample)]
    assert sample.l1.__module__ in loaded
    others = {"aws_cdk.aws_iam", *(other.construct.__module__ for other in SAMPLES)}
    assert others & loaded == {sample.construct.__module__, *CREATES.get(str(sample), ())}


def test_importing_the_package_does_not_start_the_cdk() -> None:
    program = "import cdk_cleanrooms, sys; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"aws_cdk", "constructs", "jsii"} & {*loaded}


@pytest.mark.parametrize("name", cdk_cleanrooms._MODULES)
def test_every_public_name_exists(name: str) -> None:
    assert hasattr(cdk_cleanrooms, name)


def test_the_names_of_entity_resolution_can_still_be_imported_from_its_package() -> None:
    names = vars(entity_resolution)["__all__"]
    assert {"SchemaMapping", "SchemaMappingGrants", "TableInput", "WorkflowOutput"} <= {*names}
    assert "Collaboration" not in names
    for name in names:
        assert getattr(entity_resolution, name) is getattr(cdk_cleanrooms, name)


@pytest.mark.parametrize("module", [cdk_cleanrooms, entity_resolution])
def test_completion_offers_every_public_name(module: ModuleType) -> None:
    assert {*module.__all__} <= {*dir(module)}


@pytest.mark.parametrize("module", [cdk_cleanrooms, entity_resolution])
def test_a_name_that_does_not_exist_raises_an_attribute_error(module: ModuleType) -> None:
    with pytest.raises(AttributeError, match=r"'cdk_cleanrooms.*' has no attribute 'Namespace'"):
        _ = module.Namespace


def test_the_interfaces_are_public() -> None:
    assert {"IIdNamespaceAssociation", "IdNamespaceAssociation", "ValidationError"} <= {
        *cdk_cleanrooms._MODULES
    }
